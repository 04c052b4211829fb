"""How many planted faults the tests of a package find.

    python -m tests.bench.mutants --package gateway/ledger --sample 400 --seed 1

A mutant (`tests/kit/mutants.py`) runs in a copy of the tree: first the tests named after its
module, then the unit tests of its package, then the attacks on it. The first failure kills it, a
run over its time too. The sample is the same for a seed as long as the mutated functions are.

What was found is kept, so that a run goes on where the last one stopped; a mutant that survived
is tried again with `--again`, and without `--quick` by the attacks too. A mutant that behaves as
the original does is named, with the reason, in `tests/bench/equivalent.txt` and leaves the sum.

mutmut and cosmic-ray have neither a seeded sample nor tests chosen for each module.
"""

import argparse
import difflib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.kit.mutants import Mutant, mutants_of

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENT = ROOT / "tests/bench/equivalent.txt"
COPIED = ("gateway", "adapters", "proto", "seeds", "tests", "pyproject.toml")
PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not slow")
QUICK = """
from hypothesis import Phase
settings.register_profile(
    "mutants", settings.get_profile("kalkan"),
    phases=(Phase.explicit, Phase.generate), derandomize=True, database=None,
)
settings.load_profile("mutants")
"""
"""Ends the copy's `conftest.py`: the same examples for each mutant, no search for a small one."""
FACTOR = 4
"""A run may take this many times as long as it takes without a fault."""
LEAST_S = 30.0


@dataclass(frozen=True)
class Stage:
    """One set of tests, and how many seconds it may take."""

    tests: Sequence[str]
    limit_s: float = 600.0


