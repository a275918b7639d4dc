"""Files of every kind become the same table of text, with the lines that their rows begin on."""

import csv
import datetime as dt
import errno
import gzip
import io
import random
import zipfile

import polars as pl
import pytest
import xlsxwriter
from workbooks import workbook

from pipelines.reading import file_reading
from pipelines.reading.file_reading import UnreadableError, read_table
from pipelines.reading.reader_process import error_number
from pipelines.reading.workbook_cells import NO_FORMULA_VALUE, OTHER_ERROR
from pipelines.settings import InputLimits

ROWS = [("001", "Anna"), ("2", ""), ("3", "x y")]


def _csv(rows=ROWS, header=("id", "word"), separator=",", end="\n"):
    return end.join(separator.join(row) for row in [header, *rows]) + end


def _rows(table):
    return table.frame.rows()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_separators_line_ends_and_encodings_are_read_alike(separator, end, encoding):
    rows = [("001", "Zoë"), ("2", "")]
    table = read_table("a.csv", _csv(rows, separator=separator, end=end).encode(encoding))
    assert table.columns == ("id", "word")
    assert _rows(table) == rows
    assert table.line_numbers.to_list() == [2, 3]


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"id,word\r\n1,a\r\n2,b\r\n\x1a", [2, 3]),
        (b"id,word\n1,a\n2,b\x1a\x1a\r\n", [2, 3]),
        ("id,word\n1,a\n2,b\n\x1a".encode("utf-16"), [2, 3]),
        (b"sep=;\r\nid;word\r\n1;a\r\n2;b\r\n", [3, 4]),
        (b'\xef\xbb\xbf"sep=|"\nid|word\n1|a\n2|b', [3, 4]),
        (b"SEP=\t\rid\tword\r1\ta\r2\tb\r", [3, 4]),
        ("sep=,\nid,word\n1,a\n\n2,b".encode("utf-16-le"), [3, 5]),
    ],
)
def test_what_excel_dos_and_sql_server_add_to_a_text_is_no_part_of_the_table(name, data, lines):
    table = read_table(name, gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    assert (table.columns, _rows(table)) == (("id", "word"), [("1", "a"), ("2", "b")])
    assert table.line_numbers.to_list() == lines
    assert table.notes == ()


def test_a_line_cut_off_and_a_ragged_row_have_their_own_numbers_below_a_first_line_for_excel():
    assert [row.line_number for row in read_table("a.csv", b"sep=;\nid;word\n1;a\n2\n3;c\n").ragged] == [4]
    with pytest.raises(UnreadableError, match="cut off in line 4"):
        read_table("a.csv", b"sep=;\nid;word\n1;a\n2")


@pytest.mark.parametrize(
    ("text", "lines", "notes"),
    [
        (
            "Children in need;;\n\nID;Word;Day\n1;a;x\n",
            [4],
            ("the header was found in line 3, and the 2 lines above it were left out",),
        ),
        (
            'Report of August, for managers\r\n"id","word","day"\r\n"1","a","x"\r\n',
            [3],
            ("the header was found in line 2, and the line above it was left out",),
        ),
        ("id,other,more\n1,a,x\n", [2], ()),
    ],
)
def test_a_title_above_the_header_is_left_out_and_noted(text, lines, notes):
    table = read_table("a.csv", text.encode(), known=["id", "word", "day"])
    assert (_rows(table), table.line_numbers.to_list(), table.notes) == ([("1", "a", "x")], lines, notes)


def test_one_name_of_a_column_below_the_first_line_makes_no_header():
    table = read_table("a.csv", b"name,note\nid,word1\n", known=["id", "word"])
    assert (table.columns, _rows(table)) == (("name", "note"), [("id", "word1")])


HEADER = ["id", "word"]
COVER = [["Children in need"], ["as at 31 August"]]


@pytest.mark.parametrize(
    ("sheets", "lines", "notes"),
    [
        ({"data": [HEADER, ["1", "a"]]}, [2], ()),
        ({"cover": COVER, "data": [HEADER, ["1", "a"]]}, [2], ("the table was read from sheet 2 of 2",)),
        (
            {"hidden_old": [HEADER, ["1", "old"]], "data": [HEADER, ["1", "a"]]},
            [2],
            ("the table was read from sheet 2 of 2", "sheet 1 of 2 holds rows too, and was not read"),
        ),
        (
            {"data": [*COVER, HEADER, ["1", "a"]], "notes": COVER},
            [4],
            ("the header was found in line 3, and the 2 lines above it were left out",),
        ),
        (
            {"data": [HEADER, ["1", "a"]], "hidden_old": [HEADER, ["1", "old"]]},
            [2],
            ("sheet 2 of 2 holds rows too, and was not read",),
        ),
        # the rest of a list that an exporter put on a second sheet
        (
            {"data": [HEADER, ["1", "a"]], "data (2)": [["2", "b"], ["3", "c"]], "empty": []},
            [2],
            ("sheet 2 of 3 holds rows too, and was not read",),
        ),
    ],
)
def test_the_sheet_that_holds_the_table_is_read_whatever_comes_before_it(sheets, lines, notes):
    table = read_table("a.xlsx", workbook(**sheets), known=HEADER)
    assert (_rows(table), table.line_numbers.to_list(), table.notes) == ([("1", "a")], lines, notes)


def test_a_table_on_two_sheets_is_refused():
    with pytest.raises(UnreadableError, match="the sheets 1 and 2 each hold a table of this object"):
        read_table("a.xlsx", workbook(one=[HEADER, ["1", "a"]], two=[HEADER, ["2", "b"]]), known=HEADER)


def test_a_file_of_old_line_ends_is_read_too():
    table = read_table("a.csv", b"id,word\r001,Anna\r2,Bob\r")
    assert _rows(table) == [("001", "Anna"), ("2", "Bob")]
    assert table.line_numbers.to_list() == [2, 3]


def test_compressed_and_plain_files_give_the_same_table():
    plain = _csv().encode()
    assert (
        _rows(read_table("a.csv.gz", gzip.compress(plain, mtime=0))) == _rows(read_table("a.csv", plain)) == ROWS
    )


def test_headers_come_in_any_case_and_are_trimmed():
    table = read_table("a.csv", b" ID ,Word\n1,x\n")
    assert table.columns == ("id", "word")
    assert table.headers == (" ID ", "Word")


def test_line_numbers_count_newlines_inside_quotes_and_blank_lines():
    table = read_table("a.csv", b'id,word\n1,"two\nlines"\n\n2,plain\n   \n3,"with ""quotes"", too"\n')
    assert _rows(table) == [("1", "two\nlines"), ("2", "plain"), ("3", 'with "quotes", too')]
    assert table.line_numbers.to_list() == [2, 5, 7]
    assert table.ragged == ()


def test_a_file_of_one_column_is_read_without_its_blank_lines():
    table = read_table("a.csv", b"id\n1\n\n2\n")
    assert _rows(table) == [("1",), ("2",)]
    assert table.line_numbers.to_list() == [2, 4]


@pytest.mark.parametrize(
    ("text", "whole", "ragged"),
    [
        ("id,word\n1,a\n2\n3,c\n", [("1", "a"), ("3", "c")], [(3, ("2",))]),
        ("id,word\n1,a,more\n2,b\n", [("2", "b")], [(2, ("1", "a", "more"))]),
        # One field too few and one too many: the separators alone would add up.
        ("id,word\n1\n2,b,more\n", [], [(2, ("1",)), (3, ("2", "b", "more"))]),
        ("id,word\n1,a,more", [], [(2, ("1", "a", "more"))]),
        ('id,word\n1,"a,b"\n2\n', [("1", "a,b")], [(3, ("2",))]),
        # a separator at the end of every row, or of the header alone
        ("id,word\n1,a,\n2,b, \n", [("1", "a"), ("2", "b")], []),
        ("id,word\n1,a,\n2,b,\n(2 rows)\n", [("1", "a"), ("2", "b")], [(4, ("(2 rows)",))]),
        ("id,word,\n1,a\n2,b\n", [("1", "a"), ("2", "b")], []),
        ("id,word\n1,a,\n2,b\n", [("2", "b")], [(2, ("1", "a", ""))]),
        ("id,word\n1,a,\n2,b,x\n", [], [(2, ("1", "a", "")), (3, ("2", "b", "x"))]),
        ("id,word\n1,a,\n", [], [(2, ("1", "a", ""))]),
        ("id,word\n", [], []),
    ],
)
def test_rows_with_the_wrong_number_of_fields_are_told_apart(text, whole, ragged):
    table = read_table("a.csv", text.encode())
    assert _rows(table) == whole
    assert [(row.line_number, row.fields) for row in table.ragged] == ragged
    assert table.rows_read == len(whole) + len(ragged)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n \n", "empty"),
        ("a.csv", b"\xef\xbb\xbf", "empty"),
        ("a.csv", b"id,word\n1,a\n2", "cut off in line 3"),
        ("a.csv", b'id,word\n1,a\n2,"open\n3,c\n', "cut off: a quote opened on line 3 is never closed"),
        ("a.csv", "id,word\n1,Zoë\n2,Zoë".encode()[:-1], "cut off in the middle of a letter"),
        ("a.csv", b"id,word\n1,\x81\n", "neither UTF-8 nor cp1252"),
        ("a.csv", b"id,Id \n1,a\n", "names column 2 the same as column 1"),
        ("a.csv.gz", gzip.compress(_csv().encode() * 50, mtime=0)[:-9], "cut off or damaged"),
        ("a.csv.gz", b"id,word\n1,a\n", "cut off or damaged"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "empty"),
        ("a.parquet", b"PAR1 and no more", "cut off or damaged"),
        ("a.xlsx", b"PK\x03\x04 and no more", "cut off or damaged"),
        ("a.xlsx", b"id,word\n1,a\n", "no xlsx workbook"),
        ("a.xlsx", b"\r\n<HTML><table><tr><td>id</td>", "a web page, not an xlsx workbook"),
        ("a.xlsx", b'\xef\xbb\xbf<?xml version="1.0"?><Workbook>', "no xlsx workbook"),
        ("a.csv", b"<!DOCTYPE html><html><body>Sign in</body>", "a web page, not a CSV file"),
        ("a.csv", "<html>".encode("utf-16"), "a web page, not a CSV file"),
    ],
)
def test_what_cannot_be_read_says_why_and_shows_no_value(name, data, said):
    with pytest.raises(UnreadableError, match=said) as raised:
        read_table(name, data)
    assert "Zo" not in str(raised.value)


