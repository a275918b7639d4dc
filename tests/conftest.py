"""What tests of several kinds share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import CHROMIUM, chromium
from dbt_process import run_dbt
from playwright.sync_api import Browser
from xdist.scheduler import LoadFileScheduling

from pipelines.sample import DEFAULT_SEED, FIRST_MONTH, LAST_MONTH, write_sample
from pipelines.settings import DataFolder

BACK_TESTS = "tests/backtest"


class WhatSharesARun(LoadFileScheduling):
    """Tests of a file go to one process, and all back-tests to the same: their months are run once."""

    def _split_scope(self, nodeid: str) -> str:
        return BACK_TESTS if nodeid.startswith(BACK_TESTS) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return WhatSharesARun(config, log)


@pytest.fixture(scope="session")
def dbt_manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's manifest of the project as it stands."""
    folder = tmp_path_factory.mktemp("dbt_parse")
    result = run_dbt(["parse", "--quiet"], folder / "none.duckdb", folder / "target")
    assert result.returncode == 0, result.stdout
    return folder / "target" / "manifest.json"


@pytest.fixture(scope="session")
def lancashire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all thirteen drops of the synthetic authority; tests leave its `raw/` as it is."""
    data = tmp_path_factory.mktemp("lancashire")
    write_sample(DataFolder(data), FIRST_MONTH, LAST_MONTH, DEFAULT_SEED, lambda line: None)
    return data


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; of a module, since what runs a loop of events in this process must not outlast it."""
    if not CHROMIUM.is_file():
        pytest.skip(f"there is no {CHROMIUM}: pages are not looked at")
    with chromium() as started:
        yield started
