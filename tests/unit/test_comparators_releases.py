"""Every release finds its figures in the register, in the words and columns that the publisher had in that year.

The figures are made up; the columns and labels are those of the releases named.
"""

from collections.abc import Mapping, Sequence

import pytest
from comparator_files import ENGLAND, LANCASHIRE, csv_bytes, ees, reading_of

from pipelines.comparators.headers import known_headers
from pipelines.comparators.published_measures import indicators_in, published_measures
from pipelines.comparators.reader_output import PassedOverError, Reading, RefusedError
from pipelines.comparators.unfound_figures import unfound

EET, TOUCH, LEAVERS = "care_leavers_eet", "care_leavers_in_touch", "care_leavers"
HEALTH, DENTAL = "cla_health_assessment_up_to_date", "cla_dental_check_up_to_date"
MOVES, STABLE = "cla_three_or_more_placements", "cla_long_term_stability"
CARE_2_YEARS = "Children looked after continuously for at least 2.5 years {} 31 March aged under 16 years"
SAME_PLACEMENT = (
    "Living in the same placement for at least 2 years, or are placed for adoption and their adoption and their "
    "adoptive placement together with their previous placement, last for at least 2 years"
)
FINGERTIPS = ["Indicator ID", "Indicator Name", "Area Code", "Area Name", "Area Type", "Sex", "Age", "Time period",
              "Value", "Count", "Denominator"]  # fmt: skip
IN_WORK, NOT_IN_WORK = (f"Total {no}in education, employment or training" for no in ("", "not "))


def long(columns: Sequence[str], *rows: Sequence[object]) -> bytes:
    """A long file of the Department about England; each row has the breakdowns, a number and a percentage."""
    return ees(columns, *((ENGLAND, "2022", row) for row in rows))


def percentages(reading: Reading) -> Mapping[str, float]:
    """The published value of each indicator that the register finds, and of each code of one."""
    rows = reading.values.select("measure", "dimensions", "value", "source_kind").rows()
    return {
        row.code or row.indicator_id: value
        for measure, dimensions, value, kind in rows
        for row in published_measures(kind)
        if row.is_comparable and (row.measure, row.dimensions, row.role) == (measure, dimensions, "value")
    }


