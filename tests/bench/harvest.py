"""How many honest questions raise an alarm, and what counting one costs.

python tests/bench/harvest.py [QUESTIONS]
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from gateway.access.budgets import Alarms, Budgets, Limit
from gateway.node.spending import Spending, read_alarms
from tests.kit import harvest


def main(count: int) -> None:
    """Replay a day of a member's borders against the default alarms and four limits."""
    limits = tuple(
        Limit(name=each, each=each, per="day", limit=1_000_000)
        for each in ("officer", "unit", "member", "purpose")
    )
    budgets = Budgets(limit=limits, alarms=Alarms(block_minutes=60))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books.sqlite"
        spending = Spending(path, b"\x05" * 32, budgets)
        rules: Counter[str] = Counter()
        spent_s = 0.0
        for step in harvest.honest(count):
            began = time.perf_counter()
            rules[spending.spend(step.asking, [step.probe], step.at).rule or "answered"] += 1
            spent_s += time.perf_counter() - began
        alarms = read_alarms(path)
        spending.close()
    print(f"{count} honest questions: {dict(rules)}, {len(alarms)} alarms")
    print(f"{spent_s / count * 1e6:.0f} us for each question, off the loop")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
