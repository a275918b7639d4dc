"""Reads the texts of a column as values of its type, in the forms in which exporters and spreadsheets write them.

Belongs here: dates, numbers, yes and no, ids, and what stands for no value. A form that leaves open which value is
meant is never read: either its rows do not fit, or the whole column is in doubt. Does not belong here: what
happens to a row that does not fit (`row_checks`).
Where possible a rule looks at distinct values only: a long column of dates has a few thousand of them.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl

from pipelines.contracts import DATE_TYPES, CodeSet, ContractColumn, code_sets
from pipelines.ingest.drop_results import Issue
from pipelines.reading.workbook_cells import NO_FORMULA_VALUE

TYPES: Mapping[str, pl.DataType] = {
    "id": pl.String(),
    "code": pl.String(),
    "text": pl.String(),
    "json": pl.String(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us"),
    "integer": pl.Int64(),
    "number": pl.Float64(),
}
NO_ID = "-1"
NOT_JSON = "not JSON"
"""Stands for a text of which no key can be read (`derived_columns`): it is flagged, and null."""
BELIEVABLE_YEARS_AHEAD = 30
LARGEST_DOUBT = 0.01
"""Share of a column's values that may leave open what they mean. Above it the column is not read."""
_FEWEST_DATES, _FEWEST_DAYS = 200, 6
"""From how many dates, on how many days of a month, none may be missing after the 12th."""

_LONGEST_SHAPE, _SHAPES = 40, 3

_EVERYWHERE = (
    "",
    "NULL",
    "null",
    "Null",
    "(null)",
    "(NULL)",
    "<NULL>",
    "<null>",
    "[NULL]",
    "[null]",
    "(blank)",
    "\\N",
    "<NA>",
    "NaN",
    "nan",
    "NaT",
)
_MARKED_BY_APOSTROPHE = ("id", "date", "datetime", "integer", "number")
_PLACEHOLDERS = ("SSD_PH", "ssd_ph", "PLACEHOLDER_DATA", "PlaceholderStr")
"""What the Standard Safeguarding Dataset's own scripts write where a value is not known."""
_NOT_APPLICABLE = ("N/A", "n/a")
_NOTHING: Mapping[str, tuple[str, ...]] = {
    "text": (),
    "json": ("None",),
    "id": ("None", *_NOT_APPLICABLE, NO_ID),
    "code": (*_NOT_APPLICABLE, NO_ID, "-"),
    **dict.fromkeys(DATE_TYPES, ("None", "none", *_NOT_APPLICABLE, "NA", NO_ID, "-")),
    "integer": ("None", "none", *_NOT_APPLICABLE, "NA", "-"),
    "number": ("None", "none", *_NOT_APPLICABLE, "NA", "-"),
}
"""What stands for no value in a column of a type, besides what does everywhere."""
_ERROR = (
    r"^#(?:N/A|REF!|VALUE!|DIV/0!?|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|PYTHON!"
    r"|(?i:ERROR!?|DELETED|NAME|NUM|FUNC!|TYPE!|MULTIVALUE|OVERFLOW|SYNTAX|COMPUTATION|TOREFRESH|DATASYNC|UNAVAILABLE)"
    rf"|N/A N/A|GETTING_DATA|{NO_FORMULA_VALUE[1:]}|#+)$|^Err:[0-9]{{3}}$"
)
"""Errors of a spreadsheet or a report, a formula without a value, and the signs of a cell that is too narrow."""
_ROUNDED_ID = r"^[0-9](?:\.[0-9]+)?E\+[0-9]+$"
"""A long number as a spreadsheet shows it: its last digits are lost."""

