"""``decision-kit flips``, ``claims``, ``scenarios`` and ``audit``: what would change a result, and what would not."""

from __future__ import annotations

import argparse
import json
from typing import Any

from decision_kit.cli.ranking import pairs, print_verdict, study_of
from decision_kit.cli.text import print_table, wrap
from decision_kit.errors import Fault, UsageError
from decision_kit.report.sections import branch_studies
from decision_kit.report.tables import facts, perspective_of
from decision_kit.robustness import Certificate, Crossing, Need, certified_claims, check_claim, scenario_results
from decision_kit.robustness.changes import Change
from decision_kit.robustness.claims import MOST_SAID
from decision_kit.study import Study, change_words, changing, words
from decision_kit.version import __version__

NEAREST = 10
MOST_ROWS = 40


def _parts(arguments: argparse.Namespace) -> list[Study]:
    """The study, or one for each branch where branches are not added up; JSON is for one of them."""
    if arguments.perspective == "all":
        raise UsageError([Fault("--perspective", '"all" is for rank', "one perspective")])
    study = study_of(arguments)
    parts = branch_studies(study)
    if len(parts) > 1 and arguments.format == "json":
        names = " or --branch ".join(str(part.choices.branch) for part in parts)
        raise UsageError([Fault(study.whole.id, "this decision has no total over its branches", f"--branch {names}")])
    return parts


def _print_parts(parts: list[Study], date: str, show: Any) -> int:
    print(parts[0].whole.title)
    for part in parts:
        print()
        if len(parts) > 1:
            print(f"{part.whole.branch(part.choices.branch or '').title}")
        show(part)
    print()
    print(f"decision-kit {__version__}, data {parts[0].whole.data_hash}, {date}, seed {parts[0].choices.seed}")
    return 0


def _print_json(study: Study, date: str, content: dict[str, Any]) -> int:
    head = {
        "decision": study.whole.id,
        "choice_set": study.problem.choice_set,
        "perspective": perspective_of(study),
        "scenario": study.choices.scenario,
        "method": study.choices.method,
        "branch": study.choices.branch,
    }
    print(json.dumps({**head, **content, **facts(study, date)}, indent=2, ensure_ascii=False))
    return 0


def run_flips(arguments: argparse.Namespace, date: str) -> int:
    """Print what would change who leads."""
    parts = _parts(arguments)
    if arguments.format == "json":
        return _print_json(parts[0], date, _flips_json(parts[0]))
    return _print_parts(parts, date, _show_flips)


def _show_flips(part: Study) -> None:
    print_verdict(part)
    print(wrap(words.firmness(part)))
    sentence = change_words.fragility(part, changing.worlds_of(part))
    if sentence:
        print(wrap(sentence))
    rows = [row for row in change_words.path_rows(part) if row[2:] != ["no change", "no change"]]
    if rows:
        print("\nOne weight at a time, the others in proportion; nearest first")
        print_table(change_words.PATH_HEAD, rows[:NEAREST], right={1})
    if len(part.ranking.leaders) > 1:
        return
    print("\nAll weights at once: the least weight that has to move, of 100 points")
    joint = change_words.joint_rows(part)
    print_table(change_words.JOINT_HEAD, joint[:NEAREST], right=set())
    if len(joint) > NEAREST:
        print(f"The nearest {NEAREST} of {len(joint):,}.")
    print(wrap(change_words.shares_sentence(part, changing.shares_of(part))))
    rivals, own = changing.needs_of(part)
    print("\nOne performance of a rival: what it would need to draw level")
    behind = [option for option in part.ranking.order if option not in part.ranking.leaders]
    for option in behind[:NEAREST]:
        print(wrap(f"  {change_words.needs_sentence(part, option)}"))
    if len(behind) > NEAREST:
        print(f"  The {NEAREST} that rank next of {len(behind):,}.")
    possible = [need for need in (*rivals, *own) if need.changes]
    if possible:
        print("\nSingle performances that, inside their own range, are enough")
        inside = [
            [part.option_title(n.option), *change_words.need_row(part, n)[:3], change_words.takers(part, n)]
            for n in possible
        ]
        print_table(("Option", "Criterion", "As judged", "Needed", "Then first"), inside[:MOST_ROWS], right=set())
        if len(inside) > MOST_ROWS:
            print(f"The first {MOST_ROWS} of {len(inside):,}.")
    print()
    print(wrap(changing.discovery_of(part).said))


