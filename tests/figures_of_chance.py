"""Figures of a made-up authority with small teams: the relations of the register hold, all else is chance."""

import datetime as dt
import zlib
from graphlib import TopologicalSorter

import duckdb
import numpy as np
import polars as pl

from pipelines.dictionary.indicator_relations import Part, relations
from pipelines.settings import SEEDS

LOCALITIES = {"North": 3, "South": 4, "East": 1, "Services": 3}
MONTHS = [
    dt.date(2019, 2, 28),
    dt.date(2019, 3, 31),
    dt.date(2019, 4, 30),
    dt.date(2019, 5, 31),
    dt.date(2019, 6, 30),
]
EXTRACTS = MONTHS[3:]
Counts = dict[tuple[str, str], int]
REGISTER = pl.read_csv(SEEDS / "indicator_register.csv")
PERIODS = dict(REGISTER.select("indicator_id", "period").iter_rows())
SHARES = (0.05, 0.3, 0.6, 0.9, 0.95)
SIZES = (1, 1 / 2, 1 / 3)


def _related() -> tuple[dict, dict, list]:
    """The relations of the register: what a count equals and is part of; and all counts that equal
    no other, in an order in which each can be drawn.

    A numerator that is named as part of nothing else is part of its denominator.
    """
    pairs = [(row, _short(row.count), _short(row.other)) for row in relations()]
    same = {count: other for row, count, other in pairs if row.relation == "equals"}
    wholes = {
        count: (same.get(other, other), row.parts_group or count)
        for row, count, other in pairs
        if row.relation == "part of"
    }
    counts = []
    for name, unit in REGISTER.select("indicator_id", "unit").iter_rows():
        counts.append((name, "n"))
        if unit == "percentage":
            counts.append((name, "d"))
            wholes.setdefault((name, "n"), (same.get((name, "d"), (name, "d")), (name, "n")))
    needed = {count: list(wholes.get(count, ())[:1]) for count in counts}
    order = [count for count in TopologicalSorter(needed).static_order() if count not in same]
    return same, wholes, order


def _short(count: Part) -> tuple[str, str]:
    return count.indicator_id, count.part[0]


SAME, WHOLES, IN_ORDER = _related()


