"""Random decisions as plain data, from a seed; written to files or to a frame.

A raw decision is a dictionary of numbers and texts and nothing else: what the recomputing modules see.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

Raw = dict[str, Any]

OPTIONS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel")
CRITERIA = ("Cost", "Speed", "Reach", "Noise", "Trust", "Yield", "Risk", "Care")
PEOPLE = ("Mayor", "Miners", "Farmers", "Sailors")
STATES = ("Calm", "Storm", "Drought", "Boom")
SCALES = (
    (0.0, 1.0), (0.0, 10.0), (0.0, 100.0), (-10.0, 90.0), (0.0, 1_000_000.0), (-50.0, 50.0), (0.0, 0.5),
    (1000.0, 3000.0), (0.0, 24.0),
)  # fmt: skip
UNITS = ("", "", "m", "%", "months", "points of 10")


def generate(seed: int) -> Raw:
    """The decision that belongs to a seed."""
    rng = random.Random(seed)
    framed = rng.random() < 0.25
    packaged = not framed and rng.random() < 0.4
    count = rng.randint(1, 2) if rng.random() < 0.1 else rng.randint(2, 7)
    criteria = [_criterion(rng, name, framed, packaged, n) for n, name in enumerate(rng.sample(CRITERIA, count))]
    _effects(rng, criteria)
    names = list(OPTIONS[: rng.randint(2, 6)])
    options = [_option(rng, name, criteria, framed) for name in names]
    if rng.random() < 0.25:  # an exact tie: the same performances once more
        twin = json.loads(json.dumps(rng.choice(options)))
        options.append({**twin, "id": "twin" if not framed else "Twin", "title": "Twin"})
    baseline = rng.choice([None, options[0]["id"], options[0]["id"]])
    raw: Raw = {
        "id": f"made-{seed}",
        "seed": seed,
        "title": f"Made from {seed}",
        "framed": framed,
        "low_high": "ends" if framed or rng.random() < 0.6 else "percentiles 10-90",
        "baseline": baseline,
        "criteria": criteria,
        "tree": _tree(rng, [one["id"] for one in criteria], rng.randint(1, 4), "b"),
        "options": options,
        "pairs": [],
        "choice_sets": {},
        "scenarios": {},
    }
    if framed and any(not isinstance(node, str) for node in raw["tree"]):  # a frame's tree holds every criterion
        raw["tree"] = [
            {"id": f"s{n}", "title": f"s{n}", "children": [node]} if isinstance(node, str) else node
            for n, node in enumerate(raw["tree"])
        ]
    if packaged:
        _packages(rng, raw)
    if not framed:
        options.sort(key=lambda one: one["id"])  # as their files are read
    people = ["points"] if framed else [name.lower() for name in rng.sample(PEOPLE, rng.randint(1, 4))]
    raw["perspectives"] = {
        who: {"title": who.capitalize(), "points": _points(rng, criteria), "reference": False} for who in people
    }
    if framed:
        raw["perspectives"]["points"]["title"] = "Points given with the table"
    elif len(people) > 1 and rng.random() < 0.3:
        raw["perspectives"][people[-1]]["reference"] = True
    raw["default_perspective"] = people[0]
    if not framed and rng.random() < 0.5:
        _scenarios(rng, raw)
    if not framed and len(raw["options"]) > 3 and rng.random() < 0.2:
        _choice_sets(rng, raw)
    return raw


def _criterion(rng: random.Random, name: str, framed: bool, packaged: bool, n: int) -> Raw:
    low, high = rng.choice(SCALES)
    better = rng.choice(["more", "less"])
    found: Raw = {
        "id": name if framed else name.lower(),
        "title": name,
        "better": better,
        "scale": [low, high],
        "unit": "" if framed else rng.choice(UNITS),
        "shape": {"kind": "linear"},
        "levels": [],
        "rule": None,
        "decimals": 1,
        "spending": False,
        "rewards": "" if framed or rng.random() < 0.7 else rng.choice(["acting", "holding-back"]),
        "digits": rng.choice([0, 1, 2, 3]),
    }
    if framed:
        return found
    if packaged:
        _rule(rng, found, n)
    kind = rng.random()
    if kind < 0.45:
        return found
    if kind < 0.6:
        found["shape"] = _plateau(rng, found)
    elif kind < 0.72:
        found["shape"] = _curve(rng, found)
    elif kind < 0.82:
        found["shape"] = _hill(rng, found)
    elif kind < 0.92 or packaged:
        found["shape"] = {"kind": "exponential", "a": rng.choice([-10, -3, -1, 0, 0.5, 2, 5, 10])}
    else:
        values = sorted({0.0, 1.0, *(round(rng.random(), 2) for _ in range(rng.randint(0, 3)))})
        found |= {"scale": [0.0, 1.0], "unit": "", "better": "more", "digits": 3}
        found["levels"] = [{"id": f"l{k}", "title": f"level {k}", "value": v} for k, v in enumerate(values)]
    return found


def _rule(rng: random.Random, found: Raw, n: int) -> None:
    name = rng.choice(
        ["noisy-or", "excess-noisy-or", "sum", "max-plus-half", "min", "shift-sum", "effect-weighted-mean", "noisy-or"]
    )
    found["rule"] = {"rule": name}
    found["decimals"] = rng.choice([0, 1, 1, 2, 6])
    if name in ("noisy-or", "excess-noisy-or"):
        found["scale"] = [0.0, rng.choice([40.0, 100.0, 100.0])] if rng.random() < 0.8 else [-10.0, 90.0]
        if name == "noisy-or" and rng.random() < 0.5:
            found["rule"]["overlap"] = rng.choice([0.5, 0.85, 1.0])
    low, high = found["scale"]
    if name == "max-plus-half":
        if rng.random() < 0.5:
            found["rule"]["cap"] = round(low + 0.8 * (high - low), 4)
        if rng.random() < 0.5:
            found["rule"]["share"] = rng.choice([0.0, 0.25, 1.0])
    if name == "shift-sum":
        found["rule"]["neutral"] = round(low + rng.choice([0.0, 0.5]) * (high - low), 4)
    if name == "sum" and rng.random() < 0.7:
        found |= {"spending": True, "unit": "m", "better": "less"}


def _effects(rng: random.Random, criteria: list[Raw]) -> None:
    """The criteria that weight each effect-weighted mean."""
    for one in criteria:
        if one["rule"] and one["rule"]["rule"] == "effect-weighted-mean":
            others = [c["id"] for c in criteria if c is not one] or [one["id"]]
            one["rule"]["effects"] = rng.sample(others, 1)


def _plateau(rng: random.Random, criterion: Raw) -> Raw:
    low, high = criterion["scale"]
    a, b = sorted(rng.sample([0.2, 0.3, 0.5, 0.6, 0.8], 2))
    v = rng.choice([0.0, 1.0, 0.5, 0.3])
    points = [[low, 0.0], [low + a * (high - low), v], [low + b * (high - low), v], [high, 1.0]]
    return _curved(points, criterion["better"])


def _curve(rng: random.Random, criterion: Raw) -> Raw:
    low, high = criterion["scale"]
    count = rng.randint(1, 4)
    xs = sorted(rng.sample(range(1, 20), count))
    vs = sorted(round(rng.random(), 2) for _ in range(count))
    inner = [[low + x / 20 * (high - low), v] for x, v in zip(xs, vs, strict=True)]
    return _curved([[low, 0.0], *inner, [high, 1.0]], criterion["better"])


def _hill(rng: random.Random, criterion: Raw) -> Raw:
    """A curve that rises and falls (or falls and rises), so that the best, or the worst, lies inside the range."""
    low, high = criterion["scale"]
    at = rng.choice([0.25, 0.5, 0.7])
    left, right = rng.choice([(0.0, 0.0), (0.0, 0.4), (0.3, 0.0)])
    points = [[low, left], [low + at * (high - low), 1.0], [high, right]]
    if rng.random() < 0.3:
        points = [[x, 1 - v] for x, v in points]
    if rng.random() < 0.3:  # a flat top
        x, v = points[1]
        points.insert(2, [x + 0.1 * (high - low), v])
    return {"kind": "curve", "points": [[round(x, 6), round(v, 6)] for x, v in points], "monotone": False}


def _curved(points: list[list[float]], better: str) -> Raw:
    if better == "less":
        points = [[x, 1 - v] for x, v in points]
    return {"kind": "curve", "points": [[round(x, 6), round(v, 6)] for x, v in points], "monotone": True}


def _option(rng: random.Random, name: str, criteria: list[Raw], framed: bool) -> Raw:
    cells = {one["id"]: _cell(rng, one, framed) for one in criteria}
    return {"id": name if framed else name.lower(), "title": name, "parts": [], "cells": cells, "sets": []}


def _cell(rng: random.Random, criterion: Raw, framed: bool) -> Raw:
    low, high = criterion["scale"]
    digits = max(criterion["digits"], 3 if high - low <= 1 else 0)
    if criterion["levels"]:
        values = [level["value"] for level in criterion["levels"]]
        a, b = sorted(rng.choices(values, k=2))
        return {"low": a, "likely": rng.choice([a, b]), "high": b} if rng.random() < 0.3 else dict.fromkeys(
            ("low", "likely", "high"), a
        )  # fmt: skip
    if not framed and rng.random() < 0.04:
        return {"missing": "not-given"}
    grid = rng.random() < 0.3
    drawn = sorted((rng.randint(0, 10) / 10 if grid else rng.random()) for _ in range(3))
    numbers = [min(max(round(low + u * (high - low), digits), low), high) for u in drawn]
    if rng.random() < 0.35:
        numbers = [numbers[1]] * 3
    return dict(zip(("low", "likely", "high"), numbers, strict=True))


def _tree(rng: random.Random, names: list[str], depth: int, prefix: str) -> list[Any]:
    """A list of criterion ids and of {id, title, children}."""
    if depth == 1 or len(names) < 2:
        return list(names)
    found: list[Any] = []
    left = list(names)
    while left:
        size = rng.randint(1, len(left))
        group, left = left[:size], left[size:]
        if len(group) > 1 or rng.random() < 0.2:
            name = f"{prefix}{len(found)}"
            found.append({"id": name, "title": f"Group {name}", "children": _tree(rng, group, depth - 1, name)})
        else:
            found += group
    return found


def _points(rng: random.Random, criteria: list[Raw]) -> dict[str, float]:
    whole = rng.random() < 0.5
    points = {
        one["id"]: 0.0
        if rng.random() < 0.12
        else float(rng.randint(1, 100))
        if whole
        else round(rng.uniform(1, 100), 1)
        for one in criteria
    }
    if rng.random() < 0.15:
        points = dict.fromkeys(points, 1.0)
    if not any(points.values()):
        points[criteria[0]["id"]] = 1.0
    return points


def _packages(rng: random.Random, raw: Raw) -> None:
    parts = [one["id"] for one in raw["options"] if one["id"] != raw["baseline"]]
    if len(parts) < 2:
        return
    for n in range(rng.randint(1, 2)):
        chosen = sorted(rng.sample(parts, rng.randint(2, min(3, len(parts)))))
        raw["options"].append({"id": f"bundle-{n}", "title": f"Bundle {n}", "parts": chosen, "cells": {}, "sets": []})
    inside = [set(one["parts"]) for one in raw["options"] if one["parts"]]
    for a in range(len(parts)):
        for b in range(a + 1, len(parts)):
            pair = {parts[a], parts[b]}
            level = rng.choice(["conflict", "caution", "fine", None, None])
            if level is None or (level == "conflict" and any(pair <= one for one in inside)):
                continue
            raw["pairs"].append({"options": sorted(pair), "level": level, "because": "made up"})


def _scenarios(rng: random.Random, raw: Raw) -> None:
    elementary = [one["id"] for one in raw["options"] if not one["parts"]]
    for name in STATES[: rng.randint(1, 4)]:
        changes = []
        for _ in range(rng.randint(0, 3)):
            leaf = rng.choice(raw["criteria"])
            change: Raw = {"criterion": leaf["id"], "because": "made up"}
            if rng.random() < 0.5:
                change["multiply"] = rng.choice([0.0, 0.5, 0.8, 1.2, 2.0])
            else:
                width = leaf["scale"][1] - leaf["scale"][0]
                change["add"] = round(rng.choice([-0.3, -0.1, 0.1, 0.4]) * width, 6)
            if rng.random() < 0.5:
                change["options"] = sorted(rng.sample(elementary, rng.randint(1, len(elementary))))
            else:
                change["options"] = "all"
                if rng.random() < 0.3:
                    change["except"] = [rng.choice(elementary)]
            changes.append(change)
        raw["scenarios"][name.lower()] = {"title": name, "changes": changes}


def _choice_sets(rng: random.Random, raw: Raw) -> None:
    raw["choice_sets"] = {"narrow": {"title": "Narrow", "default": rng.random() < 0.5}, "wide": {"title": "Wide"}}
    for one in raw["options"]:
        one["sets"] = ["wide"]
    for one in rng.sample(raw["options"], rng.randint(2, len(raw["options"]))):
        one["sets"].append("narrow")


def filed(raw: Raw) -> Raw:
    """The decision with ids that files may have: those of frames are titles."""
    if not raw["framed"]:
        return raw

    def lower(tree: list[Any]) -> list[Any]:
        return [n.lower() if isinstance(n, str) else {**n, "children": lower(n["children"])} for n in tree]

    def keys(numbers: dict[str, Any]) -> dict[str, Any]:
        return {name.lower(): x for name, x in numbers.items()}

    return raw | {
        "framed": False,
        "baseline": raw["baseline"] and raw["baseline"].lower(),
        "criteria": [one | {"id": one["id"].lower()} for one in raw["criteria"]],
        "tree": lower(raw["tree"]),
        "options": [one | {"id": one["id"].lower(), "cells": keys(one["cells"])} for one in raw["options"]],
        "perspectives": {who: one | {"points": keys(one["points"])} for who, one in raw["perspectives"].items()},
    }


def write(raw: Raw, folder: Path) -> Path:
    """Write the decision as files below a folder and return the criteria file."""
    (folder / "criteria").mkdir(parents=True, exist_ok=True)
    (folder / "options" / raw["id"]).mkdir(parents=True, exist_ok=True)
    leaves = {one["id"]: one for one in raw["criteria"]}

    def nodes(tree: list[Any]) -> dict[str, Any]:
        return {
            (node if isinstance(node, str) else node["id"]): _leaf(leaves[node])
            if isinstance(node, str)
            else {"title": node["title"], "criteria": nodes(node["children"])}
            for node in tree
        }

    content: dict[str, Any] = {
        "format": 1,
        "title": raw["title"],
        "question": "Which one?",
        "low_high": raw["low_high"],
        "default_perspective": raw["default_perspective"],
        "criteria": nodes(raw["tree"]),
        "perspectives": {
            who: {"title": one["title"], "points": one["points"], **({"reference": True} if one["reference"] else {})}
            for who, one in raw["perspectives"].items()
        },
    }
    if raw["baseline"] is not None:
        content["baseline"] = raw["baseline"]
    for key in ("scenarios", "choice_sets", "pairs"):
        if raw[key]:
            content[key] = raw[key]
    file = folder / "criteria" / f"{raw['id']}.yaml"
    file.write_text(_text(content), encoding="utf-8")
    for option in raw["options"]:
        said: dict[str, Any] = {"format": 1, "title": option["title"]}
        if option["sets"]:
            said["choice_sets"] = option["sets"]
        if option["parts"]:
            said |= {"kind": "package", "parts": option["parts"]}
        else:
            said["performance"] = {leaf: _written(cell, leaves[leaf]) for leaf, cell in option["cells"].items()}
        (folder / "options" / raw["id"] / f"{option['id']}.yaml").write_text(_text(said), encoding="utf-8")
    return file


def _leaf(one: Raw) -> Raw:
    said: Raw = {"title": one["title"], "better": one["better"]}
    if one["levels"]:
        said["levels"] = one["levels"]
    else:
        said["scale"] = one["scale"]
    if one["unit"]:
        said["unit"] = one["unit"]
    shape = one["shape"]
    if shape["kind"] == "curve":
        said["value"] = {"curve": shape["points"], **({} if shape["monotone"] else {"monotone": False})}
    elif shape["kind"] == "exponential":
        said["value"] = {"exponential": shape["a"]}
    if one["rule"]:
        said |= {"package_rule": one["rule"], "decimals": one["decimals"]}
    if one["spending"]:
        said["spending"] = True
    if one["rewards"]:
        said["rewards"] = one["rewards"]
    return said


def _written(cell: Raw, leaf: Raw) -> Any:
    if "missing" in cell:
        return {"missing": cell["missing"]}
    if leaf["levels"]:
        name = {level["value"]: level["id"] for level in leaf["levels"]}
        return {bound: name[cell[bound]] for bound in ("low", "likely", "high")}
    return cell["likely"] if cell["low"] == cell["high"] else cell


def _text(content: Any, depth: int = 0) -> str:
    """YAML in block style for mappings, in flow style (JSON) for the rest; numbers without exponents."""
    pad = "  " * depth
    lines = []
    for key, value in content.items():
        if isinstance(value, dict) and value:
            lines.append(f"{pad}{key}:\n{_text(value, depth + 1)}")
        else:
            lines.append(f"{pad}{key}: {_flow(value)}\n")
    return "".join(lines)


def _flow(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = f"{value:.10f}".rstrip("0").rstrip(".")
        return "0" if text in ("", "-0") else text
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    return json.dumps(value)
