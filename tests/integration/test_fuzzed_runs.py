"""Whatever a drop holds, a run publishes or says why not: another authority's drop is always sound."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest
from fuzzed_drops import OTHERS, WHOLE_RUNS, deliveries, write
from hypothesis import given
from hypothesis import strategies as st
from small_authority import drop, write_drop

from pipelines.settings import DataFolder

MONTH = "2019-08"
WAIVERS = ("--waive", "all", "--reason", "what lies behind the gates is to be seen as well")


@pytest.mark.long
@WHOLE_RUNS
@given(deliveries(most_objects=len(OTHERS), most_cells=30), st.sampled_from(((), WAIVERS)))
def test_a_run_over_any_drop_is_published_or_refused_in_words(delivery, waivers):
    with tempfile.TemporaryDirectory() as name:
        folder = DataFolder(Path(name))
        write(delivery, folder.lcs / "890" / MONTH)
        write_drop(folder.root, MONTH, drop(MONTH))
        command = [sys.executable, "-m", "pipelines.cli", "run", "--data", name, "--month", MONTH, *waivers]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        assert run.returncode in ((0,) if waivers else (0, 3)), run.stderr
        assert "Traceback" not in run.stderr
        if run.returncode == 0:
            hold_that_no_row_is_lost(folder)


def hold_that_no_row_is_lost(folder: DataFolder) -> None:
    manifest = json.loads((folder.latest / "restricted" / "manifest.json").read_text(encoding="utf-8"))
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        for delivered in manifest["drops"]:
            for file in delivered["files"]:
                counts = [
                    connection.execute(
                        f"select count(*) from raw.{table} where la_code = ? and source_file = ?",
                        [delivered["la_code"], file["file"]],
                    ).fetchone()[0]
                    for table in (file["object"], "rejected_rows")
                ]
                assert counts == [file["rows_loaded"], file["rows_rejected"]]
                assert sum(counts) == file["rows_read"]
