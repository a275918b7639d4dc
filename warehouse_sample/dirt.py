"""Bad rows planted in a drop, some of each kind that ingest rejects or flags, and the list of them.

Belongs here: extra rows with one fault each. None is the only copy of a fact that is counted: rows that ingest
should reject have keys of their own or are second copies; rows that it should load and flag change no printed
count. Does not belong here: faults that are part of the lives (two open plans, people past 18 in care, two
reviews on one day).
"""

import datetime as dt
from collections.abc import Callable, Set
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

import polars as pl

from pipelines.contracts import contracts
from warehouse_sample.layout import key_column, person_column
from warehouse_sample.organisation import team_id
from warehouse_sample.timeline import EXTRACT_DAYS, days, month_end

BAD_TYPE = "value_does_not_fit_type"
NO_KEY = "primary_key_missing"
SAME_KEY = "primary_key_duplicated"
NO_PERSON = "person_not_in_ssd_person"
BACKWARDS = "end_before_start"
BAD_CODE = "code_outside_code_set"
OVERLAP = "overlapping_period"
FUTURE = "date_in_future"
ORPHAN = "orphaned_link"
EXTRA_COLUMN = "unknown_extra_column"

_CARELESS_TEAMS = frozenset({team_id("Preston"), team_id("Pendle"), team_id("SEND")})
"""Teams whose rows are faulty more often than others'."""
_TRIES = 4
_EXTRA_COLUMN = ("ssd_missing", "miss_local_note", range(4, 9))

