"""Reads the commentary on the figures from Markdown files and turns it into HTML.

Belongs here: finding the files of a month and converting them. HTML in a file is shown as text, and images are
left out, because a page loads nothing from elsewhere.
"""

from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipelines.file_names import visible
from pipelines.input_files import InputFileError, is_link, read_input, text_of_input
from pipelines.known_words import shown_file_name
from pipelines.settings import LARGEST_COMMENTARY

INDEX = "index"
_ENDING = ".md"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")
# a link to a file could lead from a page that leaves the service into one that does not
_MARKDOWN.validateLink = lambda url: url.startswith(("https://", "http://", "mailto:"))  # type: ignore[method-assign]


@dataclass
class Commentary:
    """An authority's commentary on a month: HTML by indicator, and under `index` on the month as a whole."""

    html: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def commentary(folder: Path, la_code: str, month: str, indicators: set[str]) -> Commentary:
    """Reads `<folder>/<la_code>/<month>/`. Warns about a file that has an unknown name or is not read."""
    result = Commentary()
    of_month = folder / la_code / month
    if is_link(folder, of_month):
        result.warnings.append(f"commentary {la_code} {month} is not shown: its folder is a link")
        return result
    if not of_month.is_dir():
        return result
    try:
        paths = sorted(of_month.iterdir())
    except OSError as fault:
        result.warnings.append(f"commentary {la_code} {month} is not shown: {fault.strerror}")
        return result
    for path in paths:
        name = path.name.removesuffix(_ENDING)
        where = f"commentary {la_code} {month}: {shown_file_name(path.name)}"
        if path.name.startswith("."):
            continue
        if not path.name.endswith(_ENDING) or name not in indicators | {INDEX}:
            result.warnings.append(f"{where} is not shown: no indicator has this name (or use index.md)")
            continue
        try:
            text = text_of_input(read_input(folder, path, LARGEST_COMMENTARY, may_have_two_names=False))
        except InputFileError as fault:
            result.warnings.append(f"{where} is not shown: {fault}")
            continue
        if text.strip():
            result.html[name] = to_html(text)
    return result


def to_html(text: str, level: int = 3) -> str:
    """Markdown as HTML. Its headings start at `level` and skip no level."""
    tokens = _MARKDOWN.parse(text)
    _shift_headings(tokens, level)
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    # not the text: a writer can also name a character by its number
    return visible(html, keep="\n\t")


def _shift_headings(tokens: list[Token], level: int) -> None:
    depths: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            depth = int(token.tag[1])
            depths = [outer for outer in depths if outer < depth] + [depth]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, level + len(depths) - 1)}"
