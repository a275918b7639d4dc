"""Populations from the file of the Office for National Statistics, as downloaded, in `raw/reference/`."""

import datetime as dt

import duckdb
import pytest
import xlsxwriter

from pipelines.comparators.own_population import load_own_populations
from pipelines.settings import DataFolder, InputLimits

HEADER = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,"
    "old_la_code,new_la_code,la_name,age_group,population_estimate"
)
ENGLAND = "E92000001,England"


def birmingham(year, population):
    area = f"E12000005,West Midlands,330,E08000025,Birmingham,Children aged 0 to 17 years,{population}"
    return f"{year},Reporting year,Local authority,{ENGLAND},{area}"


@pytest.fixture
def folder(tmp_path):
    folder = DataFolder(tmp_path)
    folder.reference.mkdir(parents=True)
    return folder


def write(folder, name, *lines):
    (folder.reference / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def estimates(folder):
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        return connection.execute("select * from raw.published_population order by mid_year").fetchall()


def test_a_file_as_downloaded_gives_populations_from_july_of_the_year_after_and_goes_with_it(folder):
    england = f"2023,Reporting year,National,{ENGLAND},,,,,,Children aged 0 to 17 years,11998646"
    write(folder, "ons-mid-year.csv", HEADER, england, birmingham(2022, 288000), birmingham(2023, 290000))
    assert load_own_populations(folder, InputLimits()) == []
    assert estimates(folder) == [
        ("330", 2022, 288000, dt.date(2023, 7, 31)),
        ("330", 2023, 290000, dt.date(2024, 7, 31)),
    ]
    write(folder, "ons-mid-year.csv", HEADER, birmingham(2023, 290001))
    assert load_own_populations(folder, InputLimits()) == []
    assert estimates(folder) == [("330", 2023, 290001, dt.date(2024, 7, 31))]
    (folder.reference / "ons-mid-year.csv").unlink()
    assert load_own_populations(folder, InputLimits()) == []
    assert estimates(folder) == []


def test_a_workbook_as_downloaded_gives_the_sum_of_ages_0_to_17(folder):
    with xlsxwriter.Workbook(folder.reference / "mye23tablesew.xlsx") as book:
        sheet = book.add_worksheet("MYE2 - Persons")
        sheet.write_row(0, 0, ["Mid-2023: Persons by single year of age"])
        sheet.write_row(3, 0, ["Code", "Name", "Geography", "All ages", *range(91)])
        sheet.write_row(4, 0, ["E08000025", "Birmingham", "Metropolitan District", 910, *[10] * 91])
    assert load_own_populations(folder, InputLimits()) == []
    assert estimates(folder) == [("330", 2023, 180, dt.date(2024, 7, 31))]


def test_a_file_that_is_none_is_named_with_the_file_that_may_be_meant(folder):
    write(folder, "poplation.csv", "la_code,mid_year", "330,2023")
    write(folder, "notes.csv", "a,b", "1,2")
    write(folder, "README.md", "words")
    likely, other = sorted(load_own_populations(folder, InputLimits()), key=len)
    assert likely == "raw/reference/….csv is not read: did you mean population.csv?"
    assert other.startswith("raw/reference/notes.csv is not read: its header matches no known layout")
