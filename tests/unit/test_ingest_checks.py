"""What happens to a bad row: every rule, shown on rows made for it."""

import json

import pytest
from ingest_drops import ALLOCATION, PERSON, PLAN, TEAM, text, write

from pipelines.calendar import Month
from pipelines.contracts import contract, contracts
from pipelines.ingest.drops import find_drops
from pipelines.ingest.month_ingest import read_and_check
from pipelines.ingest.row_checks import check_drop
from pipelines.reading.file_reading import read_table
from pipelines.reading.reader import file_reader
from pipelines.reading.workbook_cells import NO_FORMULA_VALUE
from pipelines.settings import DataFolder, InputLimits

EXTRACT_DAY = Month.parse("2019-08").extract_day
WORKER = {"prof_professional_id": "W1"}
REVIEW = {"clar_cla_review_id": "1", "clar_cla_id": "C1"}


def check(rows, raw=None):
    """The checked files of a drop with these rows; `raw` gives the text of a file itself."""
    held = {"ssd_person": [PERSON], "ssd_department": [TEAM], "ssd_involvements": [ALLOCATION], **rows}
    texts = {name: text(name, one) for name, one in held.items()} | (raw or {})
    checked = check_drop(
        {name: read_table(f"{name}.csv", one.encode()) for name, one in texts.items()}, EXTRACT_DAY
    )
    for file in checked.values():
        assert file.rows_read == file.loaded.height + file.rejected.height
    return checked


def rejected(file):
    return file.rejected.select("line_number", "rule", "column_name").rows()


def issues(file):
    return file.issues.rows()


def plans(*changes):
    return [PLAN | {"cinp_cin_plan_id": f"P{number}"} | change for number, change in enumerate(changes, 1)]


@pytest.mark.parametrize("written", ["31/02/2019", "yesterday", "#N/A", "08/31/2019"])
def test_a_value_that_does_not_fit_its_type_rejects_the_row(written):
    file = check({"ssd_cin_plans": plans({"cinp_cin_plan_start_date": written})})["ssd_cin_plans"]
    assert rejected(file) == [(2, "value_does_not_fit_type", "cinp_cin_plan_start_date")]


@pytest.mark.parametrize("column", [column.name for column in contract("ssd_cin_plans").loaded_columns])
@pytest.mark.parametrize("error", ["#N/A", "#REF!", NO_FORMULA_VALUE])
def test_an_error_of_a_spreadsheet_is_a_blank_in_no_column(column, error):
    file = check({"ssd_cin_plans": plans({column: error}, {})})["ssd_cin_plans"]
    assert rejected(file) == [(2, "value_does_not_fit_type", column)]


@pytest.mark.parametrize("key", ["", " ", "-1", "NULL", "SSD_PH"])
def test_a_row_without_its_key_is_rejected(key):
    file = check({"ssd_cin_plans": plans({"cinp_cin_plan_id": key})})["ssd_cin_plans"]
    assert rejected(file) == [(2, "primary_key_missing", "cinp_cin_plan_id")]


def test_of_identical_rows_the_first_stays():
    file = check({"ssd_cin_plans": [PLAN, PLAN | {"cinp_cin_plan_id": " P1 "}, PLAN]})["ssd_cin_plans"]
    assert file.loaded["line_number"].to_list() == [2]
    assert rejected(file) == [
        (3, "primary_key_duplicated", "cinp_cin_plan_id"),
        (4, "primary_key_duplicated", "cinp_cin_plan_id"),
    ]


def test_of_different_rows_with_one_key_none_stays_not_even_two_that_are_alike():
    other = PLAN | {"cinp_cin_plan_start_date": "2019-02-01"}
    file = check({"ssd_cin_plans": [PLAN, other, PLAN, PLAN | {"cinp_cin_plan_id": "P2"}]})["ssd_cin_plans"]
    assert file.loaded["cinp_cin_plan_id"].to_list() == ["P2"]
    assert [line for line, _, _ in rejected(file)] == [2, 3, 4]


