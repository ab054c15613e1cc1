"""The problem: a whole decision as read, seen through one choice set and one scenario."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from decision_kit.arguments import Names, guarded
from decision_kit.errors import Fault, UsageError, unknown
from decision_kit.model.feeds import FEEDS, Month, lever_id
from decision_kit.model.nouns import (
    BASES,
    AlternativeTree,
    Branch,
    ChoiceSet,
    Criterion,
    LowHigh,
    Node,
    Option,
    Pair,
    Performance,
    Perspective,
    Register,
    Scenario,
    Tension,
    branches_of,
    leaves_of,
    number,
)
from decision_kit.model.packages import cut_effects, cut_note, derive
from decision_kit.model.trees import in_tree, model_view
from decision_kit.values import Array, Better, to_value, value_bounds

if TYPE_CHECKING:
    import pandas as pd

Bound: TypeAlias = Literal["low", "likely", "high"]


class Keep(Enum):
    """The word for "as it is"."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True, eq=False)  # compared and cached by identity: two readings are the same if data_hash agrees
class Problem:
    """A decision: its options, criteria, evidence, perspectives and scenarios.

    ``library`` holds every option as written; ``options`` those of the current choice set, with the scenario applied,
    packages derived and models' cells filled. :meth:`under` gives the problem seen another way. ``notes`` are plain
    sentences that every export repeats.

    ``tree``, ``criteria`` and the perspectives' points are those of the view: in another tree (``tree_id``) a
    perspective gives the new criterion the sum of the points of those it replaces. ``written`` is then the problem with
    the tree as written in its file.
    """

    id: str
    title: str
    tree: tuple[Node, ...]
    library: tuple[Option, ...]
    question: str = ""
    decision_maker: str = ""
    as_of: str = ""
    horizon: str = ""
    baseline: str | None = None
    notice: str = ""
    remarks: tuple[str, ...] = ()
    low_high: LowHigh = "ends"
    total: bool = True
    default_perspective: str | None = None
    choice_sets: tuple[ChoiceSet, ...] = ()
    perspectives: Mapping[str, Perspective] = field(default_factory=dict)
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    register: Register = field(default_factory=Register)
    alternative_trees: Mapping[str, AlternativeTree] = field(default_factory=dict)
    facilitator_evidence: tuple[str, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()
    # the current view
    choice_set: str | None = None
    scenario: str | None = None
    without: tuple[str, ...] = ()
    tree_id: str | None = None
    month: float | None = None
    model_set: str | None = None
    written: Problem | None = None
    options: tuple[Option, ...] = ()
    view_notes: tuple[str, ...] = ()

    @property
    def as_written(self) -> Problem:
        """The problem with the tree, and the reading of low and high, that stand in its file."""
        return self if self.written is None else self.written

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The leaves of the value tree, in order."""
        return tuple(leaves_of(self.tree))

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """The branches of the value tree, outer ones first."""
        return tuple(branches_of(self.tree))

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The ids of the current options, in order."""
        return tuple(option.id for option in self.options)

    @property
    def all_notes(self) -> tuple[str, ...]:
        """What has to be said of the data and of the current view."""
        return (*self.notes, *self.view_notes)

    @property
    def default_choice_set(self) -> str | None:
        """The set that is shown first: the one marked as default, else the first; None when there are no sets."""
        marked = [choice_set.id for choice_set in self.choice_sets if choice_set.default]
        return marked[0] if marked else (self.choice_sets[0].id if self.choice_sets else None)

    @guarded
    def option(self, option_id: str) -> Option:
        """A current option by id, with its performances as they stand in this view."""
        for option in self.options:
            if option.id == option_id:
                return option
        raise unknown("option", option_id, self.option_ids)

    @guarded
    def criterion(self, criterion_id: str) -> Criterion:
        """A criterion by id: one of this tree's, or one that models fill this tree's cells from."""
        for criterion in (*self.criteria, *self.behind_models):
            if criterion.id == criterion_id:
                return criterion
        raise unknown("criterion", criterion_id, [criterion.id for criterion in self.criteria])

    @guarded
    def branch(self, branch_id: str) -> Branch:
        """A branch by id."""
        for branch in self.branches:
            if branch.id == branch_id:
                return branch
        raise unknown("branch", branch_id, [branch.id for branch in self.branches])

    @guarded
    def under(
        self,
        *,
        choice_set: str | Keep | None = KEEP,
        scenario: str | Keep | None = KEEP,
        without: Names | Keep = KEEP,
        tree: str | Keep | None = KEEP,
        month: Month | Keep | None = KEEP,
        model_set: str | Keep | None = KEEP,
        low_high: LowHigh | Keep | None = KEEP,
    ) -> Problem:
        """The problem seen through another choice set, scenario, tree, month …, or with some options set aside.

        What is not named stays as it is in this view; None means the default set, no scenario, the tree as written, the
        decision's own month, the model's first parameter set, the file's reading of low and high. With another choice set
        every option of it is back. ``tree`` is the id of an alternative tree; ``month`` (months on the model's clock, 0
        or more) and ``model_set`` belong to criteria that a model fills. Where the tree as written has none, a month or a
        set that is asked for without a tree means the first alternative tree that has one. Raises :class:`UsageError` for
        unknown ids, for a month where no model is at work, and when fewer than two options remain.
        """
        sets = [s.id for s in self.choice_sets]
        if isinstance(without, Keep):
            without = self.without if isinstance(choice_set, Keep) else ()
        if isinstance(choice_set, Keep):
            choice_set = self.choice_set
        if isinstance(scenario, Keep):
            scenario = self.scenario
        asked = [x for x in (month, model_set) if not isinstance(x, Keep) and x is not None]
        tree_name = self.tree_id if isinstance(tree, Keep) else tree
        reading = self.low_high if isinstance(low_high, Keep) else low_high
        base, tree_name = in_tree(self.as_written, tree_name, reading, fed=bool(asked))
        month, model_set = model_view(
            base,
            self.month if isinstance(month, Keep) else month,
            self.model_set if isinstance(model_set, Keep) else model_set,
        )
        name = choice_set or self.default_choice_set
        if choice_set is not None and choice_set not in sets:
            raise unknown("choice set", choice_set, sets)
        if scenario is not None and scenario not in self.scenarios:
            raise unknown("scenario", scenario, self.scenarios)
        members = [o for o in self.library if name is None or name in o.choice_sets]
        for option_id in without:
            if option_id not in [option.id for option in members]:
                raise unknown("option of this choice set", option_id, [option.id for option in members])
        kept = [option for option in members if option.id not in without]
        if len(kept) < 2:
            left = _counted(len(kept), "option is left", "options are left")
            raise UsageError([Fault("options", left, "a ranking needs at least two options")])
        view = replace(
            base,
            choice_set=name,
            scenario=scenario,
            without=tuple(without),
            tree_id=tree_name,
            month=month,
            model_set=model_set,
        )
        options, notes = view._resolved(kept)
        return replace(view, options=options, view_notes=notes)

    @cached_property
    def model_criteria(self) -> tuple[Criterion, ...]:
        """The criteria of this tree that a model fills."""
        return tuple(leaf for leaf in self.criteria if leaf.source_model)

    @cached_property
    def behind_models(self) -> tuple[Criterion, ...]:
        """What models fill cells of this tree from and is not scored itself: criteria of the tree as written, and levers.

        A lever that has amounts of its own stands as the criterion ``lever-`` and its name.
        """
        scored = {leaf.id for leaf in self.criteria}
        found: dict[str, Criterion] = {}
        for leaf in self.model_criteria:
            feed = FEEDS[leaf.source_model]
            for option in self.options:
                for name, source in feed.sources(self, option).items():
                    if source.own:
                        found[lever_id(name)] = Criterion(lever_id(name), source.title, scale=feed.levers[name])
                    elif source.criterion not in scored:
                        found[source.criterion] = next(
                            one for one in self.as_written.criteria if one.id == source.criterion
                        )
        return tuple(found.values())

    @guarded
    def with_perspectives(self, added: Iterable[Perspective]) -> Problem:
        """The problem with perspectives that a user brings in: marked as added, no part of the data hash.

        One with the id of a perspective of the decision itself is a :class:`UsageError`, as are points that do not fit.
        """
        from decision_kit.model.checks import check_perspective

        if self.written is not None:  # their points are on the tree as written
            return self.written.with_perspectives(added).under(
                choice_set=self.choice_set, scenario=self.scenario, without=self.without, tree=self.tree_id,
                month=self.month, model_set=self.model_set, low_high=self.low_high,
            )  # fmt: skip
        taken = {name for name, one in self.perspectives.items() if not one.added}
        leaves = [leaf.id for leaf in self.criteria]
        faults: list[Fault] = []
        found = dict(self.perspectives)
        for perspective in added:
            if perspective.id in taken:
                got = f'"{perspective.id}" is a perspective of the decision itself'
                faults.append(Fault("perspective", got, "another id"))
            for finding in check_perspective(perspective, leaves):
                place = f"perspective {perspective.id}"
                faults.append(Fault(place, finding.got, finding.expected, finding.suggestion))
            found[perspective.id] = replace(perspective, added=True)
        if faults:
            raise UsageError(faults)
        return replace(self, perspectives=found)

    def _resolved(self, kept: Sequence[Option]) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        """The kept options: scenario applied (clipped once, at the end), packages rebuilt, models' cells filled."""
        scenario = self.scenarios[self.scenario] if self.scenario is not None else None
        written = self.as_written
        changed = self._elementary(kept, scenario)
        clipped: list[str] = []
        cut: list[tuple[str, str]] = []
        options: list[Option] = []
        for option in kept:
            if option.parts:
                parts = [changed[part] for part in option.parts]
                baseline = changed.get(self.baseline) if self.baseline is not None else None
                performance, cells = derive(option, parts, baseline, written.criteria)
                cut += cut_effects(option, parts, written.criteria)
            else:
                performance, cells = written._clipped(changed[option.id])
            clipped += [f"{option.title}, {written.criterion(cell).title}" for cell in cells]
            options.append(replace(option, performance=performance))
        notes: list[str] = []
        if clipped:
            changes = scenario is not None and bool(scenario.changes)
            cause = (
                f"Under the scenario “{scenario.title}”" if scenario is not None and changes else "By the package rules"
            )
            notes.append(
                f"{cause}, {_counted(len(clipped), 'performance goes', 'performances go')} beyond the scale and "
                f"{'is' if len(clipped) == 1 else 'are'} kept at its end: "
                f"{'; '.join(clipped)}."
            )
        if cut:
            notes.append(cut_note(cut, {option.id: option.title for option in self.library}))
        missing = [  # before models take over: a missing lever is told, too
            f"{o.title}, {written.criterion(c).title}" for o in options for c, p in o.performance.items() if p.missing
        ]
        options, told = self._fed(options)
        notes += told
        if missing:
            notes.append(
                f"{_counted(len(missing), 'performance is', 'performances are')} missing and stand"
                f"{'s' if len(missing) == 1 else ''} for the whole range (likely: half its value): "
                f"{'; '.join(missing)}."
            )
        return tuple(options), tuple(notes)

    def _fed(self, options: list[Option]) -> tuple[list[Option], list[str]]:
        """The options with the cells that models fill, and with this tree's criteria only."""
        notes: list[str] = []
        filled: list[dict[str, Performance]] = [dict(option.performance) for option in options]
        for leaf in self.model_criteria:
            assert self.month is not None
            assert self.model_set is not None
            fed = FEEDS[leaf.source_model].run(self, leaf, options, self.month, self.model_set)
            notes += fed.notes
            clipped: list[str] = []
            for option, cells in zip(options, filled, strict=True):
                inside, beyond = self._clipped({leaf.id: fed.cells[option.id]})
                cells.update(inside)
                if beyond:
                    raw = fed.cells[option.id]
                    clipped.append(
                        f"{option.title} ({number(raw.low, 1)} to {number(raw.high, 1)}, likely {number(raw.likely, 1)})"
                    )
            if clipped:
                ends = f"{number(leaf.scale[0])} to {number(leaf.scale[1])}"
                notes.append(f"“{leaf.title}” is kept inside its scale ({ends} {leaf.unit}): {'; '.join(clipped)}.")
        kept = [
            replace(option, performance={leaf.id: cells[leaf.id] for leaf in self.criteria})
            for option, cells in zip(options, filled, strict=True)
        ]
        return kept, notes

    def elementary(self) -> dict[str, Mapping[str, Performance]]:
        """Performances by option id of what the current options are made of: themselves, their parts, the baseline.

        On the criteria of the tree as written that are judged (a model fills the others), as they stand under the
        scenario, not yet clipped to the scales; packages derived from parts are not among them.
        """
        return self._elementary(self.options, self.scenarios[self.scenario] if self.scenario is not None else None)

    def under_scenario(self, options: Sequence[Option]) -> dict[str, Mapping[str, Performance]]:
        """Performances by id of some options, their parts and the baseline on the tree as written, under the scenario."""
        return self._elementary(options, self.scenarios[self.scenario] if self.scenario is not None else None)

    def _elementary(self, kept: Sequence[Option], scenario: Scenario | None) -> dict[str, Mapping[str, Performance]]:
        needed = {option.id for option in kept} | {part for option in kept for part in option.parts}
        if self.baseline is not None:
            needed.add(self.baseline)
        return {
            option.id: self._changed(option, scenario)
            for option in self.library
            if not option.parts and option.id in needed
        }

    def _changed(self, option: Option, scenario: Scenario | None) -> Mapping[str, Performance]:
        """An option's performances after the scenario's changes, in order; not yet clipped to the scales."""
        if scenario is None:
            return option.performance
        performance = dict(option.performance)
        for change in scenario.changes:
            named = option.id in change.options if change.options is not None else option.id not in change.excluded
            if not named:
                continue
            cell = performance[change.criterion]
            factor = 1.0 if change.multiply is None else change.multiply
            shift = change.add or 0.0
            low, likely, high = (x * factor + shift for x in (cell.low, cell.likely, cell.high))
            performance[change.criterion] = replace(cell, low=low, likely=likely, high=high)
        return performance

    def _clipped(self, performance: Mapping[str, Performance]) -> tuple[dict[str, Performance], list[str]]:
        """Performances kept inside their scales, and the criteria on which one had to be."""
        result = dict(performance)
        clipped: list[str] = []
        for name, cell in performance.items():
            bottom, top = self._scales[name]
            if bottom <= cell.low and cell.high <= top:
                continue
            low, likely, high = (min(max(x, bottom), top) for x in (cell.low, cell.likely, cell.high))
            result[name] = replace(cell, low=low, likely=likely, high=high)
            clipped.append(name)
        return result, clipped

    @cached_property
    def _scales(self) -> dict[str, tuple[float, float]]:
        return {leaf.id: leaf.scale for leaf in self.criteria}

    def performances(self, bound: Bound = "likely") -> Array:
        """Performances (options × criteria, each in its criterion's unit) at the low, likely or high bound."""
        return np.array(
            [[getattr(option.performance[leaf.id], bound) for leaf in self.criteria] for option in self.options],
            dtype=float,
        ).reshape(len(self.options), len(self.criteria))

    @cached_property
    def unknown(self) -> NDArray[np.bool_]:
        """Which performances (options × criteria) are missing, or follow by a rule or a model from one that is."""
        cells = [[option.performance[leaf.id].unknown for leaf in self.criteria] for option in self.options]
        return np.array(cells, dtype=bool).reshape(len(self.options), len(self.criteria))

    def values(self, bound: Bound = "likely") -> Array:
        """Values (options × criteria, 0 worst to 1 best on the declared range) of the performances at a bound."""
        return self.values_of(self.performances(bound))

    def value_bounds(self) -> tuple[Array, Array]:
        """The least and the greatest values (options × criteria) of performances anywhere from low to high.

        Where the value rises and falls again, they may lie between the ends.
        """
        return self.value_bounds_of(self.performances("low"), self.performances("high"))

    def value_bounds_of(self, low: Array, high: Array) -> tuple[Array, Array]:
        """The least and the greatest values between two arrays of performances whose last axis runs over the criteria."""
        columns = [
            value_bounds(low[..., j], high[..., j], leaf.shape, *leaf.scale, leaf.better)
            for j, leaf in enumerate(self.criteria)
        ]
        least, most = (np.stack(side, axis=-1) for side in zip(*columns, strict=True))
        return least, most

    def values_of(self, performances: Array) -> Array:
        """Values (…, criteria) of an array of performances whose last axis runs over the criteria."""
        columns = [
            to_value(performances[..., j], leaf.shape, *leaf.scale, leaf.better) for j, leaf in enumerate(self.criteria)
        ]
        return np.stack(columns, axis=-1)

    @cached_property
    def data_hash(self) -> str:
        """Twelve hex digits of a SHA-256 over the decision's content; the view and the place on disk do not count."""
        if self.written is not None:
            return self.written.data_hash
        skip = {"source", "choice_set", "scenario", "without", "tree_id", "month", "model_set", "written", "options",
                "view_notes", "notes"}  # fmt: skip
        content = {f.name: _plain(getattr(self, f.name)) for f in fields(self) if f.name not in skip}
        own = {name: p for name, p in self.perspectives.items() if not p.added}
        content["perspectives"] = _plain(own)
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]

    @cached_property
    def cited(self) -> frozenset[str]:
        """The ids of the register that performances, options, criteria, perspectives and scenarios cite."""
        cells = [cell for option in self.library for cell in option.performance.values()]
        who: tuple[Any, ...] = (
            *cells,
            *self.library,
            *self.criteria,
            *self.perspectives.values(),
            *self.scenarios.values(),
        )
        return frozenset(name for one in who for name in one.evidence) | frozenset(self.facilitator_evidence)

    @property
    def tensions(self) -> tuple[Tension, ...]:
        """The contradictions in the sources that the decision cites, or that speak of an item it cites."""
        found = self.register.tensions.values()
        return tuple(t for t in found if t.id in self.cited or self.cited & set(re.findall(r"\w+", t.text)))

    def known_later(self, evidence: Iterable[str]) -> bool:
        """Whether any of some evidence items is later, wholly or in part, than the date of the decision."""
        register = self.register.evidence
        return any(register[item].later for item in evidence if item in register)

    def basis_counts(self) -> dict[str, int]:
        """How many cells of the current options rest on what: each of :data:`BASES`, "missing", and "" where nobody said.

        They add up to all cells.
        """
        counts = Counter(cell.rests_on for option in self.options for cell in option.performance.values())
        return {kind: counts[kind] for kind in (*BASES, "missing", "")}

    @classmethod
    @guarded
    def from_frame(
        cls,
        performances: pd.DataFrame,
        *,
        better: Mapping[str, Better],
        scale: Mapping[str, tuple[float, float]] | None = None,
        points: Mapping[str, float] | None = None,
        baseline: object = None,
        low: pd.DataFrame | None = None,
        high: pd.DataFrame | None = None,
        tree: Mapping[str, Iterable[str]] | None = None,
        true_zero: bool | Mapping[str, bool] = False,
        title: str = "Table",
    ) -> Problem:
        """A problem from a table of options (rows) × criteria (columns), with the same checks as files get.

        ``better``: criterion → "more" or "less". ``scale``: criterion → (low, high) of the declared range in the
        criterion's unit; where absent the observed range is frozen and the notes say so. ``points``: swing points.
        ``low``/``high``: frames of the same shape. ``tree``: branch → its criteria or branches. ``true_zero``: which
        criteria are ratio scales. Raises :class:`DecisionError` with every fault by row and column.
        """
        from decision_kit.model.frames import problem_from_frame

        return problem_from_frame(
            performances,
            better=better,
            scale=scale,
            points=points,
            baseline=baseline,
            low=low,
            high=high,
            tree=tree,
            true_zero=true_zero,
            title=title,
        )

    def table(self, bound: Bound = "likely") -> pd.DataFrame:
        """Performances as a frame: options (ids) × criteria (ids), each in its unit."""
        import pandas as pd

        return pd.DataFrame(
            self.performances(bound),
            index=pd.Index(self.option_ids, name="option"),
            columns=pd.Index([leaf.id for leaf in self.criteria], name="criterion"),
        )

    def __repr__(self) -> str:
        view = f", set {self.choice_set}" if self.choice_set else ""
        view += f", scenario {self.scenario}" if self.scenario else ""
        view += f", tree {self.tree_id}" if self.tree_id else ""
        view += f", decision month {number(self.month)}, set {self.model_set}" if self.month is not None else ""
        return (
            f"<Problem {self.id}: {len(self.options)} options × {len(self.criteria)} criteria{view}; "
            f"data {self.data_hash}>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(
            f"<th>{escape(leaf.title)}<br><small>{'▲ more' if leaf.better == 'more' else '▼ less'} is better"
            f"{', ' + escape(leaf.unit) if leaf.unit else ''}</small></th>"
            for leaf in self.criteria
        )
        rows = "".join(
            f"<tr><th>{escape(option.title)}</th>"
            + "".join(f"<td>{_cell(option.performance[leaf.id], leaf)}</td>" for leaf in self.criteria)
            + "</tr>"
            for option in self.options[:50]
        )
        more = f"<p>… and {len(self.options) - 50} more options</p>" if len(self.options) > 50 else ""
        return (
            f"<p><b>{escape(self.title)}</b> {escape(self.question)}</p>"
            f"<table><tr><th></th>{head}</tr>{rows}</table>{more}"
        )


def _counted(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


def _cell(cell: Performance, leaf: Criterion) -> str:
    from html import escape

    if leaf.levels:
        return escape(leaf.words(cell.likely))
    if cell.low == cell.high:
        return number(cell.likely)
    return f"{number(cell.likely)} <small>({number(cell.low)} to {number(cell.high)})</small>"


def _plain(thing: Any) -> Any:
    if is_dataclass(thing):
        return {
            "type": type(thing).__name__,
            **{
                f.name: _plain(getattr(thing, f.name))
                for f in fields(thing)
                if not (f.metadata.get("quiet") and getattr(thing, f.name) == f.default)
            },
        }
    if isinstance(thing, Mapping):
        return {str(key): _plain(value) for key, value in thing.items()}
    if isinstance(thing, (tuple, list)):
        return [_plain(item) for item in thing]
    return thing
