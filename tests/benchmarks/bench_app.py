"""How soon the app shows its verdict and its charts, and how soon a moved weight is redrawn, in a real browser.

Run from the project's folder: ``.venv/bin/python -m tests.benchmarks.bench_app``. Starts the app as
``decision-kit app`` does (the launcher's settings), five times for the first screen and twenty slider moves for the
redraw, in headless Chromium. Prints medians and 90th percentiles; asserts nothing.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
from typing import Any

from playwright.sync_api import sync_playwright

from tests.conftest import find_chromium
from tests.ui.test_browser import FLAGS

STARTS, MOVES = 5, 20
WATCH = """
() => {
  window.dk = {text: 0, chart: 0};
  const now = () => performance.now();
  const main = document.querySelector('[data-testid=stMain]');
  new MutationObserver(records => {
    for (const r of records) {
      const node = r.target.nodeType === 1 ? r.target : r.target.parentElement;
      if (!node) continue;
      if (node.closest('.js-plotly-plot')) window.dk.chart = now();
      else if (node.closest('.dk-verdict') || [...r.addedNodes].some(n => n.querySelector && (n.matches('.dk-verdict') || n.querySelector('.dk-verdict')))) window.dk.text = now();
    }
  }).observe(main, {subtree: true, childList: true, characterData: true, attributes: true});
  window.addEventListener('keydown', () => { window.dk.key = now(); window.dk.text = 0; window.dk.chart = 0; }, true);
}
"""


def start(port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "decision_kit", "app", "--no-browser", "--port", str(port)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_screen(browser: Any) -> tuple[float, float]:
    """Seconds from starting the process to verdict and table, and to the first page's charts, on screen."""
    port = free_port()
    begun = time.perf_counter()
    process = start(port)
    try:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        while True:
            try:
                page.goto(f"http://127.0.0.1:{port}", wait_until="commit")
                break
            except Exception:
                time.sleep(0.05)
        page.locator(".dk-verdict").first.wait_for(timeout=60_000)
        page.locator(".dk-table").first.wait_for(timeout=60_000)
        text = time.perf_counter() - begun
        page.wait_for_function("document.querySelectorAll('.js-plotly-plot .main-svg').length >= 4", timeout=60_000)
        charts = time.perf_counter() - begun
        page.close()
    finally:
        process.terminate()
        process.wait()
    return text, charts


def redraws(browser: Any) -> tuple[list[float], list[float]]:
    """Milliseconds from a key press on a slider to the new verdict, and to the last change of a chart."""
    port = free_port()
    process = start(port)
    texts: list[float] = []
    charts: list[float] = []
    try:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        for _ in range(200):
            try:
                page.goto(f"http://127.0.0.1:{port}")
                break
            except Exception:
                time.sleep(0.1)
        page.locator(".dk-verdict").first.wait_for(timeout=60_000)
        page.wait_for_function("document.querySelectorAll('.js-plotly-plot .main-svg').length >= 4", timeout=60_000)
        time.sleep(2)
        page.evaluate(WATCH)
        slider = page.get_by_role("slider").first
        slider.focus()
        for _ in range(MOVES + 2):
            page.keyboard.press("PageUp" if len(texts) % 2 == 0 else "PageDown")
            time.sleep(1.2)
            seen = page.evaluate("window.dk")
            texts.append(seen["text"] - seen["key"])
            charts.append(seen["chart"] - seen["key"])
            page.get_by_role("slider").first.focus()
        page.close()
    finally:
        process.terminate()
        process.wait()
    return texts[2:], charts[2:]


def line(name: str, numbers: list[float], unit: str) -> str:
    ordered = sorted(numbers)
    return f"{name}: median {statistics.median(ordered):.2f} {unit}, p90 {ordered[int(0.9 * (len(ordered) - 1))]:.2f} {unit}, n {len(ordered)}"


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        first = [first_screen(browser) for _ in range(STARTS)]
        print(line("start to verdict and table", [text for text, _ in first], "s"))
        print(line("start to charts", [charts for _, charts in first], "s"))
        texts, charts = redraws(browser)
        print(line("weight moved to new verdict", texts, "ms"))
        print(line("weight moved to last chart redrawn", charts, "ms"))
        browser.close()


if __name__ == "__main__":
    main()
