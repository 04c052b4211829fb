"""How many planted faults the tests of a package find.

    python -m tests.bench.mutants --package gateway/ledger --sample 400 --seed 1

A mutant (`tests/kit/mutants.py`) runs in a copy of the tree: against the unit tests of its package
and the attacks on it that run its line (`tests/kit/reach.py` measures them once, and again after
any change of the tree), those named after its module first, then the quickest. The first failure
kills it, if it comes again; a test that computes or waits without end does too
(`tests/kit/forked.py`). The sample is the same for a seed as long as the mutated functions are.

What was found is kept, so that a run goes on where the last one stopped; a mutant that survived
is tried again with `--again`, by all tests with `--whole`, and without `--quick` by the attacks
too. A mutant that behaves as the original does is named, with the reason, in
`tests/bench/equivalent.txt` and leaves the sum. `--only` tries single mutants and keeps nothing.

mutmut and cosmic-ray have neither a seeded sample nor tests chosen for each line.
"""

import argparse
import difflib
import hashlib
import json
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

from tests.kit.forked import Outcome, Run
from tests.kit.mutants import Mutant, mutants_of
from tests.kit.planted import ROOT, Copy, digest_tree, measure
from tests.kit.reach import Reach

EQUIVALENT = ROOT / "tests/bench/equivalent.txt"
BUILD = ROOT / "build"
DEAD = frozenset({"killed", "cpu", "hung"})
LEAST_CPU_S = 10.0
FACTOR = 5
"""A test may compute this many times as long as it does without a fault, and a little more."""


class Choice:
    """Chooses the tests for a mutant."""

    def __init__(self, reach: Reach, *, attacks: bool, whole: bool) -> None:
        self._reach = reach
        self._attacks = attacks
        self._whole = whole

    def every(self) -> Run | None:
        """Return a run of all tests."""
        return self.run(self._reach.tests)

    def quickest(self) -> Run | None:
        """Return a run of one test of each file."""
        costs = self._reach.tests
        tests = sorted(costs, key=lambda test: -costs[test].wall)
        return self.run({test.partition("::")[0]: test for test in tests}.values())

    def run_of(self, mutant: Mutant) -> Run | None:
        """Return what may find a mutant; None if nothing may."""
        source = (ROOT / mutant.path).read_bytes()
        line = source[: mutant.begin].count(b"\n") + 1
        tests = self._reach.tests_of(mutant.path, source, line)
        return self.run(self._reach.tests if self._whole else tests, mutant.path)

    def run(self, tests: Iterable[str], path: str = "") -> Run | None:
        """Return a run of tests, file by file: those named after a module first, then the quickest.

        Args:
            tests: Their ids.
            path: The module.
        """
        costs = self._reach.tests
        files: dict[str, list[str]] = {}
        for test in sorted(tests, key=lambda test: costs[test].wall):
            if self._attacks or not test.startswith("tests/attack/"):
                files.setdefault(test.partition("::")[0], []).append(test)
        first = f"tests/unit/{path.rpartition('/')[0]}/test_{path.rpartition('/')[2]}"
        order = sorted(files, key=lambda f: (f != first, sum(costs[t].wall for t in files[f])))
        limits = {t: LEAST_CPU_S + FACTOR * costs[t].cpu for file in order for t in files[file]}
        others = [t for t in costs if t.partition("::")[0] in files and t not in limits]
        return Run(order, limits, others) if limits else None


class Results:
    """What was found, by the mutant's id; kept in a file between runs, unless that is None."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.found: dict[str, str] = {}
        if path and path.exists():
            for line in path.read_text().splitlines():
                mutant, result, *_ = json.loads(line)
                self.found[mutant] = result

    def forget_survivors(self) -> None:
        """Have them tried again."""
        self.found = {m: result for m, result in self.found.items() if result != "survived"}

    def keep(self, mutant: Mutant, outcome: Outcome) -> None:
        """Keep how a mutant came out; "late" says nothing: the next run tries it again."""
        result = "survived" if outcome.result == "passed" else outcome.result
        print(f"{result:9} {mutant.id} {mutant.path} {mutant.where} {mutant.kind}", flush=True)
        if result == "late":
            return
        self.found[mutant.id] = result
        if self._path:
            with self._path.open("a") as file:
                file.write(json.dumps([mutant.id, result, outcome.test, outcome.ran]) + "\n")


class Bench:
    """Runs mutants of a package in copies of the tree, one at a time in each."""

    def __init__(self, choice: Choice, results: Results) -> None:
        self._choice = choice
        self._results = results
        self._lock = threading.Lock()

    def run(self, mutants: Iterable[Mutant], copies: Sequence[Copy]) -> None:
        """Run mutants."""
        free: SimpleQueue[Copy] = SimpleQueue()
        for copy in copies:
            free.put(copy)
        with ThreadPoolExecutor(len(copies)) as pool:
            for job in [pool.submit(self._one, mutant, free) for mutant in mutants]:
                job.result()

    def _one(self, mutant: Mutant, free: "SimpleQueue[Copy]") -> None:
        run = self._choice.run_of(mutant)
        copy = free.get()
        try:
            outcome = try_mutant(copy, run, mutant) if run else Outcome("passed")
        finally:
            free.put(copy)
        with self._lock:
            self._results.keep(mutant, outcome)


def try_mutant(copy: Copy, run: Run, mutant: Mutant) -> Outcome:
    """Run a mutant; a failure counts if it comes again, of its test alone or in the same order.

    Tests that fail now and then, on a busy machine above all, would find faults that they do not.
    """
    outcome = copy.run(run, mutant)
    if outcome.result != "killed" or outcome.test not in run.limits:
        return outcome
    again = copy.run(run.only(outcome.test), mutant)
    return outcome if again.result == "killed" else copy.run(run, mutant)


def sample(package: str, size: int, seed: int) -> list[Mutant]:
    """Return a seeded sample of a package's mutants; a smaller one is part of a larger one."""
    paths = sorted((ROOT / package).rglob("*.py"))
    mutants = [mutant for path in paths for mutant in mutants_of(path, ROOT)]
    print(f"{package}: {len(mutants)} mutants in {len(paths)} modules, a sample of {size}")
    return sorted(mutants, key=lambda m: hashlib.sha256(f"{seed} {m.id}".encode()).digest())[:size]


