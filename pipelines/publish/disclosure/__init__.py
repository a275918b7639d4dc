"""Disclosure control: what may leave the service, for everything in `open/` ([how](../../../docs/disclosure.md)).

Belongs here: small numbers, and the cells that are suppressed because of them. Does not belong here: files, and
figures, which the marts have.
"""

from pipelines.publish.disclosure.open_tables import figures_query, open_tables
from pipelines.publish.disclosure.secondary_cells import UnprotectedWarning

__all__ = ["UnprotectedWarning", "figures_query", "open_tables"]
