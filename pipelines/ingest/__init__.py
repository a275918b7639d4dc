"""Ingest: finds drops, reads them, checks them against their contracts and loads them into `raw`.

Belongs here: everything between a delivered file and a raw table. Does not belong here: Dagster, business rules,
joins of objects other than 'does this id exist'.
"""
