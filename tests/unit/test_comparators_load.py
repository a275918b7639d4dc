"""Releases into the working file: added by dropping a folder, read once, kept as they were."""

import datetime as dt
import gzip
import os
from pathlib import Path

import duckdb
import pytest
from comparator_files import ENGLAND, LANCASHIRE, csv_bytes, ees, lait

from pipelines.comparators import ees as ees_reader
from pipelines.comparators.load_releases import ComparatorLoad, load_comparators
from pipelines.findings import comparator_findings
from pipelines.settings import DataFolder, InputLimits
from warehouse_sample.writing import write_printed_comparators

RATE = ["population_count", "population_estimate", "number", "rate_per_10000"]
AT_31_MARCH = "Children looked after at 31 March each year"


def looked_after(children: str = "2", year: str = "2019") -> bytes:
    return ees(RATE, (LANCASHIRE, year, [AT_31_MARCH, "1", children, "3"]))


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    """An empty data folder."""
    return DataFolder(tmp_path)


def add(folder: DataFolder, release: str, file: str, data: bytes) -> Path:
    path = folder.comparators / "dfe" / release / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def load(folder: DataFolder) -> ComparatorLoad:
    lines: list[str] = []
    found = load_comparators(folder, lines.append)
    assert lines == [found.line()]
    return found


def query(folder: DataFolder, sql: str) -> list[tuple]:
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def children(folder: DataFolder) -> list[tuple]:
    return query(
        folder,
        "select release, value from raw.comparator_value where measure = 'looked_after.children' order by all",
    )


def test_a_release_is_added_by_dropping_its_folder_and_read_once(folder):
    add(folder, "cla_2019", "rates.csv", looked_after())
    assert load(folder).line() == "comparators: 1 files, 0 unchanged, 1 loaded, 3 values"
    add(folder, "cla_2020", "rates.csv", looked_after("5", "2020"))
    assert load(folder).line() == "comparators: 2 files, 1 unchanged, 1 loaded, 3 values"
    assert load(folder).line() == "comparators: 2 files, 2 unchanged, 0 loaded, 0 values"
    assert children(folder) == [("cla_2019", 2.0), ("cla_2020", 5.0)]


def test_no_folder_at_all_is_no_fault(folder):
    assert load(folder).line() == "comparators: 0 files, 0 unchanged, 0 loaded, 0 values"


def test_a_known_file_is_not_read_again(folder, monkeypatch):
    add(folder, "cla_2019", "rates.csv", looked_after())
    load(folder)
    monkeypatch.setattr("pipelines.comparators.load_releases.read_as", lambda *_: pytest.fail("it was read again"))
    assert load(folder).unchanged == 1


def test_two_releases_of_one_year_are_both_kept(folder):
    add(folder, "cla_2019", "rates.csv", looked_after("2"))
    add(folder, "cla_2020", "rates.csv", looked_after("7"))
    load(folder)
    assert children(folder) == [("cla_2019", 2.0), ("cla_2020", 7.0)]


def test_a_duplicate_file_is_loaded_once_and_reported_once(folder):
    add(folder, "cla_2019", "rates.csv", looked_after())
    add(folder, "cla_2019_again", "other_name.csv", looked_after())
    expected = "not loaded again: the same content as dfe/cla_2019 rates.csv"
    assert load(folder).warnings == [f"comparators dfe/cla_2019_again other_name.csv: {expected}"]
    assert children(folder) == [("cla_2019", 2.0)]
    assert load(folder).warnings == []


