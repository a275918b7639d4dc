"""Where the tables of a release are, and how to read them: a parquet file each, or a folder of partitions.

Belongs here: the names of files in `open/` and `restricted/`, for whoever writes or reads them. Does not belong
here: what is in a table, which partitions a release shares with the one before (`pipelines.publish`).

A table that keeps extracts is `<table>/extract_month=YYYY-MM/<la_code>.parquet`, or `all.parquet` where its rows
are of no authority. Any other table is `<table>.parquet`, as every table was in earlier versions. The files have
every column: a reader takes nothing from the names of folders.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pipelines.calendar import Month
from pipelines.warehouse_file import quoted

PARQUET = ".parquet"
PARTITIONS = f"*/*{PARQUET}"
NO_MONTH = "__HIVE_DEFAULT_PARTITION__"
"""What Hive calls the partition of rows without a value. A table without rows has this one."""
_MARCH = 3
AS_IN_THE_FILES = "hive_partitioning = false"
"""Option of `read_parquet`: otherwise DuckDB replaces the date `extract_month` by the folder's text."""


def parquet_of(room: Path, table: str) -> str | None:
    """The path or pattern of a table's files in `open/` or `restricted/`, or None where it has none.

    Read it with `read_parquet(?, hive_partitioning = false)`.
    """
    if (file := room / f"{table}{PARQUET}").is_file():
        return str(file)
    return str(room / table / PARTITIONS) if (room / table).is_dir() else None


def newest_files_of(
    room: Path, table: str, months: int, and_marches: bool = False, la_codes: Collection[str] = ()
) -> list[str]:
    """The files of a table in `open/` or `restricted/` with so many of the newest months of each authority.

    `and_marches`: also those of every March. `la_codes`: only of these authorities, of all if empty. A table in
    one file is read as a whole, so a query names its months and authorities too. This saves it from opening the
    files of all others. Empty where there is no such table.
    """
    if (whole := room / f"{table}{PARQUET}").is_file():
        return [str(whole)]
    newest: dict[str, Month] = {}
    kept = []
    for file in sorted((room / table).glob(PARTITIONS), reverse=True):
        if la_codes and file.stem not in la_codes:
            continue
        month = _month_of(file)
        if (
            month is None
            or month > newest.setdefault(file.name, month).plus(-months)
            or (and_marches and month.number == _MARCH)
        ):
            kept.append(str(file))
    return kept


def _month_of(file: Path) -> Month | None:
    """The month of a partition; None for rows that belong to none."""
    name = file.parent.name.removeprefix("extract_month=")
    return None if name == NO_MONTH else Month.parse(name)


def sql_of(room: Path, table: str) -> str | None:
    """SQL for the rows of a table in `open/` or `restricted/`, or None where it has no files."""
    pattern = parquet_of(room, table)
    return f"read_parquet('{quoted(pattern)}', {AS_IN_THE_FILES})" if pattern else None


def tables_of(room: Path) -> list[str]:
    """The names of the tables in `open/` or `restricted/`."""
    files = (path.relative_to(room).parts[0] for path in room.rglob(f"*{PARQUET}"))
    return sorted({name.removesuffix(PARQUET) for name in files})


def table_of(entry: Mapping[str, Any]) -> str:
    """The folder and name of a table in a manifest, such as `open/mart_eet_plan`: the same in every layout."""
    return str(entry["file"]).removesuffix(PARQUET)


def readable(entry: Mapping[str, Any]) -> str:
    """The path or pattern of a table's files in a release, for a person who reads them."""
    return f"{entry['file']}/{PARTITIONS}" if "files" in entry else str(entry["file"])


def files_of(entry: Mapping[str, Any]) -> dict[str, str]:
    """The SHA-256 of each file of a table in a manifest, by its path in the release."""
    if "files" not in entry:
        return {entry["file"]: entry["sha256"]}
    return {f"{entry['file']}/{name}": file["sha256"] for name, file in entry["files"].items()}
