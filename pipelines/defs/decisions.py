"""Who decides in Dagster's pages: they have no sign-in, so that a decision has to say whose it is."""

import re

from pipelines.errors import UsageError

_TWO_LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]")


def name_of_person(setting: str, given: str) -> str:
    """The name or role that a person gave. Raises UsageError where there is none.

    setting: its name in the configuration of the run.
    """
    name = " ".join(given.split())
    if not _TWO_LETTERS.search(name):
        raise UsageError(f"a decision from the pages needs the name or role of the person: set {setting}")
    return name
