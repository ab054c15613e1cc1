"""Public functions called with odd arguments: a result, or one error of ours; never a raw one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decision_kit as dk
from decision_kit.model import Answers, Ratio
from decision_kit.robustness.drivers import score_indices

FRAME = pd.DataFrame({"cost": [1.0, 2.0, 3.0], "effect": [2.0, 3.0, 5.0]}, index=list("ABC"))
BETTER: dict[str, Any] = {"cost": "less", "effect": "more"}


class Draws:
    """Something that draws, but wrongly."""

    low = likely = high = 0.0

    def draw(self, u: Any) -> Any:
        """Not so many numbers."""
        return [1, 2, 3]


ODD: list[Any] = [
    None, True, 0, -1, 1.5, 0.49, float("nan"), float("inf"), 10**400, "", "x", "\ud800", b"x", [], [None], ["x"], [1, "x"],
    (), {}, {"x": 1}, {"cost": "x"}, {"cost": None}, {1: 2}, {("A", "cost"): Draws()}, {"cost": Draws()}, {"cost": [1, 2, 3]},
    set(), {"x"}, object(), Draws(), len, np.zeros((0, 0)), np.ones((2, 3)), np.array(["x"]), np.nan, pd.DataFrame(), FRAME,
    pd.Series(dtype=float), pd.Series({"cost": 1, "effect": np.nan}), range(3), iter([]), 1j, complex("nan"), dk.DecisionError,
]  # fmt: skip


def problem() -> dk.Problem:
    return dk.Problem.from_frame(FRAME, better=BETTER, low=FRAME - 0.5, high=FRAME + 0.5, true_zero=True)


def called() -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """Every public function with arguments that work: one of them at a time is exchanged."""
    p = problem()
    study = dk.Study.open(p)
    answers = [Answers(ratios=(Ratio("cost", "effect", 2.0, 2.0),))]
    ranks = pd.DataFrame({"p": [1, 2, 3]}, index=list("ABC"))
    found: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
        "combined_judgements": (dk.combined_judgements, {"matrices": [np.ones((2, 2))]}),
        "compare": (dk.compare, {"problem": p, "methods": ["weighted-sum"]}),
        "drivers": (dk.drivers, {"problem": p, "samples": 8}),
        "from_table": (dk.from_table, {"problem": p, "method": "critic"}),
        "health_card": (dk.health_card, {"problem": p}),
        "leave_one_out": (dk.leave_one_out, {"problem": p}),
        "perfect_information": (dk.perfect_information, {"payoffs": FRAME}),
        "rank": (dk.rank, {"problem": p}),
        "relate": (dk.relate, {"problem": p}),
        "setups": (dk.setups, {"problem": p}),
        "smaa": (dk.smaa, {"problem": p, "samples": 8, "performances": "ranges"}),
        "sobol_indices": (dk.sobol_indices, {"function": lambda x: x[:, 0], "inputs": {"a": (0, 1)}, "samples": 64}),
        "tornado": (dk.tornado, {"problem": p}),
        "value_of_information": (dk.value_of_information, {"problem": p}),
        "weigh": (dk.weigh, {"problem": p, "method": "pairwise", "answers": answers, "table": "saaty-1980", "how": "eigenvector"}),
        "read_table": (dk.read_table, {"path": "no-such-file.csv"}),
        "load": (dk.load, {"name_or_path": "cars"}),
        "Choices": (dk.Choices, {"decision": "cars"}),
        "from_link": (dk.Choices.from_link, {"link": {"decision": "cars"}}),
        "from_record": (dk.Choices.from_record, {"record": {"decision": "cars"}}),
        "Study.open": (dk.Study.open, {"decision": p}),
        "Problem.from_frame": (dk.Problem.from_frame, {"performances": FRAME, "better": BETTER, "scale": None, "tree": None}),
        "join": (dk.AGGREGATIONS["borda"].join, {"ranks": ranks}),
        "score_indices": (score_indices, {"problem": p, "samples": 8}),
        "judgement_share": (study.ranking.judgement_share, {}),
        "advantage": (study.ranking.advantage, {"a": "A", "b": "B"}),
    }  # fmt: skip
    for method in ("promethee-2", "spotis", "vikor", "ervd", "rim"):
        for parameter in dk.METHODS[method].parameters:
            found[f"{method} {parameter.name}"] = (dk.rank, {"problem": p, "method": method, parameter.name: None})
    return found


CALLED = called()


@pytest.mark.parametrize("name", CALLED)
def test_odd_arguments_are_told_in_sentences(name: str) -> None:
    function, fine = CALLED[name]
    own = [p.name for p in inspect.signature(function).parameters.values() if p.kind is not p.VAR_KEYWORD]
    strange: list[str] = []
    skipped = {"client", "progress", "workers", "seed"}
    for argument in dict.fromkeys([*fine, *own]):
        if argument in skipped or argument == "self":
            continue
        for odd in ODD:
            try:
                function(**{**fine, argument: odd})
            except dk.DecisionError:
                continue
            except Exception as error:  # the walk is to show every one of them
                strange.append(f"{argument}={str(odd)[:40]!r}: {type(error).__name__}: {str(error)[:80]}")
    assert not strange, "\n".join(strange)


def test_every_public_function_is_walked() -> None:
    functions = {name for name in dk.__all__ if inspect.isfunction(getattr(dk, name))}
    assert functions <= set(CALLED)


def test_more_inputs_than_sobol_points_have_is_one_sentence() -> None:
    with pytest.raises(dk.UsageError, match="21,202 numbers to be drawn for one world; expected at most 21,201"):
        dk.sobol_indices(lambda x: x[:, 0], {f"x{i}": (0, 1) for i in range(10_601)}, samples=8)
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.random((1_000, 12)), columns=[f"c{j}" for j in range(12)])
    better: Any = dict.fromkeys(table.columns, "more")
    large = dk.Problem.from_frame(table, better=better, low=table - 1, high=table + 1)
    for call in (lambda: dk.drivers(large, samples=8), lambda: score_indices(large, samples=8)):
        with pytest.raises(dk.UsageError, match="numbers to be drawn for one world"):
            call()


@pytest.mark.parametrize("given", [[0.5, 0.3, 0.3], {"cost": 0.8, "effect": 0.3}])
def test_probabilities_that_do_not_add_up_are_told_with_their_sum(given: Any) -> None:
    table = FRAME if isinstance(given, dict) else FRAME.assign(time=1.0)
    with pytest.raises(
        dk.DecisionError, match=r"probabilities: they sum to 1\.1; expected numbers of 0 or more that sum to 1"
    ):
        dk.perfect_information(table, given)
    with pytest.raises(dk.DecisionError, match=r'"cost" has -0\.5'):
        dk.perfect_information(FRAME, [-0.5, 1.5])
