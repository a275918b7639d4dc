"""Lists that an authority keeps beside its case system: what is read of them, and which version counts when."""

import datetime as dt
import re

import pytest
from ingest_drops import text, write

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.errors import BadInputError
from pipelines.ingest.derived_columns import MAKERS, DropContext
from pipelines.ingest.list_versions import (
    counts_from,
    late_lists,
    note_built,
    note_late,
    stale_extracts,
)
from pipelines.ingest.month_ingest import ingest_month
from pipelines.ingest.raw_tables import remove_drop
from pipelines.ingest.values import NOT_JSON
from pipelines.progress import Progress
from pipelines.quality.rules import failing_rows, lists_in_force, prepare_views, rules
from pipelines.reference import own_rows
from pipelines.reference.authorities import authorities
from pipelines.settings import PSEUDONYM_KEY_VARIABLE, DataFolder
from pipelines.warehouse_file import open_warehouse

TRACKER, FOSTERING = "local_permanence_tracker", "local_private_fostering"
JUNE, JULY, AUGUST = Month(2019, 6), Month(2019, 7), Month(2019, 8)
ROW = {"person_id": "1", "plan": "sgo_carer", "identified_date": "2019-05-02"}
ARRANGEMENT = {"arrangement_id": "A1", "person_id": "1", "start_date": "2019-05-02"}
POSTS, CONTACTS = "local_workforce_post", "local_iro_contact"
CHALLENGES, FOSTER_REVIEWS = "local_iro_challenge", "local_foster_review"
POST = {"post_id": "P1", "start_date": "2019-05-02", "role": "iro", "fte": "0.37", "filled_by": "permanent"}
CONTACT = {"contact_id": "C1", "person_id": "1", "contact_date": "2019-05-02", "context": "cla"}
CHALLENGE = {"challenge_id": "X1", "person_id": "1", "challenge_type": "management_alert", "context": "cp"}
CHALLENGE |= {"raised_date": "2019-05-02", "resolved_date": "2019-05-30", "outcome": "resolved"}
FOSTER_REVIEW = {"review_id": "R1", "carer_id": "9", "held_date": "2019-05-02", "kind": "annual"}
ATTENDANCE, CHILD = "local_conference_attendance", "local_conference_child"
FEEDBACK, APPEALS, DELAYS = "local_conference_feedback", "local_conference_appeal", "local_review_delay"
CONFERENCE = {"meeting_id": "M1", "meeting_date": "2019-05-02"}
INVITED = CONFERENCE | {"invitation_no": "1", "agency": "police", "is_invited": "Y", "has_attended": "N"}
AT_CONFERENCE = CONFERENCE | {"person_id": "1", "has_form": "Y", "took_part": "attended"}
FORM = {"form_id": "F1", "meeting_date": "2019-05-02", "meeting_type": "initial", "could_speak": "Y"}
APPEAL = {"appeal_id": "B1", "received_date": "2019-05-02", "ground": "process", "outcome": "withdrawn"}
DELAY = {"review_type": "cp_review", "review_id": "1", "reason": "human_error"}
PLACEMENT = {"clap_cla_placement_id": "C1", "clap_person_id": "1", "clap_cla_placement_start_date": "2019-05-02"}


