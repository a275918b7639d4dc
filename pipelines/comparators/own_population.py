"""Populations for rates from the file of the Office for National Statistics, as downloaded, in `raw/reference/`.

Belongs here: which file that is, and its populations aged 0 to 17. The readers of published files read its layout.
A file with one of the names of the register, such as population.csv, is not read here, and its rows come first.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipelines.calendar import Month
from pipelines.comparators.added_names import added_names
from pipelines.comparators.geography import AUTHORITY
from pipelines.comparators.load_releases import readers_version
from pipelines.comparators.population import MEASURE
from pipelines.comparators.reader_output import RefusedError
from pipelines.comparators.readers import layout_of_file, read_as
from pipelines.comparators.source_file import Source
from pipelines.ingest.raw_tables import PIPELINE_TABLES
from pipelines.input_files import InputFileError
from pipelines.known_words import shown_file_name
from pipelines.reading import ENDINGS
from pipelines.reading.file_checks import UnreadableError
from pipelines.reading.reader import FileReader, file_reader
from pipelines.reference import named_like, reference_of
from pipelines.settings import DataFolder, InputLimits
from pipelines.warehouse_file import create_tables, open_warehouse, transaction

MONTH_OF_PUBLICATION = 7
"""July of the year after the mid-year: from then on rates use an estimate without a first month of its own."""
TABLES = ("published_population", "published_population_file")
_Estimates = dict[tuple[str, int], int]


def may_hold_populations(path: Path) -> bool:
    """Whether a run tries to read populations from a file that is none of the register."""
    return path.name.lower().endswith(ENDINGS)


def load_own_populations(folder: DataFolder, limits: InputLimits) -> list[str]:
    """Loads the populations of downloaded files in `raw/reference/`, if a file or a reader changed.

    Returns a line for each file that is no population and has no name of the register. Of two files with the same
    authority and mid-year the last in the order of their names is used.
    """
    candidates = [path for path in reference_of(folder).other if may_hold_populations(path)]
    with open_warehouse(folder) as connection:
        create_tables(connection, "raw", {name: PIPELINE_TABLES[name] for name in TABLES})
        known = connection.execute("select file, sha256, read_with from raw.published_population_file").fetchall()
        if not candidates:
            if known:
                _write(connection, {}, [])
            return []
        with file_reader(folder, limits) as reader:
            return _load(folder, connection, reader, candidates, set(known))


def _load(
    folder: DataFolder,
    connection: duckdb.DuckDBPyConnection,
    reader: FileReader,
    candidates: Sequence[Path],
    known: set[tuple[str, str, str]],
) -> list[str]:
    added = added_names(folder)
    version = readers_version(added)
    warnings: list[str] = []
    estimates: _Estimates = {}
    files = []
    taken = []
    for path in candidates:
        try:
            taken.append((path, reader.take(folder.reference, path)))
        except InputFileError as fault:
            warnings.append(_not_read(path, str(fault)))
    if known and known == {(path.name, file.sha256, version) for path, file in taken}:
        return warnings
    for path, file in taken:
        try:
            source = Source("", "", path.name, file, None, {}, added)
            of_file = dict(_populations(read_as(layout_of_file(file), source).values))
        except (UnreadableError, RefusedError) as fault:
            warnings.append(_not_read(path, str(fault)))
            continue
        if not of_file:
            warnings.append(_not_read(path, "it has no children aged 0 to 17 by authority"))
            continue
        estimates |= of_file
        files.append([path.name, file.sha256, version, len(of_file)])
    _write(connection, estimates, files)
    return warnings


def _populations(values: pl.DataFrame) -> Iterable[tuple[tuple[str, int], int]]:
    rows = values.filter(
        (pl.col("measure") == MEASURE)
        & pl.col("dimensions").str.contains("0 to 17", literal=True)
        & (pl.col("geography_level") == AUTHORITY)
        & (pl.col("value") > 0)
    )
    for la_code, year, value in rows.select("geography_code", "period", "value").iter_rows():
        yield (la_code, int(year)), int(value)


def _write(
    connection: duckdb.DuckDBPyConnection, estimates: _Estimates, files: Sequence[Sequence[object]]
) -> None:
    rows = [
        (la_code, mid_year, population, Month(mid_year + 1, MONTH_OF_PUBLICATION).end)
        for (la_code, mid_year), population in sorted(estimates.items())
    ]
    with transaction(connection):
        for table, values in zip(TABLES, (rows, files), strict=True):
            connection.execute(f"delete from raw.{table}")
            if values:
                connection.executemany(f"insert into raw.{table} values (?, ?, ?, ?)", values)


def _not_read(path: Path, reason: str) -> str:
    near = named_like(path)
    meant = f": did you mean {near}?" if near else f": {reason}"
    return f"raw/reference/{shown_file_name(path.name)} is not read{meant}"
