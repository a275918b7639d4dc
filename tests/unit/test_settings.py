"""Settings of the environment: which are known."""

import pytest

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.settings import refuse_unknown_variables


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


def test_every_setting_of_the_docs_is_known(monkeypatch):
    refuse_unknown_variables()
    for name in ("WAREHOUSE_DATA_FOLDER", "WAREHOUSE_DATABASE", "WAREHOUSE_PSEUDONYM_KEY_NEW"):
        monkeypatch.setenv(name, "")
    refuse_unknown_variables()
