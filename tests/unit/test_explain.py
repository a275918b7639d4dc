"""`warehouse explain` on a small made-up release: figures, definitions and unknown names."""

from pathlib import Path

import duckdb
import pytest

from pipelines.calendar import Month
from pipelines.contracts import code_sets, contracts
from pipelines.dictionary import Dictionary, explain, indicators
from pipelines.dictionary.cookbook import RecipeError, read_recipe
from pipelines.dictionary.indicators import need_in_words
from pipelines.dictionary.tables import Cases, DescribedColumn, DescribedTable
from pipelines.errors import BadInputError, UsageError
from pipelines.quality.rules import rules

DENTAL = "cla_dental_check_up_to_date"
MEAN = "adoption_months_decision_to_match"
COUNTY = "'888', 'authority', 'Lancashire'"
JULY, AUGUST = Month(2019, 7), Month(2019, 8)


def a_dictionary() -> Dictionary:
    dental = {"indicator_id": DENTAL, "child_id": "a_day_late"}
    family = DescribedTable(
        "ind_cla_health",
        "indicators",
        "one indicator, child and month",
        "One row per child.",
        cases=(
            Cases("how_long_a_check_counts", "A check counts for 12 months.", "ind_cla_health", (), (dental,)),
            Cases(
                "how_long_an_assessment_counts",
                "An assessment counts for 6 months.",
                "ind_cla_health",
                (),
                ({"indicator_id": "another"},),
            ),
        ),
        sql=" ".join(
            f"{{{{ child_rows('children', '{id}') }}}}"
            for id in (DENTAL, "cla_health_assessment_up_to_date", "children_looked_after", "contacts", MEAN)
        ),
        file="dbt_project/models/indicators/ind_cla_health.sql",
    )
    together = DescribedTable("ind_child_row", "indicators", "one row", "One row.", parents=("ind_cla_health",))
    plan = DescribedTable(
        "fct_plan",
        "core",
        "one plan",
        "One row per plan.",
        columns=(DescribedColumn("is_open", "boolean", "Open at D."),),
        is_published=True,
    )
    return Dictionary(
        indicators=indicators(),
        tables={"ind_cla_health": family, "ind_child_row": together, "fct_plan": plan},
        code_sets=code_sets(),
        contracts=contracts(),
        rules=rules(),
        suites={},
        recipes={},
    )


FIGURE = (
    "indicator_id varchar, la_code varchar, area_type varchar, area_name varchar, month date, extract_month date"
)
NUMBERS = "basis varchar, numerator double, denominator double, value double"


@pytest.fixture
def release(tmp_path) -> Path:
    """Two authorities; July and August 2019, with July restated in August."""
    room = tmp_path / "2019-08_20190902T080000Z"
    benchmark = f"""
        create table mart_indicator_benchmark ({FIGURE}, release_rule varchar, comparator_year_rule varchar,
            comparator_name varchar, comparator_value double, comparator_status varchar, comparator_year varchar,
            years_apart integer, publisher varchar, release varchar, published_date date);
        insert into mart_indicator_benchmark values
            ('{DENTAL}', {COUNTY}, '2019-08-31', '2019-08-31', 'as_known_then',
             'latest_published_year', 'England', 83.75, 'value', '2017/18', 2, 'dfe', 'cla_2018', '2018-11-15'),
            ('{DENTAL}', {COUNTY}, '2019-08-31', '2019-08-31', 'as_known_then',
             'latest_published_year', 'North West', null, 'not_available', null, null, null, null, null),
            ('{DENTAL}', {COUNTY}, '2019-08-31', '2019-08-31', 'latest',
             'latest_published_year', 'England', 99, 'value', '2018/19', 1, 'dfe', 'cla_2019', '2019-12-05')
    """
    (room / "restricted").mkdir(parents=True)
    with duckdb.connect(str(room / "restricted" / "warehouse.duckdb")) as connection:
        connection.execute(benchmark)
        connection.execute(
            f"""
            create table fct_indicator_value ({FIGURE}, {NUMBERS});
            insert into fct_indicator_value values
                ('{DENTAL}', {COUNTY}, '2019-08-31', '2019-08-31', 'as_reported', 3, 16,
                 18.75),
                ('{DENTAL}', '888', 'team', 'Burnley', '2019-08-31', '2019-08-31', 'as_reported', 1, 1, 100),
                ('{DENTAL}', {COUNTY}, '2019-07-31', '2019-07-31', 'as_reported', 4, 16, 25),
                ('{DENTAL}', {COUNTY}, '2019-07-31', '2019-08-31', 'restated', 5, 16, 31.25),
                ('{DENTAL}', '890', 'authority', 'Blackpool', '2019-08-31', '2019-08-31', 'as_reported',
                 null, null, null),
                ('contacts', {COUNTY}, '2019-06-30', '2019-08-31', 'restated', 1234, null,
                 1234),
                ('contacts', {COUNTY}, '2019-07-31', '2019-07-31', 'as_reported', 7, null, 7),
                ('contacts', {COUNTY}, '2019-07-31', '2019-08-31', 'restated', 7, null, 7),
                ('{MEAN}', {COUNTY}, '2019-08-31', '2019-08-31',
                 'as_reported', 1622.620123, 62, 26.1713),
                ('cla_health_assessment_up_to_date', {COUNTY}, '2019-08-31', '2019-08-31',
                 'as_reported', 0, 0, null);
            create table fct_indicator_child (indicator_id varchar, la_code varchar, month date,
                extract_month date, is_in_numerator boolean, reason varchar);
            insert into fct_indicator_child
            select '{DENTAL}', '888', date '2019-08-31', date '2019-08-31', false, unnest(
                ['No completed dental check'] || list_transform(range(2), lambda x: 'Last dental check long ago'));
            insert into fct_indicator_child values
                ('{DENTAL}', '888', '2019-08-31', '2019-08-31', true, null),
                ('{MEAN}', '888', '2019-08-31', '2019-08-31', false, null),
                ('{DENTAL}', '888', '2019-07-31', '2019-08-31', false, 'No completed dental check')
            """
        )
    (room / "open").mkdir()
    with duckdb.connect(str(room / "open" / "marts.duckdb")) as connection:
        connection.execute(benchmark)
        connection.execute(
            f"""
            create table mart_indicator_monthly ({FIGURE}, {NUMBERS}, status varchar);
            insert into mart_indicator_monthly values
                ('{DENTAL}', {COUNTY}, '2019-08-31', '2019-08-31', 'as_reported', null, 16,
                 null, 'suppressed')
            """
        )
    return room


