"""Disclosure control: what may leave the service, for everything in `open/` ([how](../../../docs/disclosure.md)).

Belongs here: small numbers, and the further cells that have to go with them. Does not belong here: files, which
`release` writes, and figures, which the marts hold.
"""

from pipelines.publish.disclosure.open_tables import figures_query, open_tables

__all__ = ["figures_query", "open_tables"]
