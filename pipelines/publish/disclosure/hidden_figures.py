"""Which figures `open/` hides or leaves out, of all authorities, extracts and releases.

Belongs here: figures as arrays of counts, and what earlier extracts and the previous release have hidden. Does not
belong here: the decision for an extract (`suppression`), further tables (`proof_of_extract`), columns of marts
(`open_tables`).
"""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from pipelines.dictionary.indicator_relations import Part
from pipelines.processes import spread
from pipelines.publish.disclosure.area_levels import AUTHORITY, LOCALITY, TEAM, Area, levels
from pipelines.publish.disclosure.decision_cache import Answer, DecisionCache
from pipelines.publish.disclosure.related_counts import related_counts
from pipelines.publish.disclosure.suppression import Bools, Extract, Hidden, count_relations
from pipelines.publish.disclosure.until_proven import hidden_until_proven
from pipelines.publish.disclosure.what_is_counted import MEANS, PARTS, counted_parts, is_in_part
from pipelines.settings import NOT_ALLOCATED, workers

FIGURE = ("indicator_id", "la_code", "area_type", "area_name", "month", "extract_month")
SMALL_REST = "with other figures of the month it gives a small number of children or events"
NO_PROOF = "with other figures it gives a hidden number"

HIDDEN_FIGURE = {
    **dict.fromkeys(FIGURE[:4], pl.String),
    **dict.fromkeys(FIGURE[4:], pl.Date),
    "hides_numerator": pl.Boolean,
    "hides_denominator": pl.Boolean,
    "left_out": pl.String,
    "is_added": pl.Boolean,
}
"""`left_out` is the reason for which the row is not published, else null. `is_added`: the figures have no such
row, because the count is 0. A hidden table has it: rows must not reveal which counts are above 0."""


def hidden_figures(
    figures: pl.DataFrame,
    teams: pl.DataFrame,
    smallest_shown: int,
    published: pl.DataFrame | None = None,
    cache: DecisionCache | None = None,
) -> pl.DataFrame:
    """The figures of which something is hidden, with the columns of `HIDDEN_FIGURE`.

    `figures` has the columns of `FIGURE` and period, unit, numerator and denominator; `teams` has la_code,
    extract_month, team_name and locality_name. Counts from 1 to one below `smallest_shown` are small. The answer
    for an extract depends on it and on earlier extracts, never on later ones. `published` is the answer of the
    previous release: what it hides or leaves out stays so. `cache` has the decisions of earlier releases.
    """
    if published is None:
        published = pl.DataFrame(schema=HIDDEN_FIGURE)
    cache = cache or DecisionCache(None)
    by_authority = figures.partition_by("la_code", as_dict=True, maintain_order=True)
    own = [
        (rows, *(table.filter(pl.col("la_code") == la_code) for table in (teams, published)))
        for (la_code,), rows in by_authority.items()
    ]
    answers = [pl.DataFrame(schema=HIDDEN_FIGURE)]
    for hidden, used in spread(partial(_hidden_of_authority, smallest_shown, cache.folder), own, workers()):
        answers.append(hidden)
        cache.used |= used
    return pl.concat(answers)


def _hidden_of_authority(
    smallest_shown: int, kept: Path | None, tables: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]
) -> tuple[pl.DataFrame, set[str]]:
    """The hidden figures of an authority, and the names of the answers that it used of the cache in `kept`."""
    figures, teams, published = tables
    cache = DecisionCache(kept)
    hidden = list(_Authority(figures, teams, smallest_shown, published).hidden(cache))
    return pl.concat(hidden), cache.used


class _Places(NamedTuple):
    """What the axes of an extract's arrays are."""

    months: list[dt.date]
    areas: dict[Area, int]