def test_the_same_day_written_in_two_forms_makes_rows_differ():
    other = PLAN | {"cinp_cin_plan_start_date": "01/01/2019"}
    assert check({"ssd_cin_plans": [PLAN, other]})["ssd_cin_plans"].loaded.is_empty()


def test_a_column_that_is_not_loaded_makes_no_row_another_one():
    persons = [PERSON | {"pers_forename": "A", "pers_upn_unknown": "1"}, PERSON | {"pers_forename": "B"}]
    assert check({"ssd_person": persons})["ssd_person"].loaded["line_number"].to_list() == [2]
    raw = (
        "clah_health_check_id,clah_person_id,clah_health_check_type,note\nH1,1,x,a\nH1,1,x,b\nH2,1,x,a\nH2,1,y,a\n"
    )
    file = check({}, {"ssd_cla_health": raw})["ssd_cla_health"]
    assert file.loaded["line_number"].to_list() == [2]


BAD_DATE = {"cinp_cin_plan_start_date": "31/02/2019"}
BACKWARDS = {"cinp_cin_plan_end_date": "2018-12-31"}
STRANGER = {"cinp_person_id": "9"}
REJECTED_PERSON = {"cinp_person_id": "2"}
OTHER = {"cinp_cin_plan_start_date": "2019-02-01"}


@pytest.mark.parametrize(
    ("changes", "loaded", "rules"),
    [
        # a faulty row does not take a good one with its key along, whatever its fault and whichever comes first
        ([{}, BAD_DATE], [2], {3: "value_does_not_fit_type"}),
        ([BAD_DATE, {}], [3], {2: "value_does_not_fit_type"}),
        ([{}, STRANGER], [2], {3: "person_not_in_ssd_person"}),
        ([{}, REJECTED_PERSON], [2], {3: "person_not_in_ssd_person"}),
        ([{}, BACKWARDS], [2], {3: "end_before_start"}),
        # both faulty: each for its own fault, none for the key
        ([BAD_DATE, STRANGER], [], {2: "value_does_not_fit_type", 3: "person_not_in_ssd_person"}),
        ([BACKWARDS, BACKWARDS], [], {2: "end_before_start", 3: "end_before_start"}),
        # three rows: what is left without the faulty one is judged
        ([{}, BAD_DATE, {}], [2], {3: "value_does_not_fit_type", 4: "primary_key_duplicated"}),
        (
            [{}, STRANGER, OTHER],
            [],
            {2: "primary_key_duplicated", 3: "person_not_in_ssd_person", 4: "primary_key_duplicated"},
        ),
        ([BAD_DATE, STRANGER, {}], [4], {2: "value_does_not_fit_type", 3: "person_not_in_ssd_person"}),
        # identical rows: the first good one stays
        ([{}, {}, {}], [2], {3: "primary_key_duplicated", 4: "primary_key_duplicated"}),
        ([BACKWARDS, {}, {}], [3], {2: "end_before_start", 4: "primary_key_duplicated"}),
        ([{}, OTHER], [], {2: "primary_key_duplicated", 3: "primary_key_duplicated"}),
    ],
)  # fmt: skip
def test_a_row_rejected_for_another_reason_does_not_count_when_a_key_occurs_twice(changes, loaded, rules):
    persons = [PERSON, PERSON | {"pers_person_id": "2", "pers_dob": "31/02/2010"}]
    file = check({"ssd_person": persons, "ssd_cin_plans": [PLAN | change for change in changes]})["ssd_cin_plans"]
    assert file.loaded["line_number"].to_list() == loaded
    assert {line: rule for line, rule, _ in rejected(file)} == rules


