"""Making the working file again: every published month from its drop, in a new file next to the old one.

The months run in a data folder of their own inside `warehouse/`, which shares archive, key and reference data with
the real one. The new file replaces the old one in one step, after its figures were compared with the release.
Killed before that step, nothing has changed; the next rebuild, and `warehouse forget`, remove what was left.
"""

import contextlib
import os
import shutil
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.calendar import Month
from pipelines.comparators.comparator_tables import TABLES as COMPARATOR_TABLES
from pipelines.errors import BadInputError, GateRefusedError, WarehouseError
from pipelines.history.plan import RebuildPlan
from pipelines.ingest.archived_drops import DropFiles
from pipelines.ingest.drop_results import MonthIngest
from pipelines.ingest.list_versions import lists_that_count_on
from pipelines.ingest.pseudonyms import pseudonym_key
from pipelines.input_files import InputFileError, copy_input
from pipelines.known_words import shown_file_name
from pipelines.month import MonthContext, Options
from pipelines.month.run import run
from pipelines.month.steps import comparators, gate_marts, ingest, release, rules, transform
from pipelines.progress import Display, Progress
from pipelines.publish import Release
from pipelines.publish.difference import FIGURES, ChangedFigures, changed_figures
from pipelines.publish.shared_partitions import TableRows, plan, write_parquet
from pipelines.release_layout import sql_of, table_of
from pipelines.settings import DataFolder, input_limits
from pipelines.storage import storage_fault, storage_faults_as_lines
from pipelines.table_register import NEVER, RESTRICTED, released_tables, table_register
from pipelines.transform import manifest_path
from pipelines.warehouse_file import make_private_folder, open_warehouse, quoted

DROP_TABLES = ("drop", "drop_file")
"""Tables of `raw` that say which drops were loaded; they stay when a month is forgotten, as lists do."""


@dataclass(frozen=True)
class _RebuildFolder(DataFolder):
    """A data folder inside another one, for a new working file. It has links to drops; other input is shared."""

    real: DataFolder

    @property
    def archive(self) -> Path:
        return self.real.archive

    @property
    def private(self) -> Path:
        return self.real.private

    @property
    def comparators(self) -> Path:
        return self.real.comparators

    @property
    def reference(self) -> Path:
        return self.real.reference


def rebuild(folder: DataFolder, plan: RebuildPlan, options: Options, display: Display | None = None) -> None:
    """Replaces the working file by one made from published drops. The caller has locked the data folder.

    Raises BadInputError if a drop is missing, was changed or is refused, and GateRefusedError if a figure of a
    published month differs and was not corrected. Then nothing has changed.

    If figures were corrected, the newest month is published at the end, which records the corrections. A gate may
    refuse that month: then the working file is the new one, and the release the old one.
    """
    if plan.missing:
        raise BadInputError("\n".join(plan.missing_lines()))
    options.corrections.refuse_months_not_run(plan.months)
    _finish_change_of_key(folder)
    remove_unfinished(folder)
    try:
        with _logged(folder):
            rebuilt = _rebuild_folder(folder, plan.drops)
            changed = _make_again(rebuilt, plan, options, Progress(display))
            _refuse_uncorrected(changed, options.corrections.months)
            _replace(folder.database, rebuilt.database)
    finally:
        remove_unfinished(folder)
    if changed:
        run(folder, plan.months[-1], options, display, (gate_marts, release))


def remove_unfinished(folder: DataFolder) -> None:
    """Removes the files of a killed rebuild, which hold rows of people."""
    shutil.rmtree(folder.rebuild, ignore_errors=True)


def _finish_change_of_key(folder: DataFolder) -> None:
    """Finishes a `rekey` that was killed. Raises BadInputError unless the key fits the working file."""
    if folder.database.exists():
        with open_warehouse(folder) as connection:
            pseudonym_key(folder, connection)


def _rebuild_folder(folder: DataFolder, drops: Sequence[DropFiles]) -> _RebuildFolder:
    rebuilt = _RebuildFolder(make_private_folder(folder.rebuild), folder)
    for drop in drops:
        home = rebuilt.lcs / drop.la_code / str(drop.month)
        home.mkdir(parents=True)
        for name in (*drop.checksums, *drop.others):
            _link_or_copy(drop, name, home / name)
    return rebuilt


def _link_or_copy(drop: DropFiles, name: str, link: Path) -> None:
    """Raises BadInputError for a file that is none any more. A link to a link is refused when the drop is read."""
    try:
        link.hardlink_to(drop.folder / name)
    except OSError:
        # a file system without links
        try:
            with link.open("xb") as copy:
                copy_input(drop.folder, drop.folder / name, copy, input_limits().file_bytes)
        except InputFileError as fault:
            raise BadInputError(f"{drop.la_code} {drop.month} {shown_file_name(name)}: {fault}") from fault


@contextlib.contextmanager
def _logged(folder: DataFolder) -> Iterator[None]:
    """While open, what packages print goes to a log. Raises WarehouseError for anything unexpected."""
    log_path = make_private_folder(folder.logs) / "rebuild.log"
    with (
        storage_faults_as_lines(folder),
        log_path.open("w", encoding="utf-8") as log,
        contextlib.redirect_stdout(log),
        contextlib.redirect_stderr(log),
    ):
        try:
            yield
        except WarehouseError:
            raise
        except Exception as error:
            with contextlib.suppress(OSError):
                traceback.print_exc()
            text = f"the rebuild failed unexpectedly, see {log_path}"
            raise storage_fault(error, folder) or WarehouseError(text) from error


