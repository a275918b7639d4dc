"""A release compared with the last one, both made by hand: what differs, what is refused or announced."""

import pytest
from hand_made_releases import in_partitions, write_release

from pipelines.calendar import Month
from pipelines.errors import BadInputError, UsageError
from pipelines.ingest.list_versions import LateList
from pipelines.publish import Corrections, Release
from pipelines.publish.data_changes import Announcement
from pipelines.publish.difference import MonthRows, changed_figures, table_differences
from pipelines.publish.published import last_release, switch
from pipelines.publish.release_comparison import compare
from pipelines.settings import DataFolder
from pipelines.table_register import KEPT, KEPT_AS_REPORTED, REPLACED, TableEntry

LAST, WRITTEN = "2019-02_20190302T070000Z", "2019-02_20190303T070000Z"
JANUARY, FEBRUARY = Month(2019, 1), Month(2019, 2)
COLUMNS = (
    "indicator_id, la_code, area_type, area_name, month, extract_month, basis, numerator, denominator, value, unit"
)
PLANS = "('cin', '888', 'authority', 'Here', date '2019-01-31', date '2019-01-31', 'as_reported', 2, 4, 50.0, '%')"
OF_TEAM = "('cin', '888', 'team', 'Burnley', date '2019-01-31', date '2019-01-31', 'as_reported', 1, 2, 50.0, '%')"
RESTATED = "('cin', '888', 'authority', 'Here', date '2019-01-31', date '2019-02-28', 'restated', 3, 4, 75.0, '%')"
LATER = "('cin', '888', 'authority', 'Here', date '2019-02-28', date '2019-02-28', 'as_reported', 5, 8, 62.5, '%')"
OF_LATER_TEAM = LATER.replace("'authority', 'Here'", "'team', 'Burnley'")
ELSEWHERE = (
    "('cin', '889', 'authority', 'There', date '2019-01-31', date '2019-01-31', 'as_reported', 1, 1, 1, '%')"
)
DESCRIBED = {
    entry.name: entry
    for entry in (
        TableEntry("core", "fct_plan", people=("child_id",), extract="extract_month", earlier_extracts=KEPT),
        TableEntry("core", "dq_issue", people=("child_id",), extract="first_seen_extract", earlier_extracts=KEPT),
        TableEntry("core", "dim_rule"),
        TableEntry("indicators", "fct_indicator_value", extract="extract_month", earlier_extracts=KEPT),
        TableEntry(
            "indicators",
            "fct_indicator_child",
            people=("child_id",),
            extract="extract_month",
            earlier_extracts=KEPT_AS_REPORTED,
        ),
        TableEntry("marts", "mart_indicator_monthly", extract="extract_month", earlier_extracts=KEPT),
        TableEntry("marts", "mart_restatement", extract="month", earlier_extracts=REPLACED),
        TableEntry(
            "marts", "mart_due_list", people=("child_id",), extract="extract_month", earlier_extracts=REPLACED
        ),
        TableEntry("marts", "mart", extract="extract_month", earlier_extracts=KEPT),
    )
}
EMPTY = PLANS.replace("2, 4, 50.0", "null, null, null").replace("'cin'", "'cp'")


def figures(*rows: str) -> dict[str, str]:
    return {"restricted/fct_indicator_value": f"select * from (values {', '.join(rows)}) as figures ({COLUMNS})"}


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    return DataFolder(tmp_path)


