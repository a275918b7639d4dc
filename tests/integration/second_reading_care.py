"""Children looked after, who came and who left, their health and their placements, read a second time.

Their reviews are elsewhere.
"""

import datetime as dt
from collections.abc import Iterator

from second_reading_extract import (
    TEMPORARY,
    Codes,
    Counted,
    Extract,
    PeriodOfCare,
    Row,
    add_months,
    age_on,
    band,
    letters_and_digits,
    open_on,
    within,
)

ADOPTIVE = {"A3", "A4", "A5", "A6"}
ONE_DAY = dt.timedelta(days=1)
CEASED_GROUPS = {
    "E11": "adopted", "E12": "adopted", "E41": "child_arrangements", "E4A": "returned_home",
    "E4B": "returned_home", "E13": "returned_home", "E5": "independent", "E6": "independent", "E7": "adult_care",
    "E9": "custody", "E14": "custody", "E17": "stayed_with_carers", "E3": "moved", "E16": "moved", "E2": "died",
    "E8": "other", "E15": "other",
    **dict.fromkeys(("E43", "E44", "E45", "E46", "E47", "E48"), "special_guardianship"),
}  # fmt: skip

CHECK_KINDS = {
    "initial": "initial", "initialhealthassessment": "initial", "initialhealthassessmentiha": "initial",
    "iha": "initial", "initialha": "initial", "healthassessmentinitial": "initial", "initialmedical": "initial",
    "review": "review", "reviewhealthassessment": "review", "reviewhealthassessmentrha": "review",
    "rha": "review", "reviewha": "review", "healthassessmentreview": "review",
    "annualhealthassessment": "review", "sixmonthlyhealthassessment": "review",
    "unspecified": "unspecified", "healthassessment": "unspecified", "ha": "unspecified",
    **dict.fromkeys(("dental", "dentalcheck", "dentalassessment", "dentalcheckup", "dentist"), "dental"),
    "statutoryhealthassessment": "unspecified", "medical": "unspecified",
}  # fmt: skip


def care(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    if extract.looked_after(child, day):
        yield "children_looked_after", extract.team_of_child(child, day), True, _in_care(extract, child, day)
    for period in extract.periods_of_care(child):
        entered = period.entered
        if within(day.replace(day=1), entered, day) and not extract.on_short_break(child, entered):
            codes = {"day": entered, "need": extract.need(child, entered)}
            yield "cla_started", extract.team_of_child(child, entered), True, codes
        last = last_ceased_episode(extract, period, day)
        if last and last["clae_cla_episode_ceased_date"] >= day.replace(day=1):
            day_before = last["clae_cla_episode_ceased_date"] - ONE_DAY
            yield (
                "cla_ceased",
                extract.team_of_child(period.child, day_before),
                True,
                how_care_ended(last, day_before),
            )


def _in_care(extract: Extract, child: str, day: dt.date) -> Codes:
    since = extract.in_care_since(child, day)
    assert since is not None
    edges = (6, "under_6_months"), (12, "6_12_months"), (24, "1_2_years"), (60, "2_5_years")
    return {"need": extract.need(child, day), "time_in_care_band": band(since, day, *edges, last="over_5_years")}


def how_care_ended(last: Row, day_before: dt.date) -> Codes:
    reason = last["clae_cla_episode_ceased_reason"]
    return {
        "day": day_before,
        "ceased_reason": "not_recorded" if reason is None else reason if reason in CEASED_GROUPS else "other",
        "ceased_reason_group": CEASED_GROUPS.get(reason, "other"),
    }


def last_ceased_episode(extract: Extract, period: PeriodOfCare, day: dt.date) -> Row | None:
    """The last episode of a period that has ceased by a day; None where the period goes on."""
    last = max(
        (row for row in period.episodes if (row["clae_cla_episode_start_date"] or dt.date.max) <= day),
        key=lambda row: (
            row["clae_cla_episode_start_date"],
            row["clae_cla_episode_ceased_date"] or dt.date.max,
            extract.id_order("ssd_cla_episodes", "clae_cla_episode_id", row),
        ),
        default=None,
    )
    if last is None or last["clae_cla_episode_ceased_reason"] == "X1":
        return None
    ceased = last["clae_cla_episode_ceased_date"]
    if ceased is None or ceased > day or extract.on_short_break(period.child, ceased - ONE_DAY):
        return None
    return last


def completed_checks(extract: Extract, child: str, *kinds: str) -> set[dt.date]:
    """The days of completed checks of these kinds."""
    return {
        row["clah_health_check_date"]
        for row in extract.rows("ssd_cla_health", child)
        if CHECK_KINDS.get(letters_and_digits(row["clah_health_check_type"])) in kinds
        and letters_and_digits(row["clah_health_check_status"]) == "completed"
        and row["clah_health_check_date"] is not None
    }


def health(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    if not extract.looked_after(child, day):
        return
    period = extract.present_period(child, day)
    if period is None or period.entered is None or add_months(period.entered, 12) > day:
        return
    if extract.ever_on_short_break(child, add_months(day, -12) + ONE_DAY, day):
        return
    team = extract.team_of_child(child, day)
    months = 6 if age_on(extract.born[child], day) < 5 else 12
    for indicator, kinds, lasts in (
        ("cla_health_assessment_up_to_date", ("initial", "review", "unspecified"), months),
        ("cla_dental_check_up_to_date", ("dental",), 12),
    ):
        done = [check for check in completed_checks(extract, child, *kinds) if check <= day]
        yield indicator, team, bool(done) and add_months(max(done), lasts) >= day


def placements(extract: Extract, child: str, day: dt.date) -> Iterator[Counted]:
    if not extract.looked_after(child, day):
        return
    team = extract.team_of_child(child, day)
    spells = [row for row in extract.rows("ssd_cla_placement", child) if _has_a_day(row)]
    of_the_year = [
        row
        for row in spells
        if row["clap_cla_placement_type"] not in TEMPORARY
        and row["clap_cla_placement_start_date"] <= day
        and _last_day(row) > add_months(day, -12)
    ]
    yield "cla_three_or_more_placements", team, len(of_the_year) >= 3
    period = extract.present_period(child, day)
    if period is None or period.entered is None or add_months(period.entered, 30) > day:
        return
    if age_on(extract.born[child], day) < 16:
        yield "cla_long_term_stability", team, any(_is_long(row, spells, day) for row in spells)


def _has_a_day(row: Row) -> bool:
    start, end = row["clap_cla_placement_start_date"], row["clap_cla_placement_end_date"]
    return start is not None and (end is None or start < end)


def _last_day(row: Row) -> dt.date:
    end = row["clap_cla_placement_end_date"]
    return dt.date.max if end is None else end - ONE_DAY


def _is_long(row: Row, spells: list[Row], day: dt.date) -> bool:
    start = row["clap_cla_placement_start_date"]
    if not open_on(start, row["clap_cla_placement_end_date"], day):
        return False
    if add_months(start, 24) <= day:
        return True
    before = [
        other["clap_cla_placement_start_date"]
        for other in spells
        if other["clap_cla_placement_end_date"] in (start, start - ONE_DAY)
    ]
    return row["clap_cla_placement_type"] in ADOPTIVE and any(other <= add_months(day, -24) for other in before)
