"""Rows of the lists about conferences: who was invited, how children took part, what families said, appeals.

Belongs here: local_conference_attendance, local_conference_child, local_conference_feedback and
local_conference_appeal. Does not belong here: the meetings (`meetings`).
"""

import datetime as dt
from collections.abc import Iterator

from warehouse_sample.book import Book, Meeting
from warehouse_sample.care_targets import Target, printed_codes, targets
from warehouse_sample.permanence_lists import version_with
from warehouse_sample.plans import add_months
from warehouse_sample.recording import Known, ended
from warehouse_sample.timeline import DROPS, HORIZON, NEVER, REVIEWED_DROP, days, month_end, random_day
from warehouse_sample.world import World

_INVITED_FROM, _AFTER = dt.date(2018, 4, 1), month_end(REVIEWED_DROP)
_AGENCIES = (
    ("education", 30),
    ("health_visitor_nurse_midwife", 30),
    ("gp", 14),
    ("police", 8),
    ("family_support", 8),
    ("early_years", 6),
    ("mental_health", 4),
    ("probation", 3),
    ("housing", 3),
    ("voluntary", 2),
    ("other", 1),
)
_INVITED, _CAME, _UNINVITED = 2, 0.78, 0.01
"""Agencies at each meeting beside the social worker; shares of them."""
_ABSENT_A_MONTH = 12
"""After the printed year."""

_ASKED_FROM_AGE = 6
_ASKED_A_MONTH, _FORM = 92, 0.08
_WAYS = ("attended", "views_given", "views_not_available")

_QUESTIONS = (
    "report_received",
    "saw_other_reports",
    "met_chair",
    "could_speak",
    "understood_concerns",
    "invited_core_groups",
    "understands_plan",
)
_FORMS_A_MONTH, _FORMS_WRITTEN = 9, tuple(range(REVIEWED_DROP, len(DROPS)))
_GROUNDS, _APPEALS_WRITTEN = ("process", "decision", "plan"), (0, 3, 7, 10)
_DECIDED_AFTER = (20, 45)


def write_conference_lists(book: Book, world: World) -> None:
    """All rows of this module."""
    _invitations(book)
    _children(book, world)
    _forms(book)
    _appeals(book)


def _of(meetings: list[Meeting], asked: Target) -> list[Meeting]:
    """The meetings of the months that are asked, as the drop shows them."""
    return [each for each in meetings if asked.is_in_months(each.day) and each.is_shown(asked.at.drop)]


