"""By what the figures are broken down, read a second time: the codes of a child on a day.

Belongs here: codes that hang on the child, its placement and its legal status, and which indicators have them.
Codes that only the rule of an indicator knows, it gives with its rows (`second_reading_*.py`).
"""

import datetime as dt
from collections.abc import Callable

from second_reading_extract import OWN_AREA, Extract, Row, age_on

COMMON = ("sex", "age_band", "ethnicity_group", "has_disability")
DIMENSIONS = {
    "cin_plans_open": ("cin_duration_band",),
    "cp_plans_open": ("cp_category", "cp_duration_band"),
    "cp_plans_ended_2_years": ("cp_category",),
    "cp_plans_repeat": ("cp_category",),
    "cp_plans_repeat_12_months": ("cp_category",),
    "cp_plans_repeat_over_12_months": ("cp_category",),
    "cp_plans_open_under_3_months": ("cp_category",),
    "cp_plans_open_3_6_months": ("cp_category",),
    "cp_plans_open_over_24_months": ("cp_category",),
    "children_looked_after": (
        "placement_group", "placement_type", "provider_group", "location", "legal_status", "need",
        "time_in_care_band",
    ),
    "cla_started": ("legal_status", "need"),
    "cla_ceased": ("ceased_reason_group", "ceased_reason"),
    "cla_health_assessment_up_to_date": ("placement_group",),
    "pep_up_to_date": ("placement_group",),
    "cla_dental_check_up_to_date": ("placement_group",),
    "cla_three_or_more_placements": ("placement_group",),
    "cla_reviews_on_time": ("late_reason",),
    "cp_reviews_on_time": ("late_reason",),
    "cla_review_participation": ("participation",),
    "contacts": ("contact_source",),
    "referrals": ("contact_source", "need"),
    "re_referrals_12_months": ("contact_source",),
    "assessments_within_45_working_days": ("assessment_band",),
    "assessments_0_15_working_days": ("assessment_band",),
    "assessments_over_45_working_days": ("assessment_band",),
    "referrals_assessed_not_in_need": ("need",),
    "section_47_to_conference": ("section_47_outcome",),
    "cla_visits_up_to_date": ("placement_group",),
    "cla_missing_episodes": ("placement_group",),
    "cla_missing_children": ("placement_group",),
    "return_interview_offered": ("placement_group",),
    "return_interview_accepted": ("placement_group",),
    "care_leavers": ("eligibility", "accommodation", "activity", "age_single"),
    "care_leavers_eet": ("eet_class", "age_single"),
    "care_leavers_suitable_accommodation": ("accommodation", "age_single"),
    "care_leavers_in_touch": ("age_single",),
    "care_leavers_pathway_plan_up_to_date": ("eligibility",),
    "care_leavers_neet": ("age_single", "eet_class"),
    "care_leavers_eet_16_17": ("age_single", "eet_class", "activity"),
    "care_leavers_eet_18": ("age_single", "eet_class", "activity"),
    "care_leavers_eet_19_21": ("age_single", "eet_class", "activity"),
    "care_leavers_eet_22_25": ("age_single", "eet_class", "activity"),
    "eet_year_12": ("eet_class", "eligibility"),
    "eet_year_13": ("eet_class", "eligibility"),
    "care_leavers_higher_education": ("age_single", "activity"),
    "care_leavers_apprenticeship": ("age_single", "activity"),
    "care_leavers_homeless_or_bed_and_breakfast": ("age_single", "accommodation"),
    "care_leavers_staying_put": ("age_single",),
    "care_leavers_staying_put_18_20": ("age_single",),
    "care_leavers_independent": ("age_single",),
    "care_leavers_custody": ("age_single",),
    "cla_placed_out_of_area": (
        "location", "placement_group", "placement_type", "provider_group", "legal_status", "placement_la",
    ),
    "cla_out_of_area_over_20_miles": ("placement_group", "provider_group"),
    "permanence_tracker_open": ("tracker_plan", "tracker_stage"),
    "cla_in_foster_care": ("placement_type", "provider_group", "location"),
    "cla_in_residential_care": ("placement_type", "provider_group", "location"),
    "cla_placed_with_parents": ("legal_status", "location"),
    "cla_in_supported_accommodation_16_17": ("placement_type", "provider_group", "location"),
    "cla_16_17_residential_review": ("placement_type", "provider_group", "location"),
    "cla_interim_care_order": ("placement_group",),
    "cla_section_20": ("placement_group",),
    "cla_section_20_without_plan": ("placement_group",),
    "care_order_placed_with_parents": ("location",),
    "interim_order_placed_with_parents": ("location",),
    "care_order_at_home_ceased": ("ceased_reason_group",),
    "interim_order_at_home_ceased": ("ceased_reason_group",),
    "cla_without_permanence_plan": ("placement_group", "legal_status"),
    "cla_returned_within_12_months": ("ceased_reason_group",),
    "cla_ceased_12_months": ("ceased_reason_group", "ceased_reason"),
    "cla_ceased_adopted": ("ceased_reason",),
    "cla_ceased_special_guardianship": ("ceased_reason",),
    "cla_ceased_returned_home": ("ceased_reason",),
    "cla_ceased_independent": ("ceased_reason",),
    "cla_uasc": ("placement_group", "location"),
    "iro_fte": ("role", "filled_by"),
    "iros_in_post": ("role", "filled_by", "qualified_year", "began_year"),
    "iro_agency_rate": ("role",),
    "iro_leavers": ("leaving_reason",),
    "midpoint_monitoring_cla": ("placement_group",),
    "challenges_raised": ("challenge_type", "context", "challenge_category", "challenge_impact"),
    "problem_resolutions_raised": ("challenge_type", "context", "challenge_category", "challenge_impact"),
    "management_alerts_raised": ("challenge_type", "context", "challenge_category", "challenge_impact"),
    "problem_resolutions_resolved": ("resolved_level", "context", "challenge_category"),
    "challenges_over_4_weeks": ("challenge_type", "context", "challenge_category"),
    "challenges_resolved_20_working_days": ("challenge_type", "context"),
    "foster_reviews_on_time": ("foster_review_kind",),
    "conferences_held": ("meeting_type",),
    "conference_late": ("late_reason",),
    "cla_reviews_late": ("late_reason",),
    "conference_agency_absent": ("agency",),
    "conference_feedback_return": ("meeting_type",),
    "conference_feedback_yes": ("question", "meeting_type", "report_received"),
    "conference_appeals": ("appeal_ground", "appeal_outcome"),
    "conference_appeals_upheld": ("appeal_ground", "upheld_reason"),
}  # fmt: skip
"""Besides the common ones."""

