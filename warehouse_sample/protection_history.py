"""How long child protection plans had lasted when they ended, and how many were repeat plans.

Belongs here: fitting finished lives to the printed shares of long and of repeat plans, by moving the start of old
plans and adding earlier ones. Month ends of the drops show none of these changes. Does not belong here: plans open
at those month ends (`history`, `months`).
"""

import datetime as dt
from dataclasses import dataclass, field

from warehouse_sample.care_targets import the_target
from warehouse_sample.conference_days import conference_day
from warehouse_sample.lives import Allocation, Referral, Spell
from warehouse_sample.organisation import CENTRAL, COUNTY, EAST, EXPLOITATION, NORTH, TEAMS
from warehouse_sample.plans import add_months
from warehouse_sample.printed_figures import CP
from warehouse_sample.reported import end_shown, financial_year, is_shown, start_shown, team_on
from warehouse_sample.timeline import DROPS, REVIEWED_DROP, days, month_end
from warehouse_sample.world import World


@dataclass(frozen=True)
class _Year:
    """The printed shares of a financial year, and the drop that shows it whole or as far as it goes."""

    began: int
    drop: int
    ended_after_two_years: float
    repeat: float
    repeat_within_a_year: float
    long_by_area: dict[str | None, float] = field(default_factory=lambda: {None: 1.0})
    """Shares of the plans of two years or more by locality, or by team of the county's services."""


_YEARS = (
    _Year(2017, 0, 0.023, 0.209, 0.062),
    _Year(2018, REVIEWED_DROP, 0.04, 0.213, 0.0675, {EAST: 0.42, CENTRAL: 0.39, NORTH: 0.18, EXPLOITATION: 0.01}),
    _Year(2019, DROPS[-1], 0.04, 0.213, 0.0675),
)
"""2019/20 is not printed: like the year before. Repeats within a year of 2018/19 are printed as 6 and as 7.5."""
TWO_YEARS = 729
"""Days: a plan that lasted more is one of two years or more."""
_LASTED_LONG, _LASTED_LESS = (740, 900), (610, 715)
_NEARLYTWO_YEARS = 540
_EARLIER_LASTED = (70, 330)
_RECENT_GAP, _OLD_GAP = (40, 330), (430, 2200)
_OLD_ENOUGH = 3
"""Years: young enough children cannot have had another plan that lasted."""
_UNSEEN = month_end(-1)
"""The last day of July 2018: a plan that ended by then is open at no month end of a drop."""


def settle_protection(world: World) -> None:
    """Changes the past of some children so that each year has the printed shares of long and repeat plans."""
    for year in _YEARS:
        _fit_repeats(world, year)
    for year in _YEARS:
        _fit_lengths(world, year)


def _plans(world: World, drop: int) -> list[Spell]:
    return [spell for spell in world.spells if spell.kind == CP and is_shown(spell, drop)]


# Two years or more


def _fit_lengths(world: World, year: _Year) -> None:
    lasted = {
        spell: (end - start_shown(spell, year.drop)).days + 1
        for spell in _plans(world, year.drop)
        if (end := end_shown(spell, year.drop)) and _is_of(year, end)
    }
    number = year.ended_after_two_years * len(lasted)
    by_area: dict[str | None, dict[Spell, int]] = {area: {} for area in year.long_by_area}
    for spell, each in lasted.items():
        by_area.setdefault(None if None in by_area else _area(spell), {})[spell] = each
    for area, of_area in by_area.items():
        _fit_lengths_of(world, of_area, round(number * year.long_by_area.get(area, 0)))


def _area(spell: Spell) -> str:
    """The locality in which a plan ended, or the team if that is one of the county's services."""
    assert spell.end
    team = team_on(spell.child, spell.end - days(1))
    return TEAMS[team][1] if TEAMS[team][1] != COUNTY else team


def _fit_lengths_of(world: World, lasted: dict[Spell, int], wanted: int) -> None:
    missing = wanted - sum(each > TWO_YEARS for each in lasted.values())
    settled = {spell: each for spell, each in lasted.items() if not spell.start_correction}
    if missing < 0:
        long = [spell for spell, each in settled.items() if each > TWO_YEARS]
        for spell in world.rng.sample(long, min(-missing, len(long))):
            _begin_again(world, spell, _LASTED_LESS)
        return
    nearly = [spell for spell, each in settled.items() if _NEARLYTWO_YEARS < each <= TWO_YEARS]
    able = [spell for spell in nearly if _may_lengthen(spell)]
    for spell in world.rng.sample(able, min(missing, len(able))):
        _begin_again(world, spell, _LASTED_LONG)


