"""The warehouse's Python: gets files in and releases out. Facts and indicators are made in SQL (dbt_project)."""
