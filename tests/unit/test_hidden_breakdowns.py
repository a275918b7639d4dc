"""Which breakdowns are hidden: hand-made cases, and an attack on a small authority of random children."""

import polars as pl
import pytest
from breakdown_attack import Breakdowns
from disclosure_attack import attack
from small_councils import BREAKDOWN_COLUMNS
from small_profiles import MONTH, UNITS, breakdowns_of, children, figures_of

from pipelines.publish.disclosure import hidden_breakdowns as module
from pipelines.publish.disclosure.hidden_breakdowns import HIDDEN_BREAKDOWN, hidden_breakdowns, wider_codes
from pipelines.publish.disclosure.hidden_figures import HIDDEN_FIGURE, hidden_figures
from pipelines.publish.disclosure.related_counts import RelatedCounts
from pipelines.seeds import seed_rows

CHILDREN, FOSTER, PARENTS = "children_looked_after", "cla_in_foster_care", "cla_placed_with_parents"
NOTHING_HIDDEN = pl.DataFrame(schema=HIDDEN_FIGURE)
TEAMS = pl.DataFrame(
    schema=dict.fromkeys(("la_code", "team_name", "locality_name"), pl.String) | {"extract_month": pl.Date}
)
Number = float | tuple[float, float]


def table(indicator: str, dimension: str, **codes: Number) -> pl.DataFrame:
    """A breakdown: a number by code, or numerator and denominator."""
    unit, period = UNITS[indicator]
    rows = [
        {"indicator_id": indicator, "la_code": "888", "dimension": dimension, "code": code, "unit": unit,
         "period": period, "extract_month": MONTH, "numerator": numerator, "denominator": denominator}
        for code, number in codes.items()
        for numerator, denominator in [number if isinstance(number, tuple) else (number, None)]
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides=BREAKDOWN_COLUMNS)


def hidden(*tables: pl.DataFrame, figures: pl.DataFrame = NOTHING_HIDDEN, **more) -> set[tuple[str, str]]:
    found = hidden_breakdowns(pl.concat(tables), figures, 6, **more)
    return set(found.select("indicator_id", "dimension").rows())


def secret(indicator: str, **marks) -> pl.DataFrame:
    """A figure of the authority that `open/` suppresses or leaves out."""
    row = {"indicator_id": indicator, "la_code": "888", "area_type": "authority", "area_name": "888"}
    row |= {"month": MONTH, "extract_month": MONTH, "left_out": None, "is_added": False}
    row |= {"hides_numerator": False, "hides_denominator": False}
    return pl.DataFrame([row | marks], schema=HIDDEN_FIGURE)


@pytest.mark.parametrize(
    ("codes", "is_hidden"),
    [
        ({"female": 30.0, "male": 40.0}, False),
        ({"female": 30.0, "male": 40.0, "not_known": 5.0}, True),
        ({"female": 6.0, "male": 6.0}, False),
        ({"female": 70.0}, False),
    ],
)
def test_a_table_is_hidden_where_a_code_counts_few(codes, is_hidden):
    assert hidden(table(CHILDREN, "sex", **codes)) == ({(CHILDREN, "sex")} if is_hidden else set())


def test_a_percentage_is_hidden_where_few_are_left_in_a_code():
    tables = (
        table(CHILDREN, "sex", female=30.0, male=40.0),
        table(FOSTER, "sex", female=(20.0, 30.0), male=(37.0, 40.0)),
    )
    assert hidden(*tables) == {(FOSTER, "sex")}


def test_what_parts_leave_of_a_code_is_a_number_too():
    homes = "cla_in_residential_care"
    tables = [
        table(CHILDREN, "sex", female=40.0, male=40.0),
        table(FOSTER, "sex", female=(20.0, 40.0), male=(20.0, 40.0)),
        table(homes, "sex", female=(17.0, 40.0), male=(10.0, 40.0)),
    ]
    assert hidden(*tables) == {(homes, "sex")}
    # without the residential ones it is those who are not fostered
    assert hidden(*tables[:2]) == set()


def test_a_finer_table_is_hidden_with_its_wider_one_and_not_the_other_way_round():
    wide = {"foster": 30.0, "residential": 9.0}
    fine = table(CHILDREN, "placement_type", U1=28.0, U4=2.0, K2=9.0)
    assert hidden(table(CHILDREN, "placement_group", **wide), fine) == {(CHILDREN, "placement_type")}
    both = {(CHILDREN, "placement_type"), (CHILDREN, "placement_group")}
    few = (
        table(CHILDREN, "placement_group", **wide, temporary=1.0),
        pl.concat([fine, table(CHILDREN, "placement_type", T0=1.0)]),
    )
    assert hidden(*few) == both


def test_a_hidden_figure_hides_its_tables_and_the_code_with_its_number():
    tables = [
        table(CHILDREN, "placement_group", foster=60.0, parents=9.0),
        table(CHILDREN, "sex", female=30.0, male=39.0),
        table(PARENTS, "sex", female=(0.0, 30.0), male=(9.0, 39.0)),
    ]
    assert hidden(*tables) == set()
    out = {(CHILDREN, "placement_group"), (PARENTS, "sex")}
    assert hidden(*tables, figures=secret(PARENTS, left_out="with others")) == out
    assert hidden(*tables, figures=secret(PARENTS, hides_numerator=True)) == out


