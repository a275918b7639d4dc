"""Dagster: assets, checks and jobs. Thin: every asset calls one function of another room. No rules here."""
