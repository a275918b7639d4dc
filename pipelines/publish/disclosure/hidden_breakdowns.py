"""Which breakdowns of the authority's figures `open/` hides.

A table is a figure of a month by the codes of one dimension: it is shown as a whole or hidden as a whole. For the
decision and its proof the codes are areas of the authority, and those of a finer dimension are areas of these.

Belongs here: figures by code as arrays of counts, and what links one dimension with another. Does not belong here:
the decision (`suppression`, `until_proven`), columns of the mart (`open_tables`).
"""

from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import polars as pl

from pipelines.dictionary.indicator_relations import Part, relations
from pipelines.publish.disclosure.area_levels import Level
from pipelines.publish.disclosure.decision_cache import Answer, DecisionCache
from pipelines.publish.disclosure.related_counts import related_counts
from pipelines.publish.disclosure.suppression import Counts, Extract, Hidden, count_relations
from pipelines.publish.disclosure.until_proven import hidden_until_proven
from pipelines.publish.disclosure.what_is_counted import MEANS, PARTS, counted_parts, is_in_part
from pipelines.seeds import seed_rows

EXTRACT = ("la_code", "extract_month")
TABLE = ("indicator_id", "dimension")
HIDDEN_BREAKDOWN = dict.fromkeys(("la_code", *TABLE), pl.String) | {"extract_month": pl.Date}
NO_PLACE = "none"
"""The code of those without a placement: they are the same children in each dimension of placements."""

Tables = set[tuple[str, str]]


def hidden_breakdowns(
    breakdowns: pl.DataFrame,
    hidden_figures: pl.DataFrame,
    smallest_shown: int,
    published: pl.DataFrame | None = None,
    cache: DecisionCache | None = None,
) -> pl.DataFrame:
    """The tables of which nothing is shown, with the columns of `HIDDEN_BREAKDOWN`.

    `breakdowns` has the columns of `TABLE` and `EXTRACT`, code, unit, period, numerator and denominator.
    `hidden_figures` is the answer of the function of this name. `published`: what the previous release hides.
    """
    cache = cache or DecisionCache(None)
    is_theirs = (pl.col("area_type") == "authority") & (pl.col("month") == pl.col("extract_month"))
    earlier = pl.DataFrame(schema=HIDDEN_BREAKDOWN) if published is None else published
    tables = (breakdowns, hidden_figures.filter(is_theirs), earlier)
    by_extract = [table.partition_by(EXTRACT, as_dict=True) for table in tables]
    answers = [pl.DataFrame(schema=HIDDEN_BREAKDOWN)]
    for key in sorted(by_extract[0]):
        rows, figures, before = (of.get(key, table.clear()) for of, table in zip(by_extract, tables, strict=True))
        inputs = ["breakdowns", smallest_shown, relations(), rows, figures]
        decide = partial(_decide, rows, figures, before, smallest_shown)
        hidden = cache.answer(inputs, before if before.height else None, decide, _is_as_published).rows
        of_extract = [pl.lit(value).alias(name) for name, value in zip(EXTRACT, key, strict=True)]
        answers.append(hidden.with_columns(of_extract).select(HIDDEN_BREAKDOWN.keys()))
    return pl.concat(answers)


def _is_as_published(hidden: pl.DataFrame, published: pl.DataFrame) -> bool:
    return set(hidden.select(TABLE).rows()) == set(published.select(TABLE).rows())


def _decide(rows: pl.DataFrame, figures: pl.DataFrame, before: pl.DataFrame, smallest_shown: int) -> Answer:
    """The hidden tables of an extract."""
    # sums of parts of somebody are in no proof
    counted = pl.when(~pl.col("unit").is_in(MEANS)).then("numerator")
    in_parts = rows.filter(is_in_part(counted) | is_in_part(pl.col("denominator"))).select(TABLE)
    there: Tables = set(rows.select(TABLE).rows())
    hidden = there & {*in_parts.rows(), *before.select(TABLE).rows(), *_told_by_others()}
    left_out = set(figures.drop_nulls("left_out")["indicator_id"])
    secret = {Part(name, part) for part in PARTS for name in figures.filter(f"hides_{part}")["indicator_id"]}
    rows = rows.join(in_parts, on=TABLE, how="anti")
    answer = set(hidden)
    for wide, fine in _systems():
        own = rows.filter(pl.col("dimension").is_in([wide, fine]))
        if own.height:
            answer |= _System(own, wide, fine).hidden(hidden, left_out, secret, smallest_shown)
    tables = pl.DataFrame(sorted(answer), orient="row", schema=dict.fromkeys(TABLE, pl.String))
    return Answer(tables, np.zeros(0, np.bool_))


