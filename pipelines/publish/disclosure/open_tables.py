"""The tables of `open/`: the marts without suppressed numbers, and a status for every row.

Belongs here: which columns of a mart reveal a suppressed count, and rounding. Does not belong here: which
counts are suppressed, which `suppression` and `records_at_fault` say.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from pipelines.publish.disclosure.board_lists import board_lists
from pipelines.publish.disclosure.decision_cache import DecisionCache
from pipelines.publish.disclosure.records_at_fault import AREA_OF_RULE, suppressed_faults
from pipelines.publish.disclosure.suppression import FIGURE, suppressed_figures
from pipelines.settings import DisclosureRules

_FIGURES = "suppressed_figure"
_FAULTS = "suppressed_fault"
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

_SUPPRESSED_FIGURES = f"""
    select
        {", ".join(FIGURE)},
        numerator is null as hides_numerator,
        denominator is null and unit = 'percentage' as hides_denominator
    from read_parquet(?)
    where status = 'suppressed'
"""
_SUPPRESSED_FAULTS = f"""
    select
        {", ".join(AREA_OF_RULE)},
        checked is null as hides_checked,
        failed is null as hides_failed,
        new is null as hides_change
    from read_parquet(?)
    where status = 'suppressed' or change_status = 'suppressed'
"""


def open_tables(
    connection: duckdb.DuckDBPyConnection,
    rules: DisclosureRules,
    published: Path | None = None,
    kept: Path | None = None,
) -> list[tuple[str, str]]:
    """Every table of `open/` with its query.

    `published` is the `open/` of the previous release: what it suppresses of a figure is suppressed again.
    `kept` is the folder of the decision cache.

    The queries read temporary tables of this connection, which have the suppressed cells. Rows and types are
    those of the marts.
    """
    figures = connection.execute(
        f"select {', '.join(FIGURE)}, period, unit, numerator, denominator from marts.mart_indicator_monthly"
    ).pl()
    teams = connection.execute("select la_code, extract_month, team_name, locality_name from core.dim_team").pl()
    cache = DecisionCache(kept)
    suppressed_before = _suppressed_before(connection, published, "mart_indicator_monthly", _SUPPRESSED_FIGURES)
    connection.register(
        "_found", suppressed_figures(figures, teams, rules.smallest_shown, suppressed_before, cache)
    )
    cache.keep_used_only()
    connection.execute(f"create or replace temp table {_FIGURES} as select * from _found")
    faults = connection.execute(
        f"select {', '.join(AREA_OF_RULE)}, object, checked, failed, new, fixed from marts.mart_data_quality"
    ).pl()
    suppressed_before = _suppressed_before(connection, published, "mart_data_quality", _SUPPRESSED_FAULTS)
    connection.register("_found", suppressed_faults(faults, rules.smallest_shown, suppressed_before))
    connection.execute(f"create or replace temp table {_FAULTS} as select * from _found")
    connection.unregister("_found")
    return [
        (
            "mart_indicator_monthly",
            figures_query("mart_indicator_monthly", rules, _MONTHLY_SUPPRESSED),
        ),
        (
            "mart_indicator_benchmark",
            figures_query("mart_indicator_benchmark", rules, _BENCHMARK_SUPPRESSED),
        ),
        ("mart_indicator_signal", _signals_query(rules)),
        ("mart_data_quality", _faults_query(rules)),
        *board_lists(rules.smallest_shown),
        # published by others or public already
        ("fct_comparator_figure", "select * from core.fct_comparator_figure"),
    ]


def _suppressed_before(
    connection: duckdb.DuckDBPyConnection, published: Path | None, mart: str, query: str
) -> pl.DataFrame | None:
    """The suppressed rows of a table of the previous release; None if there is none."""
    path = published / f"{mart}.parquet" if published else None
    if path is None or not path.is_file():
        return None
    return connection.execute(query, [str(path)]).pl()


def figures_query(mart: str, rules: DisclosureRules, derived: Mapping[str, str] | None = None) -> str:
    """The query for the open version of a mart of figures.

    The mart has the columns of `FIGURE`, numerator, denominator, value, unit and status.

    `derived` names further columns that are computed from ours, each with the SQL that replaces it where ours is
    suppressed (`null`, or a value of the column). With rounding these columns are always replaced: they were
    computed from exact figures. Rounded figures follow from shown ones, so the proofs hold for them.
    """
    shown = {name: name for name in ("numerator", "denominator", "value")}
    hides_numerator, hides_denominator = "coalesce(hides_numerator, false)", "coalesce(hides_denominator, false)"
    hidden = f"({hides_numerator} or {hides_denominator})"
    if rules.round_to:
        shown["numerator"] = numerator = _rounded("numerator", rules.round_to)
        # the denominator of a rate is a population, which is public
        shown["denominator"] = f"if(unit = 'percentage', {_rounded('denominator', rules.round_to)}, denominator)"
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
        select * exclude (hides_numerator, hides_denominator)
        replace ({", ".join(f"{sql} as {name}" for name, sql in columns.items())})
        from marts.{mart}
        left join {_FIGURES} using ({", ".join(FIGURE)})
    """


def _signals_query(rules: DisclosureRules) -> str:
    """Signals whose baseline has shown figures only: mean and limits would reveal a suppressed one.

    With rounding no signal is shown: all were computed from exact figures.
    """
    hidden = f"""exists (
        select 1
        from {_FIGURES} as secret
        where
            secret.indicator_id = signals.indicator_id
            and secret.la_code = signals.la_code
            and secret.area_type = signals.area_type
            and secret.area_name = signals.area_name
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
        )
    """


def _rounded(column: str, step: int) -> str:
    return f"cast(round({column} / {step}.0) * {step} as bigint)"


def _faults_query(rules: DisclosureRules) -> str:
    shown = {name: name for name in ("checked", "failed", "new", "fixed", "failed_percent")}
    if rules.round_to:
        shown = {name: _rounded(name, rules.round_to) for name in ("checked", "failed", "new", "fixed")}
        shown["failed_percent"] = f"cast(100.0 * {shown['failed']} / nullif({shown['checked']}, 0) as double)"
    hidden_by = {
        "checked": "hides_checked",
        "failed": "hides_failed",
        "new": "hides_change",
        "fixed": "hides_change",
        "failed_percent": "hides_failed",
    }
    columns = ", ".join(
        f"case when not coalesce({flag}, false) then {shown[name]} end as {name}"
        for name, flag in hidden_by.items()
    )
    return f"""
        select
            * exclude (hides_checked, hides_failed, hides_change) replace ({columns}),
            case when coalesce(hides_failed, false) then 'suppressed' else 'shown' end as status,
            case when coalesce(hides_change, false) then 'suppressed' else 'shown' end as change_status
        from marts.mart_data_quality
        left join {_FAULTS} using ({", ".join(AREA_OF_RULE)})
    """
