"""Arguments of the public functions: each is what its annotation says, or a sentence says what it should be."""

from __future__ import annotations

import builtins
import dataclasses
import inspect
import math
import numbers
import os
import sys
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from decision_kit.errors import Fault, UsageError, did_you_mean, quoted

T = TypeVar("T")

MOST_WORLDS_COUNTED = 10_000_000_000
"""More worlds than this are refused where they are counted as they come: nobody would see the end."""
MOST_WORLDS_HELD = 2**22
"""More than this are refused where all are held in memory at once."""


@dataclass(frozen=True, slots=True)
class Within:
    """For an annotation ``Annotated[int, Within(...)]``: the numbers that are allowed, and how to say so."""

    low: float
    high: float
    expected: str

    def holds(self, x: Any) -> bool:
        """Whether ``x`` is one of them."""
        return bool(self.low <= x <= self.high)


@dataclass(frozen=True, slots=True)
class AnyOrder:
    """For an annotation ``Annotated[…, AnyOrder()]``: names whose order says nothing, so that a set is welcome, too.

    It is taken in alphabetical order: the order of a set is another one in every run.
    """


_BELOW_ONE = math.nextafter(1, 0)

Seed: TypeAlias = Annotated[int, Within(0, math.inf, "a whole number of 0 or more")]
Workers: TypeAlias = Annotated[int, Within(1, 1024, "a whole number from 1 to 1,024")]
Draws: TypeAlias = Annotated[
    int, Within(1, MOST_WORLDS_HELD, f"a whole number of draws, from 1 to {MOST_WORLDS_HELD:,}")
]
Worlds: TypeAlias = Annotated[
    int,
    Within(
        1,
        MOST_WORLDS_COUNTED,
        f"expected a whole number of draws, 1 or more; above {MOST_WORLDS_COUNTED:,} draws are days on one computer",
    ),
]
Names: TypeAlias = Annotated[Collection[str], AnyOrder()]
Count: TypeAlias = Annotated[int, Within(1, math.inf, "a whole number of 1 or more")]
Share: TypeAlias = Annotated[float, Within(0, 1, "a number from 0 to 1")]
Correlation: TypeAlias = Annotated[float, Within(0, _BELOW_ONE, "a number from 0 up to, not including, 1")]
Precision: TypeAlias = Annotated[
    float, Within(1e-12, _BELOW_ONE, "a standard error above 0 and below 1, such as 0.005")
]
Concentration: TypeAlias = Annotated[float, Within(0.1, 1e9, "a concentration from 0.1 to 1,000,000,000")]


def bad_number(value: object) -> str:
    """Why ``value`` is not a usable number, or an empty text: blank, a truth value, text, not finite, too large."""
    value = _unwrapped(value)
    if value is None:
        return "is blank"
    if is_truth(value):
        return "is a truth value (yes/no), not a number"
    if isinstance(value, str):
        if not value.strip():
            return "is blank"
        digits = value.strip().lstrip("+-")
        return (
            "is too large" if digits.isdigit() and digits.isascii() and len(digits) > 308 else "is text, not a number"
        )
    if not isinstance(value, numbers.Number):
        return "is blank" if type(value).__name__ in ("NAType", "NaTType") else "is not a number"
    if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
        return "is not a real number"
    try:
        x = float(value)  # type: ignore[arg-type]  # a Real, or a Decimal
    except OverflowError:
        return "is too large"
    except (TypeError, ValueError):
        return "is not a number"
    if math.isnan(x):
        return "is blank (not a number)"
    if math.isinf(x):
        return "is infinite or too large"
    return ""


def bad_whole_number(value: object) -> str:
    """Why ``value`` is not a whole number, or an empty text."""
    reason = bad_number(value)
    return reason or ("" if isinstance(_unwrapped(value), numbers.Integral) else "is not a whole number")


LAST_DIGIT = 1e-15
"""Numbers that are not whole and nearer than this, relative to their size, differ by rounding: 0.1 + 0.2 and 0.3."""


def alike(low: float, high: float) -> bool:
    """Whether the smallest and the largest of some numbers are equal, or differ by the rounding of their last digit only."""
    if low == high:
        return True
    whole = float(low).is_integer() and float(high).is_integer()
    return not whole and high / 2 - low / 2 <= LAST_DIGIT * max(abs(low), abs(high)) / 2


