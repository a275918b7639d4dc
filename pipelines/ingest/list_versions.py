"""Which version of a list each extract was built with, and which extracts must be built again.

A list that comes when it changes counts until its next version. So a drop that is loaded late, or withdrawn, may
give an extract that was built before another version. Belongs here: finding such extracts, and what their figures
may change. Does not belong here: building them (`pipelines.month.late_lists`), the rows of a version
(`macros/lists.sql`).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.seeds import seed_rows
from pipelines.warehouse_file import create_tables, transaction

_TABLES = {
    "built_list": {
        "la_code": "varchar",
        "extract_month": "date",
        "object": "varchar",
        "list_month": "date",
        "sha256": "varchar",
    },
    "late_list": {"la_code": "varchar", "extract_month": "date", "object": "varchar", "list_month": "date"},
}
"""`built_list`: the versions that each extract was built with. `late_list`: those with which an extract was built
again, until a release says so."""
_IN_FORCE = """
    select
        extracts.la_code,
        extracts.extract_month,
        versions.object,
        max(versions.extract_month) as list_month,
        arg_max(versions.sha256, versions.extract_month) as sha256
    from raw.drop as extracts
    inner join (
        select came.la_code, came.extract_month, came.object, files.sha256
        from raw.list_version as came
        inner join raw.drop as drops using (la_code, extract_month)
        inner join raw.drop_file as files using (la_code, extract_month, attempted_at, object)
        where came.counts_until_next and drops.is_loaded and drops.is_fit is not false
    ) as versions
        on extracts.la_code = versions.la_code and versions.extract_month <= extracts.extract_month
    where extracts.is_loaded and extracts.is_fit is not false
    group by extracts.la_code, extracts.extract_month, versions.object
"""


@dataclass(frozen=True)
class LateList:
    """A list that came after an extract which it counts for: the figures that need it may change."""

    la_code: str
    month: Month
    object: str
    list_month: Month | None

    @property
    def reason(self) -> str:
        """Why reported figures changed."""
        came = f"of {self.list_month} came late" if self.list_month else "was withdrawn"
        return f"{self.la_code}: the list {self.object} {came}"

    @property
    def indicators(self) -> list[str]:
        """The indicators that need it."""
        return [
            row["indicator_id"]
            for row in seed_rows("indicator_register")
            if self.object in (need.partition(":")[0] for need in row["needs"].split())
        ]


def create_list_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates what is missing of the tables of this module."""
    create_tables(connection, "pipeline", _TABLES)


def note_built(connection: duckdb.DuckDBPyConnection, month: Month, la_codes: Iterable[str]) -> None:
    """Notes the versions that these extracts were built with."""
    extracts = [month.end, sorted(la_codes)]
    with transaction(connection):
        connection.execute(
            "delete from pipeline.built_list where extract_month = ? and list_contains(?, la_code)", extracts
        )
        connection.execute(
            f"insert into pipeline.built_list by name from ({_IN_FORCE})"
            " where extract_month = ? and list_contains(?, la_code)",
            extracts,
        )


def stale_extracts(connection: duckdb.DuckDBPyConnection) -> dict[Month, list[LateList]]:
    """The extracts whose lists are not those that they were built with, in order. None without rows of people."""
    rows = connection.execute(
        f"""
        select
            coalesce(now.la_code, built.la_code),
            coalesce(now.extract_month, built.extract_month) as extract_month,
            coalesce(now.object, built.object),
            now.list_month
        from ({_IN_FORCE}) as now
        full join pipeline.built_list as built using (la_code, extract_month, object)
        inner join raw.drop as drops
            on
                drops.la_code = coalesce(now.la_code, built.la_code)
                and drops.extract_month = coalesce(now.extract_month, built.extract_month)
        where
            (now.list_month, now.sha256) is distinct from (built.list_month, built.sha256)
            and drops.is_loaded
            and drops.is_fit
        order by all
        """
    ).fetchall()
    stale: dict[Month, list[LateList]] = {}
    for la_code, extract_month, name, list_month in rows:
        if not _has_people(connection, la_code, extract_month):
            continue
        month = Month(extract_month.year, extract_month.month)
        came = Month(list_month.year, list_month.month) if list_month else None
        stale.setdefault(month, []).append(LateList(la_code, month, name, came))
    return dict(sorted(stale.items()))


def _has_people(connection: duckdb.DuckDBPyConnection, la_code: str, extract_month: dt.date) -> bool:
    """Whether the rows of an extract are still there; `warehouse forget` removes them."""
    query = "select 1 from raw.ssd_person where la_code = ? and extract_month = ? limit 1"
    return connection.execute(query, [la_code, extract_month]).fetchone() is not None


def note_late(connection: duckdb.DuckDBPyConnection, lists: Iterable[LateList]) -> None:
    """Notes, until the next release, that reported figures may change by these lists."""
    for late in lists:
        connection.execute(
            "insert into pipeline.late_list values (?, ?, ?, ?)",
            [late.la_code, late.month.end, late.object, late.list_month.end if late.list_month else None],
        )


def late_lists(connection: duckdb.DuckDBPyConnection) -> tuple[LateList, ...]:
    """The lists by which reported figures may change in the next release."""
    rows = connection.execute("select distinct * from pipeline.late_list order by all").fetchall()
    return tuple(
        LateList(
            la_code,
            Month(extract_month.year, extract_month.month),
            name,
            Month(list_month.year, list_month.month) if list_month else None,
        )
        for la_code, extract_month, name, list_month in rows
    )


def lines_on_lists(connection: duckdb.DuckDBPyConnection, la_code: str, month: Month) -> list[str]:
    """One line that names the lists which did not come with a drop and count on; empty where all came."""
    rows = connection.execute(
        f"select object, strftime(list_month, '%Y-%m') from ({_IN_FORCE})"
        " where la_code = ? and extract_month = ? and list_month < extract_month order by object",
        [la_code, month.end],
    ).fetchall()
    lists = ", ".join(f"{name} of {came}" for name, came in rows)
    return [f"lists that did not come, so that their last version counts on: {lists}"] if lists else []


def lists_that_count_on() -> list[str]:
    """The objects of which a version counts until the next one comes."""
    return [known.object for known in contracts().values() if known.delivered == "when_it_changes"]


def counts_from(name: str, first: Month) -> str | None:
    """SQL for the rows of a table of `raw` that belong to a list which counts for a month or a later one; None for
    a table without such lists."""
    lists = lists_that_count_on()
    of_object = f"versions.object = '{name}'" if name in lists else "versions.object = list_version.object"
    if name not in (*lists, "list_version"):
        return None
    return f"""
        exists (
            select 1
            from raw.list_version as versions
            inner join raw.drop as drops using (la_code, extract_month)
            where
                versions.la_code = {name}.la_code
                and {of_object}
                and versions.counts_until_next
                and versions.extract_month <= date '{first.end}'
                and drops.is_loaded
                and drops.is_fit is not false
            having max(versions.extract_month) = {name}.extract_month
        )"""


def forget_late_lists(connection: duckdb.DuckDBPyConnection) -> None:
    """Removes what a release has said."""
    connection.execute("delete from pipeline.late_list")