def test_a_faulty_row_of_a_person_leaves_the_good_one_and_the_persons_rows():
    persons = [PERSON, PERSON | {"pers_dob": "31/02/2010"}]
    checked = check({"ssd_person": persons, "ssd_cin_plans": plans({})})
    assert rejected(checked["ssd_person"]) == [(3, "value_does_not_fit_type", "pers_dob")]
    assert rejected(checked["ssd_cin_plans"]) == rejected(checked["ssd_involvements"]) == []


def test_a_person_rejected_for_its_key_takes_rows_along_that_then_do_not_count_for_theirs():
    persons = [
        PERSON,
        PERSON | {"pers_person_id": "2"},
        PERSON | {"pers_person_id": "2", "pers_dob": "2011-01-01"},
    ]
    rows = [PLAN, PLAN | {"cinp_person_id": "2"}, PLAN | {"cinp_cin_plan_id": "P2", "cinp_person_id": "2"}]
    checked = check({"ssd_person": persons, "ssd_cin_plans": rows})
    assert [line for line, _, _ in rejected(checked["ssd_person"])] == [3, 4]
    assert checked["ssd_cin_plans"].loaded["line_number"].to_list() == [2]
    assert {rule for _, rule, _ in rejected(checked["ssd_cin_plans"])} == {"person_not_in_ssd_person"}


def test_a_row_of_another_width_does_not_bear_its_key():
    raw = "clah_health_check_id,clah_person_id\nH1,1\nH1,1,more\n"
    assert check({}, {"ssd_cla_health": raw})["ssd_cla_health"].loaded["line_number"].to_list() == [2]


def test_a_key_of_two_parts_is_judged_as_a_whole():
    one = {"prep_table_id": "A", "prep_plo_family_id": "F1", "prep_person_id": "1"}
    rows = [one, one | {"prep_plo_family_id": "F2"}, one | {"prep_plo_family_id": ""}, one]
    file = check({"ssd_pre_proceedings": rows})["ssd_pre_proceedings"]
    assert file.loaded["line_number"].to_list() == [2, 3]
    assert rejected(file) == [
        (4, "primary_key_missing", "prep_plo_family_id"),
        (5, "primary_key_duplicated", "prep_table_id, prep_plo_family_id"),
    ]


def test_an_object_without_a_key_has_no_key_rule():
    rows = [{"clai_person_id": "1"}, {"clai_person_id": "1"}]
    assert check({"ssd_cla_immunisations": rows})["ssd_cla_immunisations"].loaded.height == 2


@pytest.mark.parametrize("person", ["2", "", "-1", "01"])
def test_a_person_who_is_not_in_ssd_person_takes_no_rows_in(person):
    file = check({"ssd_cin_plans": plans({"cinp_person_id": person}, {})})["ssd_cin_plans"]
    assert rejected(file) == [(2, "person_not_in_ssd_person", "cinp_person_id")]
    assert file.loaded["cinp_cin_plan_id"].to_list() == ["P2"]


def test_a_rejected_person_takes_their_rows_along():
    persons = [PERSON | {"pers_dob": "31/02/2010"}, PERSON | {"pers_person_id": "2"}]
    rows = plans({"cinp_person_id": "1"}, {"cinp_person_id": "2"})
    checked = check({"ssd_person": persons, "ssd_cin_plans": rows})
    assert rejected(checked["ssd_cin_plans"]) == [(2, "person_not_in_ssd_person", "cinp_person_id")]
    assert rejected(checked["ssd_involvements"]) == [(2, "person_not_in_ssd_person", "invo_person_id")]


@pytest.mark.parametrize(
    ("start", "end", "is_rejected"),
    [
        ("2019-03-02", "2019-03-01", True),
        ("02/03/2019", "2019-03-01 23:00:00", True),
        ("2019-03-01 12:00:00", "2019-03-01 08:00:00", False),
        ("2019-03-01", "2019-03-01", False),
        ("2019-03-01", "1900-01-01", False),
        ("2019-03-01", "", False),
        ("", "2019-03-01", False),
    ],
)
def test_an_end_before_its_start_is_a_matter_of_days(start, end, is_rejected):
    row = {"cinp_cin_plan_start_date": start, "cinp_cin_plan_end_date": end}
    file = check({"ssd_cin_plans": plans(row)})["ssd_cin_plans"]
    assert rejected(file) == ([(2, "end_before_start", "cinp_cin_plan_end_date")] if is_rejected else [])


