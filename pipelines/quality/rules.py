"""Row rules: which records of a drop need correcting, and whether every rule ran.

Belongs here: the register, what a rule reads, and running every rule on a drop. Does not belong here: the rules
themselves (`expectations/rules/<domain>/<rule>.sql`), the tables with their results (`rule_tables`), the rows that
ingest rejects or flags, and how failures become issues with an age (dbt).

A rule ran, was skipped or crashed. It is skipped where an object that it reads was not delivered, or where it asks
for what is missing in one that the drop holds in part only. A crashed rule has no failures,
which would look like sound data: it refuses the drop, as an errored check of a gate does.
"""

import datetime as dt
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Literal

import duckdb
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.findings import RULES, write_findings
from pipelines.quality.rule_tables import RULE_TABLES, create_rule_tables
from pipelines.seeds import own_yaml
from pipelines.settings import DBT_PROJECT, EXPECTATIONS, DataFolder
from pipelines.warehouse_file import open_warehouse, transaction

ROOM = EXPECTATIONS / "rules"
RAN, SKIPPED, CRASHED = "ran", "skipped", "crashed"

SHARED = ROOM / "shared"
MACROS = SHARED / "macros.sql"
_ASKS_FOR_WHAT_IS_MISSING = re.compile(
    r"not exists|not in \(|(?:left|anti) join|\bexcept\b|\bover \(|group by"
    r"|\b(?:min|max|count|bool_\w+|arg_\w+)\(",
    re.I,
)
"""SQL whose result may grow with fewer rows: only then does a drop that lacks older rows seem to be at fault."""


class RuleError(ValueError):
    """The register contradicts itself. The project is at fault, not a drop."""


