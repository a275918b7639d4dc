"""The tables of `open/`: the marts without what would give a child away, and a status for every row.

Belongs here: which columns of a mart tell a suppressed count, and how rounding looks. Does not belong here: which
counts are suppressed, which `figures` and `records_at_fault` say.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from pipelines.publish.disclosure.board_lists import board_lists
from pipelines.publish.disclosure.decisions import Decisions
from pipelines.publish.disclosure.figures import FIGURE, suppressed_figures
from pipelines.publish.disclosure.records_at_fault import AREA_OF_RULE, suppressed_faults
from pipelines.settings import DisclosureRules

_FIGURES = "suppressed_figure"
_FAULTS = "suppressed_fault"
_BESIDE_A_SECRET = {
    "difference": "null",
    "verdict": "'not_judged'",
    "is_more_than_chance": "null",
    "chance_method": "null",
}
"""What stands beside a published figure where ours is suppressed."""
_BESIDE_A_SECRET_TARGET = {"rag": "null"}
_TOLD_BY_A_SERIES = (
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
"""What a signal says of the figures of its baseline, the month's own among them."""

_FIGURE_NOT_TOLD = f"""
    select
        {", ".join(FIGURE)},
        numerator is null as hides_numerator,
        denominator is null and unit = 'percentage' as hides_denominator
    from read_parquet(?)
    where status = 'suppressed'
"""
_FAULT_NOT_TOLD = f"""
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
    """Every table of `open/` with the query that gives it.

    `published` is the `open/` of the release before: what it does not tell is not told now either, of the same
    figure. `kept` is a folder for what was decided, so that it need not be decided again.

    The queries read temporary tables of this connection, which hold what is suppressed. Rows are those of the
    marts, none is left out; types are the marts' own.
    """
    figures = connection.execute(
        f"select {', '.join(FIGURE)}, period, unit, numerator, denominator from marts.mart_indicator_monthly"
    ).pl()
    teams = connection.execute("select la_code, extract_month, team_name, locality_name from core.dim_team").pl()
    decisions = Decisions(kept)
    not_told = _not_told(connection, published, "mart_indicator_monthly", _FIGURE_NOT_TOLD)
    connection.register("_found", suppressed_figures(figures, teams, rules.smallest_shown, not_told, decisions))
    decisions.keep_used_only()
    connection.execute(f"create or replace temp table {_FIGURES} as select * from _found")
    faults = connection.execute(
        f"select {', '.join(AREA_OF_RULE)}, object, checked, failed, new, fixed from marts.mart_data_quality"
    ).pl()
    not_told = _not_told(connection, published, "mart_data_quality", _FAULT_NOT_TOLD)
    connection.register("_found", suppressed_faults(faults, rules.smallest_shown, not_told))
    connection.execute(f"create or replace temp table {_FAULTS} as select * from _found")
    connection.unregister("_found")
    return [
        ("mart_indicator_monthly", figures_query("mart_indicator_monthly", rules, _BESIDE_A_SECRET_TARGET)),
        ("mart_indicator_benchmark", figures_query("mart_indicator_benchmark", rules, _BESIDE_A_SECRET)),
        ("mart_indicator_signal", _signals_query(rules)),
        ("mart_data_quality", _faults_query(rules)),
        *board_lists(rules.smallest_shown),
        # of others or public already: nothing in it is ours to hide
        ("fct_comparator_figure", "select * from core.fct_comparator_figure"),
    ]


def _not_told(
    connection: duckdb.DuckDBPyConnection, published: Path | None, mart: str, query: str
) -> pl.DataFrame | None:
    """What a table of the release before does not tell; None where there is none."""
    path = published / f"{mart}.parquet" if published else None
    if path is None or not path.is_file():
        return None
    return connection.execute(query, [str(path)]).pl()


def figures_query(mart: str, rules: DisclosureRules, derived: Mapping[str, str] | None = None) -> str:
    """A mart of figures as it may go out: one with the columns of `FIGURE`, numerator, denominator, value, unit,
    status.

    `derived` names its further columns that are computed from ours, each with the SQL that stands there where
    ours is suppressed (`null`, or a word of the column's own). With rounding they stand nowhere: they were
    computed from the exact figure. What is rounded is what is shown: it tells less than the exact figures beside
    the suppressed ones, for which there is a proof.
    """
    told = {name: name for name in ("numerator", "denominator", "value")}
    hides_numerator, hides_denominator = "coalesce(hides_numerator, false)", "coalesce(hides_denominator, false)"
    hidden = f"({hides_numerator} or {hides_denominator})"
    if rules.round_to:
        told["numerator"] = numerator = _rounded("numerator", rules.round_to)
        # people of a percentage; a rate's is a population that is published
        told["denominator"] = f"if(unit = 'percentage', {_rounded('denominator', rules.round_to)}, denominator)"
        told["value"] = f"""case
            when value is null then null
            when unit = 'number' then {numerator}
            when unit = 'percentage' then 100.0 * {numerator} / {told["denominator"]}
            else 10000.0 * {numerator} / denominator
        end"""
    columns = {
        "numerator": f"case when not {hides_numerator} then {told['numerator']} end",
        "denominator": f"case when not {hides_denominator} then {told['denominator']} end",
        "value": f"case when not {hidden} then cast({told['value']} as double) end",
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
    """Mean and limits give away a figure that is suppressed among shown ones: a signal is told where every figure
    of its baseline is. With rounding none is: they were computed from the exact figures."""
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
    told = ", ".join(f"case when not is_secret then {name} end as {name}" for name in _TOLD_BY_A_SERIES)
    return f"""
        select
            * exclude (is_secret) replace ({told}),
            case when is_secret then 'suppressed' else 'shown' end as status
        from (
            select signals.*, {"true" if rules.round_to else hidden} as is_secret
            from marts.mart_indicator_signal as signals
        )
    """


def _rounded(column: str, step: int) -> str:
    return f"cast(round({column} / {step}.0) * {step} as bigint)"


def _faults_query(rules: DisclosureRules) -> str:
    told = {name: name for name in ("checked", "failed", "new", "fixed", "failed_percent")}
    if rules.round_to:
        told = {name: _rounded(name, rules.round_to) for name in ("checked", "failed", "new", "fixed")}
        told["failed_percent"] = f"cast(100.0 * {told['failed']} / nullif({told['checked']}, 0) as double)"
    hidden_by = {
        "checked": "hides_checked",
        "failed": "hides_failed",
        "new": "hides_change",
        "fixed": "hides_change",
        "failed_percent": "hides_failed",
    }
    columns = ", ".join(
        f"case when not coalesce({flag}, false) then {told[name]} end as {name}"
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
