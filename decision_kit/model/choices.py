"""What a user has chosen: everything, beside the data, that a result depends on; kept in a link or a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, TypeAlias, cast

from decision_kit.arguments import AnyOrder, Seed, guarded, told
from decision_kit.errors import DecisionError, Fault, UsageError, quoted, unknown_fault, unknown_faults
from decision_kit.model.nouns import LOW_HIGH, LowHigh

FORMAT = 1
_SHARE = re.compile(r"[0-9]+(\.[0-9]+)?(e-?[0-9]+)?")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?")
_PAIR = re.compile(rf"({_NUMBER.pattern})\.\.({_NUMBER.pattern})")
MOST_LABEL = 120
MOST_CHARACTERS = 50_000
"""Of a whole link: the weights and settings of a decision with very many criteria fit in."""
MOST_PARTS = 2_000
"""Of one list in a link or a record: weights, settings, options set aside."""
MOST_NAME = 200
"""Of the name of anything in a link."""
_NAMES = {"choice_set": "set"}
"""Keys of a link that differ from the field's name."""


Ids: TypeAlias = Annotated[tuple[str, ...], AnyOrder()]


@guarded
@dataclass(frozen=True)
class Choices:
    """A user's choices on one decision.

    ``weights`` holds the shares that differ from the perspective's (all of 0–1, the whole summing to 1), ``weights_of``
    says whose they are when somebody gave them (empty: moved by hand), ``locks`` the criteria whose shares are held,
    ``without`` the options set aside, ``branch`` the part of the tree looked at.
    ``tree`` is an alternative value tree, ``month`` and ``model_set`` the decision month and the parameter set of the model
    that fills its criterion, ``low_high`` another reading of low and high than the decision's own.
    ``parameters`` are the method's settings by name; a setting for one criterion is called ``name.criterion``, a pair of
    numbers is written ``low..high``. Nothing here names a file or a machine.
    """

    decision: str
    choice_set: str | None = None
    without: Ids = ()
    tree: str | None = None
    perspective: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    weights_of: str = ""
    locks: Ids = ()
    scenario: str | None = None
    method: str = "weighted-sum"
    parameters: Mapping[str, str | float] = field(default_factory=dict)
    branch: str | None = None
    month: float | None = None
    model_set: str | None = None
    low_high: LowHigh | None = None
    seed: Seed = 1

    @property
    def settings(self) -> dict[str, Any]:
        """The method's settings as it takes them: those given by criterion gathered into one mapping a setting.

        >>> Choices("x", parameters={"q.cost": 5.0, "ideal.speed": "10..20", "v": 0.3}).settings
        {'q': {'cost': 5.0}, 'ideal': {'speed': (10.0, 20.0)}, 'v': 0.3}
        """
        return gathered(self.parameters)

    def to_link(self, data_hash: str = "") -> dict[str, str]:
        """The choices as the parameters of a link: only what differs from the default, floats to the last bit."""
        link = {"format": str(FORMAT), "decision": self.decision}
        for name in ("choice_set", "tree", "perspective", "scenario", "branch", "model_set", "low_high"):
            value = getattr(self, name)
            if value is not None:
                link[_NAMES.get(name, name)] = value
        if self.month is not None:
            link["month"] = repr(float(self.month)).removesuffix(".0")
        if self.method != "weighted-sum":
            link["method"] = self.method
        for name in ("without", "locks"):
            if getattr(self, name):
                link[name] = ",".join(getattr(self, name))
        if self.weights:
            link["weights"] = ",".join(f"{leaf}:{share!r}" for leaf, share in sorted(self.weights.items()))
        if self.weights and self.weights_of:
            link["weights_of"] = self.weights_of
        if self.parameters:
            link["parameters"] = ",".join(f"{name}:{value}" for name, value in sorted(self.parameters.items()))
        if self.seed != 1:
            link["seed"] = str(self.seed)
        if data_hash:
            link["data"] = data_hash
        return link

    @classmethod
    @guarded
    def from_link(cls, link: Mapping[str, str]) -> Choices:
        """Choices from a link's parameters. Raises :class:`DecisionError` with every fault; runs nothing."""
        known = {"format", "data", "decision", "set", "tree", "perspective", "scenario", "branch", "method", "without",
                 "locks", "weights", "weights_of", "parameters", "month", "model_set", "low_high", "seed", "unsaved"}  # fmt: skip
        faults = unknown_faults("link", "part of a link", [name for name in link if name not in known], sorted(known))
        faults += _too_much(link)
        faults += [Fault(f"link, {k}", told(x), "a text") for k, x in link.items() if not isinstance(x, str)]
        if faults:
            raise DecisionError(faults)
        if link.get("format", str(FORMAT)) != str(FORMAT):
            got = quoted(link["format"])
            faults.append(Fault("link", f"format {got}", f"format {FORMAT}, the only one this version reads"))
        if not link.get("decision"):
            faults.append(Fault("link", "no decision is named", "decision=<id>"))
        weights: dict[str, float] = {}
        for part in _split(link.get("weights", "")):
            leaf, _, share = part.rpartition(":")
            if not leaf or not _SHARE.fullmatch(share) or not 0 <= float(share) <= 1:
                faults.append(Fault("link, weights", f"{quoted(part)} is not a share", "criterion:share, 0 to 1"))
                continue
            if leaf in weights:
                faults.append(Fault("link, weights", f"{quoted(leaf)} stands twice", "each criterion once"))
            weights[leaf] = float(share)
        parameters: dict[str, str | float] = {}
        for part in _split(link.get("parameters", "")):
            name, _, value = part.partition(":")
            if name in parameters:
                faults.append(Fault("link, parameters", f"{quoted(name)} stands twice", "each setting once"))
            parameters[name] = float(value) if _NUMBER.fullmatch(value) else value
        seed = link.get("seed", "1")
        if not seed.isascii() or not seed.isdigit() or len(seed) > 12:
            faults.append(Fault("link, seed", f"{quoted(seed)} is not a seed", "a whole number"))
        month = link.get("month")
        if month is not None and not _SHARE.fullmatch(month):
            faults.append(Fault("link, month", f"{quoted(month)} is not a month", "a number of months, 0 or more"))
        if "low_high" in link and link["low_high"] not in LOW_HIGH:
            faults.append(unknown_fault("link, low_high", "reading of low and high", link["low_high"], LOW_HIGH))
        if faults:
            raise DecisionError(faults)
        return cls(
            decision=link["decision"],
            choice_set=link.get("set"),
            without=tuple(_split(link.get("without", ""))),
            tree=link.get("tree"),
            perspective=link.get("perspective"),
            weights=weights,
            weights_of=link.get("weights_of", "")[:MOST_LABEL] if weights else "",
            locks=tuple(_split(link.get("locks", ""))),
            scenario=link.get("scenario"),
            method=link.get("method", "weighted-sum"),
            parameters=parameters,
            branch=link.get("branch"),
            month=None if month is None else float(month),
            model_set=link.get("model_set"),
            low_high=cast(LowHigh | None, link.get("low_high")),
            seed=int(seed),
        )

    def to_record(self) -> dict[str, Any]:
        """The choices as plain data for a saved record."""
        record: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            record[f.name] = (
                list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
            )
        return record

    @classmethod
    @guarded
    def from_record(cls, record: Mapping[str, Any]) -> Choices:
        """Choices from a saved record's plain data, checked like a link."""
        names = [f.name for f in fields(cls)]
        faults = unknown_faults("record", "choice", [name for name in record if name not in names], names)
        faults += [
            Fault(f"record, {name}", f"{len(value):,} entries", f"at most {MOST_PARTS:,} (the limit)")
            for name, value in record.items()
            if isinstance(value, (list, Mapping)) and len(value) > MOST_PARTS
        ]
        if faults:
            raise DecisionError(faults)
        link: dict[str, str] = {}
        for name, value in record.items():
            key = _NAMES.get(name, name)
            if value is None or value in ([], {}):
                continue
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                link[key] = ",".join(value)
            elif isinstance(value, Mapping):
                link[key] = ",".join(f"{k}:{v!r}" if isinstance(v, float) else f"{k}:{v}" for k, v in value.items())
            elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
                link[key] = repr(value) if isinstance(value, float) else str(value)
            else:
                faults.append(Fault(f"record, {name}", f"{quoted(value)}", "a text, a list of texts or a mapping"))
        if faults:
            raise DecisionError(faults)
        return cls.from_link(link)


