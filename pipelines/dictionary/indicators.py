"""Every indicator in words: register, definition, changes, targets, and published measures.

Belongs here: joining the seeds about indicators with `indicators.yml`. Does not belong here: figures.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from pipelines.dictionary.indicator_parameters import Parameter, newest_numbers, parameters_of, with_numbers
from pipelines.dictionary.indicator_relations import relations
from pipelines.reference import Row
from pipelines.seeds import listed, own_yaml, seed_rows

UNITS = {
    "number": "number",
    "percentage": "per cent",
    "rate_per_10000": "per 10,000 children",
    "per_fte": "per full-time equivalent",
    "score": "mean score",
    "months": "months on average",
    "days": "days on average",
}
PERIODS = {
    "month_end": "on the last day of the month",
    "month": "in the month",
    "ytd": "from 1 April to the end of the month",
    "rolling_12": "in the twelve months up to the end of the month",
}
BETTER = {
    "higher_is_better": "higher",
    "lower_is_better": "lower",
    "neither": "neither: a higher or lower figure is not better or worse by itself",
}
GROUPS = {
    "plans": "Plans",
    "looked_after": "Children looked after",
    "permanence": "Permanence",
    "reviews": "Reviews and conferences",
    "front_door": "Contacts, referrals and assessments",
    "visits": "Visits",
    "missing": "Children missing from care",
    "care_leavers": "Care leavers",
    "reviewing_service": "Reviewing officers",
    "conferences": "Conferences",
    "education_and_health": "Education and health",
}


NO_OBJECT = ("reference_postcode",)
"""Needs of the register that are no object of a drop: a file in raw/reference that was there when it was read."""
NEED = re.compile(r"(\w+)(?:\.(\w+))?:(?:(0|all|plan|ytd)|(?:(ytd)\+)?(\d+)(\+day)?)(:latest)?")
"""A need of the register: object, column, how far back, and whether the latest event is enough."""


def need_in_words(need: str) -> str:
    """What an indicator needs of an object: `ssd_cla_placement: every event of the 12 months before`."""
    parts = NEED.fullmatch(need)
    if parts is None:
        raise ValueError(f"seeds/indicator_register.csv: {need} is not a need, such as ssd_cla_placement:12")
    name, column, back, year_to_date, months, day, latest = parts.groups()
    if name.startswith(("local_", "reference_")):
        return f"{name}: the list as a whole"
    since = {
        "all": "of any year",
        "plan": "since the oldest open child protection plan began",
        "ytd": "since 1 April",
    }.get(
        back or "",
        f"{'since 1 April and ' if year_to_date else ''}of the {'month' if months == '1' else f'{months} months'}"
        f"{' before' if year_to_date else ''}{' and a day' if day else ''}",
    )
    what = (
        "what is open at the month end" if back == "0" else f"{'the latest' if latest else 'every'} event {since}"
    )
    return f"{name}: {what}{f', where a row has no {column}' if column else ''}"


class Words(BaseModel):
    """What `indicators.yml` says of one indicator, with the newest numbers of its definition.

    `row_day`: the day whose age, placement and legal status a row has in breakdowns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    counts: str
    numerator: str
    denominator: str | None = None
    edges: tuple[str, ...]
    differs: str
    row_day: str = "the last day of the month"


@dataclass(frozen=True)
class Target:
    """A target that an authority set itself, in the unit of the figure, with its first month as YYYY-MM."""

    la_code: str
    value: str
    first_month_used: str
    source: str


@dataclass(frozen=True)
class PublishedMeasure:
    """A published measure that the indicator is compared with, or (not comparable) must never be."""

    source_kind: str
    measure: str
    dimensions: str
    is_comparable: bool
    difference: str


@dataclass(frozen=True)
class Dimension:
    """By what a figure is broken down, with the labels of its codes."""

    id: str
    name: str
    is_common: bool
    """Every indicator of children has it."""
    codes: Mapping[str, str]