CODES = sorted(authorities())


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A data folder in which each case is the drop of an authority: one run of ingest reads them all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PSEUDONYM_KEY_VARIABLE, "a key for the tests of the lists")
        yield DataFolder(tmp_path_factory.mktemp("lists"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(PSEUDONYM_KEY_VARIABLE, "a key for the tests of the lists")
    return DataFolder(tmp_path)


def ingest(folder, month=AUGUST):
    (drop,) = ingest_month(folder, month, Progress()).drops
    return drop


def rows(folder, sql):
    with open_warehouse(folder, read_only=True) as connection:
        return connection.execute(sql).fetchall()


# the list, its rows, the words of the one line that the run says (none: it says nothing), how many rows are loaded
READ = [
    pytest.param(TRACKER, [ROW], None, 1, id="as the contract says"),
    pytest.param(TRACKER, [ROW | {"plan": "SGO Carer"}], None, 1, id="a code in another spelling"),
    pytest.param(TRACKER, [ROW | {"plan": "guardianship"}], None, 1, id="an unknown code stays and is gated"),
    pytest.param(
        TRACKER,
        [ROW, ROW | {"person_id": "77"}],
        "1 row rejected because of person_not_in_ssd_person in person_id (first in line 3)",
        1,
        id="an unknown person",
    ),
    pytest.param(
        TRACKER,
        [ROW | {"filed_date": "2019-10-01"}],
        "dates of filed_date after the day of the extract, kept and flagged: 1 (first in line 2)",
        1,
        id="a date after the month end",
    ),
    pytest.param(TRACKER, [ROW | {"filing_due_date": "2019-12-01"}], None, 1, id="a planned date"),
    pytest.param(
        TRACKER,
        [ROW, ROW],
        "1 row rejected because of primary_key_duplicated in person_id, plan, identified_date (first in line 3)",
        1,
        id="a row twice",
    ),
    pytest.param(
        TRACKER,
        [ROW, ROW | {"plan": "SGO-carer", "filed_date": "2019-06-01"}],
        "2 rows rejected because of primary_key_duplicated",
        0,
        id="a row twice in two spellings, with other values",
    ),
    pytest.param(
        TRACKER,
        [ROW | {"closed_date": "2019-05-01"}],
        "1 row rejected because of end_before_start in closed_date (first in line 2)",
        0,
        id="closed before it was put on the list",
    ),
    pytest.param(TRACKER, [ROW | {"identified_date": "2019-05-02T08:30:00+01:00"}], None, 1, id="a zone"),
    pytest.param(TRACKER, [ROW | {"identified_date": "02/05/2019 08:30"}], None, 1, id="a time"),
    pytest.param(
        TRACKER,
        [ROW | {"court_date": "31/06/2019"}],
        "1 row rejected because court_date is `99/99/9999`, which is no date (first in line 2)",
        0,
        id="a day that does not exist",
    ),
    pytest.param(
        TRACKER, [], "a header and no rows: from this month on the list is empty", 0, id="a list without rows"
    ),
    pytest.param(FOSTERING, [ARRANGEMENT], None, 1, id="an arrangement"),
    pytest.param(
        FOSTERING,
        [ARRANGEMENT, ARRANGEMENT | {"arrangement_id": "A2", "person_id": ""}],
        "1 row rejected because of person_not_in_ssd_person in person_id (first in line 3)",
        1,
        id="an arrangement of nobody",
    ),
    pytest.param(
        FOSTERING,
        [ARRANGEMENT | {"start_date": "2019-10-01"}],
        "dates of start_date after the day of the extract, kept and flagged: 1 (first in line 2)",
        1,
        id="an arrangement of later",
    ),
    pytest.param(
        FOSTERING,
        [ARRANGEMENT, ARRANGEMENT | {"start_date": "2019-05-03"}],
        "2 rows rejected because of primary_key_duplicated in arrangement_id (first in line 2)",
        0,
        id="an id twice",
    ),
    pytest.param(
        FOSTERING, [], "a header and no rows: from this month on the list is empty", 0, id="no arrangements"
    ),
    pytest.param(
        POSTS,
        [
            POST,
            POST | {"start_date": "2019-06-02"},
            POST | {"post_id": "in words", "role": "Foster IRO", "filled_by": "AGENCY"},
            POST | {"post_id": "unknown role", "role": "chair"},
            POST | {"post_id": "no share", "fte": "0"},
            POST | {"post_id": "no share given", "fte": ""},
            POST | {"post_id": "hours", "fte": "37"},
            POST | {"post_id": "not listed", "worker_id": "no such worker"},
        ],
        None,
        8,
        id="posts that stay, which gate and row rules judge",
    ),
    pytest.param(
        POSTS,
        [POST | {"fte": "full time"}],
        "which is no number (first in line 2)",
        0,
        id="a share in words",
    ),
    pytest.param(
        POSTS,
        [POST | {"end_date": "2019-05-01"}],
        "1 row rejected because of end_before_start in end_date (first in line 2)",
        0,
        id="a post that ends before it begins",
    ),
    pytest.param(
        POSTS,
        [POST, POST | {"fte": "1"}],
        "2 rows rejected because of primary_key_duplicated in post_id, start_date (first in line 2)",
        0,
        id="a post filled twice on one day",
    ),
    pytest.param(
        POSTS,
        [POST | {"qualified_date": "2019-10-01"}],
        "dates of qualified_date after the day of the extract, kept and flagged: 1 (first in line 2)",
        1,
        id="qualified after the month",
    ),
    pytest.param(
        CONTACTS,
        [
            CONTACT,
            CONTACT | {"contact_id": "C2", "person_id": "77"},
            CONTACT | {"contact_id": "C3", "context": "LAC"},
        ],
        "1 row rejected because of person_not_in_ssd_person in person_id (first in line 3)",
        2,
        id="a check of an unknown child, and one in an unknown context",
    ),
    pytest.param(
        CONTACTS,
        [CONTACT | {"contact_date": "2019-10-01"}],
        "dates of contact_date after the day of the extract, kept and flagged: 1 (first in line 2)",
        1,
        id="a check of later",
    ),
    pytest.param(
        CHALLENGES,
        [
            CHALLENGE,
            CHALLENGE | {"challenge_id": "in words", "challenge_type": "Problem Resolution"},
            CHALLENGE | {"challenge_id": "ended before it was raised", "resolved_date": "2019-05-01"},
            CHALLENGE | {"challenge_id": "not listed", "iro_worker_id": "nobody"},
        ],
        None,
        4,
        id="challenges that stay, which row rules judge",
    ),
    pytest.param(
        CHALLENGES,
        [CHALLENGE, CHALLENGE],
        "1 row rejected because of primary_key_duplicated in challenge_id (first in line 3)",
        1,
        id="a challenge twice",
    ),
    pytest.param(
        CHALLENGES,
        [CHALLENGE | {"person_id": ""}],
        "1 row rejected because of person_not_in_ssd_person in person_id (first in line 2)",
        0,
        id="a challenge for no child",
    ),
    pytest.param(
        CHALLENGES,
        [CHALLENGE | {"raised_date": "31/06/2019"}],
        "1 row rejected because raised_date is `99/99/9999`, which is no date (first in line 2)",
        0,
        id="raised on a day that does not exist",
    ),
    pytest.param(
        FOSTER_REVIEWS,
        [
            FOSTER_REVIEW | {"review_id": "due", "held_date": "", "due_date": "2020-05-02"},
            FOSTER_REVIEW,
            FOSTER_REVIEW | {"held_date": "2019-05-03"},
        ],
        "2 rows rejected because of primary_key_duplicated in review_id (first in line 3)",
        1,
        id="a review twice, and one that is due",
    ),
    pytest.param(
        FOSTER_REVIEWS, [], "a header and no rows: from this month on the list is empty", 0, id="no foster reviews"
    ),
    pytest.param(ATTENDANCE, [INVITED], None, 1, id="an invitation"),
    pytest.param(
        ATTENDANCE,
        [INVITED | {"agency": "Health Visitor/Nurse/Midwife", "is_invited": "yes", "has_attended": "FALSE"}],
        None,
        1,
        id="an invitation in other spellings",
    ),
    pytest.param(
        ATTENDANCE,
        [INVITED, INVITED | {"meeting_date": "2019-05-09"}],
        "2 rows rejected because of primary_key_duplicated in meeting_id, invitation_no (first in line 2)",
        0,
        id="an invitation on two days",
    ),
    pytest.param(
        ATTENDANCE,
        [INVITED, INVITED | {"meeting_id": "-1"}],
        "1 row rejected because of primary_key_missing in meeting_id (first in line 3)",
        1,
        id="an invitation to no meeting",
    ),
    pytest.param(
        ATTENDANCE,
        [INVITED | {"invitation_no": "first"}],
        "1 row rejected because invitation_no is `aaaaa`, which is no whole number (first in line 2)",
        0,
        id="an invitation without a number",
    ),
    pytest.param(CHILD, [AT_CONFERENCE], None, 1, id="a child at a conference"),
    pytest.param(
        CHILD,
        [AT_CONFERENCE, AT_CONFERENCE | {"person_id": "77"}],
        "1 row rejected because of person_not_in_ssd_person in person_id (first in line 3)",
        1,
        id="an unknown child at a conference",
    ),
    pytest.param(
        CHILD,
        [AT_CONFERENCE, AT_CONFERENCE],
        "1 row rejected because of primary_key_duplicated in meeting_id, person_id (first in line 3)",
        1,
        id="a child twice at a conference",
    ),
    pytest.param(
        CHILD,
        [AT_CONFERENCE | {"meeting_date": "2019-10-01"}],
        "dates of meeting_date after the day of the extract, kept and flagged: 1 (first in line 2)",
        1,
        id="a conference of later",
    ),
    pytest.param(
        CHILD, [AT_CONFERENCE | {"took_part": "by telephone"}], None, 1, id="an unknown way to take part"
    ),
    pytest.param(FEEDBACK, [FORM], None, 1, id="a form"),
    pytest.param(FEEDBACK, [FORM | {"could_speak": "Not sure", "met_chair": "1"}], None, 1, id="other answers"),
    pytest.param(
        FEEDBACK,
        [FORM, FORM | {"could_speak": "N"}],
        "2 rows rejected because of primary_key_duplicated in form_id (first in line 2)",
        0,
        id="a form twice, with other answers",
    ),
    pytest.param(
        FEEDBACK, [], "a header and no rows: from this month on the list is empty", 0, id="a list without forms"
    ),
    pytest.param(APPEALS, [APPEAL], None, 1, id="an appeal"),
    pytest.param(
        APPEALS, [APPEAL | {"decided_date": "2019-05-01"}], None, 1, id="an appeal decided before it was received"
    ),
    pytest.param(
        APPEALS,
        [APPEAL | {"decided_date": "31/06/2019"}],
        "1 row rejected because decided_date is `99/99/9999`, which is no date (first in line 2)",
        0,
        id="an appeal decided on a day that does not exist",
    ),
    pytest.param(
        APPEALS, [], "a header and no rows: from this month on the list is empty", 0, id="a list without appeals"
    ),
    pytest.param(DELAYS, [DELAY, DELAY | {"review_type": "icpc"}], None, 2, id="reasons of two kinds of reviews"),
    pytest.param(
        DELAYS,
        [DELAY, DELAY | {"review_type": "CP review"}],
        "2 rows rejected because of primary_key_duplicated in review_type, review_id (first in line 2)",
        0,
        id="a reason twice in two spellings",
    ),
    pytest.param(
        DELAYS,
        [DELAY | {"review_id": ""}],
        "1 row rejected because of primary_key_missing in review_id (first in line 2)",
        0,
        id="a reason of no review",
    ),
    pytest.param(
        DELAYS, [], "a header and no rows: from this month on the list is empty", 0, id="a list without reasons"
    ),
]


@pytest.fixture(scope="module")
def read_lists(shared):
    """The drops with a list of `READ`, in the same order."""
    for la_code, case in zip(CODES, READ, strict=False):
        name, listed, *_ = case.values
        write(shared, {name: listed}, month="2019-06", la_code=la_code)
    return ingest_month(shared, JUNE, Progress()).drops


@pytest.mark.parametrize("number", range(len(READ)), ids=[case.id for case in READ])
def test_what_is_read_of_a_list(shared, read_lists, number):
    name, listed, words, loaded = READ[number].values
    drop = read_lists[number]
    (file,) = [file for file in drop.files if file.object == name]
    assert (file.rows_read, file.rows_loaded, file.rows_rejected) == (len(listed), loaded, len(listed) - loaded)
    assert rows(shared, f"select count(*) from raw.{name} where la_code = '{drop.la_code}'") == [(loaded,)]
    lines = [line for line in drop.warnings if f"{name}.csv" in line]
    start = f"{drop.la_code} 2019-06 {name}.csv: "
    said = [line for line in lines if line.startswith(start) and words and words in line]
    assert len(lines) == len(said) == (1 if words else 0), lines


def test_a_spelling_is_loaded_as_its_code_and_another_word_stays(folder):
    other = ROW | {"plan": "guardianship", "identified_date": "2019-05-03"}
    write(folder, {TRACKER: [ROW | {"plan": "SGO Carer", "identified_date": "02/05/2019 08:30"}, other]})
    ingest(folder)
    assert rows(folder, f"select plan, identified_date from raw.{TRACKER} order by all") == [
        ("guardianship", dt.date(2019, 5, 3)),
        ("sgo_carer", dt.date(2019, 5, 2)),
    ]


def test_an_unknown_code_of_a_list_is_flagged_with_its_line(folder):
    write(folder, {TRACKER: [ROW | {"plan": "guardianship"}]})
    ingest(folder)
    assert rows(folder, "select rule, object, column_name, line_number from raw.dq_issue") == [
        ("code_outside_code_set", TRACKER, "plan", 2)
    ]


SPOILT = [
    (lambda text: text.replace("person_id", "persn_id"), "column person_id is missing .* did you mean persn_id"),
    (lambda text: "", "the file is empty"),
    (lambda text: text.replace("person_id,", ""), "required column person_id is missing"),
    (lambda text: text.replace("person_id", "persn_id,person_id,person_id", 1), "the header names column"),
]


def test_a_list_that_cannot_be_read_refuses_the_drop_in_one_line_and_the_last_one_stays(shared, read_lists):
    cases = [(name, *case) for name in (TRACKER, FOSTERING) for case in SPOILT]
    for la_code, (name, spoil, _) in zip(CODES, cases, strict=False):
        sound = ROW if name == TRACKER else ARRANGEMENT
        write(shared, {name: [sound]}, month="2019-07", la_code=la_code)
        spoilt = write(shared, {}, month="2019-08", la_code=la_code) / f"{name}.csv"
        spoilt.write_text(spoil(text(name, [sound])), encoding="utf-8")
    ingest_month(shared, JULY, Progress())
    with pytest.raises(BadInputError) as refused:
        ingest_month(shared, AUGUST, Progress())
    assert refused.value.exit_status == 4
    for line, la_code, (name, _, said) in zip(str(refused.value).split("\n"), CODES, cases, strict=False):
        assert re.match(f"{la_code} 2019-08 {name}.csv: .*{said}", line), line
        newest = f"select max(extract_month) from raw.{name} where la_code = '{la_code}'"
        assert rows(shared, newest) == [(JULY.end,)]


def test_a_list_under_a_misspelt_name_is_named_and_the_last_one_counts_on(folder):
    write(folder, {TRACKER: [ROW]}, month="2019-07")
    ingest(folder, JULY)
    path = write(folder, {})
    (path / "local_permanence_traker.csv").write_text(text(TRACKER, [ROW]), encoding="utf-8")
    drop = ingest(folder)
    (line,) = drop.unread
    assert f"deliver it as {TRACKER}.csv" in line
    assert any(line.endswith(f"counts on: {TRACKER} of 2019-07") for line in drop.warnings)


def test_a_drop_may_lack_a_list_that_has_come_and_the_run_says_which_counts_on(folder):
    write(folder, {TRACKER: [ROW], FOSTERING: [ARRANGEMENT]}, month="2019-07")
    write(folder, {FOSTERING: [ARRANGEMENT]})
    ingest(folder, JULY)
    assert [line for line in ingest(folder).warnings if "count" in line] == [
        f"888 2019-08: lists that did not come, so that their last version counts on: {TRACKER} of 2019-07"
    ]


def test_a_list_that_comes_every_month_must_come_again_and_not_without_rows(folder):
    pep = {"person_id": "1", "meeting_date": "2019-05-02", "term": "summer"}
    write(folder, {"local_pep": [pep]}, month="2019-07")
    ingest(folder, JULY)
    path = write(folder, {"local_pep": []})
    with pytest.raises(BadInputError, match=r"the file has no rows, but the last accepted drop had 1"):
        ingest_month(folder, AUGUST, Progress())
    (path / "local_pep.csv").unlink()
    with pytest.raises(BadInputError, match="the object local_pep is missing, but the last accepted drop had it"):
        ingest_month(folder, AUGUST, Progress())


def built_months(folder, *months):
    """Loads the drops of these months as fit ones and notes what each is built with, as a run does."""
    for month in months:
        ingest(folder, month)
        with open_warehouse(folder) as connection:
            connection.execute("update raw.drop set is_fit = true where is_loaded")
            note_built(connection, month, ["888"])


def stale(folder):
    with open_warehouse(folder) as connection:
        return {
            str(month): [(late.object, str(late.list_month)) for late in lists]
            for month, lists in stale_extracts(connection).items()
        }


def test_a_version_that_comes_late_makes_every_extract_stale_that_it_counts_for(folder):
    write(folder, {}, month="2019-07")
    write(folder, {TRACKER: [ROW]}, month="2019-08")
    built_months(folder, JULY, AUGUST)
    assert stale(folder) == {}
    # June counts for July, and not for August, which has a version of its own
    write(folder, {TRACKER: [ROW]}, month="2019-06")
    built_months(folder, JUNE)
    assert stale(folder) == {"2019-07": [(TRACKER, "2019-06")]}
    with open_warehouse(folder) as connection:
        note_late(connection, stale_extracts(connection)[JULY])
        note_built(connection, JULY, ["888"])
        assert [late.reason for late in late_lists(connection)] == [
            f"888: the list {TRACKER} of 2019-06 came late"
        ]
    assert stale(folder) == {}


def test_the_row_rules_judge_the_version_that_counts_on(folder):
    write(folder, {FOSTER_REVIEWS: [FOSTER_REVIEW | {"approved_date": "2019-05-03"}]}, month="2019-07")
    write(folder, {})
    for month in (JULY, AUGUST):
        ingest(folder, month)
    with open_warehouse(folder) as connection:
        assert lists_in_force(connection, "888", AUGUST) == {FOSTER_REVIEWS: JULY.end}
        prepare_views(connection, "888", AUGUST)
        assert failing_rows(connection, rules()["foster_review_before_approval"]) == [("R1", None)]


def test_another_content_of_a_version_or_its_withdrawal_makes_later_extracts_stale(folder):
    write(folder, {TRACKER: [ROW]}, month="2019-06")
    write(folder, {}, month="2019-07")
    built_months(folder, JUNE, JULY)
    write(folder, {TRACKER: [ROW | {"plan": "adoption"}]}, month="2019-06")
    built_months(folder, JUNE)
    assert stale(folder) == {"2019-07": [(TRACKER, "2019-06")]}
    with open_warehouse(folder) as connection:
        note_built(connection, JULY, ["888"])
        remove_drop(connection, "888", JUNE)
    assert stale(folder) == {"2019-07": [(TRACKER, "None")]}


def test_forget_keeps_the_version_that_counts_for_the_first_month_kept(folder):
    for month in ("2019-06", "2019-07"):
        write(folder, {TRACKER: [ROW]}, month=month)
    write(folder, {}, month="2019-08")
    built_months(folder, JUNE, JULY, AUGUST)
    for table in (TRACKER, "list_version"):
        kept = rows(folder, f"select extract_month from raw.{table} where {counts_from(table, AUGUST)}")
        assert kept == [(dt.date(2019, 7, 31),)], table
    assert counts_from("ssd_person", AUGUST) is None


POSTCODES = "postcode_start,la_code,first_month_used\n"
# rows of postcode.csv, the postcode delivered, and authority, in the area, whether one was delivered
PLACES = [
    ("BB11,888,2015-04\n", "bb11 3eq", ("888", "Y", "Y")),
    ("BB11,888,2015-04\nBB113EQ,889,2015-04\n", "BB11 3EQ", ("889", "N", "Y")),
    ("BB11,889,2015-04\nBB11,888,2019-08\n", "BB113EQ", ("888", "Y", "Y")),
    ("BB11,888,2015-04\nBB11,889,2019-09\n", "BB113EQ", ("888", "Y", "Y")),
    ("CF,WAL,2015-04\n", "CF10 1AA", ("WAL", "N", "Y")),
    ("M1,352,2015-04\n", "BB11 3EQ", (None, None, "Y")),
]


def write_postcodes(folder, known):
    folder.reference.mkdir(parents=True)
    (folder.reference / "postcode.csv").write_text(POSTCODES + known, encoding="utf-8")


@pytest.mark.parametrize(("known", "postcode", "made"), PLACES)
def test_a_postcode_becomes_its_authority(folder, known, postcode, made):
    write_postcodes(folder, known)
    drop = DropContext("888", AUGUST, own_rows(folder, "postcode"))
    (values,) = MAKERS["clap_cla_placement_postcode"]([postcode], drop).values()
    assert tuple(values.values()) == made


@pytest.mark.parametrize(
    ("known", "made"), [(None, [(None, None, None)] * 2), ("BB11,888,2015-04\n", [("888", "Y", "Y"), (None,) * 3])]
)
def test_a_postcode_is_not_stored_and_without_the_file_nothing_is_made(folder, known, made):
    if known is not None:
        write_postcodes(folder, known)
    other = PLACEMENT | {"clap_cla_placement_id": "C2", "clap_cla_placement_postcode": "NULL"}
    write(folder, {"ssd_cla_placement": [PLACEMENT | {"clap_cla_placement_postcode": "BB11 3EQ"}, other]})
    drop = ingest(folder)
    columns = "placement_la_code, is_in_area, has_postcode"
    order = "order by clap_cla_placement_id"
    assert rows(folder, f"select {columns} from raw.ssd_cla_placement {order}") == made
    assert not [line for line in drop.warnings if "unknown columns" in line]
    came = rows(folder, "select counts_until_next from raw.list_version where object = 'reference_postcode'")
    assert came == ([] if known is None else [(False,)])
    assert "BB11 3EQ" not in str(rows(folder, "from raw.ssd_cla_placement"))


OUTCOMES = [
    ('{"OUTCOME_CP_FLAG": "Y", "OUTCOME_NFA_FLAG": "N"}', "CP"),
    ('{"outcome_nfa_flag": "true", "CP": 1, "SINGLE_ASSESSMENT_FLAG": true}', "CP, NFA, SINGLE_ASSESSMENT"),
    (
        '{"OUTCOME_NFA_FLAG": "", "OUTCOME_CP_FLAG": null, "OUTCOME_COMMENTS": "Y", "TOTAL_NO_OF_OUTCOMES": 1}',
        None,
    ),
    ("{}", None),
    ('{"CP": "Y"', NOT_JSON),
    ('["CP"]', NOT_JSON),
    ("CP", NOT_JSON),
]


def test_an_outcome_becomes_the_keys_that_are_set():
    made = MAKERS["icpc_icpc_outcome_json"]([text for text, _ in OUTCOMES], DropContext("888", AUGUST))
    assert made == {text: {"icpc_outcome_keys": keys} for text, keys in OUTCOMES}


def test_the_outcome_of_an_enquiry_has_keys_of_its_own():
    texts = {
        '{"OUTCOME_CP_CONFERENCE_FLAG": "Y", "OUTCOME_CP_FLAG": "Y"}': "CP_CONFERENCE",
        '{"OUTCOME_PROV_OF_SB_CARE_FLAG": "Y", "OTHER_OUTCOMES_EXIST_FLAG": "Y"}': (
            "OTHER_OUTCOMES_EXIST, PROV_OF_SB_CARE"
        ),
        '{"OUTCOME_NFA_CONTINUE_SINGLE_FLAG": "Y", "OUTCOME_NFA_FLAG": "N"}': "NFA_CONTINUE_SINGLE",
    }
    made = MAKERS["s47e_s47_outcome_json"](list(texts), DropContext("888", AUGUST))
    assert made == {text: {"s47e_outcome_keys": keys} for text, keys in texts.items()}


def test_an_outcome_is_not_stored_and_one_that_cannot_be_read_is_flagged(folder):
    conferences = [
        {"icpc_icpc_id": f"{number}", "icpc_person_id": "1", "icpc_icpc_outcome_json": text.replace('"', "'")}
        for number, (text, _) in enumerate(OUTCOMES[-3:])
    ]
    conferences.append({"icpc_icpc_id": "9", "icpc_person_id": "1"})
    write(folder, {"ssd_initial_cp_conference": conferences})
    drop = ingest(folder)
    assert rows(folder, "select distinct icpc_outcome_keys from raw.ssd_initial_cp_conference") == [(None,)]
    flags = "select rule, column_name, line_number from raw.dq_issue where rule = 'text_not_json' order by all"
    assert rows(folder, flags) == [("text_not_json", "icpc_outcome_keys", line) for line in (2, 3, 4)]
    assert any("texts of icpc_outcome_keys that are not JSON" in line for line in drop.warnings)


def test_a_column_that_is_made_on_reading_is_not_taken_from_a_file(folder):
    path = write(folder, {"ssd_cla_placement": [PLACEMENT]})
    file = path / "ssd_cla_placement.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text(f"{lines[0]},is_in_area\n{lines[1]},Y\n", encoding="utf-8")
    ingest(folder)
    assert rows(folder, "select is_in_area from raw.ssd_cla_placement") == [(None,)]


def test_every_column_that_no_file_has_is_made():
    sources = {column.made_from for known in contracts().values() for column in known.derived}
    assert sources == MAKERS.keys()