ETHNIC_GROUPS = {
    "white": "WBRI WIRI WIRT WROM WOTH A1 A2 A3 A4 A5",
    "mixed": "MWBC MWBA MWAS MOTH B1 B2 B3 B4",
    "asian": "AIND APKN ABAN AOTH CHNE C1 C2 C3 C4 E1",
    "black": "BCRB BAFR BOTH D1 D2 D3",
    "other": "OOTH E2",
}
BANDS = (
    (1, "under_1"),
    (5, "1_4"),
    (10, "5_9"),
    (16, "10_15"),
    (18, "16_17"),
    (19, "18"),
    (22, "19_21"),
    (26, "22_25"),
)
"""Under which age, and the name of the band."""
PLACEMENT_GROUPS = {
    "foster": "U1 U2 U3 U4 U5 U6",
    "adoptive": "A3 A4 A5 A6",
    "residential": "K1 K2 R1 R2 R3 R5 S1",
    "community": "H5 K3 P2 P3 Z1 Z11 Z12 Z13 Z14",
    "parents": "P1",
    "temporary": "T0 T1 T2 T3 T4",
}
PROVIDERS = {
    "PR0": "parent", "PR1": "own", "PR2": "other_authority", "PR3": "other_public", "PR4": "private",
    "PR5": "voluntary",
}  # fmt: skip
LEGAL_STATUSES = ("C1", "C2", "D1", "E1", "J1", "J2", "J3", "L1", "L2", "L3", "V2")


def code(extract: Extract, child: str, day: dt.date, dimension: str) -> str:
    return _STATES[dimension](extract, child, day)


def _sex(extract: Extract, child: str, _: dt.date) -> str:
    return {"F": "female", "M": "male"}.get(extract.people[child]["pers_sex"], "not_known")


def _age_band(extract: Extract, child: str, day: dt.date) -> str:
    born = extract.born[child]
    if born is None:
        return "unborn" if extract.expected[child] else "not_known"
    if born > day:
        return "unborn"
    return next((band for age, band in BANDS if age_on(born, day) < age), "26_over")


def _ethnicity_group(extract: Extract, child: str, _: dt.date) -> str:
    return group(ETHNIC_GROUPS, extract.people[child]["pers_ethnicity"]) or "not_known"


def _has_disability(extract: Extract, child: str, _: dt.date) -> str:
    codes = {row["disa_disability_code"] for row in extract.rows("ssd_disability", child)} - {None}
    return "not_recorded" if not codes else "no" if codes == {"NONE"} else "yes"


def group(groups: dict[str, str], value: str | None) -> str | None:
    return next((name for name, codes in groups.items() if value in codes.split()), None)


def _of_placement(read: Callable[[Row], str]) -> Callable[[Extract, str, dt.date], str]:
    def state(extract: Extract, child: str, day: dt.date) -> str:
        placement = extract.placement(child, day)
        return "none" if placement is None else read(placement)

    return state


def _placement_group(placement: Row) -> str:
    return group(PLACEMENT_GROUPS, placement["clap_cla_placement_type"]) or "other"


def _placement_type(placement: Row) -> str:
    kind: str = placement["clap_cla_placement_type"]
    return kind if group(PLACEMENT_GROUPS, kind) else "other"


def _provider_group(placement: Row) -> str:
    return PROVIDERS.get(placement["clap_cla_placement_provider"], "not_known")


def _placement_la(extract: Extract, child: str, day: dt.date) -> str:
    placement = extract.placement(child, day)
    return "none" if placement is None else extract.area(placement) or "not_known"


def _location(extract: Extract, child: str, day: dt.date) -> str:
    area = _placement_la(extract, child, day)
    return {OWN_AREA: "in_area", "none": "none", "not_known": "not_known"}.get(area, "out_of_area")


def _legal_status(extract: Extract, child: str, day: dt.date) -> str:
    status = extract.legal_status(child, day)
    return "none" if status is None else status if status in LEGAL_STATUSES else "other"


_STATES = {
    "sex": _sex,
    "age_band": _age_band,
    "ethnicity_group": _ethnicity_group,
    "has_disability": _has_disability,
    "placement_group": _of_placement(_placement_group),
    "placement_type": _of_placement(_placement_type),
    "provider_group": _of_placement(_provider_group),
    "location": _location,
    "placement_la": _placement_la,
    "legal_status": _legal_status,
}
