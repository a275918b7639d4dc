"""The compose files: what they start exists, and what they set is a setting."""

import re

import pytest
import yaml
from checkout import PROJECT_ROOT

from pipelines.defs.pages import PROGRAMS
from pipelines.settings import KNOWN_VARIABLES

DEPLOY = PROJECT_ROOT / "deploy"
SERVER = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
REGION = yaml.safe_load((DEPLOY / "compose.region.yaml").read_text(encoding="utf-8"))


def test_the_services_of_a_server_are_programs_of_the_pipeline():
    own = {name: service for name, service in SERVER["services"].items() if service["image"] == "warehouse"}
    assert own.keys() == {"daemon", "webserver"}
    for service in own.values():
        _, _, module, program, *_ = service["command"]
        assert module == "pipelines.defs.pages" and program in PROGRAMS


def test_a_region_adds_two_workers_to_the_daemon():
    (name,) = REGION["services"]
    assert name in SERVER["services"]
    assert REGION["services"][name]["environment"] == {"WAREHOUSE_WORKERS": "${WAREHOUSE_WORKERS:-2}"}


@pytest.mark.parametrize("name", ["compose.yaml", "compose.region.yaml"])
def test_every_variable_of_a_compose_file_is_a_setting(name):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert set(re.findall(r"WAREHOUSE_\w+", text)) <= set(KNOWN_VARIABLES)
