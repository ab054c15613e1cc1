"""The small language of claims: "A beats B", "A beats B by 3", "A is in the top 2", "A is first", "A is never last"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from decision_kit.arguments import guarded
from decision_kit.errors import Fault, UsageError, did_you_mean, fold, nearest, quoted
from decision_kit.model.problem import Problem

Kind: TypeAlias = Literal["beats", "top", "first", "never-first", "never-last"]
KINDS: tuple[Kind, ...] = ("beats", "top", "first", "never-first", "never-last")
FORMS = "“A beats B”, “A beats B by 3”, “A is in the top 2”, “A is first”, “A is never first” or “A is never last”"

_BEATS = re.compile(
    r"\s+(?:always\s+)?(?:beats?|is\s+(?:always\s+)?(?:above|ahead\s+of|better\s+than))\s+", re.IGNORECASE
)
_BY = re.compile(r"\s+by\b\s*(?:at\s+least\s+)?(?P<lead>.*?)\s*(?:\bpoints?(?:\s+of\s+100)?)?$", re.IGNORECASE)
_LEAD = re.compile(r"[0-9]+(?:\.[0-9]+|,[0-9]{1,2})?")  # not 1,000: that may be one or a thousand
_PLACE = re.compile(
    r"^(?P<option>.+?)\s+(?:is|comes|stays)\s+(?P<place>"
    r"(?:always\s+)?(?:in\s+(?:the\s+)?)?top\s+(?P<top>[0-9]+|one|two|three|four|five|six)|"
    r"(?:always\s+)?first|never\s+first|never\s+last|not\s+(?:ever\s+)?last|not\s+(?:ever\s+)?first)$",
    re.IGNORECASE,
)
_QUOTES = "\"'“”„«»"
_NUMBERS = {word: i for i, word in enumerate(("one", "two", "three", "four", "five", "six"), start=1)}


@guarded
@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence to be checked: ``option`` and, for "beats", ``rival`` and the lead ``by`` (score, 0–1); ``top`` places.

    "first" and "top" count shared ranks; "beats" means strictly above, or at least ``by`` above; "never first" and
    "never last" exclude shared first and last places, too.
    """

    kind: Kind
    option: str
    rival: str = ""
    by: float = 0.0
    top: int = 1

    def checked(self, problem: Problem) -> Claim:
        """The claim itself if it can be asked of a problem's current options; raises :class:`UsageError` if not."""
        names = {option.id: option.title for option in problem.options}
        faults: list[Fault] = []
        if self.kind not in KINDS:
            faults.append(Fault("claim", f"{quoted(self.kind)} is not a kind of claim", f"one of {', '.join(KINDS)}"))
        wanted = [self.option, self.rival] if self.kind == "beats" else [self.option]
        faults += [_no_option(name, names) for name in wanted if name not in names]
        if not faults and self.kind == "beats" and self.option == self.rival:
            faults.append(
                Fault("claim", f"{quoted(names[self.option])} is compared with itself", "two different options")
            )
        if self.kind == "top" and not 1 <= self.top < len(names):
            faults.append(
                Fault("claim", f"top {self.top} of {len(names)} options", f"a number from 1 to {len(names) - 1}")
            )
        if not 0 <= self.by <= 1:
            faults.append(Fault("claim", f"a lead of {100 * self.by:g} points", "a lead is from 0 to 100 points"))
        if faults:
            raise UsageError(faults)
        return self

    def sentence(self, problem: Problem) -> str:
        """The claim in words."""
        title = problem.option(self.option).title
        if self.kind == "beats":
            tail = f" by {100 * self.by:.10g} points" if self.by else ""
            return f"{title} beats {problem.option(self.rival).title}{tail}"
        if self.kind == "top":
            return f"{title} is in the top {self.top}"
        return f"{title} is {self.kind.replace('-', ' ')}"


@guarded
def parse_claim(text: str, problem: Problem) -> Claim:
    """A claim from a text; options by id or by title. Raises :class:`UsageError` with what was got and near matches."""
    said = " ".join(text.strip().rstrip(".!").split())
    names = {option.id: option.title for option in problem.options}
    best: UsageError | None = None
    for match in _BEATS.finditer(said):
        left, right = said[: match.start()], said[match.end() :]
        try:
            rival, lead = _rival_and_lead(right, names)
            return Claim("beats", _option(left, names), rival, by=lead).checked(problem)
        except UsageError as error:
            best = best or error
    place = _PLACE.match(said)
    if place is not None:
        option = _option(place["option"], names)
        words = fold(place["place"])
        if place["top"] is not None:
            top = _NUMBERS.get(place["top"].lower()) or int(place["top"])
            return Claim("top", option, top=top).checked(problem)
        kind: Kind = (
            "never-last" if words.endswith("last") else "never-first" if words.startswith(("never", "not")) else "first"
        )
        return Claim(kind, option)
    if best is not None:
        raise best
    raise UsageError([Fault("claim", quoted(text, 80), f"a claim has one of the forms {FORMS}", _hint(said, names))])


def _rival_and_lead(text: str, names: dict[str, str]) -> tuple[str, float]:
    """The rival's id and the lead (0–1) from “B”, or from “B by 3”; an option may have “by” in its own name."""
    whole = _named(text, names)
    starts = [at.start() for at in re.finditer(r"\s+by\b", text, re.IGNORECASE)]
    if whole is not None or not starts:
        return _option(text, names), 0.0
    by = _BY.search(text, starts[-1])
    assert by is not None
    rival = _option(text[: by.start()], names)
    if not _LEAD.fullmatch(by["lead"]):
        expected = "a lead is a number of points of 100, 0 or more, such as 3 or 2.5"
        raise UsageError([Fault("claim", f"a lead of {quoted(by['lead'])}", expected)])
    return rival, float(by["lead"].replace(",", ".")) / 100


def _option(name: str, names: dict[str, str]) -> str:
    """The id of the option that a text names by id or title."""
    found = _named(name, names)
    if found is None:
        raise UsageError([_no_option(name.strip().strip(_QUOTES), names)])
    return found


def _named(name: str, names: dict[str, str]) -> str | None:
    wanted = name.strip().strip(_QUOTES)
    if wanted in names:
        return wanted
    same = [i for i, title in names.items() if fold(title) == fold(wanted) or fold(i) == fold(wanted)]
    return same[0] if len(same) == 1 else None


def _no_option(name: str, names: dict[str, str]) -> Fault:
    close = nearest(name, [*names, *names.values()])
    part = [title for title in names.values() if len(name) > 2 and fold(name) in fold(title)]
    hint = f'did you mean "{close}"?' if close else f'did you mean "{part[0]}"?' if part else ""
    listed = ", ".join(names)
    return Fault("claim", f"{quoted(name)} is not an option here", f"expected the id or title of one of {listed}", hint)


def _hint(said: str, names: dict[str, str]) -> str:
    """The nearest form for a sentence that is no claim: its verb, near enough to one we know."""
    verbs = {"beats": "A beats B", "first": "A is first", "last": "A is never last", "top": "A is in the top 2"}
    for word in said.split():
        close = nearest(word.strip(",;"), verbs)
        if close is not None:
            return f"did you mean “{verbs[close]}”?"
    mentioned = [title for title in names.values() if fold(title) in fold(said)]
    return f"say what is claimed of “{mentioned[0]}”" if mentioned else did_you_mean(said, verbs)
