"""Figures of a made-up authority with small teams: every relation between indicators holds, everything else is
chance."""

import datetime as dt

import duckdb
import numpy as np
import polars as pl

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
YTD_OF_TWO = (
    "cp_plans_ended_2_years",
    "cp_reviews_on_time",
    "icpc_within_15_working_days",
    "permanence_plan_by_second_review",
)
ALONE = ("cp_children_reviewed_on_time", "assessments_within_45_working_days")

Counts = dict[tuple[str, str], int]
REGISTER = pl.read_csv(SEEDS / "indicator_register.csv")


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
    """Numerators and denominators of one team, `n` and `d`; `so_far` is what its financial year had and is added
    to."""

    def some(count: int, share: float) -> int:
        return int(of_month.binomial(count, share))

    counts: Counts = {}
    cin, cla, leavers, referrals = (int(of_month.poisson(size)) + int(chance.random() < 0.1) for _ in range(4))
    up_to_3 = some(cin, 0.3)
    counts |= {("cin_plans_open", "n"): cin, ("cin_plans_open_rate", "n"): cin}
    counts |= {("cin_plans_open_0_3_months", "n"): up_to_3, ("cin_plans_open_0_3_months", "d"): cin}
    counts |= {
        ("cin_plans_open_over_12_months", "n"): some(cin - up_to_3, 0.6),
        ("cin_plans_open_over_12_months", "d"): cin,
    }
    cp = int(of_month.poisson(size))
    counts |= {("cp_plans_open", "n"): cp, ("cp_plans_open_rate", "n"): cp}
    counts |= {("children_looked_after", "n"): cla, ("children_looked_after_rate", "n"): cla}
    counts |= {("cla_three_or_more_placements", "n"): some(cla, 0.1), ("cla_three_or_more_placements", "d"): cla}
    year = some(cla, 0.7)
    for name in ("cla_health_assessment_up_to_date", "cla_dental_check_up_to_date"):
        counts |= {(name, "n"): some(year, 0.8), (name, "d"): year}
    long = some(cla, 0.4)
    counts |= {("cla_long_term_stability", "n"): some(long, 0.7), ("cla_long_term_stability", "d"): long}
    reviewed = some(cla, 0.9)
    on_time = some(reviewed, 0.9)
    counts |= {("cla_children_reviewed_on_time", "n"): on_time, ("cla_children_reviewed_on_time", "d"): reviewed}
    counts |= {("cla_reviews_overdue", "n"): some(reviewed - on_time, 0.5)}
    for name in ("cla_started", "cla_ceased", "contacts"):
        counts |= {(name, "n"): int(of_month.poisson(size / 4))}
    counts |= {("referrals", "n"): referrals, ("re_referrals_12_months", "d"): referrals}
    counts |= {("re_referrals_12_months", "n"): some(referrals, 0.2), ("care_leavers", "n"): leavers}
    for name in ("care_leavers_in_touch", "care_leavers_eet"):
        counts |= {(name, "n"): some(leavers, 0.6), (name, "d"): leavers}
    housed, eligible = some(leavers, 0.95), int(of_month.poisson(size / 3))
    counts |= {
        ("care_leavers_suitable_accommodation", part): count
        for part, count in (("n", some(housed, 0.9)), ("d", housed))
    }
    pathway = ("care_leavers_pathway_plan_up_to_date", leavers + eligible)
    for name, base in (
        pathway,
        ("personal_adviser_allocated", eligible),
        *((name, int(of_month.poisson(size))) for name in ALONE),
    ):
        counts |= {(name, "n"): some(base, 0.85), (name, "d"): base}
    # what a year adds up
    events: Counts = {}
    started = int(of_month.poisson(size / 3))
    repeat = some(started, 0.3)
    events |= {("cp_plans_repeat", "n"): repeat, ("cp_plans_repeat", "d"): started}
    events |= {("cp_plans_repeat_12_months", "n"): some(repeat, 0.5), ("cp_plans_repeat_12_months", "d"): started}
    reviews = int(of_month.poisson(size / 2))
    coded = some(reviews, 0.97)
    events |= {("cla_reviews_on_time", "n"): some(reviews, 0.9), ("cla_reviews_on_time", "d"): reviews}
    events |= {("cla_review_participation", "n"): some(coded, 0.95), ("cla_review_participation", "d"): coded}
    for name in YTD_OF_TWO:
        base = int(of_month.poisson(size / 3))
        events |= {(name, "n"): some(base, 0.7), (name, "d"): base}
    for part, count in events.items():
        so_far[part] = so_far.get(part, 0) + count
    return counts | so_far


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