def pair(folder: DataFolder, before: dict[str, str], after: dict[str, str]) -> tuple[Release, Release]:
    return write_release(folder, LAST, before), write_release(folder, WRITTEN, after)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([PLANS, RESTATED, EMPTY], [RESTATED, EMPTY, PLANS], []),
        # numerator, denominator, value, unit; a figure that was not available, and one no longer available
        ([PLANS], [PLANS.replace("2, 4, 50.0", "3, 4, 75.0")], [("888", "2019-01", 1, 0, 0)]),
        ([PLANS], [PLANS.replace("2, 4, 50.0", "3, 6, 50.0")], [("888", "2019-01", 1, 0, 0)]),
        ([PLANS], [PLANS.replace("50.0", "0.5")], [("888", "2019-01", 1, 0, 0)]),
        ([PLANS], [PLANS.replace("'%'", "'number'")], [("888", "2019-01", 1, 0, 0)]),
        ([EMPTY], [EMPTY.replace("null, null, null", "0, 4, 0.0")], [("888", "2019-01", 1, 0, 0)]),
        ([PLANS], [PLANS.replace("2, 4, 50.0", "null, null, null")], [("888", "2019-01", 1, 0, 0)]),
        ([PLANS, OF_TEAM], [PLANS], [("888", "2019-01", 0, 1, 0)]),
        ([PLANS], [PLANS, OF_TEAM], [("888", "2019-01", 0, 0, 1)]),
        ([OF_TEAM, PLANS], [PLANS, OF_TEAM.replace("Burnley", "Preston")], [("888", "2019-01", 0, 1, 1)]),
        # a month that is gone as a whole
        ([PLANS, OF_TEAM, LATER], [LATER], [("888", "2019-01", 0, 2, 0)]),
        # what was computed again may be computed again
        ([PLANS, RESTATED], [PLANS, RESTATED.replace("3, 4, 75.0", "4, 4, 100.0")], []),
        ([PLANS, RESTATED], [PLANS], []),
        # a month, and an authority, that report for the first time
        ([PLANS], [PLANS, LATER], []),
        ([PLANS], [PLANS, ELSEWHERE], []),
        # by month, then by authority
        (
            [PLANS, ELSEWHERE, LATER],
            [PLANS.replace("2, 4", "2, 5"), LATER.replace("5, 8", "4, 8")],
            [("888", "2019-01", 1, 0, 0), ("889", "2019-01", 0, 1, 0), ("888", "2019-02", 1, 0, 0)],
        ),
    ],
)
def test_which_reported_figures_have_changed(folder, before, after, expected):
    last, written = pair(folder, figures(*before), figures(*after))
    changes = changed_figures(last, written)
    assert changed_figures(last, in_partitions(written)) == changes
    assert changed_figures(in_partitions(last), written) == changes
    assert [
        (figures.la_code, str(figures.month), figures.differing, figures.gone, figures.new) for figures in changes
    ] == expected


def test_figures_that_need_a_list_which_came_late_change_without_a_correction(folder, monkeypatch):
    monkeypatch.setattr(LateList, "indicators", ["cp"])
    late = LateList("888", JANUARY, "local_permanence_tracker", Month(2018, 12))
    came = EMPTY.replace("null, null, null", "3, 4, 75.0")
    last, written = pair(folder, figures(PLANS, EMPTY), figures(PLANS.replace("2, 4, 50.0", "3, 4, 75.0"), came))
    changes = {figures.late_list: figures.differing for figures in changed_figures(last, written, [late])}
    assert changes == {None: 1, late.reason: 1}
    written = write_release(folder, "2019-02_3", figures(PLANS, came))
    compared = compare(last, written, [], Corrections(late_lists=(late,)), DESCRIBED)
    assert compared.refusal_lines() == []
    assert compared.corrections_made() == [
        {"month": "2019-01", "reason": late.reason, "corrected_by": "", "figures": 1}
    ]
    (line,) = compare(last, written, [], Corrections(), DESCRIBED).refusal_lines()
    assert "cp of Here" in line


def test_a_column_that_changed_its_type_is_still_compared(folder):
    texts = figures(PLANS)["restricted/fct_indicator_value"].replace(
        "*", "* replace (cast(numerator as varchar) as numerator)"
    )
    last, written = pair(folder, figures(PLANS), {"restricted/fct_indicator_value": texts})
    assert changed_figures(last, written) == []
    other = write_release(folder, "2019-02_3", {"restricted/fct_indicator_value": texts.replace("2, 4", "3, 4")})
    assert [figures.differing for figures in changed_figures(last, other)] == [1]


def test_the_refusal_counts_names_a_few_and_says_what_to_do(folder):
    before = [PLANS.replace("'cin'", f"'indicator_{number}'") for number in range(5)]
    after = [row.replace("2, 4", "1, 4") for row in before[:4]]
    last, written = pair(folder, figures(*before), figures(*after, OF_TEAM))
    (line,) = compare(last, written, [], Corrections(), DESCRIBED).refusal_lines()
    assert "888 2019-01: 6 figures (4 differ, 1 gone, 1 new)" in line
    assert "indicator_0 of Here, indicator_1 of Here, indicator_2 of Here and 3 more" in line
    assert line.endswith("warehouse run --month 2019-01 --correct 2019-01 --reason TEXT")


def test_two_changed_months_are_put_right_by_one_command(folder):
    last, written = pair(folder, figures(PLANS, LATER), figures(OF_TEAM))
    lines = compare(last, written, [], Corrections(), DESCRIBED).refusal_lines()
    command = "warehouse run --from 2019-01 --to 2019-02 --correct 2019-01 --correct 2019-02 --reason TEXT"
    assert len(lines) == 2
    assert all(line.endswith(command) for line in lines)