def told(name: str, release: Path | None, month: Month | None = None) -> list[str]:
    return [line.strip() for line in explain(a_dictionary(), name, release, month)]


def test_an_indicator_has_its_rule_its_sql_and_its_own_cases(release):
    lines = told(DENTAL, release)
    assert lines[0] == f"{DENTAL}: Dental check in the last 12 months"
    assert "SQL           dbt_project/models/indicators/ind_cla_health.sql" in lines
    assert [line for line in lines if line.startswith("cases")] == ["cases         A check counts for 12 months."]
    assert any(line.startswith("denominator   Children looked after at D for 12 months") for line in lines)


def test_the_month_is_that_of_the_release_and_every_authority_has_a_line(release):
    lines = told(DENTAL, release)
    assert "Lancashire (888), 2019-08, as reported: 18.8 % (3 of 16)" in lines
    assert (
        "Blackpool (890), 2019-08, as reported: not available: an object that it needs was not delivered" in lines
    )


def test_a_figure_that_the_extract_cannot_give_has_its_reason(release):
    reason = "Health checks: this drop begins on 1 March 2019, the figure needs all from 31 August 2018 on"
    with duckdb.connect(str(release / "restricted" / "warehouse.duckdb")) as connection:
        connection.execute("alter table fct_indicator_value add column not_available_reason varchar")
        connection.execute(
            f"update fct_indicator_value set not_available_reason = '{reason}' where la_code = '890'"
        )
    assert f"Blackpool (890), 2019-08, as reported: not available: {reason}" in told(DENTAL, release)


def test_an_indicator_says_how_far_back_it_needs_each_object(release):
    needs = [line.removeprefix("needs").strip() for line in told(DENTAL, release) if line.startswith("needs")]
    assert needs == [
        "ssd_cla_episodes: what is open at the month end",
        "ssd_cla_episodes: every event of the 12 months, where a row has no clae_entered_care_date",
        "ssd_legal_status: every event of the 12 months",
        "ssd_cla_health: the latest event of the 12 months and a day",
        "ssd_involvements: what is open at the month end",
    ]
    assert need_in_words("ssd_cp_reviews:1") == "ssd_cp_reviews: every event of the month"


def test_a_comparator_is_the_one_known_then_with_its_year_and_source(release):
    lines = told(DENTAL, release)
    assert "England: 83.8 % in 2017/18, 2 years before (dfe cla_2018, published 15 November 2018)" in lines
    assert "North West: not available" in lines
    assert not [line for line in lines if "99" in line]


def test_reasons_are_those_of_the_month_as_reported_the_most_frequent_first(release):
    lines = told(DENTAL, release)
    start = lines.index("not in the numerator:")
    assert lines[start + 1 : start + 3] == ["2  Last dental check long ago", "1  No completed dental check"]


def test_a_row_of_the_denominator_alone_is_asked_for_no_reason(release):
    assert "not in the numerator:" not in told(MEAN, release)


def test_a_restated_figure_that_differs_follows_the_reported_one(release):
    lines = told(DENTAL, release, JULY)
    assert "Lancashire (888), 2019-07, as reported: 25.0 % (4 of 16)" in lines
    assert "Lancashire (888), 2019-07, as known in 2019-08: 31.3 % (5 of 16)" in lines


