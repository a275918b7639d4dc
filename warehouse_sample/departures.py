"""Why periods of care ended, so that the first drop shows the reasons as printed.

Does not belong here: when they ended (`care_history`, `months`).
"""

from random import Random

from warehouse_sample.care_targets import Target, targets
from warehouse_sample.fitting import fit
from warehouse_sample.lives import Spell
from warehouse_sample.organisation import ADOPTION
from warehouse_sample.reported import end_shown, is_shown

ADOPTED = ("E11", "E12")
_Weights = dict[str, float]
_GROUPS = {
    "adopted": ADOPTED,
    "special_guardianship": ("E45", "E46", "E47", "E48"),
    "independent": ("E5", "E6"),
}
_AT_18: _Weights = {"E5": 62, "E6": 10, "E17": 18, "E7": 4, "E8": 6}
_OLD: _Weights = {"E5": 45, "E6": 5, "E4A": 20, "E4B": 5, "E13": 5, "E45": 3, "E9": 2, "E3": 3, "E8": 6}
_YOUNG: _Weights = {
    "E4A": 34,
    "E4B": 9,
    "E13": 6,
    "E45": 12,
    "E46": 10,
    "E47": 4,
    "E48": 4,
    "E41": 8,
    "E8": 5,
    "E3": 2,
}
_ABLE_TO_BE_ADOPTED: _Weights = {"E11": 5, "E12": 10}
_ADOPTED_UNDER, _ADOPTED_AFTER = 9, 200
"""Age in years; days in care."""


def departure_reasons(rng: Random, spells: list[Spell]) -> list[str]:
    """The reason for the end of each spell; of one that has not ended, what it does not matter."""
    able = [_weights(spell) for spell in spells]
    chosen = [rng.choices(range(len(weights)), list(weights.values()))[0] for weights in able]
    wanted = {target: number for target, number in targets("ceased").items() if target.code}
    options = [[_counts(spell, reason) for reason in weights] for spell, weights in zip(spells, able, strict=True)]
    fit(rng, wanted, options, chosen)
    return [tuple(weights)[number] for weights, number in zip(able, chosen, strict=True)]


def _weights(spell: Spell) -> _Weights:
    if spell.end is None:
        return {"E8": 1}
    if spell.end >= spell.child.turns_18:
        return _AT_18
    age = spell.child.completed_years(spell.end)
    has_stayed = (spell.end - spell.latest_start).days >= _ADOPTED_AFTER
    if has_stayed and spell.team == ADOPTION:
        return _ABLE_TO_BE_ADOPTED
    if has_stayed and age < _ADOPTED_UNDER:
        return _YOUNG | _ABLE_TO_BE_ADOPTED
    return _OLD if age >= 16 else _YOUNG


def _counts(spell: Spell, reason: str) -> list[Target]:
    group = next((group for group, reasons in _GROUPS.items() if reason in reasons), None)
    return [
        target
        for target in targets("ceased")
        if target.code == group
        and is_shown(spell, target.at.drop)
        and target.is_in_months(end_shown(spell, target.at.drop))
    ]
