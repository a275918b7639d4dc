"""People and the spells of their lives: children, plans, periods of care, allocations, referrals.

Belongs here: these classes, and making a child of a given team and age. Does not belong here: how many there
are each month (`months`), or how they are written (`plans`, `care`, ...).
"""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from warehouse_sample import organisation
from warehouse_sample.printed_figures import CIN, CLA, CP
from warehouse_sample.timeline import NEVER, days, eighteenth_birthday

UNBORN_SHARE = 0.03
_AGE_BANDS: dict[str, tuple[tuple[float, float, float], ...]] = {
    CIN: ((0.3, 5, 32), (5, 11, 36), (11, 17.2, 32)),
    CP: ((0.05, 1, 16), (1, 5, 34), (5, 11, 32), (11, 16.5, 18)),
    CLA: ((0.02, 0.6, 20), (0.6, 5, 20), (5, 11, 24), (11, 17, 36)),
}
"""Age at the start of a first spell in years: from, to, weight."""
_TEAM_AGES = {
    organisation.SEND: ((4.0, 16.5, 1.0),),
    organisation.EXPLOITATION: ((12.5, 17.0, 1.0),),
    organisation.ADOPTION: ((0.2, 4.5, 1.0),),
}
_ETHNICITIES = (
    "WBRI",
    "APKN",
    "AIND",
    "WOTH",
    "MWAS",
    "MWBC",
    "MOTH",
    "BAFR",
    "AOTH",
    "OOTH",
    "NOBT",
    "WROM",
)
_ETHNICITY_WEIGHTS = (800, 60, 18, 25, 20, 12, 14, 8, 10, 8, 20, 5)


@dataclass(eq=False, slots=True)
class Referral:
    """A referral, open until the child is no longer worked with; no drop before `close_since` shows it closed."""

    id: str
    day: dt.date
    since: int
    team: str
    close: dt.date | None = None
    close_since: int = 0


@dataclass(eq=False, slots=True)
class Allocation:
    """An allocated case worker's team (role CW), from the first drop that shows it."""

    team: str
    start: dt.date
    since: int
    end: dt.date | None = None
    end_since: int = NEVER


@dataclass(eq=False, slots=True)
class Spell:
    """A CiN plan, a CP plan or a period of care, as LCS knew it drop by drop."""

    child: "Child"
    kind: str
    team: str
    start: dt.date
    since: int
    referral: Referral | None
    end: dt.date | None = None
    end_since: int = NEVER
    until: int = NEVER
    start_correction: tuple[int, dt.date] | None = None
    end_correction: tuple[int, dt.date] | None = None
    team_changes: list[tuple[int, str]] = field(default_factory=list)
    family: int | None = None
    """Child protection plans with the same number are those of brothers and sisters."""

    @property
    def shown(self) -> tuple[int, int]:
        return self.since, self.until

    @property
    def latest_start(self) -> dt.date:
        return max(self.start, self.start_correction[1]) if self.start_correction else self.start

    @property
    def earliest_start(self) -> dt.date:
        return min(self.start, self.start_correction[1]) if self.start_correction else self.start

    @property
    def earliest_end(self) -> dt.date | None:
        return min(self.end, self.end_correction[1]) if self.end and self.end_correction else self.end


@dataclass(eq=False, slots=True)
class Child:
    """A person. `open` holds the spells known to be open; `held_until` the first drop it may leave one."""

    id: str
    born: dt.date
    sex: str
    ethnicity: str
    has_dob: bool = True
    open: dict[str, Spell] = field(default_factory=dict)
    spells: list[Spell] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    free_from: dt.date = dt.date.min
    held_until: int = 0

    @property
    def turns_18(self) -> dt.date:
        return eighteenth_birthday(self.born)

    def age_years(self, day: dt.date) -> float:
        """Approximate age in years; negative for the unborn."""
        return (day - self.born).days / 365.25

    def completed_years(self, day: dt.date) -> int:
        """Age on a day, to the birthday."""
        had_birthday = (day.month, day.day) >= (self.born.month, self.born.day)
        return day.year - self.born.year - (not had_birthday)

    @property
    def team(self) -> str:
        """Team of the latest allocation."""
        return self.allocations[-1].team


@dataclass(slots=True)
class Numbers:
    """Running numbers for ids. One person id is given out once."""

    rng: Random
    person: int = 1_204_000
    other: dict[str, int] = field(default_factory=dict)

    def next_person(self) -> str:
        self.person += self.rng.randint(1, 5)
        return str(self.person)

    def next(self, prefix: str) -> str:
        """The next id of a kind: the prefix is its leading digits."""
        self.other[prefix] = self.other.get(prefix, 100_000) + 1
        return f"{prefix}{self.other[prefix]}"


def born_at_age(rng: Random, day: dt.date, youngest: float, oldest: float) -> dt.date:
    """A date of birth that makes someone between two ages (years) on `day`."""
    return day - days(rng.uniform(youngest, oldest) * 365.25)


def make_person(rng: Random, numbers: Numbers, born: dt.date) -> Child:
    """A person with a date of birth, a sex and an ethnicity, and no spells."""
    ethnicity = rng.choices(_ETHNICITIES, _ETHNICITY_WEIGHTS)[0]
    return Child(numbers.next_person(), born, "M" if rng.random() < 0.53 else "F", ethnicity)


def make_child(rng: Random, numbers: Numbers, kind: str, team: str, day: dt.date) -> Child:
    """A child who is new to a service on `day`, of a likely age for the service and the team."""
    bands = _TEAM_AGES.get(team) or _AGE_BANDS[kind]
    youngest, oldest, _ = rng.choices(bands, [weight for *_, weight in bands])[0]
    if kind != CLA and team not in _TEAM_AGES and rng.random() < UNBORN_SHARE:
        return make_person(rng, numbers, day + days(rng.randint(20, 130)))
    return make_person(rng, numbers, born_at_age(rng, day, youngest, oldest))
