"""How an alert is sent: by webhook and by e-mail. Each raises what its library raises; `send` handles it."""

import json
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from pipelines.errors import UsageError
from pipelines.notify.alert import Alert
from pipelines.settings import MAIL_SECURITY_VARIABLE, WEBHOOK_VARIABLE, MailSettings

SECONDS_TO_ANSWER = 10
MAIL_PORT = 25


def post(alert: Alert, url: str) -> None:
    """Posts the alert as JSON. Raises UsageError unless it is a web address, OSError when it fails."""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise UsageError(f"{WEBHOOK_VARIABLE} must begin with http:// or https://")
    data = json.dumps(alert.to_json()).encode()
    request = Request(url, data, {"Content-Type": "application/json"}, method="POST")
    with urlopen(request, timeout=SECONDS_TO_ANSWER) as answer:
        answer.read()


def mail(alert: Alert, to: MailSettings) -> None:
    """Sends the alert by e-mail. Raises UsageError for settings that do not go together, OSError when it fails."""
    if not (to.sender and to.recipients):
        raise UsageError("alerts by e-mail need a sender and at least one recipient")
    host, _, port = to.server.partition(":")
    if port and not port.isdigit():
        raise UsageError(f"the mail server's port {port} is not a number")
    message = EmailMessage()
    message["Subject"] = f"Warehouse: {alert.subject}"
    message["From"] = to.sender
    message["To"] = ", ".join(to.recipients)
    message.set_content(alert.text)
    context = ssl.create_default_context()
    address = (host, int(port or MAIL_PORT))
    if to.security not in {"none", "starttls", "tls"}:
        raise UsageError(f"{MAIL_SECURITY_VARIABLE} must be none, starttls or tls")
    with (
        smtplib.SMTP_SSL(*address, timeout=SECONDS_TO_ANSWER, context=context)
        if to.security == "tls"
        else smtplib.SMTP(*address, timeout=SECONDS_TO_ANSWER)
    ) as server:
        if to.security == "starttls":
            server.starttls(context=context)
        if to.user:
            server.login(to.user, to.password)
        server.send_message(message)
