"""The templates of all pages, compiled once."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pipelines.report import words
from pipelines.report.links import indicator_page, table_page

_CODE = re.compile(r"`([^`]+)`")


def _marked(text: str) -> Markup:
    """What stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _headers(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The columns of rows that need not all have the same ones."""
    return list(dict.fromkeys(name for row in rows for name in row))


_PAGES = Environment(
    loader=PackageLoader("pipelines.report", "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters |= {
    "long_month": words.long_month,
    "short_month": words.short_month,
    "day": words.day,
    "short_day": words.short_day,
    "financial_year": words.financial_year,
    "signal": words.signal,
    "verdict": words.verdict,
    "number": words.number,
    "with_unit": words.with_unit,
    "marked": _marked,
    "headers": _headers,
    "indicator_page": indicator_page,
    "table_page": table_page,
}


def render(name: str, **shown: Any) -> str:
    """The page as HTML. Raises jinja2.UndefinedError where the template asks for what is not given."""
    return _PAGES.get_template(name).render(words=words, **shown)


def stylesheet() -> str:
    """The looks of all pages, as CSS."""
    return _PAGES.get_template("style.css").render()
