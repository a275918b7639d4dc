"""Reads the commentary on the figures from Markdown files and turns it into HTML.

Belongs here: finding the files of a month and converting them. HTML in a file is shown as text, and images are
left out, because a page loads nothing from elsewhere.
"""

from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

INDEX = "index"
_ENDING = ".md"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")


@dataclass
class Commentary:
    """An authority's commentary on a month: HTML by indicator, and under `index` on the month as a whole."""

    html: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def commentary(folder: Path, la_code: str, month: str, indicators: set[str]) -> Commentary:
    """Reads `<folder>/<la_code>/<month>/`. Warns about a file with an unknown name and about one that is not
    UTF-8."""
    result = Commentary()
    of_month = folder / la_code / month
    if not of_month.is_dir():
        return result
    for path in sorted(of_month.iterdir()):
        name = path.name.removesuffix(_ENDING)
        where = f"commentary {la_code} {month}: {path.name}"
        if path.name.startswith("."):
            continue
        if not path.name.endswith(_ENDING) or name not in indicators | {INDEX}:
            result.warnings.append(f"{where} is not shown: no indicator has this name (or use index.md)")
            continue
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            result.warnings.append(f"{where} is not shown: it is not UTF-8 text")
            continue
        if text.strip():
            result.html[name] = to_html(text)
    return result


def to_html(text: str, level: int = 3) -> str:
    """Markdown as HTML. Its headings start at `level` and skip no level."""
    tokens = _MARKDOWN.parse(text)
    _shift_headings(tokens, level)
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return html


def _shift_headings(tokens: list[Token], level: int) -> None:
    depths: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            depth = int(token.tag[1])
            depths = [outer for outer in depths if outer < depth] + [depth]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, level + len(depths) - 1)}"
