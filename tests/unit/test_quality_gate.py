"""The gates on a working file made by hand: each check is shown to pass, and to fail for its one reason."""

import datetime as dt
import json
import shutil

import duckdb
import pytest
from quality_warehouse import (
    AUGUST,
    CODES,
    EVENT_DATE,
    JULY,
    OBJECTS,
    PEOPLE,
    add_month,
    change,
    make_warehouse,
)

from pipelines.calendar import Month, months_between
from pipelines.contracts import contract
from pipelines.findings import month_findings
from pipelines.quality import Waivers, comparisons, gate_result, record_fitness, run_gate, suites
from pipelines.quality.comparisons import unchanging_columns
from pipelines.settings import EXPECTATIONS

MONTH = Month(2019, 8)
NOBODY = Waivers()
STAGE_OF = {path.stem: path.parent.name for path in EXPECTATIONS.glob("*/*.json")}


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
        stage = STAGE_OF[suite]
        kept = tmp_path / "expectations" / stage
        kept.mkdir(parents=True)
        shutil.copy(EXPECTATIONS / stage / f"{suite}.json", kept)
        for folder in {"comparisons", "parameters"} & {path.name for path in (EXPECTATIONS / stage).iterdir()}:
            shutil.copytree(EXPECTATIONS / stage / folder, kept / folder)
        for module in (suites, comparisons):
            monkeypatch.setattr(module, "EXPECTATIONS", kept.parent)
        return stage

    return leave


def gate(folder, stage, waivers=NOBODY, lines=None):
    return gate_result(folder, stage, MONTH, waivers, (lines if lines is not None else []).append)


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


def test_in_a_sound_month_every_check_judges_but_those_that_need_a_longer_history(sound):
    unjudged = [
        check.full_name for stage in ("raw", "marts") for check in gate(sound, stage).checks if not check.is_judged
    ]
    assert unjudged == [
        "fct_indicator_value/figures_near_their_history_high",
        "fct_indicator_value/figures_near_their_history_extreme",
    ]


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
    assert {check.name for check in result.checks if not check.is_judged} == {
        "month_end_counts_near_last_month",
        "counts_of_events_near_last_month",
        "figures_near_their_history_high",
        "figures_near_their_history_extreme",
        "populations_near_last_month",
    }


def test_a_drop_is_compared_with_drops_of_its_layout_only(folder, only):
    change(
        folder,
        f"update raw.drop set source_layout = 'annex_a' where extract_month = '{JULY}'",
        f"update raw.drop_file set rows_read = 10 * rows_read where extract_month = '{AUGUST}'",
    )
    assert found_in(folder, "ssd_person", only) == {}


@pytest.mark.parametrize("name", ["ssd_involvements", "ssd_cin_plans", "ssd_cin_episodes"])
def test_a_layout_without_teams_is_not_asked_for_them(folder, only, name):
    change(
        folder,
        "update raw.ssd_involvements set invo_professional_team = null",
        "update raw.ssd_cin_plans set cinp_cin_plan_team = null",
        "update raw.ssd_cin_episodes set cine_referral_team = null",
        "insert into raw.drop_reach (la_code, extract_month, object, is_every_event, has_teams) "
        f"values ('888', '{AUGUST}', 'ssd_involvements', true, false)",
    )
    assert {finding for finding in found_in(folder, name, only) if "team" in finding} == set()


NO_MORE = f"extract_month = '{AUGUST}' and"
BENCHMARK = "marts.mart_indicator_benchmark"
TEAMS_OF_CHILDREN = {
    "ssd_involvements": ("invo_professional_team", "invo_person_id"),
    "ssd_cin_plans": ("cinp_cin_plan_team", "cinp_person_id"),
}
TEAMS_OF_RECORDS = {suite.name: suite.meta["team"] for suite in suites.load_suites("raw") if "team" in suite.meta}
STALE_FROM = {name: "2019-07-01" if name == "local_pep" else "2019-08-01" for name in EVENT_DATE}
UNCHANGING = {
    suite.name: unchanging_columns(contract(suite.name), suite.meta)
    for suite in suites.load_suites("raw")
    if any(check.name == "history_is_not_rewritten" for check in suite.checks)
}
NEW_VALUE = {"date": "date '2011-01-01'", "id": "'another'", "code": "'another'"}
# an extract's codes hardly move, what people rate and list does
ROWS_RECODED = {"ssd": (("high", 36), ("extreme", 176)), "local": (("high", 176),)}
ALL_CHECKS = {name for name in suites.known_names() if "/" in name}
EARLIER_MONTHS = [
    f"""
    insert into indicators.fct_indicator_value
    select * replace (
        cast(month - interval {months} month as date) as month,
        cast(month - interval {months} month as date) as extract_month
    )
    from indicators.fct_indicator_value
    where month = '{JULY}' and indicator_id <> 'cla_started'
    """
    for months in range(1, 7)
]


def flags(name, rule, column, rows):
    """Statements that have ingest flag the first rows of an object."""
    return (
        "insert into raw.dq_issue (la_code, extract_month, object, line_number, rule, column_name) "
        f"select '888', '{AUGUST}', '{name}', line_number, '{rule}', '{column}' from raw.{name} "
        f"where {NO_MORE} line_number < {rows + 2}"
    )


def fallen(polarity):
    """Statements that let a figure of 12 in July fall to 0 in August."""
    return [
        f"insert into seeds.indicator_register values ('fallen', 'number', 'month', false, '{polarity}', false)",
        *(
            "insert into indicators.fct_indicator_value by name select 'fallen' as indicator_id, "
            f"'888' as la_code, 'authority' as area_type, '888' as area_name, date '{month}' as month, "
            f"date '{month}' as extract_month, 'as_reported' as basis, {count} as numerator, {count} as value, "
            "'number' as unit"
            for month, count in ((JULY, 12), (AUGUST, 0))
        ),
    ]


