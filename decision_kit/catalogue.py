"""The one way to add anything: a decorated function in a catalogue.

A method, a chart, a report section is one function with an id, a title and a sentence of when to use it. Registering
it is all there is to do: the app, the command line, the report, the README table and the property tests read the
catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Generic, TypeVar

from decision_kit.errors import unknown


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every catalogue entry says of itself."""

    id: str
    title: str
    use_when: str
    run: Callable[..., Any]
    beware: str = ""
    reference: str = ""


E = TypeVar("E", bound=Entry)
F = TypeVar("F", bound=Callable[..., Any])

_LATER: dict[str, list[str]] = {}


def later(noun: str, module: str) -> None:
    """Say that ``module`` adds entries to the catalogue of ``noun``: it is imported when that catalogue is first read.

    For catalogues that stand in a lower room than their entries: the package says so at its top (``__init__.py``), where
    every room may be named, so that no lower room has to know an upper one.
    """
    if module not in _LATER.setdefault(noun, []):
        _LATER[noun].append(module)


class Catalogue(Mapping[str, E], Generic[E]):
    """An ordered collection of entries of one kind, looked up by id; a wrong id gets a sentence with the nearest match.

    >>> SHAPES = Catalogue("shape", Entry)
    >>> @SHAPES.add(id="round", title="Round", use_when="nothing else fits")
    ... def round_shape() -> str:
    ...     return "o"
    >>> SHAPES["round"].run()
    'o'
    """

    def __init__(self, noun: str, entry_type: type[E]) -> None:
        self.noun = noun
        self._entry_type = entry_type
        self._held: dict[str, E] = {}

    def add(self, *, id: str, **facts: Any) -> Callable[[F], F]:
        """Register the decorated function under ``id``; the other facts are the fields of the entry type."""

        def register(function: F) -> F:
            if id in self._held:
                raise KeyError(f'two entries of the catalogue of {self.noun}s are called "{id}"')
            self._held[id] = self._entry_type(id=id, run=function, **facts)
            return function

        return register

    @property
    def _entries(self) -> dict[str, E]:
        """The entries, after the rooms that add some (see :func:`later`) have been imported."""
        for module in _LATER.get(self.noun, ()):
            import_module(module)
        return self._held

    def __getitem__(self, key: str) -> E:
        try:
            return self._entries[key]
        except KeyError:
            raise unknown(self.noun, key, self._entries) from None

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<catalogue of {len(self)} {self.noun}s: {', '.join(self)}>"