@pytest.mark.parametrize(
    "name", sorted(name for name, one in contracts().items() if one.period and name != "ssd_involvements")
)
def test_every_object_with_a_period_is_asked_for_it(name):
    one = contract(name)
    start, end = one.period
    row = {**dict.fromkeys(one.key, "1"), one.person: "1", start: "2019-03-02", end: "2019-03-01"}
    file = check({name: [row]})[name]
    assert rejected(file) == [(2, "end_before_start", end)]


def test_a_row_with_several_faults_is_rejected_once_by_the_first_rule():
    row = {"cinp_cin_plan_id": "", "cinp_person_id": "9", "cinp_cin_plan_end_date": "2018-01-01"}
    assert rejected(check({"ssd_cin_plans": plans(row)})["ssd_cin_plans"]) == [
        (2, "primary_key_missing", "cinp_cin_plan_id")
    ]


def test_a_rejected_row_is_shown_as_it_was_with_its_own_header():
    raw = "Clah_Health_Check_ID;clah_person_id; note\n 7 ;9;Zoë\n8;1\n"
    file = check({}, {"ssd_cla_health": raw})["ssd_cla_health"]
    assert rejected(file) == [
        (2, "person_not_in_ssd_person", "clah_person_id"),
        (3, "wrong_number_of_fields", None),
    ]
    first, second = (json.loads(row) for row in file.rejected["raw_row"])
    assert first == {"Clah_Health_Check_ID": " 7 ", "clah_person_id": "9", " note": "Zoë"}
    assert second == {"Clah_Health_Check_ID": "8", "clah_person_id": "1"}


@pytest.mark.parametrize(
    ("name", "row", "column", "good", "bad"),
    [
        (
            "ssd_legal_status",
            {"lega_legal_status_id": "1", "lega_person_id": "1"},
            "lega_legal_status",
            ["C2", "v4", "interim care order  sec 38 (1)", "WARDSHIP", "Private fostering", ""],
            ["C9", "care"],
        ),
        (
            "ssd_cp_plans",
            {"cppl_cp_plan_id": "1", "cppl_person_id": "1"},
            "cppl_cp_plan_latest_category",
            ["NEG", "Neglect", "Multiple: Neglect and Physical abuse", " EMO "],
            ["NEGL", "neg", "Other: Neglect"],
        ),
        (
            "ssd_cla_placement",
            {"clap_cla_placement_id": "1", "clap_person_id": "1"},
            "clap_cla_placement_type",
            ["U4", "T0", "Z11"],
            ["u4", "U7", "XX"],
        ),
        (
            "ssd_care_leavers",
            {"clea_table_id": "1", "clea_person_id": "1"},
            "clea_care_leaver_in_touch",
            ["YES", "NO", "RHOM"],
            ["Y", "true"],
        ),
    ],
)  # fmt: skip
def test_a_code_outside_its_set_is_loaded_and_flagged(name, row, column, good, bad):
    for value in good:
        assert issues(check({name: [row | {column: value}]})[name]) == []
    for value in bad:
        file = check({name: [row | {column: value}]})[name]
        assert file.loaded.height == 1
        assert issues(file) == [(2, "code_outside_code_set", column)]


def test_a_date_after_the_extract_day_is_flagged_unless_it_may_be():
    rows = plans({"cinp_cin_plan_start_date": "2019-09-02"}, {"cinp_cin_plan_start_date": "2019-09-03"})
    file = check({"ssd_cin_plans": rows})["ssd_cin_plans"]
    assert (3, "date_in_future", "cinp_cin_plan_start_date") in issues(file)
    assert not [line for line, rule, _ in issues(file) if rule == "date_in_future" and line == 2]
    person = PERSON | {"pers_expected_dob": "2019-12-24"}
    assert issues(check({"ssd_person": [person]})["ssd_person"]) == []


