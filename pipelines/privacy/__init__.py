"""Upkeep of what is personal: changing the key of the pseudonyms, letting go what is too old to be kept.

Belongs here: what such a command will do, said before it is done, and doing it as a whole or not at all. Does not
belong here: hashing and the lookups (`pipelines.ingest.pseudonyms`), how long releases stay (`pipelines.publish`).
"""

from pipelines.privacy.forget import Forgetting, forget, what_to_forget
from pipelines.privacy.rekey import Rekeying, rekey, what_to_rekey

__all__ = ["Forgetting", "Rekeying", "forget", "rekey", "what_to_forget", "what_to_rekey"]
