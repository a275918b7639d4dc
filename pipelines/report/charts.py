"""Places the lines of a chart, and of the small trends in tables, on their picture.

Belongs here: positions, axes and looks. Does not belong here: which figures to draw. `chart.svg.j2` and
`parts.html.j2` in `pages/` draw the pictures as SVG, so the pages need neither script nor network.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.dictionary.indicators import UNITS
from pipelines.report import wording

Point = float | None
Position = tuple[float, float] | None
REPORTED, RESTATED, MEAN, RANGE = "As reported", "From the newest extract", "Mean", "Usual range"

# each line has its own dash pattern and colour, with a contrast to white of at least 3 to 1
_LOOKS = {
    REPORTED: ("#12436d", "none"),
    RESTATED: ("#c64600", "6,3"),
    "England": ("#3d3d3d", "2,2"),
    "Statistical neighbours": ("#801650", "8,2,2,2"),
    MEAN: ("#6f777b", "none"),
    RANGE: ("#6f777b", "1,3"),
}
_REGION = ("#1a7f77", "10,4")
_WIDTH, _PLOT_HEIGHT, _LEGEND_ROW, _LEGEND_COLUMNS, _DIGIT = 832, 280, 24, 4, 7.3
_TICKS = 7
"""The most steps of an axis."""
_LARGEST = 1e9
"""No figure of a children's service is larger: a larger one would flatten every line, and is not drawn."""


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
) -> dict[str, Any]:
    """What the template draws, with `text` for screen readers; empty where there is no point to draw."""
    known = [point for line in lines for point in _drawable(line.points) if point is not None]
    if not known:
        return {}
    ticks, labels = _axis(min(known), max(known), is_count=unit == "number")
    names = dict.fromkeys(line.name for line in lines if any(point is not None for point in line.points))
    left, right = 34 + _DIGIT * max(map(len, labels)), _WIDTH - 8
    top = 14 + _LEGEND_ROW * math.ceil(len(names) / _LEGEND_COLUMNS)
    bottom = top + _PLOT_HEIGHT
    step = (right - left) / len(months)
    across = [left + step * (number + 0.5) for number in range(len(months))]

    def height(value: float) -> float:
        return bottom - (value - ticks[0]) / (ticks[-1] - ticks[0]) * _PLOT_HEIGHT

    drawn = [
        {
            "look": _LOOKS.get(line.name, _REGION),
            "path": _path(positions),
            "dots": [position for position in positions if position] if line.name in (REPORTED, RESTATED) else [],
        }
        for line in lines
        for positions in [_positions(across, _drawable(line.points), height)]
    ]
    return {
        "text": text,
        "width": _WIDTH,
        "height": bottom + 30,
        "left": left,
        "right": right,
        "top": top,
        "bottom": bottom,
        "unit": UNITS[unit].capitalize(),
        "legend": [
            {
                "name": name,
                "look": _LOOKS.get(name, _REGION),
                "x": left + number % _LEGEND_COLUMNS * (right - left) / _LEGEND_COLUMNS,
                "y": 12 + number // _LEGEND_COLUMNS * _LEGEND_ROW,
            }
            for number, name in enumerate(names)
        ],
        "ticks": [(height(tick), label) for tick, label in zip(ticks, labels, strict=True)],
        "months": [(x, wording.short_month(month)) for x, month in zip(across, months, strict=True)],
        "changes": [
            {"x": across[number], "words": change.words, "is_left": number < len(months) / 3}
            for change in changes
            if change.month in months
            for number in [list(months).index(change.month)]
        ],
        "lines": drawn,
    }


def trend(points: Sequence[Point], width: int = 90, height: int = 22) -> dict[str, Any]:
    """A small line for a table: the path of an SVG of this size, and the position of its last point.

    The path is empty where there are fewer than two points; a gap stays a gap.
    """
    known = [point for point in _drawable(points) if point is not None]
    if len(known) < 2:
        return {"path": "", "end": None, "width": width, "height": height}
    low, high = min(known), max(known)
    across = [3 + number * (width - 6) / (len(points) - 1) for number in range(len(points))]
    positions = _positions(
        across,
        _drawable(points),
        lambda point: height / 2 if high == low else height - 3 - (point - low) / (high - low) * (height - 6),
    )
    return {"path": _path(positions), "end": positions[-1], "width": width, "height": height}


def _drawable(points: Sequence[Point]) -> list[Point]:
    """The points, with None for those that no axis can hold."""
    # a comparison with NaN is false
    return [point if point is not None and abs(point) <= _LARGEST else None for point in points]


def _axis(low: float, high: float, *, is_count: bool) -> tuple[list[float], list[str]]:
    """Round numbers around the points, at most a step apart from them, and their texts."""
    if high - low < 1e-6:
        low, high = max(0, low - 1) if low >= 0 else low - 1, high + 1
    power = 10.0 ** math.floor(math.log10((high - low) / _TICKS))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * _TICKS >= high - low)
    if is_count:
        step = max(step, 1.0)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    ticks = [number * step for number in range(math.floor(low / step), math.ceil(high / step) + 1)]
    return ticks, [f"{tick:,.{decimals}f}" for tick in ticks]


def _positions(across: Sequence[float], points: Sequence[Point], height: Any) -> list[Position]:
    return [
        None if point is None else (round(x, 1), round(height(point), 1))
        for x, point in zip(across, points, strict=True)
    ]


def _path(positions: Sequence[Position]) -> str:
    """The line through the positions; no line crosses a gap."""
    path = ""
    for before, position in zip([None, *positions], positions, strict=False):
        if position:
            path += f"{'L' if before else 'M'}{position[0]:g} {position[1]:g}"
    return path
