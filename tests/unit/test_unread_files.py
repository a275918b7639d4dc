"""Files that no run reads are named with what they look like, in the run's error, in `status` and on the page."""

import datetime as dt
import gzip
import io
import zipfile

import polars as pl
import pytest
from ingest_drops import PERSON, PLAN, text, write
from workbooks import workbook

from pipelines.calendar import Month
from pipelines.cli import main
from pipelines.contracts import contract
from pipelines.errors import BadInputError
from pipelines.findings import month_findings
from pipelines.ingest.month_ingest import ingest_month
from pipelines.ingest.recognise import SSDA903, likeness, likeness_of_columns
from pipelines.ingest.unread_files import NOT_READ, unread_lines
from pipelines.progress import Progress
from pipelines.reading.file_outline import outline
from pipelines.report.quality_page import quality_page
from pipelines.settings import DataFolder, InputLimits
from pipelines.watch.status import status

NOW = dt.datetime(2019, 9, 6, 9, tzinfo=dt.UTC)
AUGUST = Month.parse("2019-08")
NAME = "Zebedee Quillfeather"
EPISODES = f"{SSDA903['episodes'].replace(' ', ',')}\n1,01/04/2018,S,C2,N1,U4,PR1,,,,,,\n"
CIN_XML = """<?xml version="1.0"?><Message><Header><CollectionDetails><Collection>CIN</Collection>
</CollectionDetails></Header><Children><Child><ChildIdentifiers><LAchildID>1</LAchildID></ChildIdentifiers><ChildCharacteristics/>
<CINdetails><CINreferralDate>2018-05-01</CINreferralDate></CINdetails></Child></Children></Message>"""
RETURN_XML = """<?xml version="1.0"?><MESSAGE><CHILD><HEADER><CHILDID>1</CHILDID><SEX>1</SEX></HEADER>
<EPISODE><DECOM>01/04/2018</DECOM></EPISODE></CHILD></MESSAGE>"""
ANY = [["x"]]
PERSONS = text("ssd_person", [PERSON])
LIST_7 = ["Child Unique ID", "Gender", "Child Protection Plan Start Date", "Latest Category of Abuse"]
NOT_YET = "this layout is not read yet: deliver objects of the Standard Safeguarding Dataset"


