"""Every layout reads small files of made-up figures into one shape and loses no row."""

import datetime as dt
import io

import pytest
import xlsxwriter
from comparator_files import (
    EES_PLACE,
    ENGLAND,
    INNER_LONDON,
    ISLE_OF_WIGHT,
    LANCASHIRE,
    LONDON,
    NORTH_WEST,
    csv_bytes,
    ees,
    figures,
    lait,
    reading_of,
)

from pipelines.comparators.headers import matched
from pipelines.comparators.reader_output import RefusedError
from pipelines.reading.file_reading import BYTE_ORDER_MARK, UnreadableError

RATE = ["population_count", "population_estimate", "number", "rate_per_10000"]
AT_31_MARCH = "Children looked after at 31 March each year"
MARCH_2019 = dt.date(2019, 3, 31)


def test_a_long_file_gives_a_value_per_row_and_measure():
    reading = reading_of(ees(RATE, (LANCASHIRE, "2019", [AT_31_MARCH, "248000", "2,100", "c"])))
    assert figures(reading, "measure", "dimensions", "raw_token", "value", "status", "unit", "row_number") == [
        ("looked_after.population_estimate", LOOKED_AFTER, "248000", 248000.0, "value", "number", 2),
        ("looked_after.children", LOOKED_AFTER, "2,100", 2100.0, "value", "number", 2),
        ("looked_after.rate_per_10000", LOOKED_AFTER, "c", None, "suppressed", "rate_per_10000", 2),
    ]
    assert figures(reading, "period", "period_kind", "period_end")[0] == ("2019", "financial_year", MARCH_2019)


LOOKED_AFTER = "population=looked after on 31 March"


def test_renamed_columns_and_breakdowns_of_another_release_are_the_same_measure():
    later = ["population_type", "population_estimate", "children_count", "rate_per_10000"]
    area = (LANCASHIRE, "2019", ["Children looked after on 31 March each year", "1", "2", "3"])
    earlier = reading_of(ees(RATE, (LANCASHIRE, "2019", [AT_31_MARCH, "1", "2", "3"])))
    assert reading_of(ees(later, area)).values.equals(earlier.values)


def test_a_byte_order_mark_and_the_order_of_columns_change_nothing():
    plain = ees(RATE, (LANCASHIRE, "2019", [AT_31_MARCH, "1", "2", "3"]))
    marked = ees(RATE, (LANCASHIRE, "2019", [AT_31_MARCH, "1", "2", "3"]), mark=BYTE_ORDER_MARK)
    header, row = (line.split(",") for line in plain.decode().splitlines())
    turned = csv_bytes(header[::-1], row[::-1])
    expected = reading_of(plain).values.sort("measure")
    assert reading_of(marked).values.sort("measure").equals(expected)
    assert reading_of(turned).values.sort("measure").equals(expected)


def test_a_wide_file_gives_a_value_per_measure_column():
    data = ees(
        ["category", "CPP_start", "CPP_subsequent", "CPP_subsequent_percent"],
        (LANCASHIRE, "2019", ["Plans", "100", "20", "20.0"]),
    )
    assert figures(reading_of(data), "measure", "value", "measure_title", "dimensions") == [
        ("cp_plans_repeat.cpp_start", 100.0, "Plans", ""),
        ("cp_plans_repeat.cpp_subsequent", 20.0, "Plans", ""),
        ("cp_plans_repeat.cpp_subsequent_percent", 20.0, "Plans", ""),
    ]


