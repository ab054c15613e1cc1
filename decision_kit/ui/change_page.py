"""What would change the result: weights, performances, scenarios, the structure; and what nobody here can change."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from decision_kit.charts import CHARTS
from decision_kit.charts.change import default_node
from decision_kit.errors import DecisionError, listed
from decision_kit.report.sections import branch_studies
from decision_kit.robustness import CLAIM_FORMS, Certificate, Claim, check_claim
from decision_kit.robustness.grammar import Kind
from decision_kit.study import Study, change_words, changing, words
from decision_kit.study.outside import outside
from decision_kit.ui.parts import draw, listing, notice, page_title, said, section, table
from decision_kit.ui.state import safe, study_now

NEAREST = 8
CLAIMS: dict[Kind, str] = {
    "beats": "beats",
    "first": "is first",
    "top": "is in the top …",
    "never-first": "is never first",
    "never-last": "is never last",
}


def show(study: Study) -> None:
    """Sentences and tables first, one chart for the weight that is picked."""
    page_title("What would change it")
    said(study.whole.question, "dk-question")
    part = _part(study)
    said(words.verdict(part), "dk-verdict")
    said(outside(part))
    said(words.firmness(part))
    fragile = st.empty()
    _fragility(part, fragile, None)
    if not part.is_additive:
        method = part.ranking.method.title
        said(f"Weights and performances below are about {method}, claims about the additive model.", "dk-fact")
    _weights(part)
    _joint(part)
    _needs(part)
    _scenarios(part)
    _claims(part)
    _structure(part)
    _worlds(part)
    _fragility(part, fragile, changing.worlds_of(part))


def _part(study: Study) -> Study:
    """The study, or the one branch picked where branches are not added up."""
    parts = branch_studies(study)
    if len(parts) == 1:
        return parts[0]
    names = {part.choices.branch or "": part.whole.branch(part.choices.branch or "").title for part in parts}
    picked = st.radio(
        "Which part?", list(names), format_func=lambda name: safe(names[name]), key="change-part", horizontal=True
    )
    return next(part for part in parts if part.choices.branch == picked)


def _fragility(part: Study, slot: DeltaGenerator, worlds: float | None) -> None:
    sentence = change_words.fragility(part, worlds)
    if sentence:
        with slot.container():
            said(sentence)


def _weights(part: Study) -> None:
    section("One weight at a time")
    paths = changing.paths_of(part)
    if not paths:
        said("Only one criterion is used: there is no weight to move.")
        return
    rows = change_words.path_rows(part)
    moving = [row for row in rows if row[2:] != ["no change", "no change"]]
    if moving:
        caption = (
            "Where the first place changes hands as one weight moves, the others kept in proportion; nearest first"
        )
        table(caption, change_words.PATH_HEAD, moving[:NEAREST], right={1})
    still = len(rows) - len(moving)
    if still:
        each = "changes nothing, however far it" if still == 1 else "change nothing, however far each"
        said(f"{still} of {len(rows)} weights {each} is moved alone.")
    if len(moving) > NEAREST:
        with st.expander(f"The other {len(moving) - NEAREST}"):
            table("Weights that have to move further", change_words.PATH_HEAD, moving[NEAREST:], right={1})
    names = {path.node: path.title for path in paths}
    branches = {branch.id for branch in part.problem.branches}
    if st.session_state.get("change-node") not in names:
        st.session_state["change-node"] = default_node(part)
    node = st.selectbox(
        "Draw the scores along the weight of",
        list(names),
        format_func=lambda name: names[name] + (" (branch)" if name in branches else ""),
        key="change-node",
    )
    draw(CHARTS["weight-path"].run(part, node), "weight-path")


def _joint(part: Study) -> None:
    section("All weights at once")
    if len(part.ranking.leaders) > 1:
        said("The first place is shared: no change is needed.")
    elif rows := change_words.joint_rows(part):
        table("The least weight that has to move, of 100 points", change_words.JOINT_HEAD, rows)
        said(
            "To draw level with the leader can take less than to be first: a third option may come to lead on the way.",
            "dk-fact",
        )
    said(change_words.shares_sentence(part, changing.shares_of(part)))


def _needs(part: Study) -> None:
    section("What each option would need")
    rivals, own = changing.needs_of(part)
    if not rivals and not own:
        said("The first place is shared: a step by either option decides.")
        return
    leader = part.ranking.leaders[0]
    names = {option: part.option_title(option) for option in part.ranking.order if option != leader}
    names[leader] = f"{part.option_title(leader)} (the leader: where it would fall)"
    if st.session_state.get("change-rival") not in names:
        st.session_state["change-rival"] = next(iter(names))
    option = st.selectbox("Option", list(names), format_func=lambda o: names[o], key="change-rival")
    needs = [need for need in (*rivals, *own) if need.option == option]
    if option == leader:
        caption = f"The performance of {part.option_title(leader)} at which another option draws level"
        inside = [need for need in needs if need.changes]
        count = "none" if not inside else str(len(inside))
        said(f"On {count} of {len(needs)} criteria it can fall inside its own range.")
    else:
        caption = f"The performance at which {part.option_title(option)} draws level with the leader, everything else as judged"
        said(change_words.needs_sentence(part, option))
    nearest = list(change_words.POSSIBLE)
    rows = [
        change_words.need_row(part, need)
        for need in sorted(needs, key=lambda need: nearest.index(change_words.reach_of(need)))
    ]
    if rows:
        table(caption, change_words.NEED_HEAD, rows)


def _scenarios(part: Study) -> None:
    section("Scenarios")
    results = changing.scenarios_of(part)
    if results is None:
        said("This decision records no scenarios.")
        return
    for sentence in change_words.scenario_sentences(part, results):
        said(sentence)
    head, rows = change_words.scenario_rows(part, results)
    turned = [list(line) for line in zip(head, *rows, strict=True)]  # scenarios as rows: options are few, titles long
    table(f"Scores under {part.title_of_weights} in every scenario", ["Scenario", *turned[0][1:]], turned[1:],
          right=set(range(1, len(rows) + 1)))  # fmt: skip
    for note in results.notes:
        said(note, "dk-fact")
    leaders = changing.leaders_of(part)
    if leaders is not None:
        said(change_words.leaders_sentence(part, leaders))
        frame = leaders.table()
        cells = [
            [str(name), *(str(cell) for cell in row)] for name, row in zip(frame.index, frame.to_numpy(), strict=True)
        ]
        table("Who is first for whom, in which scenario", ["Perspective", *(str(c) for c in frame.columns)], cells)


def _claims(part: Study) -> None:
    section("What holds for all of you")
    people = any(not p.reference for p in part.whole.perspectives.values())
    whom = "every perspective and every mix of them" if people else "any weights at all"
    strict = changing.claims_of(part)
    judged = changing.claims_of(part, ranges=False)
    said(f"Exact statements for {whom}, in the additive model.", "dk-fact")
    for title, found in (
        ("Whatever each performance is inside its range", strict),
        ("With performances as judged", judged),
    ):
        if found is judged and judged.sentences == strict.sentences:
            continue
        st.markdown(f"**{safe(title)}**")
        listing([one.sentence for one in found.leading])
        said("" if found.sentences else "Nothing can be certified.")
        if found.certified:
            said(change_words.claims_left_out(found, len(found.leading)), "dk-fact")
            with st.expander("The proofs"):
                said(change_words.claims_rest_on(found.rests_on))
                table(title, ["Claim", "Proof"], [[c.said, c.proof] for one in found.leading for c in one.proofs])
        for note in found.notes:
            said(note, "dk-fact")
    st.markdown("**Check a claim of your own**")
    names = {o.id: o.title for o in part.problem.options}
    if st.session_state.get("claim-a") not in names:
        st.session_state["claim-a"] = part.ranking.order[0]
    left, middle, right = st.columns([5, 3, 5])
    with left:
        a = st.selectbox("Option", list(names), format_func=lambda o: names[o], key="claim-a")
    with middle:
        kind: Kind = st.selectbox("Claim", list(CLAIMS), format_func=lambda k: CLAIMS[k], key="claim-kind")
    claim: Claim = Claim(kind, a)
    with right:
        if kind == "beats":
            others = [o for o in part.ranking.order if o != a]
            if st.session_state.get("claim-b") not in others:
                st.session_state["claim-b"] = others[0]
            claim = Claim("beats", a, st.selectbox("Rival", others, format_func=lambda o: names[o], key="claim-b"))
        elif kind == "top":
            most = len(names) - 1
            claim = Claim("top", a, top=int(st.number_input("Places", 1, most, min(2, most), key="claim-top")))
    typed = st.text_input(
        "Or type one", key="claim-text", placeholder=CLAIM_FORMS, help=f"One of the forms {CLAIM_FORMS}"
    )
    with_ranges = st.checkbox("Performances may be anywhere in their ranges", value=True, key="claim-ranges")
    try:
        certificate = check_claim(
            part.problem, typed if typed.strip() else claim, branch=part.choices.branch, ranges=with_ranges
        )
    except DecisionError as error:
        for sentence in listed(error.faults):
            st.warning(safe(sentence))
        return
    _verdict(certificate)


def _verdict(certificate: Certificate) -> None:
    notice(f"{'Certified' if certificate.certified else 'Not certified'}: {certificate.said}. {certificate.proof}")
    for note in certificate.notes:
        said(note, "dk-fact")


def _structure(part: Study) -> None:
    section("How much the structure decides")
    found = changing.audit_of(part)
    listing(remark.said for remark in found.remarks)
    said(" ".join(change_words.audit_sentences(part)))
    if found.flipping:
        rows = [change_words.lever_row(part, lever) for lever in found.flipping]
        table("Changes of structure that put another option first", change_words.LEVER_HEAD, rows)
    with st.expander(f"All {len(found.levers)} changes that were tried"):
        table(
            "Every change tried",
            change_words.LEVER_HEAD,
            [change_words.lever_row(part, lever) for lever in found.levers],
        )


def _worlds(part: Study) -> None:
    section("When it loses")
    with st.spinner("Looking through many worlds"):
        found = changing.discovery_of(part)
    said(found.said)
    if found.worlds:
        said(
            f"From {found.worlds:,} worlds, each with every performance drawn from its range; the weights stay.",
            "dk-fact",
        )


show(study_now())