def read_equivalent() -> dict[str, str]:
    """Return the mutants that are no faults, each with the reason."""
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    return {pair[0]: pair[1] for pair in pairs}


def show(mutant: Mutant) -> str:
    """Return a mutant as a difference."""
    source = (ROOT / mutant.path).read_bytes()
    texts = [s.decode().splitlines() for s in (source, mutant.apply(source))]
    lines = difflib.unified_diff(*texts, mutant.path, mutant.id, n=2, lineterm="")
    return "\n".join(lines)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", default="gateway/ledger")
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, choices=(1, 2), default=2)
    parser.add_argument("--results", type=Path, help="where results are kept between runs")
    parser.add_argument("--again", action="store_true", help="try again what survived")
    parser.add_argument("--quick", action="store_true", help="leave out the attacks")
    parser.add_argument("--whole", action="store_true", help="all tests, not those of the line")
    parser.add_argument("--only", nargs="+", default=[], help="ids of the mutants to try")
    return parser.parse_args()


def main() -> None:
    given = parse()
    name = f"mutants-{given.package.replace('/', '-')}"
    BUILD.mkdir(exist_ok=True)
    results = Results(None if given.only else given.results or BUILD / f"{name}.jsonl")
    if given.again:
        results.forget_survivors()
    chosen = sample(given.package, given.sample, given.seed)
    equivalent = {} if given.only else read_equivalent()
    if given.only:
        chosen = [m for m in chosen if m.id in given.only]
    left = [m for m in chosen if m.id not in equivalent and m.id not in results.found]
    if left:
        run(given, left, results)
    report(chosen, results.found, equivalent)


def run(given: argparse.Namespace, mutants: Iterable[Mutant], results: Results) -> None:
    """Measure the tree, unless that was done, and run mutants."""
    kept = BUILD / f"mutants-{given.package.replace('/', '-')}-{digest_tree()}.json"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutants-")))
        reach = measure(given.package, kept, folder / "measured")
        choice = Choice(reach, attacks=not given.quick, whole=given.whole)
        folders = [folder / str(number) for number in range(given.workers)]
        copies = [stack.enter_context(Copy(each, reach.libraries)) for each in folders]
        prepare(choice, copies, kept.with_suffix(".passed"))
        Bench(choice, results).run(mutants, copies)


def prepare(choice: Choice, copies: Sequence[Copy], passed: Path) -> None:
    """Have each copy compiled, and all tests pass without a fault, once for a tree.

    Args:
        choice: Has the tests.
        copies: Where mutants will run.
        passed: A file that is there when they have passed.
    """
    for copy in copies:
        run = choice.quickest() if passed.exists() else choice.every()
        if run:
            copy.require_passed(run)
        passed.touch()


def report(chosen: Sequence[Mutant], found: dict[str, str], equivalent: dict[str, str]) -> None:
    """Print survivors as differences, then the sums."""
    alive = [m for m in chosen if found.get(m.id) == "survived" and m.id not in equivalent]
    for mutant in alive:
        print(f"\n{mutant.where}\n{show(mutant)}")
    sums = Counter("equivalent" if m.id in equivalent else found.get(m.id, "late") for m in chosen)
    faults = len(chosen) - sums["equivalent"]
    dead = sum(sums[result] for result in DEAD)
    print(f"\n{len(chosen)} mutants: {dict(sums)}")
    print(f"{dead} of {faults} faults found: {dead / max(faults, 1):.1%}")


if __name__ == "__main__":
    main()