_HOURS = r"(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?:[:.][0-5][0-9](?:[.:][0-9]{1,9})?)?(?: ?[AaPp][Mm])?"
_ZONE = r"Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?"
_TIME = rf"(?:(?: +|T){_HOURS})?"
_ISO = rf"^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:[ T]{_HOURS})?$"
_IN_A_ZONE = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T]{_HOURS} ?(?:{_ZONE})$"
_YEAR_FIRST = r"^([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.)([0-9]{1,2})$"
_NO_SEPARATOR = (
    r"^((?:19|20)[0-9]{2}|9999)([0-9]{2})([0-9]{2})(?:\.0|(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?)?$"
)
_NUMBERS = r"^([0-9]{1,2})(?:(/)([0-9]{1,2})/|(-)([0-9]{1,2})-|(\.)([0-9]{1,2})\.)([0-9]{4}|[0-9]{2})$"
_WEEKDAY = r"(?:(?:Mon|Tue|Tues|Wed|Wednes|Thu|Thurs|Fri|Sat|Satur|Sun)(?:day)?,? +)?"
_DAY_OF_MONTH = (
    rf"^{_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th)?[-/ ]?([A-Za-z]{{3,9}})\.?[-/ ]?([0-9]{{4}}|[0-9]{{2}})$"
)
_MONTH_FIRST = r"^([A-Za-z]{3,9})\.? +([0-9]{1,2}),? +([0-9]{4})$"
_SERIAL = r"^([1-9][0-9]{4}|2958465|1)(?:\.[0-9]+)?$"
"""Days that a spreadsheet counts from 1900. Five digits begin in 1927; 2958465 is the last day of all."""
_SERIAL_ZERO = dt.date(1899, 12, 30)
_MOMENT = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}/[0-9]{2}/[0-9]{4})"
    r"(?:(?:T| +)([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{1,9}))?)?)?$"
)
"""A day, and a time with hours, minutes, seconds and their fraction, without a zone."""
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH_NUMBERS = {
    name: f"{number:02}" for number, month in enumerate(_MONTHS, 1) for name in {month, month[:3], month[:4]}
}
_NO_DATE = dt.date(1900, 1, 1)
_FIRST_DATE = dt.date(1, 1, 1)
OPEN_END = dt.date(9999, 12, 31)
"""What case systems write for the end of a period that has none."""

_WHOLE = r"^[+-]?[0-9]+(?:\.0+)?$"
_DECIMAL = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$"
_THOUSANDS = r"^[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?$"
_SPACED_THOUSANDS = r"^[+-]?[1-9][0-9]{0,2}(?:[ \x{a0}\x{202f}][0-9]{3})+(?:\.[0-9]*)?$"
_DECIMAL_COMMA = r"^[+-]?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})$|^[+-]?0,[0-9]+$"
_YES_NO_SETS = ("yes_no", "yes_no_not_applicable")


@dataclass(frozen=True)
class ReadColumn:
    """A column of a file in its type.

    `misfits`: the rows whose text is no value of the type (None if all are). `doubt`: why the column as a whole
    cannot be read. `flags`: the rows whose text is read only in part, by the flag for why.
    """

    values: pl.Series
    misfits: pl.Series | None = None
    doubt: str | None = None
    flags: Mapping[Issue, pl.Series] = field(default_factory=dict)


def trimmed(column: ContractColumn) -> pl.Expr:
    """The trimmed text of a column; null for what stands for no value."""
    text = pl.col(column.name).str.strip_chars()
    nothing = {*_EVERYWHERE, *_PLACEHOLDERS, *_NOTHING[column.type]}
    if column.code_set in _YES_NO_SETS:
        nothing -= {NO_ID}
    return pl.when(~text.is_in(sorted(nothing))).then(text)