BEYOND = {
    "dq_issue/codes_known": "dq_issue/every_code_known",
    "drop/postcode_known": "drop/postcode_known_for_most",
}
"""Checks that fail as well where another does."""

# every check of the project, and one thing in the sound month that breaks it
BROKEN = [
    (
        "drop",
        "last_month_is_there",
        [f"update raw.drop set extract_month = '2019-06-30' where extract_month = '{JULY}'"],
    ),
    (
        "drop",
        "layout_is_that_of_the_last_drop",
        [f"update raw.drop set source_layout = 'annex_a' where extract_month = '{JULY}'"],
    ),
    (
        "drop",
        "reach_is_declared",
        [
            "insert into raw.drop_reach (la_code, extract_month, object, title, is_every_event, has_teams, basis) "
            f"values ('888', '{AUGUST}', 'ssd_cla_episodes', 'Episodes', true, true, 'in doubt')"
        ],
    ),
    (
        "drop",
        "list_is_old",
        [
            "insert into raw.drop values "
            "('888', '2019-04-30', '2019-05-01 08:00:00+00', true, null, true, true, 'ssd')",
            "insert into raw.list_version values ('888', '2019-04-30', 'local_permanence_tracker', true)",
        ],
    ),
    *(
        ("dq_issue", check, [flags("ssd_cla_placement", "code_outside_code_set", "clap_cla_placement_type", rows)])
        for check, rows in (("codes_known", 8), ("every_code_known", 1))
    ),
    *(
        (
            "drop",
            check,
            [
                "update raw.ssd_cla_placement set placement_la_code = null "
                f"where {NO_MORE} line_number % {part} = 0"
            ],
        )
        for check, part in (("postcode_known", 3), ("postcode_known_for_most", 10))
    ),
    (
        "ssd_professionals",
        "fte_known",
        [
            "update raw.ssd_involvements set invo_professional_role_id = 'IRO', invo_professional_id = 'new' "
            f"where {NO_MORE} line_number = 2"
        ],
    ),
    *(
        ("fct_indicator_value", check, fallen(polarity))
        for check, polarity in (
            ("figure_fell_to_nothing", "neither"),
            ("figure_fell_to_the_wanted_nothing", "lower_is_better"),
        )
    ),
    (
        "rejected_rows",
        "every_rejected_row_is_kept",
        [
            "insert into raw.rejected_rows (la_code, extract_month, object) "
            f"values ('888', '{AUGUST}', 'ssd_person')"
        ],
    ),
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
        [f"update raw.drop_file set rows_loaded = 660, rows_rejected = 40 where {NO_MORE} object = 'ssd_person'"],
    ),
    (
        "drop_file",
        "open_or_recent_rows_rejected",
        [
            f"update raw.drop_file set open_rows = 161, open_rows_rejected = 7, children_lost = 7 where {NO_MORE} "
            "object = 'ssd_cin_plans'"
        ],
    ),
    (
        "drop_file",
        "files_have_rows",
        [f"update raw.drop_file set rows_read = 0, rows_loaded = 0 where {NO_MORE} object = 'ssd_cp_plans'"],
    ),
    *(
        (
            name,
            "history_is_not_rewritten",
            [
                f"update raw.{name} set {columns[-1]} = {NEW_VALUE[column_type]} "
                f"where {NO_MORE} line_number % 50 = 0"
            ],
        )
        for name, columns in UNCHANGING.items()
        for column_type in (contract(name).column(columns[-1]).type,)
    ),
    *(
        (
            name,
            "row_count_near_last_drops",
            [f"update raw.drop_file set rows_loaded = rows_loaded * 2 where extract_month = '{JULY}'"],
        )
        for name in OBJECTS
    ),
    *(
        (
            name,
            "newest_date_in_month",
            [f"update raw.{name} set {column} = '{day}' where {NO_MORE} {column} > '{day}'"],
        )
        for name, column in EVENT_DATE.items()
        for day in (STALE_FROM[name],)
        if f"{name}/newest_date_in_month" in ALL_CHECKS
    ),
    *(
        (
            name,
            "file_is_not_last_months",
            [f"update raw.drop_file set sha256 = object where object = '{name}'"],
        )
        for name in ("ssd_disability", "ssd_person", "ssd_professionals")
    ),
    *(
        (
            name,
            f"share_without_team_{degree}",
            [f"update raw.{name} set {team} = {given} where {NO_MORE} cast({person}[2:] as integer) < {people}"],
        )
        for name, (team, person) in TEAMS_OF_CHILDREN.items()
        for degree, given, people in (("high", "null", 36), ("extreme", "'no such team'", 176))
    ),
    *(
        (
            name,
            f"share_without_team_{degree}",
            [f"update raw.{name} set {team} = {given} where {NO_MORE} line_number < {people + 2}"],
        )
        for name, team in TEAMS_OF_RECORDS.items()
        for degree, given, people in (("high", "null", 36), ("extreme", "'no such team'", 176))
        if f"{name}/share_without_team_{degree}" in suites.known_names()
    ),
    *(
        (
            name,
            f"mix_of_codes_moved_{degree}",
            [f"update raw.{name} set {columns[-1]} = null where {NO_MORE} line_number < {rows + 2}"],
        )
        for name, columns in CODES.items()
        for degree, rows in ROWS_RECODED[name.partition("_")[0]]
    ),
    *(
        (
            name,
            "no_new_code",
            [
                f"update raw.{name} set {columns[0]} = 'new' where {NO_MORE} line_number < 5",
                flags(name, "code_outside_code_set", columns[0], 3),
            ],
        )
        for name, columns in CODES.items()
    ),
    *(
        (
            "dq_issue",
            check,
            [flags("ssd_cin_plans", rule, "cinp_cin_plan_team", rows)],
        )
        for check, rule, rows in (
            ("codes_outside_their_set_high", "code_outside_code_set", 4),
            ("codes_outside_their_set_extreme", "code_outside_code_set", 141),
            ("flags_risen_high", "orphaned_link", 36),
            ("flags_risen_extreme", "orphaned_link", 176),
        )
    ),
    (
        "dq_issue",
        "most_rows_are_sound",
        [
            flags("ssd_cp_reviews", "orphaned_link", "cppr_cp_plan_id", 351),
            # as many in the month before, so that they did not rise
            f"insert into raw.dq_issue select * replace (date '{JULY}' as extract_month) from raw.dq_issue",
        ],
    ),
    (
        "rule_run",
        "records_at_fault_risen",
        [f"update quality.rule_run set rows_failed = 60 where {NO_MORE} rule = 'cin_plan_of_an_adult'"],
    ),
    (
        "rule_run",
        "no_rule_crashed",
        [f"update quality.rule_run set outcome = 'crashed' where {NO_MORE} rule = 'cin_plan_of_an_adult'"],
    ),
    (
        "rule_run",
        "every_rule_has_an_outcome",
        [f"delete from quality.rule_run where {NO_MORE} rule = 'cin_plan_of_an_adult'"],
    ),
    (
        "rule_run",
        "rules_were_not_skipped",
        [f"update quality.rule_run set outcome = 'skipped' where {NO_MORE} rule = 'cin_plan_of_an_adult'"],
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
    *(
        (
            "fct_indicator_value",
            f"figures_near_their_history_{degree}",
            [
                *EARLIER_MONTHS,
                "update indicators.fct_indicator_value "
                f"set numerator = numerator + {more} * case area_name when 'Team One' then 1 else 0 end "
                f"+ {more} * case area_type when 'team' then 0 else 1 end "
                f"where indicator_id = 'children_looked_after' and {NO_MORE} true",
            ],
        )
        for degree, more in (("high", 100), ("extreme", 260))
    ),
    (
        "fct_indicator_value",
        "populations_near_last_month",
        [
            "update indicators.fct_indicator_value set denominator = 265000 "
            f"where {NO_MORE} indicator_id = 'children_looked_after_rate'"
        ],
    ),
    (
        "fct_indicator_value",
        "population_is_recent",
        [f"update indicators.fct_indicator_value set population_mid_year = 2017 where {NO_MORE} unit > 'p'"],
    ),
    (
        "fct_indicator_child",
        "reasons_moved_high",
        [
            "update indicators.fct_indicator_child set reason = 'First plan of the child' "
            f"where {NO_MORE} not is_in_numerator"
        ],
    ),
    (
        "fct_indicator_restatement",
        "withdrawn_records_high",
        ["update indicators.fct_indicator_restatement set cause = 'withdrawal' where child_id < 'p11'"],
    ),
    (
        "mart_restatement",
        "figures_restated_far",
        [
            "update marts.mart_restatement set restated_numerator = 461 "
            "where indicator_id = 'children_looked_after'"
        ],
    ),
    (
        "mart_data_quality",
        "quality_teams_add_up",
        [f"update marts.mart_data_quality set failed = 4 where {NO_MORE} area_type = 'team'"],
    ),
    (
        "mart_delivery_plan",
        "open_actions_gone_high",
        [
            "insert into marts.mart_delivery_plan select * replace (false as is_listed, 'gone' as change) "
            f"from marts.mart_delivery_plan where {NO_MORE} true limit 5"
        ],
    ),
    (
        "mart_delivery_plan",
        "due_days_not_read_high",
        [f"update marts.mart_delivery_plan set due_reading = 'impossible' where {NO_MORE} rowid % 3 = 0"],
    ),
    (
        "mart_eet_plan",
        "shares_of_a_cohort_add_up",
        [f"update marts.mart_eet_plan set value = 63 where {NO_MORE} value = 68"],
    ),
    (
        "mart_indicator_monthly",
        "every_figure_is_in_the_mart",
        [f"delete from marts.mart_indicator_monthly where {NO_MORE} area_name = 'Team One'"],
    ),
    (
        "mart_indicator_monthly",
        "figures_no_longer_shown",
        [
            "update marts.mart_indicator_monthly set status = 'not_available' "
            f"where {NO_MORE} area_type = 'authority' and indicator_id = 'cla_started'"
        ],
    ),
    (
        "mart_indicator_signal",
        "every_figure_has_its_signal",
        [f"delete from marts.mart_indicator_signal where {NO_MORE} area_name = 'Team One'"],
    ),
    (
        "mart_indicator_signal",
        "signals_of_the_authority_are_few",
        [
            "update marts.mart_indicator_signal set signal = 'special_cause' "
            f"where {NO_MORE} indicator_id between 'charted_0' and 'charted_6'"
        ],
    ),
    (
        "mart_due_list",
        "overdue_are_those_the_figures_count",
        ["insert into marts.mart_due_list select * from marts.mart_due_list where is_failing_now limit 1"],
    ),
    (
        "mart_projection",
        "projections_begin_with_the_figures",
        [f"update marts.mart_projection set numerator = numerator + 1 where {NO_MORE} area_type = 'locality'"],
    ),
    (
        "mart_projection",
        "projections_add_up",
        [f"update marts.mart_projection set projected_numerator = 18 where {NO_MORE} area_type = 'locality'"],
    ),
    *(
        ("mart_indicator_benchmark", check, [f"update {table} set {change} where {where}"])
        for check, table, change, where in (
            (
                "no_comparator_from_after_the_extract",
                BENCHMARK,
                "published_date = '2019-09-02'",
                f"{NO_MORE} release_rule = 'as_known_then'",
            ),
            (
                "no_comparator_of_another_year",
                BENCHMARK,
                "comparator_period_end = '2019-03-31'",
                f"{NO_MORE} comparator_year_rule = 'same_year'",
            ),
            (
                "no_comparator_of_another_definition",
                BENCHMARK,
                "measure = 'children_in_need.rate'",
                f"{NO_MORE} release_rule = 'latest'",
            ),
            (
                "own_figures_near_those_published",
                BENCHMARK,
                "comparator_value = 389.9",
                f"{NO_MORE} release_rule = 'as_known_then'",
            ),
            (
                "comparators_differ_between_years",
                "core.fct_published_figure",
                "value = 60",
                "geography_code <> '888'",
            ),
            (
                "comparators_still_published",
                "core.fct_comparator",
                "indicator_id = 'cla_ceased'",
                "release = 'cla_2019'",
            ),
        )
    ),
    *(
        (
            suite,
            check,
            [
                f"delete from core.{suite} where {NO_MORE} true",
                f"insert into core.{suite} select {values}, '{AUGUST}' from range(121)",
            ],
        )
        for suite, check, values in (
            ("fct_plan", "open_plans_near_last_month", "'pathway', '888', true"),
            ("fct_review", "reviews_of_a_year_near_last_month", f"'cla_review', '888', date '{AUGUST}'"),
        )
    ),
]