@pytest.mark.parametrize(
    ("corrected", "refused"),
    [
        ((), ["2019-01", "2019-02"]),
        ((JANUARY,), ["2019-02"]),
        ((FEBRUARY,), ["2019-01"]),
        ((JANUARY, FEBRUARY), []),
    ],
)
def test_what_is_announced_with_a_reason_is_let_pass_month_by_month(folder, corrected, refused):
    last, written = pair(folder, figures(PLANS, LATER), figures(OF_TEAM))
    comparison = compare(last, written, [], Corrections(corrected, "a late record"), DESCRIBED)
    lines = comparison.refusal_lines()
    assert [month for line in lines for month in ("2019-01", "2019-02") if f"888 {month}:" in line] == refused
    assert [(made["month"], made["reason"]) for made in comparison.corrections_made()] == [
        (str(month), "a late record") for month in corrected
    ]
    reasons = {figures["month"]: figures["reason"] for figures in comparison.to_json()["figures"]}
    assert reasons == {
        str(month): "a late record" if month in corrected else None for month in (JANUARY, FEBRUARY)
    }


def test_a_correction_of_what_has_not_changed_is_kept_with_no_figure(folder):
    last, written = pair(folder, figures(PLANS), figures(PLANS))
    comparison = compare(last, written, [], Corrections((JANUARY,), "to be sure", "ada"), DESCRIBED)
    assert comparison.corrections_made() == [
        {"month": "2019-01", "reason": "to be sure", "corrected_by": "ada", "figures": 0}
    ]


def test_before_the_first_release_there_is_nothing_to_compare(folder):
    comparison = compare(None, write_release(folder, WRITTEN, figures(PLANS)), [], Corrections(), DESCRIBED)
    assert comparison.refusal_lines() == []
    assert comparison.summary()["compared_with"] is None


def rows(table: str, *values: str) -> dict[str, str]:
    """A table from rows given as values. Rows of people have a child and an extract."""
    columns = {
        "restricted/fct_plan": "la_code, child_id, extract_month, team",
        "restricted/fct_indicator_child": "indicator_id, la_code, child_id, month, extract_month",
        "restricted/dq_issue": "la_code, child_id, first_seen_extract, last_seen_extract",
        "open/mart_indicator_monthly": "la_code, extract_month, value",
        "restricted/mart_restatement": "la_code, month, restated_extract_month",
        "restricted/mart_due_list": "la_code, child_id, extract_month",
        "restricted/dim_rule": "rule, title",
    }[table]
    listed = ", ".join(values).replace("Jan", "date '2019-01-31'").replace("Feb", "date '2019-02-28'")
    return {table: f"select * from (values {listed}) as t ({columns})"}


@pytest.mark.parametrize(
    ("table", "before", "after", "expected"),
    [
        # rows of the month that is run, February, may change; no other
        (
            "restricted/fct_plan",
            ["('888', 'a', Feb, 't')"],
            ["('888', 'a', Feb, 't'), ('888', 'b', Feb, 't')"],
            [],
        ),
        (
            "restricted/fct_plan",
            ["('888', 'a', Jan, 't')"],
            ["('888', 'a', Jan, 't')", "('888', 'b', Jan, 't')"],
            [MonthRows("2019-01", 0, 1)],
        ),
        (
            "restricted/fct_plan",
            ["('888', 'a', Jan, 't')"],
            ["('888', 'a', Feb, 't')"],
            [MonthRows("2019-01", 1, 0)],
        ),
        # by authority
        (
            "restricted/fct_plan",
            ["('888', 'a', Jan, 't')"],
            ["('889', 'a', Jan, 't')"],
            [MonthRows("2019-01", 1, 1)],
        ),
        # another key of the pseudonyms, and what is known of a child, are not compared
        ("restricted/fct_plan", ["('888', 'a', Jan, 't')"], ["('888', 'x', Jan, 'u')"], []),
        # of the months computed again only the newest extract's stay
        (
            "restricted/fct_indicator_child",
            ["('cin', '888', 'a', Jan, Jan)", "('cin', '888', 'a', date '2018-12-31', Jan)"],
            ["('cin', '888', 'a', Jan, Jan)", "('cin', '888', 'a', Jan, Feb)"],
            [],
        ),
        (
            "restricted/fct_indicator_child",
            ["('cin', '888', 'a', Jan, Jan)"],
            ["('cp', '888', 'a', Jan, Jan)"],
            [MonthRows("2019-01", 1, 1)],
        ),
        # an issue belongs to the extract that had it first
        (
            "restricted/dq_issue",
            ["('888', 'a', Jan, Jan)"],
            ["('888', 'a', Jan, Feb)", "('888', 'b', Feb, Feb)"],
            [],
        ),
        # values of marts are compared
        (
            "open/mart_indicator_monthly",
            ["('888', Jan, 1.5)", "('888', Feb, 2.5)"],
            ["('888', Jan, null)", "('888', Feb, 3.5)"],
            [MonthRows("2019-01", 1, 1)],
        ),
        # two equal rows are not the same as a single one
        (
            "open/mart_indicator_monthly",
            ["('888', Jan, 1.5)", "('888', Jan, 1.5)"],
            ["('888', Jan, 1.5)"],
            [MonthRows("2019-01", 1, 0)],
        ),
        ("restricted/mart_restatement", ["('888', Jan, Jan)"], ["('888', Jan, Feb)"], []),
        # what is due is that of the newest extract
        ("restricted/mart_due_list", ["('888', 'a', Jan)"], ["('888', 'b', Feb)"], []),
        # a table without months is compared as a whole
        ("restricted/dim_rule", ["('r', 'old')"], ["('r', 'new')"], [MonthRows(None, 1, 1)]),
    ],
)
def test_rows_of_months_that_were_not_run(folder, table, before, after, expected):
    last, written = pair(folder, rows(table, *before), rows(table, *after))
    (difference,) = table_differences(last, written, DESCRIBED)
    assert list(difference.changed) == expected
    assert list(table_differences(last, in_partitions(written), DESCRIBED)[0].changed) == expected
    assert list(table_differences(in_partitions(last), written, DESCRIBED)[0].changed) == expected
    # only figures as reported are refused
    assert compare(last, written, [], Corrections(), DESCRIBED).refusal_lines() == []