CARE_LEAVERS = [
    pytest.param(
        ["age", "activity", "number", "percentage"],
        [
            ["Aged 17 to 18", IN_WORK, 1, 64],
            ["Aged 19 to 21", IN_WORK, 54, 55],
            ["Aged 19 to 21", NOT_IN_WORK, 38, 38],
            ["Aged 19 to 21", "Not in education, training or employment, owing to other reasons", 20, 20],
            ["Aged 19 to 21", "Total", 100, 100],
        ],
        {EET: 55},
        id="activity 2022 to 2024",
    ),
    pytest.param(
        ["care_leaver_age", "breakdown", "care_leaver_count", "care_leaver_percent"],
        [
            ["19 to 21 years", IN_WORK, 54, 54],
            ["19 to 21 years", "In an apprenticeship", 2, 2],
            ["19 to 21 years", "Total information not known", 6, 6],
            ["19 to 21 years", "Total", 100, 100],
        ],
        {EET: 54},
        id="activity 2025",
    ),
    pytest.param(
        ["age", "in_touch", "number", "percentage"],
        [
            ["Aged 19 to 21", "Local authority in touch with care leaver", 92, 92],
            ["Aged 19 to 21", "Local authority not in touch with care leaver", 6, 6],
            ["Aged 19 to 21", "Total", 100, 100],
        ],
        {TOUCH: 92},
        id="in touch 2022 to 2024",
    ),
    pytest.param(
        ["age", "accommodation_suitability", "number", "percentage"],
        [
            ["19 to 21 years", "Accommodation considered suitable", 88, 88],
            ["19 to 21 years", "Accommodation considered not suitable", 6, 6],
            ["19 to 21 years", "No information", 6, 6],
            ["19 to 21 years", "Total", 100, 100],
        ],
        {"care_leavers_suitable_accommodation": 88, LEAVERS: 100},
        id="accommodation 2022",
    ),
]
STABILITY = [
    pytest.param(
        ["cla_group", "characteristic", "number", "percentage"],
        [
            [CARE_2_YEARS.format("at"), SAME_PLACEMENT, 71, 71],
            [CARE_2_YEARS.format("at"), "Total children", 100, 100],
            ["Children looked after at 31 March", "Total children", 200, 100],
            ["Children looked after at 31 March", "With 3 or more placements during the year", 20, 10],
        ],
        id="stability 2022",
    ),
    pytest.param(
        ["cla_group", "placement_stability", "children_count", "children_percent"],
        [
            [CARE_2_YEARS.format("on"), "Living with the same carer for at least 2 years", 71, 71],
            [CARE_2_YEARS.format("on"), "Total children", 100, 100],
            ["CLA 2 years on 31 March", "Total children", 150, 100],
            ["CLA 2 years on 31 March", "With 3 or more placements during the previous 2 years", 30, 20],
            ["CLA on 31 March", "Total children", 200, 100],
            ["CLA on 31 March", "With 3 or more placements during the year", 20, 10],
        ],
        id="stability 2025",
    ),
    pytest.param(
        # a column with a name that no release had so far: its labels say what it is
        ["cla_group", "stability_measure", "number", "percentage"],
        [
            [CARE_2_YEARS.format("on"), "Living with the same carer for at least two years", 71, 71],
            [CARE_2_YEARS.format("on"), "Total children", 100, 100],
            ["CLA on 31 March", "Total children", 200, 100],
            ["CLA on 31 March", "Three or more placements during the year", 20, 10],
        ],
        id="stability, renamed column",
    ),
]
ALL_CHILDREN = "Health care: all children looked after"
HEALTH_ROWS = [
    [ALL_CHILDREN, "Had their annual health assessment", 89, 89],
    [ALL_CHILDREN, "Had their teeth checked by a dentist", 76, 76],
    [ALL_CHILDREN, "Had their immunisations up to date", 82, 82],
    [ALL_CHILDREN, "Total", 100, 100],
    ["Convictions: Children looked after Ages 10 to 17 years", "Total", 40, 100],
    ["Ages 5 to 16 years with SDQ score", "SDQ score was normal", 30, 50],
]


@pytest.mark.parametrize(("columns", "rows", "expected"), CARE_LEAVERS)
def test_care_leavers_are_found_in_the_words_of_every_release(columns, rows, expected):
    reading = reading_of(long(columns, *rows))
    assert percentages(reading) == expected
    assert indicators_in("ees", reading.values)[1] == set()
    assert unfound("ees", reading.values) == []


@pytest.mark.parametrize(("columns", "rows"), STABILITY)
def test_placements_are_found_in_the_words_of_every_release(columns, rows):
    reading = reading_of(long(columns, *rows))
    assert percentages(reading) == {MOVES: 10, STABLE: 71}
    assert indicators_in("ees", reading.values) == ({MOVES, STABLE}, set())


@pytest.mark.parametrize(
    "columns",
    [
        ["cla_group", "characteristic", "number", "percentage"],
        ["cla_group", "outcome", "number", "percentage"],
        ["cla_group", "breakdown", "children_count", "children_percent"],
        ["cla_group", "health_measure", "children_count", "children_percent"],
    ],
)
def test_health_checks_are_found_whatever_the_column_is_called(columns):
    reading = reading_of(long(columns, *HEALTH_ROWS))
    assert percentages(reading) == {HEALTH: 89, DENTAL: 76}
    totals = reading.values.filter(dimensions="characteristic=total; cla_group=health checks")
    assert totals["value"].to_list() == [100, 100]


