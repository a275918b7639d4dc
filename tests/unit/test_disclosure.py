"""Which figures are hidden or left out: tables of hand-made cases."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from pipelines.errors import UsageError
from pipelines.publish.disclosure import hidden_figures as hidden_figures_module
from pipelines.publish.disclosure.decision_cache import DecisionCache
from pipelines.publish.disclosure.hidden_figures import HIDDEN_FIGURE, hidden_figures
from pipelines.settings import SEEDS, DisclosureRules, disclosure_rules

KINDS = {
    indicator: (unit, period)
    for indicator, unit, period in pl.read_csv(SEEDS / "indicator_register.csv")
    .select("indicator_id", "unit", "period")
    .iter_rows()
}
APRIL, MAY, JUNE, JULY = (dt.date(2019, month, 1) for month in (4, 5, 6, 7))
WHOLE = "All"
# no relation to other counts: of a month, of a month as a percentage, since April as a percentage
COUNT, PERCENTAGE, SINCE_APRIL = "contacts", "assessments_within_45_working_days", "icpc_within_15_working_days"

WITH_DENOMINATOR = ("percentage", "days", "per_fte")
Number = float | tuple[float, float]
"""A count, or numerator and denominator of a percentage."""
Areas = dict[str, Number]
Extract = dict[str, dict[dt.date, Areas]]
"""Numbers of localities by indicator and month. A name with a slash is a team: `North/a`."""


def figures_of(extracts: dict[dt.date, Extract]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The figures, with the sums of localities and of the authority, and the teams. A 0 has no row."""
    rows, teams = [], set()
    for extract, indicators in extracts.items():
        for indicator, months in indicators.items():
            unit, period = KINDS[indicator]
            for month, areas in months.items():
                sums: dict[tuple[str, str], np.ndarray] = {}
                for name, number in areas.items():
                    locality, _, team = name.partition("/")
                    teams.add(("888", extract, team or f"of {locality}", locality))
                    for area in (
                        ("authority", WHOLE),
                        ("locality", locality),
                        *([("team", team)] if team else []),
                    ):
                        pair = np.array(number if isinstance(number, tuple) else (number, number))
                        sums[area] = sums.get(area, 0) + pair
                rows += [
                    (indicator, "888", *area, month, extract, period, unit, float(numerator),
                     float(denominator) if unit in WITH_DENOMINATOR else None)
                    for area, (numerator, denominator) in sums.items()
                    if denominator or area[0] == "authority"
                ]  # fmt: skip
    figures = pl.DataFrame(
        rows,
        orient="row",
        schema={
            "indicator_id": pl.String, "la_code": pl.String, "area_type": pl.String, "area_name": pl.String,
            "month": pl.Date, "extract_month": pl.Date, "period": pl.String, "unit": pl.String,
            "numerator": pl.Float64, "denominator": pl.Float64,
        },
    )  # fmt: skip
    schema = ["la_code", "extract_month", "team_name", "locality_name"]
    return figures.sample(fraction=1, shuffle=True, seed=4), pl.DataFrame(
        sorted(teams), orient="row", schema=schema
    )


def answer(extracts: dict[dt.date, Extract], **more) -> pl.DataFrame:
    figures, teams = figures_of(extracts)
    return hidden_figures(figures, teams, 6, **more)


def hidden(extract: Extract, at: dt.date = JULY, **more) -> set[str]:
    """What is hidden of an extract: `North` is a number, `North/` a denominator, `All left out` a row.

    The names of indicators and months are added where there are several.
    """
    return names_of(answer({at: extract}, **more), extract)


def names_of(found: pl.DataFrame, extract: Extract) -> set[str]:
    names = set()
    for row in found.iter_rows(named=True):
        what = [row["area_name"]]
        if len(extract) > 1:
            what.insert(0, row["indicator_id"])
        if len(extract[row["indicator_id"]]) > 1:
            what.append(f"{row['month']:%b}")
        name = " ".join(what)
        if row["left_out"]:
            names.add(f"{name} left out")
            continue
        names |= {name} if row["hides_numerator"] else set()
        names |= {f"{name}/"} if row["hides_denominator"] else set()
    return names


