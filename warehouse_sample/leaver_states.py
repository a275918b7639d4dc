"""Contact, accommodation and activity of care leavers, so that the printed percentages are shown.

Belongs here: each person's states in each drop. Does not belong here: who is a care leaver (`leavers`).
The report prints whole percentages: of the counts that round to one, the nearest is taken.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pipelines.calendar import Month
from warehouse_sample.lives import Child
from warehouse_sample.plans import add_months
from warehouse_sample.printed_figures import CLA, printed_county
from warehouse_sample.reported import end_shown, is_shown
from warehouse_sample.timeline import DROPS, MONTHS, NEVER, days, month_end

_COUNTED = frozenset({"Relevant", "Former Relevant", "Qualifying"})
_CONTACT_LASTS, _CONTACT_LASTS_NOW, _NOW = 3, 2, MONTHS.index(Month(2019, 7))
"""Months that a contact counts: until June 2019, and from July 2019 on."""
_SEEN_AGAIN = 0.42
"""Of those in touch, the share that is seen again in a month without need."""
_OUT_OF_TOUCH = (("NO", 10), ("REFU", 4), ("NREQ", 3), ("YES", 2))
_SUITABLE = "BBCDDDEEKKTTUUUUUYZZ"
_UNDER_18 = str.maketrans("TZ", "CE")
"""Codes used under 18 in place of a foyer and a former foster carer, which are for adults."""
_UNSUITABLE = "SSXXXVWBUY"
_OUTSIDE = "GGHRRR"
_OUTSIDE_SHARES = (0.008, 0.018)
_NO_INFORMATION = 0.15
"""Share without information, of those without suitable accommodation."""
_IN_WORK = ("F1", "F2", "F2", "F2", "F3", "F3", "F4", "F5", "P1", "P2", "P3", "P4", "P5")
_KNOWN_OUT_OF_WORK = ("G4", "G4", "G5", "G5", "G5", "G6")
_OUT_OF_WORK = (*_KNOWN_OUT_OF_WORK, "0")
_AGES_PRINTED, _IN_WORK_BY_AGE = MONTHS.index(Month(2019, 6)), {18: 56, 21: 43}
"""Per cent in education, employment or training by age, as printed for a month."""
_TURNOVER = 0.006
"""Share of people whose state changes in a month beyond what the figures ask for, each way."""


@dataclass(eq=False, slots=True)
class Leaver:
    """A care leaver: the first drop that shows the person, eligibility by drop, and from when on gone for good."""

    child: Child
    since: int
    eligibility: list[str]
    gone: int = NEVER
    gone_as: str = ""
    is_of_age: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        sixteen, over_25 = (add_months(self.child.turns_18, months) for months in (-24, 96))
        self.is_of_age = [sixteen <= month_end(drop) < over_25 for drop in DROPS]

    @property
    def no_longer_owed(self) -> int:
        """The first drop that shows the person as no longer owed support; NEVER if there is none."""
        without = [
            drop for drop in DROPS if drop >= self.gone or self.eligibility[drop] == "No Current Eligibility"
        ]
        return min(without, default=NEVER)

    def left_care(self, drop: int) -> dt.date:
        """The last day of care that a drop shows; the first of all days where it shows none."""
        care = [spell for spell in self.child.spells if spell.kind == CLA and is_shown(spell, drop)]
        ends = [end_shown(spell, drop) for spell in care]
        return dt.date.min if None in ends else max((end for end in ends if end), default=dt.date.min)

    def is_counted(self, drop: int) -> bool:
        """Whether the person is one of the printed number of care leavers."""
        is_there = self.since <= drop < self.gone and self.is_of_age[drop]
        return is_there and self.eligibility[drop] in _COUNTED


@dataclass
class LeaverStates:
    """The cells of each person, by drop. Homes have two: accommodation (0), and whether it is suitable (1)."""

    in_touch: dict[Leaver, list[str]] = field(default_factory=dict)
    contact: dict[Leaver, list[dt.date | None]] = field(default_factory=dict)
    home: dict[tuple[Leaver, int], list[str]] = field(default_factory=dict)
    activity: dict[Leaver, list[str]] = field(default_factory=dict)


def leaver_states(rng: Random, leavers: list[Leaver]) -> LeaverStates:
    """Cells of every person for every drop; those of drops that do not show the person mean nothing."""
    states = LeaverStates()
    everybody = [[leaver for leaver in leavers if leaver.is_counted(drop)] for drop in DROPS]
    outside, suitable, in_work = _Flags(rng), _Flags(rng), _Flags(rng)
    for drop, counted in enumerate(everybody):
        share = printed_county("care_leavers_suitable_accommodation")[drop]
        outside.go_on(drop, counted, _number_outside(len(counted), share, outside.number(drop - 1)))
        housed = [leaver for leaver in counted if not outside.states[leaver][drop]]
        suitable.go_on(drop, housed, nearest(share, len(housed)))
        in_work.go_on(drop, counted, nearest(printed_county("care_leavers_eet")[drop], len(counted)))
    for leaver in leavers:
        states.home[leaver, 0] = _homes(rng, leaver, outside.course(leaver), suitable.course(leaver))
        states.activity[leaver] = _activities(rng, leaver, in_work.course(leaver))
    _contacts(rng, leavers, everybody, states)
    for leaver in leavers:
        _tell_what_is_known(rng, states, leaver)
        states.home[leaver, 1] = [home[1:] or "0" for home in states.home[leaver, 0]]
    return states


def fit_ages(rng: Random, leavers: list[Leaver], activity: dict[Leaver, list[str]]) -> None:
    """Swaps activities between people of different ages until the printed share of an age is in work.

    Both are counted in every drop in which they swap, so no drop has more people in work, or fewer.
    """
    ages: dict[int, list[Leaver]] = defaultdict(list)
    for leaver in leavers:
        if leaver.is_counted(_AGES_PRINTED):
            ages[leaver.child.completed_years(month_end(_AGES_PRINTED))].append(leaver)
    others = [leaver for age, people in ages.items() if age not in _IN_WORK_BY_AGE for leaver in people]
    for age, percent in _IN_WORK_BY_AGE.items():
        in_work = [leaver for leaver in ages[age] if _is_in_work(activity[leaver])]
        lacking = nearest(percent, len(ages[age])) - len(in_work)
        changing = [leaver for leaver in ages[age] if _is_in_work(activity[leaver]) is (lacking < 0)]
        able = [leaver for leaver in others if _is_in_work(activity[leaver]) is (lacking > 0)]
        rng.shuffle(able)
        for leaver in rng.sample(changing, len(changing)):
            other = next((each for each in able if _may_swap(leaver, each, activity)), None)
            if not lacking or other is None:
                continue
            first = max(_counted_from(leaver), _counted_from(other))
            mine, theirs = activity[leaver], activity[other]
            mine[first:], theirs[first:] = theirs[first:], mine[first:]
            able.remove(other)
            lacking -= 1 if lacking > 0 else -1


def _is_in_work(activities: list[str]) -> bool:
    return activities[_AGES_PRINTED][0] in "FP"


def _counted_from(leaver: Leaver) -> int:
    """The drop from which on every one counts the person; NEVER if the last one does not."""
    without = [drop for drop in DROPS if not leaver.is_counted(drop)]
    following = max(without, default=-1) + 1
    return following if following < len(DROPS) else NEVER


def _may_swap(one: Leaver, other: Leaver, activity: dict[Leaver, list[str]]) -> bool:
    """Whether both are counted from the drop of the printed ages to the last one, and what they do is known."""
    first = max(_counted_from(one), _counted_from(other))
    return first <= _AGES_PRINTED and "0" not in (*activity[one][first:], *activity[other][first:])


def nearest(percent: int, number: int) -> int:
    """The count that is nearest to a whole percentage of a number."""
    return round(percent * number / 100)


def _number_outside(counted: int, share: int, before: int) -> int:
    """How many live where suitability is not asked, so that the printed share fits the others best."""
    low, high = (int(part * counted) for part in _OUTSIDE_SHARES)

    def misses(number: int) -> tuple[bool, int]:
        housed = counted - number
        return abs(100 * nearest(share, housed) / housed - share) >= 0.05, abs(number - before)

    return min(range(low, high + 1), key=misses)


class _Flags:
    """Which people have a state, drop by drop, for given numbers. State: who had it last."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.states: dict[Leaver, dict[int, bool]] = {}

    def number(self, drop: int) -> int:
        return sum(states.get(drop, False) for states in self.states.values())

    def course(self, leaver: Leaver) -> dict[int, bool]:
        return self.states.get(leaver, {})

    def go_on(self, drop: int, people: list[Leaver], wanted: int) -> None:
        """Changes as few people as possible, and a few more; newcomers have the same odds as the others."""
        was = {leaver: states[max(states)] for leaver in people if (states := self.states.get(leaver))}
        new = [leaver for leaver in people if leaver not in was]
        for leaver in new:
            was[leaver] = self.rng.random() * len(people) < wanted
        is_so = [leaver for leaver in people if was[leaver]]
        is_not = [leaver for leaver in people if not was[leaver]]
        lacking = wanted - len(is_so)
        churn = 0 if len(new) == len(people) else int(_TURNOVER * wanted + self.rng.random())
        churn = max(0, min(churn, len(is_so) + min(0, lacking), len(is_not) - max(0, lacking)))
        changing = {
            *self.rng.sample(is_so, churn - min(0, lacking)),
            *self.rng.sample(is_not, churn + max(0, lacking)),
        }
        for leaver in people:
            self.states.setdefault(leaver, {})[drop] = was[leaver] != (leaver in changing)