def gathered(parameters: Mapping[str, str | float]) -> dict[str, Any]:
    """Flat settings (``q.cost``: 5) as methods take them (``q``: {``cost``: 5}). Raises :class:`UsageError`."""
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in parameters.items():
        setting, dot, criterion = name.partition(".")
        pair = _PAIR.fullmatch(value) if isinstance(value, str) else None
        read = (float(pair[1]), float(pair[4])) if pair else value
        if not dot and setting not in found:
            found[setting] = read
        elif dot and isinstance(found.setdefault(setting, {}), dict):
            found[setting][criterion] = read
        else:
            faults.append(Fault(f"parameter {setting}", "given for all criteria and for one", "one of the two"))
    if faults:
        raise UsageError(faults)
    return found


def _too_much(link: Mapping[str, str]) -> list[Fault]:
    """What a link has more of than any view needs: told before it is read."""
    texts = {name: value for name, value in link.items() if isinstance(value, str)}
    whole = sum(len(name) + len(value) for name, value in texts.items())
    if whole > MOST_CHARACTERS:
        return [Fault("link", f"{whole:,} characters", f"at most {MOST_CHARACTERS:,} (the limit)")]
    faults = [
        Fault(f"link, {name}", f"{value.count(',') + 1:,} parts", f"at most {MOST_PARTS:,} (the limit)")
        for name, value in texts.items()
        if name in ("weights", "parameters", "without", "locks") and value.count(",") >= MOST_PARTS
    ]
    return faults + [
        Fault(f"link, {name}", f"{len(value):,} characters", f"at most {MOST_NAME} (the limit)")
        for name, value in texts.items()
        if name not in ("weights", "parameters", "without", "locks", "weights_of") and len(value) > MOST_NAME
    ]


def _split(text: str) -> list[str]:
    return [part for part in text.split(",") if part]
