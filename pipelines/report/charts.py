"""Draws line charts as SVG, and the small trend lines in tables.

Belongs here: how to draw a series. Does not belong here: which figures to draw. Vega-Lite draws the charts while
the release is written and needs no browser; the pages need neither script nor network.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert

from pipelines.dictionary.indicators import UNITS
from pipelines.report import wording

Point = float | None
REPORTED, RESTATED, MEAN, RANGE = "As reported", "From the newest extract", "Mean", "Usual range"

# each line has its own dash pattern and colour, with a contrast to white of at least 3 to 1
_LOOKS = {
    REPORTED: ("#12436d", [1, 0]),
    RESTATED: ("#c64600", [6, 3]),
    "England": ("#3d3d3d", [2, 2]),
    "Statistical neighbours": ("#801650", [8, 2, 2, 2]),
    MEAN: ("#6f777b", [1, 0]),
    RANGE: ("#6f777b", [1, 3]),
}
_REGION = ("#1a7f77", [10, 4])
_CONFIG: dict[str, Any] = {
    # one text describes the whole picture to screen readers, and a table follows it
    "aria": False,
    "background": "transparent",
    "font": "Arial, Helvetica, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelColor": "#0b0c0c",
        "titleColor": "#0b0c0c",
        "gridColor": "#d9dcde",
        "domainColor": "#6f777b",
        "tickColor": "#6f777b",
    },
    "legend": {
        "labelFontSize": 13,
        "labelColor": "#0b0c0c",
        "labelLimit": 260,
        "symbolType": "stroke",
        "symbolSize": 500,
        "symbolStrokeWidth": 2.5,
        "orient": "top",
        "title": None,
        "columns": 4,
    },
}
_NAMESPACES = re.compile(r'\s(?:xmlns(?::xlink)?|version|class)="[^"]*"')
_ARIA = re.compile(r'\s(?:role|aria-[a-z]+)="[^"]*"')


@dataclass(frozen=True)
class Line:
    """A named series with one point per month; None leaves a gap."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Change:
    """A change of definition, with its first month."""

    month: dt.date
    words: str


def chart(
    months: Sequence[dt.date], lines: Sequence[Line], unit: str, changes: Sequence[Change], text: str
) -> str:
    """The chart as an SVG element for a page, with `text` for screen readers; empty where there is no point."""
    labels = [wording.short_month(month) for month in months]
    values = [row for number, line in enumerate(lines) for row in _values(number, line, labels)]
    if not values:
        return ""
    names = list(dict.fromkeys(line.name for line in lines if any(point is not None for point in line.points)))
    looks = [_LOOKS.get(name, _REGION) for name in names]
    x = {
        "field": "month",
        "type": "ordinal",
        "scale": {"domain": labels},
        "axis": {"title": None, "labelAngle": 0},
    }
    marked = [
        {"month": wording.short_month(change.month), "words": change.words}
        for change in changes
        if change.month in months
    ]
    svg = vl_convert.vegalite_to_svg(
        {
            "width": 780,
            "height": 280,
            "data": {"values": values},
            "layer": [*_line_layers(x, unit, names, looks), *(_change_layers(x, marked) if marked else [])],
            "config": _CONFIG,
        }
    )
    opening, rest = svg.split(">", 1)
    opening = _NAMESPACES.sub("", opening)
    return f'{opening} role="img" aria-label="{_attribute(text)}">{_NAMESPACES.sub("", _ARIA.sub("", rest))}'


def _line_layers(
    x: dict[str, Any], unit: str, names: list[str], looks: list[tuple[str, list[int]]]
) -> list[dict[str, Any]]:
    """The lines, with points on those of the authority."""
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": False, "nice": True, "padding": 8},
        "axis": {"title": UNITS[unit].capitalize(), "tickCount": 6},
    }
    line = {"field": "line", "type": "nominal"}
    colour = {**line, "scale": {"domain": names, "range": [colour for colour, _ in looks]}}
    dash = {**line, "scale": {"domain": names, "range": [dash for _, dash in looks]}}
    return [
        {
            "mark": {"type": "line", "strokeWidth": 2.5},
            "encoding": {
                "x": x,
                "y": y,
                "detail": {"field": "run", "type": "nominal"},
                "color": colour,
                "strokeDash": dash,
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1},
            "transform": [{"filter": {"field": "line", "oneOf": [REPORTED, RESTATED]}}],
            "encoding": {"x": x, "y": y, "color": {**colour, "legend": {"symbolType": "stroke"}}},
        },
    ]


def _change_layers(x: dict[str, Any], marked: list[dict[str, str]]) -> list[dict[str, Any]]:
    """A vertical line with a text at each month in which the definition changed."""
    label = {"type": "text", "align": "right", "dx": -6, "y": 8, "fontSize": 13, "color": "#0b0c0c"}
    return [
        {
            "data": {"values": marked},
            "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#0b0c0c"},
            "encoding": {"x": x},
        },
        {"data": {"values": marked}, "mark": label, "encoding": {"x": x, "text": {"field": "words"}}},
    ]


def trend(points: Sequence[Point], width: int = 90, height: int = 22) -> dict[str, Any]:
    """A small line for a table: the path of an SVG of this size, and the position of its last point.

    The path is empty where there are fewer than two points; a gap stays a gap.
    """
    known = [point for point in points if point is not None]
    if len(known) < 2:
        return {"path": "", "end": None, "width": width, "height": height}
    low, high = min(known), max(known)
    step = (width - 6) / (len(points) - 1)
    positions = [
        None
        if point is None
        else (
            round(3 + number * step, 1),
            round(height / 2 if high == low else height - 3 - (point - low) / (high - low) * (height - 6), 1),
        )
        for number, point in enumerate(points)
    ]
    path = ""
    for before, position in zip([None, *positions], positions, strict=False):
        if position:
            path += f"{'L' if before else 'M'}{position[0]:g} {position[1]:g}"
    last = positions[-1]
    return {"path": path, "end": last, "width": width, "height": height}


def _values(number: int, line: Line, labels: Sequence[str]) -> list[dict[str, Any]]:
    """The points of a line as rows; a gap starts a new run, so that no line crosses it."""
    rows, run = [], 0
    for label, point in zip(labels, line.points, strict=True):
        if point is None:
            run += 1
        else:
            rows.append({"month": label, "value": point, "line": line.name, "run": f"{number:02d} {run:02d}"})
    return rows


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
