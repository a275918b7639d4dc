"""What people say to their figures, from Markdown files beside the drops.

Belongs here: finding the files of a month and making HTML of them. HTML in a file is shown as it is written, and
pictures are left out: a page takes nothing from elsewhere.
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
    """The commentary of an authority to a month: HTML by indicator, and under `index` to the month as a whole."""

    html: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def commentary(room: Path, la_code: str, month: str, indicators: set[str]) -> Commentary:
    """Reads `<room>/<la_code>/<month>/`. A file that is not the month's or an indicator's, or is not UTF-8 text,
    is warned of."""
    found = Commentary()
    folder = room / la_code / month
    if not folder.is_dir():
        return found
    for path in sorted(folder.iterdir()):
        name = path.name.removesuffix(_ENDING)
        where = f"commentary {la_code} {month}: {path.name}"
        if path.name.startswith("."):
            continue
        if not path.name.endswith(_ENDING) or name not in indicators | {INDEX}:
            found.warnings.append(f"{where} is not shown: it is not index.md and no indicator has that name")
            continue
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            found.warnings.append(f"{where} is not shown: it cannot be read as UTF-8 text")
            continue
        if text.strip():
            found.html[name] = to_html(text)
    return found


def to_html(text: str, level: int = 3) -> str:
    """Markdown as HTML whose headings begin at `level` and leave no level out."""
    tokens = _MARKDOWN.parse(text)
    _shift_headings(tokens, level)
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return html


def _shift_headings(tokens: list[Token], level: int) -> None:
    given: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            depth = int(token.tag[1])
            given = [one for one in given if one < depth] + [depth]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, level + len(given) - 1)}"
