"""The header map: every column name that releases use, and the name that we use for it.

Belongs here: names of columns, as data, one CSV file per layout. When a release renames a column, add one line:
same dataset and column, the new header. Headers are compared trimmed and in lower case. `*` stands for any text.
`{year}` is the year inside the column names of the statistical first releases, `{year_before}` the mid-year that
belongs to the financial year that ends after it.
"""

import csv
import difflib
import fnmatch
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pipelines.comparators.breakdown_labels import breakdown_names
from pipelines.comparators.published_measures import published_measures
from pipelines.comparators.reader_output import PassedOverError, RefusedError

ROOM = Path(__file__).parent
EVERY_FILE = "every_file"
_ALIKE = 0.85
_YEAR = re.compile(
    r"(?<!\d)(?:(?P<year>19[89]\d|20[0-4]\d)|3103(?P<day>\d\d)|(?P<first>\d\d)(?P<last>\d\d)$)(?!\d)"
)
"""`2015`, `310312` (31 March 2012), and `1112` at the end (2011/12)."""


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
def known_headers(layout: str) -> tuple[Header, ...]:
    """Every name of the layout's header map."""
    with (ROOM / f"{layout}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Header(
                row["dataset"], row["column"], row["role"], row["unit"], row["required"] == "true", row["header"]
            )
            for row in csv.DictReader(file)
        )


@cache
def _own_names(layout: str) -> Mapping[str, str]:
    """The names of columns that only one dataset has, with that dataset."""
    datasets: dict[str, set[str]] = {}
    for header in known_headers(layout):
        datasets.setdefault(header.name, set()).add(header.dataset)
    return {name: next(iter(held)) for name, held in datasets.items() if len(held) == 1 and EVERY_FILE not in held}


@dataclass(frozen=True)
class _Fit:
    """A file read as one dataset. `labels`: how many of its breakdowns are known."""

    match: Matched
    unknown: tuple[str, ...]
    missing: tuple[Header, ...]
    labels: int

    def own(self, layout: str) -> int:
        """The number of columns that no other dataset has."""
        own = _own_names(layout)
        return sum(own.get(column.header.name) == self.match.dataset for column in self.match.columns)


def matched(
    layout: str, columns: Sequence[str], labels_of: Callable[[str], Sequence[str]] | None = None
) -> Matched:
    """The columns of a file by the header map, in the dataset of the layout that fits best.

    `labels_of`: the texts in a column. They decide between datasets with the same columns, and they find the
    breakdown in a column with a new name.

    Raises RefusedError where a column is not in the map or a required column is missing; the text names each
    unknown column with the nearest known name, and each missing column. An unknown column is never ignored: it
    may be a breakdown, and then the file holds each figure several times. Raises PassedOverError where the file
    has no column and no breakdown of its own from any dataset: it holds something else.
    """
    datasets = sorted({header.dataset for header in known_headers(layout)} - {EVERY_FILE})
    fits = [_in_dataset(layout, dataset, columns, labels_of) for dataset in datasets]
    best = min(
        fits,
        key=lambda fit: (
            bool(fit.unknown or fit.missing) and not (fit.labels or fit.own(layout)),
            len(fit.unknown) + len(fit.missing),
            -fit.labels,
        ),
    )
    if not best.unknown and not best.missing:
        return best.match
    if len(datasets) > 1 and not best.labels and not best.own(layout):
        raise PassedOverError(
            "no figure that the register uses is in a file with these columns: "
            + ", ".join(dict.fromkeys(name for fit in fits for name in fit.unknown if _in_every(fits, name)))
        )
    raise RefusedError(_refusal(layout, best))


def _in_every(fits: Sequence[_Fit], name: str) -> bool:
    return all(name in fit.unknown for fit in fits)


