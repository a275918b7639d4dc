"""What people are told of a month (manifest, page, lists of records to put right, status), and what they are not.

Authority 889 in January and February 2019, with faults planted by hand; 888 delivers a drop that is refused. A
surname, a person's id and a postcode that occur nowhere else run through all of them.
"""

import csv
import datetime as dt
import json
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest
from release_rows import frame
from small_authority import case_worker, cin_plan, drop, episode, person, write_drop

from pipelines.cli import main

SURNAME, PERSON, POSTCODE = "Quillfeather", "marigold", "ZX9 9QZ"
LISTED = ("Zebedee", "ZX8 8QZ", "04/03/10")
"""In the board's list, which restricted/ keeps as it was written."""
SECRETS = (SURNAME, PERSON, POSTCODE, *LISTED)


def faulty_drop(month: str) -> dict:
    """The small authority with a child more, whose records are wrong in several ways."""
    objects = drop(month)
    objects["ssd_person"].append(person(PERSON) | {"pers_surname": SURNAME})
    objects["ssd_involvements"].append(case_worker("9", PERSON, "t1", "2018-01-01"))
    objects["ssd_cin_plans"] += [
        # rejected: a date that is none, and a plan of nobody; with personal values in the wrong columns
        cin_plan(f"bad-{PERSON}", PERSON, SURNAME),
        cin_plan("of-nobody", f"{PERSON}-unknown", "2018-06-01"),
        # an open plan that began and ended on one day is a query; in February it is put right
        cin_plan("same-day", PERSON, "2018-06-01", "2018-06-01" if month == "2019-01" else "2018-07-01"),
    ]
    # the board's list: rows with a personal value in the text, and one that may leave
    texts = ("Meetings about the offer", *(f"Plan for {secret}" for secret in LISTED))
    objects["local_delivery_plan"] = [
        {"objective_no": "1", "action_ref": str(number), "activity_in_your_words": text, "brag": "Green"}
        | {"metric": "Hits", "current_value": "three" if number == 1 else "45"}
        for number, text in enumerate(texts, 1)
    ]
    # flagged: codes that are personal values
    objects["ssd_cla_episodes"].append(
        episode("e9", PERSON, "2018-02-01") | {"clae_cla_episode_start_reason": SURNAME}
    )
    objects["ssd_cla_placement"] = [
        {
            "clap_cla_placement_id": "h9",
            "clap_person_id": PERSON,
            "clap_cla_id": "care-e9",
            "clap_cla_placement_start_date": "2018-02-01",
            "clap_cla_placement_type": "U1",
            "clap_cla_placement_change_reason": POSTCODE,
            "clap_cla_placement_postcode": POSTCODE,
            "clap_cla_placement_distance": "5.0",
        }
    ]
    return objects


@pytest.fixture(scope="module")
def told(built_project, tmp_path_factory) -> tuple[Path, str]:
    """The data folder after both months, and everything the command said."""
    data = tmp_path_factory.mktemp("what_was_found") / "data"
    shutil.copytree(built_project, data)
    for month in ("2019-01", "2019-02"):
        write_drop(data, month, faulty_drop(month))
    refused = write_drop(data, "2019-02", faulty_drop("2019-02"), la="888")
    (refused / "ssd_cin_plans.csv").write_text(f"cinp_person_id,note\n{PERSON},{SURNAME} {POSTCODE}\n")
    (refused / "ssd_contacts.csv.gz").write_bytes(SURNAME.encode())
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for console in ("OUT", "ERR"):
            patch.setattr(f"pipelines.display.{console}.print", lambda *said, **_: lines.extend(map(str, said)))
        assert main(["run", "--data", str(data), "--from", "2019-01", "--to", "2019-02"]) == 0
        assert main(["status", "--data", str(data)]) == 0
    return data, "\n".join(lines)


def release(data: Path) -> Path:
    return (data / "marts" / "latest").resolve()


def manifest(data: Path) -> dict:
    return json.loads((release(data) / "restricted" / "manifest.json").read_text(encoding="utf-8"))