def kind_of(suite, check):
    """Checks of one kind on several tables are broken and run together: it takes a tenth of the time."""
    return f"{STAGE_OF[suite]} {check}"


@pytest.mark.parametrize("kind", sorted({kind_of(suite, check) for suite, check, _ in BROKEN}))
def test_every_check_fails_when_the_thing_it_watches_is_broken_and_no_other_does(folder, only, kind):
    broken = [entry for entry in BROKEN if kind_of(*entry[:2]) == kind]
    change(folder, *dict.fromkeys(statement for _, _, statements in broken for statement in statements))
    expected = {f"{suite}/{check}" for suite, check, _ in broken}
    # a share beyond the critical limit is beyond that of the warning too
    expected |= {
        name.replace("_extreme", "_high") for name in expected if name.replace("_extreme", "_high") in ALL_CHECKS
    }
    expected |= {BEYOND[name] for name in expected if name in BEYOND}
    if kind == "raw no_new_code":
        expected.add("dq_issue/every_code_known")
    stage = only(broken[0][0]) if len(broken) == 1 else kind.split()[0]
    verdicts = {check.full_name: check.verdict for check in gate(folder, stage).checks}
    assert {name for name, verdict in verdicts.items() if verdict == "failed"} == expected
    assert "errored" not in verdicts.values()


