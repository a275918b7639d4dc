"""What leaves the service of the lists of the Corporate Parenting Board, which the authority writes itself.

Belongs here: the delivery plan and the employment table in `open/`. Does not belong here: what a personal text is
(`personal_text`), numbers in words (`numbers_in_text`), figures that are computed (`suppression`). Rounding does
not change these lists.

docs/disclosure.md has the rules. A text that could not be read is suppressed if it is a figure of the employment
table or has a number.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache

import duckdb
import polars as pl

from pipelines.contracts import contract
from pipelines.publish.disclosure.numbers_in_text import has_number, has_small_group, has_small_number
from pipelines.publish.disclosure.personal_text import personal_kind, plain_text

LISTS = {
    "mart_delivery_objective": "local_delivery_plan",
    "mart_delivery_plan": "local_delivery_plan",
    "mart_eet_plan": "local_eet_plan",
}
"""Tables of `open/`, each with the list that it shows."""
Declared = Mapping[str, Mapping[str, str]]
"""By table the columns that are declared safe: `code`, `text` or `role`."""

_CODE, _ROLE = "code", "role"
_TEXTS = "board_text"
"""Temporary table: what is known of every text of a month."""
_VALUES = ("metric", "current_text")
"""Columns in which any small number is suppressed."""
_AS_WRITTEN = ("target_text", "value_text")
"""Columns in which it is shown here: targets are no counts, and `value_text` has rules of its own."""
_FOLLOWS_CURRENT = ("current_number", "current_unit", "is_target_met", "is_closed_with_target_unmet")
"""Columns from which the current value follows, or nearly."""
_LINES_SHOWN = 10
LONGEST_TEXT = 2_000
"""Characters of the longest text that leaves the service."""

_EET = """
    with figures as (
        select
            plan.*,
            plan.kind = 'table' and plan.unit is not distinct from 'percentage' as is_share,
            case
                when plan.value is null
                    then plan.value_text is not null and (plan.kind = 'table' or {texts_with_a_number})
                when plan.value = 0 then false
                when plan.kind = 'table' and plan.unit = 'percentage'
                    then plan.young_people is null or plan.young_people <= {largest}
                else plan.value <= {largest} or {texts_with_a_small_number}
            end as is_small
        from marts.mart_eet_plan as plan
    ),
    cohorts as (
        select
            *,
            count(*) filter (where is_share and is_small) over cohort as hidden,
            coalesce(sum(young_people) filter (where is_share and is_small) over cohort, 0) as hidden_people,
            row_number() over (
                partition by la_code, extract_month, cohort, period, is_share and not is_small and value > 0
                order by upper(measure) = 'EET', young_people, measure, entry_number
            ) as position
        from figures
        window cohort as (partition by la_code, extract_month, cohort, period)
    ),
    first_hidden as (
        select * exclude (hidden, hidden_people, position) replace (
            is_small or (
                is_share and value > 0 and position = 1
                and (hidden = 1 or (hidden > 1 and hidden_people <= {largest}))
            ) as is_small
        )
        from cohorts
    ),
    decided as (
        select
            figures.* exclude (is_share, is_small),
            figures.is_small or (
                figures.kind <> 'table' and figures.unit is not distinct from 'percentage'
                and exists (
                    select 1
                    from first_hidden as shares
                    where
                        shares.is_share and shares.is_small
                        and shares.la_code = figures.la_code
                        and shares.extract_month <= figures.extract_month
                        and shares.value = figures.value
                )
            ) as is_hidden
        from first_hidden as figures
    ),
    shown as (
        select * exclude (is_hidden) replace (
            case when not is_hidden then value_text end as value_text,
            case when not is_hidden then value end as value,
            case when not is_hidden then young_people end as young_people,
            case when of_young_people = 0 or of_young_people > {largest} then of_young_people end
                as of_young_people
        ),
            case when is_hidden then 'suppressed' when value is null then 'not_available' else 'shown' end
                as status,
            -- the row stays if what it has is personal, also where that is suppressed
            value_text as text_of_row
        from decided
    )
