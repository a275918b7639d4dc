"""Names and texts from outside, such as those of teams: as file names, and as pages, logs and alerts show them."""

import re
import unicodedata

_NOT_IN_A_FILE_NAME = re.compile(r"[^\w &'()-]+")
_DEVICES = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
"""Names that Windows reads as devices, whatever their ending."""
_BYTES = 120
"""Longest name without number and ending. File systems hold 255 bytes, encrypted ones 143."""
REPLACEMENT = "\ufffd"
LONGEST_LINE = 4000
LONGEST_NAME = 80


def file_name(words: str, ending: str, taken: set[str]) -> str:
    """A name that every file system can hold, from the words and the ending; no name is given twice.

    Adds the name to `taken`, in lower case, since some file systems ignore case. Letters that look alike but have
    several spellings, such as a letter with a combining accent, get one.
    """
    plain = _NOT_IN_A_FILE_NAME.sub("-", unicodedata.normalize("NFKC", words))
    plain = plain.encode()[:_BYTES].decode(errors="ignore").strip() or "-"
    if _DEVICES.fullmatch(plain):
        plain += "-"
    name, number = f"{plain}{ending}", 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain} {number}{ending}"
    taken.add(name.casefold())
    return name


def visible(text: str, keep: str = "") -> str:
    """The text with a visible mark for every character that is not seen or turns the direction of others.

    These are control and format characters, line breaks and what is not valid Unicode. `keep` lists those of them
    that stay, such as line breaks on a page. A line of a log must keep none: a name with a line break would write
    a line of its own.
    """
    if text.isprintable():
        return text
    # isprintable refuses every space but the plain one
    return "".join(
        letter if letter.isprintable() or letter in keep or unicodedata.category(letter) == "Zs" else REPLACEMENT
        for letter in text
    )


def printable(text: str) -> str:
    """The lines of a message, each visible and of at most 4,000 characters. Line breaks stay between them."""
    return "\n".join(_cut(line, LONGEST_LINE) for line in visible(text, keep="\n").split("\n"))


def printable_name(name: str) -> str:
    """A name for a message: visible, in one line, of at most 80 characters."""
    return _cut(visible(name), LONGEST_NAME)


def _cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