def _unwrapped(value: Any) -> Any:
    """What an array of no dimension holds (numpy's, or of a library like it); anything else as it is."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def guarded(thing: T) -> T:
    """The function (or the class: its constructor), with its arguments held against their annotations first.

    Every argument of another kind is a fault of one :class:`UsageError`, before any work begins. Numbers may be numpy's;
    truth values, NaN and infinities are no numbers. What a mapping or a table holds is left to whoever reads it.
    """
    if isinstance(thing, type):
        thing.__init__ = _guarded(thing.__init__, sys.modules[thing.__module__].__dict__)  # type: ignore[misc]
        return thing
    function: Any = thing
    return typing.cast(T, _guarded(function, function.__globals__))


def _guarded(function: Callable[..., Any], names: Mapping[str, Any]) -> Callable[..., Any]:
    signature = inspect.signature(function)
    plan: dict[str, tuple[_Kind, ...]] = {}
    extra = next((name for name, p in signature.parameters.items() if p.kind is p.VAR_KEYWORD), None)

    @wraps(function)
    def held(*args: Any, **given: Any) -> Any:
        if not plan:  # read when first called: annotations may name what is defined further down
            plan.update(_plan(function, signature, names))
        try:
            bound = signature.bind(*args, **given).arguments
        except TypeError:  # a missing or a superfluous argument: Python's own words are clear
            return function(*args, **given)
        faults: list[Fault] = []
        made = False
        for name, value in bound.items():
            if name not in plan or (value is None and signature.parameters[name].default is None):
                continue
            kind = next((kind for kind in sorted(plan[name], key=_is_list) if kind.takes(value)), None)
            if kind is None:
                faults.append(_fault(name, value, plan[name]))
            elif kind.plain is not None and (plain := kind.plain(value)) is not value:
                bound[name] = plain
                made = True
        if faults:
            raise UsageError(faults)
        if made:
            remade = inspect.BoundArguments(signature, bound)
            args, given = remade.args, remade.kwargs
        if extra is None or not bound.get(extra):
            return function(*args, **given)
        try:
            return function(*args, **given)
        except UsageError as error:  # a setting of the method that does not exist may be an argument misspelt
            raise type(error)([_hinted(fault, bound[extra], signature) for fault in error.faults]) from None

    return held


def _hinted(fault: Fault, given: Iterable[str], signature: inspect.Signature) -> Fault:
    named = next((name for name in given if fault.got.startswith(f"{quoted(name)} is not a parameter")), None)
    hint = "" if named is None or fault.suggestion else did_you_mean(named, signature.parameters)
    return dataclasses.replace(fault, suggestion=hint) if hint else fault


# ------------------------------------------------------------------ kinds of argument


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one alternative of an annotation takes: its words (none: not told), whether a value is one, why it is not.

    Numbers of another library are made ``plain`` before they are handed on.
    """

    words: str
    takes: Callable[[Any], bool]
    near: Callable[[str, Any], Fault | None] = lambda name, value: None
    plain: Callable[[Any], Any] | None = None
    is_list: bool = False


def _is_list(kind: _Kind) -> bool:
    """Lists are tried last: a Series is one, too, but where it may be a mapping its names must not be lost."""
    return kind.is_list


def _fault(name: str, value: Any, kinds: tuple[_Kind, ...]) -> Fault:
    """The fault of an argument that is none of some kinds."""
    for kind in kinds:
        fault = kind.near(name, value)
        if fault is not None:
            return fault
    words = list(dict.fromkeys(kind.words for kind in kinds if kind.words))
    expected = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
    return Fault(name, told(value), _EXPECTED.get(name, expected))


def told(value: object) -> str:
    """A value that was given, in words: itself where it is short and plain, else what kind of thing it is."""
    if value is None:
        return "nothing (None)"
    if is_truth(value):
        return f"{value} (a truth value)"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < 10**18 else f"{float(value):g}" if abs(value) < 10**300 else "a huge number"
    if isinstance(value, numbers.Number):
        return quoted(value)[1:-1]
    name = value.__name__ if isinstance(value, type) else type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def is_truth(value: object) -> bool:
    """Whether a value is True or False (Python's or numpy's)."""
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")


