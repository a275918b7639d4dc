"""Records at fault in `open/`: of every rule and month, for the authority only.

Records that failed last month, less the fixed ones, plus the new ones, fail now. So the changes of a month are
shown only if the failed records of both months are, and the records that stay at fault are a count, too. The
records of an object are counted under each of its rules.
"""

from pathlib import Path

import duckdb

from pipelines.publish.disclosure.area_levels import AUTHORITY
from pipelines.release_layout import sql_of
from pipelines.settings import DisclosureRules

_KEY = "rule, la_code, month"
_SMALL = "coalesce({count} between 1 and {largest}, false)"

_HIDDEN = """
    create or replace temp table hidden_fault as
    with own as (
        select
            *,
            failed - new as stayed,
            lag(failed) over months - fixed as stayed_before
        from marts.mart_data_quality
        where area_type = '{authority}'
        window months as (partition by la_code, rule order by month)
    ),
    checked as (
        select
            *,
            bool_or({small_checked} or coalesce(was_checked, false)) over (partition by la_code, object, month)
                as hides_checked
        from own
        left join previous using ({key})
    ),
    failed as (
        select
            *,
            hides_checked or {small_failed} or {small_correct} or coalesce(was_failed, false) as hides_failed
        from checked
    )
    select
        {key}, hides_checked, hides_failed,
        hides_failed
            or coalesce(lag(hides_failed) over months, false)
            or {small_new} or {small_fixed} or {small_stayed} or {small_stayed_before}
            or coalesce(was_change, false) as hides_change
    from failed
    window months as (partition by la_code, rule order by month)
"""

_PREVIOUS = """
    create or replace temp table previous as
    select {key}, checked is null as was_checked, failed is null as was_failed, new is null as was_change
    from {published}
    where area_type = '{authority}'
"""


def faults_query(connection: duckdb.DuckDBPyConnection, rules: DisclosureRules, published: Path | None) -> str:
    """The query for the open version of `mart_data_quality`, with rounding where the rules say so.

    It reads a temporary table of this connection. What the previous release hid, in `published`, stays hidden.
    """
    earlier = sql_of(published, "mart_data_quality") if published else None
    connection.execute(
        _PREVIOUS.format(
            key=_KEY,
            published=earlier or "marts.mart_data_quality",
            authority=AUTHORITY if earlier else "",
        )
    )
    counts = {"checked": "checked", "failed": "failed", "correct": "(checked - failed)"}
    counts |= {name: name for name in ("new", "fixed", "stayed", "stayed_before")}
    small = {
        f"small_{name}": _SMALL.format(count=count, largest=rules.smallest_shown - 1)
        for name, count in counts.items()
    }
    connection.execute(_HIDDEN.format(key=_KEY, authority=AUTHORITY, **small))
    hidden_by = {"checked": "checked", "failed": "failed", "new": "change", "fixed": "change"}
    shown = {name: rounded(name, rules.round_to) for name in hidden_by}
    shown["failed_percent"] = f"cast(100.0 * {shown['failed']} / nullif({shown['checked']}, 0) as double)"
    hidden_by["failed_percent"] = "failed"
    columns = ", ".join(
        f"case when not hides_{hidden_by[name]} then {sql} end as {name}" for name, sql in shown.items()
    )
    return f"""
        select
            * exclude (hides_checked, hides_failed, hides_change) replace ({columns}),
            case when hides_failed then 'suppressed' else 'shown' end as status,
            case when hides_change then 'suppressed' else 'shown' end as change_status
        from marts.mart_data_quality
        inner join hidden_fault using ({_KEY})
        where area_type = '{AUTHORITY}'
    """


def rounded(column: str, step: int | None) -> str:
    """The SQL for a count, rounded to a multiple of `step`, if there is one."""
    return f"cast(round({column} / {step}.0) * {step} as bigint)" if step else column
