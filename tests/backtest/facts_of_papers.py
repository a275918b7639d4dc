"""Compares what papers other than the monthly report print with releases, fact by fact: printed, expected, ours.

`python tests/backtest/facts_of_papers.py [RELEASE]` prints it for a release and those in its data folder, by
default the latest in `data/`. Exit status 1 if a fact differs, or if no release has it.

A fact is a row of `facts_of_papers.csv`, of an area in one or several months, as an extract shows them. Months
before the extract are restated ones. Their breakdowns are in no table: the child rows of a release of that extract
are added up by the codes of their records.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import duckdb
from release_rows import Tables

from pipelines.calendar import Month, months_between

FACTS = Path(__file__).with_suffix(".csv")
LATEST = FACTS.parent.parent.parent / "data" / "marts" / "latest"
ROUNDING = 1e-6
TIMES = {"percentage": 100.0, "rate_per_10000": 10_000.0}

PLACEMENT = """
    with held as (
        select
            placements.*,
            coalesce(placements.end_date > $day, true) as lasts
        from {tables[fct_placement]} as placements
        semi join children on placements.child_id = children.child_id
        left join {tables[fct_period_of_care]} as periods
            on
                placements.child_id = periods.child_id
                and placements.extract_month = periods.extract_month
                and periods.entered_care_date <= $day
                and coalesce(periods.ceased_date > $day, true)
        where
            placements.extract_month = $extract
            and placements.start_date <= $day
            and (lasts or (not placements.is_temporary and placements.start_date >= periods.entered_care_date))
    )
    select distinct on (child_id)
        child_id,
        {column} as code
    from held
    where child_id in (select open.child_id from held as open where open.lasts)
    -- a temporary placement gives way to the one that it interrupts, open or over
    order by
        child_id,
        is_temporary,
        lasts desc,
        case when not lasts then end_date end desc,
        start_date desc,
        length(placement_id) desc,
        placement_id desc
"""
CHALLENGE = """
    select challenge_id as unit_id, {column} as code
    from {tables[fct_challenge]}
    where extract_month = $extract
"""
RECORDED_CODES = {
    "placement_group": ("child_id", PLACEMENT, "placement_group"),
    "placement_type": ("child_id", PLACEMENT, "placement_type_code"),
    "context": ("unit_id", CHALLENGE, "context"),
    "challenge_category": ("unit_id", CHALLENGE, "category_code"),
    "challenge_impact": ("unit_id", CHALLENGE, "impact_code"),
    "resolved_level": ("unit_id", CHALLENGE, "resolved_level"),
}
"""How the code of a child or a unit in a restated month is asked of the facts of the extract; no code: `none`."""


class Sums(NamedTuple):
    """Sums over an area's rows in a month: of the wanted codes, and the numerator that a share is of."""

    numerator: float
    denominator: float
    of_all: float


@dataclass(frozen=True)
class Fact:
    """A row of the file; `code` may name several as `C1 + C2`."""

    fact_id: str
    paper: str
    indicator_id: str
    measure: str
    dimension: str
    code: str
    area_type: str
    area_name: str
    months: str
    extract_month: str
    aggregation: str
    paper_value: str
    expected: str
    tolerance: str
    verdict: str
    reason: str

    @property
    def codes(self) -> set[str]:
        return set(self.code.split(" + "))

    @property
    def extract(self) -> Month:
        return Month.parse(self.extract_month)

    @property
    def all_months(self) -> list[Month]:
        first, _, last = self.months.partition("..")
        return list(months_between(Month.parse(first), Month.parse(last or first)))