class Copy:
    """A copy of the tree in which one mutant at a time runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("node_modules", "__pycache__")
                shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=ignored)
            else:
                shutil.copy2(ROOT / name, folder / name)
        with (folder / "tests/conftest.py").open("a", encoding="utf-8") as file:
            file.write(QUICK)

    def run(self, stage: Stage, *, keep: bool = False) -> str:
        """Run a stage; return "passed", "killed" or "timeout".

        Args:
            stage: Its tests.
            keep: Whether compiled files stay: of the unchanged tree alone, or one of a mutant
                could be taken for another's.
        """
        if not stage.tests:
            return "passed"
        paths = os.pathsep.join((str(self.folder), str(self.folder / "proto")))
        env = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "" if keep else "1"}
        log = self.folder / "log.txt"
        with log.open("wb") as out:
            child = subprocess.Popen(
                [sys.executable, *PYTEST, *stage.tests],
                cwd=self.folder,
                env=env,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
            try:
                code = child.wait(stage.limit_s)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                return "timeout"
        return "passed" if code == 0 else "killed"

    def try_mutant(self, mutant: Mutant, stages: Sequence[Stage]) -> str:
        """Run stages on a mutant until one kills it."""
        path = self.folder / mutant.path
        source = path.read_bytes()
        for old in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            old.unlink()
        path.write_bytes(mutant.apply(source))
        try:
            for stage in stages:
                result = self.run(stage)
                if result != "passed":
                    return result
        finally:
            path.write_bytes(source)
        return "survived"


def stages_of(path: str, package: str) -> list[list[str]]:
    """Return the tests of a module, of its package, and the attacks on it, in this order.

    An attack that is named after the module belongs to its tests.
    """
    folder, _, name = path.rpartition("/")
    mirror = f"tests/unit/{folder}/test_{name}"
    room = package.rpartition("/")[2]
    attacks = {str(a.relative_to(ROOT)) for a in ROOT.glob(f"tests/attack/test_{room}_*.py")}
    own = attacks & {f"tests/attack/test_{room}_{name}"}
    first = [each for each in (mirror, *own) if (ROOT / each).is_file()]
    rest = [f"tests/unit/{package}", *(f"--ignore={each}" for each in first if each == mirror)]
    return [first, rest, sorted(attacks - own)]


class Bench:
    """Runs a sample of mutants of a package and keeps what it finds."""

    def __init__(self, package: str, results: Path, *, attacks: bool) -> None:
        self.package = package
        self.attacks = attacks
        self.results = results
        self.found: dict[str, str] = {}
        if results.exists():
            for line in results.read_text().splitlines():
                self.found.update([tuple(json.loads(line))])
        self._limits: dict[tuple[str, ...], float] = {}
        self._lock = threading.Lock()

    def stage(self, tests: Sequence[str], copy: Copy) -> Stage:
        """Return a stage with its limit: measured once, on the unchanged tree.

        The limit of a package holds for it without one of its files too.
        """
        key = tuple(each for each in tests if not each.startswith("--ignore"))
        with self._lock:
            limit_s = self._limits.get(key)
        if limit_s is None:
            began = time.monotonic()
            if copy.run(Stage(key), keep=True) != "passed":
                log = (copy.folder / "log.txt").read_text(errors="replace")[-3000:]
                raise SystemExit(f"these fail without a fault: {' '.join(key)}\n{log}")
            limit_s = max(LEAST_S, FACTOR * (time.monotonic() - began))
            with self._lock:
                self._limits[key] = limit_s
        return Stage(tests, limit_s)

    def run(self, mutants: Sequence[Mutant], workers: int) -> None:
        """Run what has no result yet."""
        with tempfile.TemporaryDirectory(prefix="mutants-") as temporary:
            free: SimpleQueue[Copy] = SimpleQueue()
            for number in range(workers):
                free.put(Copy(Path(temporary) / str(number)))
            with ThreadPoolExecutor(workers) as pool:
                jobs = [pool.submit(self._one, m, free) for m in mutants if m.id not in self.found]
                for job in jobs:
                    job.result()

    def _one(self, mutant: Mutant, free: "SimpleQueue[Copy]") -> None:
        copy = free.get()
        try:
            result = "survived"
            stages = stages_of(mutant.path, self.package)
            for tests in stages if self.attacks else stages[:2]:
                if result == "survived":  # what takes long is measured only where it is needed
                    result = copy.try_mutant(mutant, [self.stage(tests, copy)])
        finally:
            free.put(copy)
        with self._lock, self.results.open("a") as file:
            self.found[mutant.id] = result
            file.write(json.dumps([mutant.id, result]) + "\n")
            print(f"{result:9} {mutant.id} {mutant.path} {mutant.where} {mutant.kind}", flush=True)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", default="gateway/ledger")
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, choices=(1, 2), default=2)
    parser.add_argument("--results", type=Path, help="where results are kept between runs")
    parser.add_argument("--again", action="store_true", help="try again what survived")
    parser.add_argument("--quick", action="store_true", help="leave out the attacks")
    given = parser.parse_args()
    kept = ROOT / "build" / f"mutants-{given.package.replace('/', '-')}.jsonl"
    results: Path = given.results or kept
    results.parent.mkdir(parents=True, exist_ok=True)
    chosen = sample(given.package, given.sample, given.seed)
    bench = Bench(given.package, results, attacks=not given.quick)
    equivalent = read_equivalent()
    if given.again:
        for mutant in chosen:
            if bench.found.get(mutant.id) == "survived":
                del bench.found[mutant.id]
    bench.run([m for m in chosen if m.id not in equivalent], given.workers)
    report(chosen, bench.found, equivalent)


def report(chosen: Sequence[Mutant], found: dict[str, str], equivalent: dict[str, str]) -> None:
    """Print survivors as differences, then the sums."""
    alive = [m for m in chosen if found.get(m.id) == "survived" and m.id not in equivalent]
    for mutant in alive:
        print(f"\n{mutant.where}\n{show(mutant)}")
    sums = Counter("equivalent" if m.id in equivalent else found[m.id] for m in chosen)
    faults = len(chosen) - sums["equivalent"]
    dead = sums["killed"] + sums["timeout"]
    print(f"\n{len(chosen)} mutants: {dict(sums)}")
    print(f"{dead} of {faults} faults found: {dead / max(faults, 1):.1%}")


if __name__ == "__main__":
    main()