@pytest.mark.parametrize(
    ("area", "level", "code", "name"),
    [
        (ENGLAND, "national", "E92000001", "England"),
        (("National", "921", *ENGLAND[2:]), "national", "E92000001", "England"),
        (NORTH_WEST, "regional", "E12000002", "North West"),
        (LONDON, "regional", "E12000007", "London"),
        (INNER_LONDON, "inner_london", "E13000001", "Inner London"),
        (LANCASHIRE, "local_authority", "888", "Lancashire"),
        (ISLE_OF_WIGHT, "local_authority", "921", "Isle of Wight"),
        # a GSS code that was given up, one that came for it, and one without a DfE code
        ((*LANCASHIRE[:5], "825", "E10000002", "Buckinghamshire"), "local_authority", "825", "Buckinghamshire"),
        ((*LANCASHIRE[:5], "825", "E06000060", "Buckinghamshire"), "local_authority", "825", "Buckinghamshire"),
        ((*LANCASHIRE[:5], "", "E08000020", "Gateshead"), "local_authority", "390", "Gateshead"),
        ((*LANCASHIRE[:5], "909", "E10000006", "Cumbria"), "local_authority", "909", "Cumbria"),
    ],
)
def test_an_area_is_keyed_by_level_and_code(area, level, code, name):
    reading = reading_of(ees(RATE, (area, "2019", [AT_31_MARCH, "1", "2", "3"])))
    assert figures(reading, "geography_level", "geography_code", "geography_name")[0] == (level, code, name)


@pytest.mark.parametrize(
    ("area", "year", "reason"),
    [
        (
            ("Local authority", *LANCASHIRE[1:5], "999", "E99999999", "Nowhere"),
            "2019",
            "not an area that comparators",
        ),
        (("Local authority district", *LANCASHIRE[1:]), "2019", "not an area that comparators"),
        (LANCASHIRE, "Total", "not a year: Reporting year Total"),
    ],
)
def test_a_row_that_cannot_be_used_is_listed_with_its_line(area, year, reason):
    row = [AT_31_MARCH, "1", "2", "3"]
    left_out = reading_of(ees(RATE, (ENGLAND, "2019", row), (area, year, row))).left_out.rows()
    assert [(line, reason in text) for line, text in left_out] == [(3, True)]


def test_a_repeated_figure_counts_once():
    row = (LANCASHIRE, "2019", [AT_31_MARCH, "1", "2", "3"])
    reading = reading_of(ees(RATE, row, row))
    assert reading.left_out.rows() == [(3, "line 2 already has the figures of this area, period and breakdown")]


def test_a_row_of_another_width_is_listed():
    data = ees(RATE, (LANCASHIRE, "2019", [AT_31_MARCH, "1", "2", "3"])) + b"2019,Reporting year\n"
    assert reading_of(data).left_out.rows() == [(3, "2 fields where the header has 14")]


def test_a_file_of_england_alone_has_no_regions():
    data = csv_bytes(
        [*EES_PLACE[:5], "cla_31_march", "cla_march_rate"], ["2019", "Reporting year", *ENGLAND[:3], 1, 2]
    )
    assert figures(reading_of(data), "measure", "geography_level", "value") == [
        ("looked_after_headline.cla_31_march", "national", 1.0),
        ("looked_after_headline.cla_march_rate", "national", 2.0),
    ]


def test_the_years_of_the_population_file_are_mid_years():
    data = ees(
        ["age_group", "population_estimate"], (LANCASHIRE, "2018", ["Children aged 0 to 17 years", "247443"])
    )
    assert figures(reading_of(data), "measure", "value", "period_kind", "period_end") == [
        ("population.population_0_17", 247443.0, "mid_year", dt.date(2018, 6, 30))
    ]


@pytest.mark.parametrize(
    ("header", "breakdown", "known"),
    [
        ("accommodation_suitability", "Total", "accommodation total"),
        ("in_touch", "Total", "in touch total"),
        ("breakdown", "Suitability total", "accommodation total"),
        ("activity", "Total in education, employment or training", "in education employment or training"),
        ("breakdown", "In an apprenticeship", "In an apprenticeship"),
    ],
)
def test_breakdowns_have_one_name_in_all_releases(header, breakdown, known):
    data = ees(["age", header, "number", "percentage"], (ENGLAND, "2021", ["19 to 21 years", breakdown, "1", "2"]))
    assert figures(reading_of(data), "dimensions")[0] == (f"age=19 to 21 years; breakdown={known}",)


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        (
            ["population_count", "population_estimate", "numbers", "rate_per_10000"],
            "columns not in the header map: numbers (nearest known name: number); "
            "columns missing: number or children_count",
        ),
        ([*RATE, "ethnic_group"], "columns not in the header map: ethnic_group"),
        (RATE[:3], "columns missing: rate_per_10000"),
    ],
)
def test_a_renamed_column_is_refused_with_what_is_unknown_and_what_is_missing(measures, expected):
    data = ees(measures, (LANCASHIRE, "2019", [AT_31_MARCH, *["1"] * (len(measures) - 1)]))
    with pytest.raises(RefusedError) as refusal:
        reading_of(data)
    assert expected in str(refusal.value)
    assert str(refusal.value).startswith("read as ees looked_after; ")


