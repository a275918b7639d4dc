"""The names that we use for the breakdowns of long files, whatever words a release has for them.

`headers/breakdowns.csv` has one pattern per breakdown, for the plain text of a label: lower case, no punctuation,
numbers in digits, `cla` written out, `at 31 March` as `on 31 March`. When a release words a label anew, widen its
pattern. A label that no pattern fits keeps its published name. `identifies` is true for a label that only files of
its dataset have: age and sex are in files about many groups of children.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pipelines.comparators.added_names import AddedNames
from pipelines.seeds import BREAKDOWNS, header_map

ANY_FAMILY = "*"
_WRITTEN_OUT = {"cla": "children looked after", "one": "1", "two": "2", "three": "3", "twelve": "12", "&": "and"}


@dataclass(frozen=True)
class Breakdown:
    """Our name for a breakdown, and the pattern of its labels. `family`: labels that come together in a column; a
    total belongs to the family that its column holds. `identifies`: whether only files of the dataset have it."""

    family: str
    pattern: re.Pattern[str]
    name: str
    identifies: bool


@cache
def known_breakdowns() -> Mapping[tuple[str, str], tuple[Breakdown, ...]]:
    """The breakdowns by dataset and column."""
    by_column: dict[tuple[str, str], tuple[Breakdown, ...]] = {}
    for row in header_map(BREAKDOWNS):
        key = (row["dataset"], row["column"])
        known = Breakdown(row["family"], re.compile(row["pattern"]), row["breakdown"], row["identifies"] == "true")
        by_column[key] = (*by_column.get(key, ()), known)
    return by_column


def breakdown_names(
    dataset: str, column: str, header: str, labels: Iterable[str], added: AddedNames
) -> dict[str, str]:
    """Our names by label, for the labels of a column that a pattern fits, or that an authority added."""
    known_names = known_breakdowns().get((dataset, column), ())
    added_names = {_plain(text): code for *place, text, code in added.codes if place == [dataset, column]}
    fits = {
        label: known
        for label in labels
        for known in known_names
        if known.pattern.fullmatch(_plain(label))
        or known.name.removeprefix("{family} ") == added_names.get(_plain(label))
    }
    families = {known.family for known in fits.values()} - {ANY_FAMILY, ""}
    # a column of totals alone: its header says what is counted
    families = families or {
        known.family
        for known in known_names
        if known.family not in {ANY_FAMILY, ""} and known.family.split()[-1] in header
    }
    family = families.pop() if len(families) == 1 else None
    return {
        label: known.name.format(family=family)
        for label, known in fits.items()
        if family or known.family != ANY_FAMILY
    }


@cache
def identifying_names(dataset: str, column: str) -> frozenset[str]:
    """Our names for the breakdowns of a column that only files of the dataset have."""
    return frozenset(known.name for known in known_breakdowns().get((dataset, column), ()) if known.identifies)


def _plain(label: str) -> str:
    words = re.sub(r"[^a-z0-9.& ]|\.(?!\d)", " ", label.lower()).split()
    text = " ".join(_WRITTEN_OUT.get(word, word) for word in words)
    return re.sub(r"\bat 31 march\b", "on 31 march", text)