def _make_again(
    rebuilt: _RebuildFolder, plan: RebuildPlan, options: Options, progress: Progress
) -> list[ChangedFigures]:
    """Fills the new working file. Returns the figures as reported that differ from those of the release."""
    manifest_path(rebuilt)
    _carry_over_from_old_file(rebuilt, plan)
    for month in plan.months:
        context = MonthContext(rebuilt, month, options, progress)
        comparators(context)
        _refuse_another_drop(ingest(context), plan.drops)
        rules(context)
        if month == plan.months[-1]:
            # not earlier: a month does not restate months without child rows
            _carry_over_figures(rebuilt, plan)
        # the gates let these drops pass, or a person waived them, when the month was published
        _note_fit(rebuilt, month)
        transform(context)
    return changed_figures(plan.release, _figures_as_release(rebuilt))


def _carry_over_from_old_file(rebuilt: _RebuildFolder, plan: RebuildPlan) -> None:
    """Copies what no drop has: published figures of others, and which drops of forgotten months were loaded."""
    if not rebuilt.real.database.exists():
        return
    with _forgotten_months(rebuilt, plan) as connection:
        connection.execute("create schema raw")
        connection.execute(f"attach '{quoted(rebuilt.real.database)}' as old (read_only)")
        present = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'old' and schema_name = 'raw'"
        ).fetchall()
        for (table,) in present:
            if table in COMPARATOR_TABLES:
                connection.execute(f"create table raw.{table} as select * from old.raw.{table}")
            elif table in (*DROP_TABLES, "list_version", *lists_that_count_on()):
                connection.execute(f"create table raw.{table} as {_of_forgotten_months(f'old.raw.{table}')}")
        connection.execute("detach old")


def _carry_over_figures(rebuilt: _RebuildFolder, plan: RebuildPlan) -> None:
    """Copies the figures of forgotten months from the release: every table that `forget` never touches."""
    if not plan.forgotten:
        return
    published_tables = {table_of(entry) for entry in plan.release.manifest["tables"]}
    with _forgotten_months(rebuilt, plan) as connection:
        for table in released_tables(table_register(rebuilt.dbt_manifest), RESTRICTED).values():
            # a release of an earlier version does not have every table
            if table.forget == NEVER and f"{RESTRICTED}/{table.name}" in published_tables:
                name, published = (
                    f"{table.schema}.{table.name}",
                    sql_of(plan.release.path / RESTRICTED, table.name),
                )
                if published is None:
                    raise BadInputError(f"release {plan.release.id} is incomplete: {table.name} is missing")
                rows = _of_forgotten_months(published)
                connection.execute(f"create schema if not exists {table.schema}")
                connection.execute(f"create table if not exists {name} as {rows} limit 0")
                connection.execute(f"insert into {name} by name {rows}")


@contextlib.contextmanager
def _forgotten_months(rebuilt: _RebuildFolder, plan: RebuildPlan) -> Iterator[duckdb.DuckDBPyConnection]:
    """The new working file, with a temporary table of the months of which only figures are left."""
    with open_warehouse(rebuilt) as connection:
        connection.execute("create temp table forgotten (la_code varchar, extract_month date)")
        for la_code, month in plan.forgotten:
            connection.execute("insert into forgotten values (?, ?)", [la_code, month.end])
        yield connection


def _of_forgotten_months(table: str) -> str:
    return f"select kept.* from {table} as kept semi join forgotten using (la_code, extract_month)"


def _refuse_another_drop(loaded: MonthIngest, drops: Sequence[DropFiles]) -> None:
    """Raises BadInputError if a drop was refused, or a file is not the one that was published."""
    published = {drop.la_code: drop for drop in drops if drop.month == loaded.extract_month}
    faults = [str(fault) for drop in loaded.drops for fault in drop.faults]
    faults += [
        f"{drop.la_code} {loaded.extract_month} {file.file}: the file has changed since it was published"
        for drop in loaded.drops
        for file in drop.files
        if file.sha256 != published[drop.la_code].checksums[file.file]
    ]
    if faults:
        raise BadInputError("\n".join(faults))


def _note_fit(rebuilt: _RebuildFolder, month: Month) -> None:
    with open_warehouse(rebuilt) as connection:
        connection.execute("update raw.drop set is_fit = true where is_loaded and extract_month = ?", [month.end])


def _figures_as_release(rebuilt: _RebuildFolder) -> Release:
    """The figures of the new working file in the shape of a release, to be compared with the published one."""
    path = rebuilt.releases / "figures"
    (path / RESTRICTED).mkdir(parents=True)
    table = Path(FIGURES).name
    with open_warehouse(rebuilt, read_only=True) as connection:
        query = f"select * from indicators.{table}"
        tables = [plan(connection, TableRows(table, query))]
        return Release(path, {"tables": write_parquet(connection, path, RESTRICTED, tables)})


def _refuse_uncorrected(changed: Sequence[ChangedFigures], corrected: Sequence[Month]) -> None:
    uncorrected = [figures for figures in changed if figures.month not in corrected]
    if uncorrected:
        months = sorted({figures.month for figures in changed})
        command = f"warehouse rebuild --yes {' '.join(f'--correct {month}' for month in months)} --reason TEXT"
        raise GateRefusedError(
            "\n".join(f"{figures.sentence}. If it was wrong before: {command}" for figures in uncorrected)
        )


def _replace(old: Path, new: Path) -> None:
    """Puts the new working file into the place of the old one, in one step."""
    with new.open("rb") as file:
        os.fsync(file.fileno())
    # of an old file that was moved away; one that is in place was opened, which empties its log
    old.with_name(f"{old.name}.wal").unlink(missing_ok=True)
    new.replace(old)
