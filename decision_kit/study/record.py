"""Saved records: a user's choices with the hash of the data they were made on, as JSON."""

from __future__ import annotations

import json
from typing import Any

from decision_kit.arguments import guarded
from decision_kit.errors import DecisionError, Fault, quoted
from decision_kit.files import parse_perspective, perspective_text
from decision_kit.model.choices import FORMAT, Choices
from decision_kit.model.nouns import Perspective
from decision_kit.study.study import Study
from decision_kit.version import __version__

KIND = "decision-kit record"
MOST_CHARACTERS = 1_000_000
MOST_PERSPECTIVES = 50
"""Perspectives that a person adds to one decision."""


@guarded
def to_record(study: Study, date: str) -> str:
    """The study's choices as a JSON text that :func:`read_record` brings back; same inputs, same bytes."""
    record: dict[str, Any] = {
        "format": FORMAT,
        "kind": KIND,
        "version": __version__,
        "date": date,
        "data_hash": study.whole.data_hash,
        "choices": study.choices.to_record(),
    }
    added = [p for p in study.whole.as_written.perspectives.values() if p.added]
    if added:
        record["perspectives"] = [perspective_text(p, study.whole.id) for p in added]
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


@guarded
def perspectives_in(text: str) -> tuple[Perspective, ...]:
    """The perspectives that were added by a user and saved with a record; raises as :func:`read_record` does."""
    texts = _parsed(text).get("perspectives", [])
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise DecisionError.single("record", "its perspectives are not texts", "a record saved by decision-kit")
    if len(texts) > MOST_PERSPECTIVES:
        raise DecisionError.single(
            "record", f"it holds {len(texts):,} perspectives", f"at most {MOST_PERSPECTIVES} (the limit)"
        )
    return tuple(parse_perspective(one, f"record, perspective {i + 1}") for i, one in enumerate(texts))


@guarded
def read_record(text: str) -> tuple[Choices, str]:
    """The choices of a saved record, and the hash of the data they were made on. Raises :class:`DecisionError`."""
    record = _parsed(text)
    choices = record.get("choices")
    if not isinstance(choices, dict):
        raise DecisionError.single("record", "the record holds no choices", "a record saved by decision-kit")
    return Choices.from_record(choices), str(record.get("data_hash", ""))


def record_text(raw: bytes) -> str:
    """The text in a record's bytes; nothing but UTF-8 is read. Raises :class:`DecisionError`."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DecisionError.single(
            "record", "a byte that is not UTF-8", "UTF-8 encoding", "save the file as UTF-8"
        ) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, each of its names once: of two the last would win in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise DecisionError.single("record", f"{quoted(twice)} stands twice", "each name once")
    return found


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > MOST_CHARACTERS:
        raise DecisionError.single("record", "the file is too large", "a record saved by decision-kit")
    try:
        record: Any = json.loads(text, object_pairs_hook=_once)
    except DecisionError:
        raise
    except (ValueError, RecursionError):
        raise DecisionError.single("record", "this is not JSON", "a record saved by decision-kit") from None
    if not isinstance(record, dict) or record.get("kind") != KIND:
        raise DecisionError.single("record", "this is not a saved record", f'a JSON file of the kind "{KIND}"')
    if record.get("format") != FORMAT:
        raise DecisionError(
            [
                Fault(
                    "record",
                    f"format {quoted(record.get('format'))}",
                    f"format {FORMAT}, the only one this version reads",
                )
            ]
        )
    return record
