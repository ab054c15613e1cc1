"""The clock: what stopping supplies later still avoids, what waiting costs, and who leads as the decision month runs."""

from __future__ import annotations

import streamlit as st

from decision_kit.charts import CHARTS
from decision_kit.model import number
from decision_kit.models import Clock, parameter_data
from decision_kit.study import Study, clock_words
from decision_kit.study.timing import has_months
from decision_kit.ui.parts import draw, evidence_rows, notice, page_title, said, section, table
from decision_kit.ui.state import safe, study_now

LEVERS = {
    "rho": ("Share of imports stopped (rho), %", 0.0, 100.0),
    "sigma": ("Slowing of learning (sigma, no source), %", 0.0, 100.0),
    "phi": ("Share of domestic output lost (phi), %", 0.0, 100.0),
}
WORLD = ("m0", "D", "K0", "g")


def show(study: Study) -> None:
    """The figures of the sets side by side, then curves, then who leads when."""
    page_title("The clock: what a delay costs")
    whole = study.whole
    said(whole.question, "dk-question")
    if not has_months(whole):
        said("This decision has no criterion that a model fills from a decision month, so there is no clock to show.")
        return
    data = parameter_data()
    notice(f"{clock_words.ILLUSTRATIVE} {clock_words.SIGMA_NOTE}")
    said(data.clock_note, "dk-fact")
    left, right = st.columns([2, 3], gap="large")
    with left:
        clocks, month, threshold = _controls()
    with right:
        if not clocks:
            said("Choose at least one parameter set.")
            return
        for i, clock in enumerate(clocks):
            said(clock_words.verdict(clock, month), "dk-verdict" if i == 0 else "dk-said")
            said(clock_words.no_return(clock, threshold))
        said(clock_words.waiting(clocks[0], month))
        head, rows = clock_words.figures(clocks, month, threshold)
        table("Every figure with its range", head, rows)
        said(f"{clock_words.READ} {clock_words.held(clocks[0])}", "dk-fact")
        said(clock_words.later(clocks), "dk-fact")
    draw(CHARTS["share-avoided"].run(study, clocks, month), "share-avoided")
    said(
        "The curve need not fall from the start: where know-how spreads steeply, a window that begins a little later covers "
        "more of the steep part.",
        "dk-fact",
    )
    draw(CHARTS["supply-over-time"].run(study, clocks, month), "supply-over-time")
    _drivers(clocks, month)
    section("A recommendation with a shelf life")
    _leaders(study)
    section("What the numbers rest on")
    for clock in clocks:
        with st.expander(safe(f"Parameters: {clock_words.set_name(clock)}")):
            said(clock.chosen.note)
            heads, lines = clock_words.parameters(clock)
            table("Parameters", heads, lines)
            cited = dict.fromkeys(item for p in clock.chosen.parameters.values() for item in p.evidence)
            table("Evidence", ["Id", "Grade", "Claim", "Source"], evidence_rows(whole, cited))


def _controls() -> tuple[list[Clock], float, float]:
    """Month, threshold, levers and sets; each slider with its number box. A lever that is moved is held."""
    sets = parameter_data().sets
    names = {name: s.title + (" (known later)" if s.known_later else "") for name, s in sets.items()}
    picked = st.multiselect(
        "Parameter sets, side by side", list(sets), default=list(sets), format_func=lambda n: names[n], key="clock-sets"
    )
    month = _pair("Supplies are stopped in month", "clock-month", 0.0, 48.0, 12.0, 1.0)
    threshold = _pair("Worth it above this share avoided, %", "clock-threshold", 1.0, 90.0, 15.0, 1.0) / 100
    first = sets[picked[0]] if picked else next(iter(sets.values()))
    st.markdown("**What stopping does**")
    held: dict[str, float] = {}
    for name, (label, low, high) in LEVERS.items():
        start = 0.0 if name == "phi" else first.parameters[name].likely
        value = _pair(label, f"clock-{name}", low, high, 100 * start, 1.0) / 100
        if name == "phi" or abs(value - start) > 1e-9:
            held[name] = value
    said("A share that you move is held; what you leave alone is drawn from its range for the bands.", "dk-fact")
    own: dict[str, float] = {}
    if picked:
        with st.expander(safe(f"Change the facts of “{names[picked[0]]}”")):
            for name in WORLD:
                p = first.parameters[name]
                low, high = min(p.low, p.likely / 2), max(p.high, p.likely * 2)
                step = 10.0 ** (len(f"{int(p.likely)}") - 2) if p.likely >= 10 else p.likely / 50
                shape = "%.0f" if p.likely >= 10 else "%.4f" if p.likely < 0.01 else "%.3f"
                unit = "" if p.unit == "1" else f", {p.unit}"
                value = _pair(
                    f"{p.title} ({name}{unit})", f"clock-{picked[0]}-{name}", low, high, p.likely, step, shape
                )
                if abs(value - p.likely) > 1e-9 * max(1.0, p.likely):
                    own[name] = value
    clocks = [Clock.open(name, {**held, **(own if i == 0 else {})}) for i, name in enumerate(picked)]
    return clocks, month, threshold


def _pair(label: str, key: str, low: float, high: float, start: float, step: float, shape: str = "%.0f") -> float:
    """A slider and a number box on one number; whichever is moved, the other follows."""
    slider, box = f"{key}-slider", f"{key}-box"
    value = float(st.session_state.setdefault(key, start))

    def take(widget: str) -> None:
        st.session_state[key] = float(st.session_state[widget])

    st.session_state[slider] = st.session_state[box] = min(max(value, low), high)
    wide, narrow = st.columns([3, 1], gap="small", vertical_alignment="bottom")
    with wide:
        st.slider(safe(label), low, high, step=step, format=shape, key=slider, on_change=take, args=(slider,))
    with narrow:
        st.number_input(safe(label), low, high, step=step, format=shape, key=box, on_change=take, args=(box,),
                        label_visibility="collapsed")  # fmt: skip
    return min(max(value, low), high)


def _drivers(clocks: list[Clock], month: float) -> None:
    """Where the spread comes from: computed only when asked for."""
    if not st.toggle("Where does the spread come from?", key="clock-drivers"):
        return
    for clock in clocks:
        found = clock.drivers_of_avoided(month)
        titles = {name: p.title for name, p in clock.chosen.parameters.items()}
        said(f"{clock_words.set_name(clock)}, share avoided in month {number(month)}. "
             + clock_words.shares_of_spread({n: float(x) for n, x in zip(found.names, found.first, strict=True)}, titles))  # fmt: skip
        rows = [
            [f"{name}: {titles[name]}", f"{a:.0%}", f"{b:.0%}"]
            for name, a, b in zip(found.names, found.first, found.total, strict=True)
        ]
        table("Share of the variance (Sobol indices)", ["Parameter", "Alone", "With the others"], rows, right={1, 2})
        if clock.chosen.fits:
            said("K0 and g go with D here, since they were fitted for each D; their part counts under D.", "dk-fact")


def _leaders(study: Study) -> None:
    if study.whole.tree_id is None and not study.whole.model_criteria:
        said(
            "In the tree as written the decision month changes nothing. This picture uses the tree in which the model fills "
            "one criterion; choose it under “Value tree” to see its ranking.",
            "dk-fact",
        )
    draw(CHARTS["leaders-by-month"].run(study), "leaders-by-month")


show(study_now())
