"""The synthetic authority published for all back-tests: two of its months, and in the long tests all thirteen."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.calendar import Month, months_between
from pipelines.cli import main

ALL_MONTHS = tuple(str(month) for month in months_between(Month(2018, 8), Month(2019, 8)))
SOME_MONTHS = ("2019-03", "2019-08")


@dataclass(frozen=True)
class Published:
    """The latest release of a data folder, and the months that were run for it."""

    release: Path
    months: tuple[str, ...]


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(SOME_MONTHS, id="two months"),
        pytest.param(ALL_MONTHS, id="thirteen months", marks=pytest.mark.long),
    ],
)
def published(request: pytest.FixtureRequest, lancashire: Path) -> Published:
    """The months of the printed report, run and published in order."""
    for month in request.param:
        assert main(["run", "--data", str(lancashire), "--month", month]) == 0
    return Published(lancashire / "marts" / "latest", request.param)
