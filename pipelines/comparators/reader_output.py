"""What every reader returns: values in one shape, and each row either loaded or left out with a reason.

Belongs here: the shape, and the last steps that all layouts share. Does not belong here: any single layout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from pipelines.comparators.periods import period_end
from pipelines.comparators.tokens import status_of, value_of
from pipelines.reading.file_reading import RaggedRow

VALUE_SCHEMA: Mapping[str, pl.DataType] = {
    "row_number": pl.Int64(),
    "source_kind": pl.String(),
    "measure": pl.String(),
    "measure_title": pl.String(),
    "dimensions": pl.String(),
    "geography_level": pl.String(),
    "geography_code": pl.String(),
    "geography_name": pl.String(),
    "gss_code": pl.String(),
    "dfe_code": pl.String(),
    "period": pl.String(),
    "period_kind": pl.String(),
    "period_end": pl.Date(),
    "raw_token": pl.String(),
    "value": pl.Float64(),
    "status": pl.String(),
    "unit": pl.String(),
    "published_date": pl.Date(),
    "note": pl.String(),
}
NEIGHBOUR_SCHEMA: Mapping[str, pl.DataType] = {
    "row_number": pl.Int64(),
    "la_code": pl.String(),
    "rank": pl.Int64(),
    "neighbour_code": pl.String(),
    "closeness": pl.String(),
}
DICTIONARY_SCHEMA: Mapping[str, pl.DataType] = {
    "row_number": pl.Int64(),
    "measure": pl.String(),
    "measure_title": pl.String(),
    "topic": pl.String(),
    "polarity": pl.String(),
    "decimals": pl.Int64(),
    "year_type": pl.String(),
    "description": pl.String(),
    "methodology": pl.String(),
}
LEFT_OUT_SCHEMA: Mapping[str, pl.DataType] = {"row_number": pl.Int64(), "reason": pl.String()}

_NEVER_NEGATIVE = ("number", "percentage", "rate_per_10000")
_MAY_FALL = "gain|change|difference"
CONTRADICTION = "other rows have other figures for this area, period and breakdown"
UNKNOWN_AUTHORITY = "an authority whose code is not known: "
ARTEFACT_DECIMALS = 10
"""Digits kept of a published number: 63.400000000000006 is how a workbook stores 63.4."""


class RefusedError(Exception):
    """The file cannot be used. The text gives the reason and does not name the file."""


class PassedOverError(RefusedError):
    """The file holds nothing that the register uses. It needs no work."""


def _empty(schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(schema))


@dataclass(frozen=True)
class Reading:
    """The content of a file: its values, neighbours or dictionary, and the rows left out, each with its reason."""

    rows_read: int
    values: pl.DataFrame = field(default_factory=lambda: _empty(VALUE_SCHEMA))
    neighbours: pl.DataFrame = field(default_factory=lambda: _empty(NEIGHBOUR_SCHEMA))
    dictionary: pl.DataFrame = field(default_factory=lambda: _empty(DICTIONARY_SCHEMA))
    left_out: pl.DataFrame = field(default_factory=lambda: _empty(LEFT_OUT_SCHEMA))
    notes: tuple[str, ...] = ()
    """Lines for a person about what was read in another way than usual."""

    @property
    def rows_loaded(self) -> int:
        """Number of rows that gave at least one value, neighbour or entry."""
        return sum(frame["row_number"].n_unique() for frame in (self.values, self.neighbours, self.dictionary))

    @property
    def unknown_tokens(self) -> dict[str, int]:
        """Tokens with an unknown meaning, with how often each occurs."""
        counts = self.values.filter(pl.col("status") == "unknown")["raw_token"].value_counts(sort=True)
        return dict(counts.iter_rows())

    @property
    def told(self) -> list[str]:
        """Lines for a person: the notes, and the rows left out that somebody has to look at."""
        reasons = self.left_out["reason"]
        lines = [*self.notes]
        if contradicting := reasons.str.starts_with(CONTRADICTION).sum():
            first = self.left_out.filter(reasons.str.starts_with(CONTRADICTION)).row(0)
            lines.append(
                f"{contradicting:,} rows are not used, because others have other figures for the same area, "
                f"period and breakdown; the first is row {first[0]}"
            )
        unknown = reasons.filter(reasons.str.starts_with(UNKNOWN_AUTHORITY)).unique(maintain_order=True)
        if len(unknown):
            names = ", ".join(unknown.str.strip_prefix(UNKNOWN_AUTHORITY))
            lines.append(
                f"figures of authorities with a code that is not known are left out: {names}; to have them read, "
                "add the change to seeds/authority_change.csv"
            )
        return lines


def final_values(values: pl.DataFrame, source_kind: str) -> pl.DataFrame:
    """The values in their final shape. `values` has `raw_token` and the columns of the layout."""
    known = values.with_columns(
        pl.lit(source_kind).alias("source_kind"),
        value_of(pl.col("raw_token")).round(ARTEFACT_DECIMALS).alias("value"),
        status_of(pl.col("raw_token"), source_kind).alias("status"),
    )
    if "unit" in values.columns:
        # some publishers write -1 or -100 for a number that they suppress
        is_hidden = (
            (pl.col("value") < 0)
            & pl.col("unit").is_in(_NEVER_NEGATIVE)
            & ~pl.col("measure").str.contains(_MAY_FALL)
        ).fill_null(False)
        known = known.with_columns(
            pl.when(~is_hidden).then("value").alias("value"),
            pl.when(is_hidden).then(pl.lit("suppressed")).otherwise("status").alias("status"),
        )
    absent = [
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in VALUE_SCHEMA.items() if name not in known.columns
    ]
    return known.with_columns(absent).select(
        pl.col(name).cast(dtype).alias(name) for name, dtype in VALUE_SCHEMA.items()
    )


def with_period_end(values: pl.DataFrame) -> pl.DataFrame:
    """Adds `period_end`, computed once per pair of `period` and `period_kind`."""
    pairs = values.select("period", "period_kind").unique()
    ends = pairs.with_columns(period_end(pl.col("period"), pl.col("period_kind")).alias("period_end"))
    return values.join(ends, on=["period", "period_kind"], how="left", nulls_equal=True, maintain_order="left")


def split_by_fault(
    rows: pl.DataFrame, faults: Sequence[tuple[pl.Expr, pl.Expr | str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows without a fault, and the other rows with the reason of their first fault."""
    reason = pl.coalesce(
        *(pl.when(is_fault).then(pl.lit(why) if isinstance(why, str) else why) for is_fault, why in faults)
    )
    with_reason = rows.with_columns(reason.alias("reason"))
    return (
        with_reason.filter(pl.col("reason").is_null()).drop("reason"),
        with_reason.filter(pl.col("reason").is_not_null()).select(LEFT_OUT_SCHEMA.keys()),
    )