def test_a_refused_file_gives_one_line_and_the_rest_is_loaded(folder):
    renamed = looked_after().replace(b",number,", b",number_of_children,", 1)
    add(folder, "cla_2019", "rates.csv", renamed)
    add(folder, "cla_2020", "rates.csv", looked_after("5", "2020"))
    add(folder, "cla_2020", "empty.csv", b"")
    add(folder, "cla_2020", "broken.parquet", b"PAR1 and no more")
    add(folder, "cla_2020", "other.csv", b"a,b\n1,2\n")
    found = load(folder)
    assert found.line() == (
        "comparators: 5 files, 0 unchanged, 1 loaded, 1 passed over, as the register uses nothing in them, "
        "3 not used, 3 values"
    )
    assert [line.split(": ")[0] for line in found.warnings] == [
        "comparators dfe/cla_2019 rates.csv",
        "comparators dfe/cla_2020 broken.parquet",
        "comparators dfe/cla_2020 empty.csv",
    ]
    assert found.warnings[0] == (
        "comparators dfe/cla_2019 rates.csv: refused: read as ees looked_after; columns not in the header map: "
        "number_of_children (nearest known name: number); columns missing: number or children_count; to have it "
        "read, write its name and its column into raw/reference/published_headers.csv: "
        "ees,looked_after,number_of_children,<column>"
    )
    assert [(each["outcome"], each["file"]) for each in comparator_findings(folder)] == [
        ("refused", "dfe/cla_2019/rates.csv"),
        ("refused", "dfe/cla_2020/broken.parquet"),
        ("refused", "dfe/cla_2020/empty.csv"),
        ("passed_over", "dfe/cla_2020/other.csv"),
    ]
    assert not any("\n" in line for line in found.warnings)
    assert children(folder) == [("cla_2020", 5.0)]
    assert load(folder).warnings == found.warnings


def test_a_reader_that_crashes_gives_one_line_and_stops_nothing(folder, monkeypatch, capsys):
    add(folder, "cla_2019", "rates.csv", looked_after())
    add(folder, "tool", "long.parquet", lait(("LAC", "", "2019", "Lancashire", "85", 888.0)))
    monkeypatch.setattr(ees_reader, "_rows", lambda *_: 1 / 0)
    found = load(folder)
    assert found.warnings == [
        "comparators dfe/cla_2019 rates.csv: refused: its reader crashed (ZeroDivisionError); see the log"
    ]
    assert found.loaded == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_row_that_got_lost_refuses_the_file(folder, monkeypatch):
    add(folder, "cla_2019", "rates.csv", looked_after())
    monkeypatch.setattr(ees_reader, "final_values", lambda values, kind: values.clear())
    assert load(folder).warnings == [
        "comparators dfe/cla_2019 rates.csv: refused: 1 rows read, but 0 loaded and 0 listed as left out"
    ]


def test_signs_of_unknown_meaning_are_kept_and_counted(folder):
    add(folder, "cla_2019", "rates.csv", looked_after("?"))
    assert load(folder).warnings == [
        "comparators dfe/cla_2019 rates.csv: signs with an unknown meaning, kept as published: '?' (1)"
    ]
    sql = "select raw_token, value, status from raw.comparator_value where measure = 'looked_after.children'"
    assert query(folder, sql) == [("?", None, "unknown")]
    assert query(folder, "select unknown_tokens from raw.comparator_file") == [(1,)]


def test_a_missing_file_stays_loaded_and_its_return_gives_no_line(folder):
    path = add(folder, "cla_2019", "rates.csv", looked_after())
    load(folder)
    path.rename(folder.root / "away.csv")
    expected = "comparators dfe/cla_2019 rates.csv: missing from its folder; its figures stay loaded"
    assert load(folder).warnings == [expected]
    assert load(folder).warnings == []
    assert children(folder) == [("cla_2019", 2.0)]
    assert query(folder, "select is_present from raw.comparator_file") == [(False,)]
    (folder.root / "away.csv").rename(path)
    assert load(folder).line() == "comparators: 1 files, 1 unchanged, 0 loaded, 0 values"
    assert query(folder, "select is_present from raw.comparator_file") == [(True,)]


def test_a_file_whose_content_changed_is_replaced_with_a_warning(folder):
    add(folder, "cla_2019", "rates.csv", looked_after("2"))
    load(folder)
    add(folder, "cla_2019", "rates.csv", looked_after("4"))
    found = load(folder)
    assert [line for line in found.warnings if "its content changed, so its figures were replaced" in line]
    assert children(folder) == [("cla_2019", 4.0)]
    assert query(folder, "select count(*) from raw.comparator_file") == [(1,)]


def test_a_loaded_file_that_turns_bad_keeps_its_earlier_figures(folder):
    add(folder, "cla_2019", "rates.csv", looked_after("2"))
    load(folder)
    add(folder, "cla_2019", "rates.csv", b"a,b\n1,2\n")
    (line,) = load(folder).warnings
    assert "refused; the figures of its earlier version stay: its header matches no known layout" in line
    assert children(folder) == [("cla_2019", 2.0)]
    ((outcome, reason),) = query(folder, "select outcome, reason from raw.comparator_file")
    assert (outcome, reason.startswith("its header")) == ("loaded", True)


