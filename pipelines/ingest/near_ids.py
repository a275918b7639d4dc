"""Says where ids match no row and would in another form, such as `1206933.0` for `1206933`, or `530` for `0530`.

Belongs here: the forms in which exporters and spreadsheets write ids, and words for them, which never show an id.
Does not belong here: rejecting or flagging a row (`row_checks`). An id is never changed: two ids that differ in
form may be those of two people.
"""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from pipelines.contracts import PERSON_OBJECT, Contract, contracts
from pipelines.ingest.drop_results import Issue, Reject
from pipelines.ingest.row_checks import LINE, CheckedFile
from pipelines.ingest.values import NO_ID
from pipelines.reading.file_reading import TextTable

_END_OF_NUMBER = r"\.0+$"
_SIGNS = r"[^\p{L}\p{N}]"

Form = Callable[[pl.Expr], pl.Expr]
_FORMS: Mapping[str, Form] = {
    "`.0` at the end": lambda ids: ids.str.replace(_END_OF_NUMBER, ""),
    "zeros at the beginning": lambda ids: ids.str.strip_chars_start("0"),
    "capital letters": lambda ids: ids.str.to_lowercase(),
    "spaces and signs": lambda ids: ids.str.replace_all(_SIGNS, ""),
    "several of these": lambda ids: (
        ids.str.replace(_END_OF_NUMBER, "")
        .str.replace_all(_SIGNS, "")
        .str.strip_chars_start("0")
        .str.to_lowercase()
    ),
}
"""The forms in which ids are compared, by the words for them. The first in which two are the same says how they
differ."""


def near_id_lines(files: Mapping[str, CheckedFile], tables: Mapping[str, TextTable]) -> dict[str, list[str]]:
    """By object, a line for each column with ids that match no row of another file, and would if written alike."""
    return {
        name: [
            line
            for column, target, key, lines in _links(file)
            if target in files
            if (line := _line(column, target, tables[name], lines, files[target].loaded[key]))
        ]
        for name, file in files.items()
    }


def _links(file: CheckedFile) -> Iterator[tuple[str, str, str, pl.Series]]:
    """Columns with ids that match no row: their object and its key, and the lines of those rows."""
    contract: Contract = file.contract
    if contract.person is not None and contract.object != PERSON_OBJECT:
        (key,) = contracts()[PERSON_OBJECT].key
        is_unknown = file.rejected["rule"] == Reject.PERSON_NOT_IN_SSD_PERSON.value
        yield contract.person, PERSON_OBJECT, key, file.rejected[LINE].filter(is_unknown)
    orphans = file.issues.filter(pl.col("rule") == Issue.ORPHANED_LINK.value)
    for column in contract.loaded_columns:
        if column.link is not None and column.privacy != "person":
            yield column.name, *column.link, orphans[LINE].filter(orphans["column_name"] == column.name)


def _line(column: str, target: str, table: TextTable, lines: pl.Series, known: pl.Series) -> str | None:
    """How many of the ids on these lines would match in another form, and in which; None where none would."""
    if lines.is_empty():
        return None
    is_meant = table.line_numbers.is_in(lines.implode()) & (table.frame[column].str.strip_chars() != NO_ID)
    ids = table.frame.select(pl.col(column).str.strip_chars().alias("id")).filter(is_meant)["id"].drop_nulls()
    rest, targets, ways = pl.DataFrame({"id": ids}), pl.DataFrame({"id": known.unique().drop_nulls()}), []
    for words, form in _FORMS.items():
        known_forms = targets.select(form(pl.col("id"))).to_series()
        alike = rest.select(form(pl.col("id"))).to_series().is_in(known_forms.implode())
        if alike.any():
            ways.append(f"{words} ({alike.sum():,})")
            rest = rest.filter(~alike)
    if not ways:
        return None
    return (
        f"{column}: {lines.len():,} of {table.rows_read:,} rows have an id that {target} does not have, and"
        f" {len(ids) - rest.height:,} of them look like one that it has, but for {', '.join(ways)}: export ids as"
        " text, alike in all files"
    )
