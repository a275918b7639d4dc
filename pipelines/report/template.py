"""The templates of all pages, compiled once."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.report import words

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
}


def render(name: str, **shown: Any) -> str:
    """The page as HTML. Raises jinja2.UndefinedError where the template asks for what is not given."""
    return _PAGES.get_template(name).render(words=words, **shown)


def stylesheet() -> str:
    """The looks of all pages, as CSS."""
    return _PAGES.get_template("style.css").render()
