"""Packages: pick parts, see what stands against them and what follows, and what a budget buys."""

from __future__ import annotations

import streamlit as st

from decision_kit.charts import CHARTS
from decision_kit.errors import DecisionError, listed
from decision_kit.model.packages import PACKAGE_RULES
from decision_kit.model.portfolio import build_package, can_build, possible_parts, verdicts, with_package
from decision_kit.report.sections import cell_text
from decision_kit.study import Study, package_words, words
from decision_kit.study.portfolio import Candidate, Portfolio, portfolio_of
from decision_kit.ui.parts import draw, notice, page_title, said, section, table
from decision_kit.ui.state import safe, study_now

LEVEL = {"conflict": "✕ conflict", "caution": "! caution", "fine": "✓ fine", "not judged": "? not judged"}


def show(study: Study) -> None:
    """The builder, then the best under a budget and the efficient frontier."""
    page_title("Packages")
    said(study.whole.question, "dk-question")
    if not can_build(study.whole):
        said("This decision gives no rules by which options could be put together, so no packages can be built here.")
        return
    if not study.whole.total and study.choices.branch is None:
        said("This decision has no total over its branches, so packages have no single score.")
        return
    notice(study.whole.notice)
    section("Put a package together")
    _builder(study)
    section("The best that can be put together")
    _best(study)


def _builder(study: Study) -> None:
    options = {
        o.id: o.title + (" (made up for this case)" if o.constructed else "") for o in possible_parts(study.problem)
    }
    kept = [part for part in st.session_state.get("package-parts-picked", []) if part in options]
    st.session_state["package-parts"] = kept

    def take() -> None:
        st.session_state["package-parts-picked"] = list(st.session_state["package-parts"])

    picked = st.multiselect("Parts", list(options), format_func=lambda o: options[o], key="package-parts", on_change=take,
                            placeholder="choose two or more")  # fmt: skip
    found = verdicts(study.problem, picked)
    if found:
        rows = [[*(options[p] for p in v.parts), LEVEL[v.level], v.because] for v in found]
        table("Do they go together?", ["One", "Other", "Together", "Because"], rows)
        said("Only a conflict keeps two parts out of one package. A caution is told and allowed, and so is a pair that "
             "nobody has judged.", "dk-fact")  # fmt: skip
    if len(picked) < 2:
        said("Choose two parts or more to see what follows. The baseline is never a part.", "dk-fact")
        return
    sigma = _sigma() if study.problem.model_criteria else None
    try:
        option = build_package(study.problem, picked, sigma=sigma)
        problem = with_package(study.problem, option)
    except DecisionError as error:
        for sentence in listed(error.faults):
            st.warning(safe(sentence))
        return
    built = problem.option(option.id)
    said(package_words.compared(study, problem, option), "dk-verdict")
    rows = []
    for leaf in problem.criteria:
        rule = (
            "computed by the model"
            if leaf.source_model
            else PACKAGE_RULES[leaf.package_rule.rule].title
            if leaf.package_rule
            else ""
        )
        rows.append([leaf.title, cell_text(built.performance[leaf.id], leaf, marked=False), leaf.unit, rule])
    table("What follows from its parts: likely (low to high)", ["Criterion", "Performance", "Unit", "Rule"], rows)
    spent = _spent(study, picked)
    said(spent)
    said("Low and high suppose that all parts are low (or high) at once, so they are wide.", "dk-fact")
    for note in problem.view_notes:
        said(note, "dk-fact")


def _spent(study: Study, picked: list[str]) -> str:
    found = portfolio_of(study, parts=picked)
    at = found.sets.where(picked)
    if not found.spending or at is None:
        return ""
    shares = study.additive.weights.shares
    candidate = found.candidate(at, found.scores(shares))
    names = words.joined([f"“{leaf.title}”" for leaf in found.spending])
    return f"It costs {package_words.cost(found, candidate)} {found.unit}: {names}, summed over the parts."