def test_the_manifest_counts_rejected_rows_by_file_and_rule(told):
    accepted = next(
        d for d in manifest(told[0])["drops"] if (d["la_code"], d["extract_month"]) == ("889", "2019-02")
    )
    rejected = {file["file"]: file["rejected_by_rule"] for file in accepted["files"] if file["rows_rejected"]}
    assert rejected == {"ssd_cin_plans.csv": {"person_not_in_ssd_person": 1, "value_does_not_fit_type": 1}}


def test_the_manifest_counts_the_faults_of_a_refused_drop_by_file_and_rule(told):
    refused = next(one for one in manifest(told[0])["drops"] if one["la_code"] == "888")
    assert not refused["accepted"]
    assert sorted((one["file"], one["rule"], one["count"]) for one in refused["faults"]) == [
        ("ssd_cin_plans.csv", "required_column_missing", 4),
        ("ssd_contacts.csv.gz", "file_unreadable", 1),
    ]


def test_the_manifest_says_how_the_rules_ended(told):
    (authority,) = manifest(told[0])["rules"]
    assert (authority["la_code"], authority["crashed"]) == ("889", 0)
    assert authority["ran"] > 0
    skipped = {one["rule"]: one["reason"] for one in authority["not_run"]}
    assert len(skipped) == authority["skipped"]
    assert skipped["missing_episode_without_type"] == "ssd_missing not delivered"


def test_the_page_shows_drops_rules_and_every_check(told):
    page = (release(told[0]) / "restricted" / "quality" / "index.html").read_text(encoding="utf-8")
    gates = json.loads((release(told[0]) / "restricted" / "quality" / "gates.json").read_text(encoding="utf-8"))
    names = {check["name"] for gate in gates for suite in gate["suites"] for check in suite["checks"]}
    assert names
    for words in (*names, "888: refused.", "value_does_not_fit_type: 1", "ssd_missing not delivered"):
        assert words in page
    assert "<script" not in page
    assert "http" not in page


def read_list(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_team_has_its_records_to_put_right_with_what_changed(told):
    room = release(told[0]) / "restricted" / "feedback" / "2019-02"
    burnley = read_list(room / "Burnley.csv")
    assert {line["since_last_month"] for line in burnley} == {"as last month"}
    assert "cin_plan_of_one_day" not in {line["rule"] for line in burnley}
    assert {"code_outside_code_set"} <= {line["rule"] for line in burnley}
    counts = [int(line["figures_affected"]) for line in burnley]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0
    summary = {line["team"]: line for line in read_list(room / "summary.csv")}
    assert int(summary["Burnley"]["to_put_right"]) == len(burnley)
    assert int(summary["Burnley"]["put_right_or_passed_on"]) >= 1
    assert room.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in room.iterdir()} == {0o600}


def test_the_ids_of_the_case_system_are_given_only_when_asked_for(told, tmp_path, capfd):
    data, _ = told
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists").chmod(0o750)
    assert main(["feedback", "--data", str(data), "--with-lcs-ids", "--to", str(tmp_path / "lists")]) == 0
    burnley = read_list(tmp_path / "lists" / "Burnley.csv")
    assert PERSON in {line["lcs_person_id"] for line in burnley}
    assert "e9" in {line["lcs_record_id"] for line in burnley}
    assert (tmp_path / "lists" / "Burnley.csv").stat().st_mode & 0o777 == 0o600
    # the folder of a person stays as it was, and rejected rows come from the archive
    assert (tmp_path / "lists").stat().st_mode & 0o777 == 0o750
    rejected = read_list(tmp_path / "lists" / "rejected_rows.csv")
    assert {(line["rule"], json.loads(line["row_as_delivered"])["cinp_cin_plan_id"]) for line in rejected} == {
        ("value_does_not_fit_type", f"bad-{PERSON}"),
        ("person_not_in_ssd_person", "of-nobody"),
    }
    assert "and 2 rejected rows, with LCS ids" in capfd.readouterr().out.replace("\n", " ")
    published = read_list(release(data) / "restricted" / "feedback" / "2019-02" / "Burnley.csv")
    assert [line["rule"] for line in published] == [line["rule"] for line in burnley]
    assert not {"lcs_person_id", "lcs_record_id", "record_key"} & set(published[0])
    capfd.readouterr()
    assert main(["feedback", "--data", str(data)]) == 0
    assert "restricted/feedback/2019-02" in capfd.readouterr().out.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--month", "2018-12"], 4, "has no correction lists for 2018-12"),
        (["--month", "2018-12", "--with-lcs-ids"], 4, "there is no record to correct in 2018-12"),
        (["--to", "lists"], 2, "--to needs --with-lcs-ids"),
    ],
)
def test_lists_that_cannot_be_given_are_one_line(told, capfd, arguments, status, words):
    assert main(["feedback", "--data", str(told[0]), *arguments]) == status
    (line,) = capfd.readouterr().err.strip().splitlines()
    assert words in line


