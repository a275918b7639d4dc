"""The header map: every column name that releases use, and the name that we use for it.

Belongs here: names of columns, as data, one CSV file per layout. When a release renames a column, add one line:
same dataset and column, the new header. An authority adds its lines in `raw/reference/published_headers.csv`.
Headers are compared trimmed and in lower case. `*` stands for any text. `{year}` is the year inside the column
names of the statistical first releases, `{year_before}` the mid-year that belongs to the financial year that ends
after it. `/.../` is a pattern for what such a name means, as `plain_name` writes it.
"""

import difflib
import fnmatch
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from pipelines.comparators.added_names import HEADERS, NONE_ADDED, AddedNames
from pipelines.comparators.breakdown_labels import breakdown_names, identifying_names
from pipelines.comparators.published_measures import published_measures
from pipelines.comparators.reader_output import PassedOverError, RefusedError
from pipelines.seeds import header_map

EVERY_FILE = "every_file"
_ALIKE = 0.85
_YEARS = tuple(
    re.compile(rf"(?<!\d){form}(?!\d)")
    for form in (
        r"(?P<at>31(?:st)?_?(?:03_?|mar(?:ch)?_?))(?:20)?(?P<last>\d\d)",
        r"20(?P<first>\d\d)[-_/]?(?P<last>\d\d)",
        r"20(?P<last>[0-4]\d)",
        r"19(?P<old>[89]\d)",
        r"(?P<first>\d\d)[-/]?(?P<last>\d\d)$",
    )
)
"""31 March 2012 (`310312`, `31Mar2012`), 2011/12 (`2011_12`, `201112`), `2015`, and `1112` at the end."""


_UNITS = {
    "rate": r"rates?([ _]?per[ _]?10[ _,]?000)?([ _]?children)?|per[ _]?10[ _,]?000",
    "percent": r"(?<![a-z])(?:pc|perc)(?![a-z])|(?<!ic)pc(?=[ _]|$)|percent(?:age)?|%",
}
_Breakdowns = Callable[[str, str], Mapping[str, str]]
"""Our names by label, of our column and the name it has in a file."""


@dataclass(frozen=True)
class Header:
    """A known name of a column. `column` is our name for it; `unit` is empty where the layout has none."""

    dataset: str
    column: str
    role: str
    unit: str
    required: bool
    name: str

    @property
    def measure(self) -> str:
        return f"{self.dataset}.{self.column}"


@dataclass(frozen=True)
class FileColumn:
    """A column of a file: its name in the file, its entry in the map, and the year inside its name."""

    name: str
    header: Header
    year: str | None = None


@dataclass(frozen=True)
class Matched:
    """The columns of a file, matched with the header map. `breakdowns`: our names by label, of each column with
    breakdowns. `notes`: lines for a person."""

    dataset: str
    columns: tuple[FileColumn, ...]
    breakdowns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def of(self, role: str) -> list[FileColumn]:
        """The columns with a role, in the order of the file."""
        return [column for column in self.columns if column.header.role == role]


@cache
def known_headers(layout: str, added: AddedNames = NONE_ADDED) -> tuple[Header, ...]:
    """Every name of the layout's header map, with those that an authority added."""
    shipped = tuple(
        Header(row["dataset"], row["column"], row["role"], row["unit"], row["required"] == "true", row["header"])
        for row in header_map(layout)
    )
    columns = {(header.dataset, header.column): header for header in reversed(shipped)}
    return shipped + tuple(
        replace(columns.get((dataset, column)) or Header(dataset, column, column, "", False, ""), name=name)
        for of_layout, dataset, name, column in added.headers
        if of_layout == layout
    )


@cache
def _own_names(layout: str, added: AddedNames) -> Mapping[str, str]:
    """The names of columns that only one dataset has, with that dataset."""
    datasets: dict[str, set[str]] = {}
    for header in known_headers(layout, added):
        datasets.setdefault(header.name, set()).add(header.dataset)
    return {name: next(iter(held)) for name, held in datasets.items() if len(held) == 1 and EVERY_FILE not in held}


@dataclass(frozen=True)
class _Fit:
    """A file read as one dataset. `labels`: how many of its breakdowns only files of the dataset have; `common`:
    how many others are known."""

    match: Matched
    unknown: tuple[str, ...]
    missing: tuple[Header, ...]
    labels: int
    common: int

    def own(self, layout: str, added: AddedNames) -> int:
        """The number of columns that no other dataset has."""
        own = _own_names(layout, added)
        return sum(own.get(column.header.name) == self.match.dataset for column in self.match.columns)


