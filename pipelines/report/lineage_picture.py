"""What a table is made from, as a picture: a column a layer, a line from each table to those made from it.

Belongs here: where boxes stand and how they are drawn, as SVG without script. Does not belong here: what is made
from what; the words that stand for the picture where it cannot be seen.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from pipelines.dictionary.tables import LAYERS, Table

_LETTER, _BOX, _STEP, _GAP, _TOP, _SIDE = 6.6, 20, 27, 56, 26, 8
"""Pixels: the width of a letter at 11 pixels, a box's height, from box to box, between columns, above, beside."""


def lineage_picture(tables: Mapping[str, Table], shown: set[str], subject: str) -> Markup:
    """The tables shown, the subject marked, and the lines between them, as an `svg` element."""
    columns = _columns(tables, shown)
    places: dict[str, tuple[float, float, float]] = {}
    left = float(_SIDE)
    heads = []
    for layer, names in columns:
        width = max(len(LAYERS[layer]), *(len(name) for name in names)) * _LETTER + 12
        heads.append((left, LAYERS[layer]))
        places |= {name: (left, _TOP + index * _STEP, width) for index, name in enumerate(names)}
        left += width + _GAP
    parts = [_head(x, text) for x, text in heads]
    parts += [
        _line(places[parent], places[name])
        for name in places
        for parent in tables[name].parents
        if parent in places
    ]
    parts += [_box(place, name, is_subject=name == subject) for name, place in places.items()]
    wide, high = left - _GAP + _SIDE, _TOP + max(len(names) for _, names in columns) * _STEP + 2
    return Markup(
        f'<svg role="img" aria-label="{escape(_label(columns, subject))}" width="{wide:.0f}" height="{high:.0f}"'
        f' viewBox="0 0 {wide:.0f} {high:.0f}" class="lineage">{"".join(parts)}</svg>'
    )


def by_layer(tables: Mapping[str, Table], names: set[str]) -> list[tuple[str, list[str]]]:
    """The names by the title of their layer, in the order of the flow: the words that stand for the picture."""
    return [(LAYERS[layer], sorted(own)) for layer, own in _columns(tables, names)]


def _columns(tables: Mapping[str, Table], shown: set[str]) -> list[tuple[str, list[str]]]:
    """Names by layer, each beside what it is made from, so that few lines cross."""
    found: list[tuple[str, list[str]]] = []
    heights: dict[str, float] = {}
    for layer in LAYERS:
        own = sorted(name for name in shown if tables[name].layer == layer)
        ranks = {name: _mean([heights[one] for one in tables[name].parents if one in heights]) for name in own}
        own.sort(key=lambda name: (ranks[name], name))
        heights |= {name: float(index) for index, name in enumerate(own)}
        if own:
            found.append((layer, own))
    return found


def _mean(heights: Sequence[float]) -> float:
    return sum(heights) / len(heights) if heights else 0.0


def _head(x: float, text: str) -> str:
    return f'<text x="{x:.0f}" y="14" class="head">{escape(text)}</text>'


def _box(place: tuple[float, float, float], name: str, *, is_subject: bool) -> str:
    x, y, width = place
    kind = ' class="subject"' if is_subject else ""
    return (
        f'<g{kind}><rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{_BOX}"/>'
        f'<text x="{x + 6:.0f}" y="{y + 14:.0f}">{escape(name)}</text></g>'
    )


def _line(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    """From the right of one box to the left of the next; within a column round its right side."""
    x1, y1 = start[0] + start[2], start[1] + _BOX / 2
    y2 = end[1] + _BOX / 2
    if start[0] == end[0]:
        out = x1 + min(_GAP - 10, 12 + abs(y2 - y1) / 6)
        x2 = end[0] + end[2]
        return f'<path d="M{x1:.0f} {y1:.0f}C{out:.0f} {y1:.0f} {out:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"/>'
    x2, middle = end[0], (x1 + end[0]) / 2
    return f'<path d="M{x1:.0f} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"/>'


def _label(columns: Sequence[tuple[str, Sequence[str]]], subject: str) -> str:
    told = ", ".join(f"{len(names)} of {LAYERS[layer].lower()}" for layer, names in columns)
    return f"How {subject} is made: {told}. The list below says the same."