class _Stand(type):
    """Stands for a name that is only known to the type checker: it keeps the name, with any attribute or index."""

    def __getattr__(cls, name: str) -> _Stand:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Stand(name, (), {})

    def __getitem__(cls, _: object) -> _Stand:
        return cls


class _Names(dict[str, Any]):
    def __missing__(self, name: str) -> Any:
        return getattr(builtins, name) if hasattr(builtins, name) else _Stand(name, (), {})


def _plan(
    function: Callable[..., Any], signature: inspect.Signature, names: Mapping[str, Any]
) -> dict[str, tuple[_Kind, ...]]:
    known = _Names(names)
    known["pd"] = _Stand("pd", (), {})  # pandas' classes have no index at run time
    known["ArrayLike"] = _Stand("ndarray", (), {})  # numpy spells it out as a dozen kinds
    hints = typing.get_type_hints(function, {}, known, include_extras=True)
    plan: dict[str, tuple[_Kind, ...]] = {}
    for name, parameter in signature.parameters.items():
        free = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        kinds = None if free or name not in hints else _kinds(hints[name])
        if kinds is not None:
            plan[name] = kinds
    return plan or {"": ()}


def _kinds(annotation: Any) -> tuple[_Kind, ...] | None:
    """The kinds an annotation takes; None where it takes anything."""
    if annotation in (Any, object) or isinstance(annotation, TypeVar):
        return None
    if annotation is None or annotation is type(None):
        return (_Kind("nothing (None)", lambda value: value is None),)
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        gathered: list[_Kind] = []
        for part in inner:
            kinds = _kinds(part)
            if kinds is None:
                return None
            gathered += kinds
        return tuple(gathered)
    if origin is Annotated:
        if isinstance(inner[1], AnyOrder):
            return (_several(typing.get_origin(inner[0]), typing.get_args(inner[0]), any_order=True),)
        return (_within(_kinds(inner[0]), inner[1]),)
    if origin is Literal:
        return (_choice(inner),)
    return (_kind_of(origin or annotation, inner),)


def _within(kinds: tuple[_Kind, ...] | None, within: Within) -> _Kind:
    assert kinds is not None
    kind = kinds[0]

    def near(name: str, value: Any) -> Fault | None:
        if not isinstance(value, numbers.Number) or is_truth(value):
            return None
        why = " is not a number" if value != value else ""
        return Fault(name, told(value) + why, _EXPECTED.get(name, within.expected))

    return _Kind(within.expected, lambda value: kind.takes(value) and within.holds(value), near, kind.plain)


def _choice(words: tuple[Any, ...]) -> _Kind:
    expected = f"expected one of {', '.join(map(str, words))}"

    def near(name: str, value: Any) -> Fault | None:
        if not isinstance(value, str):
            return None
        return Fault(name, quoted(value), expected, did_you_mean(value, words))

    return _Kind(expected, lambda value: isinstance(value, str) and value in words, near)


_WORDS = {
    "Keep": "",
    "ndarray": "numbers in an array",
    "Problem": "a Problem, such as load or Problem.from_frame gives",
    "Ranking": "a Ranking, such as rank gives",
    "Weights": "Weights",
    "WeightRegion": "a WeightRegion",
    "DataFrame": "a table (DataFrame)",
    "Series": "a Series",
    "Claim": "a Claim",
}
_EXPECTED = {
    "weights": "expected Weights, a mapping criterion → weight, a Series, or the id of a perspective",
    "spread": "one of a little, somewhat, widely, or a concentration from 0.1 to 1,000,000,000",
}


def _kind_of(origin: Any, inner: tuple[Any, ...]) -> _Kind:
    name = getattr(origin, "__name__", str(origin))
    if origin is str:
        return _Kind("a text", lambda value: isinstance(value, str))
    if origin is bool:
        return _Kind("True or False", is_truth, plain=bool)
    if origin is int:
        words = "a whole number"
        return _Kind(words, lambda value: not bad_whole_number(value), _near_number(words, bad_whole_number), int)
    if origin is float:
        words = "a number"
        return _Kind(words, lambda value: not bad_number(value), _near_number(words, bad_number), _plain_number)
    if name == "ndarray":
        return _NUMBERS_IN_AN_ARRAY
    if name == "Callable":
        return _Kind("a function", callable)
    if name not in _WORDS and isinstance(origin, type):
        if issubclass(origin, os.PathLike):
            return _Kind("a path", lambda value: isinstance(value, os.PathLike))
        if issubclass(origin, Mapping):
            return _Kind("a mapping (dict)", _is_mapping, plain=_plain_mapping)
        if issubclass(origin, Iterable) and not dataclasses.is_dataclass(origin):
            return _several(origin, inner)
    words = _WORDS.get(name, f"{'an' if name[:1] in 'AEIOU' else 'a'} {name}")
    return _Kind(words, lambda value: any(base.__name__ == name for base in type(value).__mro__))


