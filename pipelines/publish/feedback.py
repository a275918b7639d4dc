"""Correction lists: the records to correct, one CSV file per team.

Belongs here: files, their order and columns. Does not belong here: which records are at fault (`mart_feedback`).
The lists of a release name children by pseudonym. Lists with ids of the case system (LCS), and rejected rows as
delivered, need the lookup and the archive, which only their owner can read, and go to no release.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.calendar import Month
from pipelines.errors import BadInputError
from pipelines.file_names import file_name
from pipelines.ingest.archive import archived_rows
from pipelines.ingest.pseudonyms import lookup_file, read_lookup
from pipelines.publish.spreadsheet import spreadsheet_csv
from pipelines.publish.working_files import open_for_release
from pipelines.settings import DataFolder
from pipelines.warehouse_file import has_table, make_private_folder, write_for_owner

SUMMARY, REJECTED = "summary.csv", "rejected_rows.csv"

_RECORDS = """
    select
        la_code,
        team_name as team,
        case when is_new then 'new' else 'as last month' end as since_last_month,
        severity,
        title as what_is_wrong,
        figure_count as figures_affected,
        figures,
        object,
        column_name,
        strftime(first_seen_extract, '%Y-%m') as first_seen,
        age_days,
        child_id,
        record_key,
        rule
    from marts.mart_feedback
    where extract_month = ?
"""
_ORDER = "order by la_code, team, figures_affected desc, severity, age_days desc, rule, record_key, column_name"
"""Faults that change most figures first, then errors before queries, then the oldest."""
_WITHOUT_LCS_IDS = f"select * exclude (record_key) from ({_RECORDS}) {_ORDER}"
# the key of a person's record is the person's id, or contains it
_WITH_LCS_IDS = f"""
    select
        records.* exclude (record_key),
        lookup.person_id as lcs_person_id,
        replace(record_key, child_id, coalesce(lookup.person_id, child_id)) as lcs_record_id
    from ({_RECORDS}) as records
    left join lookup using (la_code, child_id)
    {_ORDER}
"""

_REJECTED = """
    select
        rows.la_code,
        rows.object,
        rows.source_file as file,
        rows.line_number as line,
        rows.rule,
        rows.column_name,
        files.sha256
    from raw.rejected_rows as rows
    inner join raw.drop as loaded using (la_code, extract_month)
    inner join raw.drop_file as files
        on
            loaded.la_code = files.la_code
            and loaded.extract_month = files.extract_month
            and loaded.attempted_at = files.attempted_at
            and rows.source_file = files.file
    where rows.extract_month = ? and loaded.is_loaded
    order by rows.la_code, rows.source_file, rows.line_number
"""

_CHANGE = """
    with faults as (
        select distinct la_code, team_name as team, rule, object, column_name, record_key, extract_month
        from core.fct_record_fault
        where record_key is not null
    ),

    now as (
        from faults
        where extract_month = $month
    ),

    before as (
        from faults
        where
            extract_month = (
                select max(runs.extract_month)
                from core.fct_rule_run as runs
                where runs.la_code = faults.la_code and runs.extract_month < $month
            )
    ),

    counted as (
        select
            coalesce(now.la_code, before.la_code) as la_code,
            coalesce(now.team, before.team) as team,
            before.la_code is not null as was_there,
            now.la_code is not null as is_there
        from now
        full join before
            on
                now.la_code = before.la_code
                and now.team = before.team
                and now.rule = before.rule
                and now.object = before.object
                and now.column_name is not distinct from before.column_name
                and now.record_key = before.record_key
    )

    select
        la_code,
        team,
        count(*) filter (was_there) as to_put_right_last_month,
        count(*) filter (was_there and not is_there) as put_right_or_passed_on,
        count(*) filter (is_there and not was_there) as new_or_taken_over,
        count(*) filter (is_there) as to_put_right
    from counted
    group by la_code, team
    order by la_code, team