@cache
def _systems() -> list[tuple[str, str]]:
    """Dimensions that are decided together: each with the finer one that it has, or without one."""
    rows = seed_rows("dimension")
    finer = {row["wider_dimension"]: row["dimension"] for row in rows}
    return [(row["dimension"], finer.get(row["dimension"], "")) for row in rows if not row["wider_dimension"]]


@cache
def _common_dimensions() -> set[str]:
    return {row["dimension"] for row in seed_rows("dimension") if row["is_common"] == "true"}


@cache
def wider_codes() -> Mapping[str, Mapping[str, str]]:
    """By finer dimension the code of the wider one for each of its codes. A code without one may be in several."""
    codes: dict[str, list[str]] = {}
    for row in seed_rows("dimension_code"):
        codes.setdefault(row["dimension"], []).append(row["code"])
    placements, endings = seed_rows("code_placement_type"), seed_rows("code_ceased_reason")
    written = {
        "placement_type": {row["placement_type_code"]: row["placement_group"] for row in placements},
        "ceased_reason": {row["ceased_reason_code"]: row["ceased_reason_group"] for row in endings},
        "age_single": {"16": "16_17", "17": "16_17", "18": "18"}
        | dict.fromkeys(("19", "20", "21"), "19_21")
        | dict.fromkeys(("22", "23", "24", "25"), "22_25"),
        "activity": {code: "EET" for code in codes["activity"] if code[0] in "FP"}
        | {"G5": "NEET", "G4": "not_available", "G6": "not_available"},
        "question": {code: code.partition("_")[0] for code in codes["question"] if code != "other"},
    }
    wider_of: dict[str, dict[str, str]] = {}
    for row in seed_rows("dimension"):
        if wide := row["wider_dimension"]:
            fine = row["dimension"]
            own = {code: code if code in codes[wide] else "other" for code in codes[fine]} | written[fine]
            wider_of[fine] = {code: to for code, to in own.items() if to in codes[wide]}
    return wider_of


@cache
def _told_by_others() -> tuple[tuple[str, str], ...]:
    """Tables that are never shown: another indicator has the same numbers under the codes of another dimension.

    Those in foster care who live out of the area, for example, are those out of the area who live in foster care.
    """
    named = [row for row in relations() if row.codes]
    return tuple(
        (later.count.indicator_id, first.dimension)
        for place, later in enumerate(named)
        for first in named[:place]
        if first.other == later.other and first.dimension != later.dimension
    )


class _Place(NamedTuple):
    """An area of a system: a code of the wider dimension (level 0) or of the finer one."""

    level: int
    code: str