def test_a_column_that_came_or_changed_its_type_hides_no_other_difference(folder):
    before = {"open/mart": "select '888' as la_code, date '2019-01-31' as extract_month, 1 as count, 'x' as label"}
    after = {"open/mart": "select '888' as la_code, date '2019-01-31' as extract_month, 1.0 as count, 2 as more"}
    announced = [Announcement(frozenset({"mart"}), frozenset({"all"}), "new")]
    last, written = pair(folder, before, after)
    assert compare(last, written, announced, Corrections(), DESCRIBED).refusal_lines() == []
    assert [table.changed for table in table_differences(last, written, DESCRIBED)] == [()]


def test_a_change_of_columns_is_refused_with_the_line_that_would_announce_it(folder):
    last, written = pair(folder, {"open/mart": "select 1 as a"}, {"open/mart": "select 1 as a, 'x' as b"})
    (line,) = compare(last, written, [], Corrections((FEBRUARY,), "no help"), DESCRIBED).refusal_lines()
    assert "open/mart: column b is new, VARCHAR" in line
    assert line.endswith("data_changes.csv: 0.1.0,open/mart,b,,added")


def test_an_announcement_that_the_last_release_knew_announces_nothing_again(folder):
    announced = [Announcement(frozenset({"mart"}), frozenset({"b"}), "digest")]
    last = write_release(folder, LAST, {"open/mart": "select 1 as a"}, data_changes=["digest"])
    written = write_release(folder, WRITTEN, {"open/mart": "select 1 as a, 'x' as b"})
    assert len(compare(last, written, announced, Corrections(), DESCRIBED).refusal_lines()) == 1


def test_equal_partitions_are_not_read(folder):
    last, written = map(in_partitions, pair(folder, figures(PLANS, LATER), figures(PLANS, LATER, OF_LATER_TEAM)))
    for release in (last, written):
        (release.path / "restricted/fct_indicator_value/extract_month=2019-01/888.parquet").unlink()
    assert [figures.new for figures in changed_figures(last, written)] == [1]


def test_a_last_release_that_is_not_whole_is_named(folder):
    last, written = pair(folder, figures(PLANS), figures(PLANS, OF_TEAM))
    (last.path / "restricted" / "fct_indicator_value.parquet").unlink()
    with pytest.raises(BadInputError, match=f"{LAST} is incomplete: restricted/fct_indicator_value.parquet"):
        compare(last, written, [], Corrections(), DESCRIBED)


def test_what_people_read_is_what_a_release_is_held_against(folder):
    assert last_release(folder) is None
    pair(folder, {}, {})
    switch(folder, LAST)
    assert last_release(folder).id == LAST
    # a lost link does not let figures change unseen
    folder.latest.unlink()
    assert last_release(folder).id == WRITTEN


@pytest.mark.parametrize(
    ("months", "reason", "words"),
    [
        (["2019-01"], None, "needs a reason"),
        (["2019-01"], "  ", "needs a reason"),
        (["January"], "because", "'January' is not a month"),
        (["all"], "because", "'all' is not a month"),
    ],
)
def test_a_correction_names_a_month_and_has_a_reason(months, reason, words):
    with pytest.raises(UsageError, match=words):
        Corrections.of_run(months, reason)


def test_only_a_month_that_is_run_is_corrected():
    given = Corrections.of_run(["2019-01", "2019-01"], " a late record ")
    assert given == Corrections((JANUARY,), "a late record")
    given.refuse_months_not_run([JANUARY, FEBRUARY])
    with pytest.raises(UsageError, match="2019-01 is not run"):
        given.refuse_months_not_run([FEBRUARY])