def test_a_renamed_column_of_the_place_is_refused_too():
    data = ees(RATE, (LANCASHIRE, "2019", [AT_31_MARCH, "1", "2", "3"])).replace(
        b"time_period", b"time_periods", 1
    )
    with pytest.raises(RefusedError, match=r"time_periods \(nearest known name: time_period\)"):
        reading_of(data)


@pytest.mark.parametrize(
    ("dataset", "columns"),
    [
        (
            "referrals",
            "category referral_count rereferral_count rereferral_percent no_further_action_count "
            "no_further_action_percent not_in_need_count not_in_need_percent referral_child_count "
            "rereferral_child_count rereferral_child_percent",
        ),
        (
            "enquiries_and_conferences",
            "category Section47 Section47_child ICPC ICPC_child Duration_0-10_days Duration_11-15_days "
            "Duration_16-20_days Duration_21+_days Duration_25th_Percentile Duration_median "
            "Duration_75th_Percentile",
        ),
        ("placement_stability", "cla_group placement_stability children_count children_percent"),
        ("care_leavers", "care_leaver_age breakdown care_leaver_count care_leaver_percent"),
        ("looked_after", "population_type population_estimate children_count rate_per_10000"),
    ],
)
def test_the_columns_of_the_releases_of_2025_are_known(dataset, columns):
    names = [*EES_PLACE, *columns.lower().split()]
    assert matched("ees", names).dataset == dataset


FIRST_RELEASE = ["LA_order", "New_geog_code", "geog_l", "geog_c", "geog_n"]
LOOKED_AFTER_2018 = ["CLA_Mar2017", "CLA_Mar2018", "CLA_Rate2017", "CLA_Rate2018", "CLA_male_pc"]


def first_release(*rows: list[object], measures: list[str] = LOOKED_AFTER_2018) -> bytes:
    return csv_bytes([*FIRST_RELEASE, *measures], *rows)


def test_a_first_release_has_its_years_in_the_names_of_columns():
    data = first_release([1, "E10000017", "LA", "888", "Lancashire", "10", "11", "75", "79", "x"])
    assert figures(reading_of(data), "measure", "period", "value", "status", "period_end") == [
        ("looked_after.cla_mar", "2017", 10.0, "value", dt.date(2017, 3, 31)),
        ("looked_after.cla_mar", "2018", 11.0, "value", dt.date(2018, 3, 31)),
        ("looked_after.cla_rate", "2017", 75.0, "value", dt.date(2017, 3, 31)),
        ("looked_after.cla_rate", "2018", 79.0, "value", dt.date(2018, 3, 31)),
        ("looked_after.cla_male_pc", "2018", None, "suppressed", dt.date(2018, 3, 31)),
    ]


def test_a_first_release_distinguishes_london_inner_and_outer_by_name_only():
    cells = ["1"] * 5
    data = first_release(
        [1, "E92000001", "NATIONAL", "999", "ENGLAND", *cells],
        [8, "E12000007", "REGION", "G", "LONDON", *cells],
        [9, "E12000007", "REGION", "H", "INNER LONDON", *cells],
        [10, "E12000007", "REGION", "I", "OUTER LONDON", *cells],
    )
    areas = (
        reading_of(data).values.select("geography_level", "geography_code", "gss_code").unique(maintain_order=True)
    )
    assert areas.rows() == [
        ("national", "E92000001", "E92000001"),
        ("regional", "E12000007", "E12000007"),
        ("inner_london", "E13000001", "E12000007"),
        ("outer_london", "E13000002", "E12000007"),
    ]


OUTCOMES = ["OC2_12mths", "OC2_healthassmt_pc"]


def test_columns_without_a_year_are_of_the_year_of_the_release():
    data = first_release([1, "E10000017", "LA", "888", "Lancashire", "9", "78"], measures=OUTCOMES)
    assert {period for (period,) in figures(reading_of(data, year="2018"), "period")} == {"2018"}