"""


def board_lists(
    connection: duckdb.DuckDBPyConnection, declared: Declared, smallest_shown: int
) -> list[tuple[str, str]]:
    """The tables of `open/` that come from the board's lists, with the query that gives each.

    The queries read a temporary table of this connection.
    """
    largest = smallest_shown - 1
    _judge_texts(connection, declared, largest)
    return [(table, _query(connection, table, declared.get(table, {}), largest)) for table in LISTS]


def rows_held_back(connection: duckdb.DuckDBPyConnection, declared: Declared) -> list[str]:
    """A line for every list with rows that are not in `open/`: how many, and where in the newest list. No values.

    Call it after `board_lists`.
    """
    lines: list[str] = []
    for table in ("mart_delivery_plan", "mart_eet_plan"):
        rows = connection.execute(
            f"""
            select la_code, newest, count(*) filter (where extract_month = newest) as own, count(*) - own
            from (select *, max(extract_month) over (partition by la_code) as newest from marts.{table}) as plan
            where {_is_personal(declared.get(table, {}))}
            group by all having own > 0 order by all
            """
        ).fetchall()
        lines += [
            f"{la_code} {month:%Y-%m} {LISTS[table]}: rows left out of open/ because they look personal: {count}"
            f"{_where(connection, LISTS[table], la_code, month)}"
            f"{f'; in earlier lists: {earlier}' if earlier else ''}."
            " Remove what identifies a person, and run the month again"
            for la_code, month, count, earlier in rows
        ]
    return lines


def _query(connection: duckdb.DuckDBPyConnection, table: str, declared: Mapping[str, str], largest: int) -> str:
    types = dict(
        connection.execute(
            "select column_name, data_type from duckdb_columns()"
            " where schema_name = 'marts' and table_name = ? and database_name = current_database()",
            [table],
        ).fetchall()
    )
    texts = {name: declared.get(name) for name, data_type in types.items() if data_type == "VARCHAR"}
    is_plan, is_eet = table == "mart_delivery_plan", table == "mart_eet_plan"
    hidden = {column: _has("is_small_number", column) for column in _VALUES if is_plan}
    hidden |= {
        name: _has("is_small_group", name)
        for name, kind in texts.items()
        if kind not in {None, _CODE} and name not in (*_VALUES, *_AS_WRITTEN)
    }
    rules = dict(hidden)
    if is_plan:
        rules |= {name: hidden["current_text"] for name in _FOLLOWS_CURRENT if name in types}
    replaced = [f"case when not {rule} then {name} end as {name}" for name, rule in rules.items()]
    replaced += [f"cast(null as varchar) as {name}" for name, kind in texts.items() if kind is None]
    columns = f"* {'exclude (text_of_row)' if is_eet else ''}"
    columns += f" replace ({', '.join(replaced)})" if replaced else ""
    if is_plan:
        columns += f", case when {' or '.join(hidden.values())} then 'suppressed' else 'shown' end as status"
    if not is_eet:
        return f"select {columns} from marts.{table} as plan where not {_is_personal(declared)}"
    figures = _EET.format(
        largest=largest,
        texts_with_a_number=_has("is_number", "value_text"),
        texts_with_a_small_number=_has("is_small_number", "value_text"),
    )
    declared = {"text_of_row" if name == "value_text" else name: kind for name, kind in declared.items()}
    order = "order by la_code, extract_month, kind, cohort, period, measure, entry_number"
    return f"{figures} select {columns} from shown as plan where not {_is_personal(declared)} {order}"


def _judge_texts(connection: duckdb.DuckDBPyConnection, declared: Declared, largest: int) -> None:
    """Writes the temporary table of texts: which look personal, and which have a number or a small one."""
    places = {
        word
        for (name,) in connection.execute("select distinct locality_name from core.dim_team").fetchall()
        for word in (name or "").lower().split()
    }
    # the marts are views: each is computed once for each kind of column
    judged = {
        (text, month, is_role): _verdicts(text, month, places, largest, is_role)
        for table in LISTS
        for is_role, names in _judged_columns(declared.get(table, {}))
        for text, month in connection.execute(
            f"select distinct unnest([{names}]), extract_month from marts.{table} as plan"
        ).fetchall()
        if text
    }
    schema = {
        "text": pl.String,
        "extract_month": pl.Date,
        "is_role": pl.Boolean,
        "personal": pl.String,
        **dict.fromkeys(("is_number", "is_small_number", "is_small_group"), pl.Boolean),
    }
    frame = pl.DataFrame([(*key, *verdicts) for key, verdicts in judged.items()], schema=schema, orient="row")
    connection.register("_judged", frame)
    connection.execute(f"create or replace temp table {_TEXTS} as select * from _judged")
    connection.unregister("_judged")


def _verdicts(
    text: str, month: dt.date, places: set[str], largest: int, is_role: bool
) -> tuple[str | None, bool, bool, bool]:
    """What the text looks like, and whether it has a number, a small number, and a small group of people."""
    numbers = _numbers_in(text, largest)
    if numbers is None:
        # a board's list has no such texts, and the patterns could take minutes on one
        return f"a text of more than {LONGEST_TEXT:,} characters", True, True, True
    return personal_kind(text, month, places, is_role=is_role), *numbers


@lru_cache(maxsize=100_000)
def _numbers_in(text: str, largest: int) -> tuple[bool, bool, bool] | None:
    """Whether the text has a number, a small number, and a small group of people. None if it is too long.

    Most texts of a list are those of the month before.
    """
    if len(plain_text(text)) > LONGEST_TEXT:
        return None
    return has_number(text), has_small_number(text, largest), has_small_group(text, largest)


def _has(verdict: str, column: str) -> str:
    """Whether the text of a column has a verdict, as SQL."""
    return (
        f"exists (select 1 from {_TEXTS} as judged where judged.{verdict} and judged.text = plan.{column}"
        " and judged.extract_month = plan.extract_month)"
    )


def _judged_columns(declared: Mapping[str, str]) -> Iterator[tuple[bool, str]]:
    """The declared columns whose texts are judged, as SQL: those of roles, and the others."""
    for is_role in (False, True):
        names = [f"plan.{name}" for name, kind in declared.items() if kind != _CODE and (kind == _ROLE) == is_role]
        if names:
            yield is_role, ", ".join(names)


def _is_personal(declared: Mapping[str, str]) -> str:
    """Whether a declared text of a row looks personal, as SQL."""
    rules = [
        f"exists (select 1 from {_TEXTS} as judged where judged.personal is not null"
        f" and judged.is_role = {is_role} and judged.extract_month = plan.extract_month"
        f" and judged.text in ({names}))"
        for is_role, names in _judged_columns(declared)
    ]
    return f"({' or '.join(rules) or 'false'})"


def _where(connection: duckdb.DuckDBPyConnection, name: str, la_code: str, month: dt.date) -> str:
    """The lines of a delivered list that look personal, with the column and what it looks like."""
    columns = [column.name for column in contract(name).loaded_columns if column.type in ("text", "code")]
    cells = connection.execute(
        f"""
        select distinct line_number, column_name, personal
        from (unpivot raw.{name} on {", ".join(columns)} into name column_name value text)
        inner join {_TEXTS} using (text, extract_month)
        where personal is not null and is_role = (column_name = 'responsible_role')
            and la_code = ? and extract_month = ?
        order by all
        """,
        [la_code, month],
    ).fetchall()
    shown = [f"line {line}: {column} like {kind}" for line, column, kind in cells[:_LINES_SHOWN]]
    return f" ({', '.join(shown)}{' and others' if len(cells) > len(shown) else ''})" if shown else ""
