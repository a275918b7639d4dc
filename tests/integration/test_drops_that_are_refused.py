"""Five drops that must not pass unseen: each is refused or warned of with a line that names the cause.

889 with four hundred children, large enough for shares, counts and newest dates to be judged. January is sound and
published, with a small 888 as well; each test delivers a February that differs from a sound one in one thing.
"""

import datetime as dt
import json
import shutil
from pathlib import Path

import duckdb
import pytest
from small_authority import (
    LA,
    TEAMS,
    Rows,
    case_worker,
    cin_plan,
    cp_plan,
    drop,
    episode,
    legal_status,
    person,
    write_drop,
)

from pipelines.cli import main

REFUSED = 3
OTHER = "888"
COPIES = "percentages_are_not_copies"
MONTH_ENDS = {"2019-01": dt.date(2019, 1, 31), "2019-02": dt.date(2019, 2, 28)}
TEAM_IDS = tuple(TEAMS)


def days_before(month: str, days: int) -> str:
    return str(MONTH_ENDS[month] - dt.timedelta(days))


def long_ago(child: str) -> str:
    """A day before 2016, of which no two months have many."""
    return str(dt.date(2016, 1, 1) - dt.timedelta(11 * int(child[1:]) % 2000))


def health_check(check_id: str, person_id: str, kind: str, day: str) -> dict[str, str]:
    return {
        "clah_health_check_id": check_id,
        "clah_person_id": person_id,
        "clah_health_check_type": kind,
        "clah_health_check_date": day,
        "clah_health_check_status": "Completed",
    }


def placement(placement_id: str, person_id: str, kind: str, start: str) -> dict[str, str]:
    return {
        "clap_cla_placement_id": placement_id,
        "clap_person_id": person_id,
        "clap_cla_placement_start_date": start,
        "clap_cla_placement_type": kind,
        "clap_cla_placement_provider": "PR1",
        "clap_cla_id": f"care-{placement_id}",
    }