@pytest.mark.parametrize(
    ("measures", "year", "expected"),
    [
        (OUTCOMES, None, "the year of its columns is unknown"),
        (["CLA_Mar2018", "CLA_Rate2018"], "2019", "its columns end with 2018, but its folder or its name"),
    ],
)
def test_a_first_release_of_an_unknown_year_is_refused(measures, year, expected):
    data = first_release([1, "E10000017", "LA", "888", "Lancashire", "9", "78"], measures=measures)
    with pytest.raises(RefusedError, match=expected):
        reading_of(data, year=year)


def test_the_interactive_tool_describes_a_measure_once_and_stores_artefacts():
    reading = reading_of(
        lait(
            ("CP_conf_15days", "Conferences within 15 days", "2017", "Lancashire", "63.400000000000006", 888.0),
            ("CP_conf_15days", "", "2018", "England", "-", 970.0),
            ("CP_conf_15days", "", "2018", "London (Inner)", "70", 987.0),
            ("CP_conf_15days", "", "2018", "London", "71", 986.0),
        ),
        "x.parquet",
    )
    columns = ("measure_title", "geography_level", "geography_code", "raw_token", "value", "status", "period_end")
    title = "Conferences within 15 days"
    assert figures(reading, *columns) == [
        (title, "local_authority", "888", "63.400000000000006", 63.4, "value", dt.date(2017, 3, 31)),
        (title, "national", "E92000001", "-", None, "not_available", dt.date(2018, 3, 31)),
        (title, "inner_london", "E13000001", "70", 70.0, "value", dt.date(2018, 3, 31)),
        (title, "regional", "E12000007", "71", 71.0, "value", dt.date(2018, 3, 31)),
    ]


@pytest.mark.parametrize(
    "word", ["Trend", "Change from previous year", "England Rank", "Quartile Banding", "Target"]
)
def test_sums_of_the_tool_itself_are_listed_not_loaded(word):
    reading = reading_of(
        lait(("LAC", "", "2018", "Lancashire", "79", 888.0), ("LAC", "", word, "Lancashire", "2", 888.0)),
        "x.parquet",
    )
    assert reading.left_out.rows() == [(3, f"not a year: {word}")]


def test_the_dictionary_of_the_tool_is_kept_and_a_repeated_entry_once():
    header = [
        "Measure_code", "Topic", "Measure", "Chart_title", "Measure_short", "Polarity", "Table_status",
        "Description", "Methodology", "dps", "Year_Type",
    ]  # fmt: skip
    row = ["1", "CLA", "Looked after", "", "LAC", "-", "", "Words\nin two lines", "How", "NA", "Annual"]
    reading = reading_of(csv_bytes(header, row, row))
    assert reading.dictionary.select("row_number", "measure", "decimals", "year_type").rows() == [
        (2, "LAC", None, "Annual")
    ]
    assert reading.left_out["row_number"].to_list() == [4]


FINGERTIPS = [
    "Indicator ID", "Indicator Name", "Parent Code", "Parent Name", "Area Code", "Area Name", "Area Type", "Sex",
    "Age", "Category Type", "Category", "Time period", "Value", "Count", "Denominator", "Value note",
]  # fmt: skip


def fingertips(area: tuple[str, str, str], value: str, note: str = "") -> list[str]:
    return ["1", "Visits", "", "", *area, "Persons", "<18", "", "", "2010/11", value, "5", "100", note]


def test_fingertips_gives_value_count_and_denominator_of_an_area():
    data = csv_bytes(FINGERTIPS, fingertips(("E10000017", "Lancashire", "Counties & UAs"), "5.5"))
    assert figures(reading_of(data), "measure", "geography_code", "value", "period_end") == [
        ("1.value", "888", 5.5, dt.date(2011, 3, 31)),
        ("1.count", "888", 5.0, dt.date(2011, 3, 31)),
        ("1.denominator", "888", 100.0, dt.date(2011, 3, 31)),
    ]