def read_column(texts: pl.Series, column: ContractColumn, extract_day: dt.date) -> ReadColumn:
    """The values of a column whose texts are trimmed.

    `extract_day`: the day on which the drop was taken. It gives years of two digits their century.
    """
    texts = _without_text_marks(texts, column.type)
    if column.type == "date":
        return _read_dates(texts, column, extract_day)
    if column.type == "datetime":
        return _read_datetimes(texts, column, extract_day)
    if column.type in ("integer", "number"):
        return _read_numbers(texts, TYPES[column.type])
    errors = _errors(texts)
    if column.type == "json" or column.keys:
        return _read_keys(texts) if column.keys else _read_json(texts, errors, column.json_keys)
    if column.type == "id":
        return _read_ids(texts, errors)
    doubt = None
    if column.code_set in _YES_NO_SETS and (texts == NO_ID).any():
        if set(texts.unique().drop_nulls()) == {NO_ID, "0"}:
            doubt = "it holds only 0 and -1, which is yes in Access and no value elsewhere: export Y and N"
        texts = texts.set((texts == NO_ID).fill_null(False), None)
    if column.code_set is not None:
        texts = _read_codes(texts, code_sets()[column.code_set])
    return ReadColumn(texts, errors, doubt)


def _without_text_marks(texts: pl.Series, type_name: str) -> pl.Series:
    """Texts without what keeps them from change: `="0530"`, and `'0530` where all of a column are so."""
    if texts.str.starts_with('="').any():
        texts = texts.str.replace(r'^="([^"]*)"$', "$1")
        texts = texts.set((texts == "").fill_null(False), None)
    if (
        type_name in _MARKED_BY_APOSTROPHE
        and texts.len() > texts.null_count()
        and texts.str.starts_with("'").all()
    ):
        texts = texts.str.strip_prefix("'")
    return texts


def fits(value: str, type_name: str) -> bool:
    """Whether a trimmed text is a value of a type, alone."""
    texts = pl.Series("value", [value])
    if type_name == "date":
        return _dates(texts, dt.date.today().year, is_past=False)["day"].null_count() == 0
    if type_name == "datetime":
        moment = re.match(_MOMENT, value)
        return moment is not None and fits(moment[1], "date")
    if type_name in ("integer", "number"):
        return _numbers(texts, TYPES[type_name]).null_count() == 0
    return True


def shape(value: str) -> str:
    """`99/Aaa` for `31/Feb`: digits as 9, letters as A and a, other characters as they are or `?`."""
    letters = "".join(
        "9" if letter.isdigit() else "A" if letter.isupper() else "a" if letter.isalpha() else letter
        for letter in value[:_LONGEST_SHAPE]
    )
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in letters)


def shapes(values: pl.Series) -> str:
    """The most frequent shapes of some values, in words. An error of a spreadsheet is shown as it is."""
    counts = Counter(value if re.fullmatch(_ERROR, value) else shape(value) for value in values.drop_nulls())
    return ", ".join(
        f"`{one}`" for one, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_SHAPES]
    )


def _errors(texts: pl.Series) -> pl.Series | None:
    """The rows with an error of a spreadsheet, or None."""
    is_sign = (texts.str.starts_with("#") | texts.str.starts_with("Err:")).fill_null(False)
    if not is_sign.any():
        return None
    return _unless_empty(is_sign & texts.str.contains(_ERROR).fill_null(False))


def _unless_empty(rows: pl.Series) -> pl.Series | None:
    return rows if rows.any() else None


def _read_ids(texts: pl.Series, errors: pl.Series | None) -> ReadColumn:
    """Ids as text. Where every number of the column is written as `1206933.0`, as `1206933`."""
    if texts.str.ends_with(".0").any():
        numbers = texts.filter(texts.str.contains(r"^[0-9]+(?:\.[0-9]+)?$"))
        if numbers.str.ends_with(".0").all():
            texts = texts.str.replace(r"^([0-9]+)\.0$", "$1")
    if texts.str.contains("E+", literal=True).any():
        is_rounded = texts.str.contains(_ROUNDED_ID).fill_null(False)
        errors = _unless_empty(is_rounded if errors is None else is_rounded | errors)
    return ReadColumn(texts, errors)


