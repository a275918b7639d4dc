"""Whole numbers in a text, in any spelling: `3`, `3.0`, `3,0`, `3/10`, `three`, `³`, `III`, `a couple`, `<6`.

A text does not say what a number counts, so each small one is taken for a count. Dates and years are no counts.
The words are data (`numbers_in_text.yml`).
"""

import re
from collections.abc import Collection, Iterator
from functools import cache

from pipelines.publish.disclosure.personal_text import plain_text, without_dates, words_beside

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+|[|]+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_OPENS, _CLOSES = re.compile(r"[:=(\[]\s*$"), re.compile(r"\s*(?:[)\];,.]|$)")
_WORDS_BETWEEN = 3
_LARGE = 20.0

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
        float(value).is_integer()
        and (1 <= value <= largest or (value == largest + 1 and re.search(rf"(?:{bounds})\W*$", prepared[:start])))
        for value, start, _ in _numbers(prepared)
    )


def has_small_group(text: str, largest: int) -> bool:
    """Whether a small number of people or their cases occurs in the text, or one set apart: `NEET: 3`, `(3)`."""
    prepared = _prepared(text)
    people = "|".join(words_beside(__file__)["people"])
    follows = re.compile(rf"\W*(?:[^\W\d_]+\W+){{0,{_WORDS_BETWEEN}}}(?:{people})\b")
    return any(
        float(value).is_integer()
        and 1 <= value <= largest
        and (follows.match(prepared, end) or (_OPENS.search(prepared[:start]) and _CLOSES.match(prepared, end)))
        for value, start, end in _numbers(prepared)
    )


def _prepared(text: str) -> str:
    prepared = without_dates(plain_text(text)).lower()
    for words in words_beside(__file__)["no_numbers"]:
        prepared = prepared.replace(words, " ")
    return prepared


def _numbers(text: str) -> Iterator[Found]:
    tokens = list(_TOKEN.finditer(text))
    large = {*words_beside(__file__)["tens"], *words_beside(__file__)["larger"]}
    is_in_large = _parts_of_large_numbers(text, tokens, large)
    for token, is_part in zip(tokens, is_in_large, strict=True):
        word = token[0]
        values: list[float] = []
        if word[0].isdecimal():
            values = _in_digits(word)
        elif word in _values():
            # a part of a large number is as large as that: `three` in `twenty-three` and in `three hundred`
            values = [_values()[word] if word in large or not is_part else _LARGE]
        elif word in _ROMAN and (len(tokens) == 1 or len(word) > 1):
            values = [_ROMAN[word]]
        elif word[0] == "|" and len(tokens) == 1:
            values = [len(word)]
        yield from ((value, token.start(), token.end()) for value in values)


def _parts_of_large_numbers(text: str, tokens: list[re.Match[str]], large: Collection[str]) -> list[bool]:
    """Whether each token is in a run of words for a number, of which one is ten times or more."""
    runs: list[list[int]] = []
    for position, token in enumerate(tokens):
        is_and = token[0] == "and" and bool(runs) and tokens[runs[-1][-1]][0] in words_beside(__file__)["larger"]
        follows = bool(runs) and runs[-1][-1] == position - 1 and not _between(text, tokens, position)
        if follows and (is_and or token[0] in _values()):
            runs[-1].append(position)
        elif token[0] in _values():
            runs.append([position])
    parts = {position for run in runs if any(tokens[each][0] in large for each in run) for position in run}
    return [position in parts for position in range(len(tokens))]


def _between(text: str, tokens: list[re.Match[str]], position: int) -> str:
    """What is between a token and the one before, without spaces and hyphens."""
    return text[tokens[position - 1].end() : tokens[position].start()].strip(" -")


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
    tens = {word: 10.0 * (position + 2) for position, word in enumerate(data["tens"])}
    rest: dict[str, float] = data["larger"] | data["others"]
    return {word: float(value) for value, word in enumerate(data["numbers"])} | tens | rest
