"""The three years before the first drop: spells that ended, and those open at the end of August 2018.

Belongs here: how long spells last and how often they began. Does not belong here: the months of the drops.
"""

import datetime as dt
from dataclasses import dataclass

from warehouse_sample.long_stays import long_stays, months_of_entry
from warehouse_sample.organisation import ADOPTION, DISTRICTS, SEND
from warehouse_sample.printed_figures import CIN, CLA, CP, KINDS, Counts, printed_counts
from warehouse_sample.timeline import MONTHS, NEVER, days, drop_of, month_end, random_day
from warehouse_sample.world import World

HISTORY_MONTHS = 36
_ENDED_A_MONTH = {CIN: 140, CP: 140, CLA: 62}
_LEFT_OPEN = 9
_OVERLAP = 26
"""Children both on a plan and looked after at the first month end."""

_Bands = tuple[tuple[int, int, float], ...]
_OPEN_FOR: dict[str, _Bands] = {
    CIN: ((1, 91, 19), (92, 182, 24), (183, 365, 30), (366, 800, 27)),
    CP: ((1, 91, 22), (92, 182, 22), (183, 365, 35), (366, 700, 19), (731, 900, 2)),
    CLA: ((366, 912, 27), (913, 2200, 30), (2201, 4000, 15)),
}
"""Days that spells open at a month end have lasted: from, to, weight; for care, the long stays only."""
_SEND_OPEN_FOR: _Bands = ((1, 91, 13), (92, 365, 45), (366, 1100, 42))
_LASTED: dict[str, _Bands] = {
    CIN: ((25, 91, 25), (92, 182, 30), (183, 365, 28), (366, 800, 17)),
    CP: ((60, 110, 22), (111, 260, 22), (261, 330, 28), (331, 727, 24), (731, 900, 4)),
    CLA: ((4, 60, 22), (61, 365, 28), (366, 1100, 30), (1101, 3000, 20)),
}
"""Days that spells had lasted when they ended."""


@dataclass(frozen=True)
class _Past:
    kind: str
    team: str
    start: dt.date
    end: dt.date | None


def live_history(world: World) -> None:
    """Fills the world up to the first month end, at which the printed counts are open."""
    counts = {kind: dict(printed_counts()[kind, str(MONTHS[0])]) for kind in KINDS}
    overlaps = _overlaps(world, counts)
    past = [*_ended(world, counts), *_open(world, counts)]
    for spell in sorted(past, key=lambda each: each.start):
        _relive(world, spell)
    _left_open_at_18(world)
    for team, cp_start, cla_start in overlaps:
        child = world.newcomer(CLA, ADOPTION, cp_start, month_end(24))
        world.open_spell(child, CP, team, cp_start, 0)
        world.open_spell(child, CLA, team, cla_start, 0)


def _left_open_at_18(world: World) -> None:
    """Opens care spells of people who turned 18 in the last year and whose episode was never closed."""
    for _ in range(_LEFT_OPEN):
        birthday = random_day(world.rng, month_end(-12), month_end(0) - days(5), working=False)
        start = birthday - days(world.rng.randint(300, 1500))
        team = world.rng.choice(DISTRICTS)
        child = world.newcomer(CLA, SEND, start, birthday - days(1))
        child.born = birthday.replace(year=birthday.year - 18)
        world.open_spell(child, CLA, team, start, 0)
        world.close_spell(child.open[CLA], birthday, NEVER)


def _overlaps(world: World, counts: dict[str, Counts]) -> list[tuple[str, dt.date, dt.date]]:
    chosen = []
    for _ in range(_OVERLAP):
        team = world.rng.choice(DISTRICTS)
        counts[CP][team] -= 1
        counts[CLA][team] -= 1
        cp_start = random_day(world.rng, month_end(-6), month_end(-3))
        chosen.append((team, cp_start, random_day(world.rng, month_end(-2), month_end(0) - days(8))))
    return chosen


def _ended(world: World, counts: dict[str, Counts]) -> list[_Past]:
    rng, past = world.rng, []
    for kind in KINDS:
        teams = [team for team in counts[kind] if team != ADOPTION]
        weights = [counts[kind][team] for team in teams]
        for month in range(-HISTORY_MONTHS, 0):
            for _ in range(round(_ENDED_A_MONTH[kind] * rng.uniform(0.85, 1.15))):
                end = random_day(rng, month_end(month), month_end(month + 1))
                lasted = _draw(world, _LASTED[kind])
                past.append(_Past(kind, rng.choices(teams, weights)[0], end - days(lasted), end))
    return past


def _open(world: World, counts: dict[str, Counts]) -> list[_Past]:
    past = []
    for kind in KINDS:
        for team, number in counts[kind].items():
            bands = _SEND_OPEN_FOR if (kind, team) == (CIN, SEND) else _OPEN_FOR[kind]
            short = _short_stays(world, team, number) if kind == CLA else []
            lasting = [month_end(0) - days(_draw(world, bands)) for _ in range(number - len(short))]
            past += [_Past(kind, team, day, None) for day in (*short, *lasting)]
    return past


def _short_stays(world: World, team: str, looked_after: int) -> list[dt.date]:
    """First days of the stays that have lasted for less than twelve months."""
    short = looked_after - long_stays(0)[team]
    months = months_of_entry(team, looked_after, short)
    return [random_day(world.rng, month_end(month - 1), month_end(month) - days(1)) for month in months]


def _draw(world: World, bands: _Bands) -> int:
    low, high, _ = world.rng.choices(bands, [weight for *_, weight in bands])[0]
    return world.rng.randint(low, high)


def _relive(world: World, past: _Past) -> None:
    under_18_on = past.end or month_end(0) + days(1)
    child = world.newcomer(past.kind, past.team, past.start, under_18_on)
    world.open_spell(child, past.kind, past.team, past.start, 0)
    if past.end:
        world.close_spell(child.open[past.kind], past.end, max(0, drop_of(past.end)))