def _read_codes(texts: pl.Series, code_set: CodeSet) -> pl.Series:
    """Codes, where one was written in its own way: `TRUE` for Y, `1.0` for 1, another spelling of the set."""
    others = [text for text in texts.unique().drop_nulls() if text not in code_set.codes]
    meant = {text: code for text in others if (code := _code_meant(text, code_set))}
    return texts.replace(meant) if meant else texts


def _code_meant(text: str, code_set: CodeSet) -> str | None:
    text = text.removesuffix(".0")
    if code_set.match == "spelling":
        return _codes_by_words(code_set.name).get(letters_and_digits(text))
    return text if text in code_set.codes else None


@cache
def _codes_by_words(code_set: str) -> dict[str, str]:
    return {letters_and_digits(text): code for text, code in code_sets()[code_set].spellings.items()}


def letters_and_digits(text: str) -> str:
    """What is compared of a text: its letters and digits, in lower case."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _read_keys(texts: pl.Series) -> ReadColumn:
    """What `derived_columns` made of JSON, and the rows whose text was none."""
    is_odd = (texts == NOT_JSON).fill_null(False)
    return ReadColumn(texts.set(is_odd, None), flags={Issue.TEXT_NOT_JSON: is_odd} if is_odd.any() else {})


def _read_json(texts: pl.Series, errors: pl.Series | None, keys: Collection[str]) -> ReadColumn:
    """JSON as text, and the rows whose text is no object, or one that says more than its keys in the form read."""
    flags: dict[Issue, list[str]] = {}
    for text in texts.unique().drop_nulls():
        content = json_object(text)
        if content is None:
            flags.setdefault(Issue.TEXT_NOT_JSON, []).append(text)
        elif keys and not _is_known(content, keys):
            flags.setdefault(Issue.JSON_NOT_KNOWN, []).append(text)
    return ReadColumn(
        texts, errors, flags={flag: texts.is_in(odd).fill_null(False) for flag, odd in flags.items()}
    )


def json_object(text: str) -> dict[str, Any] | None:
    """The object in a text. None for other JSON: a text in quotes, or a list, has no keys."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _is_known(content: Mapping[str, Any], keys: Collection[str]) -> bool:
    """Whether each key has Y or nothing, and no other key says yes. A comment beside the keys is none of them."""
    said = {key: value for key, value in content.items() if _answer(value) != "N"}
    others = [value for key, value in said.items() if key not in keys]
    if any(value != "Y" for key, value in said.items() if key in keys) or (
        others and not set(content) & set(keys)
    ):
        return False
    return not any(_answer(value) == "Y" for value in others)


def _answer(value: Any) -> str:
    """N for what says no or nothing, Y for what says yes in some way: also an object or a list."""
    if isinstance(value, dict | list):
        return "Y" if value else "N"
    text = str(value or "").strip()
    if text in (*_EVERYWHERE, *_PLACEHOLDERS, *_NOTHING["code"]):
        return "N"
    return _codes_by_words("yes_no").get(letters_and_digits(text), text)


def _read_numbers(texts: pl.Series, dtype: pl.DataType) -> ReadColumn:
    distinct = texts.unique().drop_nulls()
    if distinct.is_empty():
        return ReadColumn(texts.cast(dtype))
    values = _numbers(distinct, dtype)
    doubt = None
    with_comma = distinct.str.contains(",", literal=True)
    if with_comma.any():
        commas = distinct.filter(with_comma)
        in_thousands, in_decimals = commas.str.contains(_THOUSANDS), commas.str.contains(_DECIMAL_COMMA)
        if in_thousands.any() and in_decimals.any():
            doubt = "some numbers have a comma before three digits, others as a decimal sign: export numbers plain"
    return _placed(texts, distinct, values, doubt)