def test_every_check_of_the_project_is_among_those_shown_to_fail():
    shown = {f"{suite}/{check}" for suite, check, _ in BROKEN}
    assert shown == ALL_CHECKS


def with_rows_before(folder, name, months):
    """Makes drops of earlier months, July among them, with so many rows of an object."""
    change(folder, f"delete from raw.drop_file where extract_month = '{JULY}'")
    for month, rows in months.items():
        if month != JULY:
            change(
                folder,
                f"insert into raw.drop select * replace (date '{month}' as extract_month, true as is_fit) "
                f"from raw.drop where extract_month = '{AUGUST}'",
            )
        change(
            folder,
            f"insert into raw.drop_file by name select la_code, extract_month, attempted_at, '{name}' as object, "
            f"{rows} as rows_read, {rows} as rows_loaded from raw.drop where extract_month = '{month}'",
        )


MAY, JUNE = dt.date(2019, 5, 31), dt.date(2019, 6, 30)


@pytest.mark.parametrize(
    ("name", "before", "passes"),
    [
        # 700 people now: a fall of a tenth and two square roots of the count
        ("ssd_person", {JULY: 842}, True),
        ("ssd_person", {JULY: 843}, False),
        # twice as many and two square roots
        ("ssd_person", {JULY: 332}, True),
        ("ssd_person", {JULY: 331}, False),
        # a list of 30 teams now may have lost more, one of fewer than 20 is not judged
        ("ssd_department", {JULY: 48}, True),
        ("ssd_department", {JULY: 49}, False),
        ("ssd_department", {JULY: 19}, True),
        # what the months before lead to expect
        ("ssd_person", {MAY: 600, JUNE: 650, JULY: 700}, True),
        ("ssd_person", {MAY: 560, JUNE: 680, JULY: 800}, False),
        ("ssd_person", {MAY: 800, JUNE: 790, JULY: 780}, True),
        # one odd drop of three does not count, wherever it stands
        ("ssd_person", {MAY: 10, JUNE: 700, JULY: 700}, True),
        ("ssd_person", {MAY: 700, JUNE: 10, JULY: 700}, True),
        ("ssd_person", {MAY: 700, JUNE: 700, JULY: 10}, True),
        ("ssd_person", {MAY: 1050, JUNE: 700, JULY: 1050}, False),
        # over a gap of two months the limit is the average of a month: 0.9 times 0.9
        ("ssd_person", {JUNE: 939}, True),
        ("ssd_person", {JUNE: 940}, False),
    ],
)
def test_the_count_is_held_against_what_up_to_three_drops_lead_to_expect(folder, only, name, before, passes):
    if JULY not in before:
        change(folder, f"delete from raw.drop where extract_month = '{JULY}'")
    with_rows_before(folder, name, before)
    assert ("row_count_near_last_drops" not in found_in(folder, name, only)) is passes


