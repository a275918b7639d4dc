"""What a release is made from: the working file, or in a region the working files of its shards as one.

Belongs here: the union of shards, and refusing shards that do not fit together. Does not belong here: running a
shard (`pipelines.month.shards`), what is published.

A table with `la_code` has the rows of each shard's authorities, but for seeds and settings. Every other table is
reference data, which all shards have alike.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb

from pipelines.calendar import Month
from pipelines.errors import BadInputError, BusyError
from pipelines.publish.published import last_release
from pipelines.settings import SHARDS_VARIABLE, DataFolder, ShardFolder
from pipelines.transform import project_digest
from pipelines.warehouse_file import make_private_folder, memory_limit, open_warehouse, quoted

_OF_ALL = ("seeds", "reference")
"""Schemas of seeds and settings."""
_SCHEMAS = ("raw", "quality", *_OF_ALL, "core", "indicators", "marts")
"""What a release, its lists and its manifests read."""
_LOADED_IN = ("raw", "quality")
"""Schemas whose tables say when they were loaded: those of no authority may differ between shards."""


def finish_shard(folder: DataFolder, month: Month) -> None:
    """Notes in the working file of a shard that every step of a month is done, and by which project."""
    with open_warehouse(folder) as connection:
        connection.execute(
            "create or replace table pipeline.finished_shard as select ?::date as extract_month, ? as project",
            [month.end, project_digest()],
        )


@contextmanager
def open_for_release(folder: DataFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working file, for reading; in a region, the tables of all shards that have finished a month.

    Raises BadInputError if the shards do not fit together, and what `open_warehouse` raises.
    """
    if not folder.shards:
        with open_warehouse(folder, read_only=True) as connection:
            yield connection
        return
    shards = _finished(folder)
    with _empty_file(folder) as connection:
        for shard in shards:
            _attach(connection, shard)
        for (schema, table), (is_of_authorities, names) in _tables(connection).items():
            if not is_of_authorities and (schema not in _LOADED_IN or table.endswith("_file")):
                _refuse_different(connection, f'{schema}."{table}"', shards)
            sources = names if is_of_authorities else names[:1]
            rows = " union all by name ".join(f'from "{name}".{schema}."{table}"' for name in sources)
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f'create view {schema}."{table}" as {rows}')
        _create_views(connection, shards[0])
        yield connection


@contextmanager
def _empty_file(folder: DataFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB file for views, which goes when it is closed.

    It has the name of a working file: the views of the project name the catalogue.
    """
    room = folder.warehouse / ".joined"
    # of a run that was killed
    shutil.rmtree(room, ignore_errors=True)
    file = make_private_folder(room) / folder.database.name
    try:
        with duckdb.connect(str(file)) as connection:
            connection.execute("set threads = 1")
            connection.execute(f"set memory_limit = '{memory_limit()}'")
            yield connection
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _create_views(connection: duckdb.DuckDBPyConnection, shard: ShardFolder) -> None:
    """Creates the project's views over the tables of all shards, as a shard has them."""
    views = connection.execute(
        """
        select sql
        from duckdb_views()
        where database_name = ? and list_contains(?, schema_name) and not internal
        """,
        [shard.name, list(_SCHEMAS)],
    ).fetchall()
    for (sql,) in views:
        # a view of what only a run reads is left out
        with suppress(duckdb.Error):
            connection.execute(sql)


def _finished(folder: DataFolder) -> list[ShardFolder]:
    """The shards with a working file. Raises BadInputError if an authority of the last release would be lost."""
    shards, last = folder.shards, last_release(folder)
    held = [shard for shard in shards if shard.database.exists()]
    for la_code in sorted(last.newest_months) if last else ():
        shard = next((each for each in shards if each.has_authority(la_code)), None)
        if shard is None:
            raise BadInputError(
                f"{la_code} is in the last release {last and last.id} and in no shard: add it to {SHARDS_VARIABLE}"
            )
        if shard not in held:
            raise BadInputError(
                f"shard {shard.name}: its working file {shard.database} is missing, and the last release "
                f"{last and last.id} has its authority {la_code}: restore the file, or run its months again with "
                f"`warehouse run --from YYYY-MM --to YYYY-MM --shard {shard.name}`"
            )
    if not held:
        raise BadInputError(f"no shard has finished a month in {folder.warehouse / 'shards'}: run a month first")
    return held


def _attach(connection: duckdb.DuckDBPyConnection, shard: ShardFolder) -> None:
    """Attaches the working file of a shard. Raises BadInputError for one that is no shard of this project."""
    file, name = shard.database, f'"{shard.name}"'
    where = f"shard {shard.name}: its working file {file}"
    move = "move it away, then run its months again with `warehouse run --from YYYY-MM --to YYYY-MM --shard"
    finished = f"select strftime(max(extract_month), '%Y-%m'), max(project) from {name}.pipeline.finished_shard"
    loaded = f"select distinct la_code from {name}.raw.drop where is_loaded order by la_code"
    try:
        connection.execute(f"attach '{quoted(file)}' as {name} (read_only)")
        row, codes = connection.execute(finished).fetchone(), connection.execute(loaded).fetchall()
    except duckdb.CatalogException as fault:
        raise BadInputError(f"{where} is of no finished run: {move} {shard.name}`") from fault
    except duckdb.Error as fault:
        if "lock on file" in str(fault):
            raise BusyError(f"another run holds {file}: try again when it is done") from fault
        raise BadInputError(f"{where} is damaged or no DuckDB file: {move} {shard.name}`") from fault
    month, project = row or (None, None)
    if project != project_digest():
        raise BadInputError(
            f"{where} was made by another version of the project: "
            f"`warehouse run --month {month} --shard {shard.name}` makes it with this one"
        )
    for (la_code,) in codes:
        if not shard.has_authority(la_code):
            raise BadInputError(
                f"{where} has authority {la_code}, which {SHARDS_VARIABLE} does not give to it: give it back, or "
                f"{move} {shard.name}`"
            )


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[bool, list[str]]]:
    """Whether each table is of authorities, and the shards that have it, by schema and table."""
    rows = connection.execute(
        """
        select
            schema_name,
            table_name,
            database_name,
            bool_or(column_name = 'la_code')
        from duckdb_columns()
        inner join duckdb_tables() using (database_name, schema_name, table_name)
        where list_contains(?, schema_name)
        group by all
        order by all
        """,
        [list(_SCHEMAS)],
    ).fetchall()
    tables: dict[tuple[str, str], tuple[bool, list[str]]] = {}
    for schema, table, name, has_authorities in rows:
        tables.setdefault((schema, table), (has_authorities and schema not in _OF_ALL, []))[1].append(name)
    return tables


def _refuse_different(connection: duckdb.DuckDBPyConnection, table: str, shards: list[ShardFolder]) -> None:
    """Raises BadInputError if a table of reference data is not the same in all shards."""
    states = {
        shard.name: connection.execute(
            f'select count(*), sum(hash(hash(rows))) from "{shard.name}".{table} as rows'
        ).fetchone()
        for shard in shards
    }
    first = shards[0].name
    for name, state in states.items():
        if state != states[first]:
            raise BadInputError(
                f"shard {name}: {table.replace(chr(34), '')} differs from that of shard {first}: their runs had "
                "different reference data or published figures. Run the newest month again without --shard"
            )