def _numbers(texts: pl.Series, dtype: pl.DataType) -> pl.Series:
    is_in_thousands = texts.str.contains(_THOUSANDS) | texts.str.contains(_SPACED_THOUSANDS)
    if is_in_thousands.any():
        texts = texts.str.replace_all(r"[, \x{a0}\x{202f}]", "").zip_with(is_in_thousands, texts)
    plain = texts.set(~texts.str.contains(_DECIMAL if dtype == pl.Float64 else _WHOLE), None)
    plain = plain.str.strip_prefix("+")
    if dtype == pl.Float64:
        numbers = plain.cast(pl.Float64, strict=False)
        return numbers.set(numbers.is_infinite(), None)
    return plain.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)


def _placed(texts: pl.Series, distinct: pl.Series, values: pl.Series, doubt: str | None) -> ReadColumn:
    """The values of distinct texts, in every row that has one; a text without a value does not fit."""
    wrong = distinct.filter(values.is_null())
    placed = texts.replace_strict(distinct, values, default=None, return_dtype=values.dtype)
    misfits = None if wrong.is_empty() else texts.is_in(wrong.implode()).fill_null(False)
    return ReadColumn(placed, misfits, doubt)


def _read_dates(texts: pl.Series, column: ContractColumn, extract_day: dt.date) -> ReadColumn:
    """Dates without their time of day; 1900-01-01 is none."""
    distinct = texts.unique().drop_nulls()
    if distinct.is_empty():
        return ReadColumn(texts.cast(pl.Date))
    is_past = column.is_personal and not column.may_be_future
    dates = _dates(distinct, extract_day.year, is_past)
    days, doubt = dates["day"], None
    is_open = dates["is_open"]
    if is_open.any():
        rows = texts.is_in(distinct.filter(is_open).implode()).sum()
        days = days.set(is_open, None)
        if rows > LARGEST_DOUBT * (len(texts) - texts.null_count()):
            are = "is" if rows == 1 else "are"
            doubt = (
                f"{rows:,} of its dates {are} written so that day and month, or the year, can be read in two ways "
                f"({shapes(distinct.filter(is_open))}): export dates as YYYY-MM-DD"
            )
    read = _placed(texts, distinct, days, doubt)
    values = read.values.set(read.values == _NO_DATE, None)
    return ReadColumn(values, read.misfits, doubt or _without_late_days(values))


def _read_datetimes(texts: pl.Series, column: ContractColumn, extract_day: dt.date) -> ReadColumn:
    """Days with a time by the clocks where it was written. A zone does not fit; a day alone is its 00:00."""
    days = texts.str.extract(_MOMENT, 1)
    read = _read_dates(days, column, extract_day)
    has_form = days.is_not_null()
    misfits = texts.is_not_null() & (~has_form if read.misfits is None else ~has_form | read.misfits)
    hours, minutes, seconds, fraction = (pl.lit(texts).str.extract(_MOMENT, group) for group in range(2, 6))
    time_of_day = pl.duration(
        hours=hours.cast(pl.Int64).fill_null(0),
        minutes=minutes.cast(pl.Int64).fill_null(0),
        seconds=seconds.cast(pl.Int64).fill_null(0),
        microseconds=fraction.str.pad_end(6, "0").str.head(6).cast(pl.Int64).fill_null(0),
    )
    values = read.values.cast(TYPES["datetime"]) + pl.select(time_of_day).to_series()
    is_day = values.is_not_null() & texts.str.extract(_MOMENT, 2).is_null()
    flags = {Issue.TIME_MISSING: is_day} if is_day.any() else {}
    return ReadColumn(values.alias(texts.name), _unless_empty(misfits), read.doubt, flags)


def _without_late_days(days: pl.Series) -> str | None:
    """Says that no date is after the 12th of a month, where hundreds of them are on several days of it."""
    given = len(days) - days.null_count()
    if given < _FEWEST_DATES:
        return None
    of_month = days.dt.day().unique().drop_nulls()
    if len(of_month) < _FEWEST_DAYS or int(of_month.max()) > 12:  # type: ignore[arg-type]
        return None
    return (
        f"none of its {given:,} dates is after the 12th of a month: day and month were swapped, or dates are lost"
    )


