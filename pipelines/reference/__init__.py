"""The authority's own reference data: small files in `raw/reference/` that replace or add to what is shipped.

Belongs here: which files there are (`register.yml`), reading and checking them. Does not belong here: what a row
means for a figure, which the dbt models in `models/reference` and the rooms that read a file say.
"""

from pipelines.reference.columns import OUTSIDE_ENGLAND
from pipelines.reference.own_files import (
    OwnFile,
    OwnReference,
    Row,
    named_like,
    own_rows,
    read_reference,
    reference_of,
)
from pipelines.reference.register import ReferenceFile, reference_register

__all__ = [
    "OUTSIDE_ENGLAND",
    "OwnFile",
    "OwnReference",
    "ReferenceFile",
    "Row",
    "named_like",
    "own_rows",
    "read_reference",
    "reference_of",
    "reference_register",
]