@pytest.mark.parametrize(
    ("name", "month", "expected"),
    [
        pytest.param(
            "contacts", JULY, ["Lancashire (888), 2019-07, as reported: 7"], id="the same now is not told"
        ),
        pytest.param(
            "contacts",
            Month(2019, 6),
            [
                "Lancashire (888), 2019-06: not reported, because the month was not run when it was new",
                "Lancashire (888), 2019-06, as known in 2019-08: 1,234",
            ],
            id="only restated",
        ),
        pytest.param(
            "cla_health_assessment_up_to_date",
            None,
            ["Lancashire (888), 2019-08, as reported: no value (0 of 0)"],
            id="nobody in the denominator",
        ),
        pytest.param(
            MEAN,
            None,
            ["Lancashire (888), 2019-08, as reported: 26.2 months (1,622.6 in all, of 62)"],
            id="a mean",
        ),
        pytest.param(
            "contacts",
            Month(2018, 1),
            ["no figure: release 2019-08_20190902T080000Z has no figure for 2018-01"],
            id="a month that is not held",
        ),
    ],
)
def test_a_figure_that_is_not_plain_is_said_so(release, name, month, expected):
    lines = [line for line in told(name, release, month) if line.startswith(("Lancashire", "no figure"))]
    assert lines == expected


def test_before_the_first_release_the_definition_is_shown_alone():
    lines = told(DENTAL, None)
    assert lines[0].startswith(DENTAL)
    assert lines[-1] == "no figure: there is no release yet"


def test_a_user_without_access_to_restricted_sees_the_open_figures(release, monkeypatch):
    plain = Path.open

    def refused(path, *arguments, **options):
        if "restricted" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refused)
    lines = told(DENTAL, release)
    assert "Lancashire (888), 2019-08, as reported: suppressed (small numbers)" in lines
    assert "reasons outside the numerator: only for readers of restricted/" in lines
    assert not [line for line in lines if "3 of 16" in line or "long ago" in line]


def test_a_release_without_the_tables_is_one_line(release):
    with duckdb.connect(str(release / "restricted" / "warehouse.duckdb")) as connection:
        connection.execute("drop table mart_indicator_benchmark")
    with pytest.raises(BadInputError, match="cannot be read for figures: CatalogException"):
        told(DENTAL, release)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("fct_plan", "fct_plan: One row per plan."),
        ("fct_plan.is_open", "is_open: column of 1 table"),
        ("clah_person_id", "clah_person_id: column of 1 table"),
        ("ssd_cla_health", "ssd_cla_health: Health and dental checks of children looked after"),
        ("looked_after_from_18", "looked_after_from_18: The child began to be looked after at 18 or over"),
        ("yes_no", "yes_no: 2 codes"),
    ],
)
def test_other_names_are_explained_too(release, name, first):
    assert told(name, release)[0] == first


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("dental", DENTAL),
        ("cla_dental_check", DENTAL),
        ("fct_plans", "fct_plan"),
        ("NI64", "cp_plans_ended_2_years"),
        ("looked_after_from_81", "looked_after_from_18"),
    ],
)
def test_an_unknown_name_is_one_line_with_near_ones(name, near):
    with pytest.raises(UsageError) as refused:
        told(name, None)
    assert str(refused.value).startswith(f"unknown name {name}; similar names: ")
    assert near in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_month_is_asked_of_indicators_only():
    with pytest.raises(UsageError, match="fct_plan is not an indicator"):
        told("fct_plan", None, AUGUST)


def test_a_recipe_says_its_question_its_file_and_what_to_look_out_for(tmp_path):
    path = tmp_path / "01_one.sql"
    path.write_text(
        "-- Question: Who?\n-- Reads: open/marts.duckdb, t\n-- Look out: this\n--   and that.\nselect 1;\n"
    )
    recipe = read_recipe(path)
    assert (recipe.question, recipe.look_out) == ("Who?", "this and that.")
    assert recipe.sql.endswith("select 1;\n")
    path.write_text("-- Question: Who?\n-- Look out: this\nselect 1;\n")
    with pytest.raises(RecipeError, match=r"01_one.sql: nothing follows 'Reads:'"):
        read_recipe(path)


def test_indicators_are_dated_and_compared_as_the_seeds_say():
    in_touch = indicators()["care_leavers_in_touch"]
    months = [parameter for parameter in in_touch.parameters if parameter.name == "months_since_contact"]
    assert [(parameter.value, parameter.since) for parameter in months] == [
        ("3", "from the beginning"),
        ("2", "from 2019-07 on"),
    ]
    assert in_touch.words.numerator == "Those whose latest contact is no longer ago than 2 months."
    [target] = indicators()["personal_adviser_allocated"].targets
    assert (target.la_code, target.value, target.first_month_used) == ("888", "100", "2019-08")
    assert indicators()["referrals"].differences(is_comparable=True) == []
    assert indicators()["referrals"].differences(is_comparable=False) == [
        "Published for a whole year; ours is of one month."
    ]