def _homes(rng: Random, leaver: Leaver, outside: dict[int, bool], suitable: dict[int, bool]) -> list[str]:
    """Accommodation by drop: a letter, and 1 for suitable or 2 for not; 0 where nothing is known."""
    homes: list[str] = []
    before: Any = None
    for drop in DROPS:
        now = (outside.get(drop), suitable.get(drop))
        if drop >= leaver.gone:
            homes.append("0")
        elif homes and now == before and rng.random() > 0.02:
            homes.append(homes[-1])
        elif now[0]:
            homes.append(rng.choice(_OUTSIDE) + rng.choice("12"))
        elif now[1] is False:
            homes.append("0" if rng.random() < _NO_INFORMATION else rng.choice(_UNSUITABLE) + "2")
        else:
            letter = rng.choice(_SUITABLE)
            is_child = leaver.child.turns_18 > month_end(drop)
            homes.append((letter.translate(_UNDER_18) if is_child else letter) + "1")
        before = now
    return homes


def _activities(rng: Random, leaver: Leaver, in_work: dict[int, bool]) -> list[str]:
    activities: list[str] = []
    before: bool | None = None
    for drop in DROPS:
        now = in_work.get(drop)
        if drop >= leaver.gone:
            activities.append("0")
        elif activities and now == before and rng.random() > 0.02:
            activities.append(activities[-1])
        else:
            activities.append(rng.choice(_OUT_OF_WORK if now is False else _IN_WORK))
        before = now
    return activities


