"""A list that people open in a spreadsheet runs nothing."""

import csv
import io

import polars as pl
import pytest

from pipelines.publish.spreadsheet import spreadsheet_csv


def cells(rows: pl.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(spreadsheet_csv(rows).decode("utf-8-sig"), newline="")))[1:]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20 7946 0000",
        "-1",
        "@SUM(A1)",
        "  =cmd|' /C calc'!A0",
        "\t=1",
        "\r=1",
        '"=1+1',
        "'=1",
        "\n=1",
        "\uff1d1+1",
        "\u00a0=1",
        '=HYPERLINK("http://x","y")',
    ],
)
def test_no_text_starts_a_formula(text):
    rows = pl.DataFrame({"team": [text, "North"], "rule": ["a", f"b{text}"]})
    (first, second) = cells(rows)
    assert first[0][0] in "'\ufffd" and first[0].endswith(text[-1])
    assert second == ["North", f"b{text}".replace("\t", "\ufffd").replace("\r", "\ufffd").replace("\n", "\ufffd")]


def test_every_text_is_in_quotes_so_that_no_other_separator_splits_it():
    written = spreadsheet_csv(pl.DataFrame({"team": ["North;=1+1"], "age": [3]})).decode("utf-8-sig")
    assert written == '"team","age"\n"North;=1+1",3\n'


def test_numbers_stay_numbers_and_nothing_stays_nothing():
    assert cells(pl.DataFrame({"n": [-1, None], "x": [-0.5, None], "t": [None, ""]})) == [
        ["-1", "-0.5", ""],
        ["", "", ""],
    ]