class _Authority:
    """The figures of one authority."""

    def __init__(self, figures: pl.DataFrame, teams: pl.DataFrame, smallest_shown: int, published: pl.DataFrame):
        self.figures, self.teams, self.smallest_shown, self.published = figures, teams, smallest_shown, published
        kinds = figures.select("indicator_id", "unit", "period").unique().sort("indicator_id").rows()
        period = {name: period for name, _, period in kinds}
        # numerators first: where a rest is small, the order says which part gives way
        parts = [Part(name, part) for part in PARTS for name, unit, _ in kinds if part in counted_parts(unit)]
        related = related_counts().among(parts)
        joined = {part for group in related.equal for part in group}
        counts = [*related.equal, *((part,) for part in parts if part not in joined)]
        index = {part: position for position, group in enumerate(counts) for part in group}
        self.of_indicator = pl.DataFrame(
            [(name, *(index.get(Part(name, part)) for part in PARTS)) for name in period],
            orient="row",
            schema={"indicator_id": pl.String, "numerator_count": pl.Int64, "denominator_count": pl.Int64},
        ).with_columns(row_count=pl.coalesce("numerator_count", "denominator_count"))
        """The position of the numerator and of the denominator of each indicator among the counts; `row_count`: of
        the one that names its row."""
        percentages = [name for name, unit, _ in kinds if unit == "percentage"]
        self.relations = count_relations(
            counts,
            [(index[Part(name, PARTS[0])], index[Part(name, PARTS[1])]) for name in percentages],
            [period[group[0].indicator_id] for group in counts],
            related,
        )
        self.tables_before: dict[dt.date, Bools] = {}
        """By month: the tables (count, level) that an earlier extract has hidden."""

    def hidden(self, cache: DecisionCache) -> Iterator[pl.DataFrame]:
        """The hidden figures of each extract."""
        of_extract, teams, published = (
            rows.partition_by("extract_month", as_dict=True) for rows in (self.figures, self.teams, self.published)
        )
        for key, figures in sorted(of_extract.items()):
            (month,) = key
            months = figures["month"].unique().sort().to_list()
            inputs = [
                self.relations, self.smallest_shown, figures, teams.get(key),
                *(self.tables_before.get(each) for each in months),
            ]  # fmt: skip
            decide = partial(self._decide, month, figures)
            answer = cache.answer(inputs, published.get(key), decide, _is_as_published)
            for position, each in enumerate(months):
                own = answer.tables[:, position]
                self.tables_before[each] = self.tables_before.get(each, own) | own
            yield answer.rows

    def _decide(self, month: dt.date, figures: pl.DataFrame) -> Answer:
        places = self._places(figures, month)
        rows = self._positioned(figures, places)
        extract = self._extract(rows, places, month)
        hidden = hidden_until_proven(extract)
        return Answer(self._rows(rows, places, extract, hidden), hidden.tables)

    def _places(self, figures: pl.DataFrame, extract: dt.date) -> _Places:
        names = set(figures.select("area_type", "area_name").unique().rows())
        places = self._teams_of(extract)
        # every locality that could have children, so that rows tell nothing of hidden tables
        names |= {(LOCALITY, locality) for _, locality in places} | {(LOCALITY, NOT_ALLOCATED)}
        if any(area_type == TEAM for area_type, _ in names):
            names |= {(TEAM, team) for team, _ in places} | {(TEAM, NOT_ALLOCATED)}
        below = sorted(Area(*name) for name in names if name[0] != AUTHORITY)
        return _Places(figures["month"].unique().sort().to_list(), {area: at for at, area in enumerate(below, 1)})

    def _teams_of(self, extract: dt.date) -> list[tuple[str, str]]:
        teams = self.teams.filter(pl.col("extract_month") == extract)
        return teams.select("team_name", "locality_name").unique().rows()

    def _positioned(self, figures: pl.DataFrame, places: _Places) -> pl.DataFrame:
        """The rows with their positions on the axes."""
        months = pl.DataFrame({"month": places.months}).with_row_index("month_at")
        return (
            figures.join(_area_positions(places), on=["area_type", "area_name"], how="left")
            .join(months.with_columns(pl.col("month_at").cast(pl.Int64)), on="month", how="left")
            .join(self.of_indicator, on="indicator_id", how="left")
            .with_columns(pl.col("area_at").fill_null(0))
        )

    def _extract(self, rows: pl.DataFrame, places: _Places, extract_month: dt.date) -> Extract:
        own_levels = levels(places.areas, self._teams_of(extract_month))
        shape = (len(self.relations.parts), len(places.months))
        counts = np.zeros((*shape, len(places.areas) + 1), np.int64)
        there = np.zeros(shape, np.bool_)
        before = Hidden(np.zeros((*shape, 2 + len(own_levels)), np.bool_))
        for position, month in enumerate(places.months):
            if month in self.tables_before:
                before.tables[:, position] = self.tables_before[month]
        published = self.published.filter(pl.col("extract_month") == extract_month, ~pl.col("is_added"))
        published = self._positioned(published, places).drop_nulls("month_at")
        for part in PARTS:
            counted = rows.filter(pl.col(part).is_not_null(), pl.col(f"{part}_count").is_not_null())
            at = tuple(counted[name].to_numpy() for name in (f"{part}_count", "month_at", "area_at"))
            counts[at] = counted[part].round(6).ceil().to_numpy()
            of_authority = at[2] == 0
            there[at[0][of_authority], at[1][of_authority]] = True
            self._hide_parts_of_units(rows, part, before)
            was_hidden = published.filter(f"hides_{part}", pl.col(f"{part}_count").is_not_null())
            for area_type, target in (
                (AUTHORITY, before.headlines),
                *zip((LOCALITY, TEAM), np.moveaxis(before.tables, 2, 0), strict=False),
            ):
                own = was_hidden.filter(pl.col("area_type") == area_type)
                target[own[f"{part}_count"].to_numpy(), own["month_at"].to_numpy()] = True
        was_left_out = published.drop_nulls("left_out")
        before.rows[was_left_out["row_count"].to_numpy(), was_left_out["month_at"].to_numpy()] = True
        return Extract(
            relations=self.relations,
            counts=counts,
            there=there,
            years=np.array([month.year - (month.month < 4) for month in places.months]),
            levels=own_levels,
            smallest_shown=self.smallest_shown,
            before=before,
        )

    def _hide_parts_of_units(self, rows: pl.DataFrame, part: str, before: Hidden) -> None:
        """Sums of full-time equivalents are in no proof: never below the authority, and there not if few."""
        is_few = pl.col(part).is_between(0, self.smallest_shown, closed="none")
        if part == "numerator":
            others = pl.col("denominator") - pl.col("numerator")
            is_few |= (pl.col("unit") == "percentage") & others.is_between(0, self.smallest_shown, closed="none")
        has_parts = is_in_part(pl.col(part)).any().over("indicator_id")
        own = rows.filter(pl.col(f"{part}_count").is_not_null() & has_parts)
        before.tables[own[f"{part}_count"].to_numpy()] = True
        few = own.filter(is_few, pl.col("area_at") == 0)
        before.headlines[few[f"{part}_count"].to_numpy(), few["month_at"].to_numpy()] = True

    def _rows(self, rows: pl.DataFrame, places: _Places, extract: Extract, hidden: Hidden) -> pl.DataFrame:
        numbers = extract.hidden_numbers(hidden)
        by_rule = extract.decision(extract.counts).rows

        def at(what: Bools, part: str, on: pl.DataFrame) -> pl.Series:
            axes = (f"{part}_count", "month_at", "area_at")[: what.ndim]
            values = what[tuple(on[name].fill_null(0).to_numpy() for name in axes)]
            return pl.Series(values) & on[f"{part}_count"].is_not_null()

        def flags(on: pl.DataFrame) -> pl.DataFrame:
            return on.with_columns(
                *(at(numbers, part, on).alias(f"hides_{part}") for part in PARTS),
                left_out=at(hidden.rows, "row", on) & (on["area_type"] == AUTHORITY),
                is_small_rest=at(by_rule, "row", on),
            ).with_columns(
                # a mean is of those in the denominator
                hides_numerator=pl.when(pl.col("unit").is_in(MEANS))
                .then("hides_denominator")
                .otherwise("hides_numerator")
            )

        of_authority = rows.filter(pl.col("area_type") == AUTHORITY).drop("area_type", "area_name", "area_at")
        in_areas = rows.filter(pl.col("area_type") != AUTHORITY)
        absent = (
            in_areas.select("indicator_id").unique()
            .join(of_authority, on="indicator_id")
            .join(_area_positions(places), how="cross")
            .join(in_areas, on=["indicator_id", "month", "area_type", "area_name"], how="anti")
            .select(rows.columns)
        )  # fmt: skip
        answer = pl.concat([flags(rows).with_columns(is_added=False), flags(absent).with_columns(is_added=True)])
        return (
            answer.filter(pl.any_horizontal("hides_numerator", "hides_denominator", "left_out"))
            .with_columns(
                left_out=pl.when("left_out").then(
                    pl.when("is_small_rest").then(pl.lit(SMALL_REST)).otherwise(pl.lit(NO_PROOF))
                )
            )
            .select(HIDDEN_FIGURE.keys())
        )


def _is_as_published(hidden: pl.DataFrame, published: pl.DataFrame) -> bool:
    """Whether a release hides and leaves out just these rows. What it leaves out is of the authority."""
    as_hidden = (*FIGURE, "hides_numerator", "hides_denominator")
    as_left_out = ("indicator_id", "la_code", "area_type", "month", "extract_month")
    is_shown = pl.col("left_out").is_null()
    return all(
        set(hidden.filter(condition).select(names).rows()) == set(published.filter(condition).select(names).rows())
        for condition, names in ((is_shown, as_hidden), (~is_shown, as_left_out))
    )


def _area_positions(places: _Places) -> pl.DataFrame:
    return pl.DataFrame(
        [(*area, position) for area, position in places.areas.items()],
        orient="row",
        schema={"area_type": pl.String, "area_name": pl.String, "area_at": pl.Int64},
    )
