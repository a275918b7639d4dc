"""Looked-after children of the world, for faults that only counted children can have.

Belongs here: finding, in the books, a child looked after in all drops under one team, whose rows never change; and
hiding rows of it. Does not belong here: the fault.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from warehouse_sample.care import SHORT_BREAK_WORDS
from warehouse_sample.organisation import team_id
from warehouse_sample.record_faults.case import Case, NobodyLeftError
from warehouse_sample.recording import Ledger
from warehouse_sample.timeline import HORIZON, NEVER, month_end

_FIRST = month_end(0).isoformat()
_BORN_AFTER = HORIZON.replace(year=HORIZON.year - 18)


@dataclass(frozen=True)
class Settled:
    """A child looked after in all drops: its open episode, and the rows of its open legal statuses."""

    person: str
    episode: str
    legal_statuses: tuple[int, ...]


def settled_child(case: Case) -> Settled:
    """A child of the case's team that has no fault yet and is not at home, in place of a made-up child.

    Where the team has none left the child is of another team, and the list names no team. Raises
    NobodyLeftError where no child is left.
    """
    case.is_made_up = False
    teams = _teams(case.book.ledgers["ssd_involvements"])
    settled = list(_settled_children(case))
    own = [child for child in settled if teams.get(child.person) == {team_id(case.place.team)}]
    if not settled:
        raise NobodyLeftError(f"no child is left for the rule {case.rule}")
    case.is_allocated = bool(own)
    child = (own or settled)[0]
    case.book.lent.add(child.person)
    return child


def _settled_children(case: Case) -> Iterator[Settled]:
    ledgers = case.book.ledgers
    episodes, statuses = (_Rows(ledgers[name]) for name in ("ssd_cla_episodes", "ssd_legal_status"))
    about = ("clap_person_id", "clap_cla_placement_type", "clap_cla_placement_end_date")
    homes = zip(*_columns(ledgers["ssd_cla_placement"], *about), strict=True)
    at_home = {person for person, kind, end in homes if kind == "P1" and end is None}
    born = dict(zip(*_columns(ledgers["ssd_person"], "pers_person_id", "pers_dob"), strict=True))
    for person, rows in episodes.of_person.items():
        birth = born.get(person)
        is_lent = person in case.book.lent or person in at_home
        if is_lent or not birth or dt.date.fromisoformat(birth[:10]) <= _BORN_AFTER:
            continue
        open_episodes = episodes.open_rows(person, "clae_cla_episode_ceased_date")
        open_statuses = statuses.open_rows(person, "lega_legal_status_end_date")
        is_changing = episodes.changing & set(rows) or statuses.changing & set(statuses.of_person.get(person, []))
        on_short_breaks = set(statuses.values(open_statuses, "lega_legal_status")) & set(SHORT_BREAK_WORDS)
        if open_statuses and open_episodes and not (is_changing or on_short_breaks):
            episode = episodes.values(open_episodes, "clae_cla_episode_id")[0]
            yield Settled(str(person), str(episode), tuple(open_statuses))


def hide(case: Case, name: str, rows: tuple[int, ...], stretches: list[tuple[int, int]]) -> None:
    """Hides rows of a ledger from the first to the second drop of each stretch."""
    ledger = case.book.ledgers[name]
    ends = [*(since for since, _ in stretches[1:]), NEVER]
    for row in rows:
        ledger.until[row] = stretches[0][0]
        for (_, until), end in zip(stretches, ends, strict=True):
            ledger.add((until, end), *(cells[row] for cells in ledger.cells))


class _Rows:
    """The rows of an object by person. `changing` are those that some drop does not show, or shows otherwise."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.of_person: dict[str | None, list[int]] = {}
        person = next(name for name in ledger.columns if name.endswith("_person_id"))
        for row, one in enumerate(_columns(ledger, person)[0]):
            self.of_person.setdefault(one, []).append(row)
        self.changing = {row for changes in ledger.amendments.values() for _, row, _ in changes}
        self.changing |= {
            row for row, shown in enumerate(zip(ledger.since, ledger.until, strict=True)) if shown != (0, NEVER)
        }

    def values(self, rows: list[int], column: str) -> list[str | None]:
        cells = _columns(self.ledger, column)[0]
        return [cells[row] for row in rows]

    def open_rows(self, person: str | None, end: str) -> list[int]:
        rows = self.of_person.get(person, [])
        return [row for row, day in zip(rows, self.values(rows, end), strict=True) if day is None]


def _columns(ledger: Ledger, *names: str) -> list[list[str | None]]:
    return [ledger.cells[ledger.columns.index(name)] for name in names]


def _teams(involvements: Ledger) -> dict[str | None, set[str | None]]:
    """All teams that had a case worker for a person in some drop."""
    teams: dict[str | None, set[str | None]] = {}
    columns = (
        "invo_person_id",
        "invo_professional_role_id",
        "invo_professional_team",
        "invo_involvement_end_date",
    )
    for person, role, team, end in zip(*_columns(involvements, *columns), strict=True):
        if role == "CW" and (end is None or end > _FIRST):
            teams.setdefault(person, set()).add(team)
    return teams
