"""Alerts: each way that is set up gets them, and one that fails stops nothing."""

import json
import stat

import pytest
from alert_servers import mail_server, webhook_server

from pipelines import settings
from pipelines.notify import Alert, Kind, send
from pipelines.settings import DataFolder, alert_settings

ALERT = Alert(
    Kind.FAILED, "the run of 2019-01 failed", ("a line", ". a line that begins with a dot"), "2019-01", "r1"
)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> DataFolder:
    for name in (settings.WEBHOOK_VARIABLE, settings.MAIL_SERVER_VARIABLE, settings.MAIL_SECURITY_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(settings.MAIL_FROM_VARIABLE, "warehouse@council.example")
    monkeypatch.setenv(settings.MAIL_TO_VARIABLE, "data@council.example")
    return DataFolder(tmp_path)


def kept(folder: DataFolder) -> list[dict]:
    return [json.loads(line) for line in folder.alerts.read_text(encoding="utf-8").splitlines()]


def test_without_settings_an_alert_is_kept_in_the_log_that_only_its_owner_reads(folder):
    assert send(folder, ALERT, alert_settings()) == {"log": "sent"}
    (entry,) = kept(folder)
    assert (entry["kind"], entry["run_id"], entry["outcomes"]) == ("failed", "r1", {})
    assert stat.S_IMODE(folder.alerts.stat().st_mode) == 0o600


def test_an_alert_goes_every_way_that_is_set_up(folder, monkeypatch):
    with webhook_server() as (url, posted), mail_server() as (server, mails):
        monkeypatch.setenv(settings.WEBHOOK_VARIABLE, url)
        monkeypatch.setenv(settings.MAIL_SERVER_VARIABLE, server)
        monkeypatch.setenv(settings.MAIL_SECURITY_VARIABLE, "none")
        assert send(folder, ALERT, alert_settings()) == {"webhook": "sent", "mail": "sent", "log": "sent"}
    assert posted == [ALERT.to_json()]
    assert mails[0].get_content().splitlines() == [
        "the run of 2019-01 failed",
        "",
        "a line",
        ". a line that begins with a dot",
    ]


def test_a_webhook_that_answers_with_a_fault_stops_nothing(folder, monkeypatch):
    with webhook_server(status=500) as (url, _):
        monkeypatch.setenv(settings.WEBHOOK_VARIABLE, url)
        assert send(folder, ALERT, alert_settings()) == {"webhook": "not sent: HTTPError", "log": "sent"}
    assert kept(folder)[0]["outcomes"] == {"webhook": "not sent: HTTPError"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({settings.WEBHOOK_VARIABLE: "file:///etc/passwd"}, "WAREHOUSE_ALERT_WEBHOOK must begin with"),
        ({settings.MAIL_SERVER_VARIABLE: "127.0.0.1:1"}, "ConnectionRefusedError"),
        ({settings.MAIL_SERVER_VARIABLE: "localhost:mail"}, "port mail is not a number"),
        ({settings.MAIL_SERVER_VARIABLE: "localhost", settings.MAIL_TO_VARIABLE: " , "}, "at least one recipient"),
        (
            {settings.MAIL_SERVER_VARIABLE: "localhost", settings.MAIL_SECURITY_VARIABLE: "ssl3"},
            "none, starttls or tls",
        ),
    ],
)
def test_a_way_that_is_set_up_wrongly_is_told_in_the_log(folder, monkeypatch, given, told):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    send(folder, ALERT, alert_settings())
    (outcome,) = kept(folder)[0]["outcomes"].values()
    assert outcome.startswith("not sent: ")
    assert told in outcome


def test_a_mail_server_without_encryption_gets_nothing_unless_that_is_set(folder, monkeypatch):
    with mail_server() as (server, mails):
        monkeypatch.setenv(settings.MAIL_SERVER_VARIABLE, server)
        outcome = send(folder, ALERT, alert_settings())["mail"]
    assert outcome.startswith("not sent")
    assert not mails


def test_an_alert_that_cannot_even_be_kept_stops_nothing(tmp_path, monkeypatch):
    (tmp_path / "warehouse").write_text("in the way")
    assert send(DataFolder(tmp_path), ALERT, alert_settings()) == {"log": "not sent: BadInputError"}