def _is_of(year: _Year, day: dt.date) -> bool:
    return financial_year(day) == year.began and day <= month_end(year.drop)


def _may_lengthen(spell: Spell) -> bool:
    """Whether the plan is in the first drop and nothing in the child's life is earlier."""
    child = spell.child
    is_first = child.spells[0] is spell and child.referrals[0] is spell.referral
    longest = days(_LASTED_LONG[1] + 60)
    return is_first and spell.since == 0 and spell.end is not None and child.born < spell.end - longest


def _begin_again(world: World, spell: Spell, lasted: tuple[int, int]) -> None:
    """Moves the start of a plan; if it moves back, the referral and allocation before it move too."""
    if spell.end is None:
        return
    start = conference_day(spell.end - days(world.rng.randint(*lasted) - 1))
    earlier = spell.start - start
    if earlier > dt.timedelta(0) and spell.referral:
        spell.referral.day -= earlier
        spell.child.allocations[0].start -= earlier
    spell.start, spell.family = start, None


# Second and later plans


def _fit_repeats(world: World, year: _Year) -> None:
    plans = _plans(world, year.drop)
    starts: dict[str, list[tuple[dt.date, dt.date | None]]] = {}
    for spell in plans:
        dates = start_shown(spell, year.drop), end_shown(spell, year.drop)
        starts.setdefault(spell.child.id, []).append(dates)
    started = [spell for spell in plans if _is_of(year, start_shown(spell, year.drop))]
    first_ones, soon_ones, repeats = [], [], 0
    for spell in started:
        start = start_shown(spell, year.drop)
        earlier = [(begun, end) for begun, end in starts[spell.child.id] if begun < start]
        repeats += bool(earlier)
        if any(end and end <= start <= add_months(end, 12) for _, end in earlier):
            soon_ones.append(spell)
        if not earlier:
            first_ones.append(spell)
    world.rng.shuffle(first_ones)
    missing = round(year.repeat * len(started)) - repeats
    missing_soon = min(missing, round(year.repeat_within_a_year * len(started)) - len(soon_ones))
    for spell in _month_first(first_ones, soon_ones, started):
        if missing_soon > 0 and _add_earlier(world, spell, _RECENT_GAP):
            missing_soon -= 1
            missing -= 1
        elif missing > max(0, missing_soon) and _add_earlier(world, spell, _OLD_GAP):
            missing -= 1


def _month_first(first_ones: list[Spell], soon: list[Spell], started: list[Spell]) -> list[Spell]:
    """First plans in the order in which they become repeat plans: as many as are missing in the month with a
    printed share, of children old enough, then those of other months, and the others of this month last."""
    asked, per_mille = the_target("repeat_within_a_year")
    able, soon, started = (
        [spell for spell in spells if asked.is_in_months(spell.start)] for spells in (first_ones, soon, started)
    )
    missing = max(0, round(per_mille * len(started) / 1000) - len(soon))
    able.sort(key=lambda spell: spell.child.age_years(spell.start) < _OLD_ENOUGH)
    return able[:missing] + [spell for spell in first_ones if spell not in able] + able[missing:]


def _add_earlier(world: World, spell: Spell, gap: tuple[int, int]) -> bool:
    """Adds a plan that ended so many days before the first known event of the child; false where none fits."""
    rng, child = world.rng, spell.child
    first_known = min(child.referrals[0].day, child.allocations[0].start, child.spells[0].start)
    latest = min(spell.latest_start - days(gap[0]), first_known - days(25), _UNSEEN)
    earliest = spell.latest_start - days(gap[1])
    lasted = rng.randint(*_EARLIER_LASTED)
    earliest = max(earliest, child.born + days(lasted + 60))
    if earliest > latest:
        return False
    end = earliest + days(rng.randint(0, (latest - earliest).days))
    start = conference_day(end - days(lasted))
    referred, left = start - days(rng.randint(5, 40)), end + days(rng.randint(0, 20))
    team = child.allocations[0].team
    referral = Referral(world.numbers.next("31"), referred, 0, team, left)
    earlier = Spell(child, CP, team, start, 0, referral, end, 0)
    child.referrals.insert(0, referral)
    child.allocations.insert(0, Allocation(team, referred, 0, left, 0))
    child.spells.insert(0, earlier)
    world.spells.append(earlier)
    return True