NOBODY = "Not allocated"
BELOW = {"North", "South", NOBODY}


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        pytest.param({"North": 30, "South": 40}, set(), id="nothing is small"),
        pytest.param({"North": 6, "South": 40}, set(), id="six are shown"),
        pytest.param({"North": 0, "South": 40}, set(), id="nobody is shown"),
        pytest.param({"North": 3, "South": 40}, BELOW, id="the example of docs/disclosure.md"),
        pytest.param({"North": 3, "South": 40, "East": 50}, {*BELOW, "East"}, id="the whole table"),
        pytest.param({"North": 5, "South": 0, "East": 50}, {*BELOW, "East"}, id="with those where nobody is"),
        pytest.param({"North": 3, "South": 4}, BELOW, id="all are small, their sum is not"),
        pytest.param({"North": 2, "South": 1}, {*BELOW, WHOLE}, id="a small headline"),
        pytest.param({"North": 30}, set(), id="one locality alone"),
        pytest.param({"North": 4}, {"North", NOBODY, WHOLE}, id="one small locality alone"),
        pytest.param({"North": 30, NOBODY: 2}, {"North", NOBODY}, id="a few without a locality"),
    ],
)
def test_a_table_of_localities_is_hidden_as_a_whole_and_a_headline_only_if_it_is_small(areas, expected):
    assert hidden({COUNT: {JULY: areas}}) == expected


NUMBERS_AND_DENOMINATORS = BELOW | {f"{name}/" for name in BELOW}


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        pytest.param({"North": (10, 20), "South": (20, 40)}, set(), id="nothing is small"),
        pytest.param({"North": (2, 20), "South": (20, 40)}, {"North", "South"}, id="a small numerator"),
        pytest.param({"North": (17, 20), "South": (20, 40)}, {"North", "South"}, id="a few are not in it"),
        pytest.param({"North": (20, 20), "South": (20, 40)}, set(), id="all of twenty are shown"),
        pytest.param({"North": (1, 4), "South": (20, 40)}, NUMBERS_AND_DENOMINATORS, id="a small denominator"),
        pytest.param({"North": (4, 4), "South": (20, 40)}, NUMBERS_AND_DENOMINATORS, id="all of four"),
        pytest.param({"North": (3, 30), "South": (0, 30)}, {"North", "South", WHOLE}, id="a small headline"),
        pytest.param(
            {"North": (0, 2), "South": (0, 2)},
            {f"{name}/" for name in (*BELOW, WHOLE)} | {*BELOW, WHOLE},
            id="nobody of four",
        ),
    ],
)
def test_a_percentage_is_hidden_with_its_denominator_only_if_that_is_small(areas, expected):
    assert hidden({PERCENTAGE: {JULY: areas}}) == expected


def test_a_count_in_two_tables_is_hidden_in_both():
    found = hidden(
        {
            "children_looked_after": {JULY: {"North": 4, "South": 40}},
            "cla_three_or_more_placements": {JULY: {"North": (0, 4), "South": (10, 40)}},
        }
    )
    assert found == {
        *(f"children_looked_after {name}" for name in BELOW),
        *(f"cla_three_or_more_placements {name}" for name in NUMBERS_AND_DENOMINATORS),
    }


def repeat_plans(of_whole: Areas, of_part: Areas) -> Extract:
    return {"cp_plans_repeat": {JULY: of_whole}, "cp_plans_repeat_12_months": {JULY: of_part}}


def test_a_small_rest_in_a_locality_hides_the_table_of_the_part_only():
    found = hidden(
        repeat_plans(
            {"North": (20, 40), "South": (30, 60)},
            {"North": (18, 40), "South": (10, 60)},
        )
    )
    assert found == {f"cp_plans_repeat_12_months {name}" for name in ("North", "South")}


def test_a_small_rest_of_the_authority_leaves_the_row_of_the_part_out():
    extract = repeat_plans({"North": (20, 40), "South": (30, 60)}, {"North": (18, 40), "South": (30, 60)})
    found = answer({JULY: extract})
    assert names_of(found, extract) == {
        "cp_plans_repeat_12_months All left out",
        "cp_plans_repeat_12_months North",
        "cp_plans_repeat_12_months South",
    }
    assert found["left_out"].drop_nulls().to_list() == [
        "with other figures of the month it gives a small number of children or events"
    ]


