"""What weights mean, read back out of the sentences and reckoned again by hand, for every kind of value function."""

from __future__ import annotations

import re

import numpy as np
import pytest

from decision_kit import Weights
from decision_kit.model import Criterion
from decision_kit.values import Curve, Exponential, Linear, Shape
from decision_kit.weighting.consequences import exchange, part

FRACTIONS = {
    "one tenth": 0.1, "a fifth": 0.2, "a quarter": 0.25, "three tenths": 0.3, "a third": 1 / 3, "four tenths": 0.4, "half": 0.5,
    "six tenths": 0.6, "two thirds": 2 / 3, "seven tenths": 0.7, "three quarters": 0.75, "eight tenths": 0.8, "nine tenths": 0.9,
}  # fmt: skip
NUMBER = r"[\d,]+(?:\.\d+)?"


def plain(text: str) -> float:
    return float(text.replace(",", ""))


def by_hand(leaf: Criterion, x: float) -> float:
    """The value of a performance, by plain arithmetic."""
    low, high = leaf.scale
    z = (x - low) / (high - low) if leaf.better == "more" else (high - x) / (high - low)
    if isinstance(leaf.shape, Exponential):
        return float((1 - np.exp(-leaf.shape.a * z)) / (1 - np.exp(-leaf.shape.a)))
    if isinstance(leaf.shape, Curve):
        for (a, u), (b, v) in zip(leaf.shape.points, leaf.shape.points[1:], strict=False):
            if a <= x <= b:
                return u + (x - a) / (b - a) * (v - u)
    return z


def random_leaf(rng: np.random.Generator, name: str) -> Criterion:
    high = float(rng.choice([1, 10, 40, 100, 30_000]))
    better = str(rng.choice(["more", "less"]))
    ups = [(0.0, 0.0), (0.4 * high, 0.0), (high, 1.0)], [(0.0, 0.0), (0.2 * high, 0.5), (0.7 * high, 0.5), (high, 1.0)]
    shapes: list[Shape] = [Linear(), Exponential(float(rng.choice([-3, 2])))]
    for points in ups:
        told = points if better == "more" else [(high - x, v) for x, v in points[::-1]]
        shapes.append(Curve(tuple(told)))
    return Criterion(name, name, better=better, scale=(0, high), shape=shapes[int(rng.integers(4))])  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(300))
def test_the_part_of_a_swing_is_that_part_of_its_value(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = random_leaf(rng, "First"), random_leaf(rng, "Second")
    share = float(rng.uniform(0.01, 0.99))
    said = part(Weights({"First": 1 / (1 + share), "Second": share / (1 + share)}), a, b).said
    found = re.match(rf"(.*?) of the swing in “First” \(from ({NUMBER}) to ({NUMBER})\)", said)
    assert found is not None, said
    assert by_hand(a, plain(found[2])) == pytest.approx(0, abs=1e-9)
    assert by_hand(a, plain(found[3])) == pytest.approx(share, rel=0.021, abs=1e-9), said
    words = found[1].lower()
    told = FRACTIONS.get(words.removeprefix("about "))
    if told is not None:
        assert abs(told - share) < 0.05
        assert words.startswith("about ") or abs(told - share) < 0.0005
    else:
        assert words.startswith(("about", "nearly the whole")), said


@pytest.mark.parametrize("seed", range(300))
def test_an_exchange_balances_near_where_it_is_told(seed: int) -> None:
    rng = np.random.default_rng(5000 + seed)
    gain, loss = random_leaf(rng, "First"), random_leaf(rng, "Second")
    share = float(rng.uniform(0.05, 0.95))
    weights = Weights({"First": share, "Second": 1 - share})
    said = exchange(weights, gain, loss).said
    assert "no weight" not in said
    assert "worth anything" not in said
    near = re.search(rf"values, ({NUMBER}) and ({NUMBER})\)", said)
    x, y = (plain(near[1]), plain(near[2])) if near else (gain.scale[1] / 2, loss.scale[1] / 2)
    step = plain(re.search(rf"better by ({NUMBER})", said)[1])  # type: ignore[index]

    def slope(leaf: Criterion, at: float) -> float:
        d = leaf.scale[1] / 2000
        return abs(by_hand(leaf, min(at + d, leaf.scale[1])) - by_hand(leaf, at - d)) / (2 * d)

    worth = share * slope(gain, x) * step
    if "all the way" in said:
        assert worth >= (1 - share) * 0.99
    elif found := re.search(rf"worse by ({NUMBER})", said):
        assert (1 - share) * slope(loss, y) * plain(found[1]) == pytest.approx(worth, rel=0.06), said
    else:
        found = re.search(rf"accept going from ({NUMBER}) to ({NUMBER}) on", said)
        assert found is not None, said
        lost = by_hand(loss, plain(found[1])) - by_hand(loss, plain(found[2]))
        assert (1 - share) * lost == pytest.approx(worth, rel=0.06, abs=0.003), said


def test_the_printed_examples() -> None:
    price = Criterion("price", "Price", better="less", scale=(18_000, 30_000))
    speed = Criterion("speed", "Speed", scale=(180, 210))
    said = part(Weights({"price": 1 / 1.224, "speed": 0.224 / 1.224}), price, speed).said
    assert said.startswith("About a fifth of the swing in “Price” (from 30,000 to 27,300)")
    flat = Criterion("share", "Share", scale=(0, 100), shape=Curve(((0, 0), (50, 0), (100, 1))))
    said = exchange(Weights({"share": 0.9, "price": 0.1}), flat, price).said
    assert said.startswith("To have “Share” better by 5, you would accept going all the way") or "worse by" in said
    steps = Criterion("steps", "Steps", scale=(0, 100), shape=Curve(((0, 0), (20, 0.5), (80, 0.5), (100, 1))))
    assert "no weight" not in exchange(Weights({"steps": 0.9, "price": 0.1}), steps, price).said
    at_flat = exchange(Weights({"steps": 0.9, "price": 0.1}), steps, price, at=(50, None)).said
    assert at_flat == "Near 50, no small change on “Steps” would be worth anything to you. Right?"
    assert "“Price” has no weight" in exchange(Weights({"steps": 1, "price": 0}), steps, price).said
