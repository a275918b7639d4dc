"""Names and headers from outside reach messages without control characters and without a personal value."""

import json
from pathlib import Path

import pytest
from ingest_drops import PERSON, PLAN, text, write

from pipelines.calendar import Month
from pipelines.cli import main
from pipelines.errors import BadInputError
from pipelines.file_names import printable, printable_name
from pipelines.ingest.month_ingest import ingest_month
from pipelines.known_words import shown_file_name, shown_folder_name, shown_header
from pipelines.notify import Alert, Kind
from pipelines.progress import Progress
from pipelines.settings import DataFolder

NAME = "Zebedee Quillfeather"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("plain", "plain"),
        ("Zoë, ½ naïve", "Zoë, ½ naïve"),
        ("a\x1b[2Jb", "a�[2Jb"),
        ("up\rover", "up�over"),
        ("txt.\u202egnp", "txt.�gnp"),
        ("in\u200bvisible\u2066", "in�visible�"),
        ("next\u2028line\x85\x0b", "next�line��"),
        ("two\nlines", "two\nlines"),
        ("wide\u00a0space", "wide\u00a0space"),
        ("lone \ud800", "lone �"),
    ],
)
def test_a_line_has_no_character_that_acts(given, shown):
    assert printable(given) == shown
    assert "\n" not in printable_name(given)
    assert str(BadInputError(given)) == shown
    assert Alert(Kind.FAILED, given, (given,)).lines == (shown,)


def test_a_line_has_an_end():
    assert len(printable("x" * 10_000)) == 4000
    assert printable_name("x" * 81) == "x" * 79 + "…"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ssd_cin_plans_20190831.csv", "ssd_cin_plans_….csv"),
        ("ssd_cin_plans (2).csv", "ssd_cin_plans (2).csv"),
        ("Zebedee Quillfeather 2010-03-04.xlsx", "… … …-…-….xlsx"),
        ("zebedee_quillfeather.csv", "…_….csv"),
        ("ZE1 2AB.csv", "…1 2….csv"),
        ("SHA256SUMS", "SHA…SUMS"),
        ("notes\nerror: all is well.txt", "notes�error: all is ….txt"),
    ],
)
def test_a_file_is_named_by_known_words(name, shown):
    assert shown_file_name(name) == shown


@pytest.mark.parametrize(("name", "shown"), [("888", "888"), ("0888", "0888"), (NAME, "… …"), ("1206933", "…")])
def test_a_folder_is_named_by_its_code(name, shown):
    assert shown_folder_name(name) == shown


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("cinp_persn_id", "cinp_persn_id"),
        ("pers_upn", "pers_upn"),
        ("zebedee", "column 3"),
        ("1206933", "column 3"),
        ("2010-03-04", "column 3"),
        ("pers_zebedee", "column 3"),
        ("pr1 2ab", "column 3"),
        ("", "column 3"),
    ],
)
def test_a_header_is_shown_if_it_is_like_a_column(header, shown):
    assert shown_header(header, 3, ["cinp_person_id", "cinp_cin_plan_id"]) == shown


def test_a_hostile_drop_reaches_no_message_log_finding_or_status(tmp_path, capfd):
    folder = DataFolder(tmp_path / "data")
    rest = text("ssd_cin_plans", [PLAN]).splitlines()
    path = write(folder, {"ssd_person": [PERSON]})
    (path / "ssd_cin_plans.csv").write_text(f"{rest[0]},{NAME},\x1b[2J\n{rest[1]},,\n")
    (path / f"{NAME}\x1b[31m\u202e.csv").write_text("a\n1\n")
    (folder.lcs / NAME / "2019-08").mkdir(parents=True)
    (folder.lcs / NAME / "2019-08" / "ssd_person.csv").write_text("a\n1\n")
    said: list[str] = []

    class Said:
        def stage(self, name): ...
        def line(self, text):
            said.append(text)

        warning = line

    drops = ingest_month(folder, Month.parse("2019-08"), Progress(Said())).drops
    said += [line for drop in drops for line in (*drop.warnings, *map(str, drop.faults))]
    assert main(["status", "--data", str(folder.root)]) == 0
    written = [file.read_text() for file in folder.findings.rglob("*.json")]
    for words in (*said, *written, *capfd.readouterr()):
        assert "Zebedee" not in words
        assert "\x1b" not in words and "\\u001b" not in words and "\u202e" not in words
    assert len(said) > 3


def test_a_missing_header_line_shows_no_value(tmp_path):
    folder = DataFolder(tmp_path / "data")
    path = write(folder, {"ssd_person": [PERSON]})
    header = text("ssd_cin_plans", [PLAN]).splitlines()[0].split(",")
    (path / "ssd_cin_plans.csv").write_text(",".join([NAME, "1206933", *header[2:]]) + "\n")
    with pytest.raises(BadInputError) as fault:
        ingest_month(folder, Month.parse("2019-08"), Progress())
    assert "columns found: column 1, column 2, " in str(fault.value)
    assert "Zebedee" not in str(fault.value) and "1206933" not in str(fault.value)


def test_a_finding_is_json_that_can_be_read(tmp_path):
    folder = DataFolder(tmp_path / "data")
    path = write(folder, {"ssd_person": [PERSON]})
    (path / "x\udcff.csv").write_text("a\n")
    ingest_month(folder, Month.parse("2019-08"), Progress())
    assert all(json.loads(Path(file).read_text()) for file in folder.findings.rglob("*.json"))


def test_a_file_of_an_object_has_its_whole_name(tmp_path):
    folder = DataFolder(tmp_path / "data")
    path = write(folder, {"ssd_person": [PERSON]})
    (path / "ssd_s47_enquiry.csv").write_text("a\n1\n")
    (path / f"{NAME}.csv").mkdir()
    with pytest.raises(BadInputError, match=r"ssd_s47_enquiry\.csv: required column"):
        ingest_month(folder, Month.parse("2019-08"), Progress())
    (finding,) = folder.findings.rglob("*.json")
    assert "Zebedee" not in finding.read_text()


def test_a_message_names_so_many_headers_and_no_more(tmp_path):
    folder = DataFolder(tmp_path / "data")
    path = write(folder, {"ssd_person": [PERSON]})
    header, row = text("ssd_cin_plans", [PLAN]).splitlines()
    more = ",".join(f"zebedee{number}" for number in range(200))
    (path / "ssd_cin_plans.csv").write_text(f"{header},{more}\n{row}{',' * 200}\n")
    (drop,) = ingest_month(folder, Month.parse("2019-08"), Progress()).drops
    assert drop.warnings[0].endswith("column 66, column 67, and 140 more")
