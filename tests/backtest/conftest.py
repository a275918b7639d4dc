"""The synthetic authority published through all thirteen months, once for all back-tests."""

from pathlib import Path

import pytest

from pipelines.cli import main


@pytest.fixture(scope="session")
def thirteen_months(lancashire: Path) -> Path:
    """The latest release of a data folder with every month of the printed report published."""
    assert main(["run", "--data", str(lancashire), "--from", "2018-08", "--to", "2019-08"]) == 0
    return lancashire / "marts" / "latest"