def _dates(texts: pl.Series, year: int, is_past: bool) -> pl.DataFrame:
    """`day` of each distinct text, null for what is none; `is_open` where the column leaves open which day it is.

    `year`: that of the extract. `is_past`: whether no date can be after it.
    """
    newest = year if is_past else year + BELIEVABLE_YEARS_AHEAD
    by_form, rest = [], texts
    for read in (_iso_dates, _dates_in_numbers, _other_dates):
        if not rest.is_empty():
            dates = read(rest, year, newest)
            by_form.append(dates)
            rest = rest.filter(~rest.is_in(dates["text"].implode()))
    dates = pl.concat(by_form) if by_form else pl.DataFrame(schema=_DATES)
    if len(by_form) == 1 and rest.is_empty():
        return dates
    placed = pl.DataFrame({"text": texts}).join(dates, on="text", how="left", maintain_order="left")
    return placed.select(
        pl.when(pl.col("day") >= _FIRST_DATE).then("day"), pl.col("is_open").fill_null(value=False)
    )


_DATES = pl.Schema({"text": pl.String(), "day": pl.Date(), "is_open": pl.Boolean()})


def _iso_dates(texts: pl.Series, year: int, newest: int) -> pl.DataFrame:
    days = pl.col("text").str.extract(_ISO).str.to_date("%Y-%m-%d", strict=False)
    frame = pl.DataFrame({"text": texts}).select("text", days.alias("day"), is_open=pl.lit(value=False))
    return frame.filter(pl.col("day") >= _FIRST_DATE)


def _dates_in_numbers(texts: pl.Series, year: int, newest: int) -> pl.DataFrame:
    """Dates of two short numbers and a year: `31/08/2019`, `31.08.2019`, `5-3-19`.

    The day comes first. Two digits, a slash and four digits of the year are sure to mean it, unless the column has
    dates in which the month comes first. Any other form has to show it by a date that has but this meaning.
    """
    forms = pl.col("text").str.extract(rf"^(.*?){_TIME}$").str.extract_groups(_NUMBERS)
    parts = pl.DataFrame({"text": texts}).with_columns(forms.alias("form")).unnest("form")
    parts = parts.filter(pl.col("1").is_not_null()).select(
        "text",
        first=pl.col("1").str.zfill(2),
        second=pl.coalesce("3", "5", "7").str.zfill(2),
        year=_full_year(pl.col("8"), newest),
        has_dots=pl.col("6").is_not_null(),
        is_short=pl.col("8").str.len_bytes() == 2,
        # of 1/1/00 only the year can be the last number
        may_end_in_day=pl.col("8").cast(pl.Int32).is_between(1, 31),
        is_usual=pl.col("2").is_not_null() & pl.col("text").str.contains(r"^[0-9]{2}/[0-9]{2}/[0-9]{4}"),
    )
    # with dots the day comes first everywhere
    month_first = pl.when(~pl.col("has_dots")).then(_date("year", "first", "second"))
    parts = parts.with_columns(day=_date("year", "second", "first"), other=month_first)
    has_day, has_other = pl.col("day").is_not_null(), pl.col("other").is_not_null()
    sure = parts.filter(has_day & ~has_other).height
    others = parts.filter(has_other & ~has_day)
    is_month_first = others.height >= 2 or others.height > LARGEST_DOUBT * (sure + others.height)
    shows_year_last = has_day & pl.col("is_short") & (pl.col("first").cast(pl.Int32) > year % 100 + 1)
    is_year_last = not parts.filter(shows_year_last).is_empty()
    is_sure = pl.when("is_usual").then(not is_month_first).otherwise(sure > 0 and others.is_empty())
    is_open = has_day & has_other & (pl.col("day") != pl.col("other")) & ~is_sure
    may_begin_with_year = has_day & pl.col("is_short") & pl.col("may_end_in_day") & (not is_year_last)
    return parts.select("text", "day", is_open=is_open | may_begin_with_year)


