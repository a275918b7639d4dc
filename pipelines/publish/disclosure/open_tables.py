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
from pipelines.publish.disclosure.hidden_figures import FIGURE, HIDDEN_FIGURE, hidden_figures
from pipelines.publish.disclosure.records_at_fault import faults_query, rounded
from pipelines.release_layout import parquet_of
from pipelines.seeds import seed_rows
from pipelines.settings import DisclosureRules

_FIGURES = "hidden_figure"
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

NOT_OPEN = sorted(row["indicator_id"] for row in seed_rows("indicator_register") if row["is_open"] != "true")
"""Indicators that stay in `restricted/`: it is not yet shown that suppression protects them."""

_SUPPRESSED_FIGURES = f"""
    select
        {", ".join(FIGURE)},
        numerator is null as hides_numerator,
        denominator is null and unit = 'percentage' as hides_denominator,
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
            cast(numerator as bigint) as numerator, cast(denominator as bigint) as denominator
        from marts.mart_indicator_monthly
        where {_is_open("area_type", rules)}
        """
    ).pl()
    teams = connection.execute("select la_code, extract_month, team_name, locality_name from core.dim_team").pl()
    cache = DecisionCache(kept)
    before = _hidden_before(connection, published, left_out)
    connection.register("_found", hidden_figures(figures, teams, rules.smallest_shown, before, cache))
    cache.keep_used_only()
    connection.execute(f"create or replace temp table {_FIGURES} as select * from _found")
    connection.unregister("_found")
    return [
        ("mart_indicator_monthly", _monthly_query(connection, rules)),
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


def _is_open(area_type: str, rules: DisclosureRules) -> str:
    names = ", ".join(f"'{name}'" for name in NOT_OPEN)
    return f"indicator_id not in ({names})" + ("" if rules.teams else f" and {area_type} <> '{TEAM}'")


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
    shown = {name: name for name in ("numerator", "denominator", "value")}
    hides_numerator, hides_denominator = "coalesce(hides_numerator, false)", "coalesce(hides_denominator, false)"
    hidden = f"({hides_numerator} or {hides_denominator})"
    if rules.round_to:
        shown["numerator"] = numerator = rounded("numerator", rules.round_to)
        # the denominator of a rate is a population, which is public
        shown["denominator"] = f"if(unit = 'percentage', {rounded('denominator', rules.round_to)}, denominator)"
        shown["value"] = f"""case
            when value is null then null
            when unit = 'number' then {numerator}
            when unit = 'percentage' then 100.0 * {numerator} / {shown["denominator"]}
            else 10000.0 * {numerator} / denominator
        end"""
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