def test_health_checks_without_a_column_for_the_group_are_found():
    rows = [row[1:] for row in HEALTH_ROWS[:3]]
    assert percentages(reading_of(long(["characteristic", "number", "percentage"], *rows))) == {
        HEALTH: 89,
        DENTAL: 76,
    }


def test_health_checks_by_group_are_those_of_all_children():
    rows = [[group, "Had their annual health assessment", n, n] for group, n in (("Male", 80), ("Total", 89))]
    reading = reading_of(long(["cla_group", "characteristic", "number", "percentage"], *rows))
    assert percentages(reading) == {HEALTH: 89}


def test_a_label_in_new_words_is_told_and_not_lost_in_silence():
    columns = ["age", "activity", "number", "percentage"]
    values = reading_of(long(columns, ["Nineteen plus", IN_WORK, 54, 55])).values
    (line,) = unfound("ees", values)
    assert line.startswith("read as care_leavers, and no figure of the register is found")
    assert "'age=Nineteen plus'" in line and "published_codes.csv" in line
    values = reading_of(
        long(
            ["cla_group", "characteristic", "number", "percentage"], ["All", "A health assessment each year", 1, 2]
        )
    ).values
    assert "labels like known ones: characteristic=A health assessment each year" in unfound("ees", values)[0]


def test_a_file_about_something_else_is_told_nothing_about():
    columns = ["cla_group", "characteristic", "number", "percentage"]
    values = reading_of(long(columns, ["Age group", "Total", 1, 100], ["Age group", "1 to 4", 1, 100])).values
    assert unfound("ees", values) == []


OLD_HOMES = "Secure units, children's homes and semi-independent living accommodation"
SUPPORTED = "Independent and semi-independent living arrangements/supported accommodation"
RETURNED = "Returned home to live with parents or other person with parental responsibility which was"
WITH_PARENTS = "Placed with parents or other person with parental responsibility"
PROFILE = [
    ["Age group", "16 years and over", 24, 24],
    ["Age group", "Total", 100, 100],
    ["Ethnicity", "1. Total White", 75, 75],
    ["Ethnicity", "1a. White British", 70, 70],
    ["Ethnicity", "5. Total other ethnic group", 4, 4],
    ["Gender", "Female", 44, 44],
    ["Legal status", "Care orders", 77, 77],
    ["Legal status", "Voluntary agreements under S20 CA 1989", 17, 17],
    ["Placement", "Foster placements", 70, 70],
    ["Placement", WITH_PARENTS, 7, 7],
    ["Placement", "Other placements", 1, 1],
    ["Place providers", "Parents or other person with parental responsibility", 7, 7],
    ["Place providers", "Own provision (by the LA)", 46, 46],
    ["Locality of placement", "Placed outside the local authority boundary", 43, 43],
    [
        "Distance between home and placement and locality of placement",
        "4. Placed outside the LA boundary more than 20 miles from home",
        16,
        16,
    ],
    ["Unaccompanied asylum-seeking children", "Unaccompanied asylum-seeking children", 7, 7],
    ["Unaccompanied asylum-seeking children", "Non-unaccompanied asylum-seeking children", 93, 93],
    ["Category of need", "N1. Abuse or neglect", 66, 66],
]
FOUND_IN_PROFILE = {
    "age_band=16_17": 24,
    "ethnicity_group=white": 75,
    "ethnicity_group=other": 4,
    "sex=female": 44,
    "legal_status=V2": 17,
    "cla_section_20": 17,
    "placement_group=foster": 70,
    "cla_in_foster_care": 70,
    "placement_group=parents": 7,
    "cla_placed_with_parents": 7,
    "provider_group=parent": 7,
    "provider_group=own": 46,
    "location=out_of_area": 43,
    "cla_placed_out_of_area": 43,
    "cla_out_of_area_over_20_miles": 16,
    "cla_uasc": 7,
    "need=N1": 66,
}
CEASED = [
    ["Reason episode ceased", "Adopted", 10, 10],
    ["Reason episode ceased", "Residence order or child arrangement order granted", 4, 4],
    ["Reason episode ceased", f"{RETURNED} not part of the care planning process", 3, 3],
    ["Reason episode ceased", f"{RETURNED} part of the care planning process", 18, 18],
    ["Reason episode ceased", "Special guardianship orders", 13, 13],
    ["Reason episode ceased", "Total", 100, 100],
    # the release breaks children who left down by the words of those looked after, too
    ["Placement", "Foster placements", 60, 60],
    ["Gender", "Male", 58, 58],
]
FOUND_IN_CEASED = {
    "ceased_reason_group=adopted": 10,
    "cla_ceased_adopted": 10,
    "ceased_reason_group=child_arrangements": 4,
    "ceased_reason=E41": 4,
    "ceased_reason=E4A": 18,
    "ceased_reason=E4B": 3,
    "ceased_reason_group=special_guardianship": 13,
    "cla_ceased_special_guardianship": 13,
    "cla_ceased_12_months": 100,
    "sex=male": 58,
}
LONG_COLUMNS = [
    pytest.param(["cla_group", "characteristic", "number", "percentage"], id="2021 to 2024"),
    # the column of the labels of old holds the groups
    pytest.param(["characteristic", "breakdown", "children_count", "children_percent"], id="2025"),
    pytest.param(["topic", "subtopic", "number", "percentage"], id="renamed columns"),
]