@dataclass(frozen=True)
class Compared:
    """A fact and our figure, None where no release has it."""

    fact: Fact
    ours: float | None

    @property
    def is_as_it_should_be(self) -> bool:
        """Whether ours is the expected figure within the tolerance; or is another than the paper's, where that
        cannot be; or is missing, where the month is."""
        if self.fact.verdict == "outside_sample" or self.ours is None:
            return self.fact.verdict == "outside_sample" and self.ours is None
        is_expected = not self.fact.expected or self._is(self.fact.expected, float(self.fact.tolerance))
        return is_expected and (self.fact.verdict == "fit" or not self._is(self.fact.paper_value, 0))

    def _is(self, figure: str, tolerance: float) -> bool:
        return self.ours is not None and abs(self.ours - float(figure)) <= tolerance + ROUNDING


def facts() -> list[Fact]:
    """All facts of the file, in its order."""
    with FACTS.open(encoding="utf-8", newline="") as lines:
        return [Fact(**row) for row in csv.DictReader(lines)]


class Releases:
    """The latest release and those beside it. State: one connection, and the units of the indicators."""

    def __init__(self, latest: Path) -> None:
        self._latest, self._tables = latest, Tables(latest / "restricted")
        self._connection = duckdb.connect()

    def ours(self, fact: Fact) -> float | None:
        """Our figure of a fact, or None where no release has one of its months."""
        by_month = []
        for month in fact.all_months:
            sums = self._sums(fact, month)
            if sums is None:
                return None
            by_month.append(sums)
        if fact.aggregation == "mean of the twelve months":
            values = [self._measured(fact, sums) for sums in by_month]
            return None if None in values else sum(filter(None, values)) / len(values)
        if fact.aggregation == "difference of the two months":
            first, last = (self._measured(fact, by_month[place]) for place in (0, -1))
            return None if first is None or last is None else last - first
        return self._measured(fact, Sums(*map(sum, zip(*by_month, strict=True))))

    def _measured(self, fact: Fact, sums: Sums) -> float | None:
        if fact.measure == "numerator":
            return sums.numerator
        if fact.measure == "denominator":
            return sums.denominator
        if fact.measure == "denominator - numerator":
            return sums.denominator - sums.numerator
        if fact.measure == "share":
            return 100.0 * sums.numerator / sums.of_all if sums.of_all else None
        unit = self._units[fact.indicator_id]
        if unit == "number":
            return sums.numerator
        return TIMES.get(unit, 1.0) * sums.numerator / sums.denominator if sums.denominator else None

    @cached_property
    def _units(self) -> Mapping[str, str]:
        return dict(
            self._connection.execute(
                f"select distinct indicator_id, unit from {self._tables['fct_indicator_value']}"
            ).fetchall()
        )

    def _sums(self, fact: Fact, month: Month) -> Sums | None:
        whole = self._figure(fact, month, "authority", "")
        if whole is None:
            return None
        if not fact.dimension:
            area = self._figure(fact, month, fact.area_type, fact.area_name) or Sums(0, 0, 0)
            return area._replace(of_all=whole.numerator)
        by_code = self._as_reported(fact) if month == fact.extract else self._restated(fact, month)
        if by_code is None:
            return None
        wanted = [sums for code, sums in by_code.items() if code in fact.codes]
        return Sums(
            sum(numerator for numerator, _ in wanted),
            sum(denominator for _, denominator in wanted),
            sum(numerator for numerator, _ in by_code.values()),
        )

    def _figure(self, fact: Fact, month: Month, area_type: str, area_name: str) -> Sums | None:
        row = self._connection.execute(
            f"""
            select numerator, coalesce(denominator, 0), 0
            from {self._tables["fct_indicator_value"]}
            where
                indicator_id = $indicator and month = $day and extract_month = $extract
                and area_type = $area_type and (area_name = $area or $area_type = 'authority')
                and numerator is not null
            """,
            {
                "indicator": fact.indicator_id,
                "day": month.end,
                "extract": fact.extract.end,
                "area_type": area_type,
                "area": area_name,
            },
        ).fetchone()
        return None if row is None else Sums(*row)

    def _as_reported(self, fact: Fact) -> dict[str, tuple[float, float]]:
        rows = self._connection.execute(
            f"""
            select code, numerator, coalesce(denominator, 0)
            from {self._tables["fct_indicator_breakdown"]}
            where
                indicator_id = $indicator and extract_month = $extract and dimension = $dimension
                and area_type = $area_type and area_name = $area
            """,
            {
                "indicator": fact.indicator_id,
                "extract": fact.extract.end,
                "dimension": fact.dimension,
                "area_type": fact.area_type,
                "area": fact.area_name,
            },
        ).fetchall()
        return {code: (numerator, denominator) for code, numerator, denominator in rows}

    def _restated(self, fact: Fact, month: Month) -> dict[str, tuple[float, float]] | None:
        release = self._release_of(fact.extract)
        if release is None:
            return None
        tables = Tables(release / "restricted")
        key, codes, column = RECORDED_CODES[fact.dimension]
        rows = self._connection.execute(
            f"""
            with children as (
                select *
                from {tables["fct_indicator_child"]}
                where
                    indicator_id = $indicator and month = $day and extract_month = $extract
                    and case $area_type
                        when 'team' then area_name = $area when 'locality' then locality_name = $area else true
                    end
            ),
            codes as ({codes.format(column=column, tables=tables)})
            select coalesce(code, 'none'), sum(numerator_value), coalesce(sum(denominator_value), 0)
            from children left join codes on children.{key} = codes.{key}
            group by 1
            """,
            {
                "indicator": fact.indicator_id,
                "day": month.end,
                "extract": fact.extract.end,
                "area_type": fact.area_type,
                "area": fact.area_name,
            },
        ).fetchall()
        return {code: (numerator, denominator) for code, numerator, denominator in rows}

    def _release_of(self, extract: Month) -> Path | None:
        """The last release whose newest extract is this one."""
        beside = sorted((self._latest.parent / "releases").glob(f"{extract}_*"))
        return beside[-1] if beside else None