def open_document(**sheets: list[list[str]]) -> bytes:
    """A spreadsheet in the form in which Ofsted publishes its template."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
                for cell in row
            )
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    names = " ".join(f'xmlns:{name}="{office}:{name}:1.0"' for name in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest xmlns="{office}:manifest:1.0"/>')
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
    return content.getvalue()


def zipped(name: str, content: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def parquet(columns: list[str]) -> bytes:
    content = io.BytesIO()
    pl.DataFrame({column: ["1"] for column in columns}).write_parquet(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (EPISODES.encode(), "SSDA903 episodes (columns CHILD, DECOM, RNE, LS, CIN and 8 more)"),
        (EPISODES.replace(",", ";").encode("utf-16"), "SSDA903 episodes (columns CHILD, DECOM, "),
        (gzip.compress(EPISODES.encode()), "SSDA903 episodes"),
        (b'"Child","Sex","DOB","Ethnic","UPN"\n', "SSDA903 header (columns CHILD, SEX, DOB, ETHNIC, UPN)"),
        (workbook(Header=[["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]]), "SSDA903 header"),
        (RETURN_XML.encode(), "an SSDA903 return (XML)"),
        (CIN_XML.encode(), "a CIN census return (XML)"),
        (CIN_XML.encode("utf-16"), "a CIN census return (XML)"),
        (workbook(Front=ANY, List_1=ANY, List_11=ANY), "an Annex A workbook (sheets List_1 to List_11)"),
        (open_document(FAQ=ANY, List_1=ANY, List_2=ANY), "an Annex A workbook (sheets List_1 to List_2)"),
        (workbook(Plans=[["Child protection"], LIST_7]), "Annex A list 7, child protection"),
        (",".join(LIST_7).encode(), "Annex A list 7, child protection"),
        (b"Child Unique ID,Something new\n", "a list of Annex A"),
        (text("ssd_cin_plans", [PLAN]).encode(), "the object ssd_cin_plans"),
        (parquet([column.name for column in contract("ssd_cin_plans").columns]), "the object ssd_cin_plans"),
        (open_document(a=[["pers_person_id", "pers_dob"]]), "the object ssd_person"),
        (b"time_period,time_identifier,geographic_level\n", "published figures"),
        (b"<html><body>", "an XML file"),
        (workbook(a=ANY), "a workbook"),
        (zipped("ssd_person.csv", PERSONS), "a zip file"),
    ],
)  # fmt: skip
def test_a_file_looks_like_the_layout_that_has_its_names(data, what):
    alike = likeness(outline(data, InputLimits()))
    assert alike is not None and alike.what.startswith(what)


@pytest.mark.parametrize("data", [b"hello", b"name,dob\nZebedee,2010-01-01\n", b"CHILD,SEX\n", b"\x07" * 50])
def test_a_file_of_other_names_looks_like_nothing(data):
    assert likeness(outline(data, InputLimits())) is None


@pytest.mark.parametrize("name", SSDA903)
def test_every_table_of_the_return_is_known_by_its_columns(name):
    alike = likeness_of_columns(SSDA903[name].split())
    assert alike is not None and alike.what.startswith(f"SSDA903 {name} (")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> DataFolder:
    monkeypatch.setenv("WAREHOUSE_PSEUDONYM_KEY", "a key for the tests of unread files, long")
    return DataFolder(tmp_path)


def deliver(folder: DataFolder, path: str, data: bytes | str = "a\n1\n") -> None:
    file = folder.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data if isinstance(data, bytes) else data.encode())


ANNEX_A = workbook(Front=ANY, List_1=ANY, List_2=ANY)


@pytest.mark.parametrize(
    ("path", "data", "line"),
    [
        (
            "raw/annex_a/888/2024-01/Annex A.xlsx", ANNEX_A,
            f"this looks like an Annex A workbook (sheets List_1 to List_2): {NOT_YET}",
        ),
        ("raw/ssda903/888/2024/episodes.csv", EPISODES, "this looks like SSDA903 episodes (columns CHILD, "),
        ("raw/cin_census/888/2024/census.xml", CIN_XML, f"this looks like a CIN census return (XML): {NOT_YET}"),
        ("raw/lcs/888/annex.ods", open_document(List_1=ANY, List_2=ANY), "this looks like an Annex A workbook"),
        (
            "raw/lcs/888/2018/ssd_person.csv", PERSONS,
            "this looks like the object ssd_person: deliver it as ssd_person.csv or ssd_person.xlsx, in raw/lcs/",
        ),
        ("raw/lcs/ssd_person.csv", PERSONS, "this looks like the object ssd_person: "),
        ("raw/888/2024-01/ssd_person.csv", PERSONS, "this looks like the object ssd_person: "),
        ("2024-01/ssd_person.csv", PERSONS, "this looks like the object ssd_person: "),
        ("raw/other/notes.txt", "hello", "a run reads raw/lcs/<la_code>/<YYYY-MM>/"),
        ("raw/other/workbook.xls", b"\xd0\xcf\x11\xe0 and no more", "a run reads raw/lcs/<la_code>/<YYYY-MM>/"),
    ],
)  # fmt: skip
def test_a_file_where_no_run_reads_is_named_with_what_it_looks_like(folder, path, data, line, capfd):
    deliver(folder, path, data)
    named = [named for named in unread_lines(folder) if named.startswith(f"{path}: no run reads this file: ")]
    assert len(named) == 1 and line in named[0]
    assert named[0] in status(folder, NOW)["problems"]
    assert main(["run", "--data", str(folder.root), "--month", "2024-01"]) == 4
    assert f"error: {named[0]}" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["2018", "2018-3", "2018-13", "August", "201808"])
def test_a_folder_of_an_authority_that_is_no_month_is_named(folder, name):
    deliver(folder, f"raw/lcs/888/{name}/ssd_person.csv")
    assert (
        "no run reads this folder: a month's folder is named YYYY-MM, such as 2024-03" in unread_lines(folder)[0]
    )


def test_what_a_run_reads_or_writes_or_a_system_leaves_is_not_named(folder):
    for path in (
        "raw/lcs/888/2024-01/ssd_person.csv", "raw/comparators/dfe/x/a.csv", "raw/reference/population.csv",
        "raw/commentary/888/2024-01/index.md", "warehouse/a.csv", "marts/a.csv", "README.md", ".cache/a.csv",
        "raw/lcs/.hidden/a.csv", "raw/lcs/888/Thumbs.db", f"raw/others/{NOT_READ}", "raw/others/below/a.csv",
    ):  # fmt: skip
        deliver(folder, path)
    assert unread_lines(folder) == []


def test_no_name_of_a_person_is_shown_and_many_files_are_counted(folder):
    deliver(folder, f"raw/{NAME}/{NAME}/{NAME} 2010-03-04.xlsx", b"PK")
    for number in range(30):
        deliver(folder, f"raw/x/{number}.csv")
    lines = unread_lines(folder)
    assert lines[0].startswith("raw/… …/… …/… … …-…-….xlsx: no run reads this file")
    assert len(lines) == 21 and lines[-1] == "11 more files lie where no run reads"


def test_a_refused_drop_names_its_unread_files_in_the_error_in_status_and_on_the_page(folder):
    path = write(folder, {"ssd_cin_plans": [PLAN]}, "2019-07")
    ingest_month(folder, Month.parse("2019-07"), Progress())
    path = write(folder, {"ssd_cin_plans": [PLAN]})
    (path / "ssd_cin_plans.csv").rename(path / "ssd_cin_plans_20190831.csv")
    (path / "census.xml").write_text(CIN_XML)
    (path / "ssd_person.csv").rename(path / "ssd_person.txt")
    (path / "2019").mkdir()
    deliver(folder, "raw/ssda903/888/2019/episodes.csv", EPISODES)
    before = status(folder, NOW)["problems"]
    with pytest.raises(BadInputError) as refused:
        ingest_month(folder, AUGUST, Progress())
    lines = str(refused.value).splitlines()
    assert lines[:2] == [
        "888 2019-08: the object ssd_cin_plans is missing, but the last accepted drop had it",
        "888 2019-08: the required object ssd_person is missing",
    ]
    named = {line.partition(": ")[0]: line for line in lines[2:]}
    in_drop = "raw/lcs/<la_code>/<YYYY-MM>/"
    for file, words in {
        "888 2019-08 2019": "a folder, and a run reads only files of the month's folder",
        "888 2019-08 census.xml": "this looks like a CIN census return (XML): this layout is not read yet",
        "888 2019-08 ssd_cin_plans_….csv": f"as ssd_cin_plans.csv or ssd_cin_plans.xlsx, in {in_drop}",
        "888 2019-08 ssd_person.txt": f"as ssd_person.csv or ssd_person.xlsx, in {in_drop}",
        "raw/ssda903/888/2019/episodes.csv": "this looks like SSDA903 episodes",
    }.items():
        (line,) = [line for name, line in named.items() if name.replace("…", "2019") == file.replace("…", "2019")]
        assert words in line
        # before the run as after it
        assert line in before and line in status(folder, NOW)["problems"]
    page = quality_page(month_findings(folder, AUGUST))
    assert "<h2>Files that no run reads</h2>" in page and "this looks like SSDA903 episodes" in page
    assert "this looks like a CIN census return (XML)" in page


def test_a_refused_drop_shows_its_other_warnings_too(folder):
    path = write(folder, {})
    header, row = text("ssd_involvements", []).splitlines()[0], "I1"
    (path / "ssd_involvements.csv").write_text(
        f"Allocations\n{header},notes\n{row}{',' * (header.count(',') + 1)}\n"
    )
    (path / "ssd_person.csv").unlink()
    warnings = []
    progress = Progress(
        recorder=lambda event, facts: warnings.append(facts["text"]) if event == "warning" else None
    )
    with pytest.raises(BadInputError):
        ingest_month(folder, AUGUST, progress)
    assert warnings == [
        "888 2019-08 ssd_involvements.csv: the header was found in line 2, and the line above it was left out",
        "888 2019-08 ssd_involvements.csv: unknown columns notes",
    ]


def test_a_copy_of_a_file_beside_it_is_said_to_be_one(folder):
    path = write(folder, {})
    (path / "ssd_person - Copy.csv").write_text(PERSONS)
    (drop,) = ingest_month(folder, AUGUST, Progress()).drops
    assert drop.unread == [
        "888 2019-08 ssd_person - copy.csv: no contract for this file, not loaded:"
        " this looks like the object ssd_person, and the drop has ssd_person.csv".replace("copy", "Copy")
    ]


def test_a_workbook_of_another_layout_under_the_name_of_an_object_is_recognised(folder):
    path = write(folder, {})
    (path / "ssd_person.csv").unlink()
    (path / "ssd_person.xlsx").write_bytes(ANNEX_A)
    with pytest.raises(BadInputError) as refused:
        ingest_month(folder, AUGUST, Progress())
    (line,) = str(refused.value).splitlines()
    assert "; this looks like an Annex A workbook (sheets List_1 to List_2): this layout is not read yet" in line


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (EPISODES, "; this looks like SSDA903 episodes (columns CHILD, DECOM, RNE, LS, CIN and 8 more): "),
        ("child ref,Zebedee,Team\n1,2,3\n", "; columns found: child ref, column 2, team)"),
        ("4711,Zebedee,2010-01-01\n", ": is the header line missing?)"),
    ],
)  # fmt: skip
def test_a_renamed_file_is_one_line_and_asks_for_the_header_only_where_the_first_line_has_no_names(
    folder, content, words
):
    path = write(folder, {})
    (path / "ssd_cin_plans.csv").write_text(content)
    with pytest.raises(BadInputError) as refused:
        ingest_month(folder, AUGUST, Progress())
    (line,) = str(refused.value).splitlines()
    columns = "cinp_cin_plan_id, cinp_person_id"
    assert line.startswith(f"888 2019-08 ssd_cin_plans.csv: required columns {columns}")
    assert f"missing (no column of this object was found{words}" in line and "Zebedee" not in line
