"""`warehouse explain`: one thing of the dictionary in plain lines, an indicator with its figure.

Belongs here: finding what is asked for by its name, and the order in which it is told. Does not belong here: HTML.
"""

import datetime as dt
import difflib
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from pipelines.calendar import Month
from pipelines.contracts import CodeSet, Contract
from pipelines.dictionary.cookbook import Recipe
from pipelines.dictionary.figures import Comparator, Figure, Told, figures_of
from pipelines.dictionary.indicators import BETTER, PERIODS, UNITS, Indicator
from pipelines.dictionary.tables import LAYERS, Table
from pipelines.dictionary.words import Dictionary
from pipelines.errors import UsageError
from pipelines.quality.rules import Rule
from pipelines.settings import EXPECTATIONS

NEAR_NAMES = 3


def explain(words: Dictionary, name: str, release: Path | None, month: Month | None) -> list[str]:
    """What a name means, in lines: an indicator, a table, a column (alone, or as table.column), an object of the
    drop, a code set, a row rule or a recipe of the cookbook; of an indicator also its figure of the month.

    `release`: where figures are read; None before the first. Raises UsageError, with the nearest names, where
    nothing bears the name, and for a month where what is asked for has no figure.
    """
    if name in words.indicators:
        return [*_indicator(words, words.indicators[name]), "", *_figure_lines(words, name, release, month)]
    if month is not None and _is_known(words, name):
        raise UsageError(f"--month: {name} is no indicator, it has no figure")
    found = list(_others(words, name))
    if not found:
        raise UsageError(_unknown(words, name))
    return [line for number, part in enumerate(found) for line in ([""] if number else []) + part]


def _is_known(words: Dictionary, name: str) -> bool:
    return any(True for _ in _others(words, name))


def _others(words: Dictionary, name: str) -> Iterator[list[str]]:
    """Everything else that bears the name: a column may share it with a code set."""
    kinds: tuple[tuple[Mapping[str, object], Callable[[Dictionary, str], list[str]]], ...] = (
        (words.tables, lambda words, name: _table(words, words.tables[name])),
        (words.contracts, lambda words, name: _contract(words.contracts[name])),
        (words.rules, lambda words, name: _rule(words.rules[name])),
        (words.code_sets, lambda words, name: _code_set(words.code_sets[name])),
        (words.recipes, lambda words, name: _recipe(words.recipes[name])),
    )
    for known, told in kinds:
        if name in known:
            yield told(words, name)
    columns = _columns(words, name)
    if columns:
        yield columns


def _unknown(words: Dictionary, name: str) -> str:
    text = name.lower()
    known = sorted(_names(words))
    inside = [one for one in known if text and text in one]
    titles = {one.name.lower(): one.id for one in words.indicators.values()}
    near = [id for title, id in titles.items() if text and text in title]
    near += [*inside, *difflib.get_close_matches(text, known, NEAR_NAMES, cutoff=0.5)]
    hint = ", ".join(list(dict.fromkeys(near))[:NEAR_NAMES])
    return f"nothing is called {name}" + (f"; near it: {hint}" if hint else ": report/dictionary lists all")


def _names(words: Dictionary) -> set[str]:
    columns = {column.name for table in words.published.values() for column in table.columns}
    kinds = (words.indicators, words.tables, words.contracts, words.rules, words.code_sets, words.recipes)
    return columns.union(*kinds)


def _indicator(words: Dictionary, one: Indicator) -> list[str]:
    family = words.family(one.id)
    told = one.words
    lines = [
        f"{one.id}: {one.name}",
        f"  unit          {UNITS[one.unit]}",
        f"  period        {PERIODS[one.period]}",
        f"  counted       {told.counts}",
        f"  numerator     {told.numerator}",
        f"  denominator   {told.denominator or 'none: it is a count'}",
    ]
    lines.append(f"  better        {BETTER[one.polarity]}")
    lines += [f"  to note       {edge}" for edge in told.edges]
    lines += [
        f"  number        {parameter.words}: {parameter.value} for {parameter.authority}, {parameter.since}"
        for parameter in one.parameters
    ]
    lines += [
        f"  target        {target.value} for {target.la_code} from {target.first_month_used} on ({target.source})"
        for target in one.targets
    ]
    lines.append(f"  DfE           {told.differs}")
    lines += [f"                {difference}" for difference in one.differences(is_comparable=True)]
    lines += [f"  not beside it {difference}" for difference in one.differences(is_comparable=False)]
    lines += [f"  related       {relation}" for relation in one.relations]
    lines.append(f"  needs         {', '.join(one.objects)}")
    lines.append(f"  SQL           {family.file}")
    lines += [f"  cases         {cases.sentence}" for cases in words.cases(one.id)]
    lines += [f"  threatened by {rule.rule}: {rule.title}" for rule in words.threats(one.id)]
    return lines


def _figure_lines(words: Dictionary, name: str, release: Path | None, month: Month | None) -> list[str]:
    if release is None:
        return ["no figure: there is no release yet"]
    asked = month or Month.parse(release.resolve().name[:7])
    told = figures_of(release, name, asked.end)
    if not told:
        return [f"no figure: release {release.resolve().name} has nothing of {asked}"]
    indicator = words.indicators[name]
    return [line for one in told for line in _told(indicator, one, asked)]


