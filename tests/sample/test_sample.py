"""The synthetic authority: its drops hold the printed counts, and its dirt is where the list says.

The counting is done in `sample_counting`, which shares no code with the generator.
"""

import csv
import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from checkout import PROJECT_ROOT
from sample_counting import (
    CHECK_WORDS,
    DENTAL,
    HEALTH,
    CountedDrop,
    Row,
    add_months,
    age,
    day,
    is_open,
    read_object,
    words,
)

from pipelines.calendar import Month, months_between
from pipelines.contracts import contracts
from pipelines.errors import BadInputError, UsageError
from pipelines.settings import DataFolder
from warehouse_sample import DEFAULT_SEED, write_sample
from warehouse_sample.layout import COLUMNS
from warehouse_sample.printed_figures import FIGURES, IMPOSSIBLE_FIGURES

AUGUST, OCTOBER = Month(2018, 8), Month(2018, 10)
LAST = Month(2019, 8)
ALL_MONTHS = tuple(months_between(AUGUST, LAST))
INDICATORS = ("cin_plans_open", "cp_plans_open", "children_looked_after")
PRINTED = {
    "CIN_NUM": "cin_plans_open",
    "CIN_RATE": "cin_plans_open_rate",
    "CP_NUM": "cp_plans_open",
    "CP_RATE": "cp_plans_open_rate",
    "CLA_NUM": "children_looked_after",
    "CLA_RATE": "children_looked_after_rate",
    "CLA_HEALTH_PCT": HEALTH,
    "CLA_DENTAL_PCT": DENTAL,
    "CL_NUM": "care_leavers",
    "CL_CONTACT_PCT": "care_leavers_in_touch",
    "CL_ACCOM_PCT": "care_leavers_suitable_accommodation",
    "CL_EET_PCT": "care_leavers_eet",
}
PUBLISHED = PROJECT_ROOT.parent / "shared" / "published" / "monthly_report_2019_08.csv"
REJECTED = {
    "value_does_not_fit_type",
    "primary_key_missing",
    "primary_key_duplicated",
    "person_not_in_ssd_person",
    "end_before_start",
}
FLAGGED = {"code_outside_code_set", "overlapping_period", "date_in_future", "orphaned_link"}
MADE_UP = "97"
"""How the keys of rows of children begin who were made up for a fault: they vanish when it is put right."""
PERIODS = {
    "ssd_cin_plans": ("cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    "ssd_cp_plans": ("cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    "ssd_cla_episodes": ("clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
    "ssd_cla_placement": ("clap_cla_placement_start_date", "clap_cla_placement_end_date"),
    "ssd_legal_status": ("lega_legal_status_start_date", "lega_legal_status_end_date"),
    "ssd_involvements": ("invo_involvement_start_date", "invo_involvement_end_date"),
    "ssd_cla_care_plan": ("lacp_cla_care_plan_start_date", "lacp_cla_care_plan_end_date"),
    "ssd_s47_enquiry": ("s47e_s47_start_date", "s47e_s47_end_date"),
    "ssd_missing": ("miss_missing_episode_start_date", "miss_missing_episode_end_date"),
    "ssd_cin_episodes": ("cine_referral_date", "cine_close_date"),
    "ssd_cin_assessments": ("cina_assessment_start_date", "cina_assessment_auth_date"),
    "local_private_fostering": ("start_date", "end_date"),
}


class Written:
    """A data folder with a sample in it, read back as files."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def drop(self, month: Month) -> Path:
        return self.root / "raw" / "lcs" / "888" / str(month)

    def faults(self, month: Month) -> list[Row]:
        path = self.root / "raw" / "lcs_planted_faults" / "888" / f"{month}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def records_at_fault(self, month: Month) -> set[tuple[str, str]]:
        """Object and key of every record that breaks a row rule."""
        path = self.root / "raw" / "lcs_planted_faults" / "888" / f"{month}-records.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            return {(fault["object"], fault["key"]) for fault in csv.DictReader(lines)}

    def rows(self, month: Month, name: str) -> list[Row]:
        return read_object(self.drop(month), name)

    def clean_rows(self, month: Month, name: str) -> list[Row]:
        planted = {int(fault["line_number"]) for fault in self.faults(month) if fault["object"] == name}
        return [row for row in self.rows(month, name) if int(row["line"]) not in planted]

    def rejected(self, month: Month) -> set[tuple[str, int]]:
        """Object and line of every row that a reader rejects."""
        return {
            (fault["object"], int(fault["line_number"]))
            for fault in self.faults(month)
            if fault["rule"] in REJECTED
        }

    def counted(self, month: Month, also_skipped: set[tuple[str, int]] | None = None) -> CountedDrop:
        return CountedDrop(self.drop(month), self.rejected(month) | (also_skipped or set()))


def write(root: Path, first: Month, last: Month, seed: int = DEFAULT_SEED) -> Written:
    write_sample(DataFolder(root), first, last, seed, lambda line: None)
    return Written(root)


@pytest.fixture(scope="session")
def sample(lancashire: Path) -> Written:
    """All thirteen months."""
    return Written(lancashire)


@cache
def figures() -> dict[tuple[str, str], dict[str, Decimal]]:
    """Printed value by area, by (indicator, month)."""
    found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    with FIGURES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["indicator_id"], row["month"]][row["area_name"]] = Decimal(row["value"])
    return found


@cache
def left_out(kind: str) -> set[tuple[str, str, str]]:
    """Indicator, area and month of the printed cells that no children can give, or that have nobody in them."""
    with IMPOSSIBLE_FIGURES.open(encoding="utf-8", newline="") as lines:
        return {
            (row["indicator_id"], row["area_name"], row["month"])
            for row in csv.DictReader(lines)
            if row["kind"] == kind
        }


Difference = tuple[str, str, Decimal | int | None, Decimal | int | None]


def differences(counted: CountedDrop, month: Month) -> list[Difference]:
    """Cells in which a drop and the printed report differ, teams that are not printed included."""
    counts = counted.counts(month.end)
    found: list[Difference] = []
    for indicator in INDICATORS:
        printed = figures()[indicator, str(month)]
        for area in {*printed, *counts[indicator]}:
            if printed.get(area, 0) != counts[indicator][area]:
                found.append((indicator, area, printed.get(area, 0), counts[indicator][area]))
    return found + different_shares(counted, month)


def different_shares(counted: CountedDrop, month: Month) -> list[Difference]:
    """The same for percentages, to the decimals that are printed; and for the number of care leavers."""
    found: list[Difference] = []
    leavers = len(counted.care_leavers(month.end))
    if (printed := figures()["care_leavers", str(month)]["Lancashire"]) != leavers:
        found.append(("care_leavers", "Lancashire", printed, leavers))
    for indicator, areas in {**counted.health(month.end), **counted.leaving_care(month.end)}.items():
        cells = figures()[indicator, str(month)]
        for area in {*cells, *areas}:
            cell = (indicator, area, str(month))
            numerator, denominator = areas.get(area, (0, 0))
            value = share(numerator, denominator, cells.get(area, Decimal("0.1")))
            expected = None if cell in left_out("empty_group") else cells.get(area)
            if value != expected and cell not in left_out("impossible"):
                found.append((indicator, area, expected, value))
    return found


def share(numerator: int, denominator: int, printed: Decimal) -> Decimal | None:
    """A percentage to as many decimals as a printed one; none of nobody."""
    if not denominator:
        return None
    return (Decimal(100 * numerator) / denominator).quantize(printed, ROUND_HALF_UP)


# The printed figures


def test_the_shipped_figures_are_the_printed_ones() -> None:
    if not PUBLISHED.exists():
        pytest.skip("the printed report as data is not beside the project")
    with PUBLISHED.open(encoding="utf-8", newline="") as lines:
        cells = list(csv.DictReader(lines))
    assert len(cells) == 1079
    assert sum(len(areas) for areas in figures().values()) == 1079
    for row in cells:
        assert figures()[PRINTED[row["indicator_code"]], row["month"]][row["area_name"]] == Decimal(row["value"])


def test_no_number_of_children_gives_a_cell_that_is_left_out() -> None:
    for indicator, area, month in left_out("impossible"):
        if area == "Lancashire" or month == "2018-11":
            continue
        looked_after = int(figures()["children_looked_after", month][area])
        health, dental = (figures()[kind, month][area] for kind in (HEALTH, DENTAL))
        giving = [
            number
            for number in range(1, looked_after + 1)
            if all(
                any(share(up_to_date, number, cell) == cell for up_to_date in range(number + 1))
                for cell in (health, dental)
            )
        ]
        assert giving == [], (indicator, area, month)


def test_the_teams_cannot_give_a_county_figure_that_is_left_out() -> None:
    """Even with everybody in care for twelve months in the best team and only half of them in the others."""
    teams = dict(figures()[DENTAL, "2019-03"])
    county = teams.pop("Lancashire")
    looked_after = figures()["children_looked_after", "2019-03"]
    best = max(
        sum(cell * looked_after[team] * (1 if cell >= least else Decimal("0.5")) for team, cell in teams.items())
        / sum(looked_after[team] * (1 if cell >= least else Decimal("0.5")) for team, cell in teams.items())
        for least in set(teams.values())
    )
    assert best < county - 15


def test_a_cell_without_anybody_is_one_of_a_team_without_children() -> None:
    assert len(left_out("empty_group")) == 2
    for _, area, month in left_out("empty_group"):
        assert figures()["children_looked_after", month][area] == 0


@pytest.mark.parametrize("month", ALL_MONTHS, ids=str)
def test_the_printed_teams_add_up_to_the_county_and_to_the_printed_rate(month: Month) -> None:
    population = 247_856 if month < Month(2019, 7) else 249_727
    for indicator in INDICATORS:
        areas = dict(figures()[indicator, str(month)])
        county = areas.pop("Lancashire")
        assert sum(areas.values()) == county
        rate = figures()[f"{indicator}_rate", str(month)]["Lancashire"]
        assert round(county / population * 10_000, 1) == rate


# Counts


@pytest.mark.parametrize("month", ALL_MONTHS[:3], ids=str)
def test_a_drop_holds_the_printed_figures_of_its_month_for_the_county_and_every_team(
    sample: Written, month: Month
) -> None:
    assert differences(sample.counted(month), month) == []


def test_the_count_notices_a_plan_that_is_missing(sample: Written) -> None:
    planted = {(fault["object"], int(fault["line_number"])) for fault in sample.faults(AUGUST)}
    plan = next(
        row
        for row in sample.rows(AUGUST, "ssd_cp_plans")
        if not row["cppl_cp_plan_end_date"]
        and row["cppl_cp_plan_ola"] == "N"
        and ("ssd_cp_plans", int(row["line"])) not in planted
    )
    without = sample.counted(AUGUST, {("ssd_cp_plans", int(plan["line"]))})
    assert ("cp_plans_open", "Lancashire", 1357, 1356) in differences(without, AUGUST)


def test_the_count_notices_a_check_that_is_missing(sample: Written) -> None:
    counted, at = sample.counted(AUGUST), AUGUST.end
    children = counted.in_care_for_12_months(at)
    latest = counted.latest_checks("Dental Check", at)
    child = next(child for child in sorted(children) if child in latest and latest[child] > dt.date(2018, 2, 1))
    counted.tables["ssd_cla_health"] = [
        row for row in counted.tables["ssd_cla_health"] if row["clah_person_id"] != child
    ]
    team = counted.allocated(at)[child]
    assert {(indicator, area) for indicator, area, *_ in differences(counted, AUGUST)} >= {(DENTAL, team)}


def test_an_earlier_month_looks_a_little_different_from_a_later_drop(sample: Written) -> None:
    later = sample.counted(OCTOBER).counts(Month(2018, 9).end)
    for indicator in INDICATORS:
        reported = figures()[indicator, "2018-09"]
        assert any(later[indicator][area] != number for area, number in reported.items()), indicator
        county = int(reported["Lancashire"])
        assert abs(later[indicator]["Lancashire"] - county) < 0.025 * county, indicator


@pytest.mark.long
@pytest.mark.parametrize("month", ALL_MONTHS, ids=str)
def test_every_drop_holds_the_printed_figures(sample: Written, month: Month) -> None:
    assert differences(sample.counted(month), month) == []


@pytest.mark.long
def test_another_seed_gives_other_lives_with_the_same_figures(sample: Written, tmp_path: Path) -> None:
    other = write(tmp_path, AUGUST, LAST, seed=7)
    for month in ALL_MONTHS:
        assert differences(other.counted(month), month) == []
    mine = (sample.drop(LAST) / "ssd_cp_plans.csv").read_bytes()
    assert (other.drop(LAST) / "ssd_cp_plans.csv").read_bytes() != mine


# Late recording


STARTS = {
    "ssd_cin_plans": ("cinp_cin_plan_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    "ssd_cp_plans": ("cppl_cp_plan_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    "ssd_cla_episodes": (
        "clae_cla_episode_id",
        "clae_cla_episode_start_date",
        "clae_cla_episode_ceased_date",
    ),
}


def late_and_all(written: Written, months: tuple[Month, ...]) -> tuple[int, int]:
    """Starts and ends dated in the months (not the first, not the last two) that missed their own drop."""
    first_shown: dict[tuple[str, str, str], tuple[Month, dt.date]] = {}
    for month in months:
        for name, (key, *columns) in STARTS.items():
            for row in written.clean_rows(month, name):
                for column in columns:
                    date = day(row[column])
                    if date:
                        first_shown.setdefault((name, row[key], column), (month, date))
    within = [
        (shown, Month(date.year, date.month))
        for shown, date in first_shown.values()
        if months[0].end < date <= months[-3].end
    ]
    return sum(shown > month for shown, month in within), len(within)


@pytest.mark.long
def test_four_to_eight_per_cent_of_starts_and_ends_are_recorded_late(sample: Written) -> None:
    late, every = late_and_all(sample, ALL_MONTHS)
    assert every > 5_000
    assert 0.04 < late / every < 0.08


def test_some_plans_are_recorded_late_corrected_or_withdrawn(sample: Written) -> None:
    september = Month(2018, 9)
    before = {row["cppl_cp_plan_id"]: row for row in sample.clean_rows(september, "ssd_cp_plans")}
    after = {row["cppl_cp_plan_id"]: row for row in sample.clean_rows(OCTOBER, "ssd_cp_plans")}
    late = [
        key
        for key in after.keys() - before.keys()
        if (start := day(after[key]["cppl_cp_plan_start_date"])) and start <= september.end
    ]
    moved = [
        key
        for key in after.keys() & before.keys()
        if after[key]["cppl_cp_plan_start_date"] != before[key]["cppl_cp_plan_start_date"]
    ]
    assert late
    assert moved
    gone = {row["cont_contact_id"] for row in sample.clean_rows(september, "ssd_contacts")}
    gone -= {row["cont_contact_id"] for row in sample.clean_rows(OCTOBER, "ssd_contacts")}
    assert gone


@pytest.mark.long
def test_some_plans_and_periods_of_care_vanish_again(sample: Written) -> None:
    for name, (key, *_) in STARTS.items():
        vanished = 0
        for before, after in pairwise(ALL_MONTHS):
            shown = {row[key] for row in sample.clean_rows(before, name) if row[key][:2] != MADE_UP}
            vanished += len(shown - {row[key] for row in sample.clean_rows(after, name)})
        assert 5 < vanished < 150, name


# The same bytes


@pytest.mark.long
def test_a_part_of_the_range_written_again_has_the_same_bytes(sample: Written, tmp_path: Path) -> None:
    again = write(tmp_path, OCTOBER, OCTOBER)
    files = sorted(path.name for path in sample.drop(OCTOBER).iterdir())
    assert files == sorted(path.name for path in again.drop(OCTOBER).iterdir())
    assert [path.name for path in again.drop(OCTOBER).parent.iterdir()] == ["2018-10"]
    for name in files:
        assert (again.drop(OCTOBER) / name).read_bytes() == (sample.drop(OCTOBER) / name).read_bytes(), name
    assert again.faults(OCTOBER) == sample.faults(OCTOBER)


def test_the_same_people_go_through_all_drops(sample: Written) -> None:
    """But for those who are made up around a record at fault, and vanish with it."""
    august, october = (
        {
            row["pers_person_id"]
            for row in sample.clean_rows(month, "ssd_person")
            if row["pers_surname"] != "Faultley"
        }
        for month in (AUGUST, OCTOBER)
    )
    assert august < october


# Dirt


def strict_date(text: str) -> dt.date:
    """Raises ValueError unless the text is a date in one of the three forms."""
    if re.fullmatch(r"\d\d/\d\d/\d{4}", text):
        return dt.datetime.strptime(text, "%d/%m/%Y").date()
    if re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?", text):
        return dt.datetime.fromisoformat(text).date()
    raise ValueError(text)


def is_readable(column: str, text: str) -> bool:
    read: Callable[[str], object] = strict_date if column.endswith(("_date", "_dob")) else float
    try:
        read(text)
    except ValueError:
        return False
    return True


Tables = dict[str, list[Row]]


def has_bad_type(fault: Row, tables: Tables) -> bool:
    column = fault["note"].split(" ")[0]
    return not is_readable(column, planted_row(fault, tables)[column])


def has_no_key(fault: Row, tables: Tables) -> bool:
    return planted_row(fault, tables)[contracts()[fault["object"]].key[0]] == "" == fault["key"]


def shares_its_key(fault: Row, tables: Tables) -> bool:
    key = contracts()[fault["object"]].key
    planted = planted_row(fault, tables)
    assert planted[key[0]] == fault["key"]
    return sum(all(row[part] == planted[part] for part in key) for row in tables[fault["object"]]) == 2


def is_of_nobody(fault: Row, tables: Tables) -> bool:
    person = next(name for name in COLUMNS[fault["object"]] if name.endswith("person_id"))
    known = {
        row["pers_person_id"]
        for row in tables["ssd_person"]
        if is_readable("pers_dob", row["pers_dob"] or "1900-01-01")
    }
    return planted_row(fault, tables)[person] not in known


def runs_backwards(fault: Row, tables: Tables) -> bool:
    row = planted_row(fault, tables)
    start, end = (strict_date(row[name]) for name in PERIODS[fault["object"]])
    return end < start


def has_that_code(fault: Row, tables: Tables) -> bool:
    column = fault["note"].split(" ")[0]
    return fault["note"] == f"{column} is {planted_row(fault, tables)[column]}"


def is_in_the_future(fault: Row, tables: Tables) -> bool:
    row = planted_row(fault, tables)
    return strict_date(row[fault["note"].split(" ")[0]]) > Month.parse(fault["month"]).extract_day


def links_to_nothing(fault: Row, tables: Tables) -> bool:
    target = {
        "cina_referral_id": ("ssd_cin_episodes", "cine_referral_id"),
        "clar_cla_id": ("ssd_cla_episodes", "clae_cla_id"),
        "cppr_cp_plan_id": ("ssd_cp_plans", "cppl_cp_plan_id"),
    }
    column = fault["note"].split(" ")[0]
    name, key = target[column]
    return planted_row(fault, tables)[column] not in {row[key] for row in tables[name]}


def lies_inside_another(fault: Row, tables: Tables) -> bool:
    row = planted_row(fault, tables)
    start = strict_date(row["cinp_cin_plan_start_date"])
    return any(
        is_open(day(other["cinp_cin_plan_start_date"]), day(other["cinp_cin_plan_end_date"]), start)
        for other in tables["ssd_cin_plans"]
        if other["cinp_person_id"] == row["cinp_person_id"]
        and other["cinp_cin_plan_id"] != row["cinp_cin_plan_id"]
        and is_readable("cinp_cin_plan_start_date", other["cinp_cin_plan_start_date"])
        and is_readable("cinp_cin_plan_end_date", other["cinp_cin_plan_end_date"] or "1900-01-01")
    )


def planted_row(fault: Row, tables: Tables) -> Row:
    return tables[fault["object"]][int(fault["line_number"]) - 2]


HAS_FAULT: dict[str, Callable[[Row, Tables], bool]] = {
    "value_does_not_fit_type": has_bad_type,
    "primary_key_missing": has_no_key,
    "primary_key_duplicated": shares_its_key,
    "person_not_in_ssd_person": is_of_nobody,
    "end_before_start": runs_backwards,
    "code_outside_code_set": has_that_code,
    "overlapping_period": lies_inside_another,
    "date_in_future": is_in_the_future,
    "orphaned_link": links_to_nothing,
}


def stands_there(fault: Row, tables: Tables) -> bool:
    """Whether the line that a planted fault names bears its key and has that fault."""
    key = contracts()[fault["object"]].key[0]
    try:
        row = planted_row(fault, tables)
        return row[key] == fault["key"] and HAS_FAULT[fault["rule"]](fault, tables)
    except (ValueError, IndexError):
        return False


@pytest.fixture(scope="module")
def august_tables(sample: Written) -> Tables:
    held = {path.name.split(".")[0] for path in sample.drop(AUGUST).iterdir()}
    return {name: sample.rows(AUGUST, name) for name in held}


def test_every_planted_fault_is_where_the_list_says(sample: Written, august_tables: Tables) -> None:
    faults = sample.faults(AUGUST)
    assert [fault for fault in faults if not stands_there(fault, august_tables)] == []
    assert {fault["rule"] for fault in faults} == REJECTED | FLAGGED
    assert 60 <= len(faults) <= 120


def test_a_fault_that_is_not_there_is_noticed(sample: Written, august_tables: Tables) -> None:
    for fault in sample.faults(AUGUST):
        elsewhere = fault | {"line_number": str(int(fault["line_number"]) + 1)}
        assert not stands_there(elsewhere, august_tables), fault


@pytest.mark.long
def test_an_unknown_column_is_listed_in_the_months_that_have_it(sample: Written) -> None:
    for month in ALL_MONTHS:
        listed = [fault for fault in sample.faults(month) if fault["rule"] == "unknown_extra_column"]
        has_column = "miss_local_note" in sample.rows(month, "ssd_missing")[0]
        assert len(listed) == has_column
        assert has_column == (Month(2018, 12) <= month <= Month(2019, 4))


@pytest.mark.parametrize("month", (AUGUST, OCTOBER), ids=str)
def test_nothing_but_the_planted_rows_breaks_a_rule(sample: Written, month: Month) -> None:
    assert_only_planted_rows_break_a_rule(sample, month)


@pytest.mark.long
@pytest.mark.parametrize("month", ALL_MONTHS[3:], ids=str)
def test_nothing_but_the_planted_rows_breaks_a_rule_later(sample: Written, month: Month) -> None:
    assert_only_planted_rows_break_a_rule(sample, month)


def assert_only_planted_rows_break_a_rule(sample: Written, month: Month) -> None:
    persons = {row["pers_person_id"] for row in sample.clean_rows(month, "ssd_person")}
    at_fault = sample.records_at_fault(month)
    for name, columns in COLUMNS.items():
        if name.startswith("local_"):
            continue
        rows = sample.clean_rows(month, name)
        if key := contracts()[name].key:
            keys = Counter("".join(row[column] for column in key) for row in rows)
            assert set(keys.values()) == {1}, name
            assert "" not in keys, name
        for column in columns:
            if column.endswith("_person_id"):
                assert {row[column] for row in rows} <= persons, column
            if column.endswith("_date"):
                written = {row[column] for row in rows} - {""}
                assert [text for text in written if not is_readable(column, text)] == [], column
        if name in PERIODS:
            for row in rows:
                start, end = (day(row[column]) for column in PERIODS[name])
                assert start or (name, row[columns[0]]) in at_fault, (name, row["line"])
                assert start is None or end is None or end >= start, (name, row["line"])


def test_faults_are_more_frequent_in_some_teams(sample: Written) -> None:
    teams = Counter(
        sample.rows(month, "ssd_cin_plans")[int(fault["line_number"]) - 2]["cinp_cin_plan_team"]
        for month in ALL_MONTHS[:3]
        for fault in sample.faults(month)
        if fault["object"] == "ssd_cin_plans"
    )
    careless = sum(teams[team] for team in ("0201", "0302", "4400"))
    assert careless > 0.6 * teams.total()


# What the lives hold


def test_the_lives_hold_the_cases_that_definitions_trip_over(sample: Written) -> None:
    counted, at = sample.counted(AUGUST), AUGUST.end
    statuses, in_need = counted.statuses(at), counted.in_need(at)
    episodes = [
        row
        for row in counted.tables["ssd_cla_episodes"]
        if is_open(day(row["clae_cla_episode_start_date"]), day(row["clae_cla_episode_ceased_date"]), at)
    ]
    in_care = {row["clae_person_id"] for row in episodes}
    short_breaks = {person for person in in_care if statuses.get(person, "").startswith(("v3", "v4", "regular"))}
    assert len(short_breaks) > 20
    assert len(short_breaks & set(in_need)) > 10
    born = {person: day(counted.persons[person]["pers_dob"]) for person in in_care}
    assert sum(birth is not None and age(birth, at) >= 18 for birth in born.values()) >= 5
    assert len(in_care - set(statuses)) > 5
    elsewhere = counted.protected(at, with_other_authorities=True) - counted.protected(
        at, with_other_authorities=False
    )
    plans = Counter(
        row["cinp_person_id"]
        for row in counted.tables["ssd_cin_plans"]
        if is_open(day(row["cinp_cin_plan_start_date"]), day(row["cinp_cin_plan_end_date"]), at)
    )
    assert len(elsewhere & set(plans)) >= 2
    assert sum(number > 1 for number in plans.values()) >= 5
    assert counted.protected(at, with_other_authorities=False) & counted.looked_after(at)
    allocated = Counter(
        row["invo_person_id"]
        for row in counted.tables["ssd_involvements"]
        if row["invo_professional_role_id"] == "CW"
        and is_open(day(row["invo_involvement_start_date"]), day(row["invo_involvement_end_date"]), at)
    )
    assert sum(number > 1 for number in allocated.values()) > 20


def test_unborn_children_have_plans_and_an_expected_date_only(sample: Written) -> None:
    counted = sample.counted(AUGUST)
    unborn = {
        person for person, row in counted.persons.items() if not row["pers_dob"] and row["pers_expected_dob"]
    }
    assert unborn & (set(counted.in_need(AUGUST.end)) | counted.protected(AUGUST.end, True))
    assert not unborn & {row["clae_person_id"] for row in counted.tables["ssd_cla_episodes"]}


def test_codes_words_and_dates_come_in_their_several_forms(sample: Written) -> None:
    statuses = {words(row["lega_legal_status"]) for row in sample.clean_rows(AUGUST, "ssd_legal_status")}
    assert {"c1", "interimcareordersec381", "v4", "specialguardianshiporder"} <= statuses
    starts = [row["lega_legal_status_start_date"] for row in sample.clean_rows(AUGUST, "ssd_legal_status")]
    assert {start[2] == "/" for start in starts} == {True, False}
    went = {row["miss_missing_episode_start_date"] for row in sample.clean_rows(AUGUST, "ssd_missing")}
    assert {len(start) for start in went - {""}} == {10}
    pathways = {row["clea_pathway_plan_review_date"] for row in sample.rows(AUGUST, "ssd_care_leavers")}
    assert "1900-01-01 00:00:00" in pathways
    assert "-1" in {row["invo_professional_id"] for row in sample.rows(AUGUST, "ssd_involvements")}
    entered = [row["clae_entered_care_date"] for row in sample.clean_rows(AUGUST, "ssd_cla_episodes")]
    assert 0.02 < entered.count("") / len(entered) < 0.1
    assert (sample.drop(Month(2018, 9)) / "ssd_contacts.csv.gz").exists()


def test_teams_have_ids_with_leading_zeros_and_a_locality(sample: Written) -> None:
    parents = {
        row["dept_team_name"]: (row["dept_team_id"], row["dept_team_parent_name"])
        for row in sample.rows(AUGUST, "ssd_department")
    }
    assert parents["Burnley"] == ("0301", "East")
    assert parents["West Lancashire"] == ("0203", "Central")
    assert parents["Fylde & Wyre"] == ("0102", "North")
    assert parents["MASH"][1] == "County services"
    assert parents["Leaving Care North"][1] == "North"
    assert parents["North"][1] == ""


# Health and leaving care


def test_checks_were_also_refused_cancelled_and_only_planned(sample: Written) -> None:
    rows = sample.clean_rows(AUGUST, "ssd_cla_health")
    statuses = Counter(row["clah_health_check_status"] for row in rows)
    assert set(statuses) == {"Completed", "Refused", "Cancelled", "Planned"}
    assert {words(row["clah_health_check_type"]) for row in rows} == set().union(*CHECK_WORDS.values())
    assert 0.8 < statuses["Completed"] / statuses.total() < 0.97


def test_some_checks_are_recorded_after_the_month_in_which_they_were_held(sample: Written) -> None:
    before = {row["clah_health_check_id"] for row in sample.clean_rows(AUGUST, "ssd_cla_health")}
    new = [
        day(row["clah_health_check_date"])
        for row in sample.clean_rows(OCTOBER, "ssd_cla_health")
        if row["clah_health_check_id"] not in before
    ]
    late = [held for held in new if held and held <= AUGUST.end]
    assert 0 < len(late) < 0.15 * len(new)


def test_some_care_leavers_have_an_earlier_row_that_says_otherwise(sample: Written) -> None:
    counted = sample.counted(AUGUST)
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in counted.tables["ssd_care_leavers"]:
        rows[row["clea_person_id"]].append(row)
    standing = {row["clea_table_id"] for row in counted.care_leavers(AUGUST.end)}
    twofold = [sorted(both, key=lambda row: int(row["clea_table_id"])) for both in rows.values() if len(both) > 1]
    counting = [both for both in twofold if both[-1]["clea_table_id"] in standing]
    assert len(counting) >= 2
    assert len(counting) < len(twofold)
    for earlier, later in counting:
        activities = (earlier["clea_care_leaver_activity"], later["clea_care_leaver_activity"])
        assert {activity[0] in "FP" for activity in activities} == {True, False}


def test_every_code_about_care_leavers_occurs(sample: Written) -> None:
    rows = [row for month in ALL_MONTHS[:3] for row in sample.rows(month, "ssd_care_leavers")]

    def seen(column: str) -> set[str]:
        return {row[column] for row in rows}

    eligible = {"Eligible", "Relevant", "Former Relevant", "Qualifying", "No Current Eligibility"}
    assert seen("clea_care_leaver_eligibility") == eligible
    assert seen("clea_care_leaver_in_touch") == {"YES", "NO", "REFU", "NREQ", "DIED", "RHOM"}
    assert seen("clea_care_leaver_activity") >= {"F1", "F2", "F3", "P1", "P2", "P3", "G4", "G5", "G6", "0"}
    letters = {home[:1] for home in seen("clea_care_leaver_accommodation")}
    assert letters >= set("BCDEGHKRSTUVWXYZ0")
    assert seen("clea_care_leaver_accom_suitable") == {"0", "1", "2"}


@pytest.mark.parametrize("month", ALL_MONTHS[:3], ids=str)
def test_most_pathway_plans_were_reviewed_in_the_last_six_months(sample: Written, month: Month) -> None:
    rows = sample.rows(month, "ssd_care_leavers")
    reviewed = [day(row["clea_pathway_plan_review_date"]) for row in rows]
    recent = sum(each is not None and add_months(each, 6) >= month.end for each in reviewed)
    assert 0.8 < recent / len(rows) < 0.94


# Wrong use


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (Month(2018, 7), OCTOBER),
        (AUGUST, Month(2019, 9)),
        (OCTOBER, AUGUST),
    ],
    ids=["too early", "too late", "backwards"],
)
def test_a_range_without_printed_figures_is_refused(tmp_path: Path, first: Month, last: Month) -> None:
    with pytest.raises(UsageError, match=r"2018|2019"):
        write(tmp_path, first, last)
    assert not list(tmp_path.iterdir())


def test_a_drop_that_is_no_sample_is_not_overwritten(tmp_path: Path) -> None:
    own = tmp_path / "raw" / "lcs" / "888" / "2018-08" / "ssd_person.csv"
    own.parent.mkdir(parents=True)
    own.write_text("the authority's own", encoding="utf-8")
    with pytest.raises(UsageError, match="is no sample"):
        write(tmp_path, AUGUST, AUGUST)
    assert own.read_text(encoding="utf-8") == "the authority's own"


def test_a_folder_that_cannot_be_written_to_is_one_readable_line(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("a file where a folder should be")
    with pytest.raises(BadInputError, match="cannot write to"):
        write(tmp_path, AUGUST, AUGUST)