def _tell_what_is_known(rng: Random, states: LeaverStates, leaver: Leaver) -> None:
    """Fills in home and activity of people in touch, in ways that the figures do not count."""
    home, activity = rng.choice(_UNSUITABLE) + "2", rng.choice(_KNOWN_OUT_OF_WORK)
    for drop in DROPS:
        if states.in_touch[leaver][drop] == "YES":
            for states_of, known in ((states.home[leaver, 0], home), (states.activity[leaver], activity)):
                if states_of[drop] == "0":
                    states_of[drop] = known


# Contact


def _lasts(drop: int) -> int:
    return _CONTACT_LASTS_NOW if drop >= _NOW else _CONTACT_LASTS


def _is_recent(day: dt.date | None, drop: int) -> bool:
    at = month_end(drop)
    return day is not None and day <= at <= add_months(day, _lasts(drop))


def _contacts(rng: Random, leavers: list[Leaver], counted: list[list[Leaver]], states: LeaverStates) -> None:
    """The latest contact of each person; those in touch one month are likely to be so the next."""
    easy = {leaver: rng.random() for leaver in leavers}
    manner = {leaver: _pick(rng, _OUT_OF_TOUCH) for leaver in leavers}
    latest: dict[Leaver, dt.date | None] = {
        leaver: None if rng.random() < 0.1 else month_end(-4) - days(rng.randint(0, 300)) for leaver in leavers
    }
    for leaver in leavers:
        states.in_touch[leaver], states.contact[leaver] = [], []
    for drop in DROPS:
        left = {leaver: leaver.left_care(drop) for leaver in leavers}
        for leaver, day in latest.items():
            latest[leaver] = day if day and day >= left[leaver] else None
        wanted = nearest(printed_county("care_leavers_in_touch")[drop], len(counted[drop]))
        able = [leaver for leaver in counted[drop] if left[leaver] <= month_end(drop)]
        recent = {leaver for leaver in able if _is_recent(latest[leaver], drop)}
        if len(recent) > wanted:
            raise RuntimeError(f"{len(recent)} care leavers were seen lately in drop {drop}, not {wanted}")
        in_touch = {*recent, *_seen_again(rng, able, recent, wanted, easy)}
        others = {leaver for leaver in leavers if drop < leaver.gone and not leaver.is_counted(drop)}
        for leaver in leavers:
            lapses = not _is_recent(latest[leaver], drop)
            is_seen = leaver in in_touch and (lapses or rng.random() < _SEEN_AGAIN)
            is_new = drop == 0 or latest[leaver] is None
            if is_seen or (leaver in others and (is_new or rng.random() < _SEEN_AGAIN)):
                back = rng.choice((0, 0, 1, 2)) if drop == 0 else 0
                seen = month_end(drop - back) - days(rng.randint(1, 27))
                latest[leaver] = min(max(seen, left[leaver]), month_end(drop))
            states.contact[leaver].append(latest[leaver])
            code = "YES" if leaver in in_touch or leaver in others else manner[leaver]
            if code == "YES" and latest[leaver] is None:
                code = "NO"
            states.in_touch[leaver].append(leaver.gone_as if drop >= leaver.gone else code)


def _seen_again(
    rng: Random, able: list[Leaver], recent: set[Leaver], wanted: int, easy: dict[Leaver, float]
) -> list[Leaver]:
    """Who must be seen this month so that the wanted number is in touch."""
    others = [leaver for leaver in able if leaver not in recent]
    others.sort(key=lambda leaver: easy[leaver] + rng.uniform(0, 0.3), reverse=True)
    return others[: wanted - len(recent)]


def _pick(rng: Random, weighted: tuple[tuple[str, float], ...]) -> str:
    return rng.choices([code for code, _ in weighted], [weight for _, weight in weighted])[0]
