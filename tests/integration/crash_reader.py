"""A process that reads the current release over and over until it is told to end, as analysts' tools do.

It reads in two ways. The careful reader resolves `latest` once and holds everything that it reads then against the
manifest of that release. The other opens every file through `latest`, each time anew: between two of them the
release may change, but every one has to open. What fails is written down, and neither way stops.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from pipelines.release_layout import files_of, sql_of

DATABASES = {"open": "marts.duckdb", "restricted": "warehouse.duckdb"}
PAUSE = 1.0
ONE_THREAD = {"threads": "1"}
"""The readers share the machine with the run that they read beside."""


def rows(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    (found,) = connection.execute(f"select count(*) from {source}").fetchone() or (-1,)
    return int(found)


def read_carefully(latest: Path, turn: int) -> tuple[str, int]:
    """One table of one release, in each of the forms in which it is published; the release's id and files read."""
    release = latest.resolve(strict=True)
    manifest: dict[str, Any] = json.loads((release / "restricted" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["release_id"] == release.name
    table = manifest["tables"][turn % len(manifest["tables"])]
    for file, sha256 in files_of(table).items():
        assert hashlib.sha256((release / file).read_bytes()).hexdigest() == sha256, f"sha256 of {release / file}"
    room = table["file"].split("/")[0]
    database = release / room / DATABASES[room]
    with duckdb.connect(str(database), read_only=True, config=ONE_THREAD) as connection:
        found = {
            rows(connection, source) for source in (table["table"], str(sql_of(release / room, table["table"])))
        }
    assert found == {table["rows"]}, f"{found} rows of {table['file']}, promised were {table['rows']}"
    return release.name, 4


def read_through_latest(latest: Path, turn: int) -> tuple[str, int]:
    """Four files of whatever is current by then; the id of the first and how many were read."""
    manifest: dict[str, Any] = json.loads((latest / "restricted" / "manifest.json").read_text(encoding="utf-8"))
    table = manifest["tables"][turn % len(manifest["tables"])]
    with duckdb.connect(config=ONE_THREAD) as connection:
        rows(connection, str(sql_of(latest / table["file"].split("/")[0], table["table"])))
    for room, name in DATABASES.items():
        with duckdb.connect(str(latest / room / name), read_only=True, config=ONE_THREAD) as connection:
            rows(connection, "fct_indicator_value" if room == "restricted" else "mart_indicator_monthly")
    return manifest["release_id"], 4


WAYS: tuple[Callable[[Path, int], tuple[str, int]], ...] = (read_carefully, read_through_latest)


def main() -> None:
    latest, until, first_turn = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    reads, releases, failures = 0, set(), []
    for turn in count(first_turn):
        for way in WAYS:
            try:
                release, read = way(latest, turn)
                reads += read
                releases.add(release)
            except Exception as fault:
                failures.append(f"{way.__name__}: {type(fault).__name__}: {fault}")
        if until.exists():
            break
        time.sleep(PAUSE)
    print(json.dumps({"reads": reads, "releases": sorted(releases), "failures": failures}))


if __name__ == "__main__":
    main()
