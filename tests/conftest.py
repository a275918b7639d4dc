"""What tests of several kinds share."""

import fcntl
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import CHROMIUM, chromium
from empty_warehouse import build_on_nothing
from playwright.sync_api import Browser
from xdist.scheduler import LoadFileScheduling

from pipelines.calendar import Month, months_between
from pipelines.cli import main
from pipelines.settings import DataFolder, turn_telemetry_off
from pipelines.transform import manifest_path
from warehouse_sample import DEFAULT_SEED, FIRST_MONTH, LAST_MONTH, write_sample

turn_telemetry_off()

TOGETHER = {
    "tests/backtest/": "the synthetic authority",
    "tests/integration/test_disclosure_attack": "the synthetic authority",
    "tests/sample/": "the synthetic authority",
    "tests/unit/test_ingest_month": "the synthetic authority",
    "tests/project/": "the project as dbt reads it",
}
"""Tests that share what takes long to make, by the beginning of their names."""


ALL_MONTHS = tuple(str(month) for month in months_between(Month(2018, 8), Month(2019, 8)))
SOME_MONTHS = ("2019-03", "2019-08")


@dataclass(frozen=True)
class Published:
    """The latest release of a data folder, and the months that were run for it."""

    release: Path
    months: tuple[str, ...]


class WhatIsShared(LoadFileScheduling):
    """Tests of a file go to one process, and so do those of several files that share what takes long to make."""

    def _split_scope(self, nodeid: str) -> str:
        shared = (what for beginning, what in TOGETHER.items() if nodeid.startswith(beginning))
        return next(shared, super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return WhatIsShared(config, log)


@pytest.fixture(scope="session")
def dbt_manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's manifest of the project as it stands, in a data folder with nothing else."""
    return manifest_path(DataFolder(tmp_path_factory.mktemp("dbt_parse")))


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A data folder that dbt built without a drop: copies of it run a first month from the stored statements.

    The processes of a run share it. For dbt, a first month takes 10 CPU seconds more.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "built_project"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build_on_nothing(DataFolder(folder))
    return folder


@pytest.fixture(scope="session")
def lancashire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all thirteen drops of the synthetic authority; tests leave its `raw/` as it is."""
    data = tmp_path_factory.mktemp("lancashire")
    write_sample(DataFolder(data), FIRST_MONTH, LAST_MONTH, DEFAULT_SEED, lambda line: None)
    return data


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(SOME_MONTHS, id="two months"),
        pytest.param(ALL_MONTHS, id="thirteen months", marks=pytest.mark.long),
    ],
)
def published(request: pytest.FixtureRequest, lancashire: Path, built_project: Path) -> Published:
    """The months of the printed report of the synthetic authority, run and published in order."""
    if not DataFolder(lancashire).database.exists():
        shutil.copytree(built_project, lancashire, dirs_exist_ok=True)
    for month in request.param:
        assert main(["run", "--data", str(lancashire), "--month", month]) == 0
    return Published(lancashire / "marts" / "latest", request.param)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; of a module, since what runs a loop of events in this process must not outlast it."""
    if not CHROMIUM.is_file():
        pytest.skip(f"there is no {CHROMIUM}: pages are not looked at")
    with chromium() as started:
        yield started
