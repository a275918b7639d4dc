"""How the counts of indicators are related: the column `relations` of the seed `indicator_register.csv`.

Belongs here: reading and checking the column. Does not belong here: what disclosure control does with a relation
(`publish.disclosure.related_counts`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from pipelines.seeds import listed, seed_rows

RELATIONS = {
    "equals": "equals",
    "part of": "is part of",
    "gains": "grows from month to month by",
    "loses": "falls from month to month by",
}
"""Each relation between two counts in words. The clause `changes by` writes both `gains` and `loses`."""
NAMED_BY_OTHERS = "others name it"
"""The clause of an indicator whose relations are all in the rows of other indicators."""
_COUNT = r"\w+[.](?:numerator|denominator)"
CLAUSE = re.compile(
    r"(?:none|stays restricted|(?P<part>numerator|denominator) (?P<relation>equals|part of|changes by)"
    rf" (?P<others>{_COUNT}(?: [+-] {_COUNT})*)(?: by (?P<dimension>\w+) (?P<codes>\w+(?:[+]\w+)*))?"
    r"(?: in (?P<group>\w+))?)"
    r" [(](?P<why>.+)[)]"
)
RESTRICTED = "stays restricted "
"""Begins the clause of an indicator that is not in open/, because no relation describes its counts."""
HOW_TO_WRITE = (
    f"write `none (why)`, `{RESTRICTED}(why)`, `{NAMED_BY_OTHERS}`, or `numerator` or `denominator`, then"
    " `equals <count> (why)`, `part of <count> by <dimension> <code>+<code> in <group> (why)` or"
    " `changes by <count> - <count> (why)`, where a count is `<indicator_id>.numerator` or `.denominator`, and the"
    " codes and the group are optional"
)


class Part(NamedTuple):
    """The numerator or denominator of an indicator."""

    indicator_id: str
    part: Literal["numerator", "denominator"]

    def __str__(self) -> str:
        return f"{self.indicator_id} ({self.part})"


@dataclass(frozen=True)
class Relation:
    """One clause of the column: `count` has the `relation` to `other`. A change has one relation for each term.

    A part leaves a rest of its whole, which is a count, too. Parts of one whole that do not overlap share a
    `parts_group` and leave one rest. Where a rest is small, its last part in the order of the register gives way.
    A part with `codes` is all those of its whole who have one of these codes of the `dimension`.

    `gains` and `loses`: in the months of one extract the count differs from the month before by what its others
    count in the month: a count since April by its own change (in April by all of it), a count of the month by
    itself, a count at month end by its own change. A few records may break this; the reader cannot know which.
    """

    count: Part
    relation: str
    other: Part
    parts_group: str
    why: str
    dimension: str = ""
    codes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.count} {RELATIONS[self.relation]} {self.other}. {self.why[0].upper()}{self.why[1:]}."


@cache
def relations() -> tuple[Relation, ...]:
    """Every relation of the register, in its order. Raises ValueError with all faults of the column."""
    cells = {row["indicator_id"]: row["relations"] for row in seed_rows("indicator_register")}
    if faults := faulty_relations(cells):
        raise ValueError("seeds/indicator_register.csv: " + "; ".join(faults))
    return tuple(_relations(cells))


def stay_restricted() -> frozenset[str]:
    """The indicators whose row says that they stay restricted."""
    return frozenset(
        row["indicator_id"]
        for row in seed_rows("indicator_register")
        if any(clause.startswith(RESTRICTED) for clause in listed(row["relations"]))
    )


def both_are_parts(rows: Iterable[Relation]) -> list[tuple[str, str]]:
    """Pairs of indicators: numerator and denominator of the first are parts of those of the second."""
    parts = {
        (row.count.indicator_id, row.other.indicator_id, row.count.part)
        for row in rows
        if row.relation == "part of" and row.count.part == row.other.part
    }
    return sorted(
        (part, whole) for part, whole, of in parts if of == "numerator" and (part, whole, "denominator") in parts
    )


def faulty_relations(cells: Mapping[str, str]) -> list[str]:
    """What is wrong with the cells of the column, given by indicator: sentences that begin with the indicator."""
    related = _relations(cells)
    naming: dict[str, str] = {}
    groups: dict[str, list[Relation]] = {}
    for relation in related:
        if relation.other.indicator_id != relation.count.indicator_id:
            naming.setdefault(relation.other.indicator_id, relation.count.indicator_id)
        if relation.parts_group:
            groups.setdefault(relation.parts_group, []).append(relation)
    faults = [
        f"{indicator_id}: {fault}"
        for indicator_id, cell in cells.items()
        for fault in (
            *_cell_faults(listed(cell), naming.get(indicator_id)),
            *(text for clause in listed(cell) for text in _clause_faults(indicator_id, clause, cells)),
        )
    ]
    return faults + [
        f"{members[0].count.indicator_id}: {name} must have two parts or more, all of the same count"
        for name, members in groups.items()
        if len(members) == 1 or len({member.other for member in members}) > 1
    ]


def _cell_faults(clauses: list[str], named_by: str | None) -> list[str]:
    if not clauses:
        return [
            "write in the column relations of seeds/indicator_register.csv which counts its numerator and"
            " denominator equal or are part of, or `none (why)`; without it small counts can be worked out from"
            " open/"
        ]
    faults = []
    for clause in clauses:
        is_none = clause.startswith("none ")
        if len(clauses) > 1 and (is_none or clause == NAMED_BY_OTHERS):
            faults.append(f"the relation {clause!r} must be the only one")
        if is_none and named_by:
            faults.append(f"the relation {clause!r} is wrong, because {named_by} names it")
        if clause == NAMED_BY_OTHERS and not named_by:
            faults.append(f"the relation {clause!r} is wrong, because none does")
    return faults


def _clause_faults(indicator_id: str, clause: str, known: Mapping[str, str]) -> list[str]:
    match = CLAUSE.fullmatch(clause)
    if clause == NAMED_BY_OTHERS or (match and not match["part"]):
        return []
    if match is None:
        return [f"the relation {clause!r} cannot be read: {HOW_TO_WRITE}"]
    others = [other for _, other in _terms(match["others"])]
    is_right = {
        f"names the unknown indicator {other.indicator_id!r}": other.indicator_id in known for other in others
    } | {
        "relates a count to itself": (indicator_id, match["part"]) not in others,
        "names several counts, which only `changes by` can": len(others) == 1 or match["relation"] == "changes by",
        "has a group, which only `part of` can have": not match["group"] or match["relation"] == "part of",
        "has a code, which only `part of` can have": not match["codes"] or match["relation"] == "part of",
        f"names {match['codes']!r}, which are no codes of {match['dimension']!r}": all(
            (match["dimension"], code) in _known_codes() for code in (match["codes"] or "").split("+") if code
        ),
    }
    return [f"the relation {clause!r} {fault}" for fault, holds in is_right.items() if not holds]


@cache
def _known_codes() -> set[tuple[str, str]]:
    return {(row["dimension"], row["code"]) for row in seed_rows("dimension_code")}


def _relations(cells: Mapping[str, str]) -> list[Relation]:
    """The relations of every clause that can be read."""
    return [
        Relation(
            count=_count(f"{indicator_id}.{match['part']}"),
            relation={"+": "gains", "-": "loses"}[sign]
            if match["relation"] == "changes by"
            else match["relation"],
            other=other,
            parts_group=match["group"] or "",
            why=match["why"],
            dimension=match["dimension"] or "",
            codes=tuple(match["codes"].split("+")) if match["codes"] else (),
        )
        for indicator_id, cell in cells.items()
        for match in map(CLAUSE.fullmatch, listed(cell))
        if match and match["part"]
        for sign, other in _terms(match["others"])
    ]


def _terms(text: str) -> list[tuple[str, Part]]:
    """Each count with its sign."""
    words = ["+", *text.split(" ")]
    return [(sign, _count(count)) for sign, count in zip(words[::2], words[1::2], strict=True)]


def _count(text: str) -> Part:
    indicator_id, _, part = text.partition(".")
    return Part(indicator_id, "numerator" if part == "numerator" else "denominator")
