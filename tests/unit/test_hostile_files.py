"""Damaged and hostile files: each is refused in one line, and the next file is read.

The files are made here; the limits are small, so that they can be small too.
"""

import contextlib
import gzip
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from ingest_drops import write
from taken_files import taken

from pipelines import input_files
from pipelines.calendar import Month
from pipelines.errors import BadInputError, UsageError, WarehouseError
from pipelines.ingest.month_ingest import ingest_month
from pipelines.progress import Progress
from pipelines.reading import reader
from pipelines.reading.file_checks import UnreadableError
from pipelines.settings import (
    INPUT_VARIABLES,
    PSEUDONYM_KEY_VARIABLE,
    DataFolder,
    InputLimits,
    environment_of_reader,
    input_limits,
)

KEY = "a key for the tests of reading, long enough"
NAME = "Anna Smith"
"""Is in every file, and in no message."""
LIMITS = InputLimits(file_mb=200, unpacked_mb=16, memory_mb=600, seconds=20, columns=200, cells=2_000_000)
GOOD = f"id,name\n1,{NAME}\n".encode()
DAMAGED_PARQUET = "the parquet file is cut off or damaged"
DAMAGED_WORKBOOK = "the workbook is cut off or damaged"
TOO_MUCH_MEMORY = "the file is damaged, or reading it needs more than 600 MB of memory: "
UNPACKS = "the file unpacks to more than 16 MB, the most that is read of a file of its size"


def parquet(**columns: object) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(columns or {"id": ["1"] * 500, "name": [NAME] * 500}).write_parquet(file)
    return file.getvalue()


def number(value: int) -> bytes:
    """A number as a parquet footer holds it."""
    value, parts = 2 * value, []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


def parquet_of_so_many_rows(rows: int, place: int | None = None) -> bytes:
    """A parquet file of 500 rows whose footer tells of others: at one place, or wherever it has their number."""
    data = parquet()
    start = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    footer, told = data[start:-8], number(500)
    places = [match.start() for match in re.finditer(re.escape(told), footer)]
    for position in reversed(places if place is None else places[place : place + 1]):
        footer = footer[:position] + number(rows) + footer[position + len(told) :]
    return data[:start] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def workbook(cells: dict[tuple[int, int], str], without: bytes | None = None) -> bytes:
    """A workbook with these cells; without what a pattern finds in its sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for (row, column), text in {(0, 0): "id", (1, 0): NAME, **cells}.items():
            sheet.write(row, column, text)
    return file.getvalue() if without is None else changed(file.getvalue(), lambda xml: re.sub(without, b"", xml))


def changed(data: bytes, change: Callable[[bytes], bytes], part: str = "sheet1.xml") -> bytes:
    """The workbook with one of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename.endswith(part) else content)
    return file.getvalue()


def with_entry(name: str, content: bytes) -> bytes:
    file = io.BytesIO(workbook({}))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr(name, content)
    return file.getvalue()


def entity_bomb(xml: bytes) -> bytes:
    lines = [b'<!ENTITY a0 "%s">' % (b"x" * 100)]
    lines += [b'<!ENTITY a%d "%s">' % (depth, b"&a%d;" % (depth - 1) * 10) for depth in range(1, 10)]
    declared = xml.replace(b"?>", b"?>\n<!DOCTYPE worksheet [%s]>" % b"".join(lines), 1)
    return declared.replace(b"</worksheet>", b"<extLst>&a9;</extLst></worksheet>")


CORNER = {(1_048_575, 16_383): "x"}
DIMENSION = rb"<dimension[^>]*/>"
LIES = lambda xml: re.sub(rb'ref="A1:[A-Z]+\d+"', b'ref="A1:B2"', xml)  # noqa: E731

HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a parquet file cut in half": ("parquet", lambda: parquet()[: len(parquet()) // 2], DAMAGED_PARQUET),
    "a parquet file of its first bytes": ("parquet", lambda: b"PAR1", DAMAGED_PARQUET),
    "a parquet file without its footer": ("parquet", lambda: parquet()[:-100] + b"PAR1", DAMAGED_PARQUET),
    "a parquet file with a wrong page": (
        "parquet",
        lambda: parquet()[:4] + b"\xff" * 40 + parquet()[44:],
        DAMAGED_PARQUET,
    ),
    "a parquet footer of four billion bytes": (
        "parquet",
        lambda: parquet()[:-8] + b"\xff\xff\xff\xff" + b"PAR1",
        DAMAGED_PARQUET,
    ),
    "a parquet file of too many rows": (
        "parquet",
        lambda: parquet_of_so_many_rows(2**31 - 1),
        "the table has 2 columns and 2,147,483,647 rows, and at most 2,000,000 cells are read.",
    ),
    "a parquet file of a trillion rows": ("parquet", lambda: parquet_of_so_many_rows(2**40), DAMAGED_PARQUET),
    "a parquet file of more rows than there are numbers": (
        "parquet",
        lambda: parquet_of_so_many_rows(2**62),
        DAMAGED_PARQUET,
    ),
    "a parquet file with lists": (
        "parquet",
        lambda: parquet(id=[["1", NAME]]),
        "column 1 is of the type list: export one text, number or day a cell",
    ),
    "a parquet file with records": (
        "parquet",
        lambda: parquet(id=["1"], name=[{"first": NAME}]),
        "column 2 is of the type struct: export one text, number or day a cell",
    ),
    "a parquet file with bytes": (
        "parquet",
        lambda: parquet(id=[b"\xff" + NAME.encode()]),
        "column 1 is of the type binary: export one text, number or day a cell",
    ),
    "a parquet file of a thousand columns": (
        "parquet",
        lambda: parquet(**{f"c{column}": [NAME] for column in range(1000)}),
        "the table has 1,000 columns, and at most 200 are read.",
    ),
    "a parquet file of one text ten million times": (
        "parquet",
        lambda: parquet(id=pl.Series([NAME]).new_from_index(0, 10_000_000)),
        "the table has 1 columns and 10,000,000 rows, and at most 2,000,000 cells are read.",
    ),
    "a parquet file of one long text many times": (
        "parquet",
        lambda: parquet(id=pl.Series([NAME * 2_000]).new_from_index(0, 2_000)),
        "the table unpacks to more than 16 MB: export it in several files",
    ),
    "a workbook with a cell at the far corner": (
        "xlsx",
        lambda: workbook(CORNER),
        "the table has 16,384 columns, and at most 200 are read. Delete the empty columns and rows",
    ),
    "the same, without its extent": ("xlsx", lambda: workbook(CORNER, DIMENSION), TOO_MUCH_MEMORY),
    "the same, with another extent": ("xlsx", lambda: changed(workbook(CORNER), LIES), TOO_MUCH_MEMORY),
    "a workbook with a cell in the last row": (
        "xlsx",
        lambda: workbook({(1_048_575, 20): "x"}, DIMENSION),
        TOO_MUCH_MEMORY,
    ),
    "a workbook whose parts unpack to much": (
        "xlsx",
        lambda: with_entry("xl/media/large.bin", b"0" * (20 << 20)),
        UNPACKS,
    ),
    "a workbook of ten thousand parts": (
        "xlsx",
        lambda: zipped({f"xl/{part}": b"" for part in range(10_001)}),
        "the workbook has more than 10,000 parts",
    ),
    "a workbook with a path out of it": (
        "xlsx",
        lambda: with_entry("../../etc/passwd", b"x"),
        "the workbook names files outside of itself",
    ),
    "a workbook with entities of entities": ("xlsx", lambda: changed(workbook({}), entity_bomb), ""),
    "a list of sheets with entities of entities": (
        "xlsx",
        lambda: changed(
            workbook({}), lambda xml: entity_bomb(xml).replace(b"<sheets>", b"&a9;<sheets>"), "workbook.xml"
        ),
        "",
    ),
    "a workbook cut off": ("xlsx", lambda: workbook({})[:2000], DAMAGED_WORKBOOK),
    "a workbook with nothing in it": ("xlsx", lambda: zipped({}), DAMAGED_WORKBOOK),
    "an old workbook": (
        "xlsx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
        "the file is an old or protected Excel workbook, not an xlsx workbook",
    ),
    "a gzip file of much": ("csv.gz", lambda: gzip.compress(GOOD + b"1,x\n" * 5_000_000), UNPACKS),
    "a gzip file of gzip files of much": (
        "csv.gz",
        lambda: gzip.compress(b"1,x\n" * 100_000) * 200,
        UNPACKS,
    ),
    "a gzip file cut off": (
        "csv.gz",
        lambda: gzip.compress(GOOD * 100)[:-12],
        "the compressed file is cut off or damaged",
    ),
    "a csv file named as a gzip file": ("csv.gz", lambda: GOOD, "the compressed file is cut off or damaged"),
    "a workbook named as a csv file": (
        "csv",
        lambda: workbook({}),
        "the file is a zip file or workbook, not a CSV file: export it again, or correct its name",
    ),
    "a PDF file": ("csv", lambda: b"%PDF-1.7 " + NAME.encode(), "the file is a PDF file, not a CSV file"),
    "a program": (
        "csv",
        lambda: Path(sys.executable).read_bytes()[:5000],
        "the file is a program, not a CSV file",
    ),
    "a header of 80,000 columns": (
        "csv",
        lambda: ",".join(f"c{column}" for column in range(80_000)).encode() + b"\n" + NAME.encode(),
        "the table has 80,000 columns, and at most 200 are read.",
    ),
    "a header without end": (
        "csv",
        lambda: NAME.encode() * 200_000,
        "the first line has more than 1 MB: are the line ends missing?",
    ),
    "a csv file of one line of 100 MB": ("csv", lambda: b"x" * (100 << 20), "the first line has more than 1 MB"),
    "a cell without end": (
        "csv",
        lambda: GOOD + b"2," + b"x" * 200_000 + b"\n",
        "a cell of column 2 has more than 131,072 bytes",
    ),
    "a cell without end in a parquet file": (
        "parquet",
        lambda: parquet(id=["x" * 200_000]),
        "a cell of column 1 has more than 131,072 bytes",
    ),
    "a quote that is never closed": (
        "csv",
        lambda: GOOD + b'2,"' + b"x\n" * 100_000,
        "a field that begins after line 3 does not end",
    ),
    "too many rows of another width": (
        "csv",
        lambda: GOOD + b"1,2,3\n" * 150_000,
        "150,000 rows have more or fewer fields than the header: is ',' the separator of the whole file?",
    ),
    "a row of a million fields": (
        "csv",
        lambda: GOOD + b"," * 1_000_000 + b"\n",
        "the table has 1,000,001 columns, and at most 200 are read.",
    ),
    "too many cells": (
        "csv",
        lambda: GOOD + b",\n" * 1_500_000,
        "the table has 2 columns and 1,500,003 rows, and at most 2,000,000 cells are read.",
    ),
    "NUL bytes": (
        "csv",
        lambda: GOOD + b"2,\x00\n",
        "a NUL byte in line 3: export the file as UTF-8 text",
    ),
    "UTF-16 cut off": (
        "csv",
        lambda: GOOD.decode().encode("utf-16")[:-1],
        "the file is UTF-16 and cut off or damaged: export it again, as UTF-8",
    ),
    "UTF-32": ("csv", lambda: GOOD.decode().encode("utf-32"), "the file is UTF-32: export it as UTF-8"),
    "nothing but NUL bytes": ("csv", lambda: bytes(1000), "a NUL byte in line 1"),
    "nothing": ("csv", lambda: b"", "the file is empty"),
}
"""By what it is: the ending of its name, its bytes, and how the message begins where that is certain."""


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_damaged_or_hostile_file_is_refused_in_one_line_and_the_next_one_is_read(kind):
    ending, make, beginning = HOSTILE[kind]
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with taken(f"a.{ending}", data, LIMITS) as file:
        if kind == "a workbook with entities of entities" or "sheets with entities" in kind:
            # read without them, or refused
            with contextlib.suppress(UnreadableError):
                assert file.table().frame.height == 1
        else:
            with pytest.raises(UnreadableError) as raised:
                file.table()
            said = str(raised.value)
            assert said.startswith(beginning) and len(said.splitlines()) == 1 and len(said) < 300
            assert NAME not in said and "Traceback" not in said
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000, f"this process grew by {grown:,} kB"
    with taken("b.csv", GOOD, LIMITS) as file:
        assert file.table().frame.rows() == [("1", NAME)]


