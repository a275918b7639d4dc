"""What of the Corporate Parenting Board's lists leaves the service, on tables made by hand."""

import duckdb
import pytest

from pipelines.publish.disclosure.board_lists import board_lists

SMALLEST_SHOWN = 6


@pytest.fixture
def marts():
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema marts;
            create table marts.mart_delivery_objective (la_code varchar, actions bigint);
            create table marts.mart_delivery_plan (
                action_ref varchar, metric varchar, current_text varchar, current_number double,
                current_unit varchar, brag_code varchar
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
    result = marts.execute(dict(board_lists(SMALLEST_SHOWN))[table])
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


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
        ("4%", "shown"),
        ("4.5% (June)", "shown"),
        ("61.4% (within range 60%-70%)", "shown"),
        ("1,798", "shown"),
        ("290 on 05/03/19", "shown"),
        (None, "shown"),
    ],
)
def test_a_value_of_the_plan_with_a_small_number_in_it_is_not_told(marts, text, status):
    marts.execute("insert into marts.mart_delivery_plan values ('1', 'Hits', ?, 1, 'number', 'blue')", [text])
    (row,) = shown(marts, "mart_delivery_plan")
    assert row["status"] == status
    assert row["current_text"] == (text if status == "shown" else None)
    assert row["current_number"] == (1 if status == "shown" else None)
    assert row["brag_code"] == "blue"


def test_the_name_of_a_measure_with_a_small_number_in_it_is_not_told(marts):
    marts.execute(
        "insert into marts.mart_delivery_plan values ('1', 'Referrals (4 of them new)', '240', 240, 'n', '')"
    )
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
def test_a_share_that_stands_for_few_is_not_told_nor_can_it_be_worked_out(marts, number, shares, gone):
    table(marts, number, shares)
    assert hidden(marts) == gone
    assert all(row["of_young_people"] != 4 for row in shown(marts, "mart_eet_plan"))


@pytest.mark.parametrize(
    ("value", "unit", "text", "gone"),
    [
        (2, "young_people", None, ["a target"]),
        (49, "young_people", None, []),
        (50, "percentage", None, []),
        (None, None, "increase", []),
        (None, None, "3 or 4 more", ["a target"]),
    ],
)
def test_a_target_is_told_unless_it_is_a_small_count(marts, value, unit, text, gone):
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
def test_a_target_does_not_tell_a_share_that_is_hidden_in_this_list_or_an_earlier_one(marts, month, gone):
    table(marts, 100, {"EET": 95, "NEET": 5})
    target(marts, 95, "percentage", month=month)
    assert sorted(hidden(marts)) == sorted(gone)


def test_a_figure_of_the_table_that_could_not_be_read_is_not_told(marts):
    marts.execute(
        "insert into marts.mart_eet_plan values "
        "('888', 'table', 'Year 12', 'not known', '', 1, 'percentage', 'two', null, 207, null, '2018-08-31')"
    )
    assert hidden(marts) == ["not known"]
