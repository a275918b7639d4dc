"""What leaves the service of the lists of the Corporate Parenting Board, which the authority writes itself.

Belongs here: the delivery plan and the employment table in `open/`. Does not belong here: what a personal text is
(`personal_text`), numbers in words (`numbers_in_text`), figures that are computed (`suppression`). Rounding does
not change these lists.

A text column is in `open/` if its dbt YAML declares it (`meta: {open: ...}`), else it is null. A row with a text
that looks personal stays in `restricted/`. In the delivery plan the current value, and the name of a measure, is
suppressed if a small whole number occurs in it: a text does not say what a number counts. Other texts, except the
target, are suppressed where a small number is followed by a word for people. In the employment table

* a small count is suppressed, and a share that stands for a small count or an unknown one;
* if one share of a cohort is suppressed, or the suppressed ones stand for few people, another is suppressed,
  because the shares add up to 100: the smallest that is not 0; the share in education, employment or training
  last, because other tables show it, too;
* a target that repeats a suppressed share of this or an earlier list is suppressed;
* a text that could not be read is suppressed if it is a figure of the table or has a number.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping

import duckdb
import polars as pl

from pipelines.contracts import contract
from pipelines.publish.disclosure.numbers_in_text import has_number, has_small_group, has_small_number
from pipelines.publish.disclosure.personal_text import personal_kind

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
            la_code, extract_month, cohort, period,
            count(*) as hidden,
            coalesce(sum(young_people), 0) as hidden_people
        from figures
        where is_share and is_small
        group by all
    ),
    beside as (
        select figures.la_code, figures.extract_month, figures.cohort, figures.period, figures.measure,
            figures.entry_number
        from figures
        inner join cohorts using (la_code, extract_month, cohort, period)
        where
            figures.is_share and not figures.is_small and figures.value > 0
            and (cohorts.hidden = 1 or cohorts.hidden_people <= {largest})
        qualify row_number() over (
            partition by figures.la_code, figures.extract_month, figures.cohort, figures.period
            order by upper(figures.measure) = 'EET', figures.young_people, figures.measure, figures.entry_number
        ) = 1
    ),
    first_hidden as (
        select figures.* replace (figures.is_small or beside.measure is not null as is_small)
        from figures
        left join beside
            on figures.is_share
            and figures.la_code = beside.la_code and figures.extract_month = beside.extract_month
            and figures.cohort = beside.cohort and figures.period = beside.period
            and figures.measure = beside.measure and figures.entry_number = beside.entry_number
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
    if connection.execute(f"select 1 from {_TEXTS} where personal is not null limit 1").fetchone() is None:
        return lines
    for table, name in LISTS.items():
        if table == "mart_delivery_objective":
            continue
        months = connection.execute(
            f"select la_code, extract_month, count(*) from marts.{table} as plan"
            f" where {_is_personal(declared.get(table, {}))} group by all order by all"
        ).fetchall()
        newest = dict(
            connection.execute(f"select la_code, max(extract_month) from marts.{table} group by 1").fetchall()
        )
        where = _lines_of_the_list(connection, name)
        for la_code, month, count in months:
            if newest[la_code] == month:
                earlier = sum(rows for la, held, rows in months if la == la_code and held < month)
                lines.append(
                    f"{la_code} {month:%Y-%m} {name}: rows left out of open/ because they look personal: {count}"
                    f"{where.get((la_code, month), '')}{f'; in earlier lists: {earlier}' if earlier else ''}."
                    " Remove what identifies a person, and run the month again"
                )
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
    begin = f"from marts.{table} as plan"
    hidden: dict[str, str] = {}
    if table == "mart_eet_plan":
        begin = "from shown as plan"
    elif table == "mart_delivery_plan":
        hidden = {column: _has("is_small_number", f"plan.{column}") for column in _VALUES}
    hidden |= {
        name: _has("is_small_group", f"plan.{name}")
        for name, kind in texts.items()
        if kind not in {None, _CODE} and name not in (*_VALUES, *_AS_WRITTEN)
    }
    replaced = {name: f"case when not {rule} then {name} end" for name, rule in hidden.items()}
    if table == "mart_delivery_plan":
        replaced |= {
            name: f"case when not {hidden['current_text']} then {name} end"
            for name in _FOLLOWS_CURRENT
            if name in types
        }
    replaced |= {name: "cast(null as varchar)" for name, kind in texts.items() if kind is None}
    columns = "*" if table != "mart_eet_plan" else "* exclude (text_of_row)"
    if replaced:
        columns += f" replace ({', '.join(f'{rule} as {name}' for name, rule in replaced.items())})"
    if table == "mart_delivery_plan":
        any_hidden = " or ".join(hidden.values()) or "false"
        columns += f", case when {any_hidden} then 'suppressed' else 'shown' end as status"
    before = ""
    if table == "mart_eet_plan":
        before = _EET.format(
            largest=largest,
            texts_with_a_number=_has("is_number", "plan.value_text"),
            texts_with_a_small_number=_has("is_small_number", "plan.value_text"),
        )
        declared = {"text_of_row" if name == "value_text" else name: kind for name, kind in declared.items()}
    return f"{before} select {columns} {begin} where not {_is_personal(declared)}"


def _judge_texts(connection: duckdb.DuckDBPyConnection, declared: Declared, largest: int) -> None:
    """Writes the temporary table of texts: which look personal, and which have a number or a small one."""
    places = {
        word
        for (name,) in connection.execute("select distinct locality_name from core.dim_team").fetchall()
        for word in (name or "").lower().split()
    }
    texts: set[tuple[str, dt.date, bool]] = set()
    for table in LISTS:
        names = [name for name, kind in declared.get(table, {}).items() if kind != _CODE]
        # the marts are views: each is computed once
        rows = connection.execute(f"select {', '.join((*names, 'extract_month'))} from marts.{table}").fetchall()
        for *cells, month in rows:
            texts |= {
                (text, month, declared[table][name] == _ROLE)
                for name, text in zip(names, cells, strict=True)
                if text
            }
    numbers = {
        text: (has_number(text), has_small_number(text, largest), has_small_group(text, largest))
        for text in {text for text, _, _ in texts}
    }
    judged = [
        (text, month, is_role, personal_kind(text, month, places, is_role=is_role), *numbers[text])
        for text, month, is_role in texts
    ]
    schema = {
        "text": pl.String,
        "extract_month": pl.Date,
        "is_role": pl.Boolean,
        "personal": pl.String,
        **dict.fromkeys(("is_number", "is_small_number", "is_small_group"), pl.Boolean),
    }
    frame = pl.DataFrame(judged, schema=schema, orient="row")
    connection.register("_judged", frame)
    connection.execute(f"create or replace temp table {_TEXTS} as select * from _judged")
    connection.unregister("_judged")


def _has(verdict: str, column: str) -> str:
    """Whether the text of a column has a verdict, as SQL."""
    return (
        f"exists (select 1 from {_TEXTS} as judged where judged.{verdict} and judged.text = {column}"
        " and judged.extract_month = plan.extract_month)"
    )


def _is_personal(declared: Mapping[str, str]) -> str:
    """Whether a declared text of a row looks personal, as SQL."""
    by_kind = defaultdict(list)
    for name, kind in declared.items():
        by_kind[kind].append(f"plan.{name}")
    rules = [
        f"exists (select 1 from {_TEXTS} as judged where judged.personal is not null"
        f" and judged.is_role = {kind == _ROLE} and judged.extract_month = plan.extract_month"
        f" and judged.text in ({', '.join(names)}))"
        for kind, names in by_kind.items()
        if kind != _CODE
    ]
    return f"({' or '.join(rules) or 'false'})"


def _lines_of_the_list(connection: duckdb.DuckDBPyConnection, name: str) -> dict[tuple[str, object], str]:
    """By authority and month the lines of the delivered file, with the column and what it looks like."""
    cells_of: dict[tuple[str, object], list[str]] = defaultdict(list)
    for la_code, month, line, column, kind in _personal_cells(connection, name):
        cells_of[la_code, month].append(f"line {line}: {column} like {kind}")
    return {
        key: f" ({', '.join(cells[:_LINES_SHOWN])}{' and others' if len(cells) > _LINES_SHOWN else ''})"
        for key, cells in cells_of.items()
    }


def _personal_cells(
    connection: duckdb.DuckDBPyConnection, name: str
) -> Iterator[tuple[str, object, int, str, str]]:
    columns = [column.name for column in contract(name).loaded_columns if column.type in ("text", "code")]
    cells = " union all ".join(
        f"select la_code, extract_month, line_number, '{column}' as column_name, {column} as text from raw.{name}"
        for column in columns
    )
    yield from connection.execute(
        f"""
        select distinct la_code, extract_month, line_number, column_name, judged.personal
        from ({cells}) as cells
        inner join {_TEXTS} as judged using (text, extract_month)
        where judged.personal is not null and judged.is_role = (column_name = 'responsible_role')
        order by all
        """
    ).fetchall()
