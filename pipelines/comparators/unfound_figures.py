"""Says of a file that was read which figures of the register are not in it, although they should be.

A label in new words is the usual cause: the rows are loaded, and no indicator finds them.
"""

import polars as pl

from pipelines.comparators.added_names import CODES
from pipelines.comparators.breakdown_labels import known_breakdowns
from pipelines.comparators.published_measures import indicators_in, published_measures

_MATCHED_BY_LABEL = {"looked_after_outcomes", "placement_stability"}
"""Datasets whose columns are those of other files too: only the labels tell them apart."""
_LAYOUTS = ("ees", "first_release")
_SHORTEST_WORD = 4
_ALIKE = 0.6


def unfound(layout: str, values: pl.DataFrame) -> list[str]:
    """Lines for a person; none where every indicator of the file's datasets is found whole."""
    if layout not in _LAYOUTS or values.is_empty():
        return []
    datasets = set(values["measure"].str.split(".").list.first().unique())
    taken = datasets & {row.dataset for row in published_measures(layout)}
    whole, part = indicators_in(layout, values)
    labels = _labels(values)
    words = "the labels of its breakdowns are " + ", ".join(repr(label) for label in labels) if labels else ""
    where = f"to have it found, write its label into raw/reference/{CODES}.csv (dataset,column,text,code)"
    if part and layout == "ees":
        return [f"only a part of the figures of {', '.join(sorted(part))} is found; {words}; {where}"]
    if whole or not taken:
        return []
    if taken <= _MATCHED_BY_LABEL:
        labels = [label for label in labels if any(_is_like(label, name) for name in _names(taken))]
        if not labels:
            return []
        return [f"no figure of the register is found; labels like known ones: {', '.join(labels)}; {where}"]
    return [f"read as {', '.join(sorted(taken))}, and no figure of the register is found; {words}; {where}"]


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
