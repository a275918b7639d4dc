"""Renders the templates of all pages, which it compiles once."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pipelines.file_names import visible
from pipelines.report import wording
from pipelines.report.audience import Audience
from pipelines.report.links import indicator_file, table_file

_CODE = re.compile(r"`([^`]+)`")


def _marked(text: str) -> Markup:
    """HTML in which text between backticks is marked as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _headers(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The column names of all rows, in order; rows may have different columns."""
    return list(dict.fromkeys(name for row in rows for name in row))


def _child_rows(rows: Iterable[Sequence[str]], is_share: bool, has_due: bool, has_actual: bool) -> Markup:
    """The rows of the longest lists of all pages: a template takes three times as long for them.

    A row is a child, whether it is in the numerator, why not, when it was due, and the date.
    """
    lines = []
    for row in rows:
        child, is_in, reason, due, actual = map(_escaped, row)
        line = f'<tr><th scope="row"><code>{child}</code></th>'
        if is_share:
            line += f"<td>{is_in}</td><td>{reason}</td>"
        if has_due:
            line += f'<td class="date">{due}</td>'
        if has_actual:
            line += f'<td class="date">{actual}</td>'
        lines.append(f"{line}</tr>\n")
    return Markup("".join(lines))


@lru_cache(maxsize=100_000)
def _escaped(text: str) -> str:
    """The text as a page shows it. A child is in many lists."""
    return str(escape(_shown(text)))


def _shown(value: Any) -> Any:
    """What a page shows of a value; markup is made here, and text may come from outside."""
    return visible(value, keep="\n\t") if type(value) is str else value


_PAGES = Environment(
    loader=PackageLoader("pipelines.report", "pages"),
    autoescape=True,
    finalize=_shown,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters |= {
    "at": "{:.4g}".format,
    "long_month": wording.long_month,
    "short_month": wording.short_month,
    "day": wording.day,
    "short_day": wording.short_day,
    "financial_year": wording.financial_year,
    "signal": wording.signal,
    "verdict": wording.verdict,
    "number": wording.number,
    "with_unit": wording.with_unit,
    "marked": _marked,
    "headers": _headers,
    "child_rows": _child_rows,
    "indicator_file": indicator_file,
    "table_file": table_file,
}


def render(name: str, audience: Audience, **values: Any) -> str:
    """The page as HTML, which says at its top whether it may leave the service.

    Raises jinja2.UndefinedError where a variable of the template is missing.
    """
    return _PAGES.get_template(name).render(wording=wording, audience=audience, **values)


def stylesheet() -> str:
    """The stylesheet of all pages, as CSS."""
    return _PAGES.get_template("style.css").render()