def without_repeats(
    rows: pl.DataFrame, key: Sequence[str], figures: Sequence[str] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that are the first with their area, period and breakdown, and the others with the reason.

    Where rows of one key differ in `figures`, none of them is used: nothing shows which is right.
    """
    repeated = rows.filter(pl.struct(key).is_duplicated())
    if repeated.is_empty():
        return rows, _empty(LEFT_OUT_SCHEMA)
    first = pl.col("row_number").first().over(key)
    differ = pl.struct(figures).n_unique().over(key) > 1 if figures else pl.lit(False)
    _, left_out = split_by_fault(
        repeated,
        [
            (differ, CONTRADICTION),
            (
                pl.col("row_number") != first,
                pl.format("line {} already has the figures of this area, period and breakdown", first),
            ),
        ],
    )
    return rows.join(left_out, on="row_number", how="anti", maintain_order="left"), left_out


def ragged_rows(ragged: Sequence[RaggedRow], width: int) -> pl.DataFrame:
    """Rows with more or fewer fields than the header, as rows left out."""
    return pl.DataFrame(
        [(row.line_number, f"{len(row.fields)} fields where the header has {width}") for row in ragged],
        schema=dict(LEFT_OUT_SCHEMA),
        orient="row",
    )


def dimension_text(dimensions: Mapping[str, pl.Expr]) -> pl.Expr:
    """`name=value; name=value`, sorted by name; empty where the layout has no breakdown."""
    parts = [pl.format(f"{name}={{}}", value.fill_null("")) for name, value in sorted(dimensions.items())]
    return pl.concat_str(parts, separator="; ") if parts else pl.lit("")


def unpivoted(rows: pl.DataFrame, measures: Mapping[str, Mapping[str, str | None]]) -> pl.DataFrame:
    """One row per row and measure column; `measures` gives by column the facts that each of its values gets."""
    kept = [name for name in rows.columns if name in VALUE_SCHEMA]
    values = rows.unpivot(list(measures), index=kept, variable_name="header", value_name="raw_token")
    by_name = {name: [facts[name] for facts in measures.values()] for name in next(iter(measures.values()))}
    facts = pl.DataFrame({"header": list(measures), **by_name}, schema_overrides=dict.fromkeys(by_name, pl.String))
    return values.join(facts, on="header", how="left", maintain_order="left")