@dataclass(frozen=True)
class Indicator:
    """One indicator in words.

    `objects`: without any one of them in the drop there is no figure. `needs`: how far back each must go.
    `reasons`: why a row is not in the numerator.
    """

    id: str
    name: str
    group: str
    unit: str
    period: str
    polarity: str
    has_team_rows: bool
    words: Words
    written: Words
    """Its words as they are written, with `{parameter}` for a number."""
    reasons: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    targets: tuple[Target, ...]
    objects: tuple[str, ...]
    needs: tuple[str, ...]
    comparisons: tuple[PublishedMeasure, ...]
    relations: tuple[str, ...]
    """Sentences: how its counts are related to others."""
    dimensions: tuple[Dimension, ...] = ()

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Names of the numbers of its definition."""
        return frozenset(parameter.name for parameter in self.parameters)

    def differences(self, *, is_comparable: bool) -> list[str]:
        """The differences to comparable measures, or the reasons why others are not comparable; each once."""
        measures = [measure for measure in self.comparisons if measure.is_comparable == is_comparable]
        return list(dict.fromkeys(measure.difference for measure in measures if measure.difference))


@cache
def indicators(own: tuple[Parameter, ...] = ()) -> dict[str, Indicator]:
    """Every registered indicator by id, in the order of the register.

    `own`: numbers of definitions that authorities set. The texts and the list of numbers have them, too.
    Raises ValueError if an indicator has no definition in words, and pydantic's ValidationError if it is
    incomplete.
    """
    definitions = own_yaml(Path(__file__).parent / "indicators.yml")
    numbers = newest_numbers(own)
    register = seed_rows("indicator_register")
    targets, measures = (seed_rows(name) for name in ("shipped_indicator_target", "comparator_measure"))
    return {
        row["indicator_id"]: Indicator(
            id=row["indicator_id"],
            name=row["indicator_name"],
            group=row["indicator_group"],
            unit=row["unit"],
            period=row["period"],
            polarity=row["polarity"],
            has_team_rows=row["has_team_rows"] == "true",
            words=_words(definitions, row["indicator_id"], numbers),
            written=_words(definitions, row["indicator_id"]),
            reasons=tuple(with_numbers(reason, numbers) for reason in listed(row["reasons"])),
            parameters=_with_own(parameters_of(row["indicator_id"]), own),
            targets=tuple(
                Target(
                    target["la_code"],
                    target["target_value"],
                    target["first_month_used"][:7],
                    target["target_source"],
                )
                for target in targets
                if target["indicator_id"] == row["indicator_id"]
            ),
            objects=tuple(dict.fromkeys(re.split(r"[.:]", need)[0] for need in row["needs"].split())),
            needs=tuple(need_in_words(need) for need in row["needs"].split()),
            comparisons=tuple(
                PublishedMeasure(
                    measure["source_kind"],
                    measure["measure"],
                    measure["dimensions"],
                    measure["is_comparable"] == "true",
                    measure["definition_difference"],
                )
                for measure in measures
                if measure["indicator_id"] == row["indicator_id"] and measure["role"] == "value"
            ),
            relations=tuple(
                str(relation)
                for relation in relations()
                if row["indicator_id"] in (relation.count.indicator_id, relation.other.indicator_id)
            ),
            dimensions=tuple(dimensions()[name] for name in _dimensions_of(row)),
        )
        for row in register
    }


def _with_own(shipped: tuple[Parameter, ...], own: Iterable[Parameter]) -> tuple[Parameter, ...]:
    names = {number.name for number in shipped}
    return (*shipped, *(number for number in own if number.name in names))


@cache
def dimensions() -> dict[str, Dimension]:
    """Every dimension by id, in the order of the seed. Codes of an open one are those of the data."""
    codes = seed_rows("dimension_code")
    return {
        row["dimension"]: Dimension(
            row["dimension"],
            row["dimension_name"],
            row["is_common"] == "true",
            {code["code"]: code["code_label"] for code in codes if code["dimension"] == row["dimension"]},
        )
        for row in seed_rows("dimension")
    }


def _dimensions_of(row: Mapping[str, str]) -> list[str]:
    """The dimensions of a row of the register, as `indicator_dimensions` of dbt lists them."""
    has_common = row["is_of_children"] == "true" and row["unit"] not in ("rate_per_10000", "per_fte")
    common = [each["dimension"] for each in seed_rows("dimension") if each["is_common"] == "true"]
    return [*(common if has_common else ()), *row["dimensions"].split()]


def own_numbers(rows: Sequence[Row]) -> tuple[Parameter, ...]:
    """The numbers of definitions in the authorities' own `parameters.csv`."""
    names = ("parameter", "parameter_value", "first_month_used", "la_code")
    return tuple(
        Parameter(name, value, month[:7], la_code)
        for name, value, month, la_code in ([str(row[key]) for key in names] for row in rows)
    )


def with_own_targets(known: Mapping[str, Indicator], targets: Sequence[Row]) -> dict[str, Indicator]:
    """The indicators, with the authorities' own targets after the shipped ones."""
    own = [
        (
            row["indicator_id"],
            Target(
                str(row["la_code"]),
                f"{row['target_value']:g}",
                str(row["first_month_used"])[:7],
                str(row["target_source"]),
            ),
        )
        for row in targets
    ]
    return {
        name: replace(indicator, targets=(*indicator.targets, *(target for of, target in own if of == name)))
        for name, indicator in known.items()
    }


def _words(written: Mapping[str, object], indicator_id: str, numbers: Mapping[str, str] | None = None) -> Words:
    if indicator_id not in written:
        raise ValueError(f"pipelines/dictionary/indicators.yml has no entry for {indicator_id}")
    return Words.model_validate(_filled(written[indicator_id], numbers))


def _filled(written: Any, numbers: Mapping[str, str] | None) -> Any:
    """The definition with a number in place of every `{parameter}`, at any depth; without numbers as it is."""
    if numbers is None:
        return written
    if isinstance(written, dict):
        return {key: _filled(value, numbers) for key, value in written.items()}
    if isinstance(written, list):
        return [_filled(value, numbers) for value in written]
    return with_numbers(written, numbers) if isinstance(written, str) else written
