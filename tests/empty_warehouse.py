"""A data folder that dbt built while nothing was delivered."""

import json

from pipelines.comparators.comparator_tables import create_comparator_tables
from pipelines.ingest.pseudonyms import pseudonym_key
from pipelines.ingest.raw_tables import create_raw_tables, write_reference
from pipelines.quality.rule_tables import create_rule_tables
from pipelines.reference.own_files import OwnReference
from pipelines.settings import DataFolder
from pipelines.transform.build import _build_with_dbt
from pipelines.warehouse_file import open_warehouse

RESULTS = "results.json"
"""The status of each node that dbt built, by name, in the data folder."""


def build_on_nothing(folder: DataFolder) -> None:
    """Builds the whole project with dbt, without its unit tests, unless the folder has it already."""
    results = folder.root / RESULTS
    if results.exists():
        return
    with open_warehouse(folder) as connection:
        create_raw_tables(connection)
        create_rule_tables(connection)
        create_comparator_tables(connection)
        write_reference(connection, OwnReference())
        pseudonym_key(folder, connection)
    # not `build`, which builds a month that was ingested
    built = {result.name: result.status for result in _build_with_dbt(folder, ())}
    results.write_text(json.dumps(built), encoding="utf-8")