def test_a_fourth_drop_back_does_not_count(folder, only):
    with_rows_before(folder, "ssd_person", {dt.date(2019, 4, 30): 99999, MAY: 700, JUNE: 700, JULY: 700})
    assert found_in(folder, "ssd_person", only) == {}


def test_rows_are_compared_with_the_last_drops_that_were_fit(folder, only):
    change(
        folder,
        f"update raw.drop set is_fit = false where extract_month = '{JULY}'",
        "update raw.drop_file set rows_loaded = 4 where extract_month = '2019-07-31'",
    )
    with duckdb.connect(str(folder.database)) as connection:
        add_month(connection, dt.date(2019, 6, 30), people=2 * PEOPLE, is_fit="true")
    check = found_in(folder, "ssd_person", only)["row_count_near_last_drops"]
    assert check.message == "number of people: 700, expected from 1,060 to 5,674 (1,400 in 2019-06)"


def test_a_third_of_the_children_missing_is_told_in_children(folder, only):
    change(folder, f"delete from raw.ssd_person where {NO_MORE} line_number % 3 = 0")
    (line,) = gate(folder, only("ssd_person")).refusal_lines()
    assert "ssd_person/row_count_near_last_drops FAILED for 888 2019-08" in line
    assert "number of people: 467, expected from 578 to 1,452 (700 in 2019-07)" in line


NEW_CODE = [
    f"update raw.ssd_cla_placement set clap_cla_placement_type = 'Z9' where {NO_MORE} line_number < %d",
    flags("ssd_cla_placement", "code_outside_code_set", "clap_cla_placement_type", 35),
]


@pytest.mark.parametrize(("rows", "is_told"), [(2, False), (3, True), (35, True)])
def test_one_new_code_is_told_by_object_column_and_rows_from_three_on(folder, only, rows, is_told):
    change(folder, *(statement % (rows + 2) if "%d" in statement else statement for statement in NEW_CODE))
    # typing errors: as many unknown codes, but each another one
    change(
        folder,
        "update raw.ssd_cla_placement set clap_cla_placement_type = 'typo ' || line_number "
        f"where {NO_MORE} line_number between {rows + 2} and 36",
    )
    found = found_in(folder, "ssd_cla_placement", only).get("no_new_code")
    assert (found is not None) is is_told
    if found:
        assert found.message.endswith(
            f": clap_cla_placement_type: {rows} of 700 placements have the same new code, 0 in 2019-07"
        )
        assert "Z9" not in found.message


@pytest.mark.parametrize(
    ("people", "changed", "passes"), [(100, 2, True), (100, 3, False), (40, 3, True), (40, 4, False), (9, 2, True)]
)
def test_in_a_small_authority_a_tenth_of_what_cannot_change_is_too_much(folder, only, people, changed, passes):
    change(
        folder,
        f"delete from raw.ssd_person where line_number > {people + 1}",
        f"update raw.ssd_person set pers_dob = date '2001-02-03' where {NO_MORE} line_number < {changed + 2}",
    )
    assert ("history_is_not_rewritten" not in found_in(folder, "ssd_person", only)) is passes


@pytest.mark.parametrize(
    ("rule", "complete_from", "is_every_event", "passes"),
    [
        ("orphaned_link", "null", True, False),
        ("orphaned_link", "date '2019-01-01'", True, True),
        ("orphaned_link", "null", False, True),
        ("value_missing", "date '2019-01-01'", True, False),
    ],
)
def test_links_of_a_drop_that_is_known_to_be_cut_lead_nowhere(
    folder, only, rule, complete_from, is_every_event, passes
):
    change(
        folder,
        flags("ssd_cp_reviews", rule, "cppr_cp_plan_id", 351),
        "insert into raw.drop_reach (la_code, extract_month, object, complete_from, is_every_event, has_teams) "
        f"values ('888', '{AUGUST}', 'ssd_cp_plans', {complete_from}, {is_every_event}, true)",
    )
    assert ("most_rows_are_sound" not in found_in(folder, "dq_issue", only)) is passes


def test_one_unknown_code_refuses_a_short_list_and_the_line_says_where_and_what_to_do(folder, only):
    change(
        folder,
        f"update raw.drop_file set rows_loaded = 30 where object = 'local_permanence_tracker' and {NO_MORE} true",
        flags("local_permanence_tracker", "code_outside_code_set", "plan", 1),
    )
    (line,) = gate(folder, only("dq_issue")).refusal_lines()
    assert "dq_issue/codes_known FAILED for 888 2019-08" in line
    assert "local_permanence_tracker.csv: plan has a value outside its code set in 1 of 30 rows" in line
    assert "rows, first in line 2" in line
    assert "Map the word in raw/reference/codes.csv" in line
    assert "--waive dq_issue/codes_known --reason TEXT" in line


@pytest.mark.parametrize(("rows", "passes"), [(4, True), (5, False)])
def test_a_short_file_of_codes_that_nobody_knows_is_refused(folder, only, rows, passes):
    change(
        folder,
        f"update raw.drop_file set rows_loaded = 20 where object = 'ssd_cin_plans' and {NO_MORE} true",
        flags("ssd_cin_plans", "code_outside_code_set", "cinp_cin_plan_team", rows),
    )
    assert ("codes_outside_their_set_extreme" not in found_in(folder, "dq_issue", only)) is passes


