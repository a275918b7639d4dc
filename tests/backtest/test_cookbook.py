"""The cookbook, the dictionary and `warehouse explain` on a release: each query gives an answer that is true."""

import datetime as dt
from collections import Counter
from typing import Any

import duckdb
import pytest

from pipelines.calendar import working_days_after
from pipelines.cli import main
from pipelines.dictionary import indicators
from pipelines.dictionary.cookbook import cookbook
from pipelines.settings import DataFolder
from pipelines.warehouse_file import open_warehouse

Rows = list[dict[str, Any]]


class Release:
    """The answers of a release. Small enough that every test asks it anew."""

    def __init__(self, published):
        self.path = published.release

    def rows(self, sql: str, file: str = "restricted/warehouse.duckdb") -> Rows:
        with duckdb.connect(str(self.path / file), read_only=True) as connection:
            result = connection.execute(sql)
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def recipe(self, name: str) -> Rows:
        recipe = cookbook()[name]
        return self.rows(recipe.sql, recipe.reads.split(",")[0])

    def figure(self, indicator_id: str, month: str = "2019-08-31") -> dict[str, Any]:
        """The county's figure as reported."""
        [row] = self.rows(
            f"""
            from fct_indicator_value
            where indicator_id = '{indicator_id}' and area_type = 'authority' and basis = 'as_reported'
                and month = date '{month}'
            """
        )
        return row


@pytest.fixture(scope="module")
def release(published) -> Release:
    return Release(published)


def missing_from_numerator(figure: dict[str, Any]) -> float:
    return figure["denominator"] - figure["numerator"]


def test_there_are_twenty_three_questions():
    assert len(cookbook()) == 23


def test_what_the_districts_drive_adds_up_to_the_countys_change(release, published):
    rows = release.recipe("01_districts_that_drive_dental_checks")
    first = dt.date.fromisoformat(f"{published.months[0]}-01").replace(day=31)
    change = (
        release.figure("cla_dental_check_up_to_date")["value"]
        - release.figure("cla_dental_check_up_to_date", str(first))["value"]
    )
    assert sum(row["of_county_change"] for row in rows) == pytest.approx(change, abs=0.02)
    assert sum(row["children_now"] for row in rows) == release.figure("cla_dental_check_up_to_date")["denominator"]
    assert [row["of_county_change"] for row in rows] == sorted(row["of_county_change"] for row in rows)


def test_late_reviews_are_those_the_figure_lacks_and_each_says_why(release):
    rows = release.recipe("02_late_reviews_and_why")
    assert len(rows) == missing_from_numerator(release.figure("cla_reviews_on_time")) > 0
    for row in rows:
        assert row["days_late"] == (row["held_date"] - row["due_date"]).days > 0
        assert (row["review_number"] == 1) == row["why"].startswith("First") or "case system" in row["why"]


def test_those_on_a_plan_for_two_years_are_counted_by_their_days(release):
    rows = release.recipe("03_on_a_plan_over_two_years")
    end = dt.date(2019, 8, 31)
    plans = release.rows("from current_plan where plan_type = 'cp' and not is_other_authority")
    open_plans = [
        plan for plan in plans if plan["start_date"] and (plan["end_date"] is None or plan["end_date"] > end)
    ]
    old = [plan for plan in open_plans if (end - plan["start_date"]).days + 1 > 729]
    assert Counter(row["child_id"] for row in rows) == Counter(plan["child_id"] for plan in old)
    assert len(rows) > 10


def test_a_team_is_set_against_the_county_indicator_by_indicator(release):
    rows = {row["indicator_id"]: row for row in release.recipe("04_a_team_against_the_county")}
    assert len(rows) >= 15
    dental = rows["cla_dental_check_up_to_date"]
    assert dental["county_now"] == pytest.approx(release.figure("cla_dental_check_up_to_date")["value"], abs=0.05)
    assert dental["gap_now"] == pytest.approx(dental["team_now"] - dental["county_now"], abs=0.11)
    assert dental["change_of_gap"] == pytest.approx(dental["gap_now"] - dental["gap_then"], abs=0.11)


