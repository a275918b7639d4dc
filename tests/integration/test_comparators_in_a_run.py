"""Published figures in a month's run: loaded before dbt, reported in one line, and never a reason to stop."""

import duckdb
import pytest
from small_authority import drop, write_drop

from pipelines.cli import main
from pipelines.settings import DataFolder
from warehouse_sample.writing import write_printed_comparators


@pytest.mark.long
def test_a_broken_comparator_file_is_a_warning_and_the_month_is_published(tmp_path, capfd):
    write_drop(tmp_path, "2019-01", drop("2019-01"))
    release = tmp_path / "raw" / "comparators" / "dfe" / "cla_2018"
    release.mkdir(parents=True)
    write_printed_comparators(DataFolder(tmp_path))
    columns = "time_period,time_identifier,geographic_level,cla_uasc\n"
    (release / "broken.csv").write_text(columns, encoding="utf-8")
    assert main(["run", "--data", str(tmp_path), "--month", "2019-01"]) == 0
    told = capfd.readouterr()
    assert "comparators: 2 files, 0 unchanged, 1 loaded, 1 not used, 219 values" in told.out
    assert "warning: comparators dfe/cla_2018 broken.csv: refused: " in told.err
    assert (tmp_path / "marts" / "latest").exists()
    with duckdb.connect(str(tmp_path / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from raw.comparator_value").fetchone() == (219,)
        assert connection.execute("select count(*) from seeds.comparator_measure").fetchone() > (100,)