class Rule(BaseModel):
    """One rule as the register describes it. `threatens`: indicators that a failing record may make wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    domain: str
    official: tuple[str, ...]
    title: str
    severity: Literal["error", "query"]
    object: str
    threatens: tuple[str, ...]
    why: str

    @property
    def sql_path(self) -> Path:
        return ROOM / self.domain / f"{self.rule}.sql"


@dataclass(frozen=True)
class RuleOutcome:
    """How a rule ended for one drop.

    `reason`: why it was skipped, or the kind of error that stopped it. `failing`: key and child of every record at
    fault.
    """

    rule: Rule
    outcome: str
    reason: str
    rows_checked: int = 0
    failing: tuple[tuple[str, str | None], ...] = ()

    def to_manifest(self) -> dict[str, Any]:
        """The result as plain values for JSON, without keys and children."""
        return {
            "rule": self.rule.rule,
            "severity": self.rule.severity,
            "title": self.rule.title,
            "outcome": self.outcome,
            "reason": self.reason,
            "rows_checked": self.rows_checked,
            "rows_failed": len(self.failing),
        }


@cache
def rules() -> dict[str, Rule]:
    """The register, by rule. Raises RuleError, which names file and rule, if it contradicts itself."""
    register: dict[str, Rule] = {}
    for path in sorted(ROOM.glob("*/register.yml")):
        for entry in own_yaml(path) or []:
            try:
                rule = Rule.model_validate(entry | {"domain": path.parent.name})
            except (ValidationError, TypeError) as fault:
                raise RuleError(f"{path.parent.name}/register.yml: {fault}") from fault
            if rule.rule in register:
                raise RuleError(f"{rule.rule}: registered twice")
            register[rule.rule] = rule
    return register


def prepare_views(
    connection: duckdb.DuckDBPyConnection,
    la_code: str,
    month: Month,
    kept_as: Literal["table", "view"] = "table",
) -> None:
    """Creates what a rule reads of one drop of one authority: the rows of each object, and what is in `shared/`.

    They are tables, so that no rule searches the rows of all authorities; views if the objects still change
    (`kept_as="view"`). Of a list that did not come they have the version that counts on. The tables of `raw` must
    exist.
    """
    if not re.fullmatch(r"[0-9]{3}", la_code):
        raise ValueError("an authority's code has three digits")
    versions = lists_in_force(connection, la_code, month)
    for name, contract in contracts().items():
        columns = ", ".join(f'"{column.name}"' for column in contract.loaded_columns)
        connection.execute(
            f"create or replace temp {kept_as} {name} as select {columns} from raw.{name}"
            f" where la_code = '{la_code}' and extract_month = date '{versions.get(name, month.end)}'"
        )
    connection.execute(
        "create or replace temp view this_drop as select"
        f" '{la_code}' as la_code, date '{month.end}' as month_end, date '{month.extract_day}' as extract_day,"
        f" date '{month.financial_year_start}' as financial_year_start,"
        f" date '{oldest_day_judged(month)}' as oldest_day_judged"
    )
    codes = DBT_PROJECT / "seeds" / "code_legal_status.csv"
    connection.execute(
        "create or replace temp table legal_status_code as select * from read_csv(?, header = true)", [str(codes)]
    )
    connection.execute(MACROS.read_text(encoding="utf-8"))
    shared = shared_sql()
    reads = {name: connection.get_table_names(sql) & shared.keys() for name, sql in shared.items()}
    for name in TopologicalSorter(reads).static_order():
        connection.execute(f"create or replace temp {kept_as} {name} as {shared[name]}")


def lists_in_force(connection: duckdb.DuckDBPyConnection, la_code: str, month: Month) -> dict[str, dt.date]:
    """The lists that come when they change and count for a drop, with the month end of the version that counts."""
    query = """
        select versions.object, max(versions.extract_month)
        from raw.list_version as versions
        inner join raw.drop as drops using (la_code, extract_month)
        where
            versions.la_code = ? and versions.extract_month <= ? and versions.counts_until_next
            and drops.is_loaded and drops.is_fit is not false
        group by versions.object
    """
    return dict(connection.execute(query, [la_code, month.end]).fetchall())


def oldest_day_judged(month: Month) -> dt.date:
    """Returns and restated figures go back to the beginning of the previous financial year."""
    return month.financial_year_start.replace(year=month.financial_year_start.year - 1)


@cache
def shared_sql() -> dict[str, str]:
    """What several rules read, by name: the queries in `shared/`."""
    return {path.stem: path.read_text(encoding="utf-8") for path in SHARED.glob("*.sql") if path != MACROS}


def objects_read(connection: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """Objects of the drop that a query reads, directly or through `shared/`. Its functions must exist."""
    if sql not in _objects_by_sql:
        tables, shared = connection.get_table_names(sql), shared_sql()
        through = (objects_read(connection, shared[name]) for name in tables & shared.keys())
        _objects_by_sql[sql] = (tables & contracts().keys()).union(*through)
    return _objects_by_sql[sql]


_objects_by_sql: dict[str, set[str]] = {}
"""What `objects_read` found: parsing a query takes as long as running it on a small drop."""


def failing_rows(connection: duckdb.DuckDBPyConnection, rule: Rule) -> list[tuple[str, str | None]]:
    """Key and child of every failing record in the drop that the views show, each record once."""
    sql = rule.sql_path.read_text(encoding="utf-8")
    return connection.execute(
        f"select record_key, min(child_id) from (\n{sql}\n) group by record_key order by record_key"
    ).fetchall()


def run_rules_of_month(
    folder: DataFolder, month: Month, report: Callable[[str], None], are_findings: bool = True
) -> None:
    """Runs every rule on every drop of the run, stores the results, and reports one line per drop.

    `are_findings`: whether the results are those of the month's run, not of a drop that is loaded again.
    """
    health = []
    with open_warehouse(folder) as connection, ThreadPoolExecutor(os.cpu_count()) as pool:
        create_rule_tables(connection)
        write_register(connection)
        drops = _loaded_drops(connection, month)
        # each has a connection of its own, as the views are temporary
        results = pool.map(lambda drop: rule_outcomes(connection.cursor(), drop[0], month, drop[1]), drops)
        for (la_code, _), outcomes in zip(drops, results, strict=True):
            store_outcomes(connection, la_code, month, outcomes)
            counts = Counter(outcome.outcome for outcome in outcomes)
            ended = ", ".join(f"{counts[each]} {each}" for each in (RAN, SKIPPED, CRASHED) if counts[each])
            failed = sum(len(outcome.failing) for outcome in outcomes)
            report(f"rules {la_code} {month}: {ended or 'none'}, {failed:,} records need correcting")
            health.append({"la_code": la_code, "rules": [outcome.to_manifest() for outcome in outcomes]})
    if are_findings:
        write_findings(folder, month, RULES, health, [str(entry["la_code"]) for entry in health])


def _loaded_drops(connection: duckdb.DuckDBPyConnection, month: Month) -> list[tuple[str, list[str]]]:
    """Authorities of the run, and the objects in their drops of the month."""
    return connection.execute(
        """
        select loaded.la_code, list(files.object)
        from raw.drop as loaded
        inner join raw.drop_file as files using (la_code, extract_month, attempted_at)
        inner join raw.run using (la_code, extract_month)
        where loaded.is_loaded and loaded.extract_month = ?
        group by loaded.la_code
        order by loaded.la_code
        """,
        [month.end],
    ).fetchall()


def run_rules(
    connection: duckdb.DuckDBPyConnection, la_code: str, month: Month, delivered: Collection[str]
) -> list[RuleOutcome]:
    """Runs every rule on one drop and replaces the stored results of the drop."""
    outcomes = rule_outcomes(connection, la_code, month, delivered)
    store_outcomes(connection, la_code, month, outcomes)
    return outcomes


def rule_outcomes(
    connection: duckdb.DuckDBPyConnection, la_code: str, month: Month, delivered: Collection[str]
) -> list[RuleOutcome]:
    """How every rule ends on one drop.

    Never raises because of a rule: a rule that fails has crashed, which is an outcome.
    """
    prepare_views(connection, la_code, month)
    there = {*delivered, *lists_in_force(connection, la_code, month)}
    rows_of = cache(lambda name: _rows(connection, name))
    in_part = objects_in_part(connection, la_code, month)

    def lacking_of(rule: Rule) -> list[str]:
        return misses_by_reach(connection, rule, month, in_part) if in_part else []

    return [_outcome(connection, rule, there, lacking_of, rows_of) for rule in rules().values()]


def objects_in_part(connection: duckdb.DuckDBPyConnection, la_code: str, month: Month) -> dict[str, dt.date]:
    """The objects that a drop holds in part only, by `raw.drop_reach`, and from when on each is complete.

    One of which it holds the latest only is complete from the day after the month on.
    """
    rows = connection.execute(
        "select object, complete_from, is_every_event from raw.drop_reach where la_code = ? and extract_month = ?",
        [la_code, month.end],
    ).fetchall()
    return {
        name: complete_from if is_every_event else month.plus(1).first_day
        for name, complete_from, is_every_event in rows
        if complete_from or not is_every_event
    }


def misses_by_reach(
    connection: duckdb.DuckDBPyConnection, rule: Rule, month: Month, in_part: Mapping[str, dt.date]
) -> list[str]:
    """Objects of which the drop lacks older rows, where the rule takes the lack for a fault of another record.

    A rule judges records since `oldest_day_judged`; those of an object without days may be of any past.
    """
    sql = rule.sql_path.read_text(encoding="utf-8")
    shared = connection.get_table_names(sql) & shared_sql().keys()
    if not in_part or not any(
        _ASKS_FOR_WHAT_IS_MISSING.search(text) for text in (sql, *(shared_sql()[name] for name in shared))
    ):
        return []
    needed_from = oldest_day_judged(month) if contracts()[rule.object].days else dt.date.min
    others = objects_read(connection, sql) - {rule.object}
    return sorted(name for name in others if name in in_part and in_part[name] > needed_from)


def store_outcomes(
    connection: duckdb.DuckDBPyConnection, la_code: str, month: Month, outcomes: Sequence[RuleOutcome]
) -> None:
    """Replaces the stored results of the drop, in one transaction."""
    partition = [la_code, month.end]
    with transaction(connection):
        for table in ("rule_run", "rule_failure"):
            connection.execute(f"delete from quality.{table} where la_code = ? and extract_month = ?", partition)
        _store(connection, outcomes, partition)


def _outcome(
    connection: duckdb.DuckDBPyConnection,
    rule: Rule,
    delivered: Collection[str],
    lacking_of: Callable[[Rule], list[str]],
    rows_of: Callable[[str], int],
) -> RuleOutcome:
    try:
        missing = sorted(objects_read(connection, rule.sql_path.read_text(encoding="utf-8")) - set(delivered))
        if missing:
            return RuleOutcome(rule, SKIPPED, f"{', '.join(missing)} not delivered")
        if lacking := lacking_of(rule):
            return RuleOutcome(rule, SKIPPED, f"{', '.join(lacking)} does not go back far enough")
        failing = failing_rows(connection, rule)
        checked = rows_of(rule.object)
    except (duckdb.Error, OSError) as fault:
        # the message of a database error may contain values of rows, its kind does not
        return RuleOutcome(rule, CRASHED, type(fault).__name__)
    return RuleOutcome(rule, RAN, "", checked, tuple(failing))


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    (rows,) = connection.execute(f"select count(*) from {name}").fetchone() or (0,)
    return int(rows)


def _store(
    connection: duckdb.DuckDBPyConnection, outcomes: Sequence[RuleOutcome], partition: list[object]
) -> None:
    """Adds what the rules found in a drop, with one statement for each table: hundreds would take longer."""
    runs = [(each.rule.rule, each.outcome, each.reason, each.rows_checked, len(each.failing)) for each in outcomes]
    failures = [(each.rule.rule, each.rule.object, key, child) for each in outcomes for key, child in each.failing]
    for table, rows in (("rule_run", runs), ("rule_failure", failures)):
        if rows:
            types = list(RULE_TABLES[table].values())[len(partition) :]
            columns = ", ".join(f"unnest(?::{sql_type}[])" for sql_type in types)
            values = [list(column) for column in zip(*rows, strict=True)]
            connection.execute(f"insert into quality.{table} select ?, ?, {columns}", [*partition, *values])


def write_register(connection: duckdb.DuckDBPyConnection) -> None:
    """Replaces the register in `quality.rule`, from which readers of the findings learn what a rule means."""
    connection.execute("delete from quality.rule")
    for rule in rules().values():
        connection.execute(
            "insert into quality.rule values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                rule.rule,
                rule.domain,
                ", ".join(rule.official),
                rule.title,
                rule.severity,
                rule.object,
                ", ".join(rule.threatens),
                rule.why,
            ],
        )