@pytest.mark.parametrize("columns", LONG_COLUMNS)
@pytest.mark.parametrize(
    ("rows", "expected"), [(PROFILE, FOUND_IN_PROFILE), (CEASED, FOUND_IN_CEASED)], ids=["profile", "ceased"]
)
def test_breakdowns_of_children_looked_after_are_found_in_the_words_and_columns_of_every_release(
    columns, rows, expected
):
    reading = reading_of(long(columns, *rows))
    assert percentages(reading) == expected
    assert unfound("ees", reading.values) == []


def test_residential_care_is_found_where_its_parts_are_published_apart():
    columns = ["cla_group", "characteristic", "number", "percentage"]
    homes = ["Secure homes and children's homes", "Other residential settings", "Residential schools"]
    apart = [
        ["Placement", label, n, n] for n, label in enumerate([*homes, SUPPORTED, "Other placements", "Total"], 1)
    ]
    whole, _ = indicators_in("ees", reading_of(long(columns, *apart)).values)
    assert "cla_in_residential_care" in whole
    assert {
        "children_looked_after placement_group=residential",
        "children_looked_after placement_group=community",
    } <= whole
    together = [["Placement", label, 9, 9] for label in (OLD_HOMES, "Foster placements", "Total")]
    whole, _ = indicators_in("ees", reading_of(long(columns, *together)).values)
    assert "cla_in_foster_care" in whole and "cla_in_residential_care" not in whole


def test_children_of_another_group_are_not_taken_for_those_looked_after():
    columns = ["cla_group", "characteristic", "number", "percentage"]
    started = [
        ["Age group", "16 years and over", 25, 25],
        ["Gender", "Female", 40, 40],
        ["Legal status", "Interim care order", 33, 33],
        ["Legal status", "Voluntary agreement under S20", 54, 54],
        ["Taken into care", "All children taken into care", 44, 44],
    ]
    moved = [
        [
            "Location of new placements during the year",
            "Placed outside LA boundary more than 20 miles from home",
            15,
            15,
        ],
        ["Reason for placement change during the year", "Custody arrangement", 1, 1],
    ]
    for rows in (started, moved):
        reading = reading_of(long(columns, *rows))
        assert percentages(reading) == {}
        assert unfound("ees", reading.values) == []


