"""Personal data: changing the pseudonym key, removing old drops and rows.

Belongs here: what such a command will do, and doing all of it or nothing. Does not belong here: hashing and the
lookups (`pipelines.ingest.pseudonyms`), how long releases stay (`pipelines.publish`).
"""

from pipelines.privacy.forget import Forgetting, forget, what_to_forget
from pipelines.privacy.held_releases import ForReleases
from pipelines.privacy.rekey import Rekeying, rekey, what_to_rekey

__all__ = ["ForReleases", "Forgetting", "Rekeying", "forget", "rekey", "what_to_forget", "what_to_rekey"]