def test_a_cp1252_file_that_ends_in_an_accent_is_not_taken_for_cut_off():
    assert _rows(read_table("a.csv", "id,word\n1,Andr\xe9".encode("cp1252"))) == [("1", "André")]


def test_a_workbook_and_a_parquet_file_show_whole_numbers_and_dates_as_text():
    frame = pl.DataFrame(
        {
            "ID": ["001", "2"],
            "Number": [123.0, 4.5],
            "Key": [-1, 7],
            "Day": [dt.date(2019, 8, 1), None],
            "At": [dt.datetime(2019, 8, 1, 9, 30), dt.datetime(2019, 8, 2)],
        }
    )
    parquet, workbook = io.BytesIO(), io.BytesIO()
    frame.write_parquet(parquet)
    frame.write_excel(workbook)
    for name, data in (("a.parquet", parquet.getvalue()), ("a.xlsx", workbook.getvalue())):
        table = read_table(name, data)
        assert table.columns == ("id", "number", "key", "day", "at")
        assert table.line_numbers.to_list() == [2, 3]
        first, second = _rows(table)
        assert first[:3] == ("001", "123", "-1")
        assert first[3] is not None and first[3].startswith("2019-08-01")
        assert first[4].startswith("2019-08-01 09:30:00")
        assert second[1] == "4.5" and second[3] is None


