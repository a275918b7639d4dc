"""The bench: its data folders hold what it says, and it measures the processes, files and floor that it names."""

import os
import sys
from pathlib import Path

import polars as pl
import pytest
from checkout import PROJECT_ROOT

from pipelines.calendar import Month
from pipelines.settings import DataFolder

sys.path.insert(0, str(PROJECT_ROOT / "bench"))

from measuring import Cost, floor, new_bytes, warehouse
from synthetic_folders import write_authorities, write_months

from bench import PARTS, Report

AUGUST = Month(2019, 8)
FEW = 200
"""One in so many people of the county is enough."""


def rows_of(folder: DataFolder, la_code: str, month: str) -> dict[str, pl.DataFrame]:
    drop = folder.lcs / la_code / month
    return {path.stem: pl.read_csv(path, infer_schema=False) for path in sorted(drop.iterdir())}


@pytest.fixture(scope="module")
def months(lancashire: Path, tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A very small authority for sixteen months."""
    folder = DataFolder(tmp_path_factory.mktemp("months"))
    write_months(DataFolder(lancashire).lcs / "888", folder, 16, FEW)
    return folder


def test_the_months_of_a_small_authority_stay_as_large_and_change_a_little(months: DataFolder) -> None:
    heights = []
    for before, after in (("2018-08", "2018-09"), ("2019-08", "2019-09"), ("2019-10", "2019-11")):
        earlier, later = rows_of(months, "888", before), rows_of(months, "888", after)
        new = sum(
            rows.join(earlier[name], on=rows.columns, how="anti", nulls_equal=True).height
            for name, rows in later.items()
        )
        heights.append(sum(rows.height for rows in later.values()))
        assert 0.03 < new / heights[-1] < 0.25
    assert max(heights) < 1.1 * min(heights)


def test_no_record_of_a_small_authority_is_there_twice_or_from_the_future(months: DataFolder) -> None:
    for month in ("2018-08", "2019-11"):
        plans = rows_of(months, "888", month)["ssd_cin_plans"]
        assert plans["cinp_cin_plan_id"].is_unique().all()
        assert plans["cinp_cin_plan_start_date"].max() < str(Month.parse(month).plus(1).first_day.replace(day=5))


def test_authorities_divide_the_county_among_themselves(lancashire: Path, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    codes = write_authorities(DataFolder(lancashire).lcs / "888", folder, 4, "mean")
    people = [set(rows_of(folder, code, "2019-08")["ssd_person"]["pers_person_id"]) for code in codes]
    assert people[0] == people[3]
    assert not (people[0] & people[1] or people[0] & people[2] or people[1] & people[2])
    county = pl.read_csv(DataFolder(lancashire).lcs / "888" / "2019-08" / "ssd_person.csv", infer_schema=False)
    assert set.union(*people) == set(county["pers_person_id"].drop_nulls())


def test_a_command_is_measured(tmp_path: Path) -> None:
    [cost] = warehouse(PROJECT_ROOT, "releases", "--data", str(tmp_path))
    assert cost.cpu > 0.1
    assert cost.megabytes > 10


def test_only_files_of_one_release_count_as_new(tmp_path: Path) -> None:
    earlier, later = tmp_path / "releases" / "1", tmp_path / "releases" / "2"
    for release in (earlier, later):
        release.mkdir(parents=True)
    (earlier / "shared.parquet").write_bytes(b"x" * 4096)
    os.link(earlier / "shared.parquet", later / "shared.parquet")
    (later / "new.parquet").write_bytes(b"x" * 8192)
    (later / "all.duckdb").write_bytes(b"x" * 4096)
    written = new_bytes(later)
    assert (written.tables, written.duckdb, written.others) == (8192, 4096, 0)


@pytest.mark.parametrize("name", ["facts/extract_month=2019-08/part.parquet", "facts.parquet"])
def test_the_floor_reads_the_drop_and_writes_the_newest_vintage(tmp_path: Path, name: str) -> None:
    drop, release = tmp_path / "drop", tmp_path / "release"
    drop.mkdir()
    (drop / "a.csv").write_text("a,b\n1,2\n")
    (release / name).parent.mkdir(parents=True)
    dates = pl.DataFrame({"extract_month": [AUGUST.end] * 5000, "number": range(5000)})
    dates.write_parquet(release / name)
    assert floor([drop], release, AUGUST).vintage > 4096


def test_a_verdict_says_whether_the_target_is_met() -> None:
    report = Report()
    report.verdict("ratio", 1.2, 1.2)
    report.verdict("ratio", 1.21, 1.2)
    report.cost("month", Cost(1, 2, 3))
    assert [row.split(" | ")[3].strip(" |") for row in report.verdicts] == ["met", "**not met**"]
    assert set(PARTS) == {"county", "months", "authorities"}
