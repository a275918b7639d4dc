"""A search for another way to fill in the tables of an extract, number by number.

It changes one number by one, and then mends what that breaks: a sum that no longer adds up, a numerator above
its denominator, a count of the year that falls. Each mended number may break something else; dead ends are
undone. A hit proves that the number has another value; a miss proves nothing, because the search gives up after
some tries. Belongs here: the search. Does not belong here: what is asked for, and proofs that need no search
(`proof`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from pipelines.publish.disclosure.proof import Published, is_there

TRIES = 200
"""The most numbers that one search changes."""


class CountCell(NamedTuple):
    """A number: of a count, a month and an area."""

    of: int
    month: int
    area: int


class _Constraint(NamedTuple):
    """A constraint on some numbers: a sum over areas, a bound in a month, or growth between two months.

    `which` is the count of a sum over areas, else the position of a bound or of a sum that is 0.
    """

    kind: str
    which: int
    month: int
    area: int


@dataclass
class Repair:
    """The numbers of one extract that may be changed, and the rules that they must keep."""

    published: Published

    def __post_init__(self) -> None:
        own = self.published
        self.hidden: list[Any] = own.hidden.tolist()
        tree = own.tree
        self.members = {
            int(group): tree.leaves[tree.group_of_leaf == position].tolist()
            for position, group in enumerate(tree.groups)
        }
        self.above = {leaf: group for group, leaves in self.members.items() for leaf in leaves}
        if tree.root is not None:
            self.members[tree.root] = tree.groups.tolist()
            self.above |= dict.fromkeys(tree.groups.tolist(), tree.root)
        counts = np.maximum(own.counts, 0)
        self.has_members: dict[int, Any] = {
            whole: (own.counts[..., members] >= 0).any(-1).tolist() for whole, members in self.members.items()
        }
        self.sums = [dict(bound.sum) for bound in own.bounds]
        values = [sum(factor * counts[position] for position, factor in sum_.items()) for sum_ in self.sums]
        no_limit = np.iinfo(np.int32).max
        self.slack, self.growth = [], []
        for bound, value in zip(own.bounds, values, strict=True):
            slack = np.where(value < 0, no_limit, value - bound.least)
            self.slack.append(slack.tolist())
            positions = list(bound.sum)
            grows = np.full_like(value, no_limit)
            if bool(np.all(own.adds_up[positions])):
                there = is_there(own.counts[positions])
                grows[1:] = np.where((there[1:] & there[:-1])[:, None], np.maximum(np.diff(value, axis=0), 0), 0)
                grows[own.begins_year] = no_limit
            self.growth.append(grows.tolist())
        self.equal = [dict(sum_) for sum_ in own.equal]
        self.bounds_of: dict[int, list[int]] = {}
        for position, sum_ in enumerate(self.sums):
            for count in sum_:
                self.bounds_of.setdefault(count, []).append(position)
        self.equal_of: dict[int, list[int]] = {}
        for position, sum_ in enumerate(self.equal):
            for count in sum_:
                self.equal_of.setdefault(count, []).append(position)
        self.months = own.counts.shape[1]

    def other_filling(
        self, start: CountCell, step: int, fixed: frozenset[CountCell]
    ) -> dict[CountCell, int] | None:
        """The change of each number in another filling, in which `start` changes by `step` and `fixed` do not."""
        if not self._may(start):
            return None
        self.left, self.moved, self.fixed = TRIES, {start: step}, fixed
        return dict(self.moved) if self._mend(self._broken(start)) else None

    def _mend(self, broken: list[_Constraint]) -> bool:
        if not broken:
            return True
        rule = broken[-1]
        lacks = self._lacks(rule)
        if not lacks:
            return self._mend(broken[:-1])
        choices = []
        for cell, factor in self._terms(rule):
            step = factor if lacks > 0 else -factor
            if cell in self.moved or cell in self.fixed or not self._may(cell):
                continue
            self.moved[cell] = step
            worse = self._broken(cell)
            del self.moved[cell]
            choices.append((len(worse), cell, step, worse))
        for _, cell, step, worse in sorted(choices, key=lambda choice: choice[0]):
            if not self.left:
                return False
            self.left -= 1
            self.moved[cell] = step
            if self._mend([*broken, *(other for other in worse if other not in broken)]):
                return True
            del self.moved[cell]
        return False

    def _may(self, cell: CountCell) -> bool:
        count, month, area = cell
        return bool(self.hidden[count][month][area])

    def _broken(self, cell: CountCell) -> list[_Constraint]:
        return [rule for rule in self._rules_of(cell) if self._lacks(rule)]

    def _rules_of(self, cell: CountCell) -> Iterator[_Constraint]:
        count, month, area = cell
        if (whole := self.above.get(area)) is not None:
            yield _Constraint("areas", count, month, whole)
        if area in self.members and self.has_members[area][count][month]:
            yield _Constraint("areas", count, month, area)
        for position in self.equal_of.get(count, ()):
            yield _Constraint("equal", position, month, area)
        for position in self.bounds_of.get(count, ()):
            yield _Constraint("bound", position, month, area)
            yield _Constraint("grows", position, month, area)
            if month + 1 < self.months:
                yield _Constraint("grows", position, month + 1, area)

    def _terms(self, rule: _Constraint) -> Iterator[tuple[CountCell, int]]:
        """The numbers of a rule, each with its factor."""
        kind, which, month, area = rule
        if kind == "areas":
            yield CountCell(which, month, area), -1
            for member in self.members[area]:
                yield CountCell(which, month, member), 1
            return
        for count, factor in (self.equal if kind == "equal" else self.sums)[which].items():
            yield CountCell(count, month, area), factor
            if kind == "grows":
                yield CountCell(count, month - 1, area), -factor

    def _lacks(self, rule: _Constraint) -> int:
        """How much a rule lacks: above 0 its sum must rise, below 0 it must fall, 0 if the rule is kept."""
        moved = self.moved
        change = sum(factor * moved[cell] for cell, factor in self._terms(rule) if cell in moved)
        if rule.kind in {"areas", "equal"}:
            return -change
        if change >= 0:
            return 0
        room = (self.slack if rule.kind == "bound" else self.growth)[rule.which][rule.month][rule.area]
        return max(0, -change - room) if room < -change else 0