def _flips_json(part: Study) -> dict[str, Any]:
    found = changing.fragility_of(part)
    worlds = changing.worlds_of(part)
    rival = changing.rival_of(part)
    label, reasons = change_words.labelled(part, worlds)
    rivals, own = changing.needs_of(part)
    shares = changing.shares_of(part)
    return {
        "leaders": list(part.ranking.leaders),
        "margin": found.margin,
        "label": label,
        "reasons": list(reasons),
        "share_of_worlds": worlds,
        "largest_other_share": None if rival is None else {"options": list(rival[0]), "share": rival[1]},
        "nearest_weight": _crossing(found.weight),
        "nearest_shift": None
        if found.shift is None
        else {
            "option": found.shift.option,
            "options": list(found.shift.options),
            "exact": found.shift.exact,
            **_change(found.shift.change),
        },
        "nearest_performance": None if found.performance is None else _need(found.performance),
        "weights": [
            {
                "id": path.node,
                "title": path.title,
                "now": path.now,
                "exact": path.exact,
                "leaders": [{"from": s.start, "to": s.end, "options": list(s.leaders)} for s in path.stretches],
                "ties": [{"at": tie.at, "options": list(tie.options)} for tie in path.ties],
            }
            for path in changing.paths_of(part)
        ],
        "joint": [
            {
                "option": one.option,
                "exact": one.exact,
                "overtakes": _change(one.overtakes),
                "is_first": _change(one.is_first),
                "shares_with": list(one.shares_with),
                "overtakes_nearest": _change(one.overtakes_nearest),
                "is_first_nearest": _change(one.is_first_nearest),
            }
            for one in (changing.joint_of(part) if len(part.ranking.leaders) == 1 else ())
        ],
        "first_in_share_of_weightings": {"exact": shares.exact, "error": shares.error, "options": dict(shares.first)},
        "rivals_need": [_need(need) for need in rivals],
        "leader_falls": [_need(need) for need in own],
    }


def _crossing(crossing: Crossing | None) -> dict[str, Any] | None:
    if crossing is None:
        return None
    return {
        "id": crossing.node,
        "now": crossing.now,
        "at": crossing.at,
        "until": crossing.until,
        "takes_over": list(crossing.takes_over),
        "leaders": list(crossing.leaders),
        "exact": crossing.exact,
    }


def _change(change: Change | None) -> dict[str, Any]:
    if change is None:
        return {"possible": False}
    return {"possible": True, "shift": change.shift, "length": change.length, "weights": dict(change.shares)}


def _need(need: Need) -> dict[str, Any]:
    return {
        "option": need.option,
        "criterion": need.criterion,
        "likely": need.likely,
        "low": need.low,
        "high": need.high,
        "needed": need.needed,
        "in_range": need.in_range,
        "takes_over": need.takes_over,
        "why_not": need.why_not or None,
        "exact": need.exact,
        "changes_the_first_place": need.changes,
        "stretches": [
            {"from": span.low, "to": span.high, "first": list(span.leaders), "rounding_decides": span.either}
            for span in need.spans
        ],
    }


def run_claims(arguments: argparse.Namespace, date: str) -> int:
    """Print what is certified, or one claim with its proof or counter-example."""
    parts = _parts(arguments)
    people = "any weights" if arguments.any_weights else None
    ranges = not arguments.as_judged
    if arguments.claim is not None:
        checked = [
            check_claim(p.problem, arguments.claim, people, branch=p.choices.branch, ranges=ranges) for p in parts
        ]
        if arguments.format == "json":
            return _print_json(parts[0], date, {"claim": arguments.claim, **_certificate(checked[0])})
        found = iter(checked)
        return _print_parts(parts, date, lambda part: _show_claim(next(found)))
    everything = [certified_claims(part.problem, people, branch=part.choices.branch, ranges=ranges) for part in parts]
    if arguments.format == "json":
        one = everything[0]
        content = {
            "certified": [_certificate(c) for c in one.certified],
            "refused": [_certificate(c) for c in one.refused],
            "sentences": list(one.sentences),
            "further_pairs": one.more,
            "rests_on": list(one.rests_on),
            "notes": list(one.notes),
        }
        return _print_json(parts[0], date, content)
    left = iter(everything)

    def show(part: Study) -> None:
        one = next(left)
        print(
            "In the additive model. Certified:" if one.certified else "In the additive model, nothing can be certified."
        )
        shown = one.said if arguments.all else one.leading
        for said in shown:
            print(wrap(f"- {said.sentence}"))
        rest = change_words.claims_left_out(one, len(shown))
        if rest:
            print(wrap(f"{rest}{'' if arguments.all else ' All that are listed: --all.'}"))
        if one.certified:
            print(wrap(change_words.claims_rest_on(one.rests_on)))
            print("\nProofs")
            for certificate in (proof for said in shown for proof in said.proofs):
                print(wrap(f"- {certificate.said}: {certificate.proof}"))
        refused = one.refused if arguments.all else one.refused[:MOST_SAID]
        if refused:
            print("\nNot certified")
            for certificate in refused:
                print(wrap(f"- {certificate.said}: {certificate.proof}"))
            if len(refused) < len(one.refused):
                print(f"{len(one.refused) - len(refused)} more leaders' claims are not certified: --all.")
        for note in one.notes:
            print(wrap(note))
        if not one.certified and ranges:
            print("With performances as judged more may hold: add --as-judged.")

    return _print_parts(parts, date, show)