@pytest.mark.parametrize(
    "dtype", [pl.Date, pl.Datetime("ms"), pl.Datetime("us"), pl.Datetime("us", "Europe/London")]
)
def test_a_day_of_a_parquet_file_that_no_calendar_has_is_a_text_that_is_no_date(dtype):
    most = 2**31 - 1 if dtype == pl.Date else 2**63 - 1
    file = io.BytesIO()
    days = pl.Series([most, 1 - most, None, 0]).cast(pl.Int32 if dtype == pl.Date else pl.Int64).cast(dtype)
    pl.DataFrame({"id": ["1", "2", "3", "4"], "day": days}).write_parquet(file)
    first, second, third, fourth = _rows(read_table("a.parquet", file.getvalue()))
    assert first == ("1", f"{most} since 1970")
    assert second == ("2", f"{1 - most} since 1970")
    assert third == ("3", None)
    assert fourth[1] is not None and fourth[1].startswith("1970-01-01")


@pytest.mark.parametrize(
    ("moment", "zone", "text"),
    [
        (dt.datetime(2019, 8, 30, 23), "UTC", "2019-08-31 00:00:00"),
        (dt.datetime(2019, 1, 30, 23), "UTC", "2019-01-30 23:00:00"),
        (dt.datetime(2019, 8, 31, 0), "Europe/London", "2019-08-31 00:00:00"),
        (dt.datetime(2019, 8, 31, 0), "Europe/Paris", "2019-08-30 23:00:00"),
        (dt.datetime(1, 1, 1), "UTC", "0001-01-01 00:00:00"),
        (dt.datetime(1753, 1, 1), "UTC", "1753-01-01 00:00:00"),
        (dt.datetime(1900, 1, 1), "UTC", "1900-01-01 00:00:00"),
        (dt.datetime(9999, 12, 31), "UTC", "9999-12-31 00:00:00"),
        (dt.datetime(2019, 8, 30, 23), None, "2019-08-30 23:00:00"),
    ],
)
def test_a_moment_in_a_zone_of_a_parquet_file_is_shown_by_the_clocks_in_england(moment, zone, text):
    file = io.BytesIO()
    moments = pl.Series([moment, None]).dt.replace_time_zone(zone)
    pl.DataFrame({"id": ["1", "2"], "at": moments}).write_parquet(file)
    assert [at for _, at in _rows(read_table("a.parquet", file.getvalue()))] == [text, None]


