"""Who has been looked after for twelve months, and how many such children each team has at a month end.

Belongs here: the length of the stays that are open at the first month end, and how a month's ends and moves
between teams divide into long and short stays, so that every team has the number of children that its printed
health percentages need (`looked_after_12_months.csv`). Does not belong here: which children these are
(`months`), or their checks (`health`).
"""

from collections import Counter
from dataclasses import dataclass
from random import Random

from warehouse_sample.lives import Spell
from warehouse_sample.organisation import DISTRICTS
from warehouse_sample.printed_figures import Counts, long_stay_counts
from warehouse_sample.timeline import MONTHS, month_end

_Move = tuple[str, str]

_LONG_STAYS_ENDED = 0.014
"""Of a team's children, the share that is expected to leave a long stay in a month."""
_SHORT_STAYS_ENDED = 0.035
"""Of the short stays open at the first month end, the share that is expected to end in a month."""


def is_long(spell: Spell, drop: int) -> bool:
    """Whether the child has been in care for twelve months at the month end of a drop."""
    return spell.start <= month_end(drop - 12)


def long_stays(drop: int) -> Counts:
    """Children looked after for twelve months at a month end, by team."""
    return {
        team: count.looked_after
        for (team, month), count in long_stay_counts().items()
        if month == str(MONTHS[drop])
    }


def months_of_entry(team: str, looked_after: int, short: int) -> list[int]:
    """For each short stay of a team at the first month end, the month in which it began: -11 to 0.

    Twelve months later the stay turns long. More begin in months whose later month end needs more long stays.
    """
    weights = [_turning_long(team, looked_after, drop) / (1 - _SHORT_STAYS_ENDED) ** drop for drop in range(1, 13)]
    shares = [short * weight / sum(weights) for weight in weights]
    numbers = [int(share) for share in shares]
    by_rest = sorted(range(len(shares)), key=lambda month: numbers[month] - shares[month])
    for month in by_rest[: short - sum(numbers)]:
        numbers[month] += 1
    return [month - 11 for month, number in enumerate(numbers) for _ in range(number)]


def _turning_long(team: str, looked_after: int, drop: int) -> float:
    """Number of a team's stays that should turn long in a month: the team's need and its share of the county's."""
    before, after = long_stays(drop - 1), long_stays(drop)
    in_county = sum(after.values()) - sum(before.values())
    own = after[team] - before[team] + _LONG_STAYS_ENDED * looked_after
    shared = (in_county / sum(before.values()) + _LONG_STAYS_ENDED) * looked_after
    return max(0.1 * looked_after * _LONG_STAYS_ENDED, own / 3 + shared * 2 / 3) + 0.01


@dataclass(frozen=True)
class TeamStays:
    """A team's stays before a month's ends and moves: all long ones, those of either length that may end or
    move, and how many should end."""

    long: int
    long_to_end: int
    short_to_end: int
    long_to_move: int
    short_to_move: int
    ends: int


@dataclass(frozen=True)
class Split:
    """Ends of long stays by team; moves of long and of short stays; turnover that had to be added, by team."""

    long_ends: Counts
    long_moves: tuple[_Move, ...]
    short_moves: tuple[_Move, ...]
    added: Counts


def split_month(rng: Random, drop: int, teams: dict[str, TeamStays], moves: tuple[_Move, ...]) -> Split:
    """Divides the month's ends and moves so that each team has its number of long stays at the month end.

    Where ends and moves are not enough, two teams exchange a long for a short stay; where too many stays are
    long in the whole county, long stays end and new starts make up for them.
    Raises RuntimeError where there are too few long stays.
    """
    month = _Division(drop, teams)
    for move in sorted(moves, key=lambda each: each[1] in DISTRICTS):
        month.move(move)
    month.end()
    month.balance(rng)
    month.exchange()
    added = Counter(month.added)
    long_moves, short_moves = tuple(month.long_moves), tuple(month.short_moves)
    return Split(dict(month.long_ends), long_moves, short_moves, dict(added))


