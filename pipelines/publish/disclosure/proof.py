"""The proof that a hidden number has another possible value: other counts that a reader cannot tell from ours.

Other counts are a proof if they agree with every shown number, every relation and the growth of a year, and if the
same tables and rows are hidden for them: a reader who knows this code learns nothing from the choice. They are
solution by integer programming: a whole change of each hidden number, and 0 of each shown one.

Belongs here: what a reader knows, as constraints, and the search. Does not belong here: what is hidden
(`suppression`).
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, block_diag, csr_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from pipelines.publish.disclosure.suppression import MONTHS, Bools, Counts, Extract, Hidden

SEARCHES = 6
"""How often all numbers are changed at once, before those without a proof are asked one by one."""
FURTHEST = 20
"""The largest change of a number: a proof needs a small one."""
ALMOST_ONE = 0.99
"""The solver is exact to far less than the rest. A change in whole numbers is 1 or more."""
FAR = 1000
"""More than any change of a group that can become small."""

Floats = NDArray[np.float64]


class Search:
    """The changes that a reader cannot exclude, for one extract and what is hidden of it.

    A cell is a group in a month and area, numbered through. `changes` (cell, variable) gives the change of its
    size.
    """

    def __init__(self, extract: Extract, hidden: Hidden):
        self.extract, self.hidden = extract, hidden
        self.sizes = extract.own_sizes
        self.cells = np.arange(self.sizes.size).reshape(self.sizes.shape)
        self.variables = self._variables()
        self.count = int(self.variables.max()) + 1
        self.changes = self._changes()
        self.varies = np.diff(self.changes.indptr) > 0
        self.least, self.most = self._limits()
        self.exact = vstack([self._sums(), self._flows(), self._known_sums()], format="csr")
        self.growth, self.grown = self._growth()
        self.clauses = [clause for cells in self._clauses() if (clause := self._open_clause(cells)) is not None]
        self.rows, self.least_of_rows, self.most_of_rows = self._rows()
        self.part = self._parts()

    def _variables(self) -> Counts:
        """The variable of each number (count, month, area); -1 where it is shown."""
        varies = self.extract.hidden_numbers(self.hidden)
        variables = np.full(varies.shape, -1, np.int64)
        variables[varies] = np.arange(varies.sum())
        return variables

    def _changes(self) -> csr_array:
        rows, columns, factors = [], [], []
        for position, group in enumerate(self.extract.relations.groups):
            for count, factor in group.terms:
                own = (self.variables[count] >= 0) & self.extract.known[position][:, None]
                rows.append(self.cells[position][own])
                columns.append(self.variables[count][own])
                factors.append(np.full(int(own.sum()), factor))
        entries = (np.concatenate(factors), (np.concatenate(rows), np.concatenate(columns)))
        return csr_array(entries, shape=(self.sizes.size, self.count), dtype=np.int64)

    def _limits(self) -> tuple[Floats, Floats]:
        """The least and the most that each cell may change by itself: no group turns, and none becomes small."""
        extract, sizes = self.extract, self.sizes
        stays = self._must_stay_shown() & ~extract.is_small(sizes)
        nearest = np.where(stays & (sizes != 0), extract.smallest_shown, 0)
        least = np.where(sizes >= 0, nearest - sizes, -np.inf)
        stays_zero = stays | extract.is_breakdown
        most = np.where(sizes >= 0, np.where(stays_zero & (sizes == 0), 0, np.inf), -nearest - sizes)
        return least.ravel(), most.ravel()

    def _must_stay_shown(self) -> Bools:
        """The cells (group, month, area) that would hide something shown if they were small."""
        extract, hidden = self.extract, self.hidden
        named = extract.named
        shown = np.zeros(self.sizes.shape, np.bool_)
        is_told = ~extract.with_any(hidden.headlines) & ~hidden.rows[named]
        # a row that a rule leaves out would be suppressed instead
        stays_out = hidden.headlines | extract.taken_along(extract.before.rows)
        shown[..., 0] = np.where(extract.is_rest[:, None], is_told, ~stays_out[named])
        can_hide = extract.can_hide(hidden.headlines | hidden.rows)
        for position, level in enumerate(extract.levels):
            is_shown = can_hide[named] & ~hidden.tables[named, :, position]
            shown[..., list(level.areas)] = is_shown[..., None]
        return shown

    def _sums(self) -> csr_array:
        """Areas less the areas above them, for every count."""
        rows = [csr_array((0, self.count), dtype=np.int64)]
        for level in self.extract.levels:
            for below, above in level.sums:
                difference = self._total(list(below)) - self._total(list(above))
                rows.append(difference[np.repeat(self.extract.in_areas, self.sizes.shape[1])])
        return vstack(rows, format="csr")

    def _total(self, areas: list[int]) -> csr_array:
        """The change of each count and month, in some areas together."""
        counts, months = self.variables.shape[:2]
        own = self.variables[..., areas].reshape(counts * months, len(areas))
        rows, places = np.nonzero(own >= 0)
        ones = np.ones(len(rows), np.int64)
        return csr_array((ones, (rows, own[rows, places])), shape=(counts * months, self.count))

    def _flows(self) -> csr_array:
        """The change of each stock from month to month, less what its moves count in the month, in every area.

        Children move between areas, so below the authority a flow may be off by a few. A filling keeps what it is
        off by: readers who believe the flow and readers who know better learn nothing.
        """
        extract, relations = self.extract, self.extract.relations
        rows, columns, factors, row = [], [], [], 0
        for area in range(extract.counts.shape[2]):
            for flow in relations.flows:
                terms = ((flow.stock, 1), *((count, -factor) for count, factor in flow.moves))
                there: Bools = np.asarray(extract.there[[count for count, _ in terms]].all(0))
                for month in np.flatnonzero(there[1:] & there[:-1]) + 1:
                    for count, factor in terms:
                        rows.append(row)
                        columns.append(self.variables[count, month, area])
                        factors.append(factor)
                        if relations.has_earlier(count, bool(extract.same_year[month - 1])):
                            rows.append(row)
                            columns.append(self.variables[count, month - 1, area])
                            factors.append(-factor)
                    row += 1
        varies = np.array(columns, np.int64) >= 0
        entries = [np.array(values, np.int64)[varies] for values in (factors, rows, columns)]
        flows = csr_array((entries[0], (entries[1], entries[2])), shape=(row, self.count))
        flows.eliminate_zeros()
        return flows

    def _known_sums(self) -> csr_array:
        """The sums that a reader knows: those of a breakdown, and each count of twelve months of its months."""
        extract = self.extract
        sums = [[(count, 0, area, 1) for count, area in own] for own in extract.known_sums]
        for whole, part in extract.relations.years:
            for month in range(MONTHS - 1, len(extract.years)):
                own = list(range(month - MONTHS + 1, month + 1))
                if extract.there[whole, month] and extract.there[part, own].all():
                    for area in range(extract.counts.shape[2]):
                        sums.append([(whole, month, area, -1), *((part, each, area, 1) for each in own)])
        entries = [
            (row, self.variables[tuple(cell)], factor)
            for row, own in enumerate(sums)
            for *cell, factor in own
            if self.variables[tuple(cell)] >= 0
        ]
        rows, columns, factors = np.array(entries, np.int64).reshape(-1, 3).T
        return csr_array((factors, (rows, columns)), shape=(len(sums), self.count))

    def _growth(self) -> tuple[csr_array, Counts]:
        """The change of the growth of each group that grows in a year, and how much it grew."""
        extract = self.extract
        in_year = extract.known[:, 1:] & extract.known[:, :-1] & extract.same_year & extract.grows[:, None]
        later, earlier = self.cells[:, 1:][in_year].ravel(), self.cells[:, :-1][in_year].ravel()
        concerned = self.varies[later] | self.varies[earlier]
        later, earlier = later[concerned], earlier[concerned]
        size = self.sizes.ravel()
        return self.changes[later] - self.changes[earlier], np.maximum(size[later] - size[earlier], 0)

    def _clauses(self) -> Iterator[NDArray[np.intp]]:
        """The cells of which one must be small, for each headline, row and table hidden because one is."""
        extract, marks = self.extract, self.hidden.marks
        is_rest = extract.is_rest[:, None]
        every = np.ones_like(extract.known)
        is_small = extract.is_small(self.sizes)
        reasons = [([0], every & ~is_rest), ([0], is_rest & ~extract.with_any(self.hidden.headlines))]
        reasons += [(list(level.areas), every) for level in extract.levels]
        for kind, (areas, groups) in enumerate(reasons):
            own = marks[..., kind] & ~extract.before.marks[..., kind]
            if kind > 1:
                own &= ~marks[..., :kind].any(-1)
            for count, month in zip(*np.nonzero(own), strict=True):
                naming = np.flatnonzero((extract.named == count) & groups[:, month])[:, None]
                # otherwise a denominator or a flow is the reason
                if is_small[naming, month, areas].any():
                    yield self.cells[naming, month, areas].ravel()

    def asked(self) -> NDArray[np.intp]:
        """The cells that need another value: hidden numbers, small rests, and the others of a hidden percentage.

        A 0 needs none: it counts no one. Of the codes of a breakdown only small numbers do.
        """
        extract = self.extract
        hidden, is_small = self.variables >= 0, extract.is_small(self.sizes)
        asked = np.where(extract.is_rest[:, None, None], is_small, hidden[extract.named])
        if extract.is_breakdown:
            asked[..., 1:] &= is_small[..., 1:]
        return np.asarray(np.flatnonzero(asked & (self.sizes != 0)))

    def unproven(self, asked: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of the asked cells that keep the same size in every filling."""
        left: NDArray[np.intp] = asked[self.varies[asked]]
        never: NDArray[np.intp] = asked[~self.varies[asked]]
        if not len(left):
            return never
        chance = np.random.default_rng(1)
        for _ in range(SEARCHES):
            left = left[(self.changes[left] @ self._anything(chance)) == 0]
            if not len(left):
                return never
        kept = []
        while len(left):
            cell, left = left[0], left[1:]
            change = self._other_size(cell)
            if change is None:
                kept.append(cell)
            else:
                left = left[(self.changes[left] @ change) == 0]
        return np.asarray(np.concatenate([never, np.array(kept, np.intp)]))

    def is_possible(self, change: Counts) -> bool:
        """Whether a reader cannot exclude these changes, in whole numbers."""
        of_cells = self.changes @ change
        counts = self.extract.counts + np.where(self.variables >= 0, change[self.variables], 0)
        return (
            bool(np.all(of_cells >= self.least) and np.all(of_cells <= self.most))
            and not np.any(self.exact @ change)
            and bool(np.all(self.growth @ change >= -self.grown))
            and self.extract.decision(counts).same_as(self.hidden)
        )

    def _open_clause(self, cells: NDArray[np.intp]) -> NDArray[np.intp] | None:
        """The cells that could be the small one; None if a shown one is small."""
        varies, size = self.varies[cells], self.sizes.ravel()[cells]
        if np.any(self.extract.is_small(size[~varies])):
            return None
        return np.asarray(cells[varies & (np.abs(size) < FAR / 2)])

    def _rows(self) -> tuple[csr_array, Floats, Floats]:
        """All constraints but the clauses: changes of sums, with the least and the most of each."""
        limited = np.flatnonzero(self.varies & (np.isfinite(self.least) | np.isfinite(self.most)))
        rows = vstack([self.changes[limited], self.exact, self.growth], format="csr")
        none = np.zeros(self.exact.shape[0])
        least = np.concatenate([self.least[limited], none, -self.grown])
        most = np.concatenate([self.most[limited], none, np.full(len(self.grown), np.inf)])
        has_variable = np.diff(rows.indptr) > 0
        return rows[has_variable], least[has_variable], most[has_variable]

    def _parts(self) -> NDArray[np.intp]:
        """The part of each variable: variables of different parts change independently."""
        cells = np.concatenate([*self.clauses, np.zeros(0, np.intp)])
        numbers = np.repeat(np.arange(len(self.clauses)), [len(clause) for clause in self.clauses])
        ones = np.ones(len(cells), np.int64)
        clauses = csr_array((ones, (numbers, np.arange(len(cells)))), shape=(len(self.clauses), len(cells)))
        links = vstack([self.rows, clauses @ np.abs(self.changes[cells])], format="csr")
        nodes = block_array([[None, links], [links.T, None]], format="csr")
        return np.asarray(connected_components(nodes, directed=False)[1][links.shape[0] :])

    def _small_limits(self, cells: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """The least and the most that cells may change by if they are small then."""
        size, largest = self.sizes.ravel()[cells], self.extract.smallest_shown - 1
        return np.where(size >= 0, 1, -largest) - size, np.where(size >= 0, largest, -1) - size

    def _anything(self, chance: np.random.Generator) -> Counts:
        """A change of as many numbers as possible at once, by chance; 0 for parts where it is not whole."""
        is_small = self.extract.is_small(self.sizes.ravel())
        small = np.array([chance.choice(clause[is_small[clause]]) for clause in self.clauses], np.intp)
        least, most = self._small_limits(small)
        rows = vstack([self.rows, self.changes[small]], format="csr")
        solution = milp(
            chance.normal(size=self.count),
            constraints=LinearConstraint(
                rows, np.append(self.least_of_rows, least), np.append(self.most_of_rows, most)
            ),
            bounds=Bounds(-FURTHEST, FURTHEST),
        )
        change = np.rint(solution.x)
        broken = np.bincount(self.part, np.abs(solution.x - change) > 1e-6) > 0
        change = np.asarray(np.where(broken[self.part], 0, change), np.int64)
        return change if self.is_possible(change) else np.zeros_like(change)

    def _other_size(self, cell: np.intp) -> Counts | None:
        """A change of the cell's size, with whatever it takes; None if there is none."""
        asked = self.changes[[cell]]
        in_part = np.isin(self.part, self.part[asked.indices])
        variables = np.flatnonzero(in_part)
        rows = np.flatnonzero(in_part[self.rows.indices[self.rows.indptr[:-1]]])
        # all variables of a clause are in one part
        starts = [self.changes.indptr[clause[0]] for clause in self.clauses]
        clauses = [self.clauses[number] for number in np.flatnonzero(in_part[self.changes.indices[starts]])]
        small = np.concatenate([*clauses, np.zeros(0, np.intp)])
        least, most = self._small_limits(small)
        # a switch for each cell that could be the small one; at least one of a clause is on
        off = FAR * eye_array(len(small))
        switches = block_diag([np.ones((1, len(clause))) for clause in clauses] or [np.zeros((0, 0))])
        of_small = self.changes[small][:, variables]
        matrix = vstack(
            [
                hstack([self.rows[rows][:, variables], csr_array((len(rows), len(small)))]),
                hstack([of_small, -off]),
                hstack([of_small, off]),
                hstack([csr_array((len(clauses), len(variables))), switches]),
            ]
        )
        without = np.full(len(small), np.inf)
        constraints = LinearConstraint(
            matrix,
            np.concatenate([self.least_of_rows[rows], least - FAR, -without, np.ones(len(clauses))]),
            np.concatenate([self.most_of_rows[rows], without, most + FAR, np.full(len(clauses), np.inf)]),
        )
        limits = np.concatenate([np.full(len(variables), FURTHEST), np.ones(len(small))])
        bounds = Bounds(np.where(np.arange(len(limits)) < len(variables), -limits, 0), limits)
        objective = np.concatenate([asked[:, variables].toarray()[0], np.zeros(len(small))])
        for sign in (1, -1):
            solve = partial(milp, sign * objective, constraints=constraints, bounds=bounds)
            # most often not even a change in fractions is there, and the solver is five times faster with them
            in_fractions = solve()
            if in_fractions.x is not None and abs(in_fractions.fun) < ALMOST_ONE:
                continue
            solution = solve(integrality=np.ones(len(limits)))
            if solution.x is not None and abs(solution.fun) > 0.5:
                change = np.zeros(self.count, np.int64)
                change[variables] = np.rint(solution.x[: len(variables)])
                if self.is_possible(change):
                    return change
        return None