def matched(
    layout: str,
    columns: Sequence[str],
    added: AddedNames = NONE_ADDED,
    labels_of: Callable[[str], Sequence[str]] | None = None,
) -> Matched:
    """The columns of a file by the header map, in the dataset of the layout that fits best.

    `added`: an authority's own names. `labels_of`: the texts in a column. They decide between datasets with the
    same columns, and they find the breakdown in a column with a new name.

    Raises RefusedError where a column is not in the map or a required column is missing; the text names each
    unknown column with the nearest known name, and each missing column. An unknown column is never ignored: it
    may be a breakdown, and then the file holds each figure several times. Raises PassedOverError where the file
    has no column and no breakdown of its own from any dataset: it holds something else.
    """
    headers = known_headers(layout, added)
    datasets = list(dict.fromkeys(header.dataset for header in headers if header.dataset != EVERY_FILE))

    def fit(dataset: str) -> _Fit:
        def breakdowns(column: str, name: str) -> Mapping[str, str]:
            return breakdown_names(dataset, column, name, labels_of(name), added) if labels_of else {}

        of_dataset = [header for header in headers if header.dataset in (dataset, EVERY_FILE)]
        return _in_dataset(dataset, of_dataset, columns, breakdowns)

    fits = [fit(dataset) for dataset in datasets]
    best = min(
        fits,
        key=lambda fit: (
            bool(fit.unknown or fit.missing) and not (fit.labels or fit.own(layout, added)),
            len(fit.unknown) + len(fit.missing),
            -fit.labels,
            # age and sex of children of an unknown group are not those of the dataset that knows the words
            fit.common,
        ),
    )
    if not best.unknown and not best.missing:
        return best.match
    if len(datasets) > 1 and not best.labels and not best.own(layout, added):
        raise PassedOverError(
            "no figure that the register uses is in a file with these columns: "
            + ", ".join(dict.fromkeys(name for fit in fits for name in fit.unknown if _in_every(fits, name)))
        )
    raise RefusedError(_refusal(layout, best))


def _in_every(fits: Sequence[_Fit], name: str) -> bool:
    return all(name in fit.unknown for fit in fits)


def _in_dataset(dataset: str, headers: Sequence[Header], columns: Sequence[str], breakdowns: _Breakdowns) -> _Fit:
    entries: dict[str, Header] = {}
    for name in columns:
        present = {header.column for header in entries.values()}
        known = [header for header in headers if header.name == name] or [
            header for header in headers if "*" in header.name and fnmatch.fnmatch(name, header.name)
        ]
        known = [header for header in known if header.role == "ignored" or header.column not in present]
        if known:
            # a release may give the name of one column to another: its labels say which it is
            entries[name] = _with_most_labels(name, known, breakdowns) if len(known) > 1 else known[0]
    notes: list[str] = []
    for name, header in _renamed_breakdowns(headers, columns, entries, breakdowns):
        entries[name] = header
        notes.append(f"column {name} is read as {header.name}, because its breakdowns are known")
    names = {
        name: breakdowns(header.column, name) for name, header in entries.items() if header.role == "dimension"
    }
    present = {header.column for header in entries.values()}
    absent = {header.column: header for header in headers if header.required and header.column not in present}
    labels = [
        known in identifying_names(dataset, entries[name].column)
        for name in names
        for known in names[name].values()
    ]
    return _Fit(
        Matched(
            dataset,
            tuple(FileColumn(name, entries[name]) for name in columns if name in entries),
            names,
            tuple(notes),
        ),
        tuple(name for name in columns if name not in entries),
        tuple(absent.values()),
        sum(labels),
        len(labels) - sum(labels),
    )


def _with_most_labels(name: str, headers: Sequence[Header], breakdowns: _Breakdowns) -> Header:
    return max(headers, key=lambda header: len(breakdowns(header.column, name)))


def _renamed_breakdowns(
    headers: Sequence[Header], columns: Sequence[str], entries: Mapping[str, Header], breakdowns: _Breakdowns
) -> list[tuple[str, Header]]:
    """Columns with a new name whose labels are those of a breakdown that the file lacks."""
    present = {header.column for header in entries.values()}
    absent = {
        header.column: header for header in headers if header.role == "dimension" and header.column not in present
    }
    renamed: list[tuple[str, Header]] = []
    for column, header in absent.items():
        alike = Counter(
            name
            for name in columns
            if name not in {*entries, *dict(renamed)}
            for known in breakdowns(column, name).values()
            if "total" not in known
        )
        most = max(alike.values(), default=0)
        best = [name for name, labels in alike.items() if labels == most]
        if len(best) == 1:
            renamed.append((best[0], header))
    return renamed


