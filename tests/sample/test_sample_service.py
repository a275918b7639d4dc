"""The synthetic authority's reviewing service and its conferences, as printed in its annual report.

Each number is counted on the drop that the paper's reader would have had; for months before August 2018 on the
first. The counting is done in `service_counting`, which shares no code with the generator.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from sample_counting import day
from service_counting import ServiceDrop
from test_sample import Written

from pipelines.calendar import Month

FIRST, DECEMBER, MARCH = Month(2018, 8), Month(2018, 12), Month(2019, 3)
MARCH_2018, APRIL_2018, JUNE_2018 = (Month(2018, month).end for month in (3, 4, 6))
YEAR, YEAR_BEFORE = (dt.date(2018, 4, 1), MARCH.end), (dt.date(2017, 4, 1), MARCH_2018)
MONTH = (MARCH.first_day, MARCH.end)
TWELVE = [Month(2018, 4).plus(number).end for number in range(12)]
QUALIFIED = {1982: 1, 1988: 1, 1989: 1, 1992: 1, 1993: 1, 1994: 1, 1995: 3, 1997: 2, 1998: 2, 1999: 1, 2000: 2}
QUALIFIED |= {2001: 2, 2002: 3, 2004: 1, 2005: 3, 2006: 3, 2007: 5, 2008: 4, 2009: 3, 2010: 2, 2011: 5}
BEGAN = {2001: 1, 2004: 1, 2007: 1, 2009: 1, 2010: 1, 2011: 3, 2012: 2, 2013: 3, 2014: 3, 2015: 3, 2016: 12}
BEGAN |= {2017: 9, 2018: 6, 2019: 1}

Count = Callable[[ServiceDrop], object]


def share(figure: tuple[float, float]) -> float:
    return 100 * figure[0] / figure[1]


def load(drop: ServiceDrop, at: dt.date) -> float:
    children, posts = drop.caseload(at)
    return children / posts


def yes(drop: ServiceDrop, kind: str) -> dict[str, int]:
    """How often a question of a form was answered yes, or the report came in time."""
    questions = ("report_received", "saw_other_reports", "met_chair", "could_speak", "understood_concerns")
    questions += ("invited_core_groups", "understands_plan")
    asked = {question: drop.answers(kind, question, MARCH.end) for question in questions}
    found = {question: said["in_time"] + said["Y"] for question, said in asked.items()}
    return {question: number for question, number in found.items() if number}


PRINTED: tuple[tuple[str, Month, object, Count], ...] = (
    (
        "initial conferences, March 2018",
        FIRST,
        144,
        lambda d: d.initial_conferences(dt.date(2018, 3, 1), MARCH_2018),
    ),
    (
        "initial conferences, December 2018",
        DECEMBER,
        98,
        lambda d: d.initial_conferences(DECEMBER.first_day, DECEMBER.end),
    ),
    ("initial conferences, March 2019", MARCH, 173, lambda d: d.initial_conferences(*MONTH)),
    ("meetings in the year", MARCH, 2811, lambda d: d.meetings_held(*YEAR)),
    ("meetings in March 2019", MARCH, pytest.approx(248, abs=15), lambda d: d.meetings_held(*MONTH)),
    (
        "late meetings by locality",
        MARCH,
        {"North": 12, "East": 7, "Central": 1},
        lambda d: d.late_by_area(*YEAR),
    ),
    ("children at late meetings", MARCH, 40, lambda d: sum(map(len, d.late_meetings(*YEAR).values()))),
    (
        "reasons of late meetings",
        MARCH,
        {
            "social_worker_availability": 8,
            "family_availability": 3,
            "not_quorate": 3,
            "iro_availability": 3,
            "report_not_completed": 2,
            "human_error": 1,
        },
        lambda d: d.late_reasons(*YEAR),
    ),
    ("caseload, March 2018", FIRST, pytest.approx(74.3, abs=0.1), lambda d: load(d, MARCH_2018)),
    ("caseload, March 2019", MARCH, pytest.approx(81, abs=0.5), lambda d: load(d, MARCH.end)),
    (
        "caseload of the year",
        MARCH,
        pytest.approx(77.9, abs=0.1),
        lambda d: sum(load(d, at) for at in TWELVE) / 12,
    ),
    ("posts by role, March 2019", MARCH, {"iro": 44, "foster_iro": 1}, lambda d: d.posts_by("role", MARCH.end)),
    (
        "posts by who fills them",
        MARCH,
        {"permanent": 42, "agency": 3},
        lambda d: d.posts_by("filled_by", MARCH.end),
    ),
    (
        "posts by who filled them, April 2018",
        FIRST,
        {"permanent": 43, "agency": 1},
        lambda d: d.posts_by("filled_by", APRIL_2018),
    ),
    (
        "years of qualification",
        MARCH,
        {str(year): number for year, number in QUALIFIED.items()},
        lambda d: d.officers_by_year("qualified_date", MARCH.end),
    ),
    (
        "years in which officers began",
        MARCH,
        {str(year): number for year, number in BEGAN.items()},
        lambda d: d.officers_by_year("began_role_date", MARCH.end),
    ),
    (
        "officers who left",
        MARCH,
        {"promotion": 1, "other_employer": 2},
        lambda d: d.officers_who_left(*YEAR),
    ),
    ("checked, April 2018", FIRST, pytest.approx(87.3, abs=0.05), lambda d: share(d.checked_cla(APRIL_2018))),
    ("checked, June 2018", FIRST, pytest.approx(84.6, abs=0.05), lambda d: share(d.checked_cp(JUNE_2018))),
    (
        "checked in the year",
        MARCH,
        pytest.approx(85, abs=0.5),
        lambda d: share((sum(d.checked_cla(at)[0] for at in TWELVE), sum(d.checked_cla(at)[1] for at in TWELVE))),
    ),
    (
        "best months",
        MARCH,
        (0, 2),
        lambda d: (
            max(range(12), key=lambda number: share(d.checked_cla(TWELVE[number]))),
            max(range(12), key=lambda number: share(d.checked_cp(TWELVE[number]))),
        ),
    ),
    (
        "problem resolutions by context",
        MARCH,
        {"cla": 299, "cp": 122},
        lambda d: d.challenges("problem_resolution", "context", *YEAR),
    ),
    (
        "management alerts by context",
        MARCH,
        {"cla": 828, "cp": 456},
        lambda d: d.challenges("management_alert", "context", *YEAR),
    ),
    (
        "problem resolutions by category and impact",
        MARCH,
        (pytest.approx([50, 31], abs=0.5), pytest.approx(36, abs=0.5)),
        lambda d: (
            [
                100 * d.challenges("problem_resolution", "category", *YEAR)[code] / 421
                for code in ("plan_implementation", "compliance")
            ],
            100 * d.challenges("problem_resolution", "impact", *YEAR)["drift_delay"] / 421,
        ),
    ),
    (
        "levels of resolution",
        MARCH,
        pytest.approx([69, 21, 9, 1], abs=0.5),
        lambda d: [
            100 * d.resolved(*YEAR)[level] / sum(d.resolved(*YEAR).values())
            for level in ("practice_manager", "team_manager", "senior_manager", "head_of_service")
        ],
    ),
    ("resolutions over four weeks", MARCH, 0, lambda d: d.open_over_four_weeks("problem_resolution", MARCH.end)),
    (
        "absent without a report",
        MARCH,
        {
            "gp": 66,
            "health_visitor_nurse_midwife": 44,
            "education": 17,
            "early_years": 8,
            "family_support": 8,
            "mental_health": 6,
            "probation": 4,
            "social_worker": 4,
            "police": 1,
        },
        lambda d: d.absent(*YEAR),
    ),
    (
        "how children took part",
        MARCH,
        [86, 184, 779, 130],
        lambda d: [d.took_part(*YEAR)[way] for way in ("form", "attended", "views_given", "views_not_available")],
    ),
    (
        "how children took part in the year before",
        FIRST,
        [81, 209, 846, 79],
        lambda d: [
            d.took_part(*YEAR_BEFORE)[way] for way in ("form", "attended", "views_given", "views_not_available")
        ],
    ),
    (
        "what families said at initial conferences",
        MARCH,
        {
            "report_received": 49,
            "saw_other_reports": 33,
            "met_chair": 57,
            "could_speak": 58,
            "understood_concerns": 58,
        },
        lambda d: yes(d, "initial"),
    ),
    (
        "what families said at review conferences",
        MARCH,
        {
            "report_received": 64,
            "saw_other_reports": 41,
            "could_speak": 88,
            "understood_concerns": 76,
            "invited_core_groups": 82,
            "understands_plan": 80,
        },
        lambda d: yes(d, "review"),
    ),
    ("forms", MARCH, [58, 90], lambda d: [d.answers(kind, "could_speak", MARCH.end).total() for kind in KINDS]),
    ("appeals, and those upheld", MARCH, (4, 1), lambda d: d.appeals(*YEAR)),
    ("appeals of the year before", FIRST, (10, 2), lambda d: d.appeals(*YEAR_BEFORE)),
    (
        "long plans by locality",
        MARCH,
        pytest.approx([42, 39, 18], abs=1.5),
        lambda d: [
            100 * d.long_plans_by_area(*YEAR)[area] / sum(d.long_plans_by_area(*YEAR).values())
            for area in ("East", "Central", "North")
        ],
    ),
)
KINDS = ("initial", "review")


@pytest.fixture(scope="module")
def drop_of(lancashire: Path) -> Callable[[Month], ServiceDrop]:
    """The drop of a month, read once."""
    written = Written(lancashire)

    @cache
    def read(month: Month) -> ServiceDrop:
        return ServiceDrop(written.drop(month), written.rejected(month), {})

    return read


@pytest.mark.parametrize(
    ("month", "printed", "count"), [case[1:] for case in PRINTED], ids=[case[0] for case in PRINTED]
)
def test_a_drop_holds_what_the_annual_report_prints(
    drop_of: Callable[[Month], ServiceDrop], month: Month, printed: object, count: Count
) -> None:
    assert count(drop_of(month)) == printed


def test_children_of_a_family_share_their_meetings(drop_of: Callable[[Month], ServiceDrop]) -> None:
    drop = drop_of(MARCH)
    sizes = Counter(len({row_person(row) for _, row in parts}) for parts in drop.meetings.values())
    assert set(sizes) == {1, 2, 3, 4, 5}
    assert sizes[1] > sizes[2] > sizes[3] > sizes[4] > sizes[5] > 20
    teams = [
        {row["icpc_icpc_team"] for kind, row in parts if kind == "initial"} for parts in drop.meetings.values()
    ]
    assert max(map(len, teams)) == 1


def row_person(row: dict[str, str]) -> str:
    return row.get("icpc_person_id") or row["cppr_person_id"]


def test_lists_are_of_meetings_that_there_are(drop_of: Callable[[Month], ServiceDrop], lancashire: Path) -> None:
    drop = drop_of(MARCH)
    at_fault = {key.partition("|")[0] for _, key in Written(lancashire).records_at_fault(MARCH)}
    held = {key: {row_person(row) for _, row in parts} for key, parts in drop.meetings.items()}
    for row in drop.rows("local_conference_attendance"):
        on = day(row["meeting_date"])
        assert (on and (row["meeting_id"], on) in held) or row["meeting_id"] in at_fault
    for row in drop.rows("local_conference_child"):
        on = day(row["meeting_date"])
        assert on and (row["meeting_id"] in at_fault or row["person_id"] in held[row["meeting_id"], on])


def test_lists_that_change_seldom_come_seldom(lancashire: Path) -> None:
    drops = sorted((lancashire / "raw" / "lcs" / "888").iterdir())
    months = {
        name: [int(drop.name[-2:]) for drop in drops if (drop / f"{name}.csv").exists()]
        for name in ("local_conference_feedback", "local_conference_appeal", "local_foster_review")
    }
    assert months == {
        "local_conference_feedback": [3, 4, 5, 6, 7, 8],
        "local_conference_appeal": [8, 11, 3, 6],
        "local_foster_review": [8, 11, 3, 5, 8],
    }
