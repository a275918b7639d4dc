"""Whole numbers in a text, in any spelling: `3`, `3.0`, `3,0`, `3/10`, `three`, `³`, `III`, `a couple`, `<6`.

A text does not say what a number counts, so each small one is taken for a count. Dates and years are no counts.
The words are data (`numbers_in_text.yml`).
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from pipelines.publish.disclosure.personal_text import plain_text, without_dates, words_beside

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+|[|]+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_OPENS, _CLOSES = re.compile(r"[:=(\[]\s*$"), re.compile(r"\s*(?:[)\];,.]|$)")
_WORDS_BETWEEN = 3

Found = tuple[float, int, int]
"""A number, and where it begins and ends in the text."""


def has_number(text: str) -> bool:
    """Whether the text has any number."""
    return any(True for _ in _numbers(_prepared(text)))


def has_small_number(text: str, largest: int) -> bool:
    """Whether a whole number from 1 to the largest occurs in the text, or a bound that reveals one."""
    prepared = _prepared(text)
    bounds = "|".join(re.escape(bound) for bound in words_beside(__file__)["bounds_below"])
    return any(
        1 <= value <= largest or (value == largest + 1 and re.search(rf"(?:{bounds})\W*$", prepared[:start]))
        for value, start, _ in _numbers(prepared)
        if value.is_integer()
    )


def has_small_group(text: str, largest: int) -> bool:
    """Whether a small number of people or their cases occurs in the text, or one set apart: `NEET: 3`, `(3)`."""
    prepared = _prepared(text)
    people = "|".join(words_beside(__file__)["people"])
    follows = re.compile(rf"\W*(?:[^\W\d_]+\W+){{0,{_WORDS_BETWEEN}}}(?:{people})\b")
    return any(
        (follows.match(prepared, end) or (_OPENS.search(prepared[:start]) and _CLOSES.match(prepared, end)))
        for value, start, end in _numbers(prepared)
        if value.is_integer() and 1 <= value <= largest
    )


@lru_cache(maxsize=100_000)
def _prepared(text: str) -> str:
    """The text in small letters, without dates. A number in several words is its largest word: `twenty-three`."""
    prepared = without_dates(plain_text(text)).lower()
    for words in words_beside(__file__)["no_numbers"]:
        prepared = prepared.replace(words, " ")
    return _several_words().sub(_largest_word, prepared)


@cache
def _several_words() -> re.Pattern[str]:
    """Two or more words for numbers side by side, as in `twenty-three` and `one hundred and five`."""
    larger = "|".join(words_beside(__file__)["larger"])
    word = rf"(?<![^\W\d_])(?:(?:{larger})(?:[ -]+and)?|{'|'.join(_values())})(?![^\W\d_])"
    return re.compile(rf"{word}(?:[ -]+{word})+")


def _largest_word(words: re.Match[str]) -> str:
    """The largest of them if it makes the others larger, else all: they are several numbers then."""
    data = words_beside(__file__)
    largest = max(re.split("[ -]+", words[0]), key=lambda word: _values().get(word, 0))
    return largest if largest in (*data["tens"], *data["larger"]) else words[0]


def _numbers(text: str) -> Iterator[Found]:
    tokens = list(_TOKEN.finditer(text))
    for token in tokens:
        word = token[0]
        values: list[float] = []
        if word[0].isdecimal():
            values = _in_digits(word)
        elif word in _values():
            values = [_values()[word]]
        elif word in _ROMAN and (len(tokens) == 1 or len(word) > 1):
            values = [_ROMAN.index(word) + 1.0]
        elif word[0] == "|" and len(tokens) == 1:
            values = [float(len(word))]
        yield from ((value, token.start(), token.end()) for value in values)


def _in_digits(token: str) -> list[float]:
    """`1,798` is one number, and so is `3.0`; `3,0` and `2.1.1` may be several."""
    if _THOUSANDS.fullmatch(token):
        return [float(token.replace(",", ""))]
    if _DECIMAL.fullmatch(token):
        return [float(token)]
    return [float(part) for part in re.split("[.,]", token)]


@cache
def _values() -> dict[str, float]:
    """The value of every word for a number."""
    data = words_beside(__file__)
    tens = {word: 10 * (position + 2) for position, word in enumerate(data["tens"])}
    words = {word: value for value, word in enumerate(data["numbers"])} | tens | data["larger"] | data["others"]
    return {word: float(value) for word, value in words.items()}