def warehouse(seed: int) -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with the marts that `open/` is made from; the same for the same seed."""
    chance = np.random.default_rng(seed)
    teams = [(f"{locality} {number}", locality) for locality, size in LOCALITIES.items() for number in range(size)]
    teams.append(("Not allocated", "Not allocated"))
    sizes = {team: int(chance.choice([1, 6, 30])) for team, _ in teams} | {"Not allocated": 1}
    rows = []
    for extract in EXTRACTS:
        so_far: dict[str, Counts] = {}
        for month in (month for month in MONTHS if month <= extract):
            if month.month == 4:
                so_far = {}
            by_area: dict[tuple[str, str], Counts] = {}
            for team, locality in teams:
                # the same people in every extract, but for a few recorded late
                of_month = np.random.default_rng([seed, month.toordinal(), teams.index((team, locality))])
                counts = _of_team(of_month, sizes[team], so_far.setdefault(team, {}), chance)
                for area in (("team", team), ("locality", locality), ("authority", "Somewhere")):
                    total = by_area.setdefault(area, {})
                    for part, count in counts.items():
                        total[part] = total.get(part, 0) + count
            rows += [row for area, counts in by_area.items() for row in _rows(area, counts, month, extract)]
    figures = pl.DataFrame(rows, orient="row", schema=FIGURES)
    connection = duckdb.connect()
    connection.execute("create schema marts; create schema core")
    dim_team = pl.DataFrame(
        [("999", extract, team, locality) for extract in EXTRACTS for team, locality in teams],
        orient="row",
        schema=["la_code", "extract_month", "team_name", "locality_name"],
    )
    faults = pl.DataFrame(_faults(chance, [team for team, _ in teams]), orient="row", schema=FAULTS)
    for name, frame in (
        ("marts.mart_indicator_monthly", figures.with_columns(rag=pl.lit("green"))),
        ("core.dim_team", dim_team),
        ("marts.mart_data_quality", faults),
    ):
        connection.register("frame", frame)
        connection.execute(f"create table {name} as select * from frame")
    return connection


FIGURES = {
    "indicator_id": pl.String, "la_code": pl.String, "area_type": pl.String, "area_name": pl.String, "month":
    pl.Date,
    "extract_month": pl.Date, "period": pl.String, "unit": pl.String, "numerator": pl.Int64, "denominator":
    pl.Int64,
    "value": pl.Float64, "status": pl.String,
}  # fmt: skip
FAULTS = {
    "rule": pl.String, "object": pl.String, "la_code": pl.String, "area_type": pl.String, "area_name": pl.String,
    "month": pl.Date, "checked": pl.Int64, "failed": pl.Int64, "new": pl.Int64, "fixed": pl.Int64,
    "failed_percent": pl.Float64,
}  # fmt: skip


def _of_team(of_month: np.random.Generator, size: int, so_far: Counts, chance: np.random.Generator) -> Counts:
    """Numerators and denominators of one team, `n` and `d`; `so_far` is what its financial year had: it grows.

    Whatever the relations leave open is drawn by chance: the size of a count, and its share of what it is part of.
    """
    drawn: Counts = {}
    left: dict[str, int] = {}
    for count in IN_ORDER:
        # the same for a count in every team and month
        digest = zlib.crc32(repr(count).encode())
        share, size_of_count = SHARES[digest % len(SHARES)], size * SIZES[digest % len(SIZES)]
        if count in WHOLES:
            whole, group = WHOLES[count]
            drawn[count] = int(of_month.binomial(left.get(group, drawn[whole]), share))
            left[group] = left.get(group, drawn[whole]) - drawn[count]
        else:
            # a few are recorded late
            is_year = PERIODS[count[0]] == "ytd"
            drawn[count] = int(of_month.poisson(size_of_count)) + int(not is_year and chance.random() < 0.1)
    for count in IN_ORDER:
        if PERIODS[count[0]] == "ytd":
            so_far[count] = so_far.get(count, 0) + drawn[count]
    counts = drawn | so_far
    return counts | {count: counts[same] for count, same in SAME.items()}


def _rows(area: tuple[str, str], counts: Counts, month: dt.date, extract: dt.date) -> list[tuple]:
    rows = []
    for indicator, unit, period, has_team_rows in REGISTER.select(
        "indicator_id", "unit", "period", "has_team_rows"
    ).iter_rows():
        numerator, base = counts[indicator, "n"], counts.get((indicator, "d"))
        is_there = area[0] == "authority" or (has_team_rows and (numerator if base is None else base) > 0)
        if not is_there:
            continue
        denominator = 50_000 if unit == "rate_per_10000" else base
        value = (
            numerator
            if unit == "number"
            else (100 if unit == "percentage" else 10_000) * numerator / denominator
            if denominator
            else None
        )
        status = "shown" if value is not None else "not_available"
        rows.append((indicator, "999", *area, month, extract, period, unit, numerator, denominator, value, status))
    return rows


def _faults(chance: np.random.Generator, teams: list[str]) -> list[tuple]:
    rows = []
    for rule in range(12):
        failed = {team: int(chance.poisson(chance.choice([0.5, 4, 40, 40, 40, 40, 40, 40]))) for team in teams}
        checked = {team: failed[team] + int(chance.poisson(60)) for team in teams}
        change = {team: (failed[team], 0) for team in teams}
        for month in MONTHS:
            own = [(team, checked[team], failed[team], *change[team]) for team in teams]
            whole = ("999", *(sum(row[place] for row in own) for place in range(1, 5)))
            for area_type, row in [("authority", whole), *(("team", row) for row in own)]:
                rows.append(
                    (
                        f"rule_{rule}",
                        f"object_{rule}",
                        "999",
                        area_type,
                        row[0],
                        month,
                        *row[1:],
                        100 * row[2] / row[1],
                    )
                )
            for team in teams:
                fixed, new = int(chance.binomial(failed[team], 0.3)), int(chance.poisson(2))
                failed[team] += new - fixed
                checked[team] += new + 3
                change[team] = (new, fixed)
    return rows
