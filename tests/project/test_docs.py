"""The documents: decisions are complete and in order, links lead to files and headings, lines fit the page."""

import csv
import re
from pathlib import Path

import pytest
from checkout import PROJECT_ROOT

from pipelines.publish.data_changes import DATA_CHANGES

DOCUMENTS = sorted({*PROJECT_ROOT.glob("*.md"), *(PROJECT_ROOT / "docs").rglob("*.md")})
DECISIONS = sorted((PROJECT_ROOT / "docs" / "decisions").glob("*.md"))
LONGEST_LINE = 120
DATE_AND_STATUS = re.compile(
    r"Date: 20\d\d-[01]\d-[0-3]\d\. Status: (accepted|superseded( in part)? by \[?\d{4}\b)"
)


def relative(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).as_posix()


def prose(text: str) -> str:
    """The text without its code blocks, and without what is generated between two markers."""
    return re.sub(
        r"^```.*?^```$|^<!-- (\w+): written from .*?^<!-- \1: end -->$", "", text, flags=re.MULTILINE | re.DOTALL
    )


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub makes of the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", prose(path.read_text(encoding="utf-8")), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_every_link_of_a_document_leads_to_a_file_and_a_heading(path):
    broken = []
    for link in re.findall(r"\]\(([^)]+)\)", prose(path.read_text(encoding="utf-8"))):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_no_line_of_a_document_is_longer_than_the_page(path):
    lines = prose(path.read_text(encoding="utf-8")).splitlines()
    assert [line for line in lines if len(line) > LONGEST_LINE and not line.startswith("|")] == []


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=relative)
def test_a_decision_says_its_date_and_its_status(path):
    title, blank, status, *_ = path.read_text(encoding="utf-8").splitlines()
    assert title.startswith("# ")
    assert blank == ""
    assert DATE_AND_STATUS.match(status), status


def test_every_decision_that_a_text_names_exists():
    numbers = {path.name[:4] for path in DECISIONS}
    texts = {
        *DOCUMENTS,
        *(PROJECT_ROOT / "pipelines").rglob("*.py"),
        *(PROJECT_ROOT / "dbt_project").rglob("*.sql"),
    }
    missing = {
        f"{relative(path)}: {number}"
        for path in texts
        for number in re.findall(r"\bdecisions? \(?(\d{4})\b", path.read_text(encoding="utf-8"))
        if number not in numbers
    }
    assert missing == set()


def test_the_changelog_shows_the_data_changes():
    with DATA_CHANGES.open(encoding="utf-8", newline="") as lines:
        announced = [[row[name] for name in ("table", "column", "old", "new")] for row in csv.DictReader(lines)]
    changelog = (PROJECT_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| *(.*?) *\| *(.*?) *\| *(.*?) *\| *(.*?) *\|$", changelog, flags=re.MULTILINE)
    shown = [list(row) for row in rows if row[0] not in {"Table", "---"}]
    assert [row for row in announced if row not in shown] == [], "add these rows to the table of CHANGELOG.md"
    assert [row for row in shown if row not in announced] == [], f"add these lines to {DATA_CHANGES.name}"