def test_a_relation_that_fails_by_a_few_is_a_small_group_too():
    """A restated month: two more repeat plans within twelve months than repeat plans."""
    found = hidden(repeat_plans({"North": (20, 40), "South": (30, 60)}, {"North": (22, 40), "South": (30, 60)}))
    assert "cp_plans_repeat_12_months All left out" in found
    assert "cp_plans_repeat_12_months North" in found


@pytest.mark.parametrize(
    ("june", "hides_may"),
    [
        pytest.param({"North": (2, 20), "South": (25, 50)}, False, id="both may have grown"),
        pytest.param(
            {"North": (1, 20), "South": (20, 40)},
            True,
            id="one more in the whole, and a small number: it is the one",
        ),
    ],
)
def test_what_the_growth_of_a_year_reveals_is_hidden(june, hides_may):
    found = hidden({SINCE_APRIL: {MAY: {"North": (0, 20), "South": (20, 40)}, JUNE: june}})
    assert {"North Jun", "South Jun"} <= found
    assert ({"North May", "South May"} <= found) == hides_may
    assert not {name for name in found if name.startswith(WHOLE)}


def plans_of_april(ended: int) -> Extract:
    """60 plans are open, 20 start in April, some end."""
    return {
        "cp_plans_open": {
            dt.date(2019, 3, 1): {"North": 60},
            APRIL: {"North": 60 + 20 - ended},
        },
        "cp_plans_repeat": {dt.date(2019, 3, 1): {"North": (100, 200)}, APRIL: {"North": (8, 20)}},
        "cp_plans_ended_2_years": {dt.date(2019, 3, 1): {"North": (100, 200)}, APRIL: {"North": (0, ended)}},
    }


def test_a_small_flow_is_not_left_between_two_shown_stocks():
    assert hidden(plans_of_april(ended=8), APRIL) == set()
    found = hidden(plans_of_april(ended=3), APRIL)
    assert "cp_plans_ended_2_years All Apr/" in found
    assert {name for name in found if name.endswith("left out")} == {"cp_plans_repeat All Apr left out"}


def looked_after(stock: list[Areas], started: list[Areas], ceased: list[Areas]) -> Extract:
    """Children looked after, and those who start and cease, in May, June and July."""
    numbers = {"children_looked_after": stock, "cla_started": started, "cla_ceased": ceased}
    return {name: dict(zip((MAY, JUNE, JULY), own, strict=False)) for name, own in numbers.items()}


def tables_of(found: set[str]) -> set[str]:
    """The indicators and months with something hidden of North."""
    return {name.replace(" North", "") for name in found if " North" in name}


MANY = {"North": 10, "South": 20}


def test_a_small_move_in_a_locality_hides_the_other_moves_of_its_month():
    found = hidden(
        looked_after(
            stock=[{"North": 60, "South": 90}, {"North": 56, "South": 90}, {"North": 56, "South": 90}],
            started=[MANY, {"North": 3, "South": 20}, MANY],
            ceased=[MANY, {"North": 7, "South": 20}, MANY],
        )
    )
    assert tables_of(found) == {"cla_started Jun", "cla_ceased Jun"}


def test_a_small_stock_in_a_locality_hides_the_moves_of_its_month_and_of_the_next():
    found = hidden(
        looked_after(
            stock=[{"North": 5, "South": 90}, {"North": 8, "South": 90}, {"North": 8, "South": 90}],
            started=[MANY, {"North": 13, "South": 20}, MANY],
            ceased=[MANY, MANY, MANY],
        )
    )
    moves = {f"{name} {month}" for name in ("cla_started", "cla_ceased") for month in ("May", "Jun")}
    assert tables_of(found) == {"children_looked_after May", *moves}
    assert not {name for name in found if WHOLE in name}