def test_an_unknown_code_of_last_month_is_not_new(folder, only):
    change(
        folder,
        "update raw.ssd_cla_placement set clap_cla_placement_type = 'Z9' where line_number < 37",
        *(
            flags("ssd_cla_placement", "code_outside_code_set", "clap_cla_placement_type", 35).replace(
                str(AUGUST), str(m)
            )
            for m in (JULY, AUGUST)
        ),
    )
    assert found_in(folder, "ssd_cla_placement", only) == {}


def test_a_code_is_told_by_its_name_and_a_value_outside_the_set_is_not(folder, only):
    change(
        folder,
        f"update raw.ssd_cla_placement set clap_cla_placement_type = 'Zebediah' where {NO_MORE} line_number < 102",
    )
    message = found_in(folder, "ssd_cla_placement", only)["mix_of_codes_moved_high"].message
    assert "clap_cla_placement_type 'no code of its set' 14.3 % of the placements, 0.0 % in 2019-07" in message
    assert "Zebediah" not in message


def test_a_column_that_was_empty_until_now_may_be_filled(folder, only):
    change(
        folder, f"update raw.ssd_cla_placement set clap_cla_placement_type = null where extract_month = '{JULY}'"
    )
    assert found_in(folder, "ssd_cla_placement", only) == {}


@pytest.mark.parametrize(
    ("numerators", "count", "verdicts"),
    [
        # a steady count: chance alone decides; 400 may move by three square roots of twice itself
        ([400] * 7, 480, []),
        ([400] * 7, 494, ["high"]),
        ([400] * 7, 658, ["high"]),
        ([400] * 7, 660, ["high", "extreme"]),
        ([400] * 7, 323, []),
        ([400] * 7, 250, ["high"]),
        # an unsteady one may move as it did
        ([400, 520, 410, 530, 400, 515, 400], 520, []),
        # one odd month in the past changes nothing
        ([400, 400, 900, 400, 400, 400, 400], 494, ["high"]),
        ([0, 1, 0, 0, 2, 0, 0], 3, []),
    ],
)
def test_a_figure_is_held_against_the_spread_of_its_own_changes(folder, only, numerators, count, verdicts):
    months = [dt.date(2019, month + 1, 1) - dt.timedelta(days=1) for month in range(1, 8)]
    change(
        folder,
        "delete from indicators.fct_indicator_value where indicator_id <> 'cla_started'",
        "delete from seeds.indicator_register where indicator_id <> 'cla_started'",
        "update indicators.fct_indicator_value set numerator = " + str(count) + f" where {NO_MORE} true",
        f"delete from indicators.fct_indicator_value where month = '{JULY}'",
        *(
            "insert into indicators.fct_indicator_value values ('cla_started', '888', 'authority', '888', "
            f"'{month}', '{month}', 'as_reported', {numerator}, null, {numerator}, 'number', null)"
            for month, numerator in zip(months, numerators, strict=True)
        ),
    )
    found = found_in(folder, "fct_indicator_value", only)
    assert sorted(found) == sorted(f"figures_near_their_history_{verdict}" for verdict in verdicts)


@pytest.mark.parametrize(("count", "verdicts"), [(150, []), (121, ["high"])])
def test_a_count_since_april_is_held_against_what_came_in_each_month(folder, only, count, verdicts):
    change(
        folder,
        "delete from indicators.fct_indicator_value where indicator_id <> 'cla_started'",
        "delete from seeds.indicator_register where indicator_id <> 'cla_started'",
        "update seeds.indicator_register set starts_again_in_april = true",
        f"update indicators.fct_indicator_value set numerator = {count} where {NO_MORE} true",
        f"delete from indicators.fct_indicator_value where month = '{JULY}'",
        *(
            "insert into indicators.fct_indicator_value values ('cla_started', '888', 'authority', '888', "
            f"'{month.end}', '{month.end}', 'as_reported', {numerator}, null, {numerator}, 'number', null)"
            for month, numerator in zip(
                months_between(Month(2019, 1), Month(2019, 7)), [300, 331, 360, 30, 61, 90, 120], strict=True
            )
        ),
    )
    found = found_in(folder, "fct_indicator_value", only)
    assert sorted(found) == sorted(f"figures_near_their_history_{verdict}" for verdict in verdicts)


def test_a_definition_that_changed_begins_a_new_history(folder, only):
    change(folder, *EARLIER_MONTHS)
    change(
        folder,
        "update indicators.fct_indicator_value set numerator = numerator / 2 "
        f"where indicator_id = 'cp_plans_repeat' and month < '{AUGUST}'",
    )
    only("fct_indicator_value")
    judged = {check.name: check.is_judged for check in gate(folder, "marts").checks}
    assert judged["figures_near_their_history_high"]
    change(
        folder,
        *(
            f"insert into reference.indicator_parameter values ('{indicator}', 'x', null, 1, '{AUGUST}')"
            for indicator in ("cp_plans_repeat", "cp_plans_repeat_12_months", "children_looked_after")
        ),
    )
    judged = {check.name: check.is_judged for check in gate(folder, "marts").checks}
    assert not judged["figures_near_their_history_high"]
    assert not judged["month_end_counts_near_last_month"]


def test_a_quiet_table_without_an_event_in_the_month_passes(folder, only):
    change(
        folder,
        "delete from raw.ssd_cp_plans where cast(cppl_person_id[2:] as integer) % 7 <> 0",
        f"delete from raw.ssd_cp_plans where cppl_cp_plan_start_date > '2019-08-01' and {NO_MORE} true",
        "delete from raw.drop_file where object = 'ssd_cp_plans'",
    )
    assert found_in(folder, "ssd_cp_plans", only) == {}