def test_rows_read_are_rows_loaded_and_rows_listed(folder):
    row = (LANCASHIRE, "2019", [AT_31_MARCH, "1", "2", "3"])
    add(folder, "cla_2019", "rates.csv", ees(RATE, row, row, (LANCASHIRE, "Total", row[2])))
    load(folder)
    sql = "select rows_read, rows_loaded, rows_left_out, values_loaded from raw.comparator_file"
    assert query(folder, sql) == [(3, 1, 2, 3)]
    assert query(folder, "select file, row_number from raw.comparator_left_out order by all") == [
        ("rates.csv", 3),
        ("rates.csv", 4),
    ]


@pytest.mark.parametrize(
    ("notes", "published", "expected"),
    [
        # a release of 2019 was published on this day, whatever its folder is called
        (None, dt.date(2019, 12, 5), None),
        ("published_date: 2019-12-06\n", dt.date(2019, 12, 6), None),
        ("published_date: soon\n", dt.date(2019, 12, 5), "release.yml: published_date"),
        ("publisheddate: 2019-12-06\n", dt.date(2019, 12, 5), "release.yml: publisheddate"),
        ("- [\n", dt.date(2019, 12, 5), "release.yml cannot be read as YAML"),
    ],
)
def test_release_yml_may_give_the_day_of_publication(folder, notes, published, expected):
    add(folder, "cla_2019", "rates.csv", looked_after())
    if notes:
        add(folder, "cla_2019", "release.yml", notes.encode())
    warnings = load(folder).warnings
    assert [expected in line for line in warnings] == ([True] if expected else [])
    assert query(folder, "select release, published_date from raw.comparator_release") == [("cla_2019", published)]
    assert len(children(folder)) == 1


def test_known_releases_have_their_day_of_publication(folder):
    add(folder, "cla_sfr_2018", "x.csv", looked_after(year="2018"))
    load(folder)
    sql = "select published_date from raw.comparator_release"
    assert query(folder, sql) == [(dt.date(2018, 11, 15),)]


def test_an_unknown_day_of_publication_is_told_with_what_to_write(folder):
    add(folder, "cla_2012", "rates.csv", looked_after(year="2012"))
    add(folder, "cla_2019_revised", "rates.csv", looked_after())
    found = load(folder)
    assert found.undated == ["dfe/cla_2012", "dfe/cla_2019_revised"]
    assert found.line().endswith(
        "; the day of publication is unknown, so no month counts it as known: dfe/cla_2012, dfe/cla_2019_revised: "
        "write published_date: YYYY-MM-DD into release.yml in that folder, or a line into "
        "raw/reference/publication_days.csv"
    )
    add(folder, "cla_2012", "release.yml", b"published_date: 2012-09-25\n")
    assert load(folder).undated == ["dfe/cla_2019_revised"]
    folder.reference.mkdir()
    own = ["publisher,release,published_date,title", "dfe,cla_2019_revised,2020-02-27,Revised"]
    (folder.reference / "publication_days.csv").write_text("\n".join([*own, "dfe,cla_2012,2013-01-01,"]))
    assert load(folder).undated == []
    rows = query(folder, "select published_date, title from raw.comparator_release order by 1")
    assert rows == [(dt.date(2012, 9, 25), None), (dt.date(2020, 2, 27), "Revised")]


def test_an_authority_adds_the_new_names_of_columns_and_breakdowns(folder):
    columns = ["population_group", "count_of_children", "rate_per_10000", "notes"]
    renamed = ees(columns, (ENGLAND, "2025", ["In care, 31 March", "81", "67", ""]))
    add(folder, "cla_2025", "rates.csv", renamed)
    assert "raw/reference/published_headers.csv: ees,looked_after,population_group" in load(folder).warnings[0]
    folder.reference.mkdir(parents=True)
    headers = ["population_group,population", "Count_of_Children,children", "notes,ignored"]
    (folder.reference / "published_headers.csv").write_text(
        "\n".join(["layout,dataset,header,column", *(f"ees,looked_after,{line}" for line in headers)])
    )
    (line,) = load(folder).warnings
    assert "'population=In care, 31 March'" in line and "raw/reference/published_codes.csv" in line
    (folder.reference / "published_codes.csv").write_text(
        'dataset,column,text,code\nlooked_after,population,"In care, 31 March",looked after on 31 March\n'
    )
    assert load(folder).warnings == []
    sql = "select measure, dimensions, value from raw.comparator_value"
    assert query(folder, sql) == [
        ("looked_after.children", "population=looked after on 31 March", 81),
        ("looked_after.rate_per_10000", "population=looked after on 31 March", 67),
    ]


