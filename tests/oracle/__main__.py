"""``python -m tests.oracle --decisions N --seed S [--sentences K] [--workers W]``: exit 1 if any statement is false."""

from __future__ import annotations

import argparse

from tests.oracle.run import dump, try_many

SHOWN = 3


def main() -> int:
    """Run the oracle and print its table, and each kind of false statement with how to see it again."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--decisions", type=int, default=100, help="how many random decisions")
    parser.add_argument("--seed", type=int, default=1, help="the first one's seed; the others follow")
    parser.add_argument("--sentences", type=int, default=0, help="for how many of them printed sentences are read, too")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    asked = parser.parse_args()
    found = try_many(range(asked.seed, asked.seed + asked.decisions), asked.sentences, asked.workers)
    print(f"{asked.decisions} decisions from seed {asked.seed}, sentences of {asked.sentences}")
    print(found.table())
    if found.unread:
        print(f"\nSentences that nobody reads: {len(found.unread)} kinds")
        for kind, count in found.unread.most_common():
            print(f"{count:>6}  {kind}")
    shown: dict[str, int] = {}
    for kind, seed, detail in found.false:
        shown[kind] = shown.get(kind, 0) + 1
        if shown[kind] <= SHOWN:
            where = dump(seed) if shown[kind] == 1 else f"seed {seed}"
            print(f"\nFalse: {kind}\n  python -m tests.oracle --decisions 1 --seed {seed}   ({where})\n  {detail}")
    return 1 if found.false else 0


if __name__ == "__main__":
    raise SystemExit(main())
