"""Texts that look as if they identified a person: names, days of birth, ids, postcodes, addresses, telephones.

The patterns are data (`personal_text.yml`). A capitalised word is taken for a name unless it is a known word
(`pipelines.known_words`): what is not recognised stays in the service. Does not belong here: which texts are asked
about, and what happens to their rows (`board_lists`).
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from pipelines.known_words import is_known_word

NAME, BIRTH = "a person's name", "a day of birth"
_OLDEST_ACTION = dt.timedelta(days=2 * 365)
"""A day of the plan is of the last two years or to come; an older one may be a birthday."""
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?" + (
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
_NTH = r"(?<![0-9])(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9])"
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})[-/.\s]+(?P<month>0?[1-9]|1[0-2])[-/.\s]+(?:[0-2]?[0-9]|3[01])(?![0-9])",
        rf"{_NTH}[-/.]+(?P<month>0?[1-9]|1[0-2])[-/.]+{_YEAR}",
        rf"{_NTH}\s+(?P<month>0?[1-9]|1[0-2])\s+(?P<year>(?:19|20)[0-9]{{2}})(?![0-9])",
        rf"{_NTH}[\s-]*(?:of\s+)?(?P<month>{_MONTH})[\s,./-]*{_YEAR}",
        rf"(?P<month>{_MONTH})\s+{_NTH}[\s,]+{_YEAR}",
    )
)
_OTHER_DATES = re.compile(
    rf"{_MONTH}[\s./-]*{_YEAR.replace('?P<year>', '?:')}"
    r"|(?<![0-9/])(?:19|20)[0-9]{2}\s?[/-]\s?(?:(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9])|(?<![0-9])(?:19|20)[0-9]{2}(?![0-9,.])",
    re.IGNORECASE,
)
"""A month with its year, a financial or school year, and a year."""
_AMOUNTS = re.compile(r"[£$€]\s*[0-9][0-9.,]*|[0-9][0-9.,]*\s*(?:%|per ?cent|pounds)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")  # noqa: RUF001  an apostrophe as people write it
_PART = re.compile(r"[^\W\d_]+")
_SENTENCE_ENDS = re.compile(r"(?:^|(?<!\b[A-Z])\.|[!?\n•])[^\w]*$")
"""Where the next word begins a sentence. The point of an initial ends none."""
_ACRONYM = 5
"""Longest word in capitals that is taken for an acronym."""


@dataclass(frozen=True)
class _Pattern:
    kind: str
    pattern: re.Pattern[str]


def plain_text(text: str) -> str:
    """The text in plain characters: wide, raised and circled ones in their usual form, without invisible ones."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in {"Cf", "Mn", "Me"})
    return "".join(_digit(letter) for letter in plain)


def without_dates(text: str) -> str:
    """The plain text without days, months with their year, and years."""
    for pattern in (*_DAYS, _OTHER_DATES):
        text = pattern.sub(" ", text)
    return text


def personal_kind(
    text: str, extract_month: dt.date, places: Collection[str] = (), *, is_role: bool = False
) -> str | None:
    """What personal thing the text looks like, or None. `places`: words in lower case that are known besides.

    In a role every capitalised word must be known; elsewhere one may begin a sentence with any word.
    """
    if any(day < extract_month - _OLDEST_ACTION for day in _days_in(text, extract_month.year)):
        return BIRTH
    return _kind_but_for_days(text, frozenset(places), is_role)


@lru_cache(maxsize=100_000)
def _kind_but_for_days(text: str, places: frozenset[str], is_role: bool) -> str | None:
    plain = plain_text(text)
    masked = _AMOUNTS.sub(" ", without_dates(plain))
    for known in _patterns():
        if known.pattern.search(plain if known.kind in (NAME, BIRTH) else masked):
            return known.kind
    return NAME if _has_a_name(plain, places, is_role) else None


@lru_cache(maxsize=100_000)
def _days_in(text: str, year: int) -> tuple[dt.date, ...]:
    """The days that a text names, each as the 28th of its month. `year` tells the century of `10`."""
    plain = plain_text(text)
    return tuple(_day(match, year) for pattern in _DAYS for match in pattern.finditer(plain))


def _digit(letter: str) -> str:
    """A digit of any script or shape as 0 to 9."""
    value = None if letter.isascii() else unicodedata.numeric(letter, None)
    return letter if value is None else str(int(value)) if value == int(value) else "1/2"


def _day(match: re.Match[str], this_year: int) -> dt.date:
    year = int(match["year"])
    if year < 100:
        year += 2000 if 2000 + year <= this_year + 20 else 1900
    month = match["month"]
    return dt.date(year, int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1, 28)


def _has_a_name(text: str, places: Collection[str], is_role: bool) -> bool:
    words = list(_WORD.finditer(text))
    unknown = [word for word in words if _is_capitalised(word[0]) and not _is_known(word[0], places)]
    if any(is_role or not _may_begin(text, word) for word in unknown):
        return True
    shouted = [
        (first, second) for first, second in pairwise(words) if text[first.end() : second.start()].isspace()
    ]
    return any(
        all(word[0].isupper() and not _is_known(word[0], places) for word in pair)
        and max(len(word[0]) for word in pair) >= _ACRONYM
        for pair in shouted
    )


def _is_capitalised(word: str) -> bool:
    """Whether a word is written like a name, in any script. A short word in capitals is an acronym."""
    return not word[0].islower() and len(word) > 1 and not (word.isupper() and len(word) <= _ACRONYM)


def _is_known(word: str, places: Collection[str]) -> bool:
    return all(is_known_word(part, places) for part in _PART.findall(word) if len(part) > 1)


def _may_begin(text: str, word: re.Match[str]) -> bool:
    """Whether a word begins a sentence as any word may: a word in small letters follows, not as after a name."""
    after = re.match(r"[\s,]+([^\W\d_]+)", text[word.end() :])
    is_possessive = word[0].endswith(("'s", "’s"))  # noqa: RUF001
    return (
        _SENTENCE_ENDS.search(text[: word.start()]) is not None
        and after is not None
        and after[1].islower()
        and after[1] not in words_beside(__file__)["after_a_name"]
        and not is_possessive
        and not word[0].isupper()
    )


@cache
def words_beside(module: str) -> dict[str, Any]:
    """The patterns and words in the YAML file beside a module, whose `__file__` is given."""
    content: dict[str, Any] = yaml.safe_load(Path(module).with_suffix(".yml").read_text(encoding="utf-8"))
    return content


@cache
def _patterns() -> tuple[_Pattern, ...]:
    return tuple(
        _Pattern(each["kind"], re.compile(each["pattern"], re.IGNORECASE))
        for each in words_beside(__file__)["patterns"]
    )


def pattern_cases() -> Iterator[tuple[str, str, str, bool]]:
    """For the tests: kind, pattern, text, and whether the pattern finds it."""
    for each in words_beside(__file__)["patterns"]:
        yield from ((each["kind"], each["pattern"], text, True) for text in each["found"])
        yield from ((each["kind"], each["pattern"], text, False) for text in each["left"])