def test_fingertips_says_in_a_note_that_a_blank_is_suppressed():
    note = "Value suppressed for disclosure control"
    data = csv_bytes(
        FINGERTIPS,
        fingertips(("E10000017", "Lancashire", "Counties & UAs"), "", note),
        fingertips(("E08000002", "Bury", "Counties & UAs"), ""),
        fingertips(("E07000117", "Burnley", "Districts & UAs"), "1"),
    )
    reading = reading_of(data)
    found = reading.values.filter(measure="1.value").select("geography_code", "status", "raw_token").rows()
    assert found == [("888", "suppressed", ""), ("351", "not_available", "")]
    assert reading.left_out.rows() == [(4, "not an area that comparators use: Districts & UAs")]


def test_the_list_of_neighbours_of_2021_names_ten_columns_alike():
    codes = ["891", "381", "830", "343", "351", "808", "886", "860", "359", "896"]
    header = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"]
    header += [name for rank in range(1, 11) for name in (f"SN{rank}", "SNP")] + [""]
    row = [
        "888",
        "Lancashire",
        "888",
        "5",
        "North West",
        *(cell for code in codes for cell in (code, "Close")),
        "",
    ]
    data = csv_bytes(header, row, ["", "Old SNs:", *[""] * 24], [""] * 26)
    reading = reading_of(data)
    assert reading.neighbours.select("la_code", "rank", "neighbour_code", "closeness").rows()[:2] == [
        ("888", 1, "891", "Close"),
        ("888", 2, "381", "Close"),
    ]
    assert reading.neighbours["neighbour_code"].to_list() == codes
    assert reading.left_out.rows() == [(3, "no known authority in the first column")]


def test_a_list_of_neighbours_may_be_a_workbook():
    codes = [891, 381, 830, 343, 351, 808, 886, 860, 359, 896]
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    header = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"]
    sheet.write_row(0, 0, header + [name for rank in range(1, 11) for name in (f"SN{rank}", "SNP")])
    cells = [cell for code in codes for cell in (code, "Close")]
    sheet.write_row(1, 0, [888, "Lancashire", 888, 5, "North West", *cells])
    book.close()
    neighbours = reading_of(data.getvalue(), "neighbours.xlsx").neighbours
    assert neighbours["neighbour_code"].to_list() == [str(code) for code in codes]


@pytest.mark.parametrize(("lines", "sheets"), [(0, 1), (2, 1), (2, 2), (7, 3)])
def test_the_header_of_a_list_of_neighbours_may_stand_below_lines_of_text(lines, sheets):
    names = ["Nottinghamshire", "Calderdale", "Derbyshire", "Sefton", "Bury", "Stockton-on-Tees", "Medway"]
    names += ["Staffordshire", "Wigan", "Cheshire West and Chester"]
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    for number in range(1, sheets):
        book.add_worksheet(f"About {number}").write_row(0, 0, ["Local authority", "Notes"])
    sheet = book.add_worksheet("Neighbours")
    for line in range(lines):
        sheet.write_row(line, 0, [f"Statistical neighbours, note {line}"])
    sheet.write_row(lines, 0, ["LA number", "LA Name", *(f"SN {rank}" for rank in range(1, 11))])
    sheet.write_row(lines + 1, 0, [888, "Lancashire", *names])
    book.close()
    neighbours = reading_of(data.getvalue(), "neighbours.xlsx").neighbours
    assert neighbours["la_code"].unique().to_list() == ["888"]
    assert neighbours["neighbour_code"].to_list() == [
        "891", "381", "830", "343", "351", "808", "887", "860", "359", "896"
    ]  # fmt: skip
    assert neighbours["row_number"].unique().to_list() == [lines + 2]


def test_the_list_of_neighbours_of_2025_is_read_alike():
    codes = ["925", "351", "332", "884", "841", "808", "384", "891", "929", "359"]
    header = ["old_la_code", "la_name", "region_ind", "region_name"]
    header += [name for rank in range(1, 11) for name in (f"SN_{rank}", f"SN_{rank}P")]
    row = ["888", "Lancashire", "5", "North West", *(cell for code in codes for cell in (code, "Close "))]
    wrong = ["889", "Blackburn", "5", "North West", *(cell for code in ["1", *codes[1:]] for cell in (code, ""))]
    reading = reading_of(csv_bytes(header, row, wrong))
    assert reading.neighbours["neighbour_code"].to_list() == codes
    assert reading.left_out.rows() == [(3, "a neighbour is not a known authority: 1")]