def test_a_published_list_of_neighbours_has_the_day_of_its_model(folder):
    codes = ["925", "351", "332", "884", "841", "808", "384", "891", "929", "359"]
    header = ["LA number", "LA name", *(f"SN{rank}" for rank in range(1, 11))]
    others = ["892", "352", "380", "391", "353", "889", "373", "806", "852", "355"]
    add(folder, "neighbours", "list.csv", csv_bytes(header, ["888", "", *codes], ["330", "", *others]))
    assert load(folder).undated == []
    assert query(folder, "select published_date from raw.comparator_release") == [(dt.date(2025, 5, 1),)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ees(RATE), "it has a header and no rows"),
        (looked_after(year="Total"), "all of its 1 rows are left out; row 2: not a year: Reporting year Total"),
    ],
)
def test_a_file_that_gives_nothing_is_refused(folder, data, reason):
    add(folder, "cla_2019", "rates.csv", data)
    assert load(folder).warnings == [f"comparators dfe/cla_2019 rates.csv: refused: {reason}"]


def test_files_that_hold_something_else_give_one_line_however_many_they_are(folder):
    for number in range(30):
        add(folder, "outcomes", f"ks{number}.csv", ees(["school_type"], (LANCASHIRE, "2019", [number])))
    add(folder, "cla_2020", "rates.csv", looked_after("5", "2020"))
    for _ in range(2):
        found = load(folder)
        assert found.warnings == []
        assert "30 passed over, as the register uses nothing in them" in found.line()


def test_a_file_that_became_a_copy_of_another_has_no_figures_of_its_own_left(folder):
    add(folder, "cla_2019", "rates.csv", looked_after("2"))
    add(folder, "cla_2020", "rates.csv", looked_after("5", "2020"))
    load(folder)
    add(folder, "cla_2020", "rates.csv", looked_after("2"))
    assert [line.partition(": ")[2] for line in load(folder).warnings] == [
        "not loaded again: the same content as dfe/cla_2019 rates.csv"
    ]
    assert children(folder) == [("cla_2019", 2.0)]


def test_what_a_person_has_to_know_of_a_loaded_file_stays_on_record(folder):
    row = (LANCASHIRE, "2019", [AT_31_MARCH, "1", "2", "3"])
    other = (LANCASHIRE, "2019", [AT_31_MARCH, "1", "9", "3"])
    good = (LANCASHIRE, "2018", [AT_31_MARCH, "1", "2", "3"])
    add(folder, "cla_2019", "rates.csv", ees(RATE, row, other, good))
    (line,) = load(folder).warnings
    assert "2 rows are not used, because others have other figures" in line
    assert load(folder).warnings == []
    (known,) = comparator_findings(folder)
    assert (known["outcome"], "other figures" in known["reason"]) == ("loaded", True)


def test_a_working_file_of_an_earlier_version_goes_on(folder):
    add(folder, "cla_2019", "rates.csv", looked_after())
    load(folder)
    with duckdb.connect(str(folder.database)) as connection:
        connection.execute("alter table raw.comparator_file drop column notes")
    assert load(folder).unchanged == 1


def test_a_dictionary_gives_the_years_of_measures_even_if_it_arrives_later(folder):
    add(folder, "tool", "long.parquet", lait(("AbsAll", "", "2019", "Lancashire", "4", 888.0)))
    load(folder)
    sql = "select period_kind, period_end from raw.comparator_value"
    assert query(folder, sql) == [("year_not_told", None)]
    header = ["Measure_code", "Topic", "Measure", "Measure_short", "Polarity", "Description", "Methodology"]
    dictionary = csv_bytes(
        [*header, "dps", "Year_Type"], ["1", "", "", "AbsAll", "", "", "", "1", "Academic Year"]
    )
    add(folder, "tool", "dictionary.csv", dictionary)
    assert load(folder).loaded == 2
    assert query(folder, sql) == [("academic_year", dt.date(2019, 8, 31))]


