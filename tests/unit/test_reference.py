"""The authority's own reference files: what is read, and what a person is told about a fault."""

import datetime as dt

import polars as pl
import pytest

from pipelines.dictionary.indicator_parameters import Parameter
from pipelines.dictionary.indicators import Target, indicators, own_numbers, with_own_targets
from pipelines.errors import BadInputError
from pipelines.ingest.own_words import own_words
from pipelines.reference import own_rows, read_reference, reference_of, reference_register
from pipelines.settings import DataFolder


@pytest.fixture
def folder(tmp_path):
    folder = DataFolder(tmp_path)
    folder.reference.mkdir(parents=True)
    return folder


def write(folder, name, text):
    (folder.reference / f"{name}.csv").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", reference_register())
def test_the_example_of_every_file_is_read(folder, name):
    entry = reference_register()[name]
    write(folder, name, f"{entry.header}\n{entry.example}\n")
    (row,) = own_rows(folder, name)
    assert list(row) == list(entry.columns)
    assert all(row[column] is not None for column in entry.key)


def test_a_file_as_spreadsheets_save_it_is_read(folder):
    text = (
        "\ufeffLA_Code ;mid_year;population;first_month_used;note\r\n330;2023;291,000;2024-07;from ONS\r\n;;;;\r\n"
    )
    write(folder, "population", text)
    assert own_rows(folder, "population") == [
        {"la_code": "330", "mid_year": 2023, "population": 291000, "first_month_used": dt.date(2024, 7, 31)}
    ]


def test_the_reach_of_a_drop_is_a_day_a_number_of_months_or_all(folder):
    cells = {"2019-03-01": "2019-03-01", "1/3/2019": "2019-03-01", "72 months": "72", "6": "6", "ALL": "all"}
    for cell, read in cells.items():
        write(folder, "drop_reach", f"la_code,object,complete_from,events\n330,all,{cell},Latest\n")
        assert own_rows(folder, "drop_reach") == [
            {"la_code": "330", "object": "all", "complete_from": read, "events": "latest"}
        ]