_BAD_VALUES = (
    ("ssd_contacts", "cont_contact_date", "31/02/2019"),
    ("ssd_contacts", "cont_contact_date", "not known"),
    ("ssd_cin_plans", "cinp_cin_plan_start_date", "2018-13-01 00:00:00"),
    ("ssd_cin_plans", "cinp_cin_plan_end_date", "30/02/2019"),
    ("ssd_cp_plans", "cppl_cp_plan_start_date", "2018-00-05"),
    ("ssd_cin_episodes", "cine_referral_date", "2019-02-29"),
    ("ssd_cin_assessments", "cina_assessment_auth_date", "early May"),
    ("ssd_cla_reviews", "clar_cla_review_date", "31.13.2019"),
    ("ssd_cla_placement", "clap_cla_placement_distance", "12 miles"),
    ("ssd_cla_visits", "clav_cla_visit_date", "2019-06-31 10:00:00"),
    ("ssd_involvements", "invo_involvement_start_date", "01/13/2018"),
    ("ssd_professionals", "prof_professional_caseload", "1O"),
)
_KEYED = (
    "ssd_contacts",
    "ssd_cin_plans",
    "ssd_cp_plans",
    "ssd_cla_episodes",
    "ssd_legal_status",
    "ssd_involvements",
    "ssd_cin_assessments",
    "ssd_cla_reviews",
    "ssd_cla_health",
)
_DIFFERING = (
    ("ssd_cin_plans", "cinp_cin_plan_worker_id"),
    ("ssd_cp_plans", "cppl_cp_plan_latest_category"),
    ("ssd_involvements", "invo_worker_change_reason"),
    ("ssd_contacts", "cont_contact_source_code"),
    ("ssd_cla_health", "clah_health_check_status"),
)
_PERSONAL = (
    "ssd_contacts",
    "ssd_cin_plans",
    "ssd_cp_plans",
    "ssd_cla_episodes",
    "ssd_involvements",
    "ssd_cla_health",
)
_PERIODS = (
    ("ssd_cin_plans", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    ("ssd_cp_plans", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    ("ssd_cla_episodes", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
    ("ssd_cla_placement", "clap_cla_placement_start_date", "clap_cla_placement_end_date"),
    ("ssd_legal_status", "lega_legal_status_start_date", "lega_legal_status_end_date"),
    ("ssd_involvements", "invo_involvement_start_date", "invo_involvement_end_date"),
    ("ssd_cla_care_plan", "lacp_cla_care_plan_start_date", "lacp_cla_care_plan_end_date"),
    ("ssd_s47_enquiry", "s47e_s47_start_date", "s47e_s47_end_date"),
    ("ssd_missing", "miss_missing_episode_start_date", "miss_missing_episode_end_date"),
    ("ssd_cin_episodes", "cine_referral_date", "cine_close_date"),
    ("ssd_cin_assessments", "cina_assessment_start_date", "cina_assessment_auth_date"),
)
_BAD_CODES = (
    ("ssd_contacts", "cont_contact_source_code", "Z9"),
    ("ssd_cla_health", "clah_health_check_status", "Done"),
    ("ssd_disability", "disa_disability_code", "ANY"),
)
_ORPHANS = (
    ("ssd_cin_assessments", "cina_referral_id"),
    ("ssd_cla_reviews", "clar_cla_id"),
    ("ssd_cp_reviews", "cppr_cp_plan_id"),
)
_SOUND = {
    "ssd_cla_reviews": {
        "clar_cla_review_date": "2018-01-15 00:00:00",
        "clar_cla_review_cancelled": "N",
        "clar_cla_review_participation": "PN1",
    }
}
"""Cells of an orphan, whatever row it copies, so that the link is its only fault."""
_FUTURES = (
    ("ssd_contacts", "cont_contact_date"),
    ("ssd_cla_health", "clah_health_check_date"),
    ("ssd_cla_visits", "clav_cla_visit_date"),
)
_OVERLAPPING_PLANS = 4
_LONGER = 60
"""Least days of a plan that another one overlaps."""

_Row = dict[str, str | None]

_NEW, _NOBODY, _LATER = "a new key", "a person of another drop", "a day after the extract"


class _ListFault(NamedTuple):
    """A bad row of a list that a service keeps by hand: a copy of one that is as wanted, with a change.

    The drop holds some of these lists when they change only.
    """

    object: str
    copied: tuple[pl.Expr, ...]
    change: dict[str, str]
    rule: str
    note: str


_TRACKED = "local_permanence_tracker", (pl.col("closed_date").is_not_null(),)
_INFORMAL = "local_iro_challenge", (pl.col("challenge_type") == "informal",)
_CONTACT = "local_iro_contact", (pl.col("contact_date") < "2018-01",)
_UNINVITED = "local_conference_attendance", (pl.col("is_invited") == "N",)
_UNASKED = "local_conference_child", (pl.col("took_part") == "under_age",)
_REVIEWED = "local_foster_review", (pl.col("held_date") < "2018-01",)
_UNKNOWN, _TWICE = "nobody of that id in ssd_person", "identical to an earlier row"
_IN_LISTS = (
    _ListFault(*_TRACKED, {"identified_date": "2018-02-01 00:00:00", "person_id": _NOBODY}, NO_PERSON, _UNKNOWN),
    _ListFault(
        *_TRACKED,
        {"identified_date": "2018-02-02 00:00:00", "plan": "special_guardian"},
        BAD_CODE,
        "plan is special_guardian",
    ),
    _ListFault(
        *_TRACKED,
        {"identified_date": "2018-02-03 00:00:00", "filed_date": _LATER},
        FUTURE,
        "filed_date is after the extract",
    ),
    _ListFault(
        *_TRACKED,
        {"identified_date": "2018-02-04 00:00:00", "filing_due_date": "31/06/2019"},
        BAD_TYPE,
        "filing_due_date cannot be read",
    ),
    _ListFault("local_private_fostering", (), {}, SAME_KEY, _TWICE),
    _ListFault(
        "local_private_fostering",
        (),
        {"arrangement_id": _NEW, "start_date": "2018-03-05", "end_date": "2018-02-05"},
        BACKWARDS,
        "end_date is before start_date",
    ),
    _ListFault(*_INFORMAL, {"challenge_id": _NEW, "person_id": _NOBODY}, NO_PERSON, _UNKNOWN),
    _ListFault(*_INFORMAL, {"challenge_id": _NEW, "category": "computer"}, BAD_CODE, "category is computer"),
    _ListFault(
        *_INFORMAL, {"challenge_id": _NEW, "resolved_date": _LATER}, FUTURE, "resolved_date is after the extract"
    ),
    _ListFault(*_INFORMAL, {"challenge_id": _NEW, "raised_date": "May"}, BAD_TYPE, "raised_date cannot be read"),
    _ListFault(*_CONTACT, {"contact_id": _NEW, "person_id": _NOBODY}, NO_PERSON, _UNKNOWN),
    _ListFault(*_CONTACT, {"contact_id": _NEW, "kind": "letter"}, BAD_CODE, "kind is letter"),
    _ListFault(*_CONTACT, {}, SAME_KEY, _TWICE),
    _ListFault(*_UNINVITED, {"invitation_no": "91", "agency": "army"}, BAD_CODE, "agency is army"),
    _ListFault(
        *_UNINVITED, {"invitation_no": "92", "meeting_date": "Monday"}, BAD_TYPE, "meeting_date cannot be read"
    ),
    _ListFault(*_UNASKED, {"person_id": _NOBODY}, NO_PERSON, _UNKNOWN),
    _ListFault(*_UNASKED, {}, SAME_KEY, _TWICE),
    _ListFault(*_REVIEWED, {"review_id": _NEW, "kind": "surprise"}, BAD_CODE, "kind is surprise"),
    _ListFault(*_REVIEWED, {"review_id": _NEW, "held_date": "30/02/2018"}, BAD_TYPE, "held_date cannot be read"),
    _ListFault("local_workforce_post", (), {"start_date": "2018-13-01"}, BAD_TYPE, "start_date cannot be read"),
    _ListFault("local_conference_feedback", (), {}, SAME_KEY, _TWICE),
    _ListFault(
        "local_conference_appeal",
        (),
        {"received_date": "March", "appeal_id": _NEW},
        BAD_TYPE,
        "received_date cannot be read",
    ),
    _ListFault("local_review_delay", (), {}, SAME_KEY, _TWICE),
)


@dataclass(frozen=True)
class PlantedFault:
    """A fault in the list that is written with the drops. `line_number` counts the header as line 1."""

    object: str
    line_number: int
    key: str
    rule: str
    note: str


@dataclass(frozen=True)
class _Bad:
    """A row to plant; `after` is the row of the clean table that it must follow."""

    object: str
    row: _Row
    rule: str
    note: str
    after: int = 0


def plant(
    clean: dict[str, pl.DataFrame], drop: int, seed: int, at_fault: Set[tuple[str, str]]
) -> tuple[dict[str, pl.DataFrame], list[PlantedFault]]:
    """The tables of a drop with some hundred faulty rows among the clean ones, and the list of the faults.

    `at_fault` holds object and key of records that break a row rule: they are not copied.
    """
    planter = _Planter(clean, drop, Random(f"{seed}:dirt:{drop}"), at_fault)
    makers: tuple[Callable[[], list[_Bad]], ...] = (
        planter.bad_types,
        planter.keys_missing,
        planter.copies,
        planter.differing,
        planter.unknown_persons,
        planter.backwards,
        planter.bad_codes,
        planter.overlaps,
        planter.futures,
        planter.orphans,
        planter.in_lists,
        planter.unknown_words,
    )
    bad = [fault for make in makers for fault in make()]
    tables, listed = {}, []
    for name, table in clean.items():
        tables[name], faults = _insert(table, [fault for fault in bad if fault.object == name], planter.rng)
        listed += faults
    name, column, drops = _EXTRA_COLUMN
    if drop in drops:
        notes = pl.Series(
            column, [None if number % 5 else "seen at home" for number in range(tables[name].height)]
        )
        tables[name] = tables[name].with_columns(notes.cast(pl.String))
        listed.append(PlantedFault(name, 1, "", EXTRA_COLUMN, f"column {column} is in no contract"))
    return tables, listed


def _insert(table: pl.DataFrame, bad: list[_Bad], rng: Random) -> tuple[pl.DataFrame, list[PlantedFault]]:
    """The table with the bad rows at random positions, and the list of their lines."""
    if not bad:
        return table, []
    places = [rng.randint(fault.after, table.height) + 0.5 for fault in bad]
    extra = pl.DataFrame([fault.row for fault in bad], schema=table.schema)
    order = pl.Series("order", [float(number) for number in range(table.height)] + places)
    source = pl.Series("source", [-1] * table.height + list(range(len(bad))), dtype=pl.Int32)
    merged = pl.concat([table, extra]).with_columns(order, source).sort("order", maintain_order=True)
    listed = []
    for line, number in enumerate(merged["source"].to_list(), start=2):
        if number >= 0:
            fault = bad[number]
            key = fault.row[key_column(fault.object)] or ""
            listed.append(PlantedFault(fault.object, line, key, fault.rule, fault.note))
    return merged.drop("order", "source"), listed


class _Planter:
    """Makes the bad rows of one drop. State: the running number of their keys."""

    def __init__(
        self, clean: dict[str, pl.DataFrame], drop: int, rng: Random, at_fault: Set[tuple[str, str]]
    ) -> None:
        # A row with an unknown code must not give a disability to a child who is recorded as having none.
        disabilities = clean["ssd_disability"].filter(pl.col("disa_disability_code") != "NONE")
        self.clean, self.drop, self.rng = clean | {"ssd_disability": disabilities}, drop, rng
        self.at_fault = at_fault
        self._number = 0

    def _new_id(self) -> str:
        self._number += 1
        return f"98{self.drop:02d}{self._number:04d}"

    def _pick(self, name: str, new_key: bool = True) -> tuple[int, _Row]:
        """A row of the clean table, of a careless team by preference, under a key of its own."""
        table = self.clean[name]
        teams = [column for column in table.columns if column.endswith("_team")]
        for _ in range(_TRIES):
            number, row = self._sound_row(name)
            if not teams or row[teams[0]] in _CARELESS_TEAMS:
                break
        if new_key:
            row[key_column(name)] = self._new_id()
        return number, row

    def _sound_row(self, name: str) -> tuple[int, _Row]:
        table, key = self.clean[name], key_column(name)
        while True:
            number = self.rng.randrange(table.height)
            row: _Row = table.row(number, named=True)
            if (name, row[key]) not in self.at_fault:
                return number, row

    def _changed(self, name: str, column: str, value: str | None) -> _Row:
        return self._pick(name)[1] | {column: value}

    def bad_types(self) -> list[_Bad]:
        bad = [
            _Bad(name, self._changed(name, column, value), BAD_TYPE, f"{column} cannot be read")
            for name, column, value in _BAD_VALUES
        ]
        for _ in range(2):
            person = self._changed("ssd_person", "pers_dob", "31/02/2012")
            contact = self._changed("ssd_contacts", "cont_person_id", person["pers_person_id"])
            bad.append(_Bad("ssd_person", person, BAD_TYPE, "pers_dob cannot be read"))
            bad.append(_Bad("ssd_contacts", contact, NO_PERSON, "the person's own row is rejected"))
        return bad

    def keys_missing(self) -> list[_Bad]:
        bad = []
        for name in self.rng.sample(_KEYED, 6):
            row = self._changed(name, key_column(name), None)
            bad.append(_Bad(name, row, NO_KEY, "the key is empty"))
        return bad

    def copies(self) -> list[_Bad]:
        bad = []
        for name in ("ssd_person", *self.rng.sample(_KEYED, 7)):
            number, row = self._pick(name, new_key=False)
            bad.append(_Bad(name, row, SAME_KEY, "identical to an earlier row", after=number))
        return bad

    def differing(self) -> list[_Bad]:
        bad = []
        for name, column in _DIFFERING:
            row = self._pick(name)[1]
            other = row | {column: "OTHERS" if row[column] != "OTHERS" else "MANAGE"}
            bad += [_Bad(name, each, SAME_KEY, f"two rows differ in {column}") for each in (row, other)]
        return bad

    def unknown_persons(self) -> list[_Bad]:
        bad = []
        for number in range(10):
            name = _PERSONAL[number % len(_PERSONAL)]
            column = person_column(name)
            if column is not None:
                row = self._changed(name, column, f"77{self._number:05d}")
                bad.append(_Bad(name, row, NO_PERSON, "nobody of that id in ssd_person"))
        return bad

    def backwards(self) -> list[_Bad]:
        bad = []
        for name, start, end in _PERIODS:
            row = self._pick(name)[1]
            begun = month_end(self.drop) - days(self.rng.randint(30, 300))
            dates: _Row = {
                start: f"{begun} 00:00:00",
                end: f"{begun - days(self.rng.randint(1, 40))} 00:00:00",
            }
            bad.append(_Bad(name, row | dates, BACKWARDS, f"{end} is before {start}"))
        return bad

    def bad_codes(self) -> list[_Bad]:
        bad = []
        for name, column, value in (*_BAD_CODES, *_BAD_CODES):
            bad.append(_Bad(name, self._changed(name, column, value), BAD_CODE, f"{column} is {value}"))
        known = {
            *self.clean["ssd_legal_status"]["lega_person_id"],
            *self.clean["ssd_cla_episodes"]["clae_person_id"],
        }
        persons = [person for person in self.clean["ssd_contacts"]["cont_person_id"] if person not in known]
        row = self._changed("ssd_legal_status", "lega_legal_status", "Not a code 7")
        row |= {"lega_person_id": self.rng.choice(persons), "lega_legal_status_end_date": None}
        bad.append(_Bad("ssd_legal_status", row, BAD_CODE, "lega_legal_status is Not a code 7"))
        return bad

    def overlaps(self) -> list[_Bad]:
        """A short CiN plan inside a longer one: of two open plans the earlier one stands."""
        plans = self.clean["ssd_cin_plans"]
        began, ended = (
            pl.col(f"cinp_cin_plan_{which}_date").str.to_datetime(strict=False) for which in ("start", "end")
        )
        able = plans.filter(
            ended - began > days(_LONGER),
            ~pl.col("cinp_cin_plan_id").is_in([key for name, key in self.at_fault if name == "ssd_cin_plans"]),
            ~pl.col("cinp_person_id").is_in(self.clean["ssd_cp_plans"]["cppl_person_id"].implode()),
        )
        bad = []
        for number in self.rng.sample(range(able.height), _OVERLAPPING_PLANS):
            row: _Row = able.row(number, named=True)
            start = dt.date.fromisoformat(str(row["cinp_cin_plan_start_date"])[:10])
            dates: _Row = {
                "cinp_cin_plan_id": self._new_id(),
                "cinp_cin_plan_start_date": f"{start + days(20)} 00:00:00",
                "cinp_cin_plan_end_date": f"{start + days(55)} 00:00:00",
            }
            bad.append(_Bad("ssd_cin_plans", row | dates, OVERLAP, "the child has another plan at the time"))
        return bad

    def futures(self) -> list[_Bad]:
        bad = []
        for name, column in (*_FUTURES, *_FUTURES):
            later = EXTRACT_DAYS[self.drop] + days(self.rng.randint(5, 400))
            row = self._changed(name, column, f"{later} 00:00:00")
            bad.append(_Bad(name, row, FUTURE, f"{column} is after the extract"))
        return bad

    def orphans(self) -> list[_Bad]:
        bad = []
        for name, column in (*_ORPHANS, *_ORPHANS):
            row = self._changed(name, column, self._new_id()) | _SOUND.get(name, {})
            bad.append(_Bad(name, row, ORPHAN, f"{column} links to nothing"))
        return bad

    def in_lists(self) -> list[_Bad]:
        """Rows of the lists that services keep by hand, where the drop holds them; none is open at a month end."""
        bad = []
        for fault in _IN_LISTS:
            if fault.object in self.clean:
                keys = [key for name, key in self.at_fault if name == fault.object]
                is_sound = ~pl.concat_str(contracts()[fault.object].key, separator="|").is_in(keys)
                table = self.clean[fault.object].with_row_index("place").filter(is_sound, *fault.copied)
                row: dict[str, Any] = table.row(self.rng.randrange(table.height), named=True)
                place = row.pop("place")
                row |= self._change_in_list(fault)
                after = place if fault.rule == SAME_KEY else 0
                bad.append(_Bad(fault.object, row, fault.rule, fault.note, after))
        return bad

    def _change_in_list(self, fault: _ListFault) -> _Row:
        """What is changed in the copy of a row, its key first."""
        later = EXTRACT_DAYS[self.drop] + days(9)
        values = {
            _NOBODY: f"77{self._number:05d}",
            _LATER: f"{later} 00:00:00",
            _NEW: self._new_id(),
        }
        return {column: values.get(value, value) for column, value in fault.change.items()}

    def unknown_words(self) -> list[_Bad]:
        """A type of check in words that nobody knows, among types in many spellings."""
        row = self._changed("ssd_cla_health", "clah_health_check_type", "Podiatry")
        return [_Bad("ssd_cla_health", row, BAD_CODE, "clah_health_check_type is Podiatry")]