def test_the_year_of_a_first_release_comes_from_its_folder(folder):
    header = ["LA_order", "New_geog_code", "geog_l", "geog_c", "geog_n", "OC2_12mths", "OC2_healthassmt_pc"]
    row = ["1", "E10000017", "LA", "888", "Lancashire", "9", "78"]
    add(folder, "sfr_2018", "outcomes.csv", csv_bytes(header, row))
    add(folder, "sfr_2017", "OC22017_amended.csv", csv_bytes(header, [*row[:-1], "77"]))
    add(folder, "sfr", "outcomes.csv", csv_bytes(header, [*row[:-1], "76"]))
    (line,) = load(folder).warnings
    assert "dfe/sfr outcomes.csv: refused: the year of its columns is unknown" in line
    sql = "select distinct period, release from raw.comparator_value order by 1"
    assert query(folder, sql) == [("2017", "sfr_2017"), ("2018", "sfr_2018")]


def test_files_that_are_no_tables_are_known_and_not_read(folder):
    add(folder, "cla_2019", "readme.txt", b"words")
    assert load(folder).line() == "comparators: 1 files, 1 unchanged, 0 loaded, 0 values"
    assert query(folder, "select outcome from raw.comparator_file") == [("not_read",)]


def test_a_file_outside_a_release_gives_a_warning(folder):
    folder.comparators.mkdir(parents=True)
    (folder.comparators / "rates.csv").write_bytes(looked_after())
    (line,) = load(folder).warnings
    assert line.startswith("comparators rates.csv: not read: move it into the folder of a release")


def test_nothing_is_shipped_and_the_papers_of_the_sample_are_one_release(folder):
    assert load(folder).line() == "comparators: 0 files, 0 unchanged, 0 loaded, 0 values"
    write_printed_comparators(folder)
    assert load(folder).line() == "comparators: 1 files, 0 unchanged, 1 loaded, 219 values"


def test_links_and_pipes_are_refused_and_the_other_files_are_loaded(folder, tmp_path):
    good = add(folder, "cla_2019", "rates.csv", looked_after())
    os.mkfifo(good.parent / "pipe.csv")
    (tmp_path / "outside.csv").write_bytes(looked_after("7", "2018"))
    (good.parent / "linked.csv").symlink_to(tmp_path / "outside.csv")
    os.mkfifo(good.parent / "release.yml")
    elsewhere = add(folder, "cla_2020", "rates.csv", looked_after("5", "2020")).parent
    elsewhere.rename(tmp_path / "elsewhere")
    elsewhere.symlink_to(tmp_path / "elsewhere")
    assert sorted(load(folder).warnings) == [
        "comparators dfe/cla_2019 linked.csv: refused: it is a link, not a file: put the file itself there",
        "comparators dfe/cla_2019 pipe.csv: refused: it is a pipe, not a file: put a file there",
        "comparators dfe/cla_2019: release.yml is not read: it is a pipe, not a file: put a file there",
        "comparators dfe/cla_2020: not read: its folder is a link; put the folder itself there",
    ]
    assert children(folder) == [("cla_2019", 2.0)]


def test_a_damaged_or_hostile_file_is_refused_and_the_others_are_loaded(folder):
    add(folder, "cla_2019", "rates.csv", looked_after())
    add(folder, "cla_2019", "bomb.csv.gz", gzip.compress(b"1,x\n" * 5_000_000))
    add(folder, "cla_2019", "damaged.parquet", b"PAR1" + bytes(100) + b"PAR1")
    add(folder, "cla_2019", "wide.csv", b",".join(b"c" for _ in range(80_000)))
    add(folder, "cla_2019", "not a workbook.xlsx", b"PK\x03\x04" + bytes(100))
    loaded = load_comparators(folder, lambda line: None, InputLimits(unpacked_mb=16))
    assert sorted(loaded.warnings) == [
        "comparators dfe/cla_2019 bomb.csv.gz: refused: the file unpacks to more than 16 MB, "
        "the most that is read of a file of its size",
        "comparators dfe/cla_2019 damaged.parquet: refused: the parquet file is cut off or damaged",
        "comparators dfe/cla_2019 not a workbook.xlsx: refused: the workbook is cut off or damaged",
        "comparators dfe/cla_2019 wide.csv: refused: the table has 80,000 columns, and at most 2,000 are read.",
    ]
    assert children(folder) == [("cla_2019", 2.0)]