def test_status_says_what_waits_and_what_is_to_be_put_right(told):
    lines = told[1].splitlines()
    assert any(line.startswith("waiting          888 2019-02: refused: ") for line in lines)
    assert any(line.startswith("to correct       889 2019-02: 2 rejected rows, ") for line in lines)
    assert any(line.startswith("what was checked ") for line in lines)


def test_a_month_that_nobody_ran_waits(told, tmp_path, capfd):
    data = tmp_path / "data"
    shutil.copytree(told[0], data, symlinks=True)
    write_drop(data, "2019-03", drop("2019-03"))
    assert main(["status", "--data", str(data)]) == 0
    assert "waiting          889: 1 not run yet, 2019-03 to 2019-03" in capfd.readouterr().out


def test_no_personal_value_is_in_anything_that_is_said(told):
    assert [secret for secret in SECRETS if secret in told[1]] == []


def test_no_personal_value_is_in_anything_written_for_others(told):
    """Everything but what came in, its archive, the owner's working file and lookup, and `restricted/`."""
    data, _ = told
    owner_only = (data / "raw", data / "warehouse" / "archive", data / "warehouse" / "private")
    looked_at = 0
    for path in (path for path in data.rglob("*") if path.is_file()):
        is_kept_in = any(path.is_relative_to(room) for room in owner_only) or "restricted" in path.parts
        if is_kept_in or path == data / "warehouse" / "warehouse.duckdb":
            continue
        looked_at += 1
        content = text_of(path)
        assert [secret for secret in SECRETS if secret in content] == [], path
    assert looked_at > 20


def test_rows_of_the_boards_list_that_look_personal_stay_and_the_run_says_where(told):
    data, said = told
    shown, whole = (
        frame(release(data) / room, "mart_delivery_plan").filter(pl.col("extract_month") == dt.date(2019, 2, 28))
        for room in ("open", "restricted")
    )
    columns = shown.select("activity", "current_text", "status")
    assert columns.rows() == [("Meetings about the offer", None, "suppressed")]
    assert whole.height == 4
    assert "889 2019-02 local_delivery_plan: rows left out of open/ because they look personal: 3" in said
    for line, kind in ((3, "a person's name"), (4, "a postcode"), (5, "a day of birth")):
        assert f"line {line}: activity_in_your_words like {kind}" in said


def test_restricted_tables_and_the_working_file_have_no_name_and_no_lcs_id(told):
    restricted = [path for path in (release(told[0]) / "restricted").rglob("*") if path.is_file()]
    for path in restricted:
        content = text_of(path)
        assert [secret for secret in (SURNAME, PERSON) if secret in content] == [], path
    # in the working file a code outside its set is as it was delivered
    assert PERSON not in text_of(told[0] / "warehouse" / "warehouse.duckdb")
    assert any("rejected_rows" in path.parts for path in restricted)


def text_of(path: Path) -> str:
    """What a file holds, the values of tables included, however they are packed."""
    if path.suffix == ".parquet":
        return str(
            duckdb.execute("select * from read_parquet(?, hive_partitioning = false)", [str(path)]).fetchall()
        )
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            return str([connection.execute(f'from {schema}."{name}"').fetchall() for schema, name in names])
    return path.read_bytes().decode("utf-8", errors="replace")