def _in_dataset(
    layout: str, dataset: str, columns: Sequence[str], labels_of: Callable[[str], Sequence[str]] | None
) -> _Fit:
    headers = [header for header in known_headers(layout) if header.dataset in (dataset, EVERY_FILE)]
    by_name = {header.name: header for header in headers}
    patterns = [header for header in headers if "*" in header.name]
    entries: dict[str, Header] = {}
    for name in columns:
        header = by_name.get(name) or next((each for each in patterns if fnmatch.fnmatch(name, each.name)), None)
        if header and (
            header.role == "ignored" or header.column not in {each.column for each in entries.values()}
        ):
            entries[name] = header
    notes: list[str] = []
    if labels_of:
        for name, header in _renamed_breakdowns(dataset, headers, columns, entries, labels_of):
            entries[name] = header
            notes.append(f"column {name} is read as {header.name}, because its breakdowns are known")
    names = {
        name: breakdown_names(dataset, header.column, name, labels_of(name))
        for name, header in entries.items()
        if labels_of and header.role == "dimension"
    }
    present = {header.column for header in entries.values()}
    absent = {header.column: header for header in headers if header.required and header.column not in present}
    return _Fit(
        Matched(
            dataset,
            tuple(FileColumn(name, entries[name]) for name in columns if name in entries),
            names,
            tuple(notes),
        ),
        tuple(name for name in columns if name not in entries),
        tuple(absent.values()),
        sum(_names_a_figure(entries[column].column, name) for column in names for name in names[column].values()),
    )


def _names_a_figure(column: str, breakdown: str) -> bool:
    """Whether a breakdown says what is counted; a total and a group of children are in files of every kind."""
    return column not in {"cla_group", "age"} and "total" not in breakdown


def _renamed_breakdowns(
    dataset: str,
    headers: Sequence[Header],
    columns: Sequence[str],
    entries: Mapping[str, Header],
    labels_of: Callable[[str], Sequence[str]],
) -> list[tuple[str, Header]]:
    """Columns with a new name whose labels are those of a breakdown that the file lacks."""
    present = {header.column for header in entries.values()}
    absent = {
        header.column: header for header in headers if header.role == "dimension" and header.column not in present
    }
    renamed: list[tuple[str, Header]] = []
    for column, header in absent.items():
        alike = [
            name
            for name in columns
            if name not in entries
            and any(
                _names_a_figure(column, known) or column == "age"
                for known in breakdown_names(dataset, column, name, labels_of(name)).values()
            )
        ]
        if len(alike) == 1:
            renamed.append((alike[0], header))
    return renamed


def wide_columns(layout: str, columns: Sequence[str]) -> Matched:
    """The columns of a file with one row per area, whose columns are all figures: no unknown one is a breakdown.

    A known column belongs to its dataset; any other to the dataset that has most columns of the file, under its
    own name without the year. Raises PassedOverError where no column is known.
    """
    own = _own_names(layout)
    by_name: dict[str, list[Header]] = {}
    for header in known_headers(layout):
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
    absent = [name for name in own if name not in {column.header.name for column in kept}]
    notes = [
        f"column {name} is not in the header map{_nearest(_with_year(name)[0], near)}; {where_to_add(layout)}"
        for name, headers, _ in entries
        if not headers
        and (near := difflib.get_close_matches(_with_year(name)[0], absent, n=1, cutoff=_ALIKE))
        and own[near[0]] in held
        and near[0] in registered_headers(layout)
    ]
    return Matched(main, tuple(kept), notes=tuple(notes))


def _named(name: str, by_name: Mapping[str, list[Header]]) -> tuple[list[Header], str | None]:
    """The entries of the map for a name, and the year in it."""
    if name in by_name:
        return by_name[name], None
    pattern, year = _with_year(name)
    if year is None:
        return [], None
    if before := by_name.get(pattern.replace("{year}", "{year_before}")):
        return before, str(int(year) + 1)
    return by_name.get(pattern, []), year


def _with_year(name: str) -> tuple[str, str | None]:
    """A name with `{year}` for the year in it, and the year."""
    for match in _YEAR.finditer(name):
        first, last = match["first"], match["last"]
        if last and int(last) != (int(first) + 1) % 100:
            continue
        year = match["year"] or f"20{match['day'] or last}"
        return name[: match.start()] + "{year}" + name[match.end() :], year
    return name, None


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


def where_to_add(layout: str) -> str:
    """What a person does about a column or a breakdown that is not known."""
    return f"to have it read, add it to pipelines/comparators/headers/{layout}.csv"


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
    return f"read as {layout} {dataset}; {'; '.join(parts)}; {where_to_add(layout)}"


def _nearest(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f" (nearest known name: {near[0]})" if near else ""