def test_late_work_may_pile_up_as_events_do(folder, only):
    change(
        folder,
        "insert into seeds.indicator_register values "
        "('cla_reviews_overdue', 'number', 'month_end', true, 'lower_is_better', false)",
        *(
            "insert into indicators.fct_indicator_value values "
            f"('cla_reviews_overdue', '888', '{area}', '888', '{month}', '{month}', 'as_reported', {count}, "
            f"null, {count}, 'number', null)"
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
        "cinp_cin_plan_start_date: 2019-07-29, expected after 2019-08-01 "
        "(none between 2019-07-30 and 2019-08-31) — A busy object has events every month."
    )


def test_a_warning_is_reported_and_does_not_refuse(folder, only, capfd):
    change(
        folder,
        f"update raw.drop_file set rows_loaded = 392, rows_rejected = 8 where {NO_MORE} object = 'ssd_person'",
    )
    lines = []
    result = gate(folder, only("drop_file"), lines=lines)
    assert not result.refuses
    assert "drop_file/rejected_rows_high WARNING for 888 2019-08" in lines[0]
    assert "FAILED" not in "".join(lines)
    assert "files with more than 1 % of their rows rejected: 8 of 700 rows of ssd_person.csv" in lines[0]
    assert lines[1] == "gate raw 2019-08: 5 checks, 4 passed, 1 warning"
    # the library shows its progress unless it is asked not to
    assert capfd.readouterr() == ("", "")


def test_only_the_loaded_attempt_of_a_month_is_judged(folder, only):
    change(
        folder,
        f"insert into raw.drop values ('888', '{AUGUST}', '2019-09-01 08:00:00+00', true, null, false, null, "
        "'ssd')",
        f"insert into raw.drop_file values ('888', '{AUGUST}', '2019-09-01 08:00:00+00', "
        "'ssd_person', 'ssd_person.csv', 'x', 700, 0, 700, 0, 0, 0, 0, 700)",
    )
    assert found_in(folder, "drop_file", only) == {}


def test_what_happens_to_one_authority_does_not_make_another_unfit(folder, only):
    change(
        folder,
        f"insert into raw.run (la_code, extract_month) values ('889', '{AUGUST}')",
        f"insert into raw.drop values ('889', '{AUGUST}', '2019-09-02 08:00:00+00', true, null, true, null, "
        "'ssd')",
        f"insert into raw.drop values ('889', '{JULY}', '2019-08-01 08:00:00+00', true, null, true, true, 'ssd')",
        "insert into raw.drop_file select * replace ('889' as la_code, timestamptz '2019-08-01 08:00:00+00' as "
        f"attempted_at) from raw.drop_file where object = 'ssd_person' and extract_month = '{JULY}'",
        f"insert into raw.ssd_person (pers_person_id, la_code, extract_month) values ('q1', '889', '{AUGUST}')",
    )
    result = gate(folder, only("ssd_person"))
    assert (result.la_codes, result.unfit_authorities) == (("888", "889"), ("889",))
    record_fitness(folder, MONTH, result)
    with duckdb.connect(str(folder.database)) as connection:
        fitness = connection.execute(
            f"select la_code, is_fit from raw.drop where extract_month = '{AUGUST}' order by la_code"
        ).fetchall()
    assert fitness == [("888", True), ("889", False)]


def own_check(**fields):
    """Leaves one suite with one check of its own, on ssd_person, as the fields say."""
    check = {
        "type": "expect_column_values_to_not_be_null",
        "kwargs": {"column": "pers_person_id"},
        "severity": "warning",
        "description": "people without an id",
        "notes": "a test",
        "meta": {"name": "own"},
    }
    suite = {"name": "ssd_person", "expectations": [check | fields], "meta": {"table": "raw.ssd_person"}}
    (suites.EXPECTATIONS / "raw" / "ssd_person.json").write_text(json.dumps(suite), encoding="utf-8")


def own_query(query):
    own_check(type="unexpected_rows_expectation", kwargs={"unexpected_rows_query": query})


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"kwargs": {"column": "pers_shoe_size"}}, "pers_shoe_size"),
        ({"type": "expect_miracles"}, "there is no expectation of type expect_miracles"),
        ({"kwargs": {}}, "cannot be built from its arguments"),
        ({"severity": "grave"}, "cannot be built from its arguments"),
        (
            {
                "type": "expect_table_row_count_to_be_between",
                "kwargs": {"min_value": {"$PARAMETER": "ssd_person_fewest_rosw"}},
            },
            "there is no parameter ssd_person_fewest_rosw",
        ),
        (
            {"kwargs": {"column": "pers_person_id", "mostly": {"$PARAMETER": "ssd_person_share"}}},
            "there is no parameter ssd_person_share",
        ),
    ],
)
def test_a_check_that_cannot_run_is_errored_and_refuses_even_as_a_warning(folder, only, fields, fault):
    only("ssd_person")
    own_check(**fields)
    result = gate(folder, "raw")
    assert (result.verdict, result.unfit_authorities) == ("errored", ("888",))
    (line,) = result.refusal_lines()
    assert "ERRORED for 888 2019-08: the check could not be run" in line
    assert fault in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("select no_such_column as percent from raw.ssd_person", "no_such_column"),
        ("select 1.0 as another_name", "percent"),
        ("selekt 1", "Parser Error"),
        ("select {shoe_size} as percent", "unknown placeholder {shoe_size}"),
        ("select {event_date} as percent", "unknown placeholder {event_date}"),
        ("select cast(pers_person_id as integer) as percent from raw.ssd_person", "it raised"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_errored_never_passed(folder, only, sql, fault):
    only("ssd_person")
    own_query("select 'x' as finding from compared.own where percent > 5 and exists (from {batch})")
    (suites.EXPECTATIONS / "raw" / "comparisons" / "own.sql").write_text(sql, encoding="utf-8")
    (line,) = gate(folder, "raw").refusal_lines()
    assert "ERRORED for 888 2019-08" in line
    assert fault in line
    assert "\n" not in line
    assert "p0" not in line


@pytest.mark.parametrize(
    ("sql", "query"),
    [
        ("selekt 1", "select 1 from compared.own where exists (from {batch})"),
        ("select 1", "select 1 from compared.another where exists (from {batch})"),
        ("select 1", "select pers_shoe_size from {batch}"),
        ("select 1", "selekt 1 from {batch}"),
    ],
)
def test_a_crash_stays_with_its_suite(folder, only, sql, query):
    stage = only("ssd_department")
    own_query(query)
    (suites.EXPECTATIONS / "raw" / "comparisons" / "own.sql").write_text(sql, encoding="utf-8")
    verdicts = {suite.name: suite.verdict for suite in gate(folder, stage).suites}
    assert verdicts == {"ssd_department": "passed", "ssd_person": "errored"}


def test_a_limit_that_cannot_be_computed_is_errored_for_its_suite_alone(folder, only):
    only("ssd_person")
    shutil.copy(EXPECTATIONS / "raw" / "ssd_cp_plans.json", suites.EXPECTATIONS / "raw")
    shutil.copy(EXPECTATIONS / "raw" / "ssd_cin_plans.json", suites.EXPECTATIONS / "raw")
    change(folder, "alter table raw.ssd_cin_plans rename cinp_cin_plan_start_date to another")
    result = gate(folder, "raw")
    errored = {check.full_name for check in result.checks if check.verdict == "errored"}
    assert {name.split("/")[0] for name in errored} == {"ssd_cin_plans"}
    assert "ssd_cin_plans/newest_date_in_month" in errored


def test_nothing_of_an_unexpected_row_leaves_but_its_finding(folder, only):
    only("ssd_person")
    change(folder, "update raw.ssd_person set pers_person_id = 'Zebediah' where pers_person_id = 'p7'")
    own_query("select *, '7 rows' as finding from {batch} where pers_person_id = 'Zebediah'")
    found = gate(folder, "raw")
    assert [check.message for check in found.checks] == ["people without an id: 7 rows"]
    own_query("select * from {batch} where pers_person_id = 'Zebediah'")
    unnamed = gate(folder, "raw")
    assert [check.message for check in unnamed.checks] == ["people without an id: 1"]
    assert "Zebediah" not in repr([found, unnamed])


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
    monkeypatch.setattr("pipelines.quality.gate.opened_gate", crash)
    result = gate(folder, stage)
    assert result.refusal_lines() == [
        "gate raw, ssd_person ERRORED in 2019-08: the suite could not be run: it raised RuntimeError"
    ]


@pytest.mark.parametrize("name", ["ssd_person", "ssd_person/row_count_near_last_drops", "all"])
def test_a_waived_check_does_not_refuse_and_what_it_found_is_listed(folder, only, name):
    change(folder, f"update raw.drop_file set rows_loaded = 1400 where extract_month = '{JULY}'")
    stage = only("ssd_person")
    lines = []
    result = gate(folder, stage, Waivers.of_run([name], "seen by hand"), lines)
    assert (result.verdict, result.refuses, result.unfit_authorities) == ("failed", False, ())
    assert lines[0].endswith("(waived)")
    (waived,) = result.to_manifest()["waived"]
    assert (waived["gate"], waived["name"], waived["reason"]) == ("raw", name, "seen by hand")
    assert len(waived["found"]) == 1
    assert "number of people: 700, expected from 1,186" in waived["found"][0]


def test_waiving_one_check_leaves_the_others_in_force(folder, only):
    change(folder, f"update raw.drop_file set rows_loaded = 1400 where extract_month = '{JULY}'")
    stage = only("ssd_person")
    assert gate(folder, stage, Waivers.of_run(["ssd_person/mix_of_codes_moved_high"], "seen")).refuses


def test_a_waiver_that_had_nothing_to_waive_says_so(folder, only):
    stage = only("ssd_person")
    (waived,) = gate(folder, stage, Waivers.of_run(["ssd_person"], "seen")).waived()
    assert waived["found"] == []


def test_an_errored_suite_can_be_waived(folder, only):
    stage = only("ssd_person")
    change(folder, "drop table raw.ssd_person")
    assert not gate(folder, stage, Waivers.of_run(["ssd_person"], "seen")).refuses


def test_passing_a_gate_keeps_what_was_found_and_the_fitness_of_the_drop(folder, only):
    run_gate(folder, only("ssd_person"), MONTH, NOBODY, [].append)
    (kept,) = month_findings(folder, MONTH).gates
    assert (kept["stage"], kept["extract_month"], kept["verdict"]) == ("raw", "2019-08", "passed")
    assert kept["suites"][0]["checks"][0]["name"] == "row_count_near_last_drops"
    with duckdb.connect(str(folder.database)) as connection:
        assert connection.execute(f"select is_fit from raw.drop where extract_month = '{AUGUST}'").fetchall() == [
            (True,)
        ]


def test_a_new_raw_gate_takes_away_what_was_found_in_the_marts_before(folder, only):
    stale = folder.findings / "2019-08" / "marts.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}", encoding="utf-8")
    run_gate(folder, only("ssd_person"), MONTH, NOBODY, [].append)
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
