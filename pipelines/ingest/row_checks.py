"""Checks the rows of a drop against its contracts: which are loaded, rejected or flagged.

Belongs here: the rules for rows, in memory. Does not belong here: files, the working file, hashing.
Where possible a rule looks at distinct values only: a long column of dates has a few thousand of them.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_

import polars as pl

from pipelines.contracts import DATE_TYPES, PERSON_OBJECT, CodeSet, Contract, ContractColumn, code_sets, contracts
from pipelines.ingest.drop_results import Issue, LostRows, Reject
from pipelines.ingest.lost_rows import SortedRows, lost_rows
from pipelines.ingest.values import (
    BELIEVABLE_YEARS_AHEAD,
    OPEN_END,
    TYPES,
    ReadColumn,
    read_column,
    shapes,
    trimmed,
)
from pipelines.reading.file_reading import TextTable

LINE = "line_number"
WORKERS = 2
_ROW = "row"
_FIRST_BELIEVABLE = dt.date(1900, 1, 1)
_BELIEVABLE_NUMBERS = (0, 1_000_000_000)
"""Every number of a drop is a count, a share or a distance."""
_OPEN_ENDS = pl.Series(
    [OPEN_END, *(dt.date(*day) for day in ((1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31)))]
)
"""What is written for the end of a period that has none: the last day, and those that programs count from."""
_NUMBERS_AND_DATES = (pl.Date(), pl.Datetime("us"), pl.Int64(), pl.Float64())

REJECTED = pl.Schema({LINE: pl.Int64, "rule": pl.String, "column_name": pl.String, "raw_row": pl.String})
ISSUES = pl.Schema({LINE: pl.Int64, "rule": pl.String, "column_name": pl.String})


@dataclass(frozen=True)
class Misfit:
    """The rejected rows of a file whose value in a column is none of its type, and what the values look like."""

    column: ContractColumn
    rows: int
    shapes: str
    first_line: int


@dataclass(frozen=True)
class CheckedFile:
    """One file after its checks.

    `loaded`: the loaded columns of the contract, with ids as delivered, and `line_number`. `rejected`: one row per
    rejected row. `doubts`: why a column cannot be read, by column. `misfits`: the columns with values that do not
    fit. `read_in_part`: the lines whose text is read only in part, by column and flag. `lost`: what the rejected
    rows are worth. `issues`: one row per flag.
    """

    contract: Contract
    loaded: pl.DataFrame
    rejected: pl.DataFrame
    rows_read: int
    doubts: Mapping[str, str]
    misfits: Sequence[Misfit]
    read_in_part: Mapping[str, Mapping[Issue, pl.Series]]
    lost: LostRows
    issues: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ISSUES))


def missing_columns(contract: Contract, table: TextTable) -> list[str]:
    """Required columns whose header the file does not have."""
    return [column.name for column in contract.columns if column.required and column.name not in table.columns]


def check_drop(tables: Mapping[str, TextTable], extract_day: dt.date) -> dict[str, CheckedFile]:
    """Checks every file of a drop. `ssd_person` must be there and comes first: only its persons may have rows.

    `extract_day`: the day on which the drop was taken; no event can be later.
    """
    others = [name for name in tables if name != PERSON_OBJECT]
    people = _sort_out(contracts()[PERSON_OBJECT], tables[PERSON_OBJECT], pl.Series(dtype=pl.String), extract_day)
    persons = people.loaded["pers_person_id"]
    with ThreadPoolExecutor(WORKERS) as pool:
        sorted_out = pool.map(
            lambda name: _sort_out(contracts()[name], tables[name], persons, extract_day), others
        )
        kept = {PERSON_OBJECT: people, **dict(zip(others, sorted_out, strict=True))}
        targets = _Targets({name: file.loaded for name, file in kept.items()})
        issues = pool.map(lambda file: _issues(file, extract_day, targets), kept.values())
        return {
            name: replace(file, issues=flags) for (name, file), flags in zip(kept.items(), issues, strict=True)
        }


def _sort_out(contract: Contract, table: TextTable, persons: pl.Series, extract_day: dt.date) -> CheckedFile:
    """The file with its rows to load and its rejected rows, and no issues yet."""
    rows, read = _typed(contract, table, extract_day)
    misfits = {name: column.misfits for name, column in read.items() if column.misfits is not None}
    doubts = {name: column.doubt for name, column in read.items() if column.doubt}
    read_in_part = {
        name: {flag: table.line_numbers.filter(rows_wrong) for flag, rows_wrong in column.flags.items()}
        for name, column in read.items()
    }
    verdicts = _verdicts(contract, table, rows, misfits, persons)
    is_rejected = verdicts["rule"].is_not_null()
    if not is_rejected.any() and not table.ragged:
        nothing = pl.DataFrame(schema=REJECTED)
        return CheckedFile(contract, rows, nothing, table.rows_read, doubts, (), read_in_part, LostRows())
    rejected = verdicts.filter(is_rejected)
    shown = [
        *(
            (table.line_numbers[row], rule, column, row_as_json(table.headers, table.frame.row(row)))
            for row, rule, column in rejected.select(_ROW, "rule", "column_name").iter_rows()
        ),
        *(
            (row.line_number, Reject.WRONG_NUMBER_OF_FIELDS.value, None, row_as_json(table.headers, row.fields))
            for row in table.ragged
        ),
    ]
    # a line about the file, such as `(876 rows affected)`, has few fields
    ragged = sum(2 * len(row.fields) > len(table.headers) for row in table.ragged)
    month_end = extract_day.replace(day=1) - dt.timedelta(days=1)
    return CheckedFile(
        contract,
        rows.filter(~is_rejected),
        pl.DataFrame(shown, schema=REJECTED, orient="row").sort(LINE),
        table.rows_read,
        doubts,
        [_misfit(contract.column(name), table, wrong) for name, wrong in misfits.items()],
        read_in_part,
        lost_rows(contract, SortedRows(rows, is_rejected, misfits, ragged), month_end),
    )


def _misfit(column: ContractColumn, table: TextTable, wrong: pl.Series) -> Misfit:
    texts = table.frame[column.name].filter(wrong).str.strip_chars()
    return Misfit(column, len(texts), shapes(texts), table.line_numbers.filter(wrong)[0])


def row_as_json(headers: tuple[str, ...], values: Iterable[str | None]) -> str:
    """A row as delivered: the text under each header, and under a number where there is no header."""
    named: dict[str, str | None] = {}
    for number, value in enumerate(values, 1):
        named[headers[number - 1] if number <= len(headers) else f"field {number}"] = value
    return json.dumps(named, ensure_ascii=False)


def _typed(
    contract: Contract, table: TextTable, extract_day: dt.date
) -> tuple[pl.DataFrame, dict[str, ReadColumn]]:
    """The loaded columns in their types with the line numbers, and what was read of each that the file has."""
    present = [column for column in contract.loaded_columns if column.name in table.columns]
    texts = table.frame.select(trimmed(column).alias(column.name) for column in present)
    read = {column.name: read_column(texts[column.name], column, extract_day) for column in present}
    end = contract.period[1] if contract.period else None
    columns = []
    for column in contract.loaded_columns:
        if column.name in read:
            values = read[column.name].values
            if column.name == end:
                values = values.set(values.cast(pl.Date).is_in(_OPEN_ENDS.implode()).fill_null(False), None)
            columns.append(values)
        else:
            nothing = pl.Series(column.name, [None], dtype=TYPES[column.type])
            columns.append(nothing.new_from_index(0, texts.height))
    return pl.DataFrame([*columns, table.line_numbers.alias(LINE)]), read


def _verdicts(
    contract: Contract, table: TextTable, rows: pl.DataFrame, misfits: Mapping[str, pl.Series], persons: pl.Series
) -> pl.DataFrame:
    """For each row the first rule that rejects it, in the order of `Reject`, and the column; null if none does."""
    faults: list[tuple[Reject, str, pl.Series]] = [
        (Reject.VALUE_DOES_NOT_FIT_TYPE, name, rows_wrong) for name, rows_wrong in misfits.items()
    ]
    faults += [(Reject.PRIMARY_KEY_MISSING, name, rows[name].is_null()) for name in contract.key]
    if contract.person is not None and contract.object != PERSON_OBJECT:
        known = rows[contract.person].is_in(persons.implode()).fill_null(False)
        faults.append((Reject.PERSON_NOT_IN_SSD_PERSON, contract.person, ~known))
    if contract.period is not None:
        start, end = contract.period
        faults.append((Reject.END_BEFORE_START, end, (rows[end] < rows[start]).fill_null(False)))
    is_faulty = reduce(or_, (wrong for _, _, wrong in faults), pl.repeat(False, rows.height, eager=True))
    is_twice = _duplicated(contract, table, rows, is_faulty)
    faults.append((Reject.PRIMARY_KEY_DUPLICATED, ", ".join(contract.key), is_twice))
    broken = [(rule, column, wrong) for rule, column, wrong in faults if wrong.any()]
    if not broken:
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)
        return pl.DataFrame({"rule": nothing, "column_name": nothing}).with_row_index(_ROW)
    return pl.select(
        rule=pl.coalesce(pl.when(wrong).then(pl.lit(rule.value)) for rule, _, wrong in broken),
        column_name=pl.coalesce(pl.when(wrong).then(pl.lit(column)) for _, column, wrong in broken),
    ).with_row_index(_ROW)


def _duplicated(contract: Contract, table: TextTable, rows: pl.DataFrame, is_faulty: pl.Series) -> pl.Series:
    """Rows whose key occurs twice: all of them if they differ, all but the first if they are identical.

    `is_faulty`: rows that are rejected for another reason. They do not count: the other row with the key stays.
    Compares the text of the columns that are loaded: a name or a note that nobody reads makes no row another one.
    """
    keys = rows.select(contract.key)
    if not contract.key or not (is_repeated := keys.is_duplicated() & ~is_faulty).any():
        return pl.repeat(False, rows.height, eager=True)
    is_counted = keys.with_row_index(_ROW).filter(is_repeated)
    is_twice = _row_numbers(rows).is_in(
        is_counted.filter(is_counted.select(contract.key).is_duplicated())[_ROW].implode()
    )
    compared = [column.name for column in contract.loaded_columns if column.name in table.columns]
    texts = table.frame.filter(is_twice).select(
        pl.concat_list(pl.col(compared).str.strip_chars().fill_null("")).alias("text")
    )
    groups = keys.with_row_index(_ROW).filter(is_twice).hstack(texts)
    first = groups.group_by(contract.key).agg(
        pl.col(_ROW).min().alias("first"), (pl.col("text").n_unique() == 1).alias("is_identical")
    )
    stays = first.filter("is_identical")["first"]
    return is_twice & ~_row_numbers(rows).is_in(stays.implode())


def _row_numbers(rows: pl.DataFrame) -> pl.Series:
    return rows.select(pl.int_range(pl.len(), dtype=pl.UInt32)).to_series()


class _Targets:
    """The values that a link may have: those of the loaded rows of the drop, collected once per column."""

    def __init__(self, loaded: Mapping[str, pl.DataFrame]) -> None:
        self._loaded = loaded
        self._values: dict[tuple[str, str], pl.Series] = {}

    def values(self, target: str, column: str) -> pl.Series | None:
        """Distinct values, or None if the object is not in the drop."""
        if target not in self._loaded:
            return None
        if (target, column) not in self._values:
            self._values[target, column] = self._loaded[target][column].unique()
        return self._values[target, column]


def _issues(file: CheckedFile, extract_day: dt.date, targets: _Targets) -> pl.DataFrame:
    contract, loaded = file.contract, file.loaded
    flags: list[tuple[Issue, str, pl.Series]] = []
    for column in contract.loaded_columns:
        values = loaded[column.name]
        if column.code_set is not None and not code_sets()[column.code_set].is_open:
            wrong = _outside(values, code_sets()[column.code_set])
            flags.append((Issue.CODE_OUTSIDE_CODE_SET, column.name, wrong))
        if column.type in DATE_TYPES and not column.may_be_future:
            flags.append((Issue.DATE_IN_FUTURE, column.name, values.cast(pl.Date) > extract_day))
        if values.dtype in _NUMBERS_AND_DATES:
            flags.append((Issue.VALUE_NOT_BELIEVABLE, column.name, ~_is_believable(values, extract_day)))
        for flag, lines in file.read_in_part.get(column.name, {}).items():
            flags.append((flag, column.name, loaded[LINE].is_in(lines.implode())))
        if column.expected:
            flags.append((Issue.VALUE_MISSING, column.name, values.is_null()))
        if column.expected_or is not None:
            flags.append(
                (Issue.VALUE_MISSING, column.name, values.is_null() & loaded[column.expected_or].is_null())
            )
        if column.link is not None and column.privacy != "person":
            there = targets.values(*column.link)
            if there is not None:
                flags.append((Issue.ORPHANED_LINK, column.name, ~values.is_in(there.drop_nulls().implode())))
    if contract.no_overlap:
        flags.append(
            (
                Issue.OVERLAPPING_PERIOD,
                contract.period[0] if contract.period else "",
                _overlapping(contract, loaded),
            )
        )
    if contract.one_row_per_person and contract.person is not None:
        flags.append((Issue.SEVERAL_ROWS_OF_PERSON, contract.person, loaded[contract.person].is_duplicated()))
    flagged = [
        pl.DataFrame({LINE: lines}).with_columns(rule=pl.lit(rule.value), column_name=pl.lit(column))
        for rule, column, wrong in flags
        if not (lines := loaded[LINE].filter(wrong.fill_null(False))).is_empty()
    ]
    return pl.concat(flagged).sort(LINE, maintain_order=True) if flagged else pl.DataFrame(schema=ISSUES)


def _is_believable(values: pl.Series, extract_day: dt.date) -> pl.Series:
    """Whether a date is from 1900 to 30 years after the month, a number from 0 to a billion. Null stays null."""
    if values.dtype.is_temporal():
        values = values.cast(pl.Date)
        next_month = extract_day.replace(day=1)
        after = next_month.replace(year=next_month.year + BELIEVABLE_YEARS_AHEAD)
        return values.is_between(_FIRST_BELIEVABLE, after, closed="left")
    return values.is_between(*_BELIEVABLE_NUMBERS)


def _outside(values: pl.Series, code_set: CodeSet) -> pl.Series:
    """Whether each value is outside the code set; null for a null."""
    distinct = values.unique().drop_nulls()
    wrong = distinct.filter(~matches(distinct, code_set))
    return values.is_in(wrong.implode())


def matches(values: pl.Series, code_set: CodeSet) -> pl.Series:
    """Whether each value is one of the code set."""
    codes = pl.Series(list(code_set.spellings), dtype=pl.String)
    if code_set.match in ("words", "spelling"):
        return _words(values).is_in(_words(codes).implode())
    matches = values.is_in(codes.implode())
    if code_set.match == "prefix":
        head = values.str.extract(r"^([^:]*):")
        matches |= head.is_in(codes.implode()).fill_null(False)
    return matches


def _words(values: pl.Series) -> pl.Series:
    return values.str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")


def _overlapping(contract: Contract, loaded: pl.DataFrame) -> pl.Series:
    """Whether each row begins before an earlier period of the same person has ended; an open period never ends."""
    assert contract.period is not None and contract.person is not None
    start, end = contract.period
    spells = loaded.select(
        pl.col(contract.person).alias("person"),
        pl.col(start).alias("start"),
        pl.col(end).fill_null(dt.date.max).to_physical().alias("end"),
    ).with_row_index(_ROW)
    spells = spells.filter(pl.col("person").is_duplicated() & pl.col("start").is_not_null())
    spells = spells.sort("person", "start", _ROW).with_columns(
        pl.col("end").cum_max().shift(1).over("person").alias("latest_end_before")
    )
    late = spells.filter(pl.col("start").to_physical() < pl.col("latest_end_before"))[_ROW]
    return _row_numbers(loaded).is_in(late.implode())
