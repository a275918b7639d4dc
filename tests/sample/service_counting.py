"""Counting what the reviewing service did: by hand, on the CSV files alone.

For the tests of the synthetic authority, beside `profile_counting`: an independent reading of the definitions of
the reviewing service and its conferences, in plain Python. It shares no code with the generator or the pipeline,
but for the calendar of working days.
"""

import datetime as dt
from collections import Counter, defaultdict
from functools import cached_property

from profile_counting import ProfiledDrop
from sample_counting import Row, add_months, day, is_open

from pipelines.calendar import working_days_after

Meeting = tuple[str, dt.date]
"""The id of a meeting and its day; for a row without an id its object and child."""
Involved = tuple[dt.date, dt.date | None, int, tuple[str, str]]
OFFICERS = ("iro", "foster_iro")


class ServiceDrop(ProfiledDrop):
    """One drop, without the rows that a reader rejects."""

    # Officers and their cases

    @cached_property
    def _involved(self) -> dict[tuple[str, str], list[Involved]]:
        found = defaultdict(list)
        for row in self.rows("ssd_involvements"):
            if start := day(row["invo_involvement_start_date"]):
                end, key = day(row["invo_involvement_end_date"]), int(row["invo_involvements_id"])
                who = (row["invo_professional_id"], row["invo_professional_team"])
                found[row["invo_professional_role_id"], row["invo_person_id"]].append((start, end, key, who))
        return found

    def involved(self, role: str, person: str, at: dt.date) -> tuple[str, str] | None:
        """Who is involved in a role, and the id of the team."""
        able = [each for each in self._involved.get((role, person), ()) if is_open(each[0], each[1], at)]
        return max(able, key=lambda each: (each[0], each[2]))[3] if able else None

    def team_on(self, person: str, at: dt.date) -> str:
        worker = self.involved("CW", person, at)
        return self.teams.get(worker[1], "") if worker else ""

    def caseload(self, at: dt.date) -> tuple[int, float]:
        """Children with an officer, and the full-time equivalents of the officers with any."""
        children = self.looked_after(at) | self.protected(at, with_other_authorities=False)
        found = {child: self.involved("IRO", child, at) for child in children}
        officers = {child: who[0] for child, who in found.items() if who}
        shares = {
            row["prof_professional_id"]: float(row["prof_full_time_equivalency"] or 1)
            for row in self.rows("ssd_professionals")
        }
        return len(officers), sum(shares.get(officer, 1) for officer in set(officers.values()))

    def posts(self, at: dt.date) -> list[Row]:
        return [
            row
            for row in self.rows("local_workforce_post")
            if row["role"] in OFFICERS
            and row["filled_by"] in ("permanent", "agency")
            and (start := day(row["start_date"]))
            and is_open(start, day(row["end_date"]), at)
        ]

    def posts_by(self, column: str, at: dt.date) -> dict[str, float]:
        found: Counter[str] = Counter()
        for row in self.posts(at):
            found[row[column]] += float(row["fte"])  # type: ignore[assignment]
        return {code: round(number, 2) for code, number in found.items()}

    def officers_by_year(self, column: str, at: dt.date) -> dict[str, int]:
        return Counter(row[column][:4] for row in self.posts(at))

    def officers_who_left(self, first: dt.date, at: dt.date) -> dict[str, int]:
        return Counter(
            row["leaving_reason"]
            for row in self.rows("local_workforce_post")
            if row["role"] in OFFICERS
            and row["filled_by"] == "permanent"
            and (end := day(row["end_date"]))
            and first <= end <= at
        )

    # Meetings

    @cached_property
    def own_plans(self) -> dict[str, Row]:
        return {row["cppl_cp_plan_id"]: row for row in self.rows("ssd_cp_plans") if row["cppl_cp_plan_ola"] != "Y"}

    def _cp_reviews(self) -> list[tuple[Row, dt.date]]:
        other = {row["cppl_cp_plan_id"] for row in self.rows("ssd_cp_plans") if row["cppl_cp_plan_ola"] == "Y"}
        return [
            (row, held)
            for row in self.rows("ssd_cp_reviews")
            if (held := day(row["cppr_cp_review_date"])) and row["cppr_cp_plan_id"] not in other
        ]

    @cached_property
    def meetings(self) -> dict[Meeting, list[tuple[str, Row]]]:
        """Object and row of each part of a meeting."""
        found: dict[Meeting, list[tuple[str, Row]]] = defaultdict(list)
        for row in self.rows("ssd_initial_cp_conference"):
            if held := day(row["icpc_icpc_date"]):
                key = row["icpc_icpc_meeting_id"] or f"initial {row['icpc_person_id']}"
                found[key, held].append(("initial", row))
        for row, held in self._cp_reviews():
            key = row["cppr_cp_review_meeting_id"] or f"review {row['cppr_person_id']}"
            found[key, held].append(("review", row))
        return found

    def meetings_held(self, first: dt.date, at: dt.date) -> int:
        return sum(first <= held <= at for _, held in self.meetings)

    def initial_conferences(self, first: dt.date, at: dt.date) -> int:
        return len(
            {
                (row["icpc_person_id"], held)
                for row in self.rows("ssd_initial_cp_conference")
                if (held := day(row["icpc_icpc_date"]))
                and first <= held <= at
                and row["icpc_icpc_transfer_in"] != "Y"
            }
        )

    @cached_property
    def _chains(self) -> dict[str, list[tuple[dt.date, dt.date, dt.date, str]]]:
        """Per plan, from its first day on: the earlier day, the due day, the day held and the review's id. Of the
        last gap the day held is the end of time, and the id empty."""
        held: dict[str, dict[dt.date, str]] = defaultdict(dict)
        for row, on in self._cp_reviews():
            same = held[row["cppr_cp_plan_id"]]
            same[on] = max(same.get(on, ""), row["cppr_cp_review_id"], key=lambda key: (len(key), key))
        chains = {}
        for key, plan in self.own_plans.items():
            if not (last := day(plan["cppl_cp_plan_start_date"])):
                continue
            chain, months = [], 3
            for on in sorted(each for each in held[key] if each > last):
                chain.append((last, add_months(last, months), on, held[key][on]))
                last, months = on, 6
            chains[key] = [*chain, (last, add_months(last, months), dt.date.max, "")]
        return chains

    def late_meetings(self, first: dt.date, at: dt.date) -> dict[Meeting, list[Row]]:
        """The meetings with a late review, with the rows of these."""
        late = {
            review
            for chain in self._chains.values()
            for _, due, held, review in chain
            if review and held > due and first <= held <= at
        }
        found = defaultdict(list)
        for meeting, parts in self.meetings.items():
            for kind, row in parts:
                if kind == "review" and row["cppr_cp_review_id"] in late:
                    found[meeting].append(row)
        return dict(found)

    def late_by_area(self, first: dt.date, at: dt.date) -> dict[str, int]:
        found: Counter[str] = Counter()
        for (_, held), rows in self.late_meetings(first, at).items():
            lowest = min(rows, key=lambda row: (len(row["cppr_cp_review_id"]), row["cppr_cp_review_id"]))
            found[self.locality(self.team_on(lowest["cppr_person_id"], held))] += 1
        return found

    @cached_property
    def _localities(self) -> dict[str, str]:
        return {row["dept_team_name"]: row["dept_team_parent_name"] for row in self.rows("ssd_department")}

    def locality(self, team: str) -> str:
        return self._localities.get(team, "")

    def late_reasons(self, first: dt.date, at: dt.date) -> dict[str, int]:
        reasons = {
            row["review_id"]: row["reason"]
            for row in self.rows("local_review_delay")
            if row["review_type"] == "cp_review"
        }
        return Counter(
            next((reasons[row["cppr_cp_review_id"]] for row in rows if row["cppr_cp_review_id"] in reasons), "")
            for rows in self.late_meetings(first, at).values()
        )

    def long_plans_by_area(self, first: dt.date, at: dt.date) -> dict[str, int]:
        """Plans that ended after two years, by locality; by team where that has none of the three."""
        found: Counter[str] = Counter()
        for plan in self.own_plans.values():
            start, end = day(plan["cppl_cp_plan_start_date"]), day(plan["cppl_cp_plan_end_date"])
            if start and end and first <= end <= at and (end - start).days + 1 > 729:
                team = self.team_on(plan["cppl_person_id"], end - dt.timedelta(days=1))
                area = self.locality(team)
                found[area if area in ("North", "Central", "East") else team] += 1
        return found

    # Checks between reviews

    @cached_property
    def _contacts(self) -> dict[tuple[str, str], list[dt.date]]:
        found = defaultdict(list)
        for row in self.rows("local_iro_contact"):
            if made := day(row["contact_date"]):
                found[row["context"], row["person_id"]].append(made)
        return found

    def _is_checked(self, context: str, person: str, gap: tuple[dt.date, dt.date], at: dt.date) -> bool:
        after, following = gap
        return any(after < made <= at and made < following for made in self._contacts[context, person])

    def checked_cp(self, at: dt.date) -> tuple[int, int]:
        checked = []
        for key, plan in self.own_plans.items():
            start, end = day(plan["cppl_cp_plan_start_date"]), day(plan["cppl_cp_plan_end_date"])
            if start and is_open(start, end, at):
                for last, due, held, _ in self._chains.get(key, ()):
                    following = held if held <= at else dt.date.max
                    middle = last + dt.timedelta(days=(due - last).days // 2)
                    if last <= at and middle.replace(day=1) == at.replace(day=1) and following > middle:
                        checked.append(self._is_checked("cp", plan["cppl_person_id"], (last, following), at))
        return sum(checked), len(checked)

    @cached_property
    def _cla_chains(self) -> dict[str, list[dt.date]]:
        held = defaultdict(set)
        for row in self.rows("ssd_cla_reviews"):
            on = day(row["clar_cla_review_date"])
            if on and row["clar_cla_review_cancelled"] != "Y":
                held[row["clar_cla_id"]].add(on)
        return {period: sorted(found) for period, found in held.items()}

    def checked_cla(self, at: dt.date) -> tuple[int, int]:
        children = self.looked_after(at)
        checked = []
        seen = set()
        for row in self.rows("ssd_cla_episodes"):
            start, end = day(row["clae_cla_episode_start_date"]), day(row["clae_cla_episode_ceased_date"])
            person, period = row["clae_person_id"], row["clae_cla_id"]
            if person not in children or period in seen or not start or not is_open(start, end, at):
                continue
            seen.add(period)
            chain = [on for on in self._cla_chains.get(period, ()) if on <= at]
            for number, last in enumerate(chain):
                due = add_months(last, 3 if number == 0 else 6)
                following = chain[number + 1] if number + 1 < len(chain) else dt.date.max
                middle = last + dt.timedelta(days=(due - last).days // 2)
                if middle.replace(day=1) == at.replace(day=1) and following > middle:
                    checked.append(self._is_checked("cla", person, (last, following), at))
        return sum(checked), len(checked)

    # Challenges

    def challenges(self, kind: str, column: str, first: dt.date, at: dt.date) -> dict[str, int]:
        return Counter(
            row[column]
            for row in self.rows("local_iro_challenge")
            if row["challenge_type"] == kind and (on := day(row["raised_date"])) and first <= on <= at
        )

    def resolved(self, first: dt.date, at: dt.date) -> dict[str, int]:
        return Counter(
            row["resolved_level"]
            for row in self.rows("local_iro_challenge")
            if row["challenge_type"] == "problem_resolution"
            and row["outcome"] != "withdrawn"
            and (on := day(row["resolved_date"]))
            and first <= on <= at
        )

    def open_over_four_weeks(self, kind: str, at: dt.date) -> int:
        return sum(
            row["challenge_type"] == kind
            and (raised := day(row["raised_date"])) is not None
            and raised + dt.timedelta(days=28) < at
            and ((solved := day(row["resolved_date"])) is None or solved > at)
            for row in self.rows("local_iro_challenge")
        )

    # Lists of conferences

    def absent(self, first: dt.date, at: dt.date) -> dict[str, int]:
        return Counter(
            row["agency"]
            for row in self.rows("local_conference_attendance")
            if (on := day(row["meeting_date"]))
            and first <= on <= at
            and (row["is_invited"], row["has_attended"], row["has_sent_report"]) == ("Y", "N", "N")
        )

    def took_part(self, first: dt.date, at: dt.date) -> dict[str, int]:
        rows = [
            row
            for row in self.rows("local_conference_child")
            if (on := day(row["meeting_date"])) and first <= on <= at
        ]
        found = Counter(row["took_part"] for row in rows)
        found["form"] = sum(row["has_form"] == "Y" for row in rows)
        return found

    def answers(self, kind: str, question: str, at: dt.date) -> dict[str, int]:
        return Counter(
            row[question]
            for row in self.rows("local_conference_feedback")
            if row["meeting_type"] == kind and (on := day(row["meeting_date"])) and at.replace(day=1) <= on <= at
        )

    def appeals(self, first: dt.date, at: dt.date) -> tuple[int, int]:
        rows = [
            row
            for row in self.rows("local_conference_appeal")
            if (on := day(row["received_date"])) and first <= on <= at
        ]
        return len(rows), sum(
            row["outcome"] == "upheld" and (on := day(row["decided_date"])) is not None and on <= at
            for row in rows
        )

    def waits(self, first: dt.date, at: dt.date) -> float:
        """Of initial conferences, the percentage within fifteen working days of the enquiry."""
        began = {
            row["s47e_s47_enquiry_id"]: day(row["s47e_s47_start_date"]) for row in self.rows("ssd_s47_enquiry")
        }
        quick = [
            held <= working_days_after(start, 15)
            for row in self.rows("ssd_initial_cp_conference")
            if (held := day(row["icpc_icpc_date"]))
            and first <= held <= at
            and (start := began.get(row["icpc_s47_enquiry_id"]))
        ]
        return 100 * sum(quick) / len(quick)
