"""What Dagster's pages answer: only requests that they make themselves, under their own name and path.

Belongs here: which requests of a browser are refused. Dagster checks none of it: it takes a mutation from any page
on the internet that is open in a browser on this machine, also as the address of a picture.
"""

from urllib.parse import urlsplit

from dagster_webserver.webserver import DagsterWebserver
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.settings import pages_host

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Names by which a browser on this machine reaches it."""


class GuardedPages(DagsterWebserver):  # type: ignore[type-arg]
    """Dagster's pages behind the checks of this module."""

    def build_middleware(self) -> list[Middleware]:
        """Dagster's own, after the checks."""
        # a page of another site whose name resolves to this machine sends its own name as the host
        hosts = [*LOOPBACK, *pages_host()]
        return [
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
            Middleware(OwnRequests),
            *super().build_middleware(),
        ]

    def build_routes(self) -> list[BaseRoute]:
        """Those below the prefix. Dagster would also redirect `/` there, which tells the prefix to everybody."""
        routes: list[BaseRoute] = super().build_routes()  # type: ignore[no-untyped-call]
        return [route for route in routes if isinstance(route, Mount)] if self._app_path_prefix else routes


class OwnRequests:
    """Refuses what the pages never send: another origin, a query in an address, a form."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason = refusal(scope) if scope["type"] in {"http", "websocket"} else None
        await (PlainTextResponse(reason, 403) if reason else self._app)(scope, receive, send)


def refusal(scope: Scope) -> str | None:
    """Why a request is refused; None where the pages may have sent it.

    A browser sends a GET, a form or plain text from any page without asking first. JSON it announces.
    """
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return "refused: the request comes from a page of another site"
    if scope["type"] == "websocket":
        return None if origin else "refused: a web socket is opened by the pages only"
    if scope["method"] in {"GET", "HEAD"}:
        is_page = "text/html" in headers.get("accept", "")
        is_a_query = scope["path"].rstrip("/").endswith("/graphql") and not is_page
        return "refused: queries are sent by POST, as JSON" if is_a_query else None
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return None if media_type == "application/json" else "refused: only JSON is taken"
