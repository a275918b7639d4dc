"""How the counts of indicators are related: the seed `indicator_relation.csv`.

Belongs here: reading and checking the seed. Does not belong here: what disclosure control does with a relation
(`publish.disclosure.related_counts`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from pipelines.dictionary.seeds import seed_rows

PARTS = ("numerator", "denominator")
RELATIONS = {
    "equals": "equals",
    "part_of": "is part of",
    "sum_of": "is a sum that includes",
    "none": "is related to no other count",
}
"""Each relation of the seed in words, between its two counts."""
ROLES = ("", "suppressed", "leads")
"""Roles within a group of parts: the part that is suppressed where the rest is small, and a part that leads it."""


class Part(NamedTuple):
    """The numerator or denominator of an indicator."""

    indicator_id: str
    part: Literal["numerator", "denominator"]

    def __str__(self) -> str:
        return f"{self.indicator_id} ({self.part})"


@dataclass(frozen=True)
class Relation:
    """One row of the seed: `count` has the `relation` to `other`.

    Parts of one whole that do not overlap share a `parts_group`, and so do the members of one sum.
    """

    count: Part
    relation: str
    other: Part
    parts_group: str
    role: str
    why: str

    def __str__(self) -> str:
        return f"{self.count} {RELATIONS[self.relation]} {self.other}. {self.why}."


@cache
def relations() -> tuple[Relation, ...]:
    """Every relation of the seed but `none`, in its order. Raises ValueError with all faults of the seed."""
    rows = seed_rows("indicator_relation")
    faults = faulty_relations(rows, {row["indicator_id"] for row in seed_rows("indicator_register")})
    if faults:
        raise ValueError("seeds/indicator_relation.csv: " + "; ".join(faults))
    return tuple(
        Relation(
            count=Part(row["indicator_id"], _part(row["part"])),
            relation=row["relation"],
            other=Part(row["other_indicator_id"], _part(row["other_part"])),
            parts_group=row["parts_group"],
            role=row["role"],
            why=row["why"],
        )
        for row in rows
        if row["relation"] != "none"
    )


def faulty_relations(rows: Iterable[Mapping[str, str]], indicator_ids: set[str]) -> list[str]:
    """What is wrong with rows of the seed, a line each, and which indicators have no row."""
    rows = list(rows)
    faults = []
    for number, row in enumerate(rows, 2):
        is_none = row["relation"] == "none"
        counts = [(row["indicator_id"], row["part"]), (row["other_indicator_id"], row["other_part"])]
        checks = {
            f"unknown relation {row['relation']!r}": row["relation"] in RELATIONS,
            f"unknown indicator {counts[0][0]!r}": counts[0][0] in indicator_ids,
            "no reason in column why": bool(row["why"]),
        }
        if is_none:
            checks["a row with relation none has no part and no other count"] = counts == [
                (counts[0][0], ""),
                ("", ""),
            ]
        else:
            checks |= {
                f"unknown indicator {counts[1][0]!r}": counts[1][0] in indicator_ids,
                "part and other_part are numerator or denominator": all(part in PARTS for _, part in counts),
                "a count is not related to itself": counts[0] != counts[1],
                f"unknown role {row['role']!r}": row["role"] in ROLES,
                "a sum needs a parts_group": row["relation"] != "sum_of" or bool(row["parts_group"]),
            }
        faults += [f"line {number}: {text}" for text, holds in checks.items() if not holds]
    groups: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        if row["parts_group"] and row["relation"] == "part_of":
            groups.setdefault(row["parts_group"], []).append(row)
    for name, members in groups.items():
        if [row["role"] for row in members].count("suppressed") != 1:
            faults.append(f"parts_group {name}: exactly one part has the role suppressed")
    return faults + [
        f"{indicator_id} {text}"
        for indicator_id in sorted(indicator_ids)
        for text in indicators_relations_fault(indicator_id, rows)
    ]


def indicators_relations_fault(indicator_id: str, rows: Iterable[Mapping[str, str]]) -> list[str]:
    """What is wrong with the relations of one indicator; empty where it has some or says `none`."""
    own = [row for row in rows if indicator_id in (row["indicator_id"], row["other_indicator_id"])]
    if not own:
        return [
            "has no row in seeds/indicator_relation.csv: say which counts its numerator and denominator equal or"
            " are part of, or write the relation none; without it small counts can be worked out from open/"
        ]
    if len(own) > 1 and any(row["relation"] == "none" for row in own):
        return ["has the relation none in seeds/indicator_relation.csv and another relation, too"]
    return []


def _part(text: str) -> Literal["numerator", "denominator"]:
    return "numerator" if text == "numerator" else "denominator"
