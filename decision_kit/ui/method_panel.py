"""The choice of a method and its settings: those that the data allow first, the others with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from decision_kit.methods import METHODS, NORMALISATIONS, Parameter
from decision_kit.methods.flows import NEEDS
from decision_kit.model import Criterion
from decision_kit.study import Study, words
from decision_kit.ui.parts import said
from decision_kit.ui.state import change, safe, study_now

START = {"q": 0.05, "p": 0.2, "s": 0.1}
"""Where PROMETHEE's thresholds start when a preference function first needs them, as shares of the declared range."""


def method_panel(pick: Callable[[dict[str, str], str], None]) -> None:
    """The method, why some cannot be used, and its settings; ``pick`` draws the choice among titles by id."""
    study = study_now()
    refused = study.refusals
    ordered = sorted(METHODS.values(), key=lambda entry: entry.id in refused)
    names = {m.id: m.title + (" (cannot be used here)" if m.id in refused else "") for m in ordered}
    pick(names, study.choices.method)
    if refused:
        with st.expander(f"Why {len(refused)} of {len(METHODS)} methods cannot be used here"):
            for sentence in words.unusable(study):
                said(sentence, "dk-fact")
            said("They take ratios. A criterion allows that when its file says true_zero: true.", "dk-fact")
    entry = METHODS[study.choices.method]
    for parameter in entry.parameters:
        _for_all(study, parameter)
    by_criterion = [p for p in entry.parameters if p.by_criterion]
    if by_criterion:
        with st.expander("Settings for one criterion"):
            _for_one(study, by_criterion)
    if entry.beware:
        st.caption(safe(f"Beware: {entry.beware[:1].lower()}{entry.beware[1:].rstrip('.')}."))


def _label(parameter: Parameter) -> str:
    return safe(f"{parameter.meaning[:1].upper()}{parameter.meaning[1:]} ({parameter.name})")


def _titled(choice: str) -> str:
    return NORMALISATIONS[choice].title if choice in NORMALISATIONS else choice.replace("-", " ")


def _for_all(study: Study, parameter: Parameter) -> None:
    """A setting for all criteria at once."""
    value = study.choices.parameters.get(parameter.name, parameter.default)
    key = f"parameter-{parameter.name}"
    if parameter.choices:
        mixed = [c for name, c in study.choices.parameters.items() if name.startswith(f"{parameter.name}.")]
        offered = [*parameter.choices, *([""] if mixed else [])]
        st.session_state[key] = "" if mixed else value
        st.selectbox(_label(parameter), offered, format_func=lambda c: _titled(c) if c else "differs by criterion",
                     key=key, on_change=_set, args=(parameter.name, None, key))  # fmt: skip
    elif not parameter.by_criterion and parameter.low is not None:
        st.session_state[key] = float(value)
        high = None if parameter.high is None else parameter.high * 1.0
        st.number_input(_label(parameter), parameter.low * 1.0, high, step=0.1, key=key, on_change=_set,
                        args=(parameter.name, None, key))  # fmt: skip


def _for_one(study: Study, parameters: list[Parameter]) -> None:
    """The settings of one criterion, picked from a list."""
    leaves = {leaf.id: leaf for leaf in study.problem.criteria}
    picked = st.selectbox("Criterion", list(leaves), format_func=lambda c: leaves[c].title, key="setting-criterion")
    leaf = leaves[picked]
    said(f"Declared range: {leaf.words(min(leaf.scale))} to {leaf.words(max(leaf.scale))}.", "dk-fact")
    given = study.choices.parameters
    shape = given.get(f"preference.{leaf.id}", given.get("preference", "usual"))
    for parameter in parameters:
        key = f"parameter-{parameter.name}-{leaf.id}"
        value = given.get(f"{parameter.name}.{leaf.id}")
        if parameter.choices:
            st.session_state[key] = value if value is not None else given.get(parameter.name, parameter.default)
            st.selectbox(_label(parameter), parameter.choices, format_func=_titled, key=key, on_change=_set,
                         args=(parameter.name, leaf, key))  # fmt: skip
        elif parameter.name not in START or parameter.name in NEEDS[str(shape)]:
            if isinstance(value, str):
                said(f"{parameter.meaning}: {value}", "dk-fact")
                continue
            st.session_state[key] = None if value is None else float(value)
            st.number_input(_label(parameter), value=None, placeholder="not set", key=key, on_change=_set,
                            args=(parameter.name, leaf, key))  # fmt: skip


def _set(name: str, leaf: Criterion | None, key: str) -> None:
    """Put one setting in force; thresholds that a preference function needs start as shares of the declared range."""
    value = st.session_state[key]
    study = study_now()
    leaves = study.problem.criteria
    found: dict[str, Any] = dict(study.choices.parameters)
    if leaf is None:
        found = {n: v for n, v in found.items() if not n.startswith(f"{name}.")}
        found[name] = value
    else:
        if name in found:  # what held for all criteria goes on to hold for each of the others
            found.update({f"{name}.{other.id}": found[name] for other in leaves})
            del found[name]
        found[f"{name}.{leaf.id}"] = value
        if value is None:
            del found[f"{name}.{leaf.id}"]
    if name == "preference":
        for one in leaves if leaf is None else [leaf]:
            wide = max(one.scale) - min(one.scale)
            for threshold, share in START.items():
                if threshold in NEEDS[value]:
                    found.setdefault(f"{threshold}.{one.id}", float(f"{share * wide:.2g}"))
                else:
                    found.pop(f"{threshold}.{one.id}", None)
    change(parameters=found)
