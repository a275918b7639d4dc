"""Says of a file that was read which figures of the register are not in it, although they should be.

A label in new words is the usual cause: the rows are loaded, and no indicator finds them.
"""

import re

import polars as pl

from pipelines.comparators.added_names import CODES
from pipelines.comparators.breakdown_labels import known_breakdowns
from pipelines.comparators.published_measures import indicators_in, published_measures

_GROUPED = {"looked_after_ceased", "looked_after_characteristics"}
"""Datasets with many groups of labels, of which the register takes most."""
_MATCHED_BY_LABEL = {"looked_after_outcomes", "placement_stability"} | _GROUPED
"""Datasets whose columns are those of other files too: only the labels tell them apart."""
_PART_OF_A_LABEL = re.compile(r"\d[a-z]")
"""`1a. White British` is a part of `1. Total White`."""
_LAYOUTS = ("ees", "first_release")
_SHORTEST_WORD = 4
_ALIKE = 0.6


def unfound(layout: str, values: pl.DataFrame) -> list[str]:
    """Lines for a person; none where every indicator of the file's datasets is found whole."""
    return _told(layout, values) if layout in _LAYOUTS and not values.is_empty() else []


def _told(layout: str, values: pl.DataFrame) -> list[str]:
    datasets = set(values["measure"].str.split(".").list.first().unique())
    taken = datasets & {row.dataset for row in published_measures(layout)}
    whole, part = indicators_in(layout, values)
    labels = _labels(values)
    words = "the labels of its breakdowns are " + ", ".join(repr(label) for label in labels) if labels else ""
    where = f"to have it found, write its label into raw/reference/{CODES}.csv (dataset,column,text,code)"
    if lacking := [line for dataset in sorted(taken & _GROUPED) for line in _lacking(dataset, values)]:
        return [f"{line}; {where}" for line in lacking]
    if part and layout == "ees" and not taken & _GROUPED:
        return [f"only a part of the figures of {', '.join(sorted(part))} is found; {words}; {where}"]
    if whole or not taken:
        return []
    if not taken <= _MATCHED_BY_LABEL:
        return [f"read as {', '.join(sorted(taken))}, and no figure of the register is found; {words}; {where}"]
    alike = ", ".join(label for label in labels if any(_is_like(label, name) for name in _names(taken)))
    return [f"no figure of the register is found; labels like known ones: {alike}; {where}"] if alike else []


def _lacking(dataset: str, values: pl.DataFrame) -> list[str]:
    """The breakdowns of the register that a file lacks, where it has unknown labels in their place."""
    of_dataset = values.filter(pl.col("measure").str.starts_with(f"{dataset}."))
    present = {_label_and_group(text) for text in of_dataset["dimensions"].unique()}
    registered = {_label_and_group(row.dimensions) for row in published_measures("ees") if row.dataset == dataset}
    labels, groups = (
        {known.name for known in known_breakdowns()[dataset, column]} for column in ("characteristic", "cla_group")
    )
    new = [
        (label, group)
        for label, group in present
        if (label not in labels and not _PART_OF_A_LABEL.match(label.lower())) or group not in groups
    ]
    missing: set[str] = set()
    unknown: set[str] = set()
    for label, group in registered - present:
        in_its_place = {f"{there}: {other}" for other, there in new if there == group or other == label}
        if in_its_place and label != "total":
            missing.add(f"{group}: {label}")
            unknown |= in_its_place
    if not missing:
        return []
    return [
        f"read as {dataset}, and not found: {'; '.join(sorted(missing))}; "
        f"labels that are not known: {'; '.join(sorted(unknown))}"
    ]


def _label_and_group(dimensions: str) -> tuple[str, str]:
    """The two parts of `characteristic=label; cla_group=group`."""
    parts = dict(part.partition("=")[::2] for part in dimensions.split("; "))
    return parts.get("characteristic", ""), parts.get("cla_group", "")


def _labels(values: pl.DataFrame) -> list[str]:
    texts = values["dimensions"].unique().sort()
    return list(dict.fromkeys(part for text in texts for part in text.split("; ") if part.partition("=")[2]))


def _names(datasets: set[str]) -> list[str]:
    return [
        known.name
        for (dataset, _), breakdowns in known_breakdowns().items()
        if dataset in datasets
        for known in breakdowns
        if "total" not in known.name and "looked after" not in known.name
    ]


def _is_like(label: str, name: str) -> bool:
    """Whether a label has most of the longer words of a known breakdown."""
    words = [word for word in name.lower().split() if len(word) >= _SHORTEST_WORD]
    return bool(words) and sum(word in label.lower() for word in words) >= _ALIKE * len(words)
