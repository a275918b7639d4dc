"""The wheel: it holds the whole product and only that, and a month runs from it without the checkout.

The wheel is installed for real, by pip into an empty environment without the network. The packages it needs are
lent by a `.pth` file from the environment of the tests: installing them takes minutes and an index. That the lock
holds all of them is shown by `make demo`, which installs nothing else.
"""

import hashlib
import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from checkout import PROJECT_ROOT
from small_authority import drop, write_drop

FOLDERS = ("pipelines", "dbt_project", "expectations", "docs/cookbook")
"""What the product needs of the checkout; in the wheel all but the first lie inside it."""
WRITTEN_BY_TOOLS = {"__pycache__", "target", "logs", ".user.yml"}
MONTH = "2019-01"
ANY_FOLDER = "Ärea \"North\" & 'South' 数据 $(id); -rf"
"""Blanks, quotes, letters that no code page has together, and what a shell would take for a command."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(PROJECT_ROOT)], check=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory) -> Path:
    """An environment that holds the wheel."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    install = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    python = folder / "bin" / "python"
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    packages(folder).joinpath("packages_of_the_tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def packages(environment: Path) -> Path:
    return Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_wheel_holds_every_file_of_the_product_and_none_of_the_sample(wheel):
    expected = {
        f"pipelines/{path.relative_to(PROJECT_ROOT).as_posix()}".replace("pipelines/pipelines/", "pipelines/")
        for folder in FOLDERS
        for path in (PROJECT_ROOT / folder).rglob("*")
        if path.is_file() and WRITTEN_BY_TOOLS.isdisjoint(path.relative_to(PROJECT_ROOT).parts)
    }
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert sorted(held - expected) == []
    assert sorted(expected - held) == []


@pytest.mark.long
def test_a_month_runs_from_the_wheel_in_any_folder_place_and_language(environment, tmp_path):
    """Without a home, in the locale C, and in the two time zones that are furthest apart."""
    folder = tmp_path / ANY_FOLDER
    write_drop(folder / "data", MONTH, drop(MONTH))
    before = contents(packages(environment))

    def warehouse(*arguments: str, zone: str = "Pacific/Kiritimati") -> subprocess.CompletedProcess[str]:
        clean = {"PATH": os.defpath, "LC_ALL": "C", "TZ": zone, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [str(environment / "bin" / "warehouse"), *arguments]
        return subprocess.run(
            command, cwd=folder, env=clean, capture_output=True, text=True, encoding="utf-8", check=False
        )

    run = warehouse("run", "--month", MONTH)
    assert run.returncode == 0, run.stdout + run.stderr
    assert (folder / "data" / "marts" / "latest" / "open" / "mart_indicator_monthly").is_dir()
    assert f"{MONTH}_" in warehouse("releases", zone="America/Anchorage").stdout
    told = json.loads(warehouse("status", "--json", zone="Pacific/Midway").stdout)
    assert (told["data_folder"], told["last_run"]["status"]) == (str(folder / "data"), "published")
    assert warehouse("explain", "cin_plans_open").returncode == 0

    sample = warehouse("sample", "--from", MONTH)
    assert (sample.returncode, len(sample.stderr.splitlines())) == (2, 1)
    assert "warehouse_sample) and is not installed here" in sample.stderr

    assert contents(packages(environment)) == before
    assert sorted(path.name for path in folder.iterdir()) == ["data"]
    assert [path.name for path in tmp_path.iterdir()] == [ANY_FOLDER]
