"""Personal data: changing the pseudonym key, removing old drops and rows.

Belongs here: what such a command will do, and doing all of it or nothing. Does not belong here: hashing and the
lookups (`pipelines.ingest.pseudonyms`), how long releases stay (`pipelines.publish`).
"""

from enum import StrEnum


class ForReleases(StrEnum):
    """What becomes of the releases that hold what is removed."""

    KEEP = "keep"
    REMOVE = "remove"
    REWRITE = "rewrite"
