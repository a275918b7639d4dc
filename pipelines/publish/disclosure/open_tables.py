"""The tables of `open/`: the marts without suppressed numbers, and a status for every row.

Belongs here: which rows and columns of a mart reveal a suppressed count, and rounding. Does not belong here: which
counts of figures are suppressed (`hidden_figures`).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.publish.disclosure.area_levels import AUTHORITY, TEAM
from pipelines.publish.disclosure.decision_cache import DecisionCache
from pipelines.publish.disclosure.hidden_breakdowns import HIDDEN_BREAKDOWN, hidden_breakdowns
from pipelines.publish.disclosure.hidden_figures import FIGURE, HIDDEN_FIGURE, hidden_figures
from pipelines.publish.disclosure.records_at_fault import faults_query, rounded
from pipelines.publish.disclosure.related_counts import never_shown
from pipelines.publish.disclosure.what_is_counted import MEANS, PARTS
from pipelines.release_layout import parquet_of
from pipelines.seeds import seed_rows
from pipelines.settings import DisclosureRules

_FIGURES, _TABLES, _CODES = "hidden_figure", "hidden_breakdown", "code_of_dimension"
_IS_SHOWN = " and ".join(f"indicator_id <> '{name}'" for name in sorted(never_shown())) or "true"
_BREAKDOWNS = f"""
    select {", ".join(HIDDEN_BREAKDOWN)}, code, unit, period, numerator, denominator
    from marts.mart_indicator_breakdown
    where {_IS_SHOWN}
"""
_BENCHMARK_SUPPRESSED = {
    "difference": "null",
    "verdict": "'not_judged'",
    "is_more_than_chance": "null",
    "chance_method": "null",
}
"""The columns of a comparison with a published figure, where ours is suppressed."""
_MONTHLY_SUPPRESSED = {"rag": "null"}
_REVEALED_BY_A_SIGNAL = (
    "value",
    "points",
    "baseline_from",
    "centre",
    "lower_limit",
    "upper_limit",
    "signal",
    "rule",
    "direction",
    "is_better",
    "confidence_low",
    "confidence_high",
)
"""The columns of a signal that reveal figures of its baseline, the month's own among them."""

_OF_EVERY_ROW = ("indicator_name", "indicator_group", "period", "basis", "unit")
"""Columns that are the same for every area of a table."""

_SUPPRESSED_FIGURES = f"""
    select
        {", ".join(FIGURE)},
        numerator is null as hides_numerator,
        denominator is null and unit not in ('number', 'rate_per_10000') as hides_denominator,
        null as left_out,
        false as is_added
    from read_parquet(?, hive_partitioning = false)
    where status = 'suppressed'
"""


def open_tables(
    connection: duckdb.DuckDBPyConnection,
    rules: DisclosureRules,
    published: Path | None = None,
    left_out: Iterable[Mapping[str, str]] = (),
    kept: Path | None = None,
) -> list[tuple[str, str]]:
    """Every table of figures in `open/` with its query; `board_lists` has the others.

    `published` is the `open/` of the previous release, `left_out` its rows that were left out, as `left_out_rows`
    gives them: what it suppresses or leaves out stays so. `kept` is the folder of the decision cache.

    The queries read temporary tables of this connection, which have what is hidden. Columns and types are those of
    the marts.
    """
    figures = connection.execute(
        f"""
        select
            {", ".join(FIGURE)}, period, unit,
            cast(numerator as double) as numerator, cast(denominator as double) as denominator
        from marts.mart_indicator_monthly
        where {_is_open("area_type", rules)}
        """
    ).pl()
    teams = connection.execute("select la_code, extract_month, team_name, locality_name from core.dim_team").pl()
    cache = DecisionCache(kept)
    before = _hidden_before(connection, published, left_out)
    hidden = hidden_figures(figures, teams, rules.smallest_shown, before, cache)
    _keep(connection, _FIGURES, hidden)
    breakdowns = connection.execute(_BREAKDOWNS).pl()
    earlier = _breakdowns_hidden_before(connection, published)
    _keep(connection, _TABLES, hidden_breakdowns(breakdowns, hidden, rules.smallest_shown, earlier, cache))
    _keep(connection, _CODES, _codes())
    cache.keep_used_only()
    return [
        ("mart_indicator_monthly", _monthly_query(connection, rules)),
        ("mart_indicator_breakdown", _breakdown_query(rules)),
        (
            "mart_indicator_benchmark",
            figures_query("mart_indicator_benchmark", rules, _BENCHMARK_SUPPRESSED),
        ),
        ("mart_indicator_signal", _signals_query(rules)),
        ("mart_data_quality", faults_query(connection, rules, published)),
        # published by others or public already
        ("fct_comparator_figure", "select * from core.fct_comparator_figure"),
        ("mart_breakdown_benchmark", "select * from marts.mart_breakdown_benchmark"),
    ]


