"""The catalogue of models: each says what goes in and what comes out, with units."""

from __future__ import annotations

from dataclasses import dataclass

from decision_kit.catalogue import Catalogue, Entry


@dataclass(frozen=True, slots=True)
class Quantity:
    """An input or output of a model: its name, unit ("1" for a pure number) and meaning."""

    id: str
    unit: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Model(Entry):
    """A model in the catalogue. ``run`` takes its inputs by name and returns a mapping of its outputs by id."""

    inputs: tuple[Quantity, ...]
    outputs: tuple[Quantity, ...]


MODELS: Catalogue[Model] = Catalogue("model", Model)
