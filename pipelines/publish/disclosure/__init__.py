"""Disclosure control: what may leave the service, for everything in `open/` ([how](../../../docs/disclosure.md)).

Belongs here: small numbers, and the further cells that have to go with them. Does not belong here: files, which
`release` writes, and figures, which the marts hold.
"""

from pipelines.publish.disclosure.open_tables import figures_query, open_tables
from pipelines.publish.disclosure.protection import UnprotectedWarning

__all__ = ["UnprotectedWarning", "figures_query", "open_tables"]
