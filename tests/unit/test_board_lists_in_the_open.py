"""What of the Corporate Parenting Board's lists leaves the service, on tables made by hand."""

import duckdb
import pytest

from pipelines.publish.disclosure.board_lists import board_lists, rows_held_back

SMALLEST_SHOWN = 6
DECLARED = {
    "mart_delivery_objective": {"la_code": "code", "objective_name": "text"},
    "mart_delivery_plan": {
        **dict.fromkeys(("la_code", "brag_code", "current_unit"), "code"),
        **dict.fromkeys(("action_ref", "activity", "metric", "current_text", "target_text", "due_text"), "text"),
        "responsible_role": "role",
    },
    "mart_eet_plan": {
        **dict.fromkeys(("la_code", "unit"), "code"),
        **dict.fromkeys(("kind", "cohort", "measure", "period", "value_text"), "text"),
    },
}


@pytest.fixture
def marts():
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema core;
            create table core.dim_team as select 'Preston' as locality_name;
            create schema raw;
            create table raw.local_delivery_plan (
                la_code varchar, extract_month date, line_number bigint, snapshot varchar, objective_no varchar,
                objective_short varchar, action_ref varchar, g2g_ref varchar, activity_in_your_words varchar,
                metric varchar, current_value varchar, current_date varchar, target_value varchar,
                target_date varchar, target_direction varchar, responsible_role varchar, due varchar, brag varchar
            );
            create table raw.local_eet_plan (
                la_code varchar, extract_month date, line_number bigint, kind varchar, cohort varchar,
                measure varchar, value varchar, unit varchar, period varchar
            );
            create schema marts;
            create table marts.mart_delivery_objective (
                la_code varchar, objective_name varchar, actions bigint, extract_month date
            );
            create table marts.mart_delivery_plan (
                la_code varchar, action_ref varchar, activity varchar, responsible_role varchar, due_text varchar,
                metric varchar, current_text varchar, current_number double, current_unit varchar,
                target_text varchar, is_target_met boolean, brag_code varchar, secret_note varchar,
                extract_month date
            );
            create table marts.mart_eet_plan (
                la_code varchar, kind varchar, cohort varchar, measure varchar, period varchar,
                entry_number integer, unit varchar, value_text varchar, value double, of_young_people double,
                young_people double,
                extract_month date
            );
            """
        )
        yield connection


def shown(marts, table):
    result = marts.execute(dict(board_lists(marts, DECLARED, SMALLEST_SHOWN))[table])
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def action(marts, month="2018-08-31", line=2, **texts):
    """An action of the plan, in the mart and as the file has it."""
    row = {
        "la_code": "888",
        "action_ref": "1",
        "metric": "Hits",
        "brag_code": "blue",
        "extract_month": month,
    } | texts
    marts.execute(
        f"insert into marts.mart_delivery_plan ({', '.join(row)}) values ({', '.join('?' * len(row))})",
        list(row.values()),
    )
    marts.execute(
        "insert into raw.local_delivery_plan (la_code, extract_month, line_number, activity_in_your_words, metric)"
        " values ('888', ?, ?, ?, ?)",
        [month, line, row.get("activity"), row["metric"]],
    )


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("0", "shown"),
        ("1", "suppressed"),
        ("5", "suppressed"),
        ("6", "shown"),
        ("15", "shown"),
        ("4 cases to date", "suppressed"),
        ("374 books; 1 certificate", "suppressed"),
        ("23, of these 4.", "suppressed"),
        ("3 4", "suppressed"),
        ("4%", "suppressed"),
        ("3/10", "suppressed"),
        ("3.0", "suppressed"),
        ("three", "suppressed"),
        ("fewer than 6", "suppressed"),
        ("twenty-three", "shown"),
        ("4.5% (June)", "shown"),
        ("61.4% (within range 60%-70%)", "shown"),
        ("1,798", "shown"),
        ("290 on 05/03/19", "shown"),
        (None, "shown"),
    ],
)
def test_a_current_value_with_a_small_number_is_suppressed(marts, text, status):
    action(marts, current_text=text, current_number=1, current_unit="number", is_target_met=True)
    (row,) = shown(marts, "mart_delivery_plan")
    assert row["status"] == status
    assert row["current_text"] == (text if status == "shown" else None)
    assert row["current_number"] == (1 if status == "shown" else None)
    assert row["is_target_met"] == (True if status == "shown" else None)
    assert row["brag_code"] == "blue"


def test_the_name_of_a_measure_with_a_small_number_is_suppressed(marts):
    action(marts, metric="Referrals (4 of them new)", current_text="240")
    (row,) = shown(marts, "mart_delivery_plan")
    assert (row["metric"], row["current_text"], row["status"]) == (None, "240", "suppressed")


def table(marts, number, shares, cohort="Year 13", month="2018-08-31"):
    """A cohort of the employment table; a share's young people are computed as the mart does."""
    rows = [("number", "young_people", number, None, number)] if number is not None else []
    rows += [
        (measure, "percentage", share, number, None if number is None else round(number * share / 100))
        for measure, share in shares.items()
    ]
    for measure, unit, value, of, people in rows:
        marts.execute(
            "insert into marts.mart_eet_plan values ('888', 'table', ?, ?, '2018-06', 1, ?, ?, ?, ?, ?, ?)",
            [cohort, measure, unit, str(value), value, of, people, month],
        )