def _other_dates(texts: pl.Series, year: int, newest: int) -> pl.DataFrame:
    """Dates whose form alone says what they mean: `2019-8-31`, `20190831`, `31-Aug-2019`, `43708`."""
    last = (dt.date(year + BELIEVABLE_YEARS_AHEAD, 12, 31) - _SERIAL_ZERO).days
    frame = pl.DataFrame({"text": texts}).with_columns(form=pl.col("text").str.extract(rf"^(.*?){_TIME}$"))
    serial = pl.col("text").str.extract(_SERIAL).cast(pl.Int32)
    is_serial = (serial <= last) | (serial == (OPEN_END - _SERIAL_ZERO).days)
    return frame.select(
        "text",
        day=pl.coalesce(
            _day_in_england(),
            _date(_group(_YEAR_FIRST, 1), _group(_YEAR_FIRST, 2, 3, 4), _group(_YEAR_FIRST, 5)),
            _date(_group(_NO_SEPARATOR, 1), _group(_NO_SEPARATOR, 2), _group(_NO_SEPARATOR, 3)),
            _date(
                _full_year(_group(_DAY_OF_MONTH, 3), newest),
                _month(_group(_DAY_OF_MONTH, 2)),
                _group(_DAY_OF_MONTH, 1),
            ),
            _date(_group(_MONTH_FIRST, 3), _month(_group(_MONTH_FIRST, 1)), _group(_MONTH_FIRST, 2)),
            pl.when(serial == 1)
            .then(pl.lit(_NO_DATE))
            .when(is_serial)
            .then(pl.lit(_SERIAL_ZERO) + pl.duration(days=serial)),
        ),
        is_open=pl.lit(value=False),
    )


def _group(pattern: str, *groups: int) -> pl.Expr:
    return pl.coalesce(pl.col("form").str.extract(pattern, group) for group in groups)


def _date(year: pl.Expr | str, month: pl.Expr | str, day: pl.Expr | str) -> pl.Expr:
    """The day of a year of four digits, a month and a day; null where there is none."""
    year, month, day = (pl.col(part) if isinstance(part, str) else part for part in (year, month, day))
    text = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    return text.str.to_date("%Y-%m-%d", strict=False)


def _full_year(text: pl.Expr, newest: int) -> pl.Expr:
    """A year of four digits; of two, the last year that ends with them and is not after `newest`."""
    short = text.cast(pl.Int32, strict=False)
    full = newest - (newest - short) % 100
    return pl.when(text.str.len_bytes() == 4).then(text).otherwise(full.cast(pl.String))


def _month(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().replace_strict(_MONTH_NUMBERS, default=None, return_dtype=pl.String)


def _day_in_england() -> pl.Expr:
    """The day of a moment that is given in a time zone (`2019-08-30T23:00:00Z`), by the clocks in England."""
    with_zone = pl.when(pl.col("text").str.contains(_IN_A_ZONE)).then(pl.col("text"))
    moment = with_zone.str.replace(r"^(.{10})T", "$1 ").str.replace(r" ?(?:Z|UTC|GMT)$", "+0000")
    moment = moment.str.replace(r" ?([+-][0-9]{2}):?([0-9]{2})$", "$1$2").str.replace(
        r" ?([+-][0-9]{2})$", "${1}00"
    )
    forms = ("%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M%z")
    read = pl.coalesce(moment.str.to_datetime(form, strict=False, time_zone="UTC") for form in forms)
    written = with_zone.str.head(10).str.to_date("%Y-%m-%d", strict=False)
    # a sign for no day, such as 0001-01-01, is in no zone
    return (
        pl.when(written < _NO_DATE).then(written).otherwise(read.dt.convert_time_zone("Europe/London").dt.date())
    )