def test_a_small_move_of_the_authority_hides_the_table_of_the_stock_and_leaves_one_row_out():
    """5 can only become fewer, and that only in a locality where as many cease. No locality has both here."""
    found = hidden(
        looked_after(
            stock=[{"North": 60, "South": 90}, {"North": 65, "South": 82}, {"North": 65, "South": 82}],
            started=[MANY, {"North": 5, "South": 0}, MANY],
            ceased=[MANY, {"North": 0, "South": 8}, MANY],
        )
    )
    assert tables_of(found) == {
        "children_looked_after Jun",
        *(f"{name} {month}" for name in ("cla_started", "cla_ceased") for month in ("Jun", "Jul")),
    }
    assert {name for name in found if WHOLE in name} == {"cla_started All Jun", "cla_ceased All Jun left out"}


def test_a_small_move_since_april_hides_the_other_moves_since_april():
    found = hidden(
        {
            "cp_plans_open": {MAY: {"North": 60, "South": 90}, JUNE: {"North": 63, "South": 91}},
            "cp_plans_repeat": {
                MAY: {"North": (8, 20), "South": (8, 20)},
                JUNE: {"North": (14, 30), "South": (14, 30)},
            },
            "cp_plans_ended_2_years": {
                MAY: {"North": (0, 4), "South": (0, 20)},
                JUNE: {"North": (0, 11), "South": (0, 29)},
            },
        }
    )
    assert {name for name in found if name.endswith("/") and " North" in name} == {
        "cp_plans_ended_2_years North May/",
        "cp_plans_repeat North May/",
    }


def test_a_stock_with_one_move_is_hidden_in_all_months_of_an_extract():
    """In every month six of the care leavers in North are abroad, so July would give the 5 of June away."""
    found = hidden(
        {
            "care_leavers": {JUNE: {"North": 11, "South": 60}, JULY: {"North": 15, "South": 60}},
            "care_leavers_suitable_accommodation": {
                JUNE: {"North": (0, 5), "South": (30, 50)},
                JULY: {"North": (0, 9), "South": (30, 50)},
            },
        }
    )
    denominators = {name for name in found if name.endswith("/")}
    assert denominators == {
        f"care_leavers_suitable_accommodation {area} {month}/"
        for area in ("North", "South")
        for month in ("Jun", "Jul")
    }
    assert not {name for name in found if name.startswith("care_leavers ")}


def pathway_plans(care_leavers: Areas, with_adviser: Areas, all_of_them: Areas) -> Extract:
    return {
        "care_leavers": {JULY: care_leavers},
        "personal_adviser_allocated": {JULY: with_adviser},
        "care_leavers_pathway_plan_up_to_date": {JULY: all_of_them},
    }


def test_a_single_hidden_table_of_a_whole_without_a_rest_takes_another_one_with_it():
    found = hidden(
        pathway_plans(
            {"North": 4, "South": 40},
            {"North": (20, 50), "South": (30, 60)},
            {"North": (20, 54), "South": (30, 100)},
        )
    )
    assert {"care_leavers North", "care_leavers South"} <= found
    whole = "care_leavers_pathway_plan_up_to_date"
    assert {f"{whole} North/", f"{whole} South/"} <= found
    assert not {name for name in found if "adviser" in name or WHOLE in name}


def test_a_number_that_equals_a_shown_one_is_shown():
    """All of North in June are all of North in May. The table of May has a small number elsewhere."""
    months: dict[dt.date, Areas] = {
        MAY: {"North": (7, 7), "South": (4, 40), "East": (10, 30)},
        JUNE: {"North": (9, 9), "South": (20, 60), "East": (20, 50)},
    }
    assert hidden({SINCE_APRIL: months}) == {"South May", "East May"}
    # without East, the authority less North would be South
    for areas in months.values():
        del areas["East"]
    assert {"North May", "South May"} <= hidden({SINCE_APRIL: months})


def test_what_was_hidden_stays_so_in_later_extracts_and_earlier_ones_know_nothing_of_it():
    first = {COUNT: {MAY: {"North": 3, "South": 40}}}
    later = {COUNT: {MAY: {"North": 8, "South": 40}, JUNE: {"North": 9, "South": 40}}}
    found = answer({MAY: first, JUNE: later})
    assert names_of(found.filter(pl.col("extract_month") == MAY), first) == BELOW
    assert names_of(found.filter(pl.col("extract_month") == JUNE), later) == {f"{name} May" for name in BELOW}
    assert hidden(later, JUNE) == set()


