"""The gates on a working file made by hand: each check is shown to pass, and to fail for its one reason."""

import datetime as dt
import json
import shutil

import duckdb
import pytest
from quality_warehouse import AUGUST, JULY, OBJECTS, add_month, change, make_warehouse

from pipelines.calendar import Month
from pipelines.findings import month_findings
from pipelines.quality import Waivers, pass_gate, record_fitness, run_gate, suites
from pipelines.settings import EXPECTATIONS

MONTH = Month(2019, 8)
NOBODY = Waivers()
STAGE_OF = {"fct_indicator_value": "marts"}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return make_warehouse(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def folder(sound, tmp_path):
    shutil.copytree(sound.root, tmp_path / "data")
    return type(sound)(tmp_path / "data")


@pytest.fixture
def only(tmp_path, monkeypatch):
    """Leaves one suite of the project in force, so that a test of it takes no time for the others."""

    def leave(suite):
        stage = STAGE_OF.get(suite, "raw")
        kept = tmp_path / "expectations" / stage
        kept.mkdir(parents=True)
        for path in (EXPECTATIONS / stage).iterdir():
            if path.stem in (suite, "_shared"):
                shutil.copy(path, kept)
        monkeypatch.setattr(suites, "EXPECTATIONS", kept.parent)
        return stage

    return leave


def gate(folder, stage, waivers=NOBODY, lines=None):
    return run_gate(folder, stage, MONTH, waivers, (lines if lines is not None else []).append)


def found_in(folder, suite, only):
    """Names of the checks that did not pass, with their findings."""
    result = gate(folder, only(suite))
    return {check.name: check for check in result.checks if check.verdict != "passed"}


@pytest.mark.parametrize("stage", ["raw", "marts"])
def test_a_sound_month_passes_every_check(sound, stage):
    lines = []
    result = gate(sound, stage, lines=lines)
    assert (result.verdict, result.refuses, result.unfit_authorities) == ("passed", False, ())
    assert lines == [f"gate {stage} 2019-08: {len(result.checks)} checks, {len(result.checks)} passed"]


def test_in_a_sound_month_only_the_short_list_of_teams_is_too_little_to_judge(sound):
    unjudged = [check.full_name for check in gate(sound, "raw").checks if not check.is_judged]
    assert unjudged == ["ssd_department/row_count_near_last_drop"]


@pytest.mark.parametrize("months", [1, 2])
def test_a_small_drop_made_by_hand_passes(tmp_path, months):
    folder = make_warehouse(tmp_path, people=6)
    if months == 1:
        change(folder, f"delete from raw.drop where extract_month = '{JULY}'")
    assert gate(folder, "raw").verdict == "passed"


def test_without_the_month_before_the_marts_are_not_compared_and_pass(folder, only):
    change(folder, f"delete from indicators.fct_indicator_value where month = '{JULY}'")
    result = gate(folder, only("fct_indicator_value"))
    assert result.verdict == "passed"
    assert [check.name for check in result.checks if not check.is_judged] == [
        "month_end_counts_near_last_month",
        "counts_of_events_near_last_month",
    ]


# every check of the project, and one thing in the sound month that breaks it
NO_MORE = f"extract_month = '{AUGUST}' and"
BROKEN = [
    (
        "drop_file",
        "files_are_of_this_month",
        [f"update raw.drop_file set sha256 = object || '-{JULY}'"],
    ),
    (
        "drop_file",
        "rejected_rows_high",
        [f"update raw.drop_file set rows_loaded = 392, rows_rejected = 8 where {NO_MORE} object = 'ssd_person'"],
    ),
    (
        "drop_file",
        "rejected_rows_extreme",
        [f"update raw.drop_file set rows_loaded = 376, rows_rejected = 24 where {NO_MORE} object = 'ssd_person'"],
    ),
    *(
        (
            name,
            f"{column}_is_given",
            [f"update raw.{name} set {column} = null where {NO_MORE} {column} = '{one}'"],
        )
        for name, column, one in (
            ("ssd_person", "pers_person_id", "p7"),
            ("ssd_department", "dept_team_id", "t2"),
            ("ssd_involvements", "invo_involvements_id", "p7"),
            ("ssd_involvements", "invo_person_id", "p7"),
            ("ssd_cin_plans", "cinp_cin_plan_id", "p7"),
            ("ssd_cin_plans", "cinp_person_id", "p7"),
            ("ssd_cp_plans", "cppl_cp_plan_id", "p7"),
            ("ssd_cp_plans", "cppl_person_id", "p7"),
            ("ssd_cp_reviews", "cppr_cp_review_id", "p7"),
            ("ssd_cp_reviews", "cppr_person_id", "p7"),
            ("ssd_legal_status", "lega_legal_status_id", "p7"),
            ("ssd_legal_status", "lega_person_id", "p7"),
            ("ssd_cla_episodes", "clae_cla_episode_id", "p7"),
            ("ssd_cla_episodes", "clae_person_id", "p7"),
        )
    ),
    *(
        (
            name,
            "row_count_near_last_drop",
            [f"update raw.drop_file set rows_loaded = 450 where extract_month = '{JULY}'"],
        )
        for name in OBJECTS
    ),
    *(
        (
            name,
            "newest_date_in_month",
            [f"update raw.{name} set {column} = '2019-08-01' where {NO_MORE} {column} > '2019-08-01'"],
        )
        for name, column in (
            ("ssd_involvements", "invo_involvement_start_date"),
            ("ssd_cin_plans", "cinp_cin_plan_start_date"),
            ("ssd_cp_plans", "cppl_cp_plan_start_date"),
            ("ssd_cp_reviews", "cppr_cp_review_date"),
            ("ssd_legal_status", "lega_legal_status_start_date"),
            ("ssd_cla_episodes", "clae_cla_episode_start_date"),
        )
    ),
    *(
        (
            name,
            f"share_without_team_{degree}",
            [f"update raw.{name} set {team} = {given} where {NO_MORE} cast({person}[2:] as integer) < {people}"],
        )
        for name, team, person in (
            ("ssd_involvements", "invo_professional_team", "invo_person_id"),
            ("ssd_cin_plans", "cinp_cin_plan_team", "cinp_person_id"),
        )
        for degree, given, people in (("high", "null", 21), ("extreme", "'no such team'", 101))
    ),
    *(
        (
            "dq_issue",
            f"codes_outside_their_set{degree}",
            [
                f"insert into raw.dq_issue select '888', '{AUGUST}', 'ssd_cin_plans', 'code_outside_code_set', "
                f"'cinp_code', line_number from range({rows}) as lines (line_number)"
            ],
        )
        for degree, rows in (("_high", 3), ("_extreme", 81))
    ),
    (
        "rule_run",
        "no_rule_crashed",
        [f"update raw.rule_run set outcome = 'crashed' where {NO_MORE} rule = 'cin_plan_of_an_adult'"],
    ),
    (
        "rule_run",
        "every_rule_has_an_outcome",
        [f"delete from raw.rule_run where {NO_MORE} rule = 'cin_plan_of_an_adult'"],
    ),
    (
        "rule_run",
        "rules_were_not_skipped",
        [f"update raw.rule_run set outcome = 'skipped' where {NO_MORE} rule = 'cin_plan_of_an_adult'"],
    ),
    (
        "fct_indicator_value",
        "percentages_are_0_to_100",
        ["update indicators.fct_indicator_value set value = 100.1 where indicator_id = 'cp_plans_repeat'"],
    ),
    (
        "fct_indicator_value",
        "numerators_within_denominators",
        [
            "update indicators.fct_indicator_value set value = 100, "
            "numerator = denominator + case when area_name in ('Team Two', 'Team Three') then 0 else 1 end "
            "where indicator_id = 'cp_plans_repeat'"
        ],
    ),
    (
        "fct_indicator_value",
        "percentages_are_not_copies",
        [
            "update indicators.fct_indicator_value set numerator = 10 "
            f"where {NO_MORE} numerator = 6 and indicator_id = 'cp_plans_repeat_12_months'",
            "update indicators.fct_indicator_value set numerator = 20 "
            f"where {NO_MORE} numerator = 16 and indicator_id = 'cp_plans_repeat_12_months'",
        ],
    ),
    (
        "fct_indicator_value",
        "every_indicator_has_its_authority_row",
        [
            f"delete from indicators.fct_indicator_value where {NO_MORE} area_type = 'authority' "
            "and indicator_id = 'children_looked_after_rate'"
        ],
    ),
    (
        "fct_indicator_value",
        "teams_add_up_to_the_authority",
        ["update indicators.fct_indicator_value set numerator = 151 where numerator = 150"],
    ),
    (
        "fct_indicator_value",
        "localities_add_up_to_the_authority",
        [
            "update indicators.fct_indicator_value set denominator = 79 "
            "where denominator = 80 and area_type = 'locality'"
        ],
    ),
    (
        "fct_indicator_value",
        "month_end_counts_near_last_month",
        [
            "update indicators.fct_indicator_value set numerator = 319 "
            f"where month = '{JULY}' and area_type = 'authority' and indicator_id = 'children_looked_after'"
        ],
    ),
    (
        "fct_indicator_value",
        "counts_of_events_near_last_month",
        [
            "update indicators.fct_indicator_value set numerator = 9 "
            f"where month = '{JULY}' and area_type = 'authority' and indicator_id = 'cla_started'"
        ],
    ),
]


def kind_of(suite, check):
    """Checks of one kind on several tables are broken and run together: it takes a tenth of the time."""
    return "key_is_given" if check.endswith("_is_given") else f"{STAGE_OF.get(suite, 'raw')} {check}"


@pytest.mark.parametrize("kind", sorted({kind_of(suite, check) for suite, check, _ in BROKEN}))
def test_every_check_fails_when_the_thing_it_watches_is_broken_and_no_other_does(folder, only, kind):
    broken = [entry for entry in BROKEN if kind_of(*entry[:2]) == kind]
    change(folder, *(statement for _, _, statements in broken for statement in statements))
    expected = {f"{suite}/{check}" for suite, check, _ in broken}
    # a share beyond the critical limit is beyond that of the warning too
    expected |= {name.replace("_extreme", "_high") for name in expected}
    stage = only(broken[0][0]) if len(broken) == 1 else "raw"
    verdicts = {check.full_name: check.verdict for check in gate(folder, stage).checks}
    assert {name for name, verdict in verdicts.items() if verdict == "failed"} == expected
    assert "errored" not in verdicts.values()


def test_every_check_of_the_project_is_among_those_shown_to_fail():
    shown = {f"{suite}/{check}" for suite, check, _ in BROKEN}
    assert shown == {name for name in suites.known_names() if "/" in name}


@pytest.mark.parametrize(
    ("rows_before", "passes"),
    [(445, False), (444, True), (308, True), (307, False), (199, True)],
)
def test_a_fall_of_a_tenth_or_a_rise_of_three_tenths_is_the_limit_from_200_rows_on(
    folder, only, rows_before, passes
):
    change(folder, f"update raw.drop_file set rows_loaded = {rows_before} where extract_month = '{JULY}'")
    assert (found_in(folder, "ssd_person", only) == {}) is passes


@pytest.mark.parametrize(("rows_before", "passes"), [(493, True), (494, False)])
def test_over_a_gap_of_two_months_the_limit_is_the_average_of_a_month(folder, only, rows_before, passes):
    # 400 of 493.8 is 0.9 times 0.9
    change(
        folder,
        f"update raw.drop set extract_month = '2019-06-30' where extract_month = '{JULY}'",
        "update raw.drop_file set extract_month = '2019-06-30', "
        f"rows_loaded = {rows_before} where extract_month = '{JULY}'",
    )
    assert (found_in(folder, "ssd_person", only) == {}) is passes


def test_rows_are_compared_with_the_last_drop_that_was_fit(folder, only):
    change(
        folder,
        f"update raw.drop set is_fit = false where extract_month = '{JULY}'",
        "update raw.drop_file set rows_loaded = 4 where extract_month = '2019-07-31'",
    )
    with duckdb.connect(str(folder.database)) as connection:
        add_month(connection, dt.date(2019, 6, 30), people=600, is_fit="true")
    check = found_in(folder, "ssd_person", only)["row_count_near_last_drop"]
    assert "(400 rows, 600 in 2019-06)" in check.message


def test_a_quiet_table_without_an_event_in_the_month_passes(folder, only):
    change(
        folder,
        "delete from raw.ssd_cp_plans where cast(cppl_person_id[2:] as integer) % 4 <> 0",
        f"delete from raw.ssd_cp_plans where cppl_cp_plan_start_date > '2019-08-01' and {NO_MORE} true",
        "delete from raw.drop_file where object = 'ssd_cp_plans'",
    )
    assert found_in(folder, "ssd_cp_plans", only) == {}


def test_late_work_may_pile_up_as_events_do(folder, only):
    change(
        folder,
        "insert into seeds.indicator_register values ('cla_reviews_overdue', 'number', 'month_end', true)",
        *(
            "insert into indicators.fct_indicator_value values "
            f"('cla_reviews_overdue', '888', '{area}', '888', '{month}', '{month}', 'as_reported', {count}, "
            f"null, {count}, 'number')"
            for month, count in ((JULY, 40), (AUGUST, 80))
            for area in ("authority", "locality", "team")
        ),
    )
    assert found_in(folder, "fct_indicator_value", only) == {}


def test_events_dated_after_the_month_do_not_make_a_stale_table_fresh(folder, only):
    change(
        folder,
        "update raw.ssd_cp_plans set cppl_cp_plan_start_date = '2019-09-02' "
        f"where {NO_MORE} cppl_cp_plan_start_date > '2019-08-01'",
    )
    assert list(found_in(folder, "ssd_cp_plans", only)) == ["newest_date_in_month"]


def test_the_line_of_a_refusal_names_gate_check_authority_month_finding_and_reason(folder, only):
    change(
        folder,
        "update raw.ssd_cin_plans set cinp_cin_plan_start_date = '2019-07-29' "
        f"where {NO_MORE} cinp_cin_plan_start_date > '2019-07-29'",
    )
    (line,) = gate(folder, only("ssd_cin_plans")).refusal_lines()
    assert line.startswith(
        "gate raw, ssd_cin_plans/newest_date_in_month FAILED for 888 2019-08: newest "
        "cinp_cin_plan_start_date is 2019-07-29, expected after 2019-08-01 — a busy table without an event"
    )


def test_a_warning_is_reported_and_does_not_refuse(folder, only):
    change(
        folder,
        f"update raw.drop_file set rows_loaded = 392, rows_rejected = 8 where {NO_MORE} object = 'ssd_person'",
    )
    lines = []
    result = gate(folder, only("drop_file"), lines=lines)
    assert not result.refuses
    assert "drop_file/rejected_rows_high FAILED for 888 2019-08" in lines[0]
    assert "is 2, expected at most 1 (8 of 400 rows of ssd_person.csv)" in lines[0]
    assert lines[1] == "gate raw 2019-08: 3 checks, 2 passed, 1 failed"


def test_only_the_loaded_attempt_of_a_month_is_judged(folder, only):
    change(
        folder,
        f"insert into raw.drop values ('888', '{AUGUST}', '2019-09-01 08:00:00+00', true, null, false, null)",
        f"insert into raw.drop_file values ('888', '{AUGUST}', '2019-09-01 08:00:00+00', "
        "'ssd_person', 'ssd_person.csv', 'x', 400, 0, 400)",
    )
    assert found_in(folder, "drop_file", only) == {}


def test_what_happens_to_one_authority_does_not_make_another_unfit(folder, only):
    change(
        folder,
        f"insert into raw.drop values ('889', '{AUGUST}', '2019-09-02 08:00:00+00', true, null, true, null)",
        f"insert into raw.ssd_person values ('q1', '889', '{AUGUST}'), (null, '889', '{AUGUST}')",
    )
    result = gate(folder, only("ssd_person"))
    assert (result.la_codes, result.unfit_authorities) == (("888", "889"), ("889",))
    record_fitness(folder, MONTH, result)
    with duckdb.connect(str(folder.database)) as connection:
        fitness = connection.execute(
            f"select la_code, is_fit from raw.drop where extract_month = '{AUGUST}' order by la_code"
        ).fetchall()
    assert fitness == [("888", True), ("889", False)]


def test_a_column_that_is_missing_is_errored_and_refuses_even_as_a_warning(folder, only):
    only("ssd_person")
    path = suites.EXPECTATIONS / "raw" / "ssd_person.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["expectations"][0]["kwargs"]["column"] = "pers_shoe_size"
    content["expectations"][0]["severity"] = "warning"
    path.write_text(json.dumps(content), encoding="utf-8")
    result = gate(folder, "raw")
    assert (result.verdict, result.unfit_authorities) == ("errored", ("888",))
    (line,) = result.refusal_lines()
    assert "ERRORED for 888 2019-08: the check could not be run" in line
    assert "pers_shoe_size" in line


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("select no_such_column as row_change_percent from this_partition", "no_such_column"),
        ("select 1.0 as another_name", "row_change_percent"),
        ("selekt 1", "Parser Error"),
        ("select 1.0 as row_change_percent where false", "0 rows of measures instead of one"),
        ("select 1.0 as row_change_percent from range(2)", "2 rows of measures instead of one"),
        ("select {shoe_size} as row_change_percent", "unknown placeholder {shoe_size}"),
    ],
)
def test_measures_that_cannot_be_taken_are_errored_never_passed(folder, only, sql, fault):
    only("ssd_person")
    (suites.EXPECTATIONS / "raw" / "ssd_person.sql").write_text(sql, encoding="utf-8")
    lines = gate(folder, "raw").refusal_lines()
    assert len(lines) == 1
    assert "ERRORED" in lines[0]
    assert fault in lines[0]
    assert "\n" not in lines[0]


