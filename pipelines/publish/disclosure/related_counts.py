"""What the register says of counts, as sums: groups that a reader can calculate, and changes from month to month.

Belongs here: which counts are one count, and every sum or difference of counts that counts somebody. Does not
belong here: figures, and what is hidden because of them.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pipelines.dictionary.indicator_relations import (
    Part,
    Relation,
    both_are_parts,
    relations,
    stay_restricted,
)

Terms = tuple[tuple[Part, int], ...]
"""A sum of counts, each with its factor."""


@dataclass(frozen=True)
class Rest:
    """A group that no table shows: a whole less its parts. Where it is small, `named` is hidden."""

    terms: Terms
    named: Part


@dataclass(frozen=True)
class Flow:
    """`stock` changes from month to month by what the `moves` count in the month."""

    stock: Part
    moves: Terms


@dataclass(frozen=True)
class RelatedCounts:
    """All relations between counts. `equal`: parts that are the same count."""

    equal: tuple[tuple[Part, ...], ...] = ()
    rests: tuple[Rest, ...] = ()
    flows: tuple[Flow, ...] = ()

    def among(self, parts: Collection[Part]) -> "RelatedCounts":
        """The relations between these counts only. A whole less some of its parts is a rest, too."""
        equal = [own for group in self.equal if (own := tuple(part for part in group if part in parts))]
        # another one of equal counts stands for one that is not there
        known = {part: own[0] for group in self.equal for own in equal if own[0] in group for part in group}
        known |= {part: part for part in parts}
        rests = []
        for rest in self.rests:
            terms = tuple((known[part], factor) for part, factor in rest.terms if part in known)
            is_whole_first = rest.terms[0][0] in known and all(factor < 0 for _, factor in rest.terms[1:])
            if len(terms) == len(rest.terms):
                rests.append(Rest(terms, known[rest.named]))
            elif is_whole_first and len(terms) > 1:
                rests.append(Rest(terms, terms[-1][0]))
        return RelatedCounts(tuple(equal), tuple(rests), self.flows)


@cache
def never_shown() -> frozenset[str]:
    """Indicators that the register keeps restricted, or whose two numbers are parts of those of another.

    What either of two such parts leaves, and who is in the denominators only, are counts, too. Where the two are
    nearly alike, all of them are small at once, and most rows of both would have to be left out.
    """
    return stay_restricted() | {part for part, _ in both_are_parts(relations())}


@cache
def related_counts() -> RelatedCounts:
    """The relations of the register, in its order."""
    rows = relations()
    equal = _equal(rows)
    rests = _rests(rows)
    return RelatedCounts(equal, (*rests, *_rests_of_parts(rests, equal), *_rests_of_rests(rows)), _flows(rows))


def _equal(rows: Iterable[Relation]) -> tuple[tuple[Part, ...], ...]:
    groups: dict[Part, list[Part]] = {}
    for row in rows:
        if row.relation == "equals":
            first, second = groups.get(row.other, [row.other]), groups.get(row.count, [row.count])
            joined = [*first, *(part for part in second if part not in first)]
            groups |= dict.fromkeys(joined, joined)
    return tuple(dict.fromkeys(tuple(group) for group in groups.values()))


def _rests(rows: Iterable[Relation]) -> tuple[Rest, ...]:
    groups: dict[object, list[Relation]] = {}
    for row in rows:
        if row.relation == "part of":
            # a part without a group leaves a rest of its own
            groups.setdefault(row.parts_group or (row.other, row.count), []).append(row)
    return tuple(
        Rest(((members[0].other, 1), *((member.count, -1) for member in members)), members[-1].count)
        for members in groups.values()
    )


def _rests_of_parts(rests: Iterable[Rest], equal: Iterable[tuple[Part, ...]]) -> list[Rest]:
    """The rests that a part of a part leaves of the whole, over any number of steps."""
    first = {part: group[0] for group in equal for part in group}
    wholes = {
        first.get(rest.named, rest.named): first.get(rest.terms[0][0], rest.terms[0][0])
        for rest in rests
        if len(rest.terms) == 2
    }
    further = []
    for part, whole in wholes.items():
        while (whole := wholes.get(whole, part)) != part:
            further.append(Rest(((whole, 1), (part, -1)), part))
    return further


def _rests_of_rests(rows: Iterable[Relation]) -> Iterator[Rest]:
    """Where numerator and denominator are parts of another's, who is in the denominator only is a part, too."""
    for part, whole in both_are_parts(rows):
        terms = (
            (Part(whole, "denominator"), 1),
            (Part(whole, "numerator"), -1),
            (Part(part, "denominator"), -1),
            (Part(part, "numerator"), 1),
        )
        yield Rest(terms, Part(part, "denominator"))


def _flows(rows: Iterable[Relation]) -> tuple[Flow, ...]:
    factors = {"gains": 1, "loses": -1}
    moves: dict[Part, list[tuple[Part, int]]] = {}
    for row in rows:
        if row.relation in factors:
            moves.setdefault(row.count, []).append((row.other, factors[row.relation]))
    return tuple(Flow(stock, tuple(terms)) for stock, terms in moves.items())
