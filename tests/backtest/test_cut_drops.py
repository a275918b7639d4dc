"""The sample's drop of a month, cut to a window or to the latest events: no figure differs from the whole drop's.

Nothing is declared: the product sees the cut in the data.
"""

import contextlib
import csv
import datetime as dt
import gzip
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import main
from pipelines.contracts import Contract, contracts

pytestmark = pytest.mark.long

MONTH = "2019-03"
Rows = list[dict[str, str]]
AVAILABLE_AT_LEAST = {
    "six months": 58,
    "one year": 80,
    "three years": 91,
    "six months, no day of entry into care": 47,
    "the latest events only": 14,
    "begun in one year": 17,
    "begun in three years": 19,
    "reviews of six months": 89,
    "periods of care begun in one year": 47,
    "placements of one year": 97,
}
"""How many indicators a cut leaves available at the month end: a new indicator may add to them."""


def as_day(text: str) -> dt.date | None:
    """The day of a cell: the sample writes days in several forms."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(text[:10], form).date()
    return None


def ended_since(text: str) -> Callable[[Contract, Rows], Rows]:
    """Keeps what is open, and what ended on the day or later."""
    first = dt.date.fromisoformat(text)

    def cut(contract: Contract, rows: Rows) -> Rows:
        assert contract.days
        ends = (as_day(row[contract.days[1]]) for row in rows)
        return [row for row, end in zip(rows, ends, strict=True) if end is None or end >= first]

    return cut


def begun_since(text: str) -> Callable[[Contract, Rows], Rows]:
    """Keeps what began on the day or later: nothing older, even if it is open."""
    first = dt.date.fromisoformat(text)

    def cut(contract: Contract, rows: Rows) -> Rows:
        assert contract.days
        starts = (as_day(row[contract.days[0]]) for row in rows)
        return [row for row, start in zip(rows, starts, strict=True) if start is None or start >= first]

    return cut


def only(name: str, cut: Callable[[Contract, Rows], Rows]) -> Callable[[Contract, Rows], Rows]:
    """Cuts one list, and leaves the others as they are."""
    return lambda contract, rows: cut(contract, rows) if contract.object == name else rows


def without_entry_dates(contract: Contract, rows: Rows) -> Rows:
    rows = ended_since("2018-10-01")(contract, rows)
    return (
        [row | {"clae_entered_care_date": ""} for row in rows] if contract.object == "ssd_cla_episodes" else rows
    )


def latest_only(contract: Contract, rows: Rows) -> Rows:
    """Keeps the last row of each child, or of what the contract names."""
    assert contract.days
    start, columns = contract.days[0], contract.latest_per or (contract.person or "",)
    by_start = sorted(rows, key=lambda row: as_day(row[start]) or dt.date.min)
    return list({tuple(row[name] for name in columns): row for row in by_start}.values())


CUTS = {
    "six months": ended_since("2018-10-01"),
    "one year": ended_since("2018-04-01"),
    "three years": ended_since("2016-04-01"),
    "six months, no day of entry into care": without_entry_dates,
    "the latest events only": latest_only,
    "begun in one year": begun_since("2018-04-01"),
    "begun in three years": begun_since("2016-04-01"),
    "reviews of six months": only("ssd_cla_reviews", ended_since("2018-10-01")),
    "periods of care begun in one year": only("ssd_cla_episodes", begun_since("2018-04-01")),
    "placements of one year": only("ssd_cla_placement", ended_since("2018-04-01")),
}


def write_cut(source: Path, target: Path, cut: Callable[[Contract, Rows], Rows]) -> None:
    target.mkdir(parents=True)
    for path in source.iterdir():
        contract = contracts()[path.name.split(".")[0]]
        # the council's own lists are no part of the extract that is cut
        if contract.days is None or contract.is_list:
            shutil.copy(path, target)
            continue
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = cut(contract, list(reader))
        with (target / f"{contract.object}.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, reader.fieldnames or ())
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture(scope="module")
def drop(lancashire: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drop of the month with every list, also those that came before and did not change since."""
    folder = tmp_path_factory.mktemp("drop")
    for path in sorted((lancashire / "raw" / "lcs" / "888").glob("*/*")):
        is_list = path.name.startswith("local_")
        if path.parent.name == MONTH or (is_list and path.parent.name < MONTH):
            shutil.copy(path, folder)
    return folder


def figures(data: Path) -> dict[tuple[object, ...], tuple[object, ...]]:
    file = data / "marts" / "latest" / "restricted" / "warehouse.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        found: Iterable[tuple[object, ...]] = connection.execute(
            "select indicator_id, month, area_type, area_name, numerator, denominator, not_available_reason"
            " from fct_indicator_value where extract_month = '2019-03-31'"
        ).fetchall()
    return {row[:4]: row[4:] for row in found}


def run(data: Path) -> dict[tuple[object, ...], tuple[object, ...]]:
    assert main(["run", "--data", str(data), "--month", MONTH]) == 0
    return figures(data)


@pytest.fixture(scope="module")
def whole(
    lancashire: Path, drop: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[object, ...], tuple[object, ...]]:
    data = tmp_path_factory.mktemp("whole")
    shutil.copytree(drop, data / "raw" / "lcs" / "888" / MONTH)
    shutil.copytree(lancashire / "raw" / "reference", data / "raw" / "reference")
    return run(data)


@pytest.mark.parametrize("name", CUTS)
def test_no_figure_of_a_cut_drop_differs_from_that_of_the_whole(lancashire, drop, whole, tmp_path, name):
    write_cut(drop, tmp_path / "raw" / "lcs" / "888" / MONTH, CUTS[name])
    shutil.copytree(lancashire / "raw" / "reference", tmp_path / "raw" / "reference")
    cut = run(tmp_path)
    shown = {key: row for key, row in cut.items() if row[2] is None and row[0] is not None}
    given = {key[:2] for key in shown if key[2] == "authority"}
    assert {key: row for key, row in shown.items() if row[:2] != whole.get(key, (0, 0))[:2]} == {}
    assert {key for key in whole if key[:2] in given and key not in shown and whole[key][0] is not None} == set()
    assert all(row[2] for key, row in cut.items() if row[0] is None)
    at_month_end = [key for key in given if str(key[1]) == "2019-03-31"]
    assert len(at_month_end) >= AVAILABLE_AT_LEAST[name]


def test_the_whole_drop_gives_every_figure(whole):
    assert {row[2] for row in whole.values()} == {None}