def test_assessments_that_run_out_are_due_before_the_next_month_end(release):
    rows = release.recipe("05_health_assessments_that_run_out")
    figure = release.figure("cla_health_assessment_up_to_date")
    assert sum(row["children"] for row in rows) == figure["denominator"]
    children = release.rows(
        """
        from fct_indicator_child
        where indicator_id = 'cla_health_assessment_up_to_date' and is_in_numerator
            and month = date '2019-08-31' and extract_month = month
        """
    )
    soon = [row for row in children if row["due_date"] < dt.date(2019, 9, 30)]
    assert sum(row["run_out_next_month"] for row in rows) == len(soon) > 0
    assert all(row["percent_if_nothing_is_done"] <= row["percent_now"] for row in rows)


def test_repeat_plans_fall_into_bands_that_hold_all_plans_of_twelve_months(release):
    rows = {row["came_back"]: row["plans"] for row in release.recipe("06_how_soon_plans_repeat")}
    plans = [
        plan
        for plan in release.rows("from current_plan where plan_type = 'cp' and not is_other_authority")
        if plan["start_date"] and dt.date(2018, 8, 31) < plan["start_date"] <= dt.date(2019, 8, 31)
    ]
    assert sum(rows.values()) == len(plans)
    assert rows["0 first plan"] == sum(not plan["is_repeat"] for plan in plans)
    [band] = [count for name, count in rows.items() if name.startswith("1 ")]
    assert band == sum(
        plan["is_repeat"]
        and plan["previous_plan_end_date"] is not None
        and plan["start_date"] <= six_months_after(plan["previous_plan_end_date"])
        for plan in plans
    )


def six_months_after(day: dt.date) -> dt.date:
    month = day.month + 6
    year, month = day.year + (month > 12), month - 12 * (month > 12)
    for last in range(day.day, 0, -1):
        try:
            return dt.date(year, month, last)
        except ValueError:
            continue
    raise AssertionError


def test_what_changed_since_it_was_reported_is_the_sum_of_its_causes(release):
    rows = release.recipe("07_what_changed_since_reported")
    counts = [row for row in rows if row["reported_denominator"] is None and row["other"] is not None]
    assert len(counts) >= 3
    causes = ("recorded_late", "corrected", "withdrawn", "overwritten", "other")
    for row in counts:
        assert row["known_now"] - row["reported"] == sum(row[cause] for cause in causes)
    assert all(row["change"] is not None for row in rows)


def test_growth_of_care_is_starts_less_leavings_of_the_newest_extract(release):
    rows = release.recipe("08_why_care_grows")
    for indicator_id, column in (("cla_started", "started"), ("cla_ceased", "ceased")):
        months = release.rows(
            f"""
            from fct_indicator_value
            where indicator_id = '{indicator_id}' and area_type = 'authority' and extract_month = '2019-08-31'
            """
        )
        assert sum(row[column] for row in rows) == sum(month["numerator"] for month in months) > 0
        half = [month["numerator"] for month in months if month["month"] > dt.date(2019, 2, 28)]
        assert len(half) == 6
        assert sum(row[f"{column}_last_6_months"] for row in rows) == sum(half)


def test_care_leavers_out_of_touch_are_those_the_figure_lacks(release):
    rows = release.recipe("09_care_leavers_out_of_touch")
    assert len(rows) == missing_from_numerator(release.figure("care_leavers_in_touch")) > 0
    known = [row["days_since_contact"] for row in rows if row["latest_contact_date"] is not None]
    # two months are at least 59 days; a contact after the month is none
    assert all(days >= 59 or days < 0 for days in known)


def test_people_in_unsuitable_accommodation_are_those_the_figure_lacks(release):
    rows = release.recipe("10_unsuitable_accommodation")
    lacking = missing_from_numerator(release.figure("care_leavers_suitable_accommodation"))
    assert sum(row["people"] for row in rows) == lacking > 0
    for row in rows:
        activities = row["in_work_or_study"] + row["not_in_work_or_study"] + row["activity_not_known"]
        assert activities == row["people"]
    assert {row["accommodation_code"]: row["accommodation"] for row in rows}["S2"] == "homeless, unsuitable"


def test_who_is_behind_reads_only_what_may_leave_the_service(release):
    rows = release.recipe("11_behind_others_beyond_chance")
    assert len(rows) >= 10
    health = {
        row["comparator_name"]: row for row in rows if row["indicator_name"] == "Health assessment up to date"
    }
    assert health["England"]["ours"] == pytest.approx(
        release.figure("cla_health_assessment_up_to_date")["value"], abs=0.05
    )
    assert all(row["years_apart"] is not None for row in rows)


