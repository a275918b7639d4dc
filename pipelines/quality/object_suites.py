"""Writes what the suites of all objects have in common: `python -m pipelines.quality.object_suites`.

An object has one file, `expectations/raw/<object>.json`. Its `meta` says the table, what a row is to people
(`rows`) and, where the object has it, the team of a record (`team`). From that and from the contract, which has
the day of its events, this module adds the expectations of `expectations/templates/object.json` that fit it.

An expectation that a person wrote stays as it is: one with another name, and one whose `meta` has `"differs":
true`. `without` in the suite's `meta` names those that the object does not have. A test holds that the files
are as written.

Belongs here: filling the template. Does not belong here: running a suite.
"""

import json
from typing import Any

from pipelines.contracts import Contract, contracts
from pipelines.quality.comparisons import unchanging_columns
from pipelines.settings import EXPECTATIONS

TEMPLATE = EXPECTATIONS / "templates" / "object.json"
NOT_OF_LISTS = (
    "file_is_not_last_months",
    "newest_date_in_month",
    "mix_of_codes_moved_extreme",
    "history_is_not_rewritten",
)
_PLACEHOLDERS = ("rows", "team")

Json = dict[str, Any]


def written_suite(contract: Contract, suite: Json) -> Json:
    """The suite of an object with the expectations of the template, in its order, and then those of its own."""
    meta = {"table": f"raw.{contract.object}", "rows": "rows", **suite.get("meta", {})}
    values = {"object": contract.object, **{name: meta[name] for name in _PLACEHOLDERS if name in meta}}
    values |= {"event_date": contract.event_day} if contract.event_day else {}
    by_name = {expectation["meta"]["name"]: expectation for expectation in suite.get("expectations", [])}
    expectations = []
    for template in json.loads(TEMPLATE.read_text(encoding="utf-8")):
        name = template["meta"]["name"]
        written = by_name.pop(name, {})
        if written.get("meta", {}).get("differs"):
            expectations.append(written)
        elif _fits(template["meta"]["for"], contract, meta) and name not in _without(contract, meta):
            expectations.append(_filled(template, values))
    own = [expectation for name, expectation in by_name.items() if name not in template_names()]
    return {**suite, "name": contract.object, "expectations": [*expectations, *own], "meta": meta}


def _without(contract: Contract, meta: Json) -> list[str]:
    """The expectations that an object does not have. A list that comes when it changes may be any list."""
    of_lists = NOT_OF_LISTS if contract.delivered == "when_it_changes" else ()
    return [*meta.get("without", []), *of_lists]


def template_names() -> list[str]:
    """Names of the checks of the template."""
    return [template["meta"]["name"] for template in json.loads(TEMPLATE.read_text(encoding="utf-8"))]


def suite_text(suite: Json) -> str:
    """The suite as the text of its file."""
    return json.dumps(suite, indent=2, ensure_ascii=False) + "\n"


def _fits(which: str, contract: Contract, meta: Json) -> bool:
    return {
        "every object": True,
        "objects with a date of their events": contract.event_day is not None,
        "objects without a date of their events": contract.event_day is None,
        "objects with a team": "team" in meta,
        "objects with records that cannot change": bool(unchanging_columns(contract, meta)),
        "objects with codes": any(column.code_set for column in contract.loaded_columns),
    }[which]


def _filled(template: Json, values: Json) -> Json:
    text = json.dumps(template, ensure_ascii=False)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    filled: Json = json.loads(text)
    del filled["meta"]["for"]
    return filled


def main() -> None:
    """Writes the suite of every object, those without a file included."""
    for name, contract in contracts().items():
        path = EXPECTATIONS / "raw" / f"{name}.json"
        suite = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        path.write_text(suite_text(written_suite(contract, suite)), encoding="utf-8")


if __name__ == "__main__":
    main()