def wide_columns(layout: str, columns: Sequence[str], added: AddedNames = NONE_ADDED) -> Matched:
    """The columns of a file with one row per area, whose columns are all figures: no unknown one is a breakdown.

    A known column belongs to its dataset; any other to the dataset that has most columns of the file, under its
    own name without the year. Raises PassedOverError where no column is known.
    """
    own = _own_names(layout, added)
    by_name: dict[str, list[Header]] = {}
    for header in known_headers(layout, added):
        by_name.setdefault(header.name, []).append(header)
    entries = [(name, *_named(name, by_name)) for name in columns]
    held = Counter(own[headers[0].name] for _, headers, _ in entries if headers and headers[0].name in own)
    if not held:
        raise PassedOverError(
            "no figure that the register uses is in a file with these columns: "
            + ", ".join(name for name, headers, _ in entries if not headers)
        )
    main = held.most_common(1)[0][0]
    kept: list[FileColumn] = []
    for name, headers, year in entries:
        kept += [FileColumn(name, header, year) for header in headers if header.dataset in {*held, EVERY_FILE}]
        if not headers:
            kept.append(FileColumn(name, _other_measure(main, name), year))
    absent = [name for name in own if name[0] != "/" and name not in {column.header.name for column in kept}]
    notes = [
        f"column {name} is not in the header map{_nearest(_with_year(name)[0], near)}; "
        f"{where_to_add(layout, own[near[0]], name)}"
        for name, headers, _ in entries
        if not headers
        and (near := difflib.get_close_matches(_with_year(name)[0], absent, n=1, cutoff=_ALIKE))
        and own[near[0]] in held
        and near[0] in registered_headers(layout)
    ]
    return Matched(main, tuple(kept), notes=tuple(notes))


def _named(name: str, by_name: Mapping[str, list[Header]]) -> tuple[list[Header], str | None]:
    """The entries of the map for a name, and the year in it."""
    pattern, year = _with_year(name)
    if name in by_name:
        return by_name[name], year
    if year and (before := by_name.get(pattern.replace("{year}", "{year_before}"))):
        return before, str(int(year) + 1)
    if headers := by_name.get(pattern):
        return headers, year
    plain = plain_name(pattern)
    meant = (headers for known, headers in by_name.items() if known[0] == "/" and re.fullmatch(known[1:-1], plain))
    return next(meant, []), year


def _with_year(name: str) -> tuple[str, str | None]:
    """A name with `{year}` for the year in it, and the year. Of `31Mar2015`, `31` stays."""
    for form in _YEARS:
        for match in form.finditer(name):
            parts = match.groupdict()
            if "first" in parts and int(parts["last"]) != (int(parts["first"]) + 1) % 100:
                continue
            year = f"19{parts['old']}" if "old" in parts else f"20{parts['last']}"
            day = "31" if "at" in parts else ""
            return name[: match.start()] + day + "{year}" + name[match.end() :], year
    return name, None


def plain_name(name: str) -> str:
    """What a column's name says, without the year: `CPP_at_31_March_rate` is `cppat31rate`.

    Letters and digits only; `to` stands between two numbers, and `rate` or `percent` at the end.
    """
    text = re.sub(r"31(?:st)?[ _]?mar(?:ch)?", "31", name.replace("{year}", "_").lower())
    ending = ""
    for unit, words in _UNITS.items():
        text, count = re.subn(words, "_", text)
        ending = unit if count else ending
    text = re.sub(r"(?<=\d)(?:[ _]?-[ _]?|[ _]to[ _]|_)(?=\d)", "to", text)
    return re.sub(r"^(?:number|num|no|total)(?:[ _]?of)?(?=[ _]|$)|[^a-z0-9]", "", text) + ending


def _other_measure(dataset: str, name: str) -> Header:
    column = re.sub(r"_*\{year\}(_|$)", r"\1", _with_year(name)[0]).replace("{year}", "")
    unit = "percentage" if re.search(r"_?(pc|percent|percentage)$", column) else "number"
    unit = "rate_per_10000" if "rate" in column else unit
    return Header(dataset, column, "measure", unit, False, name)


@cache
def registered_headers(layout: str) -> frozenset[str]:
    """The names of columns whose figures the register uses."""
    measures = {row.measure for row in published_measures(layout)}
    return frozenset(header.name for header in known_headers(layout) if header.measure in measures)


def where_to_add(layout: str, dataset: str, header: str) -> str:
    """What a person does about a column that is not known."""
    return (
        f"to have it read, write its name and its column into raw/reference/{HEADERS}.csv: "
        f"{layout},{dataset},{header},<column>"
    )


def _refusal(layout: str, fit: _Fit) -> str:
    dataset = fit.match.dataset
    headers = [header for header in known_headers(layout) if header.dataset in (dataset, EVERY_FILE)]
    names = [header.name for header in headers]
    parts = []
    if fit.unknown:
        listed = [f"{name}{_nearest(name, names)}" for name in fit.unknown]
        parts.append(f"columns not in the header map: {', '.join(listed)}")
    if fit.missing:
        listed = [
            " or ".join(header.name for header in headers if header.column == absent.column)
            for absent in fit.missing
        ]
        parts.append(f"columns missing: {', '.join(listed)}")
    header = next(iter(fit.unknown), "<name>")
    return f"read as {layout} {dataset}; {'; '.join(parts)}; {where_to_add(layout, dataset, header)}"


def _nearest(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f" (nearest known name: {near[0]})" if near else ""