def test_a_breakdown_in_new_words_is_told_with_what_is_in_its_place():
    columns = ["cla_group", "characteristic", "number", "percentage"]
    rows = [
        [group.replace("Place providers", "Whose placement"), label.replace("Foster placements", "Fostered"), n, n]
        for group, label, n, _ in PROFILE
    ]
    (line,) = unfound("ees", reading_of(long(columns, *rows)).values)
    assert line.startswith("read as looked_after_characteristics, and not found: ")
    assert "placement: foster care" in line and "provider: own provision" in line
    assert "labels that are not known: Whose placement: own provision" in line and "placement: Fostered" in line
    assert "White British" not in line and "published_codes.csv" in line


AREA = ["New_geog_code", "geog_l", "geog_c", "geog_n"]
PLACES = [
    ["E92000001", "NATIONAL", "999", "ENGLAND"],
    ["E12000002", "Region", "B", "NORTH WEST"],
    ["E10000017", "LA", "888", "Lancashire"],
]


def first(columns: Sequence[str], cells: Sequence[object], year: str | None = None) -> Reading:
    """A first release with the same figures for England, a region and an authority."""
    area = AREA[1:] if "2010" in columns[0] else AREA
    return reading_of(
        csv_bytes([*area, *columns], *([*place[-len(area) :], *cells] for place in PLACES)), year=year
    )


def figures_of(reading: Reading) -> dict[tuple[str, str], float]:
    return {
        (measure, period): value
        for measure, period, value in reading.values.filter(geography_level="local_authority")
        .select("measure", "period", "value")
        .iter_rows()
    }


