"""Writes the tables of `docs/checks.md` from the suites: `python -m pipelines.quality.checks_page docs/checks.md`.

Belongs here: what the page says about each check and each comparison. The rest of the page is written by hand,
outside the two markers of each gate. A test holds that the page is as written.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pipelines.contracts import contracts
from pipelines.quality.comparisons import Query, queries
from pipelines.quality.object_suites import TEMPLATE
from pipelines.quality.suites import STAGES, Check, load_suites
from pipelines.quality.verdicts import expected_text

_HEAD = "| Check | Suites | Severity | Fails for | Why |\n|---|---|---|---|---|"


def written_page(page: str) -> str:
    """The page with the tables as the suites are now. Raises ValueError where a marker is missing."""
    for stage in STAGES:
        begin, end = f"<!-- {stage}: written from the suites -->\n", f"<!-- {stage}: end -->"
        if begin not in page or end not in page:
            raise ValueError(f"the page has no marker '{begin.strip()}' or '{end}'")
        before, _, rest = page.partition(begin)
        page = f"{before}{begin}{_tables(stage)}\n{end}{rest.partition(end)[2]}"
    return page


def _tables(stage: str) -> str:
    known = queries(stage).values()
    parts = ["\n".join([_HEAD, *_checks(stage)])]
    if parameters := [query for query in known if query.is_parameters]:
        parts += ["Limits that move with the month are computed for each drop:", _explained(parameters)]
    parts += ["What the checks compare:", _explained([query for query in known if not query.is_parameters])]
    return "\n\n".join(parts)


def _checks(stage: str) -> Iterator[str]:
    """A line for each check. What objects have from the template is one line for all of them."""
    if stage == "raw":
        for template in json.loads(TEMPLATE.read_text(encoding="utf-8")):
            yield _line(Check(template), template["meta"]["for"])
    for suite in load_suites(stage):
        for check in suite.checks:
            if suite.name not in contracts() or check.expectation["meta"].get("differs"):
                yield _line(check, suite.name)


def _line(check: Check, suites: str) -> str:
    has_limit = not check.query and _limit(check) != "none"
    words = f"{check.description}, if not {_limit(check)}" if has_limit else check.description
    words = re.sub(rf"(?:\{{object\}}|\b{suites})_|[{{}}]", "", words)
    return f"| `{check.name}` | {suites} | {check.severity} | {words} | {check.notes} |"


def _limit(check: Check) -> str:
    """What an expectation on columns expects, with the name of a parameter in the place of its value."""
    return expected_text(
        {
            name: f"`{value['$PARAMETER']}`" if isinstance(value, dict) and "$PARAMETER" in value else value
            for name, value in check.kwargs.items()
        }
    )


def _explained(queries: list[Query]) -> str:
    return "\n".join(f"* `{query.name}`: {_paragraph(query.words)}" for query in queries)


def _paragraph(words: str) -> str:
    """The words of a query; a list in them stays one."""
    text = re.sub(r"\n(?!\n|\d\. )", " ", words)
    return re.sub(r"\n+ *(\d\. )", r"\n  \1", text.replace("\n ", "\n"))


def main() -> None:
    """Writes the page that is named on the command line."""
    page = Path(sys.argv[1])
    page.write_text(written_page(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
