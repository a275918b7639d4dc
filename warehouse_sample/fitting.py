"""Choices that are changed until counts are the wanted ones.

Belongs here: the search. Does not belong here: what may be chosen, and what it counts to.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from random import Random
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

_STEPS_A_CHOICE = 60
_STEPS = 20_000
_UPHILL = 0.02
"""Share of the steps that are taken although they lead away from the wanted counts by one."""


def fit(
    rng: Random, wanted: Mapping[Key, int], options: Sequence[Sequence[Sequence[Key]]], chosen: list[int]
) -> bool:
    """Changes choices until every wanted count is met; returns whether it is.

    `options` holds, for each choice, what each of its options counts to; `chosen` holds the number of its option,
    which is changed in place. Each step takes a count that is off and a choice that would move it. So few choices
    change, and those drawn at first stay as likely as they were drawn.
    """
    off: Counter[Key] = Counter({key: -number for key, number in wanted.items()})
    giving: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for number, (able, option) in enumerate(zip(options, chosen, strict=True)):
        off.update(key for key in able[option] if key in wanted)
        for other, keys in enumerate(able if len(able) > 1 else ()):
            for key in keys:
                if key in wanted:
                    giving[key].append((number, other))
    for _ in range(_STEPS + _STEPS_A_CHOICE * len(options)):
        missed = [key for key, number in off.items() if number]
        if not missed:
            return True
        key = rng.choice(missed)
        if not giving[key]:
            continue
        number, option = rng.choice(giving[key])
        is_chosen = chosen[number] == option
        if is_chosen == (off[key] < 0):
            continue
        if is_chosen:
            option = rng.randrange(len(options[number]))
        change: Counter[Key] = Counter(each for each in options[number][option] if each in wanted)
        change.subtract(each for each in options[number][chosen[number]] if each in wanted)
        further = sum(abs(off[each] + by) - abs(off[each]) for each, by in change.items())
        if further < 0 or (further <= 1 and rng.random() < (1 if further == 0 else _UPHILL)):
            chosen[number] = option
            for each, by in change.items():
                off[each] += by
    return False