@pytest.mark.parametrize(
    ("columns", "cells", "year", "expected"),
    [
        # a rate is calculated from the count and the population of the year before
        (
            ["MarTotal_2010", "Mid2009Pop0-17", "MarPlace_Q1_2010"],
            [64400, 11047400, 7030],
            None,
            {
                ("looked_after.cla_mar", "2010"): 64400,
                ("looked_after.cla_pop", "2010"): 11047400,
                ("looked_after.marplace_q1", "2010"): 7030,
            },
        ),
        (
            ["CLA_Mar2011", "CLA_2011", "CLA_stp2011", "CLA_3Pla", "CLA_NetGain "],
            [65500, 91000, 5000, 7100, "#VALUE!"],
            None,
            {
                ("looked_after.cla_mar", "2011"): 65500,
                ("looked_after.cla_year", "2011"): 91000,
                ("looked_after.cla_stp", "2011"): 5000,
                ("looked_after.cla_3_pl", "2011"): 7100,
            },
        ),
        (
            ["CLA_Mar2019", "cla_uasc2015_pc", "CLA_InLA_LTE20"],
            [78150, 4, 30000],
            None,
            {
                ("looked_after.cla_mar", "2019"): 78150,
                ("looked_after.cla_uasc_pc", "2015"): 4,
                ("looked_after.cla_inla_lte20", "2019"): 30000,
            },
        ),
        (
            ["CLA_Mar2012", "CLA_InBound", "CLA_Outbound", "CLA_UASC", "CLA_Fost"],
            [67080, 47000, 20080, 2220, 50260],
            None,
            {
                ("looked_after.cla_mar", "2012"): 67080,
                ("looked_after.cla_inla", "2012"): 47000,
                ("looked_after.cla_outla", "2012"): 20080,
                ("looked_after.cla_uasc", "2012"): 2220,
                ("looked_after.cla_fost", "2012"): 50260,
            },
        ),
        (
            ["CLA_cease", "CLA_ceaAdop1", "CLA_ceaAdop2", "CLA_ceaParPlan", "CLA_ceaSpecG2", "CLA_cea_sen_cust"],
            [31710, 2650, 2050, 8510, 1700, 390],
            "2016",
            {
                ("looked_after.cla_cease", "2016"): 31710,
                ("looked_after.cea_adop1", "2016"): 2650,
                ("looked_after.cea_adop2", "2016"): 2050,
                ("looked_after.cea_parplan", "2016"): 8510,
                ("looked_after.cea_sgo2", "2016"): 1700,
                ("looked_after.cea_custody", "2016"): 390,
            },
        ),
        (
            ["CLA_started2013", "CLA_taken2013"],
            [28830, 10000],
            None,
            {("looked_after.cla_started", "2013"): 28830, ("looked_after.cla_taken", "2013"): 10000},
        ),
        (
            ["CLA_12mths", "CLA_teethcheck", "CLA_healthassmt"],
            [49000, 42000, 44000],
            "2016",
            {
                ("outcomes.oc2_12mths", "2016"): 49000,
                ("outcomes.oc2_teethcheck", "2016"): 42000,
                ("outcomes.oc2_healthassmt", "2016"): 44000,
            },
        ),
        (
            ["All_aged1920&21", "Act_HE", "Act_OE", "Act_TE", "Acc_SUIT"],
            [27220, 1600, 4900, 5700, 20000],
            "2014",
            {
                ("former_care_leavers.all_aged_19to21", "2014"): 27220,
                ("former_care_leavers.act_he", "2014"): 1600,
                ("former_care_leavers.act_oe", "2014"): 4900,
                ("former_care_leavers.act_te", "2014"): 5700,
                ("former_care_leavers.acc_suit", "2014"): 20000,
            },
        ),
        (
            ["CIN_at_31Mar2014", "Referrals201314", "Re-referrals_2013_14_pc", "Sec47_1314", "ICPC_2014"],
            [397600, 657800, 23.4, 142500, 65200],
            "2014",
            {
                ("children_in_need.at31_episodes", "2014"): 397600,
                ("referrals.referrals", "2014"): 657800,
                ("referrals.re_referrals_percent", "2014"): 23.4,
                ("enquiries_and_conferences.section47", "2014"): 142500,
                ("enquiries_and_conferences.icpc", "2014"): 65200,
            },
        ),
        (
            [
                "CPP_At31_rate",
                "CPPsEnding2017",
                "CPP_2nd_or_subsequent_plan2017_pc",
                "CPP_End_2years_or_more_pc",
                "Assessments_within_45_days_pc",
                "ICPC_in_15_days",
                "Reviewed_within_timescales_percent",
            ],
            [43.3, 66400, 18.7, 3.4, 82.9, 58900, 92.2],
            None,
            {
                ("cp_plans.cpp_at31_rate", "2017"): 43.3,
                ("cp_plans.cpp_end", "2017"): 66400,
                ("cp_plans_repeat.cpp_subsequent_percent", "2017"): 18.7,
                ("cp_plans_ended_duration.2_years_or_more_percent", "2017"): 3.4,
                ("assessments.within_45_days_percent", "2017"): 82.9,
                ("enquiries_and_conferences.within_15_days", "2017"): 58900,
                ("cp_plans_reviewed.reviewed_within_timescales_percent", "2017"): 92.2,
            },
        ),
        (
            ["Referrals1112", "ReferralsWithin12mths1112", "CINAt310312", "CPPAt310312", "CPPStart1112"],
            [605100, 157700, 369400, 42900, 52100],
            None,
            {
                ("referrals.referrals", "2012"): 605100,
                ("referrals.re_referrals", "2012"): 157700,
                ("children_in_need.at31_episodes", "2012"): 369400,
                ("cp_plans.cpp_at31", "2012"): 42900,
                ("cp_plans.cpp_start", "2012"): 52100,
            },
        ),
    ],
)
def test_a_first_release_has_its_years_wherever_they_stand(columns, cells, year, expected):
    reading = first(columns, cells, year)
    found = figures_of(reading)
    assert {key: value for key, value in found.items() if value is not None} == expected
    assert set(reading.values["geography_code"]) == {"E92000001", "E12000002", "888"}


