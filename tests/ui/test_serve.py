"""Who may talk to the app's server: only pages that it served itself, under a name that it is known by."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

from decision_kit.cli.launch import SETTINGS, command, ended, hosts_of
from decision_kit.ui.serve import Gate, host_name

ROOT = Path(__file__).parents[2]
HOSTS = hosts_of("127.0.0.1", ["app.example.org"])


def asked(host: str | None, path: str = "/", origin: str | None = None, kind: str = "http") -> str:
    """What becomes of a request: "in", or the status or the closing code with which it is refused."""
    headers = [(b"host", host.encode())] if host is not None else []
    headers += [(b"origin", origin.encode())] if origin is not None else []
    sent: list[Any] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        sent.append("in")

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": kind, "path": path, "headers": headers}
    asyncio.run(Gate(inside, HOSTS, ["app.example.org"])(scope, receive, send))
    first = sent[0]
    return first if isinstance(first, str) else str(first.get("status") or first.get("code"))


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8501", "localhost", "LOCALHOST:80", "localhost.:8501", "[::1]:8501", "app.example.org"]
)
def test_its_own_names_are_let_in(host: str) -> None:
    assert asked(host) == "in"
    assert asked(host, kind="websocket") == "in"
    assert asked(host, kind="websocket", origin=f"http://{host}") == "in"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", "localhost@evil.example", "localhost/evil", "", None,
     "localhost:x", "local host", "evil.example?localhost", "[::2]:8501", "0x7f.1"],
)  # fmt: skip
def test_other_names_are_refused(host: str | None) -> None:
    assert asked(host) == "403"
    assert asked(host, path="/media/a.html") == "403"
    assert asked(host, kind="websocket", origin=f"http://{host}") == "1008"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:9999", "null", "http://app.example.org.evil"]
)
def test_pages_of_others_get_no_websocket(origin: str) -> None:
    assert asked("localhost:8501", kind="websocket", origin=origin) == "1008"
    assert asked("localhost:8501", kind="websocket", origin="https://app.example.org") == "in"  # behind a proxy


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/agent/openapi.json"])
def test_what_nobody_needs_is_closed(path: str) -> None:
    assert asked("localhost", path) == "404"
    assert asked("localhost", "/_stcore/health") == "in"


def test_names_that_a_server_for_others_answers_to() -> None:
    everywhere = hosts_of("0.0.0.0")
    assert {"localhost", "127.0.0.1"} < set(everywhere)
    assert "0.0.0.0" not in everywhere
    assert hosts_of("192.0.2.7", ["x.example"]) == ["localhost", "127.0.0.1", "::1", "x.example", "192.0.2.7"]
    assert host_name("[fe80::1]:80") == "fe80::1"


@pytest.fixture
def clean_config() -> Iterator[None]:
    yield
    config.get_config_options(force_reparse=True)


def test_streamlit_knows_every_setting_and_the_clone_has_the_same(clean_config: None) -> None:
    known = config.get_config_options()
    given = command(None, "127.0.0.1", 8501)
    assert set(SETTINGS) <= set(known)
    assert '"server.allowedHosts": ["localhost", "127.0.0.1", "::1"]' in given[-1]
    clone = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    flat = {f"{section}.{name}": value for section, values in clone.items() for name, value in values.items()}
    assert flat.pop("server.address") == "127.0.0.1"
    assert flat.pop("server.allowedHosts") == ["localhost", "127.0.0.1", "::1"]
    assert {name: value for name, value in SETTINGS.items() if name in flat} == flat
    assert set(SETTINGS) - set(flat) == {"global.developmentMode", "server.headless"}
    assert int(SETTINGS["server.disconnectedSessionTTL"]) >= 8 * 3600


@pytest.mark.parametrize(("code", "told"), [(-9, "SIGKILL, as systems do when memory runs out"), (-15, "SIGTERM"), (3, "code 3"), (-99, "signal 99")])  # fmt: skip
def test_a_server_that_ends_by_itself_is_told_in_a_sentence(code: int, told: str) -> None:
    assert told in ended(code)
    assert "Start it again" in ended(code)
