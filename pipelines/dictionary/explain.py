"""`warehouse explain`: an entry of the dictionary in plain lines, for an indicator with its figure.

Belongs here: finding an entry by its name, and the order of its lines. Does not belong here: HTML.
"""

import datetime as dt
import difflib
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from pipelines.calendar import Month
from pipelines.contracts import CodeSet, Contract
from pipelines.dictionary.cookbook import Recipe
from pipelines.dictionary.indicator_figures import Figure, PublishedFigure, ReleaseFigure, figures_of
from pipelines.dictionary.indicators import BETTER, PERIODS, UNITS, Indicator
from pipelines.dictionary.read_dictionary import Dictionary
from pipelines.dictionary.tables import LAYERS, DescribedTable
from pipelines.errors import UsageError
from pipelines.population_age import old_population
from pipelines.quality.rules import Rule
from pipelines.settings import EXPECTATIONS

NEAR_NAMES = 3
MEANS = ("score", "months", "days")
"""Units whose numerator is no count."""


def explain(words: Dictionary, name: str, release: Path | None, month: Month | None) -> list[str]:
    """The meaning of a name, in lines: an indicator, a table, a column (alone, or as table.column), an object of
    the drop, a code set, a row rule or a recipe of the cookbook. For an indicator also its figure of the month.

    `release` holds the figures; None before the first release. Raises UsageError for an unknown name, with similar
    names, and for a month with a name that has no figures.
    """
    if name in words.indicators:
        return [*_indicator(words, words.indicators[name]), "", *_figure_lines(words, name, release, month)]
    if month is not None and _is_known(words, name):
        raise UsageError(f"--month: {name} is not an indicator, so it has no figure")
    entries = list(_others(words, name))
    if not entries:
        raise UsageError(_unknown(words, name))
    return [line for number, part in enumerate(entries) for line in ([""] if number else []) + part]


def _is_known(words: Dictionary, name: str) -> bool:
    return any(True for _ in _others(words, name))


def _others(words: Dictionary, name: str) -> Iterator[list[str]]:
    """All other entries with the name; a column may share its name with a code set."""
    kinds: tuple[tuple[Mapping[str, object], Callable[[Dictionary, str], list[str]]], ...] = (
        (words.tables, lambda words, name: _table(words, words.tables[name])),
        (words.contracts, lambda words, name: _contract(words.contracts[name])),
        (words.rules, lambda words, name: _rule(words.rules[name])),
        (words.code_sets, lambda words, name: _code_set(words.code_sets[name])),
        (words.recipes, lambda words, name: _recipe(words.recipes[name])),
    )
    for known, lines_of in kinds:
        if name in known:
            yield lines_of(words, name)
    columns = _columns(words, name)
    if columns:
        yield columns


def _unknown(words: Dictionary, name: str) -> str:
    text = name.lower()
    known = sorted(_names(words))
    inside = [entry for entry in known if text and text in entry]
    titles = {indicator.name.lower(): indicator.id for indicator in words.indicators.values()}
    near = [id for title, id in titles.items() if text and text in title]
    near += [*inside, *difflib.get_close_matches(text, known, NEAR_NAMES, cutoff=0.5)]
    hint = ", ".join(list(dict.fromkeys(near))[:NEAR_NAMES])
    return f"unknown name {name}" + (f"; similar names: {hint}" if hint else "; report/dictionary lists all names")


def _names(words: Dictionary) -> set[str]:
    columns = {column.name for table in words.published.values() for column in table.columns}
    kinds = (words.indicators, words.tables, words.contracts, words.rules, words.code_sets, words.recipes)
    return columns.union(*kinds)


def _indicator(words: Dictionary, indicator: Indicator) -> list[str]:
    family = words.family(indicator.id)
    definition = indicator.words
    lines = [
        f"{indicator.id}: {indicator.name}",
        f"  unit          {UNITS[indicator.unit]}",
        f"  period        {PERIODS[indicator.period]}",
        f"  counted       {definition.counts}",
        f"  numerator     {definition.numerator}",
        f"  denominator   {definition.denominator or 'none, because it is a count'}",
    ]
    lines.append(f"  better        {BETTER[indicator.polarity]}")
    lines += [f"  to note       {edge}" for edge in definition.edges]
    lines += [
        f"  number        {parameter.name}: {parameter.value} for {parameter.authority}, {parameter.since}"
        for parameter in indicator.parameters
    ]
    lines += [
        f"  target        {target.value} for {target.la_code} from {target.first_month_used} on ({target.source})"
        for target in indicator.targets
    ]
    lines.append(f"  DfE           {definition.differs}")
    lines += [f"                {difference}" for difference in indicator.differences(is_comparable=True)]
    lines += [f"  not compared  {difference}" for difference in indicator.differences(is_comparable=False)]
    lines += [f"  related       {relation}" for relation in indicator.relations]
    if indicator.dimensions:
        names = ", ".join(dimension.id for dimension in indicator.dimensions)
        lines.append(f"  broken down   by {names}, in fct_indicator_breakdown")
        lines.append(f"                age, placement and legal status are those of {definition.row_day}")
    lines += [f"  needs         {need}" for need in indicator.needs]
    lines.append(f"  SQL           {family.file}")
    lines += [f"  cases         {cases.sentence}" for cases in words.cases(indicator.id)]
    lines += [f"  threatened by {rule.rule}: {rule.title}" for rule in words.threats(indicator.id)]
    return lines


