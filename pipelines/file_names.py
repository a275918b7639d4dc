"""File names made from names that people give, such as teams."""

import re


def file_name(words: str, ending: str, taken: set[str]) -> str:
    """A name that every file system can hold, from the words and the ending; no name is given twice.

    Adds the name to `taken`, in lower case, since some file systems ignore case.
    """
    plain = re.sub(r"[^\w &'()-]+", "-", words).strip()
    name, number = f"{plain}{ending}", 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain} {number}{ending}"
    taken.add(name.casefold())
    return name