class _System:
    """The figures of a month by a dimension and its finer one, as counts (count, 1, code); the authority is 0."""

    def __init__(self, rows: pl.DataFrame, wide: str, fine: str):
        self.dimensions = (wide, fine) if fine else (wide,)
        self.wider = wider_codes().get(fine, {})
        self.tables: Tables = set(rows.select(TABLE).rows())
        sizes = self._sizes(rows)
        self.at = {
            place: at for at, place in enumerate(sorted({each for own in sizes.values() for each in own}), 1)
        }
        vectors = {part: self._vector(own) for part, own in sizes.items()}
        related = related_counts().among(vectors)
        # counts that are equal as a whole are not so by code if they ask for the codes of different days
        alike: dict[object, list[Part]] = {}
        for group in related.equal:
            for part in group:
                alike.setdefault((group, vectors[part].tobytes()), []).append(part)
        joined = {part for own in alike.values() for part in own}
        counts = [*map(tuple, alike.values()), *((part,) for part in vectors if part not in joined)]
        self.position = {part: position for position, group in enumerate(counts) for part in group}
        self.counts = np.array([vectors[group[0]] for group in counts])
        periods = dict(rows.select("indicator_id", "period").iter_rows())
        percentages = rows.filter(pl.col("unit") == "percentage")["indicator_id"].unique().sort()
        self.relations = count_relations(
            counts,
            [(self.position[Part(name, PARTS[0])], self.position[Part(name, PARTS[1])]) for name in percentages],
            [periods[group[0].indicator_id] for group in counts],
            related,
        )

    def _sizes(self, rows: pl.DataFrame) -> dict[Part, dict[_Place, int]]:
        """The number of each count in each place, in the wider dimension and in the finer one."""
        sizes: dict[Part, dict[_Place, int]] = {}
        columns = rows.select("indicator_id", "unit", "dimension", "code", *PARTS).sort(pl.all())
        for indicator, unit, dimension, code, *numbers in columns.iter_rows():
            place = _Place(self.dimensions.index(dimension), code)
            for part in counted_parts(unit):
                number = numbers[PARTS.index(part)]
                sizes.setdefault(Part(indicator, part), {})[place] = round(number or 0)
        if len(self.dimensions) == 2:
            for own in sizes.values():
                levels = {place.level for place in own}
                if levels == {0}:
                    own |= {_Place(1, f"all of {place.code}"): number for place, number in own.items()}
                elif levels == {1}:
                    for place, number in tuple(own.items()):
                        wide = _Place(0, self.wider.get(place.code, "other"))
                        own[wide] = own.get(wide, 0) + number
        return sizes

    def _vector(self, own: Mapping[_Place, int]) -> Counts:
        vector = np.zeros(len(self.at) + 1, np.int64)
        for place, number in own.items():
            vector[self.at[place]] = number
        vector[0] = sum(number for place, number in own.items() if place.level == 0)
        return vector

    def _levels(self) -> tuple[Level, ...]:
        codes = [tuple(at for place, at in self.at.items() if place.level == level) for level in (0, 1)]
        wide = Level(codes[0], ((codes[0], (0,)),))
        if len(self.dimensions) == 1:
            return (wide,)
        sums: dict[str, tuple[list[int], list[int]]] = {}
        reached = set(self.wider.values())
        for place, at in self.at.items():
            code = self.wider.get(place.code, place.code.removeprefix("all of ")) if place.level else place.code
            # finer codes that may be in several wider ones are those of all that no other code is in
            below, above = sums.setdefault(code if code in reached else "", ([], []))
            (below if place.level else above).append(at)
        return (wide, Level(codes[1], tuple((tuple(below), tuple(above)) for below, above in sums.values())))

    def hidden(self, before: Tables, left_out: set[str], secret: set[Part], smallest_shown: int) -> Tables:
        """The hidden tables. Those `before` are so already, and so are these rows and counts of the authority."""
        levels = self._levels()
        marks = Hidden(np.zeros((len(self.counts), 1, 2 + len(levels)), np.bool_))
        for part, position in self.position.items():
            marks.headlines[position] |= part in secret
            if self._names_tables(part):
                marks.rows[position] |= part.indicator_id in left_out
                for level, dimension in enumerate(self.dimensions):
                    marks.tables[position, :, level] |= (part.indicator_id, dimension) in before
        known = [[number] for number in self._without_a_place(smallest_shown)]
        for row in relations():
            if row.dimension in self.dimensions and row.other in self.position:
                whole, level = self.position[row.other], self.dimensions.index(row.dimension)
                # the codes of the whole have the number of the figure
                if row.count in secret or row.count.indicator_id in left_out:
                    marks.tables[whole] = True
                else:
                    places = [_Place(level, code) for code in row.codes]
                    known.append([(whole, self.at[place]) for place in places if place in self.at])
        extract = Extract(
            relations=self.relations,
            counts=self.counts[:, None, :],
            there=np.ones((len(self.counts), 1), np.bool_),
            years=np.zeros(1, np.int64),
            levels=levels,
            smallest_shown=smallest_shown,
            before=marks,
            known_sums=tuple(map(tuple, known)),
            is_breakdown=True,
            # those of 16 and 17 in a hostel are under one code of two figures; by sex that is chance
            may_repeat=self.dimensions[0] not in _common_dimensions(),
        )
        tables = hidden_until_proven(extract).tables[:, 0]
        return {
            (part.indicator_id, dimension)
            for part, position in self.position.items()
            for level, dimension in enumerate(self.dimensions)
            if tables[position, level]
        } & self.tables

    def _names_tables(self, part: Part) -> bool:
        """Whether its tables are hidden where those of the indicator are: the numerator, or what a mean is of."""
        return part.part == "numerator" or Part(part.indicator_id, "numerator") not in self.position

    def _without_a_place(self, smallest_shown: int) -> Iterator[tuple[int, int]]:
        """The numbers (count, area) of those without a placement, where other dimensions may show them."""
        for place, at in self.at.items():
            if place.code == NO_PLACE:
                yield from ((count, at) for count in np.flatnonzero(self.counts[:, at] >= smallest_shown).tolist())
