"""Reading delivered files into tables of text, in a process of its own and within limits.

Belongs here: formats, encodings, limits, and whatever a damaged or hostile file does to its reader. Does not
belong here: what a column means (`pipelines.ingest`, `pipelines.comparators`).
"""

ENDINGS = (".csv", ".csv.gz", ".parquet", ".xlsx")
"""How the names of files end that can be read."""