def test_children_per_worker_are_pairs_of_a_child_and_a_worker(release):
    rows = release.recipe("12_children_per_worker")
    open_cases = release.rows(
        "from current_allocation where role_code = 'CW' and worker_id is not null and is_open"
    )
    pairs = {(case["team_name"], case["worker_id"], case["child_id"]) for case in open_cases}
    assert sum(row["children"] for row in rows) == len(pairs) > 1000
    assert all(row["most_children"] >= row["median_children"] for row in rows)


def test_referrals_that_follow_another_are_those_of_twelve_months(release):
    rows = release.recipe("13_who_is_referred_again")
    months = release.rows(
        """
        from fct_indicator_value
        where indicator_id = 're_referrals_12_months' and area_type = 'authority' and extract_month = '2019-08-31'
            and month > date '2018-08-31'
        """
    )
    assert len(months) == 12
    assert sum(row["referrals"] for row in rows) == sum(month["denominator"] for month in months)
    assert sum(row["within_12_months"] for row in rows) == sum(month["numerator"] for month in months) > 0


def test_children_who_move_often_are_those_in_the_numerator(release):
    rows = release.recipe("14_children_who_move_often")
    assert len({row["child_id"] for row in rows}) == release.figure("cla_three_or_more_placements")["numerator"]
    assert all(row["placements_in_year"] >= 3 for row in rows)


def test_records_to_correct_are_the_teams_own_and_threaten_a_figure(release):
    rows = release.recipe("15_records_to_correct_first")
    threatening = {
        rule["rule"]: rule["title"] for rule in release.rows("from dim_rule") if rule["threatens"] != ""
    }
    issues = release.rows("from dq_issue where team_name = 'Burnley' and resolved_extract is null")
    counts = Counter(threatening[issue["rule"]] for issue in issues if issue["rule"] in threatening)
    assert {row["title"]: row["records"] for row in rows} == dict(counts)
    assert counts


def test_who_lives_out_of_the_area_lives_where_the_breakdown_says(release):
    rows = release.recipe("16_who_lives_out_of_the_area")
    assert len(rows) == release.figure("cla_placed_out_of_area")["numerator"] > 0
    counts = release.rows(
        """
        from fct_indicator_breakdown
        where indicator_id = 'cla_placed_out_of_area' and area_type = 'authority' and dimension = 'placement_la'
            and month = date '2019-08-31' and numerator > 0
        """
    )
    assert Counter(row["authority"] for row in rows) == {count["code"]: count["numerator"] for count in counts}
    assert all(row["lives_in"] for row in rows)


def test_providers_share_the_children_looked_after_of_every_month(release, published):
    rows = release.recipe("17_who_provides_placements")
    assert len(rows) == len(published.months)
    for row in rows:
        assert row.pop("children") == release.figure("children_looked_after", str(row.pop("month")))["numerator"]
        assert sum(row.values()) == pytest.approx(100, abs=0.3)


def test_who_waits_for_permanence_is_counted_and_has_waited(release):
    rows = release.recipe("18_who_waits_for_permanence")
    assert len(rows) == release.figure("cla_without_permanence_plan")["numerator"] > 0
    assert all(row["days_waiting"] >= 0 for row in rows)
    assert any(row["second_review"] for row in rows) and any(row["on_tracker_for"] for row in rows)


def test_leavings_of_two_years_are_those_reported(release, published):
    rows = release.recipe("19_how_children_leave_care")
    first = dt.date.fromisoformat(f"{published.months[0]}-01").replace(day=31)
    assert sum(row["now"] for row in rows) == release.figure("cla_ceased_12_months")["numerator"] > 0
    assert sum(row["before"] for row in rows) == release.figure("cla_ceased_12_months", str(first))["numerator"]
    adopted = next(row["now"] for row in rows if row["how"] == "adopted")
    assert adopted == release.figure("cla_ceased_adopted")["numerator"]


def test_those_longest_in_section_20_are_all_of_them(release):
    rows = release.recipe("20_longest_in_section_20")
    assert len(rows) == release.figure("cla_section_20")["numerator"] > 0
    without_plan = [row for row in rows if row["has_no_care_plan"]]
    assert len(without_plan) == release.figure("cla_section_20_without_plan")["numerator"] > 0
    days = [row["days"] for row in rows]
    assert days == sorted(days, reverse=True) and min(days) >= 0