def test_both_ways_of_reading_give_the_same_table_on_well_formed_files():
    made = random.Random(20190831)
    words = [
        "",
        "a",
        "b c",
        "x,y",
        "p;q",
        'say ""hi""'.replace('""', '"'),
        "two\nlines",
        "01/02/2019",
        " 7 ",
        "Zoë",
        '"',
    ]
    fast = 0
    for case in range(300):
        separator, end = made.choice(",;\t"), made.choice(["\n", "\r\n"])
        choice = words if case % 2 else [word for word in words if '"' not in word and "\n" not in word]
        width = made.randint(2, 5)
        rows = [[made.choice(choice) for _ in range(width)] for _ in range(made.randint(0, 8))]
        file = io.StringIO(newline="")
        quoting = made.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        writer = csv.writer(file, delimiter=separator, lineterminator=end, quoting=quoting)
        writer.writerows([[f"c{place}" for place in range(width)], *rows])
        text = file.getvalue()
        slow = file_reading._read_line_by_line(text, separator, InputLimits())
        assert _rows(slow) == [tuple(row) for row in rows if "".join(row).strip()]
        regular = file_reading._read_regular(text.encode(), separator)
        if regular is not None:
            fast += 1
            assert _rows(regular) == _rows(slow)
            assert regular.line_numbers.to_list() == slow.line_numbers.to_list()
            assert regular.headers == slow.headers
    assert fast > 100


@pytest.mark.parametrize(
    ("text", "headers", "rows"),
    [
        ('id,word\n1,a"b\n2,c\n', ("id", "word"), [("1", 'a"b'), ("2", "c")]),
        ('id,word\n1, "a"\n', ("id", "word"), [("1", ' "a"')]),
        ('"id"x,word\n1,a\n', ("idx", "word"), [("1", "a")]),
        ('i"d,word"\n1,a\n', ('i"d', 'word"'), [("1", "a")]),
    ],
)
def test_a_stray_quote_is_a_letter_like_any_other(text, headers, rows):
    table = read_table("a.csv", text.encode())
    assert table.headers == headers
    assert _rows(table) == rows