def published(area_type: str, area_name: str, indicator: str = COUNT, **more) -> pl.DataFrame:
    row = {
        "indicator_id": indicator, "la_code": "888", "area_type": area_type, "area_name": area_name,
        "month": JULY, "extract_month": JULY, "hides_numerator": True, "hides_denominator": False,
        "left_out": None, "is_added": False,
    }  # fmt: skip
    return pl.DataFrame([row | more], schema=HIDDEN_FIGURE)


def test_what_an_earlier_release_did_not_show_no_later_one_shows():
    extract = {COUNT: {JULY: {"North": 30, "South": 40}}}
    assert hidden(extract) == set()
    assert hidden(extract, published=published("locality", "North")) == BELOW
    assert hidden(extract, published=published("authority", WHOLE)) == {*BELOW, WHOLE}
    left_out = published("authority", "", hides_numerator=False, left_out="earlier")
    assert hidden(extract, published=left_out) == {*BELOW, f"{WHOLE} left out"}


def test_teams_are_shown_or_hidden_as_a_whole_below_the_localities():
    assert hidden({COUNT: {JULY: {"North/a": 10, "North/b": 20, "South/c": 40}}}) == set()
    # the only team of a shown locality has its number
    two_teams = {"North/a": 3, "North/b": 20, "South/c": 40, "South/d": 30, "East/e": 50}
    assert hidden({COUNT: {JULY: two_teams}}) == {"a", "b", "c", "d"}
    small = {"North/a": 3, "North/b": 1, "South/c": 40}
    assert hidden({COUNT: {JULY: small}}) == {*BELOW, "a", "b", "c"}


DAYS = "adoption_days_entry_to_placement"
FIVE = {f"{name}{part}" for name in ("North", NOBODY, WHOLE) for part in ("", "/")}


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        pytest.param({"North": (3, 6), "South": (900, 8)}, set(), id="six stand behind it"),
        pytest.param({"North": (3000, 5), "South": (900, 8)}, NUMBERS_AND_DENOMINATORS, id="five stand behind it"),
        pytest.param({"North": (0, 5)}, FIVE, id="five, of 0 days"),
        pytest.param({"North": (0, 0), "South": (900.5, 8)}, set(), id="all in one locality"),
    ],
)  # fmt: skip
def test_of_a_mean_those_are_counted_who_stand_behind_it(areas, expected):
    assert hidden({DAYS: {JULY: areas}}) == expected


@pytest.mark.parametrize(
    ("unit", "areas", "expected"),
    [
        pytest.param("percentage", {"North": (7.5, 20), "South": (8, 20)}, {"North", "South"}, id="not below"),
        pytest.param("percentage", {"North": (5.5, 40)}, {"North", WHOLE}, id="a few of them"),
        pytest.param("percentage", {"North": (34.5, 40)}, {"North", WHOLE}, id="a few others"),
        pytest.param("percentage", {"North": (0, 5.2)}, {"North/", f"{WHOLE}/", "North", WHOLE}, id="few in all"),
        pytest.param(
            "per_fte", {"North": (90, 7.5), "South": (60, 8)}, {"North/", "South/"}, id="children of workers"
        ),
        pytest.param("per_fte", {"North": (90, 5.5)}, {"North/", f"{WHOLE}/"}, id="few workers"),
    ],
)
def test_sums_of_parts_of_people_are_shown_of_the_authority_only_and_not_if_they_are_few(
    unit, areas, expected, monkeypatch
):
    monkeypatch.setitem(KINDS, PERCENTAGE, (unit, "month_end"))
    assert hidden({PERCENTAGE: {JULY: areas}}) - {NOBODY, f"{NOBODY}/"} == expected


