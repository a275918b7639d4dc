"""Names of files after people's words for things, such as teams."""

import re


def file_name(words: str, ending: str, taken: set[str]) -> str:
    """The words as far as every file system can bear them, with the ending, and no name twice.

    The name is added to `taken`, as a file system without capitals knows it.
    """
    plain = re.sub(r"[^\w &'()-]+", "-", words).strip()
    name, number = f"{plain}{ending}", 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain} {number}{ending}"
    taken.add(name.casefold())
    return name