@pytest.mark.parametrize(
    ("name", "row", "column", "good", "bad"),
    [
        (
            "ssd_person", PERSON, "pers_expected_dob",
            ["", "1900-01-01", "1900-01-02", "2049-08-31"],
            ["0001-01-01", "1753-01-01", "1899-12-31", "2049-09-01", "31/12/9999"],
        ),
        ("ssd_cla_reviews", REVIEW, "clar_cla_review_due_date", ["2049-08-31"], ["2049-09-01", "9999-12-31"]),
        (
            "ssd_professionals", WORKER, "prof_professional_caseload",
            ["", "0", "-0", "1000000000"], ["-1", "1000000001", "-9223372036854775808"],
        ),
        ("ssd_professionals", WORKER, "prof_full_time_equivalency", ["0.5"], ["-0.1", "9" * 300]),
    ],
)  # fmt: skip
def test_a_date_or_number_that_cannot_be_is_loaded_and_flagged(name, row, column, good, bad):
    for value in (*good, *bad):
        file = check({name: [row | {column: value}]})[name]
        assert file.loaded.height == 1
        assert ((2, "value_not_believable", column) in issues(file)) == (value in bad)


@pytest.mark.parametrize("written", ["9999-12-31", "31/12/9999", "9999-12-31 23:59:59"])
def test_the_last_day_of_all_ends_no_period(written):
    file = check({"ssd_cin_plans": plans({"cinp_cin_plan_end_date": written})})["ssd_cin_plans"]
    assert file.loaded["cinp_cin_plan_end_date"].to_list() == [None]
    assert issues(file) == []
    started = check({"ssd_cin_plans": plans({"cinp_cin_plan_start_date": written})})["ssd_cin_plans"]
    assert [rule for _, rule, _ in issues(started)] == ["date_in_future", "value_not_believable"]


@pytest.mark.parametrize(
    "written", ["1753-01-01", "0001-01-01T00:00:00", "30/12/1899", "1899-12-31", "1900-01-01"]
)
def test_the_day_that_a_program_counts_from_ends_no_period(written):
    file = check({"ssd_cin_plans": plans({"cinp_cin_plan_end_date": written})})["ssd_cin_plans"]
    assert file.loaded["cinp_cin_plan_end_date"].to_list() == [None]
    assert issues(file) == []


@pytest.mark.parametrize(
    ("birth", "expected", "is_flagged"),
    [("2010-05-01", "", False), ("", "2019-12-24", False), ("", "", True), ("1900-01-01", "", True)],
)
def test_an_unknown_date_of_birth_is_flagged_but_not_of_a_child_not_yet_born(birth, expected, is_flagged):
    file = check({"ssd_person": [PERSON | {"pers_dob": birth, "pers_expected_dob": expected}]})["ssd_person"]
    assert file.loaded.height == 1
    assert issues(file) == ([(2, "value_missing", "pers_dob")] if is_flagged else [])


def test_a_link_to_nothing_is_flagged_where_its_object_is_in_the_drop():
    rows = plans({"cinp_cin_plan_team": "T1"}, {"cinp_cin_plan_team": "T9"}, {"cinp_referral_id": "R1"})
    found = issues(check({"ssd_cin_plans": rows})["ssd_cin_plans"])
    assert [found for found in found if found[1] == "orphaned_link"] == [
        (3, "orphaned_link", "cinp_cin_plan_team")
    ]


def test_a_link_to_a_rejected_row_is_a_link_to_nothing():
    referral = {"cine_referral_id": "R1", "cine_person_id": "9"}
    checked = check({"ssd_cin_episodes": [referral], "ssd_cin_plans": plans({"cinp_referral_id": "R1"})})
    assert issues(checked["ssd_cin_plans"]) == [(2, "orphaned_link", "cinp_referral_id")]


