"""The readers on real published files, where they are at hand: every row accounted for, figures as published.

The files are not part of the project; without them these tests are skipped.
"""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from checkout import PROJECT_ROOT

from pipelines.comparators.load_releases import ComparatorLoad, load_comparators
from pipelines.settings import SEEDS, DataFolder

FILES = PROJECT_ROOT.parent / "shared" / "comparators"
RELEASES = {
    "dfe_cla_sfr_2018": "cla_sfr_2018",
    "dfe_cla_2021": "cla_2021",
    "dfe_cla_2022": "cla_2022",
    "dfe_cin_2024": "cin_2024",
    "dfe_lait_2024_11": "lait_2024_11",
    "reference": "neighbours_april_2021",
}

pytestmark = pytest.mark.skipif(
    not FILES.is_dir(), reason=f"no published files in {FILES.name} beside the project"
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[ComparatorLoad, DataFolder]:
    folder = DataFolder(tmp_path_factory.mktemp("published_files"))
    for place, release in RELEASES.items():
        shutil.copytree(FILES / place, folder.comparators / "dfe" / release)
    return load_comparators(folder, lambda line: None), folder


@pytest.fixture
def working_file(loaded: tuple[ComparatorLoad, DataFolder]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(loaded[1].database), read_only=True) as connection:
        yield connection


def files_of(folder: DataFolder) -> list[Path]:
    return [path for path in folder.comparators.rglob("*") if path.is_file()]


def rows_of(path: Path) -> int:
    """The rows below the header of a file, counted without the readers."""
    if path.suffix == ".parquet":
        return len(pl.read_parquet(path))
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return sum(any(cells) for cells in csv.reader(lines)) - 1


def test_every_file_is_loaded_without_a_warning(loaded):
    found, folder = loaded
    assert found.warnings == []
    assert found.loaded == len(files_of(folder))


def test_every_row_is_loaded_or_listed(loaded, working_file):
    sql = """
        with listed as (
            select publisher, release, file, count(*) as rows_listed
            from raw.comparator_left_out
            group by all
        )
        select file
        from raw.comparator_file
        left join listed using (publisher, release, file)
        where rows_read != rows_loaded + rows_left_out or rows_left_out != coalesce(rows_listed, 0)
    """
    assert working_file.execute(sql).fetchall() == []
    read = dict(
        working_file.execute("select release || '/' || file, rows_read from raw.comparator_file").fetchall()
    )
    assert read == {"/".join(path.parts[-2:]): rows_of(path) for path in files_of(loaded[1])}
    assert sum(read.values()) > 500_000


def test_a_file_has_every_figure_once(working_file):
    sql = """
        select 1 from raw.comparator_value
        group by publisher, release, file, measure, dimensions, geography_level, geography_code, period
        having count(*) > 1
    """
    assert working_file.execute(sql).fetchall() == []


def test_no_sign_is_unknown(working_file):
    sql = "select distinct raw_token from raw.comparator_value where status = 'unknown'"
    assert working_file.execute(sql).fetchall() == []


def test_every_value_has_a_number_and_every_other_status_none(working_file):
    sql = "select count(*) from raw.comparator_value where (status = 'value') != (value is not null)"
    assert working_file.execute(sql).fetchone() == (0,)


def test_london_is_the_sum_of_its_halves_and_one_of_nine_regions(working_file):
    sql = """
        select geography_level, sum(value)
        from raw.comparator_value
        where release = 'cla_sfr_2018' and measure = 'looked_after.cla_mar' and period = '2018'
            and geography_level != 'local_authority'
        group by all
    """
    total = dict(working_file.execute(sql).fetchall())
    assert abs(total["regional"] - total["national"]) <= 50  # rounded to the nearest ten
    sql = sql.replace("geography_level != 'local_authority'", "geography_code = 'E12000007'")
    london = dict(working_file.execute(sql).fetchall())["regional"]
    assert abs(total["inner_london"] + total["outer_london"] - london) <= 20


@pytest.mark.parametrize(
    ("release", "measure", "dimensions", "code", "period", "value"),
    [
        ("cin_2024", "population.population_0_17", "age_group=0 to 17", "888", "2016", 245765),
        ("cla_sfr_2018", "outcomes.oc2_teethcheck_pc", "", "888", "2018", 81),
        ("cla_2022", "looked_after.rate_per_10000", "population=looked after on 31 March", "888", "2019", 85),
    ],
)
def test_figures_are_as_published(working_file, release, measure, dimensions, code, period, value):
    sql = """
        select value from raw.comparator_value
        where release = ? and measure = ? and dimensions = ? and geography_code = ? and period = ?
    """
    assert working_file.execute(sql, [release, measure, dimensions, code, period]).fetchall() == [(value,)]


def test_registered_numerators_and_denominators_give_the_published_values(working_file):
    """Within what rounding to whole per cent, and of regions to the nearest ten, can do."""
    sql = f"""
        with registered as (
            select
                * replace (coalesce(dimensions, '') as dimensions),
                concat_ws(' ', indicator_id, dimension, code) as compared
            from read_csv('{SEEDS / "comparator_measure.csv"}')
            where is_comparable and measure not like '%headline%'
        ),
        figure as (
            select source_kind, compared,
                max(value) filter (role = 'value') as published,
                sum(value) filter (role = 'numerator') as numerator,
                max(value) filter (role = 'denominator') as denominator,
                bool_and(value is not null) as is_whole
            from registered
            inner join raw.comparator_value using (source_kind, measure, dimensions)
            where source_kind != 'printed'
            group by source_kind, compared, release, geography_level, geography_code, period_end
        )
        select source_kind, compared, max(abs(
            published - numerator / denominator * case when compared like '%_rate' then 10000 else 100 end
        ))
        from figure
        where is_whole and published is not null and numerator is not null and denominator > 0
        group by all
    """
    found = {(kind, indicator): worst for kind, indicator, worst in working_file.execute(sql).fetchall()}
    assert len(found) >= 40
    assert {key: worst for key, worst in found.items() if worst > 0.8} == {}


def test_a_second_look_reads_nothing(loaded):
    again = load_comparators(loaded[1], lambda line: None)
    assert (again.loaded, again.unchanged, again.warnings) == (0, again.files, [])
