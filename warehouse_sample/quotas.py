"""Shares that come out as asked for, whatever the seed.

Belongs here: deciding for one after the other whether something happens, so that the share over all of them is
the wanted one to within a case. Does not belong here: what it is that happens.
"""

from random import Random


class Quota:
    """A share of those who are asked. State: how many cases are owed so far, a fraction between times."""

    def __init__(self, rng: Random, share: float) -> None:
        self._share = share
        self._owed = rng.uniform(-0.5, 0.5)

    def is_due(self) -> bool:
        """Whether it should happen to the next one."""
        return self._owed + self._share >= 0.5

    def record(self, happened: bool) -> None:
        """What did happen to the next one: not always what was due."""
        self._owed += self._share - happened

    def take(self) -> bool:
        """Whether it happens to the next one, where nothing stands in the way."""
        happens = self.is_due()
        self.record(happens)
        return happens
