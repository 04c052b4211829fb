"""What a decision costs: `python -m tests.bench.policy [--rounds N]`.

Three layers for the fifteen banks of one search, at first and when they are remembered, and the
release of records. Microseconds depend on the machine; the ratio of first to remembered does not.
"""

import argparse
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

from gateway.access.likely import likely_question
from gateway.access.policy import Policy, Texts
from gateway.access.request import RecordFacts

POLICIES = Path(__file__).parents[2] / "seeds" / "policies"
BANKS = 15


def build() -> Policy:
    """A policy of the demonstration, with all its files."""
    kaz = (POLICIES / "KAZ.cedar").read_text(encoding="utf-8")
    release = (POLICIES / "release" / "KAZ.cedar").read_text(encoding="utf-8")
    asking = (POLICIES / "asking" / "GEO.cedar").read_text(encoding="utf-8")
    return Policy.build(Texts(kaz, release, asking.replace("geo.", "kaz.")), "kaz")


def measure(work) -> float:
    """Microseconds of this process's CPU that `work` takes."""
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1e6


def tell(name: str, times: list[float]) -> None:
    """Print median and p99."""
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name:46} median {statistics.median(ordered):8.1f} us   p99 {p99:8.1f} us")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    rounds = parser.parse_args().rounds
    policy = build()
    asked = likely_question(
        "KAZ",
        bank="KAZ/persons",
        purpose="terrorism",
        probe="person",
        roles=frozenset({"investigator"}),
    )
    questions = [replace(asked, unit=f"unit {n}") for n in range(rounds)]
    first = [measure(lambda q=q: policy.decide(q)) for q in questions]
    again = [measure(lambda q=q: policy.decide(q)) for q in questions]
    wanted = RecordFacts(kind="wanted")
    released = [measure(lambda q=q: policy.release(q, wanted)) for q in questions]
    remembered = [measure(lambda q=q: policy.release(q, wanted)) for q in questions]
    tell("one bank, three layers, first", first)
    tell("one bank, three layers, remembered", again)
    tell("one kind of record, first", released)
    tell("one kind of record, remembered", remembered)
    hub = Policy.for_hub()
    banks = [f"{chr(65 + n)}AA/persons" for n in range(BANKS)]
    searches = [
        [replace(asked, unit=f"unit {n}", bank=b, owner=b[:3]) for b in banks]
        for n in range(rounds // BANKS)
    ]
    for name in ("first", "remembered"):
        times = [measure(lambda s=s: [hub.decide(q) for q in s]) for s in searches]
        tell(f"{BANKS} banks of one search at the hub, {name}", times)
    print(f"first / remembered: {statistics.median(first) / statistics.median(again):.0f}")


if __name__ == "__main__":
    sys.exit(main())
