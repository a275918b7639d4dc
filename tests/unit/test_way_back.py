"""What a refusal says about the published drop of a month that a later drop would change."""

import shutil

import pytest
from ingest_drops import PERSON, write

from pipelines.calendar import Month
from pipelines.ingest.month_ingest import ingest_month
from pipelines.progress import Progress
from pipelines.publish.published import Release
from pipelines.publish.way_back import way_back
from pipelines.settings import DataFolder

JULY = Month(2019, 7)
AGAIN = "`warehouse run --month 2019-07 --authority 888` loads it again"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> DataFolder:
    monkeypatch.setenv("WAREHOUSE_PSEUDONYM_KEY", "a key for the tests of the way back, long")
    monkeypatch.setattr("pipelines.publish.way_back.releases", lambda folder: [release(folder)])
    return DataFolder(tmp_path)


PUBLISHED: list[dict] = []


def release(folder: DataFolder) -> Release:
    return Release(folder.releases / "2019-08_a", {"extract_month": "2019-08", "drops": PUBLISHED})


def deliver(folder: DataFolder, **rows) -> list[dict]:
    write(folder, rows, str(JULY))
    return [drop.to_manifest() for drop in ingest_month(folder, JULY, Progress()).drops]


def test_the_sentence_says_where_the_published_drop_is_and_which_command_loads_it(folder):
    PUBLISHED[:] = deliver(folder)
    (archived,) = (folder.archive / "888" / "2019-07").iterdir()
    assert way_back(folder, release(folder), PUBLISHED, ("888", JULY)) == (
        "Its drop is the published one: the project, a population or another setting changed"
    )
    later = deliver(folder, ssd_person=[PERSON, PERSON | {"pers_person_id": "2"}])
    assert way_back(folder, release(folder), later, ("888", JULY)) == (
        f"If its new drop is wrong, put its published drop back from {archived} into raw/lcs/888/2019-07; {AGAIN}"
    )
    # put back and not run yet: what is loaded is still the later one
    for file in archived.glob("ssd_*"):
        shutil.copy(file, folder.lcs / "888" / "2019-07")
    assert way_back(folder, release(folder), later, ("888", JULY)) == (
        f"raw/lcs/888/2019-07 has its published drop: if that is right, {AGAIN}"
    )
    shutil.rmtree(folder.archive)
    shutil.rmtree(folder.lcs)
    assert way_back(folder, release(folder), later, ("888", JULY)) == (
        f"If its new drop is wrong, put its published drop back into raw/lcs/888/2019-07; {AGAIN}"
    )