def _months_after() -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of the months after the printed year."""
    for month in range(REVIEWED_DROP + 1, len(DROPS)):
        yield month_end(month - 1) + days(1), month_end(month)


# Who was invited


def _invitations(book: Book) -> None:
    rng = book.rng
    meetings = [each for each in book.meetings if _INVITED_FROM <= each.day <= HORIZON]
    absent: dict[str, list[str]] = {each.id: [] for each in meetings}
    for asked, number in targets("absent").items():
        for meeting in rng.sample(_of(meetings, asked), number):
            absent[meeting.id].append(asked.code)
    codes = printed_codes("absent")
    for first, last in _months_after():
        of_month = [each for each in meetings if first <= each.day <= last]
        for meeting in rng.sample(of_month, min(_ABSENT_A_MONTH, len(of_month))):
            absent[meeting.id].append(rng.choice(codes))
    names, weights = zip(*_AGENCIES, strict=True)
    for meeting in meetings:
        agencies = dict.fromkeys(("social_worker", *rng.choices(names, weights, k=_INVITED), *absent[meeting.id]))
        for number, agency in enumerate(agencies, 1):
            is_absent = agency in absent[meeting.id]
            came = not is_absent and rng.random() < _CAME
            is_uninvited = came and rng.random() < _UNINVITED
            reports = not is_absent and (not came or rng.random() < 0.5)
            flags = ("N" if is_uninvited else "Y", "Y" if came else "N", "Y" if reports else "N")
            row = (meeting.id, number, meeting.day, agency, *flags)
            book.add("local_conference_attendance", meeting.shown, *row)


# How children took part


def _children(book: Book, world: World) -> None:
    rng = book.rng
    born = {child.id: child.born for child in world.children if child.has_dob}
    able = [each for each in book.meetings if each.day <= HORIZON and each.children.keys() <= born.keys()]
    for asked in dict.fromkeys(target._replace(code="") for target in targets("took_part")):
        ways, forms = (printed_codes(measure, asked.at.drop) for measure in ("took_part", "has_form"))
        _take_part(book, _of(able, asked), born, _shuffled(book, ways, len(forms)), asked.at.drop)
    for first, last in _months_after():
        ways = rng.choices(printed_codes("took_part"), k=_ASKED_A_MONTH)
        of_month = [each for each in able if first <= each.day <= last]
        _take_part(book, of_month, born, _shuffled(book, ways, round(_FORM * len(ways))), None)


def _shuffled(book: Book, ways: list[str], forms: int) -> list[tuple[str, str]]:
    """The ways in which children took part, with or without a form that was completed before."""
    completed = ["Y"] * forms + ["N"] * (len(ways) - forms)
    return list(zip(book.rng.sample(ways, len(ways)), completed, strict=True))


def _take_part(
    book: Book, meetings: list[Meeting], born: dict[str, dt.date], asked: list[tuple[str, str]], drop: int | None
) -> None:
    """Lists as many children as are asked, and the little ones who were at the same meetings."""
    for meeting in book.rng.sample(meetings, len(meetings)):
        for child, shown in meeting.children.items() if asked else ():
            if drop is not None and not shown[0] <= drop < shown[1]:
                continue
            is_little = add_months(born[child], 12 * _ASKED_FROM_AGE) > meeting.day
            if is_little or asked:
                way, form = ("under_age", "N") if is_little else asked.pop()
                book.add("local_conference_child", shown, meeting.id, child, meeting.day, form, way)


# What families said


def _forms(book: Book) -> None:
    rng = book.rng
    answers = {
        kind: {question: printed_codes(f"{kind}.{question}") for question in _QUESTIONS}
        for kind in ("initial", "review")
    }
    for kind, printed in answers.items():
        days_held = [each.day for each in book.meetings if each.is_initial == (kind == "initial")]
        (asked,) = {target._replace(code="") for target in targets(f"{kind}.could_speak")}
        of_month = [day for day in days_held if asked.is_in_months(day)]
        decks = {question: rng.sample(codes, len(codes)) for question, codes in printed.items() if codes}
        for number in range(len(decks["could_speak"])):
            _form(book, kind, rng.choice(of_month), {question: deck[number] for question, deck in decks.items()})
        for first, last in _months_after():
            later = [day for day in days_held if first <= day <= last]
            for _ in range(_FORMS_A_MONTH):
                chosen = {question: rng.choice(deck) for question, deck in decks.items()}
                _form(book, kind, rng.choice(later), chosen)


def _form(book: Book, kind: str, day: dt.date, answers: dict[str, str]) -> None:
    said = {question: answer or None for question, answer in answers.items()}
    comment = "The chair explained everything" if book.rng.random() < 0.1 else None
    about = {"form_id": book.id("92"), "meeting_date": day, "meeting_type": kind, "comment": comment}
    book.add_named("local_conference_feedback", (version_with(day, _FORMS_WRITTEN), NEVER), **about, **said)


# Appeals


def _appeals(book: Book) -> None:
    rng = book.rng
    for asked, number in targets("appeal").items():
        part = (asked.at.day - days(_DECIDED_AFTER[1]) - asked.first) // number
        for place in range(number):
            received = random_day(rng, asked.first + place * part, asked.first + (place + 1) * part)
            _appeal(book, received, asked.code, "procedure" if asked.at.drop == 0 else "professionals_absent")
    for first, last in list(_months_after())[::2]:
        _appeal(book, random_day(rng, first, last), "not_upheld", "")


def _appeal(book: Book, received: dt.date, outcome: str, reason: str) -> None:
    decided = received + days(book.rng.randint(*_DECIDED_AFTER))
    known = version_with(decided, _APPEALS_WRITTEN)
    book.add_named(
        "local_conference_appeal",
        (version_with(received, _APPEALS_WRITTEN), NEVER),
        appeal_id=book.id("91"),
        received_date=received,
        ground=book.rng.choice(_GROUNDS),
        decided_date=ended(known, decided),
        outcome=Known(((0, None), (known, outcome))),
        upheld_reason=Known(((0, None), (known, reason if outcome == "upheld" else None))),
    )
