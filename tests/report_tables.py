"""The tables of a page read back, as a reader of the HTML finds them: no browser, no knowledge of templates."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "path", "circle", "line", "rect"}


@dataclass
class Table:
    """A table: its caption, the words over its columns, and its rows, each under the heading of its row group."""

    caption: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)
    """Row group (empty where there is none) and the texts of the cells, the row's heading first."""
    small: list[list[str]] = field(default_factory=list)
    """What stands small below each cell of each row."""
    unscoped: int = 0
    """Headings that do not say what they head."""

    def column(self, words: str) -> dict[str, str]:
        """By row heading what stands in a column."""
        number = self.columns.index(words)
        return {cells[0]: cells[number] for _, cells in self.rows}


class Page(HTMLParser):
    """Tables, headings, links and every address of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.headings: list[int] = []
        self.links: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.heading = ""
        """The words of the first heading."""
        self.language = ""
        self.text = path.read_text(encoding="utf-8")
        self._open: list[str] = []
        self._said: list[str] = []
        self._cells: list[str] = []
        self._small: list[str] = []
        self._group = ""
        self._is_group = False
        self.feed(self.text)

    @property
    def hidden_characters(self) -> set[str]:
        """Characters that a reader cannot see, other than breaks of lines and spaces."""
        return {letter for letter in self.text if not letter.isprintable() and not letter.isspace()}

    def table(self, caption: str) -> Table:
        """The one table whose caption begins so."""
        (found,) = [table for table in self.tables if table.caption.startswith(caption)]
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes |= given.keys()
        self.addresses += [value for name, value in attrs if name in ("href", "src", "action", "srcset") and value]
        if tag == "html":
            self.language = given.get("lang") or ""
        elif tag == "a":
            self.links.append(given["href"] or "")
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
            self._said = []
        elif tag == "table":
            self.tables.append(Table())
        elif tag == "tbody":
            self._group = ""
        elif tag == "tr":
            self._cells, self._small = [], []
        elif tag in ("th", "td", "caption"):
            self._said = []
            self._small.append("")
            self._is_group = given.get("scope") == "rowgroup"
            if tag == "th" and given.get("scope") not in ("col", "row", "rowgroup"):
                self.tables[-1].unscoped += 1
        if tag not in VOID:
            self._open.append(tag)

    def handle_data(self, data: str) -> None:
        # what stands small below a cell is about the cell, and not in it
        if "small" not in self._open:
            self._said.append(data)
        elif self._small:
            self._small[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open.pop() == tag, f"{tag} is closed where another is open"
        said = " ".join("".join(self._said).split())
        if tag == "h1" and not self.heading:
            self.heading = said
        elif tag == "caption":
            self.tables[-1].caption = said
        elif tag in ("th", "td"):
            self._cells.append(said)
            if self._is_group:
                self._group = said
        elif tag == "tr":
            self._row()

    def _row(self) -> None:
        table = self.tables[-1]
        if "thead" in self._open:
            table.columns = self._cells
        elif len(self._cells) > 1:
            table.rows.append((self._group, self._cells))
            table.small.append(self._small)