def sound(month: str) -> dict[str, Rows]:
    """400 children and a few more in February: every third looked after, the others on a plan.

    Plans begin on every day or two; children were looked after before 2016, with a health assessment and a dental
    check at different times. Each child has a case worker in one of three teams.
    """
    children = [f"n{number}" for number in range(400 + MONTH_ENDS[month].month * 3)]
    team = {child: TEAM_IDS[number // 3 % 3] for number, child in enumerate(children)}
    looked_after = children[:360:3]
    protected = children[1::3]
    in_need = children[2::3]
    return {
        "ssd_person": [person(child) for child in children],
        "ssd_department": [
            {"dept_team_id": team_id, "dept_team_name": name, "dept_team_parent_name": parent}
            for team_id, (name, parent) in TEAMS.items()
        ],
        "ssd_involvements": [case_worker(child[1:], child, team[child], long_ago(child)) for child in children],
        "ssd_cin_plans": [
            cin_plan(child[1:], child, days_before(month, 2 * number), team=team[child])
            for number, child in enumerate(in_need)
        ],
        "ssd_cp_plans": [
            cp_plan(child[1:], child, days_before(month, 2 * number)) for number, child in enumerate(protected)
        ],
        "ssd_cla_episodes": [episode(child[1:], child, long_ago(child)) for child in looked_after],
        "ssd_legal_status": [legal_status(child[1:], child, "C2", long_ago(child)) for child in looked_after],
        "ssd_cla_placement": [placement(child[1:], child, "U4", long_ago(child)) for child in looked_after],
        "ssd_cla_health": [
            health_check(f"{kind}{child[1:]}-{month}", child, words, days_before(month, number * step % 500))
            for number, child in enumerate(looked_after)
            for kind, words, step in (("1", "Health Assessment", 37), ("2", "Dental Check", 53))
        ],
    }


@pytest.fixture(scope="module")
def january(built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with January published."""
    data: Path = tmp_path_factory.mktemp("january") / "data"
    shutil.copytree(built_project, data)
    write_drop(data, "2019-01", sound("2019-01"))
    write_drop(data, "2019-01", drop("2019-01"), la=OTHER)
    assert main(["run", "--data", str(data), "--month", "2019-01"]) == 0
    return data


@pytest.fixture
def february(january: Path, tmp_path: Path, capfd: pytest.CaptureFixture):
    """Delivers a February and runs it: exit status, the lines that refuse, and everything that was said."""

    def deliver(objects: dict[str, Rows], *options: str, also: bool = False) -> tuple[int, list[str], str]:
        data = tmp_path / "data"
        shutil.copytree(january, data, symlinks=True, dirs_exist_ok=True)
        write_drop(data, "2019-02", objects)
        if also:
            write_drop(data, "2019-02", drop("2019-02"), la=OTHER)
        capfd.readouterr()
        status = main(["run", "--data", str(data), "--month", "2019-02", *options])
        said = capfd.readouterr()
        refusals = [line for line in said.err.splitlines() if line.startswith("error: ")]
        return status, refusals, said.out + said.err

    return deliver


def test_the_plans_of_last_month_in_a_fresh_drop(february):
    status, refusals, _ = february(sound("2019-02") | {"ssd_cp_plans": sound("2019-01")["ssd_cp_plans"]})
    assert status == REFUSED
    (line,) = refusals
    assert f"ssd_cp_plans/newest_date_in_month FAILED for {LA} 2019-02" in line
    assert "newest cppl_cp_plan_start_date: 2019-01-31, expected after 2019-02-01" in line


def test_a_third_of_the_children_missing(february):
    objects = sound("2019-02")
    # a third of each: of those looked after, on a child protection plan, on a child in need plan
    gone = {child["pers_person_id"] for n, child in enumerate(objects["ssd_person"]) if n % 9 in {0, 4, 8}}
    status, refusals, _ = february(
        {name: [row for row in rows if not gone & set(row.values())] for name, rows in objects.items()}
    )
    assert status == REFUSED
    (line,) = [line for line in refusals if "ssd_person" in line]
    assert f"ssd_person/row_count_near_last_drops FAILED for {LA} 2019-02" in line
    assert "number of people: 270, expected from 323 to 846 (403 in 2019-01)" in line
    assert any("ssd_cp_plans/row_count_near_last_drops" in line for line in refusals)


def test_all_teams_blank(february):
    objects = sound("2019-02")
    for name, column in (("ssd_cin_plans", "cinp_cin_plan_team"), ("ssd_involvements", "invo_professional_team")):
        objects[name] = [row | {column: ""} for row in objects[name]]
    status, refusals, _ = february(objects)
    assert status == REFUSED
    assert len(refusals) == 2
    assert "ssd_cin_plans/share_without_team_extreme FAILED" in refusals[0]
    assert "cinp_cin_plan_team names no team for 135 of 135 children" in refusals[0]
    assert "ssd_involvements/share_without_team_extreme FAILED" in refusals[1]
    assert "invo_professional_team names no team for 255 of 255 children" in refusals[1]


def test_a_new_placement_code(february):
    objects = sound("2019-02")
    for row in objects["ssd_cla_placement"][:5]:
        row["clap_cla_placement_type"] = "U9"
    status, refusals, said = february(objects)
    assert status == REFUSED
    (line,) = refusals
    assert f"dq_issue/codes_known FAILED for {LA} 2019-02" in line
    assert "ssd_cla_placement.csv: clap_cla_placement_type has a value outside its code set in 5 of 120" in line
    assert "rows, first in line 2" in line
    assert "raw/reference/codes.csv" in line and "--waive dq_issue/codes_known" in line
    (line,) = [line for line in said.splitlines() if "no_new_code" in line]
    assert f"ssd_cla_placement/no_new_code WARNING for {LA} 2019-02" in line
    assert "clap_cla_placement_type: 5 of 120 placements have the same new code, 0 in 2019-01" in line
    assert "U9" not in said


def copied_dental_figure() -> dict[str, Rows]:
    objects = sound("2019-02")
    health = [row for row in objects["ssd_cla_health"] if row["clah_health_check_type"] == "Health Assessment"]
    objects["ssd_cla_health"] = [
        *health,
        *(
            row
            | {
                "clah_health_check_type": "Dental Check",
                "clah_health_check_id": f"2{row['clah_health_check_id'][1:]}",
            }
            for row in health
        ),
    ]
    return objects


def tables(data: Path, la_code: str) -> dict[str, list[tuple]]:
    """The rows of an authority in every restricted table that has any."""
    with duckdb.connect(
        str(data / "marts" / "latest" / "restricted" / "warehouse.duckdb"), read_only=True
    ) as base:
        names = base.execute(
            "select table_name from duckdb_columns() inner join duckdb_tables() using (schema_name, table_name)"
            " where column_name = 'la_code'"
        ).fetchall()
        return {
            name: base.execute(f"select * from {name} where la_code = ? order by all", [la_code]).fetchall()
            for (name,) in names
        }


@pytest.mark.long
def test_a_dental_figure_that_is_a_copy_of_the_health_figure(february, january, tmp_path):
    status, refusals, said = february(copied_dental_figure(), also=True)
    assert (status, refusals) == (0, [])
    (line,) = [line for line in said.splitlines() if line.startswith(f"warning: {LA} 2019-02: refused, ")]
    assert f"so it stays at its drop of 2019-01: gate marts, fct_indicator_value/{COPIES} FAILED for {LA}" in line
    assert ": cla_dental_check_up_to_date and cla_health_assessment_up_to_date " in line
    manifest = json.loads((tmp_path / "data/marts/latest/manifest.json").read_text(encoding="utf-8"))
    at = {each["la_code"]: each["extract_month"] for each in manifest["authorities"]}
    assert (manifest["extract_month"], at) == ("2019-02", {OTHER: "2019-02", LA: "2019-01"})
    # its restated rows and due items had made way for those of the month that was withdrawn
    assert tables(tmp_path / "data", LA) == tables(january, LA)
    assert main(["status", "--data", str(tmp_path / "data")]) == 0


@pytest.mark.long
def test_a_drop_that_comes_again_replaces_the_rows_of_its_authority_only(february, tmp_path):
    assert february(copied_dental_figure(), also=True)[0] == 0
    data = tmp_path / "data"
    other, refused = tables(data, OTHER), tables(data, LA)
    write_drop(data, "2019-02", sound("2019-02"))
    assert main(["run", "--data", str(data), "--month", "2019-02", "--authority", LA]) == 0
    assert tables(data, OTHER) == other
    assert tables(data, LA) != refused
    with duckdb.connect(str(data / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        attempts = connection.execute("select la_code, count(*) from raw.drop group by 1 order by 1").fetchall()
    assert attempts == [(OTHER, 2), (LA, 3)]