def _figure_lines(words: Dictionary, name: str, release: Path | None, month: Month | None) -> list[str]:
    if release is None:
        return ["no figure: there is no release yet"]
    asked = month or Month.parse(release.resolve().name[:7])
    figures = figures_of(release, name, asked.end)
    if not figures:
        return [f"no figure: release {release.resolve().name} has no figure for {asked}"]
    indicator = words.indicators[name]
    return [line for figure in figures for line in _release_figure(indicator, figure, asked)]


def _release_figure(indicator: Indicator, figures: ReleaseFigure, month: Month) -> Iterator[str]:
    where = f"{figures.authority} ({figures.la_code}), {month}"
    if figures.reported is not None:
        yield f"{where}, as reported: {_figure(indicator, figures.reported)}"
        if indicator.unit == "rate_per_10000":
            has_no_rate = figures.reported.numerator is not None and figures.reported.denominator is None
            mid_year = figures.reported.population_mid_year
            yield from (f"  {line}" for line in old_population(mid_year, month.end, has_no_rate))
    else:
        yield f"{where}: not reported, because the month was not run when it was new"
    if figures.restated is not None and _differs(figures.reported, figures.restated):
        restated = figures.restated
        yield f"{where}, as known in {restated.extract_month:%Y-%m}: {_figure(indicator, restated)}"
    for comparator in figures.comparators:
        yield f"  {comparator.name}: {_comparator(indicator, comparator)}"
    if not figures.comparators:
        yield "  no published figure to compare with"
    if figures.reasons:
        yield "  not in the numerator:"
        for reason, rows in figures.reasons.items():
            yield f"    {rows:>7,}  {reason}"
    elif figures.reasons is None:
        yield "  reasons outside the numerator: only for readers of restricted/"


def _differs(reported: Figure | None, restated: Figure) -> bool:
    return reported is None or (reported.numerator, reported.denominator, reported.value) != (
        restated.numerator,
        restated.denominator,
        restated.value,
    )


def _figure(indicator: Indicator, figure: Figure) -> str:
    if figure.is_suppressed:
        return "suppressed (small numbers)"
    if figure.numerator is None:
        return f"not available: {figure.reason or 'an object that it needs was not delivered'}"
    if indicator.unit == "number":
        return f"{figure.numerator:,}"
    if figure.denominator is None:
        of = "no denominator"
    elif indicator.unit in MEANS:
        of = f"{figure.numerator:,.1f} in all, of {figure.denominator:,}"
    else:
        of = f"{figure.numerator:,} of {figure.denominator:,}"
    return f"{_number(indicator.unit, figure.value)} ({of})" if figure.value is not None else f"no value ({of})"


def _comparator(indicator: Indicator, published: PublishedFigure) -> str:
    if published.value is None:
        return published.status.replace("_", " ")
    year = f" in {published.year}" if published.year else ""
    years = published.years_apart
    apart = f", {years} year{'s' if years != 1 else ''} before" if years else ""
    day = f", published {published.published:%d %B %Y}" if isinstance(published.published, dt.date) else ""
    return f"{_number(indicator.unit, published.value)}{year}{apart} ({published.source}{day})"


def _number(unit: str, value: float) -> str:
    """The value with its unit, rounded half up like the marts."""
    places = Decimal("1") if unit == "number" else Decimal("0.1")
    text = f"{Decimal(repr(value)).quantize(places, ROUND_HALF_UP):,}"
    words = {"percentage": " %", "rate_per_10000": " per 10,000", "per_fte": " per full-time equivalent"}
    return text + words.get(unit, f" {unit}" if unit in ("months", "days") else "")


def _table(words: Dictionary, table: DescribedTable) -> list[str]:
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
        lines += [f"  gate     {check.description} ({check.severity})" for check in suite.checks]
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


def _code_set(code_set: CodeSet) -> list[str]:
    width = max(len(code) for code in code_set.codes)
    also = {code: f" (also read: {', '.join(texts)})" for code, texts in code_set.also.items()}
    return [f"{code_set.name}: {len(code_set.codes)} codes"] + [
        f"  {code:<{width}}  {label}{also.get(code, '')}" for code, label in code_set.codes.items()
    ]


def _recipe(recipe: Recipe) -> list[str]:
    return [recipe.question, "", *recipe.sql.rstrip().splitlines()]


def _columns(words: Dictionary, name: str) -> list[str]:
    """A column by its name, alone or as table.column, in every table and object that has it."""
    of, _, wanted = name.rpartition(".")
    lines = [
        f"  {table.name}.{column.name}  {column.type.lower()}  {column.meaning}"
        for table in words.published.values()
        for column in table.columns
        if column.name == wanted and of in ("", table.name)
    ]
    lines += [
        f"  {contract.object}.{column.name}  {column.type}  {column.meaning}"
        for contract in words.contracts.values()
        for column in contract.columns
        if column.name == wanted and of in ("", contract.object)
    ]
    tables = "table" if len(lines) == 1 else "tables"
    return [f"{wanted}: column of {len(lines)} {tables}", *lines] if lines else []
