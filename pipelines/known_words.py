"""The words of the field and of office life: which words of a name or text from outside may be shown.

Derived from what the project publishes about itself: contracts, code sets, indicators, tables, rules, seeds and
the roles in `macros/plan_texts.sql`. `known_words.txt` adds ordinary words, and no first name or surname.
"""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from pipelines.file_names import printable_name
from pipelines.settings import DBT_PROJECT, EXPECTATIONS

_ROOM = Path(__file__).parent
_WORD = re.compile(r"[^\W\d_]+")
_WORD_OR_NUMBER = re.compile(r"[^\W\d_]+|\d+")
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly")
_ROLE_ENDINGS = ("", "s", "ing", "er", "ers", "ion", "ist", "ists", "ic", "ical", "ies", "e", "ian")
_ALIKE = 0.8
_LONGEST_CODE = 4
_ROLES = re.compile(r"macro role_words\(\) -%}\s*(\S+)")


@cache
def known_words() -> frozenset[str]:
    """Every known word in lower case."""
    return frozenset(
        word for path in _sources() for word in _WORD.findall(path.read_text(encoding="utf-8").lower())
    )


def is_known_word(word: str, besides: Collection[str] = ()) -> bool:
    """Whether a word, without its usual endings, is known, or one of those in `besides` (lower case)."""
    lower = word.lower()
    forms = (lower, *(lower.removesuffix(ending) for ending in _ENDINGS if lower.endswith(ending)))
    words = known_words()
    return any(form in words or form in besides for form in forms) or lower in _roles()


def shown_file_name(name: str) -> str:
    """The name with `…` for every word that is not known and every number: a name may be that of a child."""
    return _WORD_OR_NUMBER.sub(
        lambda part: part[0] if is_known_word(part[0]) or len(part[0]) == 1 else "…", printable_name(name)
    )


def shown_folder_name(name: str) -> str:
    """A code of up to four letters and digits as it is, and any other name as `shown_file_name` shows it."""
    return name if len(name) <= _LONGEST_CODE and name.isascii() and name.isalnum() else shown_file_name(name)


def shown_header(header: str, number: int, columns: Collection[str]) -> str:
    """The header if it is like one of these columns, or made of known words; else `column 3`.

    Where a file has no header line, its first row is read as one, with the values of a person.
    """
    if header in columns or get_close_matches(header, columns, n=1, cutoff=_ALIKE):
        return printable_name(header)
    parts = _WORD_OR_NUMBER.findall(header)
    is_known = bool(parts) and all(len(part) == 1 or is_known_word(part) for part in parts)
    return printable_name(header) if is_known else f"column {number}"


def _sources() -> Iterator[Path]:
    yield _ROOM / "known_words.txt"
    yield from (_ROOM / "contracts").rglob("*.yml")
    yield from (_ROOM / "dictionary").glob("*.yml")
    yield from (DBT_PROJECT / "seeds").glob("*.csv")
    yield from EXPECTATIONS.glob("rules/*/register.yml")


@cache
def _roles() -> frozenset[str]:
    """The words of posts and services, with the endings that they may have."""
    stems = _ROLES.search((DBT_PROJECT / "macros" / "plan_texts.sql").read_text(encoding="utf-8"))
    return (
        frozenset(f"{stem}{ending}" for stem in stems[1].split("|") for ending in _ROLE_ENDINGS)
        if stems
        else frozenset()
    )
