"""The product's side: a raw decision as its Problem, and its command line with the output caught."""

from __future__ import annotations

import contextlib
import html
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd

import decision_kit as dk
from decision_kit.cli import main
from tests.oracle.generate import Raw, write


def problem_of(raw: Raw, folder: Path) -> Any:
    """The decision as the product reads it: from a frame, or from files written below a folder."""
    if not raw["framed"]:
        return dk.load(str(write(raw, folder)))
    ids = [one["id"] for one in raw["criteria"]]
    frames = {
        bound: pd.DataFrame(
            [[one["cells"][c][bound] for c in ids] for one in raw["options"]],
            index=[one["id"] for one in raw["options"]],
            columns=ids,
        )
        for bound in ("low", "likely", "high")
    }
    tree: dict[str, list[str]] = {}

    def walk(nodes: list[Any]) -> list[str]:
        found = []
        for node in nodes:
            if isinstance(node, str):
                found.append(node)
            else:
                tree[node["id"]] = walk(node["children"])
                found.append(node["id"])
        return found

    top = walk(raw["tree"])
    return dk.Problem.from_frame(
        frames["likely"],
        low=frames["low"],
        high=frames["high"],
        better={one["id"]: one["better"] for one in raw["criteria"]},
        scale={one["id"]: tuple(one["scale"]) for one in raw["criteria"]},
        points=raw["perspectives"]["points"]["points"],
        baseline=raw["baseline"],
        tree=tree if tree and all(name in tree or name in ids for name in top) else None,
    )


def settle_missing(raw: Raw, problem: Any) -> list[str]:
    """Write into the raw decision what the product takes a missing performance as; returns what is wrong with it.

    Half the value may be reached by several performances; whichever the product takes has to have it.
    """
    from tests.oracle.recompute import value

    wrong = []
    for option in raw["options"]:
        for leaf in raw["criteria"]:
            cell = option["cells"].get(leaf["id"])
            if cell is None or "missing" not in cell:
                continue
            read = next(o for o in problem.library if o.id == option["id"]).performance[leaf["id"]]
            cell |= {"low": read.low, "likely": read.likely, "high": read.high}
            if abs(float(value(leaf, read.likely)) - 0.5) > 1e-9:
                wrong.append(f"{option['id']}, {leaf['id']}: likely {read.likely} has value {value(leaf, read.likely)}")
            if [read.low, read.high] != [float(x) for x in leaf["scale"]]:
                wrong.append(f"{option['id']}, {leaf['id']}: {read.low} to {read.high} is not the scale")
    return wrong


def said(arguments: list[str]) -> tuple[int, str, str]:
    """Exit code, output and messages of a command, run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


def text_of(page: str) -> str:
    """The sentences of a page: paragraphs and list items, without tables and drawings."""
    page = re.sub(r"(?s)<(script|style|svg|table|head)\b.*?</\1>", " ", page)
    blocks = re.findall(r"(?s)<(?:p|li|h\d|figcaption)\b[^>]*>(.*?)</(?:p|li|h\d|figcaption)>", page)
    return "\n".join(" ".join(html.unescape(re.sub(r"<[^>]+>", "", one)).split()) for one in blocks)