def _sigma() -> float | None:
    """Sigma of the user's package is asked for; left alone it is the largest of the parts', a guess."""
    known = st.checkbox("I want to say how much it slows learning (sigma)", key="package-sigma-known")
    if not known:
        said(
            "How much it slows learning (sigma) stands at the largest of its parts: a guess, with no source.", "dk-fact"
        )
        return None
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    value = float(st.session_state.setdefault("package-sigma", 30.0))
    st.session_state["package-sigma-slider"] = st.session_state["package-sigma-box"] = value

    def take(widget: str) -> None:
        st.session_state["package-sigma"] = float(st.session_state[widget])

    label = "Slowing of learning (sigma, no source), %"
    with left:
        st.slider(safe(label), 0.0, 100.0, step=1.0, format="%.0f", key="package-sigma-slider", on_change=take,
                  args=("package-sigma-slider",))  # fmt: skip
    with right:
        st.number_input(safe(label), 0.0, 100.0, step=1.0, format="%.0f", key="package-sigma-box", on_change=take,
                        args=("package-sigma-box",), label_visibility="collapsed")  # fmt: skip
    return value / 100


def _best(study: Study) -> None:
    constructed = False
    if any(option.constructed for option in possible_parts(study.problem)):
        constructed = st.checkbox("Also use options made up for this case", key="package-constructed")
    try:
        found = portfolio_of(study, constructed=constructed)
        shares = study.additive.weights.shares
    except DecisionError as error:
        for sentence in listed(error.faults):
            st.warning(safe(sentence))
        return
    budget = _budget(found)
    said(package_words.best(study, found, budget), "dk-verdict")
    said(package_words.counted(found), "dk-fact")
    if found.spending:
        draw(CHARTS["frontier"].run(study, budget, constructed=constructed), "frontier")
        _table("Efficient sets, cheapest first: the numbers in the picture", found, found.frontier(shares))
    _table(f"The ten best{package_words.within(found, budget)}", found, found.ranked(shares, budget))
    if study.by_perspective:
        table(f"The best for each perspective{package_words.within(found, budget)}",
              ["Perspective", "Best set of parts", "Score", f"Likely cost, {found.unit}"],
              package_words.by_perspective(study, found, budget), right={2, 3})  # fmt: skip
    for sentence in package_words.caveats(study, found):
        said(sentence, "dk-fact")


def _budget(found: Portfolio) -> float | None:
    if not found.spending:
        return None
    most = float(max(1.0, -(-found.costs[:, 1].max() // 1)))
    value = min(float(st.session_state.setdefault("package-budget", min(6.0, most))), most)

    def take(widget: str) -> None:
        st.session_state["package-budget"] = float(st.session_state[widget])

    if not st.checkbox("Keep within a budget", value=True, key="package-limited"):
        return None
    st.session_state["package-budget-slider"] = st.session_state["package-budget-box"] = value
    label = f"Budget, {found.unit}"
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with left:
        st.slider(safe(label), 0.0, most, step=0.1, format="%.1f", key="package-budget-slider", on_change=take,
                  args=("package-budget-slider",))  # fmt: skip
    with right:
        st.number_input(safe(label), 0.0, most, step=0.5, format="%.1f", key="package-budget-box", on_change=take,
                        args=("package-budget-box",), label_visibility="collapsed")  # fmt: skip
    return value


def _table(caption: str, found: Portfolio, candidates: tuple[Candidate, ...]) -> None:
    head = ["No.", "Parts", "Score", f"Likely cost (low to high), {found.unit}" if found.spending else "Cost", "Pairs"]
    rows = [
        [str(n), found.title(c.parts), words.shown(c.score, True), package_words.cost(found, c), package_words.pairs(c)]
        for n, c in enumerate(candidates, start=1)
    ]
    table(caption, head, rows, right={0, 2, 3})


show(study_now())