def test_challenges_over_four_weeks_are_those_counted(release):
    rows = release.recipe("21_challenges_and_their_clocks")
    assert sum(row["is_over_four_weeks"] for row in rows) == release.figure("challenges_over_4_weeks")["numerator"]
    assert rows
    for row in rows:
        assert row["four_weeks_end"] == row["raised_date"] + dt.timedelta(days=28)
        assert row["working_days_end"] == working_days_after(row["raised_date"], 20)


def test_checks_that_are_missing_are_those_the_figures_lack(release):
    rows = release.recipe("22_checks_between_reviews_missing")
    figures = [release.figure(f"midpoint_monitoring_{context}") for context in ("cla", "cp")]
    assert sum(row["checks_due"] for row in rows) == sum(figure["denominator"] for figure in figures)
    assert sum(row["missing"] for row in rows) == sum(map(missing_from_numerator, figures)) > 0
    assert sum(row["missing_looked_after"] for row in rows) == missing_from_numerator(figures[0])
    assert len(rows) > 10


def test_agencies_that_do_not_come_are_those_counted(release):
    rows = release.recipe("23_who_does_not_come_to_conferences")
    assert sum(row["neither"] for row in rows) == release.figure("conference_agency_absent")["numerator"] > 0
    assert all(row["invited"] == row["came"] + row["sent_a_report"] + row["neither"] for row in rows)


def test_every_recipe_says_the_file_and_the_tables_that_it_reads():
    for recipe in cookbook().values():
        file, *tables = [part.strip() for part in recipe.reads.split(",")]
        assert file in {"restricted/warehouse.duckdb", "open/marts.duckdb"}
        assert tables
        for table in tables:
            assert f"{table}\n" in recipe.sql.split("Look out:")[1] or f"{table} as" in recipe.sql


def test_every_table_and_column_of_the_release_is_in_its_dictionary(release, published):
    room = published.release / "report" / "dictionary"
    assert (room / "index.html").is_file()
    for file in ("restricted/warehouse.duckdb", "open/marts.duckdb"):
        columns = release.rows("select table_name, column_name from duckdb_columns() where not internal", file)
        pages: dict[str, str] = {}
        for column in columns:
            name = column["table_name"]
            if name.startswith("current_"):
                continue
            page = pages.setdefault(name, (room / f"table-{name}.html").read_text(encoding="utf-8"))
            assert f"<code>{column['column_name']}</code>" in page, f"{name}.{column['column_name']}"
        assert f"{file.split('/')[0]}/mart_indicator_benchmark/*/*.parquet" in pages["mart_indicator_benchmark"]


def test_reasons_in_the_release_are_those_of_the_dictionary(release):
    found = release.rows("select distinct indicator_id, reason from fct_indicator_child where not is_in_numerator")
    assert found
    for row in found:
        # a row of the denominator alone has no reason: an officer's post, a conference beside its forms
        is_alone = row["reason"] is None and row["indicator_id"] in {"iro_caseload", "conference_feedback_return"}
        assert is_alone or row["reason"] in indicators()[row["indicator_id"]].reasons


def test_the_day_of_a_row_is_the_month_end_where_its_words_name_no_other(published):
    folder = DataFolder(published.release.parents[1])
    with open_warehouse(folder, read_only=True) as connection:
        found = connection.execute(
            "select indicator_id, bool_and(row_day = month) from indicators.ind_child_row group by indicator_id"
        ).fetchall()
    assert len(found) > 50
    for indicator_id, is_month_end in found:
        words = indicators()[indicator_id].words
        assert (words.row_day == type(words).model_fields["row_day"].default) is is_month_end, indicator_id


def test_explain_shows_the_figure_of_the_current_release(release, published, capfd):
    data = published.release.parents[1]
    figure = release.figure("cla_reviews_on_time")
    assert main(["explain", "--data", str(data), "cla_reviews_on_time"]) == 0
    text = capfd.readouterr().out
    assert f"({figure['numerator']:,.0f} of {figure['denominator']:,.0f})" in text
    assert f"{missing_from_numerator(figure):,.0f}  Review held after it was due" in text
    assert "dbt_project/models/indicators/ind_cla_reviews.sql" in text


def test_explain_of_a_name_that_is_not_there_is_wrong_usage(published, capfd):
    assert main(["explain", "--data", str(published.release.parents[1]), "cla_reviews_on_tyme"]) == 2
    assert "similar names: cla_reviews_on_time" in capfd.readouterr().err