def target(marts, value, unit, text=None, month="2018-08-31"):
    marts.execute(
        "insert into marts.mart_eet_plan values ('888', 'target', 'All', 'a target', '', 1, ?, ?, ?, null, ?, ?)",
        [unit, text or str(value), value, value if unit == "young_people" else None, month],
    )


def hidden(marts):
    rows = shown(marts, "mart_eet_plan")
    for row in rows:
        if row["status"] == "suppressed":
            assert (row["value"], row["value_text"], row["young_people"]) == (None, None, None)
    return [row["measure"] for row in rows if row["status"] == "suppressed"]


@pytest.mark.parametrize(
    ("number", "shares", "gone"),
    [
        # as printed for Year 12: 19 young people are the fewest, and nobody is no secret
        (207, {"EET": 68, "NEET": 23, "not available": 9, "not known": 0}, []),
        # as printed for Year 13: 1.5 % of 195 are three, and the next smallest goes with them
        (195, {"EET": 54.5, "NEET": 36, "not available": 8, "not known": 1.5}, ["not available", "not known"]),
        (100, {"EET": 94, "NEET": 6, "not available": 0, "not known": 0}, []),
        (100, {"EET": 95, "NEET": 5, "not available": 0, "not known": 0}, ["EET", "NEET"]),
        # EET is told elsewhere: it goes last, though it is smaller
        (100, {"EET": 20, "NEET": 77, "not known": 3}, ["NEET", "not known"]),
        # two small ones that are three together are one small group
        (100, {"EET": 77, "NEET": 20, "not available": 1, "not known": 2}, ["NEET", "not available", "not known"]),
        # two small ones that are nine together hide each other
        (100, {"EET": 71, "NEET": 20, "not available": 4, "not known": 5}, ["not available", "not known"]),
        (4, {"EET": 50, "NEET": 50, "not known": 0}, ["number", "EET", "NEET"]),
        # of how many the shares are is not known
        (None, {"EET": 54, "NEET": 46, "not known": 0}, ["EET", "NEET"]),
    ],
)
def test_a_percentage_of_few_people_is_suppressed_and_cannot_be_calculated(marts, number, shares, gone):
    table(marts, number, shares)
    assert sorted(hidden(marts)) == sorted(gone)
    assert all(row["of_young_people"] != 4 for row in shown(marts, "mart_eet_plan"))


@pytest.mark.parametrize(
    ("value", "unit", "text", "gone"),
    [
        (2, "young_people", None, ["a target"]),
        (49, "young_people", None, []),
        (50, "percentage", None, []),
        (None, None, "increase", []),
        (None, None, "3 or 4 more", ["a target"]),
        (None, None, "three more", ["a target"]),
        (None, None, "III", ["a target"]),
        (None, None, "a couple", ["a target"]),
        (3, None, "3.0", ["a target"]),
        (6, "young_people", "<6", ["a target"]),
        (3, "percentage", "3%", ["a target"]),
        (None, None, "all", []),
        (None, "text", "each September", []),
    ],
)
def test_a_target_is_shown_unless_it_is_a_small_count(marts, value, unit, text, gone):
    target(marts, value, unit, text)
    assert hidden(marts) == gone


