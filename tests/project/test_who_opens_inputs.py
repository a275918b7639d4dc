"""Only `pipelines/input_files.py` opens what people deliver."""

import ast
from pathlib import Path

import pytest
from checkout import PROJECT_ROOT

OPENING = {"open", "read_text", "read_bytes", "fdopen", "copyfile", "copy", "copy2", "copytree", "decompress"}
OPENING_BY_PREFIX = ("read_csv", "read_excel", "read_parquet", "read_json", "read_ipc", "read_ods", "scan_")
READ_INPUTS = (
    "ingest",
    "reading",
    "comparators",
    "report/commentary.py",
    "quality/waivers.py",
    "history/plan.py",
    "history/rebuild.py",
)
"""The rooms and files of `pipelines/` that read what people deliver."""
OURS = ("__file__", "SEEDS", "ROOM", "DBT_PROJECT", "EXPECTATIONS / 'contracts'")
"""A path made from one of these is that of a file of the project."""
NO_INPUT = {
    # bytes of a copy, in the process that reads
    "reading/file_checks.py: open(workbook)",
    "reading/file_reading.py: read_parquet(io.BytesIO(data))",
    "reading/file_reading.py: read_parquet_schema(io.BytesIO(data))",
    "reading/file_reading.py: scan_parquet(io.BytesIO(data))",
    "reading/file_reading.py: read_csv(data)",
    "reading/file_reading.py: read_excel(data)",
    # copies, and what the process that reads wrote
    "reading/reader_process.py: read_bytes(Path(request['path']))",
    "reading/reader_process.py: open(path)",
    "reading/reader.py: fdopen(descriptor)",
    "reading/reader.py: fdopen(read)",
    "reading/reader.py: fdopen(words)",
    "reading/reader.py: read_ipc(path)",
    "reading/reader.py: open(folder)",
    # files of the project
    "comparators/load_releases.py: read_bytes(path)",
    # files that only the pipeline writes
    "history/rebuild.py: open(link)",
    "history/rebuild.py: open(log_path)",
    "history/rebuild.py: open(new)",
    "ingest/pseudonyms.py: read_bytes(file)",
    "ingest/pseudonyms.py: read_parquet(file)",
    "ingest/pseudonyms.py: scan_parquet(files)",
}
"""Calls that open no file of a person, each with the reason."""


def calls(path: Path) -> list[str]:
    """The calls of a module that can open a file, as `module: function(what it opens)`."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        is_method = isinstance(node.func, ast.Attribute)
        name = node.func.attr if is_method else node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in OPENING and not name.startswith(OPENING_BY_PREFIX):
            continue
        owner = ast.unparse(node.func.value) if is_method else ""
        is_of_a_package = owner in {"pl", "fastexcel", "shutil", "os", "gzip", "duckdb"} or not owner
        opened = ast.unparse(node.args[0]) if is_of_a_package and node.args else owner
        if not any(place in opened for place in OURS):
            found.append(f"{path.relative_to(PROJECT_ROOT / 'pipelines')}: {name}({opened})")
    return found


def test_nobody_else_opens_a_file_that_people_deliver():
    rooms = [PROJECT_ROOT / "pipelines" / name for name in READ_INPUTS]
    files = [file for room in rooms for file in ([room] if room.is_file() else sorted(room.rglob("*.py")))]
    assert len(files) > 30
    found = {call for file in files for call in calls(file)}
    assert found == NO_INPUT, "open inputs with pipelines.input_files, or say here why the file is none"


@pytest.mark.parametrize(
    "code",
    [
        "path.read_text()",
        "path.open()",
        "open(path)",
        "pl.scan_csv(path)",
        "os.open(path, 0)",
        "shutil.copy(path, other)",
        "gzip.open(path)",
        "gzip.decompress(data)",
    ],
)
def test_a_call_that_opens_a_path_is_seen(tmp_path, monkeypatch, code):
    monkeypatch.setitem(calls.__globals__, "PROJECT_ROOT", tmp_path)
    (tmp_path / "pipelines").mkdir()
    module = tmp_path / "pipelines" / "module.py"
    module.write_text(code)
    assert len(calls(module)) == 1
