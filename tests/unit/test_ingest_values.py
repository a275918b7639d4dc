"""How the values of a column are read, in the forms in which exporters and spreadsheets write them."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts import ContractColumn, contract
from pipelines.ingest.drop_results import Issue
from pipelines.ingest.values import read_column, shape, trimmed
from pipelines.reading.workbook_cells import NO_FORMULA_VALUE

EXTRACT_DAY = dt.date(2019, 9, 2)
START = contract("ssd_cin_plans").column("cinp_cin_plan_start_date")
BIRTH = contract("ssd_person").column("pers_dob")
DUE = contract("ssd_cla_reviews").column("clar_cla_review_due_date")
CASELOAD = contract("ssd_professionals").column("prof_professional_caseload")
DISTANCE = contract("ssd_cla_placement").column("clap_cla_placement_distance")
ID = contract("ssd_cin_plans").column("cinp_cin_plan_id")
OLA = contract("ssd_cp_plans").column("cppl_cp_plan_ola")
SUITABLE = contract("ssd_care_leavers").column("clea_care_leaver_accom_suitable")
INTERVIEW = contract("ssd_missing").column("miss_missing_rhi_offered")
DISABILITY = contract("ssd_disability").column("disa_disability_code")
REASON = contract("ssd_sdq_scores").column("csdq_sdq_reason")
TEAM_NAME = contract("ssd_department").column("dept_team_name")
PROVIDER = contract("ssd_cla_placement").column("clap_cla_placement_provider")
ROLE = contract("ssd_involvements").column("invo_professional_role_id")
STATUS = contract("ssd_immigration_status").column("immi_immigration_status")
MISSING = contract("ssd_missing").column("miss_missing_episode_type")
CHECK = contract("ssd_cla_health").column("clah_health_check_type")
MOMENT = ContractColumn(name="received_at", type="datetime", meaning="Day and time")
PERMANENCE = contract("ssd_cla_care_plan").column("lacp_cla_care_plan_json")
MISFIT, DOUBT = "misfit", "doubt"


def read(column, *texts):
    """What is read of a column: a value per text, `misfit` for one that does not fit, `doubt` for the whole."""
    frame = pl.DataFrame({column.name: texts}, schema={column.name: pl.String}).select(trimmed(column))
    found = read_column(frame[column.name], column, EXTRACT_DAY)
    if found.doubt:
        return DOUBT
    wrong = found.misfits if found.misfits is not None else pl.repeat(False, len(texts), eager=True)
    return [MISFIT if is_wrong else value for value, is_wrong in zip(found.values, wrong, strict=True)]


def days(column, *texts):
    found = read(column, *texts)
    return found if found == DOUBT else [str(day) if isinstance(day, dt.date) else day for day in found]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019-03-05", "2019-03-05"),
        (" 2019-03-05 ", "2019-03-05"),
        ("2019-03-05 23:59:59", "2019-03-05"),
        ("2019-03-05 00:00:00.123456789", "2019-03-05"),
        ("2016-02-29", "2016-02-29"),
        ("05/03/2019", "2019-03-05"),
        # Excel's csv and its cells
        ("02/11/2015 00:00", "2015-11-02"),
        ("02/11/2015 00:00:00", "2015-11-02"),
        ("02/11/2015 9:05", "2015-11-02"),
        ("41559", "2013-10-12"),
        ("41559.75", "2013-10-12"),
        ("41559.0", "2013-10-12"),
        ("2958465", "9999-12-31"),
        # SQL Server
        ("2019-08-31 00:00", "2019-08-31"),
        ("2019-08-31T00:00:00", "2019-08-31"),
        ("2019-08-31T00:00:00.0000000", "2019-08-31"),
        ("Aug 31 2019 12:00AM", "2019-08-31"),
        ("Aug  1 2019 12:00AM", "2019-08-01"),
        ("Aug 31 2019 12:00:00:000AM", "2019-08-31"),
        # Oracle
        ("31-AUG-19 00.00.00", "2019-08-31"),
        ("31-AUG-19 12.00.00.000000000 AM", "2019-08-31"),
        # moments in a zone: the day of England's clocks
        ("2019-08-31T00:00:00Z", "2019-08-31"),
        ("2019-08-30T23:00:00Z", "2019-08-31"),
        ("2019-01-30T23:00:00.000Z", "2019-01-30"),
        ("2019-08-31T00:00:00+01:00", "2019-08-31"),
        ("2019-08-30 23:00:00+00", "2019-08-31"),
        ("2019-08-30 23:00:00 UTC", "2019-08-31"),
        ("2019-08-30T23:00", "2019-08-30"),
        ("1753-01-01T00:00:00Z", "1753-01-01"),
        ("0001-01-01T00:00:00+00:00", "0001-01-01"),
        ("9999-12-31T23:59:59Z", "9999-12-31"),
        ("2019-08-31 00:00:00 +01:00", "2019-08-31"),
        # others
        ("31-Aug-2019", "2019-08-31"),
        ("31-AUG-19", "2019-08-31"),
        ("31 August 2019", "2019-08-31"),
        ("1 Sept 2019", "2019-09-01"),
        ("August 31, 2019", "2019-08-31"),
        ("31/Aug/2019 00:00", "2019-08-31"),
        ("Saturday, 31 August 2019", "2019-08-31"),
        ("Sat 31st Aug 2019", "2019-08-31"),
        ('="31/08/2019"', "2019-08-31"),
        ("'31/08/2019", "2019-08-31"),
        ("31.08.2019", "2019-08-31"),
        ("05.03.2019", "2019-03-05"),
        ("5.3.2019", "2019-03-05"),
        ("20190831", "2019-08-31"),
        ("20190831.0", "2019-08-31"),
        ("20190831235959", "2019-08-31"),
        ("201908310000", "2019-08-31"),
        ("2019/08/31", "2019-08-31"),
        ("2019-3-5", "2019-03-05"),
        ("31/08/19", "2019-08-31"),
        ("31/8/2019", "2019-08-31"),
        ("31-08-2019", "2019-08-31"),
        # none
        ("1900-01-01", None),
        ("1900-01-01 00:00:00.000", None),
        ("01/01/1900", None),
        ("01/01/1900 00:00", None),
        ("1", None),
        ("", None),
        ("  ", None),
        ("NULL", None),
        ("N/A", None),
        ("NaT", None),
        ("SSD_PH", None),
        ("-1", None),
        ("[NULL]", None),
        ("(blank)", None),
        ('=""', None),
    ],
)
def test_a_date_is_read_in_every_form_that_leaves_nothing_open(written, day):
    assert days(START, written) == [day]


@pytest.mark.parametrize(
    "written",
    [
        "31/02/2019",
        "2019-02-29",
        "2019-13-01",
        "2019-08-31 24:00:00",
        "2019-08-31 10:60",
        "2019-08-31 10:00:00.1234567890",
        "20190231",
        "20190831240000",
        "20190831.5",
        "31001231",
        "31-Foo-2019",
        "Aug 32 2019",
        "0000-01-01",
        "yesterday",
        "٢٠١٩-03-05",
        "00/01/1900",
        "0",
        "12",
        "1999",
        "99999",
        "08/31/2019",
        "4/30/2020 13:42",
        "#N/A",
        "#REF!",
        "#N/A N/A",
        "Err:502",
        "Foo 31 Aug 2019",
        # a zone beside a form that is read without one
        "30-AUG-19 11.00.00 PM +00:00",
        "30/08/2019 23:00:00Z",
        "########",
        "#Error",
        "#MULTIVALUE",
        NO_FORMULA_VALUE,
    ],
)
def test_what_is_no_date_does_not_fit_and_is_never_none(written):
    assert days(START, written) == [MISFIT]


def test_forms_of_dates_may_be_mixed_in_one_column():
    assert days(START, "2019-03-05", "05/03/2019", "05-Mar-2019", "43529", None, "2019-03-05 07:00:00") == [
        *["2019-03-05"] * 4,
        None,
        "2019-03-05",
    ]


@pytest.mark.parametrize(
    "texts",
    [
        # American in half of its rows
        ["08/31/2019", "09/08/2019"],
        ["8/31/2019 0:00", "9/8/2019 0:00"],
        [*(f"{day:02}/03/2019" for day in range(1, 32)), "08/31/2019", "09/30/2018"],
        ["08-31-2019", "09-08-2019"],
        # nothing shows what comes first
        ["5/3/2019"],
        ["05-03-2019", "06-03-2019"],
        ["05/03/19"],
        ["1/2/00"],
        ["19/08/31", "18/08/30"],
        # a day that there is not in a column whose dates begin with the year
        ["19/08/31", "19/08/00"],
        ["31.08.2019", "05.03.19", "06.03.19"],
    ],
)
def test_a_column_in_which_day_and_month_or_year_can_be_swapped_is_in_doubt_as_a_whole(texts):
    assert days(START, *texts) == DOUBT


@pytest.mark.parametrize(
    ("texts", "read_as"),
    [
        (["31/8/2019", "5/3/2019"], ["2019-08-31", "2019-03-05"]),
        (["31-08-2019", "05-03-2019"], ["2019-08-31", "2019-03-05"]),
        (["31/08/19", "05/03/19", "01/02/99"], ["2019-08-31", "2019-03-05", "1999-02-01"]),
        (["31/8/19", "1/1/00", "2/1/00"], ["2019-08-31", "2000-01-01", "2000-01-02"]),
        # no day is 0, so the year comes last; day and month are the same
        (["2019-03-05", "1/1/00"], ["2019-03-05", "2000-01-01"]),
        # both ways are the same day
        (["5/5/2019"], ["2019-05-05"]),
        # a single typing error among many dates
        (
            [*(f"{day:02}/{month:02}/2019" for day in range(13, 29) for month in range(1, 13)), "02/13/2019"],
            [*(f"2019-{month:02}-{day:02}" for day in range(13, 29) for month in range(1, 13)), MISFIT],
        ),
        # a few rows of another form are not read, and the others are
        (
            ["2019-03-05"] * 200 + ["5/3/2019"],
            ["2019-03-05"] * 200 + [MISFIT],
        ),
    ],
)
def test_a_column_that_shows_what_comes_first_is_read(texts, read_as):
    assert days(START, *texts) == read_as


@pytest.mark.parametrize(
    ("column", "written", "day"),
    [
        (BIRTH, "31/08/19", "2019-08-31"),
        (BIRTH, "31/08/20", "1920-08-31"),
        (BIRTH, "31-Aug-05", "2005-08-31"),
        (DUE, "31/08/20", "2020-08-31"),
        (START, "31/08/99", "1999-08-31"),
    ],
)
def test_a_year_of_two_digits_is_the_last_one_that_can_be(column, written, day):
    assert days(column, written) == [day]


def test_hundreds_of_dates_without_one_after_the_12th_are_in_doubt():
    texts = [f"2019-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 13)] * 2
    assert days(BIRTH, *texts) == DOUBT
    assert days(BIRTH, *texts[:100]) != DOUBT
    assert days(BIRTH, *texts, "2019-01-13") != DOUBT
    assert days(BIRTH, *["2019-01-01", "2019-02-01"] * 200) != DOUBT


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        (CASELOAD, "12", 12),
        (CASELOAD, "-3", -3),
        (CASELOAD, "+3", 3),
        (CASELOAD, "12.0", 12),
        (CASELOAD, "1,012", 1012),
        (CASELOAD, "12.5", MISFIT),
        (CASELOAD, "1O", MISFIT),
        (CASELOAD, "99999999999999999999", MISFIT),
        (DISTANCE, "0.5", 0.5),
        (DISTANCE, ".5", 0.5),
        (DISTANCE, "-1", -1.0),
        (DISTANCE, "1,018.2", 1018.2),
        (DISTANCE, "1,018", 1018.0),
        (DISTANCE, "1,234,567.25", 1234567.25),
        (DISTANCE, "1 018.2", 1018.2),
        (DISTANCE, "1\u00a0018.2", 1018.2),
        (DISTANCE, "0,5", MISFIT),
        (DISTANCE, "0,500", MISFIT),
        (DISTANCE, "1,01", MISFIT),
        (DISTANCE, "10,18.2", MISFIT),
        (DISTANCE, "1.018,2", MISFIT),
        (DISTANCE, "1e3", MISFIT),
        (DISTANCE, "inf", MISFIT),
        (DISTANCE, "9" * 400, MISFIT),
        (DISTANCE, "-" + "9" * 400, MISFIT),
        (DISTANCE, "#DIV/0!", MISFIT),
        (DISTANCE, NO_FORMULA_VALUE, MISFIT),
        (DISTANCE, "", None),
        (DISTANCE, "NULL", None),
        (DISTANCE, "nan", None),
        (DISTANCE, "SSD_PH", None),
        (DISTANCE, "N/A", None),
    ],
)
def test_a_number_is_digits_with_or_without_a_separator_of_thousands(column, written, value):
    assert read(column, written) == [value]


def test_a_comma_that_is_a_decimal_sign_elsewhere_leaves_thousands_in_doubt():
    assert read(DISTANCE, "1,018", "12,75") == DOUBT
    assert read(DISTANCE, "1,018", "12.75") == [1018.0, 12.75]


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        (["007", " 8 "], ["007", "8"]),
        (["-1", "NULL", "SSD_PH", "N/A", "", "None"], [None] * 6),
        (["1206933.0", "1206934.0", None], ["1206933", "1206934", None]),
        (["1206933.0", "1206934"], ["1206933.0", "1206934"]),
        (['="0530"', '="0531"'], ["0530", "0531"]),
        (["'0530", "'0531"], ["0530", "0531"]),
        (["'0530", "0531"], ["'0530", "0531"]),
        (["Err:508", "12"], [MISFIT, "12"]),
        (["P1.0", "7"], ["P1.0", "7"]),
        (["1.20693E+06", "12E5"], [MISFIT, "12E5"]),
        (["#N/A", "#12", "#REF!", "####"], [MISFIT, "#12", MISFIT, MISFIT]),
    ],
)
def test_ids_are_text_but_for_what_a_spreadsheet_or_a_data_frame_made_of_them(texts, ids):
    assert read(ID, *texts) == ids


def test_minus_one_beside_nothing_but_0_may_be_yes():
    assert read(OLA, "-1", "0", None, "0") == DOUBT
    assert read(OLA, "-1", "0", "Y") == [None, "N", "Y"]
    assert read(OLA, "-1", None, "-1") == [None, None, None]
    assert read(SUITABLE, "-1", "0", None) == [None, "0", None]


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        (OLA, "TRUE", "Y"),
        (OLA, "False", "N"),
        (OLA, "1", "Y"),
        (OLA, "0", "N"),
        (OLA, "0.0", "N"),
        (OLA, "Yes", "Y"),
        (OLA, "Y", "Y"),
        (OLA, "y", "Y"),
        (OLA, "t", "Y"),
        (OLA, "f", "N"),
        (OLA, "-1", None),
        (OLA, "X", "X"),
        (INTERVIEW, "NA", "NA"),
        (INTERVIEW, "TRUE", "Y"),
        (SUITABLE, "1.0", "1"),
        (SUITABLE, "TRUE", "TRUE"),
        (DISABILITY, "NONE", "NONE"),
        (REASON, "SSD_PH", None),
        (REASON, "NULL", None),
        (REASON, "-1", None),
        (REASON, "#N/A", MISFIT),
        (TEAM_NAME, "SSD_PH", None),
        (TEAM_NAME, "NULL", None),
        (TEAM_NAME, "N/A", "N/A"),
        (TEAM_NAME, "-1", "-1"),
        (TEAM_NAME, "#REF!", MISFIT),
        (TEAM_NAME, "#Error", MISFIT),
        (OLA, "#MULTIVALUE", MISFIT),
        (OLA, "#DIV/0", MISFIT),
        (TEAM_NAME, "#1 Team", "#1 Team"),
    ],
)
def test_codes_and_texts_are_as_written_but_for_yes_no_and_nothing(column, written, code):
    assert read(column, written) == [code]


NOT_READ = ['{"adoption": "Y"}', '{"ADOPTION": "y"}', '{"ADOPTION": "Y "}', '{"ADOPTION": "Yes"}',
            '{"ADOPTION": true}',
            '{"ADOPTION": 1}', '{"ADOPTION": "T"}', '{"Adoption": "TRUE", "OTHERPLN": "N"}', '{"ADOPTION": ["Y"]}',
            '{"PERM_ADOPTION": "Y", "OTHERPLN": "Y"}', '{"plan": {"ADOPTION": "Y"}}', '{"plan": "Adoption"}',
            '{"plans": ["ADOPTION"]}', '{"OTHERPLN": "with an aunt"}']  # fmt: skip
NO_JSON = ["{'ADOPTION': 'Y'}", '{"ADOPTION": "Y', "[object Object]", '"{}"', "[]", "true",
           '{""ADOPTION"": ""Y""}',
           "Y;N", '{"ADOPTION": "Y",}', "“ADOPTION”: “Y”", "ADOPTION=Y", "Y"]  # fmt: skip
READ = ["{}", '{"ADOPTION": "Y"}', '{"REMAINSUP": "N", "ADOPTION": ""}', '{"ADOPTION": null, "RESPLMT": " "}',
        '{"ADOPTION": false, "RESPLMT": 0}', '{"ADOPTION": "no"}', '{"ADOPTION": "NULL"}', '{"adoption": "N"}',
        '{"ADOPTION": "SSD_PH"}', '{"ADOPTION": "N", "COMMENT": "agreed in May"}', '{"other": {}}']  # fmt: skip


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        *((text, Issue.TEXT_NOT_JSON) for text in NO_JSON),
        *((text, Issue.JSON_NOT_KNOWN) for text in NOT_READ),
        *((text, None) for text in READ),
    ],
)
def test_json_that_says_what_is_not_read_is_flagged(text, flag):
    good = ['{"RETURN6M": "Y"}'] * 200
    frame = pl.Series(PERMANENCE.name, [*good, text, None])
    found = read_column(frame, PERMANENCE, EXTRACT_DAY)
    flagged = {rule: rows.arg_true().to_list() for rule, rows in found.flags.items()}
    assert flagged == ({flag: [200]} if flag else {})
    assert found.doubt is None and found.misfits is None


def test_a_deeply_nested_text_is_no_json():
    assert read(PERMANENCE, "[" * 100_000) == ["[" * 100_000]


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        (PROVIDER, "Own provision", "PR1"),
        (PROVIDER, "own LA", "PR1"),
        (PROVIDER, "pr4", "PR4"),
        (PROVIDER, "Third Sector", "PR5"),
        (PROVIDER, "Charity", "Charity"),
        (ROLE, "Allocated Case Worker", "CW"),
        (ROLE, "Personal advisor", "16PLUS"),
        (ROLE, "Family Support", "Family Support"),
        (STATUS, "Unaccompanied Asylum-Seeking Child (UASC)", "UASC"),
        (STATUS, "uasc", "UASC"),
        (STATUS, "Pending", "Pending"),
        (MISSING, "Unauthorised absence", "A"),
        (MISSING, "missing", "M"),
        (INTERVIEW, "Not applicable", "NA"),
        (INTERVIEW, "TRUE", "Y"),
        # the words of the case system stay beside the kind
        (CHECK, "Review Health Assessment (RHA)", "Review Health Assessment (RHA)"),
    ],
)
def test_a_code_in_another_spelling_is_the_code_and_another_word_stays(column, written, code):
    assert read(column, written) == [code]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2019-03-05 09:30", "2019-03-05 09:30:00"),
        ("2019-03-05T09:30:15", "2019-03-05 09:30:15"),
        ("2019-03-05 09:30:15.5", "2019-03-05 09:30:15.500000"),
        ("2019-03-05 09:30:15.123", "2019-03-05 09:30:15.123000"),
        ("05/03/2019 23:59", "2019-03-05 23:59:00"),
        ("2019-03-05 00:00", "2019-03-05 00:00:00"),
        # a day alone
        ("2019-03-05", "2019-03-05 00:00:00"),
        ("05/03/2019", "2019-03-05 00:00:00"),
        ("", "None"),
        ("1900-01-01", "None"),
        # a zone, an hour that does not exist, a day that does not, another form
        ("2019-03-05T09:30:00Z", MISFIT),
        ("2019-03-05 09:30+01:00", MISFIT),
        ("2019-03-05 24:30", MISFIT),
        ("2019-02-30 09:30", MISFIT),
        ("5 March 2019 9am", MISFIT),
        ("#N/A", MISFIT),
    ],
)
def test_a_day_and_time_is_read_by_the_clocks_where_it_was_written(written, moment):
    (found,) = read(MOMENT, written)
    assert str(found) == moment


def test_a_day_without_a_time_is_flagged_and_days_that_can_be_swapped_are_in_doubt():
    found = read_column(pl.Series(["2019-03-05", "2019-03-05 00:00", None]), MOMENT, EXTRACT_DAY)
    assert {flag: rows.to_list() for flag, rows in found.flags.items()} == {
        Issue.TIME_MISSING: [True, False, False]
    }
    assert read(MOMENT, "03/31/2019 10:00", "04/30/2019 10:00", "05/06/2019 10:00") == DOUBT


def test_the_shape_of_a_value_shows_none_of_it():
    assert [shape(text) for text in ("31/Feb", "Zoë 7\u202e", "a" * 50)] == ["99/Aaa", "Aaa 9?", "a" * 40]


FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S.0000000", "%d-%b-%Y",
         "%d %B %Y", "%b %d %Y %I:%M%p", "%Y%m%d", "%d.%m.%Y", "%Y/%m/%d")  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    moments=st.lists(st.datetimes(dt.datetime(1930, 1, 2), dt.datetime(2040, 12, 31)), min_size=1, max_size=20),
    form=st.sampled_from(FORMS),
)
def test_every_day_comes_back_from_every_form(moments, form):
    assert read(START, *(moment.strftime(form) for moment in moments)) == [moment.date() for moment in moments]


@settings(max_examples=60, deadline=None)
@given(
    days_given=st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2019, 8, 31)), min_size=1, max_size=20).filter(
        # with no day after the 12th the interface reads two digits and a slash as day and month
        lambda given_days: any(day.day > 12 for day in given_days)
    )
)
def test_no_american_date_is_ever_read_as_another_day(days_given):
    for form in ("{0.month:02}/{0.day:02}/{0.year}", "{0.month}/{0.day}/{0.year}", "{0.month}-{0.day}-{0.year}"):
        found = read(START, *(form.format(day) for day in days_given))
        if found != DOUBT:
            assert all(day in (MISFIT, meant) for day, meant in zip(found, days_given, strict=True))