def compared(latest: Path, extracts: tuple[str, ...] = ()) -> list[Compared]:
    """Each fact with our figure; only those of some extracts, if they are given."""
    releases = Releases(latest)
    wanted = (fact for fact in facts() if not extracts or fact.extract_month in extracts)
    return [Compared(fact, releases.ours(fact)) for fact in wanted]


def lines(results: list[Compared]) -> Iterator[str]:
    """The comparison in lines: below the others those that are not as printed, with the reason; then counts."""
    heading = f"{'months':<10}{'printed':>9}{'expected':>10}{'ours':>9}"
    yield f"{'fact':<12}{'indicator':<46}{'of':<58}{heading}"
    for result in sorted(results, key=lambda result: result.fact.verdict != "fit"):
        fact = result.fact
        of = f"{fact.measure} {fact.dimension} {fact.code}".strip()
        area = "" if fact.area_type == "authority" else f" {fact.area_name}"
        months = fact.months if len(fact.months) < 9 else f"{fact.months[2:7]}-{fact.months[-2:]}"
        ours = "" if result.ours is None else f"{result.ours:.4g}" if result.ours < 1000 else f"{result.ours:.0f}"
        remark = "" if fact.verdict == "fit" else f"  {fact.verdict}: {fact.reason}"
        if not result.is_as_it_should_be:
            remark = f"  DIFFERS{remark}"
        shown = f"{fact.paper_value[:8]:>9}{fact.expected:>10}{ours:>9}"
        yield f"{fact.fact_id:<12}{fact.indicator_id:<46}{of + area:<58}{months:<10}{shown}{remark}"
    right = Counter(result.fact.verdict for result in results if result.is_as_it_should_be)
    yield (
        f"{len(results)} facts of other papers: {right['fit']} as expected, {right['contradiction']} contradict"
        f" others, {right['outside_sample']} before the first month, {len(results) - right.total()} differ"
    )


if __name__ == "__main__":
    report = compared(Path(sys.argv[1]) if len(sys.argv) > 1 else LATEST)
    print(*lines(report), sep="\n")
    sys.exit(not all(result.is_as_it_should_be for result in report))
