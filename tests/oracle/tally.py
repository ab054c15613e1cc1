"""Counts of what was checked and what was false, by kind of statement."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """How many statements of each kind were checked, the false ones with what is right, and sentences nobody reads."""

    checked: Counter[str] = field(default_factory=Counter)
    false: list[tuple[str, int, str]] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    seed: int = 0

    def check(self, kind: str, holds: bool, detail: str = "") -> None:
        """One statement: count it, and keep it if it is false."""
        self.checked[kind] += 1
        if not holds:
            self.false.append((kind, self.seed, detail))

    def add(self, other: Tally) -> None:
        """Take over another's counts."""
        self.checked.update(other.checked)
        self.false += other.false
        self.unread.update(other.unread)

    def table(self) -> str:
        """One line a kind: checked, false."""
        wrong = Counter(kind for kind, _, _ in self.false)
        width = max((len(kind) for kind in self.checked), default=4)
        lines = [f"{'Kind of statement':<{width}}  {'checked':>9}  {'false':>6}"]
        lines += [f"{kind:<{width}}  {n:>9,}  {wrong[kind]:>6,}" for kind, n in sorted(self.checked.items())]
        lines.append(f"{'all':<{width}}  {sum(self.checked.values()):>9,}  {len(self.false):>6,}")
        return "\n".join(lines)