def test_a_number_that_a_shown_table_has_under_the_same_code_is_held_to_be_known():
    """Fostered, residential and with parents are figures of their own: with one more the last number follows."""
    codes = {"foster": 60.0, "residential": 12.0, "parents": 9.0, "temporary": 2.0, "community": 7.0}
    own, without_plan = table(CHILDREN, "placement_group", **codes), "cla_section_20_without_plan"
    assert hidden(own) == {(CHILDREN, "placement_group")}
    other = table(without_plan, "placement_group", foster=12.0, community=6.0)
    assert hidden(own, other) == {(CHILDREN, "placement_group")}
    same = table(without_plan, "placement_group", foster=12.0, community=7.0)
    assert hidden(own, same) == {(CHILDREN, "placement_group"), (without_plan, "placement_group")}


def test_one_of_two_tables_with_the_same_number_is_never_shown():
    in_care = table(FOSTER, "location", in_area=(40.0, 50.0), out_of_area=(20.0, 30.0))
    assert hidden(in_care) == {(FOSTER, "location")}
    assert (
        hidden(table("cla_placed_out_of_area", "placement_group", foster=(20.0, 60.0), residential=(10.0, 20.0)))
        == set()
    )


def test_what_the_previous_release_hides_stays_hidden():
    before = pl.DataFrame(
        [{"la_code": "888", "indicator_id": CHILDREN, "dimension": "sex", "extract_month": MONTH}],
        schema=HIDDEN_BREAKDOWN,
    )
    own = table(CHILDREN, "sex", female=30.0, male=40.0)
    assert hidden(own, published=before) == {(CHILDREN, "sex")}
    assert hidden(own, published=before.with_columns(extract_month=pl.lit(MONTH.replace(month=5)))) == set()


def test_a_mean_is_hidden_where_few_stand_behind_it_and_sums_of_parts_of_people_always():
    days = "adoption_days_entry_to_placement"
    assert hidden(table(days, "sex", female=(2.5, 8.0), male=(900.0, 9.0))) == set()
    assert hidden(table(days, "sex", female=(4000.0, 5.0), male=(900.0, 9.0))) == {(days, "sex")}
    assert hidden(table(FOSTER, "sex", female=(20.0, 30.5), male=(20.0, 40.0))) == {(FOSTER, "sex")}


def test_finer_codes_are_those_of_the_seeds():
    for row in seed_rows("dimension"):
        if row["wider_dimension"]:
            codes = {code["code"] for code in seed_rows("dimension_code") if code["dimension"] == row["dimension"]}
            assert codes - wider_codes()[row["dimension"]].keys() <= {"other"}
    assert wider_codes()["placement_type"]["none"] == "none"
    assert wider_codes()["ceased_reason"]["E15"] == "other"


def shown_of(truth: pl.DataFrame) -> tuple[pl.DataFrame, set[str]]:
    """The tables that are shown of the breakdowns, and the indicators whose figure is."""
    figures = figures_of(truth)
    secrets = hidden_figures(figures, TEAMS, 6)
    tables = hidden_breakdowns(truth, secrets, 6)
    shown = truth.join(tables, on=["indicator_id", "dimension"], how="anti")
    return shown, set(figures["indicator_id"]) - set(secrets["indicator_id"])


@pytest.mark.parametrize(
    ("seed", "number"),
    [(1, 300), *(pytest.param(seed, size, marks=pytest.mark.long) for seed in (2, 3) for size in (60, 300, 1500))],
)
def test_every_small_number_by_code_has_another_filling_that_is_published_alike(seed, number):
    truth = breakdowns_of(children(seed, number))
    shown, figures = shown_of(truth)
    own = Breakdowns(shown, truth, figures)

    def alike(numbers) -> bool:
        again, same = shown_of(own.figures_of(numbers))
        tables = ["indicator_id", "dimension"]
        return same == figures and again.select(tables).unique().sort(tables).equals(
            shown.select(tables).unique().sort(tables)
        )

    assert len(own.asked()) > 50
    assert attack(own, alike).given_away == []


def test_the_attack_finds_what_the_relations_protect(monkeypatch):
    monkeypatch.setattr(module, "related_counts", RelatedCounts)
    truth = breakdowns_of(children(1, 1500))
    shown, figures = shown_of(truth)
    assert attack(Breakdowns(shown, truth, figures), lambda numbers: True, rounds=1).given_away


def test_the_attack_finds_what_two_tables_with_the_same_numbers_tell(monkeypatch):
    out_of_area = "cla_placed_out_of_area"
    truth = pl.concat(
        [
            table(
                out_of_area, "placement_group", foster=(20.0, 60.0), residential=(10.0, 20.0), parents=(2.0, 29.0)
            ),
            table(FOSTER, "location", in_area=(40.0, 90.0), out_of_area=(20.0, 45.0)),
            table("cla_in_residential_care", "location", in_area=(10.0, 90.0), out_of_area=(10.0, 45.0)),
            table(PARENTS, "location", in_area=(27.0, 90.0), out_of_area=(2.0, 45.0)),
        ]
    )
    given_away = []
    for names in (module._told_by_others(), ()):
        monkeypatch.setattr(module, "_told_by_others", lambda names=names: names)
        shown = truth.join(
            hidden_breakdowns(truth, NOTHING_HIDDEN, 6), on=["indicator_id", "dimension"], how="anti"
        )
        given_away.append(attack(Breakdowns(shown, truth, set(UNITS)), lambda numbers: True, rounds=3).given_away)
    assert given_away[0] == []
    assert {name.split(",")[0] for name in given_away[1]} == {f"{PARENTS} numerator", f"{out_of_area} numerator"}
