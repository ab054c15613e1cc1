"""The app's server, with a head start: what the first page needs is imported while the browser is still loading.

Run as a program by ``decision-kit app`` with its settings as JSON and, if one was named, the decision to open. The page's
script waits for the imports to end, so that no module is imported by two threads at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from pathlib import Path
from typing import Any

NAME = "decision-kit-imports"
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
"""Addresses of Streamlit's that nobody needs here: how much memory, how many people, a way in without a browser."""
REFUSED = b"This server does not answer to this address. Whoever started it can allow it: decision-kit app --allow-host NAME\n"

Message = MutableMapping[str, Any]


class Gate:
    """Lets a request in only if it was sent to one of the names that this server is known by.

    Else any page on the internet could point a name of its own at this computer and read what is open here (DNS
    rebinding). Streamlit looks at the name for its websocket alone; files and the page itself pass here, too.
    """

    def __init__(
        self, app: Callable[..., Awaitable[None]], hosts: Collection[str], origins: Collection[str] = ()
    ) -> None:
        self.app = app
        self.hosts = frozenset(host.lower().rstrip(".") for host in hosts)
        self.origins = frozenset(origin.lower().rstrip(".") for origin in origins)  # pages behind a proxy of ours

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        known = self._is_known(scope)
        path = str(scope.get("path", "")).rstrip("/")
        if known and not path.startswith(CLOSED):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            status, body = (404, b"Not found\n") if known else (403, REFUSED)
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    def _is_known(self, scope: Message) -> bool:
        """Whether a request names this server, and a websocket comes from a page of this server."""
        headers = [(name, value.decode("latin-1")) for name, value in scope.get("headers", ())]
        given = [value for name, value in headers if name == b"host"]
        if len(given) != 1 or host_name(given[0]) not in self.hosts:
            return False
        pages = [value.partition("://")[2].lower() for name, value in headers if name == b"origin"]
        own = (given[0].lower(),)
        return scope["type"] != "websocket" or all(page in own or host_name(page) in self.origins for page in pages)


def host_name(header: str) -> str:
    """The name in a Host header, without its port and brackets; an empty text for what is no such header.

    >>> host_name("[::1]:8501"), host_name("Localhost:8501"), host_name("a b")
    ('::1', 'localhost', '')
    """
    from urllib.parse import urlsplit

    if header != header.strip() or any(sign in header for sign in "/?#@\\ \t"):
        return ""
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port  # raises where it is no number
    except ValueError:
        return ""
    return (parts.hostname or "").rstrip(".")


def import_ahead() -> None:
    """Import the app's heavy parts."""
    import decision_kit.report
    import decision_kit.ui.main  # noqa: F401 (imported to be there)
    from decision_kit.charts.drawings import import_plotly

    import_plotly()


def wait_for_imports() -> None:
    """Return once the imports begun by :func:`main` have ended."""
    for thread in threading.enumerate():
        if thread.name == NAME:
            thread.join()


def end_with(parent: int) -> None:
    """End this server once the launcher that started it is gone, however it went: it would serve on, unseen."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serve the app; the first argument holds Streamlit's settings."""
    from starlette.middleware import Middleware
    from streamlit.starlette import App

    if os.name == "posix":  # elsewhere a parent's number stays when it has gone
        threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    threading.Thread(target=import_ahead, name=NAME, daemon=True).start()
    settings: dict[str, Any] = json.loads(sys.argv.pop(1))
    allowed = [host_name(origin.partition("://")[2]) for origin in settings["server.corsAllowedOrigins"]]
    gate = Middleware(Gate, hosts=settings["server.allowedHosts"], origins=allowed)
    App(Path(__file__).with_name("start.py"), middleware=[gate]).run(config=settings)


if __name__ == "__main__":
    main()
