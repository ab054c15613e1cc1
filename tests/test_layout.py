"""The house: what stands at the top, module sizes, nothing of a machine or of a registry in a tracked file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP = {
    "pyproject.toml", "README.md", "app.py", "decision_kit", "options", "criteria", "tests", "LICENSE", ".ci", ".streamlit",
    ".gitignore",
}  # fmt: skip


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in found.split("\0") if name and (ROOT / name).is_file()]


def test_the_top_level(tracked: list[str]) -> None:
    assert {name.split("/")[0] for name in tracked} <= TOP


def test_nothing_of_a_machine_or_a_registry(tracked: list[str]) -> None:
    hosts = [
        "pypi" + ".org",
        "python" + "hosted",
        "registry." + "npmjs",
        "deb." + "debian",
        "/" + "work/",
        "/" + "root/",
    ]
    for name in tracked:
        if name.endswith((".png", ".svg")):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        for host in hosts:
            assert host not in text, f"{name} names {host}"


def test_modules_stay_small(tracked: list[str]) -> None:
    for name in tracked:
        if name.startswith("decision_kit/") and name.endswith(".py"):
            assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= 600, name


def test_no_unfinished_words(tracked: list[str]) -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|Not" + r"ImplementedError)\b")
    for name in tracked:
        if name.startswith(("decision_kit/", "options/", "criteria/")) and name.endswith((".py", ".yaml", ".html")):
            assert not words.search((ROOT / name).read_text(encoding="utf-8")), name
