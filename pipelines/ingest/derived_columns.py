"""Makes the columns of a contract that no file has from a delivered column, which is not stored.

Belongs here: what is made of a delivered text. A postcode becomes the authority that it lies in, by
`raw/reference/postcode.csv`; JSON becomes the keys that are set. Does not belong here: the values of delivered
columns (`values`).
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from pipelines.calendar import Month
from pipelines.contracts import Contract, contract
from pipelines.ingest.values import NOT_JSON, json_object, trimmed
from pipelines.reading.file_reading import TextTable
from pipelines.reference import Row
from pipelines.reference.columns import LONGEST_POSTCODE, postcode_letters

Made = dict[str, dict[str, str | None]]
"""By delivered text, the value of each derived column."""


@dataclass(frozen=True)
class DropContext:
    """What a derived column depends on besides the delivered text.

    `postcodes`: the rows of `postcode.csv`; None where there is none.
    """

    la_code: str
    month: Month
    postcodes: Sequence[Row] | None = None


def with_derived_columns(contract: Contract, table: TextTable, drop: DropContext) -> TextTable:
    """The file with the derived columns of its contract in place of those that they are made from."""
    if not contract.derived:
        return table
    sources = {column.made_from for column in contract.derived}
    replaced = {*sources, *(column.name for column in contract.derived)}
    kept = [place for place, name in enumerate(table.columns) if name not in replaced]
    made: list[pl.Series] = []
    for source in sorted(sources & set(table.columns)):
        texts = table.frame.select(trimmed(contract.column(source))).to_series()
        by_text = MAKERS[source](texts.unique().drop_nulls(), drop)
        made += [
            texts.replace_strict(
                {text: values[column.name] for text, values in by_text.items()},
                default=None,
                return_dtype=pl.String,
            ).alias(column.name)
            for column in contract.derived
            if column.made_from == source
        ]
    added = [series.name for series in made]
    return dataclasses.replace(
        table,
        headers=(*(table.headers[place] for place in kept), *added),
        columns=(*(table.columns[place] for place in kept), *added),
        frame=table.frame.select([*(table.columns[place] for place in kept), *made]),
    )


def _of_postcodes(texts: Iterable[str], drop: DropContext) -> Made:
    """The authority that each postcode lies in: that of the longest beginning in use in the month of the drop."""
    if drop.postcodes is None:
        return {}
    in_use = [row for row in drop.postcodes if str(row["first_month_used"]) <= str(drop.month.end)]
    in_use.sort(key=lambda row: str(row["first_month_used"]))
    areas = {str(row["postcode_start"]): str(row["la_code"]) for row in in_use}
    made: Made = {}
    for text in texts:
        letters = postcode_letters(text)
        starts = (letters[:length] for length in range(LONGEST_POSTCODE, 0, -1))
        area = next((areas[start] for start in starts if start in areas), None)
        if letters:
            made[text] = {
                "placement_la_code": area,
                "is_in_area": None if area is None else "Y" if area == drop.la_code else "N",
                "has_postcode": "Y",
            }
    return made


def _of_outcomes(object_name: str, column_name: str, texts: Iterable[str], _: DropContext) -> Made:
    """The keys that are set in each text, without what the case system writes before and after a key.

    Comments, totals and other keys are left out. A text that is no JSON object is `NOT_JSON`, which is flagged.
    """
    known = contract(object_name).column(column_name).keys
    made: Made = {}
    for text in texts:
        content = json_object(text)
        said = {
            re.sub(r"^OUTCOME_|_FLAG$", "", key.strip().upper())
            for key, value in (content or {}).items()
            if str(value).strip().upper() in _SET
        }
        keys = ", ".join(sorted(said & set(known))) or None
        made[text] = {column_name: NOT_JSON if content is None else keys}
    return made


_SET = ("Y", "YES", "TRUE", "T", "1")
MAKERS: Mapping[str, Callable[[Iterable[str], DropContext], Made]] = {
    "clap_cla_placement_postcode": _of_postcodes,
    "icpc_icpc_outcome_json": partial(_of_outcomes, "ssd_initial_cp_conference", "icpc_outcome_keys"),
    "s47e_s47_outcome_json": partial(_of_outcomes, "ssd_s47_enquiry", "s47e_outcome_keys"),
}
"""What makes the derived columns of a delivered column."""
