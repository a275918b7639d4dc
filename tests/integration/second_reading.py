"""The definitions of the indicators once more, written plainly over lists of dictionaries.

It shares no rule with the pipeline (only its calendar of working days, which has tests of its own) and takes its
time: one child, one month after another. It reads rows that have passed the ingest, with the column names of the
Standard Safeguarding Dataset and dates as dates.

Belongs here: the order of reading, and the rates. Does not belong here: the rules, which stand by subject in
`second_reading_*.py`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from second_reading_care import care, health, placements
from second_reading_conferences import appeals, children_at_conferences, forms, meetings, professionals
from second_reading_dimensions import COMMON, DIMENSIONS, code
from second_reading_education import education, health_assessments
from second_reading_extract import Counted, Extract, Tables
from second_reading_front_door import front_door
from second_reading_leavers import care_leavers, staying_put
from second_reading_permanence import adoption, edge_of_care, leaving_care, permanence_tracker, profile
from second_reading_plans import child_protection_plans, children_in_need_plans
from second_reading_reviewing import (
    challenges,
    checks_between_reviews,
    children_of_officers,
    foster_reviews,
    officers_with_children,
    posts_of_officers,
)
from second_reading_reviews import child_protection_reviews, initial_conferences, looked_after_reviews
from second_reading_visits import (
    missing_from_care,
    visits_to_children_looked_after,
    visits_to_children_on_plans,
)

from pipelines.dictionary.indicator_relations import relations
from pipelines.seeds import seed_rows

AUTHORITY = "the authority"
_UNITS = {row["indicator_id"]: row["unit"] for row in seed_rows("indicator_register")}
PER_FTE = {indicator for indicator, unit in _UNITS.items() if unit == "per_fte"}
RATES = {
    row.count.indicator_id: row.other.indicator_id
    for row in relations()
    if _UNITS[row.count.indicator_id] == "rate_per_10000" and row.relation == "equals"
}
"""Rates by 10,000 children, and the count that each takes its numerator from."""

BY_CHILD = (
    children_in_need_plans,
    child_protection_plans,
    care,
    health,
    placements,
    looked_after_reviews,
    child_protection_reviews,
    initial_conferences,
    front_door,
    care_leavers,
    staying_put,
    profile,
    leaving_care,
    adoption,
    edge_of_care,
    permanence_tracker,
    children_of_officers,
    checks_between_reviews,
    challenges,
    children_at_conferences,
    visits_to_children_on_plans,
    visits_to_children_looked_after,
    missing_from_care,
    education,
    health_assessments,
)
BY_EXTRACT = (
    officers_with_children,
    posts_of_officers,
    foster_reviews,
    meetings,
    professionals,
    forms,
    appeals,
)
"""Of rows that are of no child."""


class SecondReading:
    """One extract, read for any month."""

    def __init__(self, tables: Tables, postcodes: dict[str, str] | None = None) -> None:
        self.extract = Extract(tables, postcodes)

    def counted(self, month_end: dt.date) -> Iterator[Counted]:
        """Every child or event of every indicator for a month, rates apart."""
        for _, counted in self._by_child(month_end):
            yield counted

    def _by_child(self, month_end: dt.date) -> Iterator[tuple[str | None, Counted]]:
        for child in self.extract.born:
            for read in BY_CHILD:
                for counted in read(self.extract, child, month_end):
                    yield child, counted
        for read_all in BY_EXTRACT:
            for counted in read_all(self.extract, month_end):
                yield None, counted

    def figures(self, month_end: dt.date, population: int) -> Counter[tuple[str, str, str]]:
        """Numerators and denominators by indicator, area and which of the two; a count has both alike."""
        found: Counter[tuple[str, str, str]] = Counter()
        for indicator, team, value, *more in self.counted(month_end):
            for area in {team or AUTHORITY, AUTHORITY}:
                found[indicator, area, "numerator"] += value
                found[indicator, area, "denominator"] += more[0].get("denominator", 1) if more else 1
        for rate, count in RATES.items():
            found[rate, AUTHORITY, "numerator"] = found[count, AUTHORITY, "numerator"]
            found[rate, AUTHORITY, "denominator"] = population
        return Counter({key: round(figure, 6) for key, figure in found.items()})

    def breakdowns(self, month_end: dt.date) -> Counter[tuple[str, str, str, str]]:
        """Numerators by indicator, area, dimension and code; a row outside the numerator adds 0."""
        found: Counter[tuple[str, str, str, str]] = Counter()
        for child, (indicator, team, value, *more) in self._by_child(month_end):
            codes = more[0] if more else {}
            day = codes.get("day", month_end)
            has_common = child is not None and indicator not in PER_FTE
            for dimension in (*(COMMON if has_common else ()), *DIMENSIONS.get(indicator, ())):
                own = codes.get(dimension) or code(self.extract, child, day, dimension)
                for area in {team or AUTHORITY, AUTHORITY}:
                    found[indicator, area, dimension, own] += value
        return Counter({key: round(figure, 6) for key, figure in found.items()})