def test_a_suite_with_a_fault_is_errored_with_one_line(folder, only):
    only("ssd_person")
    (suites.EXPECTATIONS / "raw" / "ssd_person.json").write_text("{", encoding="utf-8")
    (line,) = gate(folder, "raw").refusal_lines()
    assert line.startswith(
        "gate raw, ssd_person ERRORED in 2019-08: the suite could not be run: "
        "expectations/raw/ssd_person.json: not JSON, line 1"
    )


def test_a_suite_for_a_table_that_does_not_exist_is_errored(folder, only):
    change(folder, "drop table raw.ssd_person")
    (line,) = gate(folder, only("ssd_person")).refusal_lines()
    assert line.endswith("the suite could not be run: there is no table raw.ssd_person")


def test_a_month_without_a_loaded_drop_does_not_pass(folder, only):
    change(folder, f"update raw.drop set is_loaded = false where extract_month = '{AUGUST}'")
    (line,) = gate(folder, only("ssd_person")).refusal_lines()
    assert line.endswith("no drop of 2019-08 is loaded")


def test_a_gate_without_suites_does_not_pass(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(suites, "EXPECTATIONS", tmp_path / "nothing")
    result = gate(folder, "raw")
    assert (result.refuses, result.unfit_authorities) == (True, ("888",))
    assert result.refusal_lines() == ["gate raw ERRORED in 2019-08: there is no suite in expectations/raw"]


def test_a_crash_of_the_tool_itself_is_errored_for_every_suite(folder, only, monkeypatch):
    def crash(_folder):
        raise RuntimeError("p7 was born on 2004-05-06")

    stage = only("ssd_person")
    monkeypatch.setattr("pipelines.quality.gate.inspector", crash)
    result = gate(folder, stage)
    assert result.refusal_lines() == [
        "gate raw, ssd_person ERRORED in 2019-08: the suite could not be run: it raised RuntimeError"
    ]


@pytest.mark.parametrize("name", ["ssd_person", "ssd_person/pers_person_id_is_given", "all"])
def test_a_waived_check_does_not_refuse_and_what_it_found_is_listed(folder, only, name):
    change(folder, f"update raw.ssd_person set pers_person_id = null where {NO_MORE} pers_person_id = 'p7'")
    stage = only("ssd_person")
    lines = []
    result = gate(folder, stage, Waivers.of_run([name], "seen by hand"), lines)
    assert (result.verdict, result.refuses, result.unfit_authorities) == ("failed", False, ())
    assert lines[0].endswith("(waived)")
    (waived,) = result.to_manifest()["waived"]
    assert (waived["gate"], waived["name"], waived["reason"]) == ("raw", name, "seen by hand")
    assert len(waived["found"]) == 1
    assert "pers_person_id is empty in 1 of 400 rows" in waived["found"][0]


def test_waiving_one_check_leaves_the_others_in_force(folder, only):
    change(folder, f"update raw.ssd_person set pers_person_id = null where {NO_MORE} pers_person_id = 'p7'")
    stage = only("ssd_person")
    assert gate(folder, stage, Waivers.of_run(["ssd_person/row_count_near_last_drop"], "seen")).refuses


def test_a_waiver_that_had_nothing_to_waive_says_so(folder, only):
    stage = only("ssd_person")
    (waived,) = gate(folder, stage, Waivers.of_run(["ssd_person"], "seen")).waived()
    assert waived["found"] == []


def test_an_errored_suite_can_be_waived(folder, only):
    stage = only("ssd_person")
    change(folder, "drop table raw.ssd_person")
    assert not gate(folder, stage, Waivers.of_run(["ssd_person"], "seen")).refuses


def test_passing_a_gate_keeps_what_was_found_and_the_fitness_of_the_drop(folder, only):
    pass_gate(folder, only("ssd_person"), MONTH, NOBODY, [].append)
    (kept,) = month_findings(folder, MONTH).gates
    assert (kept["stage"], kept["extract_month"], kept["verdict"]) == ("raw", "2019-08", "passed")
    assert kept["suites"][0]["checks"][0]["name"] == "pers_person_id_is_given"
    with duckdb.connect(str(folder.database)) as connection:
        assert connection.execute(f"select is_fit from raw.drop where extract_month = '{AUGUST}'").fetchall() == [
            (True,)
        ]


def test_a_new_raw_gate_takes_away_what_was_found_in_the_marts_before(folder, only):
    stale = folder.findings / "2019-08" / "marts.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}", encoding="utf-8")
    pass_gate(folder, only("ssd_person"), MONTH, NOBODY, [].append)
    assert [gate_["stage"] for gate_ in month_findings(folder, MONTH).gates] == ["raw"]


def test_what_the_gates_say_can_be_written_as_json(folder, only):
    change(
        folder,
        f"update raw.ssd_cp_plans set cppl_cp_plan_start_date = '2019-08-01' where {NO_MORE} "
        "cppl_cp_plan_start_date > '2019-08-01'",
    )
    manifest = gate(folder, only("ssd_cp_plans")).to_manifest()
    assert json.loads(json.dumps(manifest)) == manifest
    observed = {check["name"]: check["observed"] for check in manifest["suites"][0]["checks"]}
    assert observed["newest_date_in_month"] == "2019-08-01"


def test_no_personal_value_is_in_anything_a_gate_says(folder):
    secret = "p0a1b2c3"
    change(
        folder,
        *(
            f"update raw.{name} set {column} = '{secret}', la_code = la_code where {column} = 'p7'"
            for name, column in (("ssd_person", "pers_person_id"), ("ssd_cin_plans", "cinp_person_id"))
        ),
        f"update raw.ssd_cin_plans set cinp_cin_plan_id = null, cinp_cin_plan_team = '{secret}'",
    )
    lines = []
    result = gate(folder, "raw", lines=lines)
    assert result.refuses
    assert secret not in json.dumps([result.to_manifest(), result.refusal_lines(), lines])