def test_a_workbooks_empty_rows_are_no_rows_but_count_as_lines():
    workbook = io.BytesIO()
    frame = pl.DataFrame({"id": ["1", None, "3"], "word": ["a", None, None]})
    frame.write_excel(workbook)
    table = read_table("a.xlsx", workbook.getvalue())
    assert _rows(table) == [("1", "a"), ("3", None)]
    assert table.line_numbers.to_list() == [2, 4]


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_lines_of_separators_only_are_no_rows_but_count_as_lines(end):
    lines = ["id,word", "1,a", ",", " , ", '"",""', ",,", "2,", ",b", ","]
    table = read_table("a.csv", (end.join(lines) + end).encode())
    assert _rows(table) == [("1", "a"), ("2", ""), ("", "b")]
    assert table.line_numbers.to_list() == [2, 7, 8]
    assert table.ragged == ()
    assert table.rows_read == 3


def test_a_row_with_a_value_in_unknown_columns_only_is_no_row():
    text = b"line,id,word,tick\n1,7,a,FALSE\n2,,,FALSE\n3, ,,\n4,,b,FALSE\n"
    table = read_table("a.csv", text, known=HEADER)
    assert [row[1:3] for row in _rows(table)] == [("7", "a"), ("", "b")]
    assert (table.line_numbers.to_list(), table.rows_read) == ([2, 5], 2)
    assert table.notes == ("rows with no value in any known column, which are no rows: 2",)
    assert read_table("a.csv", text).rows_read == 4
    assert read_table("a.csv", text, known=["other"]).rows_read == 4


def _workbook_of_cells(*rows):
    """A workbook of texts, numbers and formulas; a formula is a pair of its text and the value stored with it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.write_formula(row, column, cell[0], None, cell[1])
                elif cell is not None:
                    sheet.write(row, column, cell)
    return file.getvalue()


def test_errors_and_formulas_without_a_value_are_no_blanks():
    table = read_table(
        "a.xlsx",
        _workbook_of_cells(
            ["id", "day", "number"],
            ["1", ("=NA()", "#N/A"), 41559],
            ["2", ("=A1", "2019-08-31"), ("=1/0", "#DIV/0!")],
            ["3", ("=A1", ""), None],
            [None, None, None],
            ["5", " ", ("=1", "#SPILL!")],
            ["6", 1e8, dt.date(2019, 8, 31)],
            [("=A1", ""), ("=B1", ""), ("=C1", "")],
        ),
    )
    assert _rows(table) == [
        ("1", "#N/A", "41559"),
        ("2", "2019-08-31", "#DIV/0!"),
        ("3", NO_FORMULA_VALUE, None),
        ("5", " ", "#SPILL!"),
        ("6", "100000000", "2019-08-31 00:00:00"),
        (NO_FORMULA_VALUE,) * 3,
    ]
    assert table.line_numbers.to_list() == [2, 3, 4, 6, 7, 8]


def test_an_empty_text_as_the_value_of_a_formula_is_a_blank():
    data = _workbook_of_cells(["id", "day"], ["1", ("=A1", "MARK")])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(file, "w") as changed:
        for entry in book.infolist():
            changed.writestr(entry, book.read(entry).replace(b"<v>MARK</v>", b"<v></v>"))
    assert b't="str"' in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert _rows(read_table("a.xlsx", file.getvalue())) == [("1", "")]


def test_a_day_that_no_calendar_has_is_no_blank():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet, days = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["id", "day"])
        for row, day in enumerate([1e8, 43708], 1):
            sheet.write_string(row, 0, str(row))
            sheet.write_number(row, 1, day, days)
    assert _rows(read_table("a.xlsx", file.getvalue())) == [("1", OTHER_ERROR), ("2", "2019-08-31 00:00:00")]


def test_a_full_disk_has_the_systems_number_also_where_polars_has_it_only_in_words():
    with pytest.raises(OSError, match="No space left on device") as met:
        pl.DataFrame({"a": [1]}).write_ipc("/dev/full")
    assert (met.value.errno, error_number(met.value)) == (None, errno.ENOSPC)
    assert error_number(OSError(errno.EACCES, "Permission denied")) == errno.EACCES
    assert error_number(OSError("something else")) == errno.EIO
