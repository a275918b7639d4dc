"""Reads reference data that no drop has: the authority's own populations, and the bank holidays of England."""

import csv
import datetime as dt
import io
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pipelines.calendar import Month, bank_holidays
from pipelines.errors import BadInputError, UsageError
from pipelines.input_files import InputFileError, is_there, read_input, text_of_input
from pipelines.settings import DataFolder

HOLIDAY_YEARS = range(2000, 2041)
MID_YEARS = range(1900, 2101)
LARGEST_POPULATION = 10**8
POPULATION_COLUMNS = ("la_code", "mid_year", "population", "first_month_used")


@dataclass(frozen=True)
class Population:
    """Number of children aged 0 to 17 at a mid-year, used for rates from a month on."""

    la_code: str
    mid_year: int
    population: int
    first_month_used: dt.date


def populations(folder: DataFolder) -> list[Population]:
    """The populations in `reference/population.csv`; empty if the file does not exist.

    `first_month_used` is a month (YYYY-MM) or a day in it. Raises BadInputError, which names the line.
    """
    file = folder.reference / "population.csv"
    if not is_there(file):
        return []
    try:
        reader = csv.DictReader(io.StringIO(text_of_input(read_input(folder.reference, file)), newline=""))
        missing = [name for name in POPULATION_COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise BadInputError(f"{file}: column {missing[0]} is missing")
        return [_population(file, reader.line_num, row) for row in reader]
    except InputFileError as fault:
        raise BadInputError(f"{file}: {fault}") from fault
    except csv.Error as fault:
        raise BadInputError(f"{file}: cannot be read as a csv file") from fault


def _population(file: Path, line: int, row: dict[str, str]) -> Population:
    try:
        la_code, mid_year, population, first_month = ((row[name] or "").strip() for name in POPULATION_COLUMNS)
        row_read = Population(la_code, int(mid_year), int(population), Month.parse(first_month[:7]).first_day)
    except (ValueError, UsageError) as fault:
        raise BadInputError(
            f"{file} line {line}: write {', '.join(POPULATION_COLUMNS)}, the month as YYYY-MM"
        ) from fault
    if not 0 < row_read.population < LARGEST_POPULATION:
        raise BadInputError(f"{file} line {line}: the population must be above 0 and below {LARGEST_POPULATION:,}")
    if row_read.mid_year not in MID_YEARS:
        raise BadInputError(f"{file} line {line}: mid_year must be a year from {MID_YEARS[0]} to {MID_YEARS[-1]}")
    return row_read


def holidays_source() -> str:
    """Name and version of the package with the bank holidays."""
    return f"holidays {version('holidays')}"


def holidays_of_england() -> list[dt.date]:
    """Every bank holiday of the years in which dates of a drop or their due dates can fall."""
    return sorted(day for year in HOLIDAY_YEARS for day in bank_holidays(year))
