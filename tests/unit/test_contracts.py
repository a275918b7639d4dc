"""The contracts hold together, name what exists, and keep personal columns out."""

import csv
from pathlib import Path

import pytest

from pipelines.contracts import ContractError, code_sets, contract, contracts, read_code_sets, read_contracts

FIELDS = Path(__file__).resolve().parents[3] / "shared" / "spec" / "ssd_fields.csv"
KEYS_OF_OUR_OWN = {("ssd_department", "dept_team_id"), ("ssd_involvements", "invo_involvements_id")}
TYPES = {
    "nvarchar": {"id", "code", "text", "json"},
    "nchar": {"code"},
    "datetime": {"date"},
    "int": {"integer"},
    "float": {"number"},
}

PLAN = """
object: thing
title: Things
grain: one row per thing
key: [thing_id]
person: thing_person_id
period: [thing_start, thing_end]
columns:
  - {name: thing_id, type: id, required: true, meaning: The thing}
  - {name: thing_person_id, type: id, privacy: person, meaning: The person}
  - {name: thing_start, type: date, meaning: First day}
  - {name: thing_end, type: date, meaning: Last day}
"""


def _read(folder, text, name="thing"):
    (folder / f"{name}.yml").write_text(text)
    return read_contracts(folder, {})


def test_an_object_is_of_the_safeguarding_dataset_or_a_local_list_and_three_are_required():
    assert {name.split("_")[0] for name in contracts()} == {"ssd", "local"}
    assert {name for name, one in contracts().items() if one.required} == {
        "ssd_person",
        "ssd_department",
        "ssd_involvements",
    }


@pytest.mark.skipif(
    not FIELDS.exists(), reason="the field list of the Safeguarding Dataset is not beside this checkout"
)
def test_columns_keys_and_types_are_those_of_the_published_field_list():
    published = {}
    with FIELDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            published.setdefault(row["object"], []).append(row)
    for name, one in contracts().items():
        if name.startswith("local_"):
            continue
        assert [column.name for column in one.columns] == [row["field"] for row in published[name]]
        keys = {row["field"] for row in published[name] if row["is_key"]}
        assert set(one.key) == keys | {key for owner, key in KEYS_OF_OUR_OWN if owner == name}
        for column, row in zip(one.columns, published[name], strict=True):
            assert column.type in TYPES[row["type"].lower()], column.name


def test_every_person_column_is_hashed_required_and_points_at_ssd_person():
    for one in contracts().values():
        for column in one.columns:
            if column.privacy == "person":
                assert column.required, column.name
                assert column.name == one.person
                assert one.object == "ssd_person" or column.links_to == "ssd_person.pers_person_id"


def test_every_worker_column_and_that_of_carers_is_hashed():
    workers = {"carer_id"} | {
        column.name
        for one in contracts().values()
        for column in one.columns
        if "worker_id" in column.name or "professional_id" in column.name or "advisor" in column.name
    }
    hashed = {column.name for one in contracts().values() for column in one.columns if column.privacy == "worker"}
    assert workers == hashed


@pytest.mark.parametrize(
    "name",
    [
        "pers_forename",
        "pers_surname",
        "pers_common_child_id",
        "pers_legacy_id",
        "pers_upn_unknown",
        "pers_nationality",
        "prof_professional_name",
        "prof_staff_id",
        "prof_social_worker_registration_no",
        "clap_cla_placement_postcode",
        "prep_court_reference",
    ],
)
def test_names_numbers_and_places_of_people_are_dropped(name):
    held = {column.name: column for one in contracts().values() for column in one.columns}
    assert not held[name].is_loaded


def test_the_only_free_json_that_is_kept_is_the_permanence_plan():
    kept = [c.name for one in contracts().values() for c in one.loaded_columns if c.type == "json"]
    assert kept == ["lacp_cla_care_plan_json"]


def test_these_objects_reject_an_end_before_the_start():
    assert {name for name, one in contracts().items() if one.period} >= {
        "ssd_cin_plans",
        "ssd_cp_plans",
        "ssd_cla_episodes",
        "ssd_cla_placement",
        "ssd_legal_status",
        "ssd_involvements",
        "ssd_cla_care_plan",
        "ssd_s47_enquiry",
        "ssd_missing",
        "ssd_cin_episodes",
        "ssd_cin_assessments",
    }


def test_immunisations_have_no_key_and_pre_proceedings_have_two_parts():
    assert contract("ssd_cla_immunisations").key == ()
    assert contract("ssd_pre_proceedings").key == ("prep_table_id", "prep_plo_family_id")


def test_every_code_set_is_used():
    used = {column.code_set for one in contracts().values() for column in one.columns}
    assert set(code_sets()) == used - {None}


def test_a_sound_contract_is_read(tmp_path):
    assert _read(tmp_path, PLAN)["thing"].key == ("thing_id",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("key: [thing_id]", "key: [other_id]", "no such column: other_id"),
        ("required: true, meaning: The thing", "meaning: The thing", "a key column must be required"),
        ("thing_end, type: date", "thing_end, type: text", "a period is made of two dates"),
        ("privacy: person, meaning", "meaning", "hashed as a person"),
        ("person: thing_person_id", "", "say in without_person why"),
        ("person: thing_person_id", "person: thing_person_id\nwithout_person: none", "say in without_person why"),
        ("type: id, privacy: person", "type: text, privacy: person", "thing_person_id: only an id can be hashed"),
        ("thing_id, type: id", "thing_id, type: id, may_be_future: true", "only a date can be in the future"),
        ("key: [thing_id]", "key: [thing_id]\nno_overlap: true\n", None),
        ("name: thing_end,", "name: thing_start,", "a column is named twice"),
        (
            "type: date, meaning: Last",
            "type: date, privacy: drop, meaning: Last",
            "a dropped column can have no rule",
        ),
        ("type: id, required", "type: number, required", None),
        ("type: id, required", "type: word, required", "thing.yml"),
        ("title: Things", "title: Things\ncolour: red", "colour"),
        ("meaning: First day", "code_set: colours, meaning: First day", "no code set colours"),
        ("meaning: First day", "links_to: other.id, meaning: First day", "does not exist"),
        ("meaning: First day", "expected_or: thing_day, meaning: First day", "no such column: thing_day"),
        ("object: thing", "object: other", "describes the object other"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused_by_name(tmp_path, old, new, said):
    assert old in PLAN
    text = PLAN.replace(old, new, 1)
    if said is None:
        _read(tmp_path, text)
    else:
        with pytest.raises(ContractError, match=said):
            _read(tmp_path, text)


def test_a_code_set_with_an_unknown_way_of_matching_is_refused(tmp_path):
    (tmp_path / "sets.yml").write_text('flag: {match: nearly, codes: {"Y": "yes"}}')
    with pytest.raises(ContractError, match=r"sets\.yml"):
        read_code_sets(tmp_path / "sets.yml")