"""
"""By the team of each month: when a child moves, a fault leaves the old team's list and joins the new team's."""


def months_with_lists(connection: duckdb.DuckDBPyConnection, month: Month) -> list[Month]:
    """The months whose lists a release has: its own, and the newest of each authority."""
    # the faults that mart_feedback lists: it also finds the figures of each, for every month held
    newest = connection.execute(
        """
        select distinct max(extract_month)
        from core.fct_record_fault
        where record_key is not null
        group by la_code
        """
    ).fetchall()
    return sorted({month, *(Month(day.year, day.month) for (day,) in newest)})


def write_feedback(connection: duckdb.DuckDBPyConnection, month: Month, room: Path) -> None:
    """Writes `<team>.csv` of a month and `summary.csv` into the folder, without ids of the case system."""
    make_private_folder(room)
    _write(connection, month, room, connection.execute(_WITHOUT_LCS_IDS, [month.end]).pl())


@dataclass(frozen=True)
class WrittenLists:
    """How many records to correct and rejected rows the lists have."""

    records: int
    rejected_rows: int


def feedback_with_lcs_ids(folder: DataFolder, month: Month, room: Path) -> WrittenLists:
    """Writes the same files with the LCS ids of person and record, and `rejected_rows.csv` from the archive.

    Changes no permission of a folder that exists. Raises BadInputError if the month has nothing to correct, if
    there is no lookup, or if the folder cannot be written to; BusyError during a run.
    """
    if not lookup_file(folder, "person").exists():
        raise BadInputError(
            f"there is no lookup {lookup_file(folder, 'person')}: use the data folder in which the month was run"
        )
    with open_for_release(folder) as connection:
        if not all(has_table(connection, name) for name in ("marts.mart_feedback", "core.fct_record_fault")):
            raise BadInputError(f"{folder.database} has no lists of records to correct: run the month first")
        connection.register("lookup", read_lookup(folder, "person"))
        records = connection.execute(_WITH_LCS_IDS, [month.end]).pl()
        rejected = connection.execute(_REJECTED, [month.end]).pl()
    if records.is_empty() and rejected.is_empty():
        raise BadInputError(f"there is no record to correct in {month}: run the month first")
    try:
        if not room.is_dir():
            make_private_folder(room)
        with open_for_release(folder) as connection:
            _write(connection, month, room, records)
        if not rejected.is_empty():
            write_for_owner(room / REJECTED, spreadsheet_csv(_as_delivered(folder, month, rejected)))
    except OSError as fault:
        raise BadInputError(f"cannot write to the folder {room}: {fault.strerror}") from fault
    return WrittenLists(records.height, rejected.height)


def _as_delivered(folder: DataFolder, month: Month, rejected: pl.DataFrame) -> pl.DataFrame:
    """The rejected rows of a month with what the archived file has on their line."""
    with_rows = []
    for (la_code, file, checksum), rows in rejected.group_by("la_code", "file", "sha256", maintain_order=True):
        drop = Path(str(la_code)) / str(month)
        lines = archived_rows(folder, drop, str(file), str(checksum), rows["line"].to_list())
        shown = [lines.get(line, "no longer in the archive") for line in rows["line"]]
        with_rows.append(rows.drop("sha256").with_columns(row_as_delivered=pl.Series(shown, dtype=pl.String)))
    return pl.concat(with_rows)


def _write(connection: duckdb.DuckDBPyConnection, month: Month, room: Path, records: pl.DataFrame) -> None:
    write_for_owner(room / SUMMARY, spreadsheet_csv(connection.execute(_CHANGE, {"month": month.end}).pl()))
    several = records["la_code"].n_unique() > 1
    taken = {SUMMARY, REJECTED}
    for (la_code, team), rows in records.group_by("la_code", "team", maintain_order=True):
        name = file_name(f"{la_code} {team}" if several else str(team), ".csv", taken)
        write_for_owner(room / name, spreadsheet_csv(rows))
