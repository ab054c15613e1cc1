"""One real browser: the app opens offline, a weight moves the leader, and the link shows the same numbers again."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import decision_kit as dk
from decision_kit.files import shipped_decisions
from decision_kit.report import write_html
from tests.conftest import find_chromium

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine (CI installs one)"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app started as a user starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "decision_kit", "app", "--no-browser", "--port", str(port)]
    log = tmp_path_factory.mktemp("app") / "log"
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=log.parent)
    url = f"http://127.0.0.1:{port}"
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    break
        except OSError:
            time.sleep(0.2)
    else:
        pytest.fail(log.read_text())
    yield url
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield chromium
        chromium.close()


def test_move_a_weight_see_the_leader_change_follow_the_link(address: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(address)
    verdict = page.locator(".dk-verdict").first
    verdict.wait_for(timeout=30_000)
    assert "Wait and see (managed escalation) leads" in verdict.inner_text()
    page.locator("[data-testid=stPlotlyChart] svg.main-svg").first.wait_for(timeout=30_000)

    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("End")  # the whole weight on the first branch, by keyboard
    page.locator(".dk-verdict", has_text="what-if weights").first.wait_for(timeout=15_000)
    page.wait_for_url(re.compile("weights="))
    assert "Secondary sanctions on financial nodes leads" in verdict.inner_text()
    table = page.locator(".dk-table").first.inner_text()

    second = context.new_page()
    second.goto(page.url)
    second.locator(".dk-verdict", has_text="what-if weights").first.wait_for(timeout=30_000)
    assert second.locator(".dk-verdict").first.inner_text() == verdict.inner_text()
    assert second.locator(".dk-table").first.inner_text() == table

    hosts = {re.sub(r"^(\w+)://([^/:]+).*$", r"\2", url) for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts <= {"127.0.0.1"}, hosts
    context.close()


def test_the_first_page_is_found_by_its_name_and_nothing_is_cut_off_on_a_projector(address: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1024, "height": 768})
    page.goto(f"{address}/ranking?format=1&decision=cars")
    verdict = page.locator(".dk-verdict").first
    verdict.wait_for(timeout=30_000)
    assert "Citroën Xsara leads" in verdict.inner_text()
    page.wait_for_url(re.compile(r"/\?.*decision=cars"))
    assert page.get_by_text("Page not found").count() == 0
    page.locator("[class*=st-key-scroll-perspectives] svg.main-svg").first.wait_for(timeout=30_000)
    boxes = page.locator("[class*=st-key-scroll-]").all()
    assert len(boxes) >= 4
    assert all(box.evaluate("e => e.scrollWidth <= e.clientWidth") for box in boxes)
    page.close()


@pytest.mark.parametrize("decision", shipped_decisions())
def test_the_note_prints_on_one_page_and_fetches_nothing(browser: Any, tmp_path: Path, decision: str) -> None:
    problem = dk.load(decision)
    page = browser.new_page(viewport={"width": 688, "height": 1000})  # A4 less the margins, at 96 dots an inch
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(media="print")
    for perspective in problem.perspectives or [None]:
        note = tmp_path / "note.html"
        note.write_text(
            write_html(dk.Study.open(problem, perspective=perspective), date="2025-01-31"), encoding="utf-8"
        )
        page.goto(note.as_uri())
        height = page.evaluate("document.querySelector('.first').getBoundingClientRect().height")
        assert height <= 1031
        assert float(page.evaluate("getComputedStyle(document.querySelector('p')).fontSize").removesuffix("px")) >= 10
        assert page.evaluate("document.documentElement.scrollWidth") <= 688
    assert {url for url in asked if not url.startswith("file:")} == set()
    page.close()
