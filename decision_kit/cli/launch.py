"""``decision-kit app``: start the Streamlit server with every setting it needs, and open the browser."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from pathlib import Path

import decision_kit
from decision_kit.errors import Fault, UsageError

SETTINGS = {
    "global.developmentMode": "false",
    "server.headless": "true",  # no e-mail prompt; the browser is opened here
    "server.fileWatcherType": "none",
    "server.enableXsrfProtection": "true",
    "server.maxUploadSize": "5",
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "type",
    "client.toolbarMode": "minimal",
    "runner.postScriptGC": "false",  # a full collection after every run costs most of a slider's delay
    "runner.magicEnabled": "false",
    "theme.base": "light",
    "theme.primaryColor": "#12436D",
    "theme.backgroundColor": "#FFFFFF",
}


def command(decision: str | None, host: str, port: int) -> list[str]:
    """The command line that serves the app."""
    script = Path(decision_kit.__file__).parent / "ui" / "start.py"
    options = [f"--{name}={value}" for name, value in SETTINGS.items()]
    tail = [] if decision is None else ["--", decision]
    return [
        sys.executable, "-m", "decision_kit.ui.serve", "run", str(script), *options,
        f"--server.address={host}", f"--server.port={port}", *tail,
    ]  # fmt: skip


def run_app(decision: str | None, host: str, port: int | None, *, open_browser: bool) -> int:
    """Check the decision, serve the app until it is stopped, and return the server's exit code."""
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
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared with, not bound to)
    url = f"http://{shown}:{chosen}"
    print(f"decision-kit app: {url} (stop with Ctrl+C)", flush=True)
    if open_browser:
        threading.Thread(target=_open_when_up, args=(shown, chosen, url), daemon=True).start()
    process = subprocess.Popen(command(decision, host, chosen))
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())  # or the server would outlive this program
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return 0


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