def left_out_rows(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows that `open/` leaves out, with the reason, after `open_tables` on this connection. No numbers."""
    names = ("indicator_id", "la_code", "month", "extract_month", "reason")
    rows = connection.execute(
        f"""
        select indicator_id, la_code, strftime(month, '%Y-%m'), strftime(extract_month, '%Y-%m'), left_out
        from {_FIGURES}
        where left_out is not null
        order by all
        """
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _hidden_before(
    connection: duckdb.DuckDBPyConnection, published: Path | None, left_out: Iterable[Mapping[str, str]]
) -> pl.DataFrame:
    """What the previous release hid, as an answer of `hidden_figures`."""
    rows = [
        (row["indicator_id"], row["la_code"], AUTHORITY, "", f"{row['month']}-01", f"{row['extract_month']}-01")
        for row in left_out
    ]
    absent = pl.DataFrame(rows, orient="row", schema=dict.fromkeys(FIGURE, pl.String)).with_columns(
        pl.col("month", "extract_month").str.to_date().dt.month_end(),
        hides_numerator=False,
        hides_denominator=False,
        left_out=pl.lit("earlier"),
        is_added=False,
    )
    files = parquet_of(published, "mart_indicator_monthly") if published else None
    if files is None:
        return absent.cast(pl.Schema(HIDDEN_FIGURE))
    suppressed = connection.execute(_SUPPRESSED_FIGURES, [files]).pl()
    return pl.concat([suppressed.cast(pl.Schema(HIDDEN_FIGURE)), absent.cast(pl.Schema(HIDDEN_FIGURE))])


def _breakdowns_hidden_before(
    connection: duckdb.DuckDBPyConnection, published: Path | None
) -> pl.DataFrame | None:
    """The tables that the previous release hides; one of an earlier version has no breakdowns."""
    files = parquet_of(published, "mart_indicator_breakdown") if published else None
    if files is None:
        return None
    names = ", ".join(HIDDEN_BREAKDOWN)
    read = f"select distinct {names} from read_parquet(?, hive_partitioning = false) where status = 'suppressed'"
    return connection.execute(read, [files]).pl().cast(pl.Schema(HIDDEN_BREAKDOWN))


def _keep(connection: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> None:
    connection.register("_found", rows)
    connection.execute(f"create or replace temp table {name} as select * from _found")
    connection.unregister("_found")


def _codes() -> pl.DataFrame:
    """Every code of the dimensions whose codes are not those of the data."""
    of_data = {row["dimension"] for row in seed_rows("dimension") if row["is_open"] == "true"}
    rows = [row for row in seed_rows("dimension_code") if row["dimension"] not in of_data]
    return pl.DataFrame(rows).select("dimension", "code", "code_label", pl.col("sort_order").cast(pl.Int32))


def _is_open(area_type: str, rules: DisclosureRules) -> str:
    return _IS_SHOWN + ("" if rules.teams else f" and {area_type} <> '{TEAM}'")


def _monthly_query(connection: duckdb.DuckDBPyConnection, rules: DisclosureRules) -> str:
    """Figures, and a row of every area of a hidden table, whether somebody is counted there or not."""
    columns = [column[0] for column in connection.execute("describe marts.mart_indicator_monthly").fetchall()]
    of_every_row = [name for name in columns if name in _OF_EVERY_ROW]
    return f"""
        select * from ({figures_query("mart_indicator_monthly", rules, _MONTHLY_SUPPRESSED)})
        union all by name
        select
            {", ".join(f"secret.{name}" for name in FIGURE)},
            {", ".join(f"whole.{name}" for name in of_every_row)},
            case
                when not hides_numerator then {rounded("coalesce(own.numerator, 0)", rules.round_to)}
            end as numerator,
            case
                when not hides_denominator and whole.unit = 'percentage'
                    then {rounded("own.denominator", rules.round_to)}
            end as denominator,
            'suppressed' as status
        from {_FIGURES} as secret
        inner join marts.mart_indicator_monthly as whole
            on {" and ".join(f"secret.{name} = whole.{name}" for name in FIGURE if not name.startswith("area_"))}
            and whole.area_type = '{AUTHORITY}'
        left join marts.mart_indicator_monthly as own
            on {" and ".join(f"secret.{name} = own.{name}" for name in FIGURE)}
        where secret.area_type <> '{AUTHORITY}'
        -- hidden rows are not behind the shown ones
        order by {", ".join(FIGURE)}
    """


def figures_query(mart: str, rules: DisclosureRules, derived: Mapping[str, str] | None = None) -> str:
    """The query for the open version of a mart of figures, without the rows of hidden tables of areas.

    The mart has the columns of `FIGURE`, numerator, denominator, value, unit and status.

    `derived` names further columns that are computed from ours, each with the SQL that replaces it where ours is
    suppressed (`null`, or a value of the column). With rounding these columns are always replaced: they were
    computed from exact figures. Rounded figures follow from shown ones, so the proofs hold for them.
    """
    shown = _shown(rules)
    hides_numerator, hides_denominator = "coalesce(hides_numerator, false)", "coalesce(hides_denominator, false)"
    hidden = f"({hides_numerator} or {hides_denominator})"
    columns = {
        "numerator": f"case when not {hides_numerator} then {shown['numerator']} end",
        "denominator": f"case when not {hides_denominator} then {shown['denominator']} end",
        "value": f"case when not {hidden} then cast({shown['value']} as double) end",
    }
    for name, sql in (derived or {}).items():
        columns[name] = f"case when {'true' if rules.round_to else hidden} then {sql} else {name} end"
    columns["status"] = f"case when {hidden} then 'suppressed' else status end"
    return f"""
        select * exclude (hides_numerator, hides_denominator, left_out, is_added)
        replace ({", ".join(f"{sql} as {name}" for name, sql in columns.items())})
        from marts.{mart}
        left join {_FIGURES} using ({", ".join(FIGURE)})
        where {_is_open("area_type", rules)} and left_out is null and (area_type = '{AUTHORITY}' or not {hidden})
    """


def _shown(rules: DisclosureRules) -> dict[str, str]:
    """The SQL for each number of a figure. Of a mean the numerator is a sum of scores, months or days."""
    if not rules.round_to:
        return {name: name for name in (*PARTS, "value")}
    is_mean, numerator = f"unit in {MEANS}", rounded("numerator", rules.round_to)
    denominator = rounded("denominator", rules.round_to)
    return {
        "numerator": f"if({is_mean}, null, {numerator})",
        # the denominator of a rate is a population, which is public
        "denominator": f"if(unit in {('percentage', *MEANS)}, {denominator}, denominator)",
        "value": f"""case
            when value is null or {is_mean} then value
            when unit = 'number' then {numerator}
            when unit = 'percentage' then 100.0 * {numerator} / {denominator}
            when unit = 'per_fte' then {numerator} / denominator
            else 10000.0 * {numerator} / denominator
        end""",
    }


def _breakdown_query(rules: DisclosureRules) -> str:
    """Breakdowns, and of a hidden table a row for every code of the dimension, whether it occurs or not.

    With rounding the share of a code is left out: it was computed from exact numbers.
    """
    shown = _shown(rules) | {"share": "null" if rules.round_to else "share"}
    numbers = (*PARTS, "value", "share")
    return f"""
        select * replace ({", ".join(f"cast({shown[name]} as double) as {name}" for name in numbers)})
        from marts.mart_indicator_breakdown
        anti join {_TABLES} using ({", ".join(HIDDEN_BREAKDOWN)})
        where {_IS_SHOWN}
        union all by name
        select
            secret.*,
            codes.code,
            codes.code_label,
            codes.sort_order,
            {", ".join(f"cast(null as double) as {name}" for name in numbers)},
            'suppressed' as status
        from (
            select distinct on ({", ".join(HIDDEN_BREAKDOWN)})
                * exclude (code, code_label, sort_order, {", ".join(numbers)}, status)
            from marts.mart_indicator_breakdown
            semi join {_TABLES} using ({", ".join(HIDDEN_BREAKDOWN)})
        ) as secret
        left join {_CODES} as codes
            on secret.dimension = codes.dimension
        -- hidden rows are not behind the shown ones
        order by {", ".join(HIDDEN_BREAKDOWN)}, sort_order, code
    """


def _signals_query(rules: DisclosureRules) -> str:
    """Signals whose baseline has shown figures only: mean and limits would reveal a suppressed one.

    Below the authority there are signals of shown rows only: others would reveal where somebody is counted. With
    rounding no signal is shown: all were computed from exact figures.
    """
    of_series = " and ".join(
        f"secret.{name} = signals.{name}" for name in ("indicator_id", "la_code", "area_type", "area_name")
    )
    hidden = f"""exists (
        select 1
        from {_FIGURES} as secret
        where
            {of_series}
            and secret.month = secret.extract_month
            and secret.month between coalesce(signals.baseline_from, signals.month) and signals.month
    )"""
    shown = ", ".join(f"case when not is_secret then {name} end as {name}" for name in _REVEALED_BY_A_SIGNAL)
    return f"""
        select
            * exclude (is_secret) replace ({shown}),
            case when is_secret then 'suppressed' else 'shown' end as status
        from (
            select signals.*, {"true" if rules.round_to else hidden} as is_secret
            from marts.mart_indicator_signal as signals
            semi join ({figures_query("mart_indicator_monthly", rules)}) as figures using ({", ".join(FIGURE)})
        )
    """