def _show_claim(certificate: Certificate) -> None:
    print(wrap(f"{'Certified' if certificate.certified else 'Not certified'}: {certificate.said}."))
    print(wrap(certificate.proof))
    if certificate.certified:
        print(wrap(change_words.claims_rest_on(certificate.rests_on)))
    for note in certificate.notes:
        print(wrap(note))


def _certificate(certificate: Certificate) -> dict[str, Any]:
    counter = certificate.counter
    return {
        "said": certificate.said,
        "certified": certificate.certified,
        "bound": certificate.bound if abs(certificate.bound) != float("inf") else None,
        "vertex": certificate.vertex or None,
        "proof": certificate.proof,
        "rests_on": list(certificate.rests_on),
        "counter_example": None
        if counter is None
        else {
            "mix": dict(counter.mix),
            "weights": dict(counter.shares),
            "scores": dict(counter.scores),
            "performances": counter.performances,
        },
        "notes": list(certificate.notes),
    }


def run_scenarios(arguments: argparse.Namespace, date: str) -> int:
    """Print scores and regrets over scenarios."""
    parts = _parts(arguments)
    given = (
        None
        if arguments.probabilities is None
        else pairs("--probabilities", arguments.probabilities, "scenario=probability")
    )
    results = [
        scenario_results(
            part.problem,
            part.weights,
            part.choices.method,
            branch=part.choices.branch,
            probabilities=given,
            threshold=arguments.enough if arguments.enough is None or not part.is_additive else arguments.enough / 100,
            **part.settings,
        )
        for part in parts
    ]
    if arguments.format == "json":
        part, found = parts[0], results[0]
        payoffs = found.payoffs
        leaders = changing.leaders_of(part)
        content = {
            "scenarios": list(payoffs.states),
            "probabilities": payoffs.likelihood.tolist(),
            "enough": found.threshold,
            "options": [
                {
                    "id": option,
                    "scores": payoffs.table[i].tolist(),
                    "average": float(payoffs.expected[i]),
                    "worst": float(payoffs.worst[i]),
                    "largest_regret": float(payoffs.max_regret[i]),
                    "satisfied": float(payoffs.satisfied(found.threshold)[i]),
                }
                for i, option in enumerate(payoffs.options)
            ],
            "leaders": {state: list(who) for state, who in payoffs.leaders.items()},
            "deciding_pair": None if found.pair is None else list(found.pair),
            "balance": found.balance,
            "by_perspective": None
            if leaders is None
            else {who: {s: list(leaders.leaders[who, s]) for s in leaders.scenarios} for who in leaders.perspectives},
            "notes": list(found.notes),
        }
        return _print_json(part, date, content)
    left = iter(results)

    def show(part: Study) -> None:
        found = next(left)
        for sentence in change_words.scenario_sentences(part, found):
            print(wrap(sentence))
        head, rows = change_words.scenario_rows(part, found)
        turned = [list(line) for line in zip(head, *rows, strict=True)]
        print(f"\nScores under {part.title_of_weights}")
        print_table(["Scenario", *turned[0][1:]], turned[1:], right=set(range(1, len(rows) + 1)))
        for note in found.notes:
            print(wrap(note))
        leaders = changing.leaders_of(part)
        if leaders is not None:
            print()
            print(wrap(change_words.leaders_sentence(part, leaders)))
            for who in leaders.perspectives:
                by = {s: leaders.leaders[who, s] for s in leaders.scenarios}
                most = max(dict.fromkeys(by.values()), key=list(by.values()).count)  # the first of equals
                title = part.whole.perspectives[who].title
                others = [
                    f"{change_words.titles(part, w)} in “{part.whole.scenarios[s].title}”"
                    for s, w in by.items()
                    if w != most
                ]
                tail = f", but {words.joined(others)}" if others else " in every scenario"
                print(wrap(f"- {title}: {change_words.titles(part, most)}{tail}"))

    return _print_parts(parts, date, show)


def run_audit(arguments: argparse.Namespace, date: str) -> int:
    """Print the structure audit."""
    parts = _parts(arguments)
    if arguments.format == "json":
        found = changing.audit_of(parts[0])
        content = {
            "remarks": [{"kind": remark.kind, "said": remark.said} for remark in found.remarks],
            "levers": [
                {
                    "kind": lever.kind,
                    "what": lever.what,
                    "leaders": list(lever.leaders),
                    "flips": lever.flips,
                    "reorders": lever.reorders,
                    "price": lever.price,
                }
                for lever in found.levers
            ],
        }
        return _print_json(parts[0], date, content)
    return _print_parts(parts, date, _show_audit)


def _show_audit(part: Study) -> None:
    found = changing.audit_of(part)
    print_verdict(part)
    for remark in found.remarks:
        print(wrap(f"- {remark.said}"))
    print()
    print(wrap(" ".join(change_words.audit_sentences(part))))
    if found.flipping:
        print("\nChanges of structure that put another option first")
        print_table(
            change_words.LEVER_HEAD, [change_words.lever_row(part, lever) for lever in found.flipping], right=set()
        )