class _Division:
    """The division of one month. State: long stays that each team has too many; ends of long stays so far."""

    def __init__(self, drop: int, teams: dict[str, TeamStays]) -> None:
        self.teams = teams
        wanted = long_stays(drop)
        self.surplus = {team: about.long - wanted[team] for team, about in teams.items()}
        self.long_left = {team: about.long_to_end for team, about in teams.items()}
        self.short_left = {team: about.short_to_end for team, about in teams.items()}
        self.long_movable = {team: about.long_to_move for team, about in teams.items()}
        self.short_movable = {team: about.short_to_move for team, about in teams.items()}
        self.long_ends: Counter[str] = Counter()
        self.long_moves: list[_Move] = []
        self.short_moves: list[_Move] = []
        self.added: list[str] = []

    def _least(self, team: str) -> int:
        return max(0, self.teams[team].ends - self.short_left[team])

    def _most(self, team: str) -> int:
        return min(self.teams[team].ends, self.long_left[team])

    def _pressure(self, team: str) -> float:
        return self.surplus[team] - self.teams[team].ends / 2

    def move(self, move: _Move) -> None:
        giver, taker = move
        is_wanted = self._pressure(giver) > self._pressure(taker)
        # A small team has too few ends to make up for it.
        if taker not in DISTRICTS:
            is_wanted = self._pressure(taker) < 0
        elif giver not in DISTRICTS:
            is_wanted = self._pressure(giver) > 0
        if (is_wanted and self.long_movable[giver] > 0) or self.short_movable[giver] <= 0:
            self._move_long(giver, taker)
        else:
            self._move_short(giver, taker)

    def _move_long(self, giver: str, taker: str) -> None:
        self.long_moves.append((giver, taker))
        self.long_left[giver] -= 1
        self.long_movable[giver] -= 1
        self.surplus[giver] -= 1
        self.surplus[taker] += 1

    def _move_short(self, giver: str, taker: str) -> None:
        self.short_moves.append((giver, taker))
        self.short_left[giver] -= 1
        self.short_movable[giver] -= 1

    def end(self) -> None:
        for team in self.teams:
            self._end_long(team, min(max(self.surplus[team], self._least(team)), self._most(team)))

    def _end_long(self, team: str, number: int) -> None:
        self.long_ends[team] += number
        self.surplus[team] -= number

    def balance(self, rng: Random) -> None:
        """Makes the surplus of some teams equal to what others lack."""
        while (rest := sum(self.surplus.values())) != 0:
            step = 1 if rest > 0 else -1
            free = {
                team: self._most(team) - self.long_ends[team]
                if step > 0
                else self.long_ends[team] - self._least(team)
                for team in self.teams
            }
            able = [team for team, number in free.items() if number > 0]
            if able:
                self._end_long(rng.choices(able, [free[team] for team in able])[0], step)
            elif step > 0:
                team = max(self.teams, key=lambda each: self.surplus[each])
                self.added.append(team)
                self._end_long(team, 1)
            else:
                raise RuntimeError(f"{-rest} stays of twelve months are lacking")

    def exchange(self) -> None:
        """One team gives a long stay and takes a short one, until no team has too many."""
        while any(self.surplus.values()):
            giver = max(self.teams, key=lambda team: self.surplus[team])
            taker = min(self.teams, key=lambda team: self.surplus[team])
            if self.long_movable[giver] <= 0:
                self._make_short(giver)
            elif self.short_movable[taker] <= 0:
                self._make_long(taker)
            else:
                self._move_short(taker, giver)
                self._move_long(giver, taker)

    def _make_short(self, taker: str) -> None:
        """Turns a move of a long stay to the team into one of a short stay."""
        move = self._swappable(self.long_moves, taker, self.short_movable)
        self.long_moves.remove(move)
        self.surplus[taker] -= 1
        self.surplus[move[0]] += 1
        self.long_left[move[0]] += 1
        self.long_movable[move[0]] += 1
        self._move_short(*move)

    def _make_long(self, taker: str) -> None:
        """Turns a move of a short stay to the team into one of a long stay."""
        move = self._swappable(self.short_moves, taker, self.long_movable)
        self.short_moves.remove(move)
        self.short_left[move[0]] += 1
        self.short_movable[move[0]] += 1
        self._move_long(*move)

    def _swappable(self, moves: list[_Move], taker: str, movable: dict[str, int]) -> _Move:
        able = [move for move in moves if move[1] == taker and movable[move[0]] > 0]
        if not able:
            raise RuntimeError(f"{taker} cannot exchange stays with other teams")
        return max(able, key=lambda move: movable[move[0]])