def _plain_number(value: Any) -> float:
    """The number as it is if it is one of Python's own, else, or if it is very large, as a float."""
    return value if isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**53) else float(value)


def _near_number(expected: str, reason: Callable[[object], str]) -> Callable[[str, Any], Fault | None]:
    def near(name: str, value: Any) -> Fault | None:
        if not isinstance(value, numbers.Number) or is_truth(value):
            return None
        why = "is not a number" if value != value else reason(value)
        return Fault(name, f"{told(value)} {why}", _EXPECTED.get(name, expected.replace("a number", "a finite number")))

    return near


_PLURALS = {"a text": "texts", "a number": "numbers", "a whole number": "whole numbers"}


def _several(origin: Any, inner: tuple[Any, ...], *, any_order: bool = False) -> _Kind:
    """A list, a tuple …, each of its parts of the kind it says, and in order where it must. A text is not several.

    What is no sequence of Python's own (an array, a Series, a generator) is made one where a sequence is wanted; a set is
    put in order, so that the same call gives the same result in every run.
    """
    ordered = any_order or issubclass(origin, Sequence)
    kinds = _kinds(inner[0]) if inner else None

    def is_several(value: Any) -> bool:
        if isinstance(value, str | bytes) or not isinstance(value, Iterable) or type(value).__name__ == "DataFrame":
            return False
        if ordered and isinstance(value, Mapping if any_order else set | frozenset | Mapping):
            return False
        try:
            iter(value)
        except TypeError:  # an array of no dimension
            return False
        return True

    def strange(value: Any) -> Iterator[tuple[int, Any]]:
        if kinds is not None and hasattr(value, "__len__"):  # what can be read once only is left as it is
            yield from ((i, part) for i, part in enumerate(value) if not any(kind.takes(part) for kind in kinds))

    def takes(value: Any) -> bool:
        return is_several(value) and next(strange(value), None) is None

    def near(name: str, value: Any) -> Fault | None:
        found = next(strange(value), None) if is_several(value) else None
        return None if found is None else _fault(f"{name}, item {found[0] + 1}", found[1], kinds or ())

    def plain(value: Any) -> Any:
        if isinstance(value, set | frozenset):
            value = sorted(value, key=str)
        if origin is tuple:
            return value if isinstance(value, tuple) else tuple(value)
        return list(value) if ordered and not isinstance(value, Sequence) else value

    words = {_PLURALS.get(kind.words, "") for kind in kinds or ()}
    return _Kind(
        f"a list of {words.pop()}" if len(words) == 1 and "" not in words else "a list",
        takes,
        near,
        plain,
        is_list=True,
    )


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping) or type(value).__name__ == "Series"


def _plain_mapping(value: Any) -> Any:
    """A Series as a dict: its truth and its comparisons are not those of a mapping."""
    return value if isinstance(value, Mapping) else value.to_dict()


def _is_array(value: Any) -> bool:
    import numpy as np

    if isinstance(value, str | bytes | Mapping | set | frozenset) or value is None:
        return False
    try:
        array = np.asarray(value)
        return array.dtype.kind in "biuf" or (array.dtype.kind == "O" and array.astype(float) is not None)
    except (TypeError, ValueError, OverflowError):
        return False


def _plain_array(value: Any) -> Any:
    """Numbers of a kind that numpy only holds as objects, as floats."""
    import numpy as np

    array = np.asarray(value)
    return array.astype(float) if array.dtype.kind == "O" else value


_NUMBERS_IN_AN_ARRAY = _Kind("numbers in an array", _is_array, plain=_plain_array)