def test_a_header_and_a_sheet_are_asked_for_within_the_same_limits():
    with taken("a.csv.gz", gzip.compress(b"1,x\n" * 5_000_000), LIMITS) as file:
        for ask in (file.header, file.csv_lines):
            with pytest.raises(UnreadableError, match="unpacks to more than 16 MB"):
                ask()
    with taken("a.xlsx", workbook(CORNER, DIMENSION), LIMITS) as file:
        assert file.sheet_names() == ["Sheet1"]
        for ask in (file.header, file.sheet_rows, lambda: file.sheet_rows("Sheet1", 20)):
            with pytest.raises(UnreadableError, match="reading it needs more than 600 MB"):
                ask()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGXCPU])
def test_a_process_that_ends_by_a_signal_is_a_line_and_another_one_reads_on(end):
    with taken("a.csv", GOOD, LIMITS) as file:
        file.table()
        process = reader._running[0]._process
        os.kill(process.pid, signal.SIGSTOP)
        # the request waits in the stopped process
        ending = subprocess.Popen([sys.executable, "-S", "-c", KILL, str(process.pid), str(int(end))])
        with pytest.raises(UnreadableError) as raised:
            file.table()
        ending.wait()
        assert str(raised.value) == (
            "reading it takes more than 20 seconds"
            if end == signal.SIGXCPU
            else f"the file is damaged: the process that read it ended with {end.name}; export it again"
        )
        assert file.table().rows_read == 1


KILL = """
import os, sys, time, signal
time.sleep(0.2)
os.kill(int(sys.argv[1]), int(sys.argv[2]))
os.kill(int(sys.argv[1]), signal.SIGCONT)
"""


