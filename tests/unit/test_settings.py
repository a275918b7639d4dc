"""Settings of the environment: which are known."""

import re
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.settings import KNOWN_VARIABLES, PREFIX, refuse_unknown_variables


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("WAREHOUSE_SMALLEST_COUNT_SHOWN", "did you mean WAREHOUSE_SMALLEST_SHOWN_COUNT?"),
        ("WAREHOUSE_QUIET_MINUTE", "did you mean WAREHOUSE_QUIET_MINUTES?"),
        ("WAREHOUSE_XYZ", "docs/deployment.md lists the settings"),
    ],
)
def test_a_setting_that_is_misspelt_is_refused(monkeypatch, capfd, name, hint):
    monkeypatch.setenv(name, "20")
    with pytest.raises(UsageError) as refused:
        refuse_unknown_variables()
    assert str(refused.value) == f"the environment variable {name} is not a setting: {hint}"
    assert main(["releases"]) == 2
    assert name in capfd.readouterr().err


def settings_in(text):
    """The variables in the first column of the docs' tables of settings."""
    rows = re.findall(r"^\| (`WAREHOUSE_[^|]*)\|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"WAREHOUSE_[A-Z_]+", row)}


def test_every_setting_of_the_docs_is_known_and_every_known_one_is_in_them(monkeypatch):
    docs = Path(__file__).parents[2] / "docs"
    listed = settings_in((docs / "deployment.md").read_text(encoding="utf-8"))
    assert settings_in((docs / "disclosure.md").read_text(encoding="utf-8")) <= listed
    assert listed == {name for name in KNOWN_VARIABLES if name.startswith(PREFIX)}
    for name in listed:
        monkeypatch.setenv(name, "")
    refuse_unknown_variables()