def test_a_file_with_two_datasets_gives_the_figures_of_both():
    found = figures_of(
        first(["CL_All_19to21", "CL_Act_EET19to21_pc", "CL_Acc_SUIT19to21_pc"], [26000, 50, 84], "2017")
    )
    assert found["care_leavers_activity.cl_act_eet19to21_pc", "2017"] == 50
    assert found["care_leavers_accommodation.cl_acc_suit19to21_pc", "2017"] == 84
    assert {dataset for dataset, _ in found if dataset.endswith("cl_all_19to21")} == {
        "care_leavers_activity.cl_all_19to21",
        "care_leavers_accommodation.cl_all_19to21",
    }


def test_a_renamed_figure_of_a_first_release_is_told():
    reading = first(["CLA_Mar2018", "CLA_Rates2018"], [75420, 64])
    (line,) = reading.told
    assert line.startswith("column cla_rates2018 is not in the header map (nearest known name: cla_rate{year})")


def test_a_first_release_about_something_else_is_passed_over():
    with pytest.raises(PassedOverError, match="with these columns: ks1_reading, ks1_writing"):
        first(["KS1_Reading", "KS1_Writing"], [1, 2], "2013")


@pytest.mark.parametrize(
    "columns",
    [
        ["school_type", "attainment", "progress"],
        ["fsm_status", "sen_provision", "number", "percentage"],
    ],
)
def test_a_dataset_that_no_measure_is_mapped_from_is_passed_over_without_a_guess(columns):
    with pytest.raises(PassedOverError) as passed:
        reading_of(long(columns, ["Primary", "a", 1, 2][: len(columns)]))
    assert columns[0] in str(passed.value)
    assert "cin_plans" not in str(passed.value)


def test_a_file_of_a_known_dataset_that_lacks_a_column_is_refused_with_every_unknown_name():
    unknown = [f"new_name_{number}" for number in range(12)]
    with pytest.raises(RefusedError) as refusal:
        reading_of(long(["category", "CPP_At31_3Months", *unknown], ["x"] * 14))
    assert not isinstance(refusal.value, PassedOverError)
    assert all(name in str(refusal.value) for name in unknown)
    assert "published_headers.csv: ees,cp_plans_reviewed,new_name_0," in str(refusal.value)


@pytest.mark.parametrize("level", ["NATIONAL", "national", "National"])
@pytest.mark.parametrize(
    ("code", "name", "is_england"),
    [
        ("E92000001", "England", True),
        ("921", "England", True),
        ("W92000004", "Wales", False),
        ("", "Wales", False),
        ("K04000001", "England and Wales", False),
    ],
)
def test_england_comes_from_rows_of_england_in_any_case(level, code, name, is_england):
    area = (level, code, name, *ENGLAND[3:])
    reading = reading_of(
        ees(["cla_31_march", "cla_march_rate"], (area, "2019", [1, 2]), (LANCASHIRE, "2019", [3, 4]))
    )
    found = set(reading.values["geography_level"])
    assert found == ({"national", "local_authority"} if is_england else {"local_authority"})
    assert reading.left_out["reason"].to_list() == (
        [] if is_england else [f"not an area that comparators use: {name}"]
    )


def test_wales_in_a_first_release_is_not_england():
    wales = ["W92000004", "NATIONAL", "", "WALES"]
    data = csv_bytes([*AREA, "CLA_Mar2018"], [*wales, 6000], [*PLACES[2], 2000])
    assert set(reading_of(data).values["geography_code"]) == {"888"}


@pytest.mark.parametrize(
    ("dfe", "gss", "name", "code"),
    [
        ("", "E08000038", "Barnsley", "370"),
        ("", "E08000016", "Barnsley", "370"),
        ("", "E08000039", "Sheffield", "373"),
        # a code that no list has yet: the name tells whose it is
        ("", "E08000099", "Sheffield", "373"),
        ("", "E06000099", "St. Helens", "342"),
    ],
)
def test_an_authority_is_known_by_a_new_code(dfe, gss, name, code):
    area = ("Local authority", *LANCASHIRE[1:5], dfe, gss, name)
    reading = reading_of(ees(["cla_31_march", "cla_march_rate"], (area, "2025", [1, 2])))
    assert set(reading.values["geography_code"]) == {code}
    columns = [*FINGERTIPS, f"Compared to {name} Neighbours (CSSN) value"]
    fingertips = csv_bytes(columns, ["1", "Visits", gss, name, "UA", "P", "<18", "2024/25", 5, 1, 2, "Similar"])
    assert set(reading_of(fingertips).values["geography_code"]) == {code}