FAULTS = [
    (
        "parameters",
        "330,months_since_contacts,2023-04,3",
        "line 2: authority 330, column parameter: not a number of",
    ),
    ("parameters", "330,months_since_contacts,2023-04,3", "did you mean months_since_contact?"),
    (
        "parameters",
        "33,months_since_contact,2023-04,3",
        "line 2: column la_code: not the code of an English authority",
    ),
    ("parameters", "330,months_since_contact,4/2023,3", "column first_month_used: write the month as YYYY-MM"),
    ("parameters", "330,months_since_contact,2023-04,", "column parameter_value: it is empty"),
    ("targets", "330,cla_startd,2025-04,85,,plan", "column indicator_id: not an indicator"),
    ("targets", "330,cla_started,2025-04,many,,plan", "column target_value: write a number"),
    (
        "targets",
        "330,care_leavers_in_touch,2025-04,105,,plan",
        "column target_value: the indicator is a percentage",
    ),
    (
        "targets",
        "330,care_leavers_in_touch,2025-04,0.85,,plan",
        "column target_value: the indicator is a percentage",
    ),
    ("targets", "330,cla_started,2025-04,-5,,plan", "column target_value: write 0 or a number above it"),
    ("targets", "330,cla_started,2025-04,5%%,,plan", "column target_value: write a number"),
    (
        "headers",
        "330,ssd_persons,DOB,pers_dob",
        "column object: not an object of a drop; did you mean ssd_",
    ),
    ("headers", "330,ssd_person,DOB,pers_birth", "column column: not a column of this object"),
    (
        "drop_reach",
        "330,ssd_contact,72 months,every",
        "column object: not an object of a drop, nor the word all; did",
    ),
    (
        "drop_reach",
        "330,all,six years,every",
        "column complete_from: write the first day as YYYY-MM-DD, a window as",
    ),
    ("drop_reach", "330,all,0,every", "column complete_from: write the first day as YYYY-MM-DD, a window as"),
    ("drop_reach", "330,all,72,newest", "column events: write every or latest"),
    ("neighbours", "330,2025-05-32,1,333,,", "column valid_from: write the day as YYYY-MM-DD"),
    ("neighbours", "330,2025-05-01,0,333,,", "column neighbour_rank: write a whole number from 1"),
    ("neighbours", "330,2025-05-01,1,330,,", "column neighbour_code: not the code of another English authority"),
    ("neighbours", "330,2025-05-01,1,333,,2025-04-30", "column valid_to: the day is before valid_from"),
    ("neighbours", "330,2025-05-01,1,birmingham,,", "did you mean 330?"),
    ("targets", "330,cla_started,2025-04,85,-2,plan", "column amber_tolerance: write 0 or a number above it"),
    ("targets", "330,cla_started,2025-04,85,2,plan, 2025", "7 cells, but the header has 6: put a text with a"),
    (
        "published_headers",
        "ees,cp_plan,open,cpp_at31",
        "column dataset: not a dataset of published files; did you",
    ),
    ("published_headers", "ees,cp_plans,open,cpp_at_31", "not a column of this dataset; did you mean cpp_at31"),
    (
        "published_headers",
        "eess,cp_plans,open,ignored",
        "column layout: not a layout with a header map; did you mean",
    ),
    ("published_codes", "care_leavers,age,Young,19 to 21", "column code: not a breakdown of this column; did you"),
    ("population", "330,2023,0,2024-07", "column population: write a whole number, above 0"),
    ("population", "330,2023,many,2024-07", "column population: write a whole number, above 0"),
    ("population", f"330,2023,{'9' * 30},2024-07", "column population: write a whole number, above 0"),
    ("population", "330,-9,1,2024-07", "column mid_year: write a year from 1900 to 2100"),
    ("population", f"330,{'9' * 12},1,2024-07", "column mid_year: write a year from 1900 to 2100"),
    ("population", "330,2023,5,July", "column first_month_used: write the month as YYYY-MM"),
    ("population", "330,2023", "column population: it is empty; column first_month_used: it is empty"),
    ("postcode", "BB11,999,2015-04", "(three digits, such as 888), nor WAL, SCO or NIR"),
    ("postcode", "BB11,blackburn with darwen,2015-04", "column la_code: not the code of an English authority"),
    ("postcode", "11BB,888,2015-04", "column postcode_start: write a postcode or its beginning, such as BB11"),
    ("postcode", "BB11 3EQ 2,888,2015-04", "column postcode_start: write a postcode or its beginning"),
    ("postcode", ",888,2015-04", "column postcode_start: it is empty"),
    ("postcode", "BB11,888,April 2015", "column first_month_used: write the month as YYYY-MM"),
]


@pytest.mark.parametrize(("name", "row", "said"), FAULTS)
def test_a_faulty_cell_is_one_line_with_file_line_authority_and_column(folder, name, row, said):
    header = reference_register()[name].header.removesuffix(",title")
    write(folder, name, f"{header}\n{row}\n")
    with pytest.raises(BadInputError) as refused:
        read_reference(folder)
    (line,) = str(refused.value).split("\n")
    assert f"{name}.csv line 2:" in line
    assert said in line


def test_no_line_quotes_a_cell_of_a_file_put_there_by_mistake(folder):
    write(folder, "teams", "la_code,team_id,Ada Lovelace\nAda,,Lovelace\n")
    write(folder, "population", "Ada Lovelace,10/12/1815\n1,2\n")
    faults = "\n".join(reference_of(folder).faults)
    assert "teams.csv line 2" in faults and "it has none of the columns" in faults
    assert "Ada" not in faults and "Lovelace" not in faults and "1815" not in faults


def test_a_column_that_is_nearly_an_optional_one_is_refused_and_any_other_is_left_out(folder):
    write(folder, "teams", "la_code,team_id,team_nam,who\n330,T1,North,x\n")
    assert "column team_name is missing: is it column 3, team_" in reference_of(folder).faults[0]
    write(folder, "teams", "la_code,team_id,team_name,who\n330,T1,North,x\n")
    assert reference_of(folder).faults == []


