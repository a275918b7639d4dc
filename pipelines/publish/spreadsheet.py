"""CSV that people open in a spreadsheet: every text in it stays a text.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@`, and what a case system delivers may begin so. Such
a text gets an apostrophe in front, by which spreadsheets know a text. Numbers in columns of numbers stay.
"""

import re

import polars as pl

from pipelines.file_names import visible

_STARTS_A_FORMULA = re.compile(r"""[\s"']*[=+\-@\uff1d\uff0b\uff0d\uff20]""")
"""Also after spaces and quotes, and the wide signs that some spreadsheets read alike."""


def spreadsheet_csv(rows: pl.DataFrame) -> bytes:
    """The rows as CSV, with the byte order mark by which spreadsheets know UTF-8. Every text is in quotes."""
    safe = rows.with_columns(
        pl.Series(name, [text and _safe(text) for text in rows[name]], dtype=pl.String)
        for name, dtype in rows.schema.items()
        if dtype == pl.String
    )
    return safe.write_csv(include_bom=True, quote_style="non_numeric").encode()


def _safe(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if _STARTS_A_FORMULA.match(shown) else shown