def test_a_review_of_no_episode_is_flagged_not_rejected():
    rows = {
        "ssd_cla_episodes": [{"clae_cla_episode_id": "E1", "clae_person_id": "1", "clae_cla_id": "C1"}],
        "ssd_cla_reviews": [
            {"clar_cla_review_id": str(n), "clar_cla_id": cla} for n, cla in enumerate(["C1", "C2", ""])
        ],
    }
    file = check(rows)["ssd_cla_reviews"]
    assert file.loaded.height == 3
    assert issues(file) == [(3, "orphaned_link", "clar_cla_id")]


@pytest.mark.parametrize(
    ("first", "second", "is_flagged"),
    [
        (("2019-01-01", ""), ("2019-02-01", ""), True),
        (("2019-01-01", "2019-02-02"), ("2019-02-01", "2019-03-01"), True),
        (("2019-01-01", "2019-02-01"), ("2019-02-01", ""), False),
        (("2019-02-01", ""), ("2019-01-01", "2019-02-01"), False),
        (("2019-01-01", ""), ("", ""), False),
    ],
)
def test_periods_of_one_person_that_overlap_are_flagged(first, second, is_flagged):
    rows = plans(
        *({"cinp_cin_plan_start_date": start, "cinp_cin_plan_end_date": end} for start, end in (first, second))
    )
    file = check({"ssd_cin_plans": rows})["ssd_cin_plans"]
    assert file.loaded.height == 2
    assert issues(file) == ([(3, "overlapping_period", "cinp_cin_plan_start_date")] if is_flagged else [])


def test_a_long_period_overlaps_also_what_comes_after_a_short_one():
    days = [("2019-01-01", "2019-06-01"), ("2019-02-01", "2019-02-02"), ("2019-03-01", "2019-04-01")]
    rows = plans(*({"cinp_cin_plan_start_date": start, "cinp_cin_plan_end_date": end} for start, end in days))
    assert [line for line, _, _ in issues(check({"ssd_cin_plans": rows})["ssd_cin_plans"])] == [3, 4]


def test_both_rows_of_a_care_leaver_with_two_are_flagged():
    people = {"ssd_person": [PERSON, PERSON | {"pers_person_id": "2"}]}
    rows = [{"clea_table_id": str(n), "clea_person_id": person} for n, person in enumerate("121", 1)]
    file = check(people | {"ssd_care_leavers": rows})["ssd_care_leavers"]
    assert file.loaded.height == 3
    flagged = [line for line, rule, _ in issues(file) if rule == "several_rows_of_person"]
    assert flagged == [2, 4]


def test_an_episode_without_a_period_of_care_is_flagged():
    episodes = [
        {"clae_cla_episode_id": f"E{n}", "clae_person_id": "1", "clae_cla_id": period}
        for n, period in enumerate(["C1", "", "-1"], 1)
    ]
    file = check({"ssd_cla_episodes": episodes})["ssd_cla_episodes"]
    assert file.loaded.height == 3
    assert issues(file) == [(3, "value_missing", "clae_cla_id"), (4, "value_missing", "clae_cla_id")]


def test_two_people_do_not_overlap():
    people = {"ssd_person": [PERSON, PERSON | {"pers_person_id": "2"}]}
    rows = plans({}, {"cinp_person_id": "2"})
    assert issues(check(people | {"ssd_cin_plans": rows})["ssd_cin_plans"]) == []


def test_the_day_of_the_drop_is_what_makes_a_date_future(tmp_path):
    folder = DataFolder(tmp_path)
    write(folder, {"ssd_cin_plans": plans({"cinp_cin_plan_start_date": "2019-09-03"})})
    (drop,) = find_drops(folder, Month.parse("2019-08"))
    with file_reader(folder, InputLimits()) as reader:
        assert len(read_and_check(reader, folder.lcs, drop, {}).files["ssd_cin_plans"].issues) == 1