def test_a_key_that_occurs_twice_names_both_lines(folder):
    write(folder, "teams", "la_code,team_id,team_name\n330,T1,North\n330,T1,South\n")
    (fault,) = reference_of(folder).faults
    assert fault.endswith("teams.csv line 3: authority 330, the same la_code, team_id as line 2")
    (folder.reference / "teams.csv").unlink()
    write(folder, "postcode", "postcode_start,la_code,first_month_used\nBB11,888,2015-04\nbb 11,889,2015-04\n")
    (fault,) = reference_of(folder).faults
    assert fault.endswith(
        "postcode.csv line 3: authority 889, the same postcode_start, first_month_used as line 2"
    )


@pytest.mark.parametrize(
    ("name", "first", "second", "key"),
    [
        ("neighbours", "2025-05-01,1,333", "2025-05-01,2,333", "la_code, valid_from, neighbour_code"),
        ("headers", "ssd_person,DOB,pers_dob", "ssd_person,dob,pers_expected_dob", "la_code, object, header"),
        (
            "codes",
            "ssd_cla_placement,clap_cla_placement_type,Foster home,U6",
            "ssd_cla_placement,clap_cla_placement_type,FOSTER HOME,U5",
            "la_code, object, column, text",
        ),
    ],
)
def test_two_lines_that_would_mean_two_things_are_refused(folder, name, first, second, key):
    header = reference_register()[name].header.removesuffix(",model,valid_to")
    write(folder, name, f"{header}\n330,{first}\n330,{second}\n")
    (fault,) = reference_of(folder).faults
    assert fault.endswith(f"{name}.csv line 3: authority 330, the same {key} as line 2")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "line 1: the file is empty: write the header la_code,team_id,"),
        (b"name,place\nx,y\n", "line 1: it has none of the columns: write the header la_code,team_id,"),
        (b"PK\x03\x04...", "it is a workbook with the name of a csv file: save it as CSV UTF-8"),
        (b"la_code,taem_id\n330,T1\n", "line 1: column team_id is missing: is it column 2, "),
        ("la_code,team_id\n".encode("utf-16"), "it is not UTF-8 text: save it as UTF-8"),
    ],
)
def test_a_file_that_is_no_such_file_is_one_line(folder, data, said):
    folder.reference.mkdir(parents=True, exist_ok=True)
    (folder.reference / "teams.csv").write_bytes(data)
    (fault,) = reference_of(folder).faults
    assert said in fault


def test_a_file_with_many_faults_lists_the_first_and_counts_the_others(folder):
    write(folder, "teams", "la_code,team_id\n" + "999,T1\n" * 40)
    faults = reference_of(folder).faults
    assert len(faults) == 11
    assert faults[-1].endswith("and 30 more lines with faults")


def test_files_with_other_names_are_listed(folder):
    write(folder, "poplation", "la_code\n")
    assert [path.name for path in reference_of(folder).other] == ["poplation.csv"]


def test_explain_has_the_own_numbers_and_targets_of_an_authority(folder):
    header = "la_code,parameter,first_month_used,parameter_value"
    write(folder, "parameters", f"{header}\n330,months_since_contact,2023-04,3\n")
    header = "la_code,indicator_id,first_month_used,target_value,target_source"
    write(folder, "targets", f"{header}\n330,care_leavers_in_touch,2025-04,90,plan\n")
    known = with_own_targets(indicators(own_numbers(own_rows(folder, "parameters"))), own_rows(folder, "targets"))
    in_touch = known["care_leavers_in_touch"]
    assert in_touch.parameters[-1] == Parameter("months_since_contact", "3", "2023-04", "330")
    assert "no longer ago than 2 (3 for authority 330) months" in in_touch.words.numerator
    assert in_touch.targets == (Target("330", "90", "2025-04", "plan"),)
    assert known["cla_started"] == indicators()["cla_started"]


def test_a_team_that_a_spreadsheet_took_the_zeros_from_is_counted(folder):
    write(folder, "teams", "la_code,team_id,team_name\n330,10,North\n330,0020,Central\n330,T9,New\n330,30,East\n")
    loaded = pl.DataFrame({"dept_team_id": ["0010", "0020", "30", None]})
    words = own_words(reference_of(folder))
    assert words.teams_without_zeros("330", loaded) == 1
    assert words.teams_without_zeros("331", loaded) == 0