PRINTED = ["indicator_id", "geography", "year", "value", "source", "published_date"]


@pytest.mark.parametrize(
    ("geography", "level", "code"),
    [
        ("Lancashire", "local_authority", "888"),
        ("888", "local_authority", "888"),
        ("North West", "regional", "E12000002"),
        ("ENGLAND", "national", "E92000001"),
        ("Statistical neighbours of Lancashire", "statistical_neighbours", "888"),
        ("St Helens", "local_authority", "342"),
        ("St. Helens", "local_authority", "342"),
    ],
)
def test_a_printed_figure_names_its_area_in_words(geography, level, code):
    data = csv_bytes(PRINTED, ["children_looked_after_rate", geography, "2017/18", "67.1", "p. 3", "2018-11-15"])
    columns = ("geography_level", "geography_code", "value", "unit", "note", "published_date")
    assert figures(reading_of(data), *columns) == [
        (level, code, 67.1, "rate_per_10000", "p. 3", dt.date(2018, 11, 15))
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["children_lookedafter_rate", "England", "2018", "1", "", ""], "nearest is children_looked_after_rate"),
        (
            ["children_looked_after", "Dorset", "2018", "1", "", ""],
            "no area or several areas have this name: Dorset",
        ),
        (
            ["children_looked_after", "Atlantis", "2018", "1", "", ""],
            "no area or several areas have this name: Atlantis",
        ),
        (
            ["children_looked_after", "Statistical neighbours of England", "2018", "1", "", ""],
            "no area or several",
        ),
        (["children_looked_after", "England", "last", "1", "", ""], "not a year: last"),
        (["children_looked_after", "England", "2018", "1", "", "15/11/2018"], "not a date, write YYYY-MM-DD"),
        (["", "England", "2018", "1", "", ""], "unknown indicator"),
    ],
)
def test_a_printed_figure_that_names_nothing_known_is_listed(row, reason):
    left_out = reading_of(csv_bytes(PRINTED, row)).left_out.rows()
    assert [(line, reason in text) for line, text in left_out] == [(2, True)]


def workbook(title: str) -> bytes:
    """A mid-year workbook of three areas, with males before persons."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    for name, each in (("MYE2 - Males", 1), ("MYE2 - Persons", 2)):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, [title])
        sheet.write_row(3, 0, ["Code", "Name", "Geography", "All ages", *range(91)])
        for place, area in enumerate(
            (
                ("E10000017", "Lancashire", "County"),
                ("E07000117", "Burnley", "District"),
                ("E12000002", "NW", "Region"),
            )
        ):
            sheet.write_row(4 + place, 0, [*area, 91 * each, *[each] * 91])
    book.close()
    return data.getvalue()


def test_the_population_workbook_gives_people_aged_0_to_17():
    reading = reading_of(workbook("Population estimates: Persons by single year of age, mid-2018"), "x.xlsx")
    columns = ("measure", "geography_level", "geography_code", "value", "period_end", "row_number")
    assert figures(reading, *columns) == [
        ("population.population_0_17", "local_authority", "888", 36.0, dt.date(2018, 6, 30), 5),
        ("population.population_0_17", "regional", "E12000002", 36.0, dt.date(2018, 6, 30), 7),
    ]
    assert reading.left_out.rows() == [(6, "not an area that comparators use: Burnley")]


def test_a_population_workbook_of_an_unknown_year_is_refused():
    with pytest.raises(RefusedError, match="its mid-year is unknown"):
        reading_of(workbook("Population estimates"), "x.xlsx")


@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_a_file_of_no_known_layout_is_refused(ending):
    data = csv_bytes(["a", "b"], [1, 2])
    with pytest.raises((RefusedError, UnreadableError)):
        reading_of(data, f"x.{ending}")


@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "x.xlsx", "x.csv.gz"])
def test_a_file_that_is_none_is_unreadable_or_of_no_layout(name):
    with pytest.raises((RefusedError, UnreadableError)):
        reading_of(b"", name)
