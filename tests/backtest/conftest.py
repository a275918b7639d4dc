"""The synthetic authority through all thirteen months, once for all back-tests."""

from pathlib import Path

import pytest

from pipelines.cli import main


@pytest.fixture(scope="session")
def thirteen_months(tmp_path_factory) -> Path:
    """A data folder with every month of the printed report published; gives the latest release."""
    data = tmp_path_factory.mktemp("thirteen_months")
    assert main(["sample", "--data", str(data)]) == 0
    assert main(["run", "--data", str(data), "--from", "2018-08", "--to", "2019-08"]) == 0
    return data / "marts" / "latest"
