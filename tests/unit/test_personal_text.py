"""What is taken for personal, and for a small number, in a text of the board's lists."""

import csv
import datetime as dt
import re
from pathlib import Path

import pytest

from pipelines.publish.disclosure.numbers_in_text import has_number, has_small_group, has_small_number
from pipelines.publish.disclosure.personal_text import pattern_cases, personal_kind
from warehouse_sample import board_lists as sample

MONTH = dt.date(2019, 8, 31)


@pytest.mark.parametrize(("kind", "pattern", "text", "is_found"), list(pattern_cases()))
def test_a_pattern_finds_what_it_says(kind, pattern, text, is_found):
    assert (re.search(pattern, text, re.IGNORECASE) is not None) == is_found
    if is_found:
        assert personal_kind(text, MONTH) is not None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Meet Zebedee Quillfeather monthly", "a person's name"),
        ("Zebedee Quillfeather will be placed", "a person's name"),
        ("Zebedee", "a person's name"),
        ("Zebedee was moved", "a person's name"),
        ("Zebedee's placement ends", "a person's name"),
        ("Placement of Zebedee ends", "a person's name"),
        ("ZEBEDEE QUILLFEATHER", "a person's name"),
        ("Quillfeather, Zebedee", "a person's name"),
        ("Z. Quillfeather", "a person's name"),
        ("Z. Quillfeather to lead", "a person's name"),
        ("\u674e\u5c0f\u9f99", "a person's name"),
        ("for \u0645\u062d\u0645\u062f", "a person's name"),
        ("McDonald and O'Neill", "a person's name"),
        ("Zo\u00eb \u017belazny", "a person's name"),
        ("the Quillfeather-Smith family", "a person's name"),
        ("Visit. Zebedee has gone", "a person's name"),
        ("Ze\u200bbedee Quill\u00adfeather", "a person's name"),
        ("\uff3aebedee", "a person's name"),
        ("04/03/2010", "a day of birth"),
        ("4.3.10", "a day of birth"),
        ("2010-03-04", "a day of birth"),
        ("4th of March 2010", "a day of birth"),
        ("March 4, 2010", "a day of birth"),
        ("04 03 2010", "a day of birth"),
        ("31/12/99", "a day of birth"),
        ("20100304", "an id"),
        ("pr1 2ab", "a postcode"),
        ("\uff30\uff321 2AB", "a postcode"),
        ("child 1206933 moved", "an id"),
    ],
)
def test_what_looks_personal_is_told(text, kind):
    assert personal_kind(text, MONTH) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Referrals to family group conferences in Lancashire",
        "Ofsted visit in June 2019, report by 31/03/2020",
        "Workshops on the right placement for everybody who plans one",
        "Questionnaires of personal advisers are gathered",
        "CAMHS and CCG agree a joint pathway for UASC",
        "Children Act 1989, section 20",
        "22/10/18 - 18/12/18",
        "Preston has a panel",
        "150,000 hits; budget of \u00a325000; 61.4%",
        "Dec 18 & Monthly monitoring September 2020",
        "Phase 2 of the Care Leavers Offer",
        "2.1.1",
        "7b",
        "",
    ],
)
def test_what_is_wanted_in_the_open_is_left(text):
    assert personal_kind(text, MONTH, places={"preston"}) is None


def test_a_role_is_made_of_known_words():
    assert personal_kind("Strategic Lead for Permanence; Improvement Partner", MONTH, is_role=True) is None
    assert personal_kind("Zebedee from the team", MONTH, is_role=True) == "a person's name"


def test_every_text_of_the_sample_may_leave():
    plan = Path(sample.__file__).with_name("delivery_plan.csv")
    with plan.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            month = dt.date.fromisoformat(f"{row['from']}-28")
            for column, text in row.items():
                kind = personal_kind(text, month, {"east"}, is_role=column == "responsible_role")
                assert kind is None, (text, kind)
                if column not in {"current_value", "metric", "target_value"}:
                    assert not has_small_group(text, 5), text


@pytest.mark.parametrize(
    "text",
    [
        "3", "3/10", "3.0", "3,0", "3.00", "three", "Three", "THREE", "3 of 10", "3%", "\u00b3", "\uff13", "III",
        "iii", "V", "1-5", "<6", "< 6", "fewer than 6", "under six", "\u2264 5", "a couple", "Couple of cases",
        "a pair", "twice", "twins", "both", "a few", "thr\u200bee", "\u0663", "\u2462", "\u2778", "\u4e09", "x3",
        "3x", "n=3", "(3)", "03", "23, of these 4.", "374 books; 1 certificate", "three or four",
        "one hundred; two",
        "twenty; three", "10,3", "3 May", "|||", "\u2155", "3\ufe0f\u20e3", "one-to-one: three",
    ],
)  # fmt: skip
def test_a_small_number_is_one_in_any_spelling(text):
    assert has_small_number(text, 5)
    assert has_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "0", "6", "15", "1,798", "61.4% (within range 60%-70%)", "4.5% (June)", "290 on 05/03/19", "200+",
        "twenty-three", "twenty three", "one hundred and five", "three hundred", "two thousand", "zero", "six",
        "a dozen", "2018/19", "2018-19", "Apr-19", "5 March 2019", "no one", "one-to-one", "third", "none", "<7",
        "more than 6", "Sept 18 - Jan 19", "bone", "often", "mix",
    ],
)  # fmt: skip
def test_another_number_is_none(text):
    assert not has_small_number(text, 5)


def test_the_largest_small_number_is_a_setting():
    assert has_small_number("nine", 9) and has_small_number("<10", 9) and not has_small_number("ten", 9)


def test_a_number_too_large_for_a_computer_is_a_large_number():
    text = "9" * 400 + " children"
    assert has_number(text) and not has_small_number(text, 5) and not has_small_group(text, 5)


@pytest.mark.parametrize(
    ("text", "is_group"),
    [
        ("Three children moved to residential homes", True),
        ("support for 2 of our young people", True),
        ("a couple of siblings", True),
        ("4 cases", True),
        ("NEET: 3", True),
        ("NEET (three)", True),
        ("apprenticeships at levels 2 to 7", False),
        ("get a nursery place at two", False),
        ("the right placement for everybody who plans one", False),
        ("Level 3 courses", False),
        ("twenty-three children", False),
    ],
)
def test_a_small_number_of_people_is_a_small_group(text, is_group):
    assert has_small_group(text, 5) == is_group
