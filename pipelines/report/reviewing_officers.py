"""The pages of reviewing officers in the report for the service: children, what is due, and what is missing.

Belongs here: which child is whose, and what a page has of it. Does not belong here: what is due, and whether a
check was made; `mart_due_list` and the indicators have that.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.dictionary.indicators import indicators
from pipelines.file_names import file_name
from pipelines.report import wording
from pipelines.report.audience import Audience
from pipelines.report.challenges import Challenge, clocks
from pipelines.report.release_reader import OWN_ROWS, OwnTables, ReportedAuthority, Row, rows
from pipelines.report.teams import Team, due_lists
from pipelines.report.template import render

FOLDER = "officers"
TITLE = "Reviewing officers"
"""The folder of the pages, in that of the authority. Its `index.html` lists the officers."""
_KINDS = {"children_looked_after": "looked after", "cp_plans_open": "child protection plan"}
_CHECKS = ("midpoint_monitoring_cla", "midpoint_monitoring_cp")
_REVIEWS = ("cla_review", "cp_review")
# ids are compared as numbers where all of them are whole numbers
_ALLOCATED = f"""
    select la_code, extract_month, child_id, worker_id, start_date
    from (
        select *, bool_and(regexp_full_match(allocation_id, '[0-9]+')) over (partition by la_code) as are_numbers
        from {OWN_ROWS}
        qualify extract_month = max(extract_month) over (partition by la_code)
    )
    where role_code = 'IRO' and is_open
    qualify
        row_number() over (
            partition by la_code, child_id
            order by
                start_date desc,
                if(are_numbers, lpad(ltrim(allocation_id, '0'), 40, '0'), allocation_id) desc
        ) = 1
"""
_WORKERS = f"""
    select la_code, worker_id, full_time_equivalent
    from {OWN_ROWS}
    qualify extract_month = max(extract_month) over (partition by la_code)
"""


@dataclass
class Officer:
    """A reviewing officer at the month end of the newest extract."""

    worker_id: str
    file: str = ""
    full_time_equivalent: float | None = None
    children: dict[str, Row] = field(default_factory=dict)
    """By child: `kinds`, the team, and since when the officer has the child."""
    due: list[Row] = field(default_factory=list)
    missing: list[Row] = field(default_factory=list)
    """Checks between reviews that are not recorded."""
    challenges: list[Challenge] = field(default_factory=list)
    """Those outstanding."""

    def of_kind(self, kind: str) -> int:
        return sum(kind in child["kinds"] for child in self.children.values())


def officers_of(
    tables: OwnTables,
    all_authorities: Iterable[ReportedAuthority],
    teams: Mapping[str, Sequence[Team]],
    challenges: Mapping[str, Sequence[Challenge]],
) -> dict[str, list[Officer]]:
    """The officers by authority, by pseudonym: those of a child that counts, or with an outstanding challenge."""
    months = {authority.la_code: authority.month for authority in all_authorities}
    allocated: dict[str, dict[str, Row]] = {la_code: {} for la_code in months}
    for row in rows(_ALLOCATED, tables, "fct_allocation", 1):
        if row["worker_id"] and row["extract_month"] == months[row["la_code"]]:
            allocated[row["la_code"]][row["child_id"]] = row
    officers = {
        la_code: _officers(allocated[la_code], teams.get(la_code, ()), challenges.get(la_code, ()))
        for la_code in months
    }
    for row in rows(_WORKERS, tables, "dim_worker", 1):
        if officer := officers[row["la_code"]].get(row["worker_id"]):
            officer.full_time_equivalent = row["full_time_equivalent"]
    return {la_code: _with_files(by_id.values()) for la_code, by_id in officers.items()}


def _officers(
    allocated: Mapping[str, Row], teams: Sequence[Team], challenges: Sequence[Challenge]
) -> dict[str, Officer]:
    officers: dict[str, Officer] = {}

    def of_child(child_id: str | None) -> Officer | None:
        worker_id = allocated.get(child_id or "", {}).get("worker_id")
        return officers.setdefault(worker_id, Officer(worker_id)) if worker_id else None

    for team in teams:
        for id, kind in _KINDS.items():
            for row in team.children.get(id, []):
                if row["is_in_numerator"] and (officer := of_child(row["child_id"])):
                    since = allocated[row["child_id"]]["start_date"]
                    child = {"child": row["child_id"], "kinds": [], "team": team.name, "since": since}
                    officer.children.setdefault(row["child_id"], child)["kinds"].append(kind)
    for team in teams:
        for row in team.due:
            if row["item"] in _REVIEWS and (officer := of_child(row["child_id"])):
                officer.due.append(row)
        for id in _CHECKS:
            for row in team.children.get(id, []):
                if not row["is_in_numerator"] and (officer := of_child(row["child_id"])):
                    officer.missing.append({**row, "what": indicators()[id].name, "team": team.name})
    for one in challenges:
        if one.is_outstanding and (worker_id := one.row["worker_id"]):
            officers.setdefault(worker_id, Officer(worker_id)).challenges.append(one)
    return {
        worker_id: officer for worker_id, officer in officers.items() if officer.children or officer.challenges
    }


def _with_files(officers: Iterable[Officer]) -> list[Officer]:
    in_order = sorted(officers, key=lambda officer: officer.worker_id)
    taken = {"index"}
    for officer in in_order:
        officer.file = file_name(officer.worker_id, ".html", taken)
        officer.due.sort(key=lambda row: row["due_date"] or dt.date.min)
    return in_order


def officer_page(
    audience: Audience,
    authority: ReportedAuthority,
    officer: Officer,
    trail_steps: Sequence[tuple[str, str]],
    has_challenges: bool,
) -> str:
    """The page of an officer, as HTML for a folder two levels below the stylesheet."""
    return render(
        "reviewing_officer.html.j2",
        audience,
        root="../../",
        trail_steps=[*trail_steps, (TITLE, "index.html")],
        authority=authority,
        officer=officer,
        clocks=clocks(authority, authority.month),
        has_challenges=has_challenges,
        due=due_lists(authority, officer.due),
        children=sorted(officer.children.values(), key=lambda child: (child["team"], child["child"])),
        missing=[
            {**row, "due": wording.short_day(row["due_date"]) if row["due_date"] else ""}
            for row in officer.missing
        ],
        challenges=[one.cells for one in officer.challenges],
        has_checks=any(map(authority.has_figure, _CHECKS)),
    )


def officers_page(
    audience: Audience,
    authority: ReportedAuthority,
    officers: Sequence[Officer],
    has_challenges: bool,
    trail_steps: Sequence[tuple[str, str]],
) -> str:
    """The page that lists the officers, as HTML for a folder two levels below the stylesheet."""
    return render(
        "reviewing_officers.html.j2",
        audience,
        root="../../",
        trail_steps=trail_steps,
        authority=authority,
        title=TITLE,
        officers=officers,
        kinds=_KINDS,
        has_checks=any(map(authority.has_figure, _CHECKS)),
        has_challenges=has_challenges,
    )
