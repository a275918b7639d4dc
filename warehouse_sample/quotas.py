"""Shares and numbers that are met exactly, whatever the seed.

Belongs here: deciding case by case whether something happens, so that the share over all cases is the wanted one
to within one case. Does not belong here: what happens.
"""

from random import Random


class Quota:
    """A share of cases. State: how many are still due, as a fraction."""

    def __init__(self, rng: Random, share: float) -> None:
        self._share = share
        self._owed = rng.uniform(-0.5, 0.5)

    def is_due(self) -> bool:
        """Whether it should happen in the next case."""
        return self._owed + self._share >= 0.5

    def record(self, happened: bool) -> None:
        """Records whether it happened in the next case, which is not always what was due."""
        self._owed += self._share - happened

    def take(self) -> bool:
        """Whether it happens in the next case; records that it does."""
        happens = self.is_due()
        self.record(happens)
        return happens


class Exactly(Quota):
    """A number of cases out of as many as are known to come. State: how many of each are still to come."""

    def __init__(self, rng: Random, number: int, of: int) -> None:
        self._rng, self._due, self._left = rng, number, of

    def is_due(self) -> bool:
        return self._rng.random() * self._left < self._due

    def record(self, happened: bool) -> None:
        self._due -= happened
        self._left -= 1
