"""Teams, localities and workers of the synthetic authority.

Belongs here: who works where. Does not belong here: which child is with which team. Team names are those of the
printed report. Its county services (MASH, SEND, Exploitation, Adoption & Fostering, Other Service Areas, and the
East and Central Teams, which the report does not explain) are under the parent "County services"; the districts
are under the localities North, Central and East.
"""

from dataclasses import dataclass
from random import Random

NORTH, CENTRAL, EAST, COUNTY = "North", "Central", "East", "County services"
PARENT_IDS = {NORTH: "0010", CENTRAL: "0020", EAST: "0030", COUNTY: "0040"}

TEAMS: dict[str, tuple[str, str]] = {
    "Lancaster": ("0101", NORTH),
    "Fylde & Wyre": ("0102", NORTH),
    "Preston": ("0201", CENTRAL),
    "Chorley & South Ribble": ("0202", CENTRAL),
    "West Lancashire": ("0203", CENTRAL),
    "Burnley": ("0301", EAST),
    "Pendle": ("0302", EAST),
    "Rossendale": ("0303", EAST),
    "Hyndburn & Ribble Valley": ("0304", EAST),
    "MASH": ("4100", COUNTY),
    "East Team": ("4200", COUNTY),
    "Exploitation": ("4300", COUNTY),
    "SEND": ("4400", COUNTY),
    "Central Team": ("4500", COUNTY),
    "Adoption & Fostering": ("4600", COUNTY),
    "Other Service Areas": ("4900", COUNTY),
}
"""Printed teams: name to (id, locality)."""

MASH, SEND, EXPLOITATION, ADOPTION = "MASH", "SEND", "Exploitation", "Adoption & Fostering"
DISTRICTS = tuple(name for name, (_, parent) in TEAMS.items() if parent != COUNTY)

LEAVING_CARE: dict[str, tuple[str, str]] = {
    "Leaving Care North": ("5010", NORTH),
    "Leaving Care Central": ("5020", CENTRAL),
    "Leaving Care East": ("5030", EAST),
}
"""Teams of care leavers only; the report prints no count of them."""

REVIEWING_TEAM = ("6100", "Quality and Review")

_GIVEN = (
    "Amber",
    "Basil",
    "Clover",
    "Dale",
    "Ember",
    "Fern",
    "Glen",
    "Hazel",
    "Iris",
    "Jasper",
    "Kit",
    "Lark",
)
_FAMILY = ("Samplewright", "Testerby", "Mockford", "Demoham", "Fictley", "Pretenton", "Standin", "Dummers")
_TITLES = ("Social Worker", "Senior Social Worker", "Advanced Practitioner", "Team Manager")


def team_id(name: str) -> str:
    """The id in ssd_department of a team, printed or leaving care."""
    return (TEAMS | LEAVING_CARE)[name][0]


def department_rows() -> list[tuple[str, str, str | None, str | None]]:
    """Rows of ssd_department: id, name, id of the parent, name of the parent."""
    parents = [(number, name, None, None) for name, number in PARENT_IDS.items()]
    teams = [
        (number, name, PARENT_IDS[parent], parent) for name, (number, parent) in (TEAMS | LEAVING_CARE).items()
    ]
    return [*parents, *teams, (*REVIEWING_TEAM, PARENT_IDS[COUNTY], COUNTY)]


@dataclass(frozen=True)
class Worker:
    """A made-up member of staff."""

    id: str
    team: str
    name: str
    title: str
    caseload: int
    full_time_equivalent: float
    is_agency: bool


@dataclass(frozen=True)
class Workforce:
    """All workers, by team."""

    by_team: dict[str, tuple[Worker, ...]]

    def someone(self, rng: Random, team: str) -> str:
        """The id of a worker of the team."""
        return rng.choice(self.by_team[team]).id


def make_workforce(rng: Random) -> Workforce:
    """About 270 workers, more where there are more children."""
    number = 20100
    by_team: dict[str, tuple[Worker, ...]] = {}
    for team in (*TEAMS, *LEAVING_CARE):
        size = 22 if team in DISTRICTS else 24 if team == SEND else 8
        workers = []
        for _ in range(size):
            number += rng.randint(1, 9)
            title = "Personal Adviser" if team in LEAVING_CARE else rng.choices(_TITLES, (60, 20, 12, 8))[0]
            workers.append(
                Worker(
                    id=str(number),
                    team=team,
                    name=f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}",
                    title=title,
                    caseload=rng.randint(9, 28),
                    full_time_equivalent=rng.choice((1.0, 1.0, 1.0, 0.8, 0.6, 0.5)),
                    is_agency=rng.random() < 0.09,
                )
            )
        by_team[team] = tuple(workers)
    return Workforce(by_team)