@pytest.mark.parametrize(
    ("month", "gone"),
    [
        ("2018-08-31", ["EET", "NEET", "a target"]),
        ("2018-09-30", ["EET", "NEET", "a target"]),
        ("2018-07-31", ["EET", "NEET"]),
    ],
)
def test_a_target_that_repeats_a_suppressed_percentage_is_suppressed(marts, month, gone):
    table(marts, 100, {"EET": 95, "NEET": 5})
    target(marts, 95, "percentage", month=month)
    assert sorted(hidden(marts)) == sorted(gone)


def test_a_figure_of_the_table_that_could_not_be_read_is_suppressed(marts):
    marts.execute(
        "insert into marts.mart_eet_plan values "
        "('888', 'table', 'Year 12', 'not known', '', 1, 'percentage', 'two', null, 207, null, '2018-08-31')"
    )
    assert hidden(marts) == ["not known"]


@pytest.mark.parametrize(
    ("column", "text", "kind"),
    [
        ("activity", "Plan for Zebedee Quillfeather", "a person's name"),
        ("metric", "Visits since 04/03/2010", "a day of birth"),
        ("due_text", "born 04/03", "a day of birth"),
        ("current_text", "moved to PR1 2AB", "a postcode"),
        ("target_text", "z.quill@example.org", "an e-mail address"),
        ("action_ref", "1206933", "an id"),
        ("responsible_role", "Zebedee", "a person's name"),
        ("activity", "-" * 200_000, "a text of more than 2,000 characters"),
    ],
)
def test_a_row_that_looks_personal_is_held_back_and_the_run_says_where(marts, column, text, kind):
    action(marts, activity="Visits are made in Preston")
    action(marts, line=3, **{column: text})
    rows = shown(marts, "mart_delivery_plan")
    assert [row["activity"] for row in rows] == ["Visits are made in Preston"]
    (line,) = rows_held_back(marts, DECLARED)
    assert line.startswith("888 2018-08 local_delivery_plan: rows left out of open/ because they look personal: 1")
    assert text not in line
    if column in {"activity", "metric"}:
        name = {"activity": "activity_in_your_words"}.get(column, column)
        assert f" (line 3: {name} like {kind})" in line


def test_rows_of_earlier_lists_are_counted(marts):
    for month, line in (("2018-07-31", 2), ("2018-08-31", 2), ("2018-08-31", 3)):
        action(marts, month=month, line=line, activity="Plan for Zebedee Quillfeather")
    assert shown(marts, "mart_delivery_plan") == []
    (line,) = rows_held_back(marts, DECLARED)
    assert "look personal: 2 (line 2: " in line and "; in earlier lists: 1." in line


def test_a_column_that_is_not_declared_is_null(marts):
    action(marts, secret_note="harmless words", activity="harmless words")
    (row,) = shown(marts, "mart_delivery_plan")
    assert (row["secret_note"], row["activity"]) == (None, "harmless words")


def test_a_text_with_a_small_group_of_children_is_suppressed(marts):
    action(marts, activity="Three children move to foster care", current_text="45")
    (row,) = shown(marts, "mart_delivery_plan")
    assert (row["activity"], row["current_text"], row["status"]) == (None, "45", "suppressed")


def test_objectives_and_rows_of_the_employment_table_that_look_personal_are_held_back(marts):
    marts.execute("insert into marts.mart_delivery_objective values ('888', 'For Zebedee', 3, '2018-08-31')")
    marts.execute("insert into marts.mart_delivery_objective values ('888', 'A suitable home', 3, '2018-08-31')")
    assert [row["objective_name"] for row in shown(marts, "mart_delivery_objective")] == ["A suitable home"]
    target(marts, None, None, "as agreed with Zebedee (3)")
    target(marts, 50, "percentage")
    assert [row["value"] for row in shown(marts, "mart_eet_plan")] == [50]
    marts.execute(
        "insert into raw.local_eet_plan values ('888', '2018-08-31', 4, 'target', '', '', ?, '', '')",
        ["as agreed with Zebedee (3)"],
    )
    (line,) = rows_held_back(marts, DECLARED)
    assert (
        "888 2018-08 local_eet_plan: rows" in line
        and "look personal: 1 (line 4: value like a person's name)" in line
    )
