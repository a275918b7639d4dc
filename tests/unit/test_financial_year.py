"""What a financial year is: sums, means and the year before, from releases made by hand."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from report_release import thirteen_months, write_release

from pipelines.report.financial_year import FinancialYear, financial_years
from pipelines.report.release_reader import OwnTables, PageIndicator, authorities

MARCH, MARCH_BEFORE, JUNE = dt.date(2019, 3, 31), dt.date(2018, 3, 31), dt.date(2019, 6, 30)
EAST = ("locality", "East")
CASELOAD, RAISED, CHECKED, APPEALS = "caseload", "raised", "checked", "appeals"


def indicator(id: str, unit: str, period: str) -> PageIndicator:
    return PageIndicator(id, id, "reviews", unit, period, "", "", {}, (), False)


MONTH_END = indicator(CASELOAD, "per_fte", "month_end")
SUM = indicator(RAISED, "number", "month")
SHARE = indicator(CHECKED, "percentage", "month")
YEAR_TO_DATE = indicator(APPEALS, "number", "ytd")


def years(folder: Path, *rows: list, room: str = "restricted", **more: Any) -> list[FinancialYear]:
    release = write_release(folder / "release", [row for of_one in rows for row in of_one])
    tables = OwnTables(release / room, ["888"])
    all_authorities = authorities(tables)
    return financial_years(tables, all_authorities, [CASELOAD, RAISED, CHECKED, APPEALS], **more)["888"]


def test_a_year_ends_in_march_or_with_the_newest_extract(tmp_path):
    now, over = years(tmp_path, *(thirteen_months(extract, RAISED, range(13)) for extract in (MARCH, JUNE)))
    assert [(year.name, year.name_before, year.in_file_names, year.is_over) for year in (now, over)] == [
        ("2019/20", "2018/19", "2019-20", False),
        ("2018/19", "2017/18", "2018-19", True),
    ]
    assert [year.headings for year in (now, over)] == [
        ["2019/20 to Jun", "2018/19 to Jun"],
        ["2018/19", "2017/18"],
    ]
    assert [year.first_day for year in (now, over)] == [dt.date(2019, 4, 1), dt.date(2018, 4, 1)]


def test_the_mean_of_a_year_is_that_of_its_twelve_month_ends(tmp_path):
    # March of the year before is not one of them
    [year] = years(tmp_path, thirteen_months(MARCH, CASELOAD, [500, *range(70, 82)], unit="per_fte"))
    assert year.mean(MONTH_END).value == pytest.approx(sum(range(70, 82)) / 12) == 75.5
    assert year.mean(MONTH_END).text == "75.5"
    assert year.cell(MONTH_END, year.known.whole).value == 81


def test_the_mean_of_a_year_that_goes_on_is_that_of_its_months(tmp_path):
    [year] = years(tmp_path, thirteen_months(JUNE, RAISED, [*[90] * 10, 1, 2, 5]))
    assert year.mean(SUM).text == "2.7"
    assert year.cell(SUM, year.known.whole).text == "8"


def test_a_count_of_months_is_added_up_and_a_share_is_that_of_both_sums(tmp_path):
    [year] = years(
        tmp_path,
        thirteen_months(MARCH, RAISED, range(13)),
        thirteen_months(MARCH, RAISED, [0] * 12 + [3], area=EAST),
        thirteen_months(MARCH, CHECKED, [9, *[5] * 11, 45], [10, *[10] * 11, 50]),
    )
    assert year.cell(SUM, year.known.whole).value == sum(range(1, 13))
    assert year.cell(SUM, EAST).value == 3
    share = year.cell(SHARE, year.known.whole)
    assert (share.numerator, share.denominator, share.value) == (100, 160, 62.5)


def test_a_month_with_nothing_to_count_adds_nothing(tmp_path):
    # a percentage of an empty group has a row without a value
    rows = thirteen_months(MARCH, CHECKED, [0] * 12 + [3], [0] * 12 + [4])
    [year] = years(
        tmp_path, [row | {"status": "not_available"} if row["denominator"] == 0 else row for row in rows]
    )
    assert year.cell(SHARE, year.known.whole).value == year.mean(SHARE).value == 75
    [year] = years(tmp_path / "none", thirteen_months(MARCH, CHECKED, [0] * 13, [0] * 13))
    assert (year.cell(SHARE, year.known.whole).text, year.mean(SHARE).text) == ("z", "z")


def test_what_a_month_reported_is_said_where_the_year_knows_another_figure(tmp_path):
    december = dt.date(2018, 12, 31)
    [year] = years(
        tmp_path, thirteen_months(MARCH, RAISED, [8] * 13), thirteen_months(december, RAISED, [8] * 12 + [7])
    )
    texts = {month: cell.text for month in year.known.months if (cell := year.reported_then(SUM, month))}
    assert texts == {december: "7"}


def test_what_counts_from_april_on_is_that_of_the_last_month(tmp_path):
    [year] = years(tmp_path, thirteen_months(MARCH, APPEALS, range(13)))
    assert year.cell(YEAR_TO_DATE, year.known.whole).value == 12


@pytest.mark.parametrize(("status", "mark"), [("suppressed", "c"), ("not_available", "x")])
def test_a_month_that_is_missing_or_hidden_is_missing_in_its_sum_and_mean(tmp_path, status, mark):
    rows = thirteen_months(MARCH, RAISED, [8, 8, status, *[8] * 10])
    [year] = years(tmp_path, rows, room="open")
    cells = year.cell(SUM, year.known.whole), year.mean(SUM)
    assert [(cell.text, cell.value, cell.numerator) for cell in cells] == [(mark, None, None)] * 2


def test_a_row_that_is_left_out_of_open_is_hidden_in_its_sum(tmp_path):
    rows = [row for row in thirteen_months(MARCH, RAISED, [8] * 13) if row["month"] != dt.date(2018, 9, 30)]
    absent = {"la_code": "888", "indicator_id": RAISED, "month": "2018-09", "extract_month": "2019-03"}
    [year] = years(tmp_path, rows, left_out=[absent])
    assert year.cell(SUM, year.known.whole).text == "c"
    [year] = years(tmp_path / "unknown", rows)
    assert year.cell(SUM, year.known.whole).text == "x"


def test_the_year_before_is_what_was_reported_then(tmp_path):
    year, _ = years(
        tmp_path,
        thirteen_months(MARCH, APPEALS, [10, *[0] * 12]),
        thirteen_months(MARCH_BEFORE, APPEALS, [*[0] * 12, 9]),
        thirteen_months(MARCH, RAISED, [8] * 13),
        thirteen_months(MARCH_BEFORE, RAISED, [7] * 13),
    )
    before = year.cell_before(YEAR_TO_DATE, year.known.whole)
    assert (before.text, before.is_recomputed) == ("9", False)
    assert year.cell_before(SUM, year.known.whole).text == "84"
    assert year.mean_before(SUM).text == "7"


def test_a_year_before_that_was_not_reported_comes_from_this_extract_and_has_no_sum(tmp_path):
    [year] = years(
        tmp_path, thirteen_months(MARCH, APPEALS, [10, *[0] * 12]), thirteen_months(MARCH, RAISED, [8] * 13)
    )
    before = year.cell_before(YEAR_TO_DATE, year.known.whole)
    assert (before.text, before.is_recomputed) == ("10", True)
    assert year.cell_before(SUM, year.known.whole).text == "x"
    assert year.mean_before(SUM).text == "x"