def _told(indicator: Indicator, told: Told, month: Month) -> Iterator[str]:
    where = f"{told.authority} ({told.la_code}), {month}"
    if told.reported is not None:
        yield f"{where}, as reported: {_figure(indicator, told.reported)}"
    else:
        yield f"{where}: was not reported, the month was not run when it was new"
    if told.restated is not None and _differs(told.reported, told.restated):
        yield f"{where}, as known in {told.restated.extract_month:%Y-%m}: {_figure(indicator, told.restated)}"
    for comparator in told.comparators:
        yield f"  {comparator.name}: {_comparator(indicator, comparator)}"
    if not told.comparators:
        yield "  no published figure stands beside it"
    if told.reasons:
        yield "  not in the numerator:"
        for reason, rows in told.reasons.items():
            yield f"    {rows:>7,}  {reason}"
    elif told.reasons is None:
        yield "  why not in the numerator: only those who may read restricted/ are told"


def _differs(reported: Figure | None, restated: Figure) -> bool:
    return reported is None or (reported.numerator, reported.denominator, reported.value) != (
        restated.numerator,
        restated.denominator,
        restated.value,
    )


def _figure(indicator: Indicator, figure: Figure) -> str:
    if figure.is_suppressed:
        return "suppressed, the numbers are small"
    if figure.numerator is None:
        return "not available, an object that it needs was not delivered"
    if indicator.unit == "number":
        return f"{figure.numerator:,}"
    of = f"{figure.numerator:,} of {figure.denominator:,}" if figure.denominator is not None else "no denominator"
    return f"{_number(indicator.unit, figure.value)} ({of})" if figure.value is not None else f"no value ({of})"


def _comparator(indicator: Indicator, one: Comparator) -> str:
    if one.value is None:
        return one.status.replace("_", " ")
    year = f" in {one.year}" if one.year else ""
    apart = f", {one.years_apart} year{'s' if one.years_apart != 1 else ''} before" if one.years_apart else ""
    published = f", published {one.published:%d %B %Y}" if isinstance(one.published, dt.date) else ""
    return f"{_number(indicator.unit, one.value)}{year}{apart} ({one.source}{published})"


def _number(unit: str, value: float) -> str:
    """Half is rounded upwards, as the marts do."""
    places = Decimal("1") if unit == "number" else Decimal("0.1")
    text = f"{Decimal(repr(value)).quantize(places, ROUND_HALF_UP):,}"
    return {"number": text, "percentage": f"{text} %", "rate_per_10000": f"{text} per 10,000"}[unit]


def _table(words: Dictionary, table: Table) -> list[str]:
    lines = [f"{table.name}: {table.description}", f"  layer    {LAYERS[table.layer].lower()}"]
    if table.grain:
        lines.append(f"  grain    {table.grain}")
    if table.file:
        lines.append(f"  file     {table.file}")
    if table.parents:
        lines.append(f"  made of  {', '.join(table.parents)}")
    lines += [f"  tested   {test}" for test in table.tests]
    lines += [f"  cases    {cases.sentence}" for cases in table.cases]
    for suite in words.suites_of(table.name):
        lines += [f"  gate     {check.observes} ({check.severity})" for check in suite.checks]
    width = max((len(column.name) for column in table.columns), default=0)
    lines += [f"  {column.name:<{width}}  {column.type.lower()}  {column.meaning}" for column in table.columns]
    return lines


def _contract(contract: Contract) -> list[str]:
    lines = [f"{contract.object}: {contract.title}", f"  grain    {contract.grain}"]
    lines.append(f"  key      {', '.join(contract.key) or 'none'}")
    width = max(len(column.name) for column in contract.columns)
    return lines + [
        f"  {column.name:<{width}}  {column.type}  {column.meaning}"
        + (f" (codes: {column.code_set})" if column.code_set else "")
        for column in contract.columns
    ]


def _rule(rule: Rule) -> list[str]:
    return [
        f"{rule.rule}: {rule.title}",
        f"  severity   {rule.severity}",
        f"  object     {rule.object}",
        f"  why        {rule.why}",
        f"  threatens  {', '.join(rule.threatens) or 'no figure'}",
        f"  official   {', '.join(rule.official) or 'none: a rule of this project'}",
        f"  SQL        {rule.sql_path.relative_to(EXPECTATIONS.parent)}",
    ]


def _code_set(one: CodeSet) -> list[str]:
    width = max(len(code) for code in one.codes)
    return [f"{one.name}: {len(one.codes)} codes"] + [
        f"  {code:<{width}}  {label}" for code, label in one.codes.items()
    ]


def _recipe(recipe: Recipe) -> list[str]:
    return [recipe.question, "", *recipe.sql.rstrip().splitlines()]


def _columns(words: Dictionary, name: str) -> list[str]:
    """A column by its name alone, or as table.column, in every table and object that has it."""
    of, _, wanted = name.rpartition(".")
    found = [
        f"  {table.name}.{column.name}  {column.type.lower()}  {column.meaning}"
        for table in words.published.values()
        for column in table.columns
        if column.name == wanted and of in ("", table.name)
    ]
    found += [
        f"  {one.object}.{column.name}  {column.type}  {column.meaning}"
        for one in words.contracts.values()
        for column in one.columns
        if column.name == wanted and of in ("", one.object)
    ]
    tables = "table" if len(found) == 1 else "tables"
    return [f"{wanted}: column of {len(found)} {tables}", *found] if found else []