def test_an_authority_that_nobody_knows_is_told():
    area = ("Local authority", *LANCASHIRE[1:5], "", "E06000099", "East Surrey")
    reading = reading_of(
        ees(["cla_31_march", "cla_march_rate"], (area, "2027", [1, 2]), (LANCASHIRE, "2027", [3, 4]))
    )
    (line,) = reading.told
    assert "are left out: E06000099 East Surrey" in line and "authority_change.csv" in line


@pytest.mark.parametrize(
    "parent", ["Counties & UAs (from Apr 2023)", "Statistical neighbours", "Regions (statistical)", "CSSN group"]
)
def test_fingertips_compares_with_any_parent_area(parent):
    england, others = (f"Compared to {area} value or percentiles" for area in ("England", parent))
    columns = [*FINGERTIPS, england, others]
    row = ["1", "Visits", "E10000017", "Lancashire", "x", "Persons", "<18", "2024/25", 5, 1, 2, "Worse", "Similar"]
    reading = reading_of(csv_bytes(columns, row))
    assert percentages(reading) == {}
    assert reading.values.height == 3


def test_figures_that_contradict_each_other_are_not_used():
    measures = ["cla_31_march", "cla_march_rate"]
    reading = reading_of(
        ees(
            measures,
            (ENGLAND, "2019", [1, 2]),
            (ENGLAND, "2020", [3, 4]),
            (ENGLAND, "2020", [3, 5]),
            (ENGLAND, "2021", [6, 7]),
            (ENGLAND, "2021", [6, 7]),
        )
    )
    assert set(reading.values["period"]) == {"2019", "2021"}
    assert reading.left_out["row_number"].to_list() == [3, 4, 6]
    (line,) = reading.told
    assert line.startswith("2 rows are not used, because others have other figures") and line.endswith("row 3")


@pytest.mark.parametrize(
    ("cell", "status"),
    [("[c]", "suppressed"), ("(c)", "suppressed"), ("[x]", "not_available"), ("..", "not_available"),
     ("-1", "suppressed"), ("-100", "suppressed")],
)  # fmt: skip
def test_signs_in_brackets_and_negative_counts_are_no_numbers(cell, status):
    reading = reading_of(ees(["cla_31_march", "cla_march_rate"], (ENGLAND, "2024", [cell, 70])))
    assert reading.values.select("status", "value").row(0) == (status, None)


@pytest.mark.parametrize(("cell", "status"), [("c", "suppressed"), ("..", "not_available")])
def test_signs_of_later_years_are_known_in_first_releases(cell, status):
    assert first(["CLA_Mar2019"], [cell]).values["status"].unique().to_list() == [status]


def test_a_loss_of_children_may_be_negative():
    assert first(["CLA_Mar2013", "CLA_NetGain"], [4220, -40]).values.filter(measure="looked_after.cla_netgain")[
        "value"
    ].unique().to_list() == [-40]


def test_every_dataset_of_the_register_is_served_by_a_header_map():
    for layout in ("ees", "first_release"):
        known = {header.measure for header in known_headers(layout) if header.role == "measure"}
        assert {row.measure for row in published_measures(layout)} <= known


def test_the_dimensions_of_the_register_are_in_the_order_of_the_readers():
    for row in published_measures("ees"):
        parts = row.dimensions.split("; ")
        assert parts == sorted(parts)


def test_a_series_of_labels_is_read_as_words_not_as_a_figure():
    reading = first(["CLA_Mar2018", "Notes"], [75420, "provisional"])
    assert "looked_after.notes" not in set(reading.values["measure"])