@pytest.mark.parametrize(("few", "leaves_out"), [((3,), True), ((3, 4), False), ((), False)])
def test_a_hidden_month_is_not_the_rest_of_a_shown_year(few, leaves_out):
    """Who left in twelve months are those of each month: all but one of them shown would tell the last one."""
    months = [dt.date(2018 + month // 12, month % 12 + 1, 1) for month in range(13)]
    by_month = {month: {"North": 20} for month in months} | {
        month: {"North": number} for month, number in zip(months[4:], few, strict=False)
    }
    years = {
        month: {"North": sum(own["North"] for own in list(by_month.values())[place - 11 : place + 1]) or 240}
        for place, month in enumerate(months)
    }
    found = answer({months[-1]: {"cla_ceased": by_month, "cla_ceased_12_months": years}})
    out = found.drop_nulls("left_out").select("indicator_id", "month").rows()
    assert set(out) == ({("cla_ceased_12_months", month) for month in months[-2:]} if leaves_out else set())


def test_a_decision_is_kept_for_the_same_figures_only(tmp_path):
    first = {COUNT: {JULY: {"North": 3, "South": 40}}}
    other = {COUNT: {JULY: {"North": 30, "South": 40}}}

    def decided(extract):
        decisions = DecisionCache(tmp_path)
        found = hidden(extract, cache=decisions)
        decisions.keep_used_only()
        return found, sorted(tmp_path.iterdir())

    found, kept = decided(first)
    assert (found, len(kept)) == (BELOW, 1)
    kept[0].write_bytes(b"cut off")
    assert decided(first)[0] == BELOW
    (of_other,) = decided(other)[1]
    kept[0].write_bytes(of_other.read_bytes())
    assert decided(first)[0] == set(), "what is kept is not used"
    found, now = decided(other)
    assert found == set()
    assert now != kept


@pytest.mark.parametrize(("hides_more", "decisions"), [(False, 1), (True, 2)])
def test_what_a_release_hides_just_as_decided_is_not_decided_again(tmp_path, monkeypatch, hides_more, decisions):
    decided = []
    decide = hidden_figures_module.hidden_until_proven
    monkeypatch.setattr(
        hidden_figures_module, "hidden_until_proven", lambda each: decided.append(each) or decide(each)
    )
    extract = {JULY: {COUNT: {JULY: {"North": 3, "South": 40}}}}
    first = answer(extract, cache=DecisionCache(tmp_path))
    more = published("authority", WHOLE) if hides_more else first.clear()
    # rows that only the release has are not known to be added
    released = pl.concat([first.with_columns(is_added=False), more])
    again = answer(extract, published=released, cache=DecisionCache(tmp_path))
    assert len(decided) == decisions
    # nor is what was decided after another release
    hidden_now = again.with_columns(is_added=False)
    answer(extract, published=hidden_now, cache=DecisionCache(tmp_path))
    assert len(decided) == decisions
    assert again.drop("is_added").equals(first.drop("is_added")) != hides_more


@pytest.mark.parametrize("text", ["five", "1", "0", "-3", "2.5"])
@pytest.mark.parametrize("variable", ["WAREHOUSE_SMALLEST_SHOWN_COUNT", "WAREHOUSE_ROUND_COUNTS_TO"])
def test_a_setting_that_is_no_count_is_refused(variable, text, monkeypatch):
    monkeypatch.setenv(variable, text)
    with pytest.raises(UsageError, match=variable):
        disclosure_rules()


def test_a_setting_of_teams_is_on_or_off(monkeypatch):
    monkeypatch.setenv("WAREHOUSE_OPEN_TEAMS", "yes")
    with pytest.raises(UsageError, match="WAREHOUSE_OPEN_TEAMS must be on or off, not yes"):
        disclosure_rules()


def test_settings_come_from_the_environment(monkeypatch):
    assert disclosure_rules() == DisclosureRules(6, None, teams=False)
    monkeypatch.setenv("WAREHOUSE_SMALLEST_SHOWN_COUNT", "10")
    monkeypatch.setenv("WAREHOUSE_ROUND_COUNTS_TO", "5")
    monkeypatch.setenv("WAREHOUSE_OPEN_TEAMS", "on")
    assert disclosure_rules() == DisclosureRules(10, 5, teams=True)