def test_a_file_that_takes_too_long_is_a_line():
    limits = InputLimits(seconds=1)
    with taken("a.csv", GOOD, limits) as file:
        file.table()
        process = reader._running[0]._process
        os.kill(process.pid, signal.SIGSTOP)
        with pytest.raises(UnreadableError, match="reading it takes more than 1 seconds"):
            file.table()
        assert process.poll() is not None
        assert file.table().rows_read == 1


def test_a_process_that_cannot_start_is_no_fault_of_the_file(monkeypatch):
    reader.end_reader()
    monkeypatch.setattr(reader, "environment_of_reader", lambda: {"PYTHONHOME": "/nowhere"})
    with taken("a.csv", GOOD, LIMITS) as file, pytest.raises(WarehouseError, match="did not start"):
        file.table()
    reader.end_reader()


def test_the_process_that_reads_knows_no_key_and_writes_for_its_owner_only(monkeypatch):
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, KEY)
    assert KEY not in json.dumps(environment_of_reader())
    with taken("a.csv", GOOD, LIMITS) as file:
        file.reader.ask(file, "table")
        modes = {path.name: path.stat().st_mode & 0o777 for path in file.path.parent.iterdir()}
        assert modes == {file.path.name: 0o600, "table": 0o600}
        assert file.path.parent.stat().st_mode & 0o777 == 0o700


READ_AND_DIE = """
import os
from taken_files import taken
from pipelines.reading import reader
with taken("a.csv", b"id,name") as file:
    file.table()
    print(reader._running[0]._process.pid, flush=True)
    os.kill(os.getpid(), 9)
"""


def test_a_process_ends_with_the_one_that_started_it():
    search = [str(Path(__file__).parent), *filter(None, sys.path)]
    ended = subprocess.run(
        [sys.executable, "-c", READ_AND_DIE],
        env={"PYTHONPATH": os.pathsep.join(search)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    for _ in range(100):
        if not Path(f"/proc/{ended.stdout.strip()}").exists():
            return
        time.sleep(0.05)
    pytest.fail("it is still there")


def test_a_drop_with_a_hostile_file_is_refused_and_the_others_are_loaded(tmp_path, monkeypatch):
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, KEY)
    folder, month = DataFolder(tmp_path), Month.parse("2019-08")
    path = write(folder, {})
    (path / "ssd_cin_plans.parquet").write_bytes(parquet_of_so_many_rows(2**62))
    (path / "ssd_cp_plans.xlsx").write_bytes(workbook(CORNER, DIMENSION))
    with pytest.raises(BadInputError) as raised:
        ingest_month(folder, month, Progress(), LIMITS)
    lines = str(raised.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "888 2019-08 ssd_cin_plans.parquet",
        "888 2019-08 ssd_cp_plans.xlsx",
    ]
    write(folder, {}, la_code="889")
    assert [drop.accepted for drop in ingest_month(folder, month, Progress(), LIMITS).drops] == [False, True]
    assert list(folder.reading.iterdir()) == []


def test_a_file_that_changes_while_it_is_read_is_refused_and_read_when_it_stands(tmp_path, monkeypatch):
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, KEY)
    folder, month = DataFolder(tmp_path), Month.parse("2019-08")
    path = write(folder, {}) / "ssd_person.csv"
    read = input_files._read

    def read_and_write(file, size):
        data = read(file, size)
        with path.open("a") as growing:
            growing.write("2,,\n")
        return data

    with monkeypatch.context() as patch:
        patch.setattr(input_files, "_read", read_and_write)
        with pytest.raises(BadInputError) as raised:
            ingest_month(folder, month, Progress(), LIMITS)
    changed_file = (
        "888 2019-08 ssd_person.csv: the file changed while it was read: run again when it is written completely"
    )
    assert changed_file in str(raised.value).splitlines()
    assert ingest_month(folder, month, Progress(), LIMITS).drops[0].accepted


def test_copies_that_a_killed_run_left_are_removed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, KEY)
    folder = DataFolder(tmp_path)
    write(folder, {})
    (folder.reading / "killed").mkdir(parents=True)
    (folder.reading / "killed" / "x.taken").write_bytes(GOOD)
    with reader.file_reader(folder, LIMITS) as another:
        ingest_month(folder, Month.parse("2019-08"), Progress(), LIMITS)
        # what another process is reading meanwhile stays
        assert list(folder.reading.iterdir()) == [another.folder]
    assert list(folder.reading.iterdir()) == []


def test_the_limits_are_settings(monkeypatch):
    monkeypatch.setenv(INPUT_VARIABLES["columns"], "50")
    assert input_limits() == InputLimits(columns=50)
    monkeypatch.setenv(INPUT_VARIABLES["seconds"], "soon")
    with pytest.raises(UsageError, match="WAREHOUSE_INPUT_SECONDS must be a whole number"):
        input_limits()
