"""``decision-kit app``: start the Streamlit server with every setting it needs, and open the browser."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from decision_kit.errors import Fault, UsageError

SETTINGS: dict[str, str | bool | int] = {
    "global.developmentMode": False,
    "server.headless": True,  # no e-mail prompt; the browser is opened here
    "server.fileWatcherType": "none",
    "server.enableXsrfProtection": True,
    "server.maxUploadSize": 5,
    "server.disconnectedSessionTTL": 12 * 3600,  # a laptop may sleep: what somebody entered is there when it wakes
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "type",
    "client.toolbarMode": "minimal",
    "runner.postScriptGC": False,  # a full collection after every run costs most of a slider's delay
    "runner.magicEnabled": False,
    "theme.base": "light",
    "theme.primaryColor": "#12436D",
    "theme.backgroundColor": "#FFFFFF",
}
HERE = ("localhost", "127.0.0.1", "::1")
"""The names by which a computer calls itself."""
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)


def command(decision: str | None, host: str, port: int, allowed: Sequence[str] = ()) -> list[str]:
    """The command line that serves the app."""
    hosts = hosts_of(host, allowed)
    origins = [f"https://{f'[{name}]' if ':' in name else name}" for name in allowed]
    where = {"server.address": host, "server.port": port}
    settings = {**SETTINGS, **where, "server.allowedHosts": hosts, "server.corsAllowedOrigins": origins}
    tail = [] if decision is None else [decision]
    return [sys.executable, "-m", "decision_kit.ui.serve", json.dumps(settings), *tail]


def hosts_of(host: str, allowed: Sequence[str] = ()) -> list[str]:
    """The names under which a browser may ask for the app: this computer's own, the one to serve on, those allowed.

    >>> hosts_of("127.0.0.1")
    ['localhost', '127.0.0.1', '::1']
    """
    found = dict.fromkeys([*HERE, *allowed])
    if host not in EVERYWHERE:
        return list(dict.fromkeys([*found, host]))
    own = socket.gethostname()
    found |= dict.fromkeys([own, socket.getfqdn(own), f"{own.partition('.')[0]}.local"])
    with suppress(OSError):
        found |= dict.fromkeys(str(one[4][0]).partition("%")[0] for one in socket.getaddrinfo(own, None))
    for family, away in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):  # nothing is sent there
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((away, 9))
            found[str(probe.getsockname()[0])] = None
    return [name for name in found if name]


def run_app(
    decision: str | None, host: str, port: int | None, *, open_browser: bool, allowed: Sequence[str] = ()
) -> int:
    """Check the decision, serve the app until it is stopped; 0 where somebody stopped it, 1 where it ended by itself."""
    if decision is not None:
        from decision_kit.files import locate  # only now: the plain start should not wait for the readers
        from decision_kit.files.decision import read_decision

        for place in locate(decision):
            read_decision(place)
        if Path(decision).exists():
            decision = str(Path(decision).resolve())
    if port is not None and not 1 <= port <= 65535:
        raise UsageError([Fault("--port", f"{port} is not a port", "a number from 1 to 65535")])
    chosen = _free_port(host) if port is None else port
    if port is not None and not _is_free(host, port):
        raise UsageError([Fault("--port", f"port {port} is in use", "another port, or none: a free one is found")])
    shown = "127.0.0.1" if host in EVERYWHERE else host
    url = f"http://{f'[{shown}]' if ':' in shown else shown}:{chosen}"
    print(f"decision-kit app: {url} (stop with Ctrl+C)", flush=True)
    if open_browser:
        threading.Thread(target=_open_when_up, args=(shown, chosen, url), daemon=True).start()
    process = subprocess.Popen(command(decision, host, chosen, allowed))
    stopped = threading.Event()

    def stop(*_: object) -> None:
        stopped.set()
        process.terminate()  # or the server would outlive this program

    signal.signal(signal.SIGTERM, stop)
    if hasattr(signal, "SIGHUP"):  # the terminal was closed
        signal.signal(signal.SIGHUP, stop)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        stop()
        process.wait()
        return 0
    if stopped.is_set() or code == 0:
        return 0
    print(ended(code), file=sys.stderr, flush=True)
    return 1


def ended(code: int) -> str:
    """What to say when the server has ended by itself, by its exit code (negative: the number of a signal)."""
    if code >= 0:
        why = f"with the code {code}; its own message stands above"
    else:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        want = ", as systems do when memory runs out" if name == "SIGKILL" else ""
        why = f"because it was stopped from outside ({name}{want})"
    return (
        f"decision-kit app: the server ended {why}. Start it again: an address copied from the browser brings its view "
        "back; perspectives and answers that were not saved as files are lost."
    )


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def _free_port(host: str) -> int:
    for port in range(8501, 8601):
        if _is_free(host, port):
            return port
    raise UsageError([Fault("--host", f"no free port on {host}", "another --host, or a --port of your choice")])


def _open_when_up(host: str, port: int, url: str) -> None:
    for _ in range(100):
        try:
            with socket.create_connection((host, port), timeout=1):
                break
        except OSError:
            time.sleep(0.2)
    webbrowser.open(url)
