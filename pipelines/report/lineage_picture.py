"""Draws what a table is made from: a column per layer, and a line from each table to the tables made from it.

Belongs here: positions and drawing of boxes, as SVG without script. Does not belong here: which table is made from
which.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from pipelines.dictionary.tables import LAYERS, DescribedTable

_LETTER, _BOX, _STEP, _GAP, _TOP, _SIDE = 6.6, 20, 27, 56, 26, 8
"""Pixels: width of a letter (11 pixels high), height of a box, box to box, between columns, top and side
margins."""


def lineage_picture(tables: Mapping[str, DescribedTable], shown: set[str], subject: str) -> Markup:
    """The tables shown, the subject marked, and the lines between them, as an `svg` element."""
    columns = _columns(tables, shown)
    boxes: dict[str, tuple[float, float, float]] = {}
    left = float(_SIDE)
    heads = []
    for layer, names in columns:
        width = max(len(LAYERS[layer]), *(len(name) for name in names)) * _LETTER + 12
        heads.append((left, LAYERS[layer]))
        boxes |= {name: (left, _TOP + index * _STEP, width) for index, name in enumerate(names)}
        left += width + _GAP
    parts = [_head(x, text) for x, text in heads]
    parts += [
        _line(boxes[parent], boxes[name]) for name in boxes for parent in tables[name].parents if parent in boxes
    ]
    parts += [_box(box, name, is_subject=name == subject) for name, box in boxes.items()]
    wide, high = left - _GAP + _SIDE, _TOP + max(len(names) for _, names in columns) * _STEP + 2
    return Markup(
        f'<svg role="img" aria-label="{escape(_label(columns, subject))}" width="{wide:.0f}" height="{high:.0f}"'
        f' viewBox="0 0 {wide:.0f} {high:.0f}" class="lineage">{"".join(parts)}</svg>'
    )


def by_layer(tables: Mapping[str, DescribedTable], names: set[str]) -> list[tuple[str, list[str]]]:
    """The names by layer title, in the order of the flow: the picture as text."""
    return [(LAYERS[layer], sorted(members)) for layer, members in _columns(tables, names)]


def _columns(tables: Mapping[str, DescribedTable], shown: set[str]) -> list[tuple[str, list[str]]]:
    """Names by layer, each near the tables that it is made from, so that few lines cross."""
    columns: list[tuple[str, list[str]]] = []
    heights: dict[str, float] = {}
    for layer in LAYERS:
        members = sorted(name for name in shown if tables[name].layer == layer)
        ranks = {
            name: _mean([heights[parent] for parent in tables[name].parents if parent in heights])
            for name in members
        }
        members.sort(key=lambda name: (ranks[name], name))
        heights |= {name: float(index) for index, name in enumerate(members)}
        if members:
            columns.append((layer, members))
    return columns


def _mean(heights: Sequence[float]) -> float:
    return sum(heights) / len(heights) if heights else 0.0


def _head(x: float, text: str) -> str:
    return f'<text x="{x:.0f}" y="14" class="head">{escape(text)}</text>'


def _box(box: tuple[float, float, float], name: str, *, is_subject: bool) -> str:
    x, y, width = box
    kind = ' class="subject"' if is_subject else ""
    return (
        f'<g{kind}><rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{_BOX}"/>'
        f'<text x="{x + 6:.0f}" y="{y + 14:.0f}">{escape(name)}</text></g>'
    )


def _line(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    """A line from the right side of a box to the left side of the next; within a column, around the right side."""
    x1, y1 = start[0] + start[2], start[1] + _BOX / 2
    y2 = end[1] + _BOX / 2
    if start[0] == end[0]:
        out = x1 + min(_GAP - 10, 12 + abs(y2 - y1) / 6)
        x2 = end[0] + end[2]
        return f'<path d="M{x1:.0f} {y1:.0f}C{out:.0f} {y1:.0f} {out:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"/>'
    x2, middle = end[0], (x1 + end[0]) / 2
    return f'<path d="M{x1:.0f} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"/>'


def _label(columns: Sequence[tuple[str, Sequence[str]]], subject: str) -> str:
    counts = ", ".join(f"{len(names)} of {LAYERS[layer].lower()}" for layer, names in columns)
    return f"How {subject} is made: {counts}. The list below has the names."
