"""Whatever a drop holds, ingest loads it or refuses it in lines that a person can read, and loses no row."""

import tempfile
from pathlib import Path

import pytest
from fuzzed_drops import ANY, SAME_EVERY_TIME, Delivery, deliveries, write
from hypothesis import given

from pipelines.calendar import Month
from pipelines.file_names import visible
from pipelines.ingest.drop_results import Refusal
from pipelines.ingest.drops import find_drops
from pipelines.ingest.month_ingest import CheckedDrop, read_and_check
from pipelines.reading.reader import file_reader
from pipelines.settings import DataFolder, InputLimits

MONTH = Month(2019, 8)


def read(delivery: Delivery) -> CheckedDrop:
    with tempfile.TemporaryDirectory() as name:
        folder = DataFolder(Path(name))
        write(delivery, folder.lcs / "890" / str(MONTH))
        (drop,) = find_drops(folder, MONTH)
        with file_reader(folder, InputLimits()) as reader:
            return read_and_check(reader, folder.lcs, drop, {})


def check(delivery: Delivery) -> None:
    checked = read(delivery)
    result = checked.result
    for line in (*map(str, result.faults), *result.warnings):
        assert visible(line) == line
    # a value such as 5/3/19 among three dates leaves its column in doubt, whatever the form of the file
    refused = {fault.file for fault in result.faults if fault.rule is not Refusal.COLUMN_IN_DOUBT}
    read_rows = {file.file: file.rows_read for file in result.files}
    for file in delivery:
        if file.rows is not None:
            assert file.name not in refused, result.reason
            assert read_rows.get(file.name) == (file.rows if result.accepted else None)
    for checked_file in checked.files.values():
        assert checked_file.rows_read == checked_file.loaded.height + checked_file.rejected.height


@SAME_EVERY_TIME
@given(deliveries())
def test_a_drop_is_loaded_or_refused_and_loses_no_row(delivery):
    check(delivery)


@pytest.mark.long
@ANY
@given(deliveries())
def test_any_drop_is_loaded_or_refused_and_loses_no_row(delivery):
    check(delivery)
