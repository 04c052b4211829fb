"""Which tests run which lines of a package, and what each of them costs: measured by running all.

    python -m tests.kit.reach gateway/ledger measured.json tests/unit/gateway/ledger

A fault in a line can be found by the tests that run the line, and by no other. So that this holds,

- what runs while modules are imported is run by all tests;
- what a fixture of a file or of a whole run has run is run by each test that has the fixture;
- remembered results are forgotten before each test;
- a test that starts another process may run any line there, and is taken to.
"""

import ast
import gc
import json
import os
import sys
import time
from bisect import bisect_right
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

from tests.kit.forked import OPTIONS

FIXTURE = "fixture "
"""Begins the name under which the lines of a fixture are kept; a test's name is its id."""
PROCESSES = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn"})


@dataclass
class Cost:
    """What one test took.

    Attributes:
        cpu: Seconds that this process computed.
        wall: Seconds on the clock.
        fixtures: Fixtures that it shares with other tests.
        processes: Whether it has started other processes.
    """

    cpu: float = 0.0
    wall: float = 0.0
    fixtures: list[str] = field(default_factory=list)
    processes: bool = False


@dataclass
class Reach:
    """What was measured.

    Attributes:
        tests: All tests by id, in the order in which they ran.
        lines: For each module the tests that run each of its lines; None stands for all tests.
        libraries: Modules that were imported and are not ours.
    """

    tests: dict[str, Cost]
    lines: dict[str, dict[int, frozenset[str] | None]]
    libraries: list[str]

    @classmethod
    def load(cls, path: Path) -> "Reach":
        """Read what `Measure.save` has written."""
        read = json.loads(path.read_text())
        tests = {test: Cost(**cost) for test, cost in read["tests"].items()}
        lines = {
            module: {int(n): _who_ran(names, tests) for n, names in numbered.items()}
            for module, numbered in read["lines"].items()
        }
        return cls(tests, lines, read["libraries"])

    def tests_of(self, module: str, source: bytes, line: int) -> set[str]:
        """Return the tests that run the statement at a line; none if no test does."""
        span = Spans(source).at(line)
        who = [self.lines.get(module, {}).get(n, frozenset()) for n in span.lines]
        if span.at_import or None in who:
            return set(self.tests)
        found = {test for tests in who for test in tests or ()}
        return found | {test for test, cost in self.tests.items() if cost.processes}


def _who_ran(names: list[str], tests: dict[str, Cost]) -> frozenset[str] | None:
    if "" in names:
        return None
    fixtures = {name.removeprefix(FIXTURE) for name in names if name.startswith(FIXTURE)}
    sharing = (test for test, cost in tests.items() if not fixtures.isdisjoint(cost.fixtures))
    return frozenset(names) & tests.keys() | frozenset(sharing)


@dataclass(frozen=True)
class Span:
    """Where a statement stands: of one with a body, its head alone."""

    first: int
    last: int
    at_import: bool

    @property
    def lines(self) -> range:
        return range(self.first, self.last + 1)


class Spans:
    """The statements of a module."""

    def __init__(self, source: bytes) -> None:
        self._spans = sorted(_spans(ast.parse(source), at_import=True), key=lambda s: s.first)
        self._firsts = [span.first for span in self._spans]

    def at(self, line: int) -> Span:
        """Return the statement to which a line belongs."""
        return self._spans[bisect_right(self._firsts, line) - 1]


def _spans(node: ast.AST, *, at_import: bool) -> Iterator[Span]:
    inner = at_import and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            first = child.pattern.lineno if isinstance(child, ast.match_case) else child.lineno
            yield Span(first, _end_of_head(child, first), inner)
        yield from _spans(child, at_import=inner)


def _end_of_head(node: ast.stmt | ast.ExceptHandler | ast.match_case, first: int) -> int:
    if isinstance(node, ast.Match):
        return max(first, node.cases[0].pattern.lineno - 1)
    body = getattr(node, "body", None)
    if body:
        return max(first, body[0].lineno - 1)
    return getattr(node, "end_lineno", None) or first


class Measure:
    """A plug-in of pytest that measures each test."""

    def __init__(self, package: Path) -> None:
        self._coverage = Coverage(
            data_file=None, config_file=False, branch=False, include=[f"{package}/*"]
        )
        self._costs: dict[str, Cost] = {}
        self._contexts = [""]
        self._remembered: list[Any] = []
        self._root = Path.cwd()
        sys.addaudithook(self._audit)
        self._coverage.start()

    def _audit(self, event: str, _: tuple[object, ...]) -> None:
        for name in self._contexts if event in PROCESSES else ():
            if name in self._costs:
                self._costs[name].processes = True

    def pytest_collection_finish(self) -> None:
        """Find what remembers results, once all modules are there."""
        wrappers = (each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper))
        self._remembered = [each for each in wrappers if _is_ours(each.__module__)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        """Measure one test with what it sets up."""
        for each in self._remembered:
            each.cache_clear()
        cost = self._costs[item.nodeid] = Cost()
        cpu, wall = time.process_time(), time.monotonic()
        with self._context(item.nodeid):
            done = yield
        cost.cpu, cost.wall = time.process_time() - cpu, time.monotonic() - wall
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Keep the lines of a shared fixture under its own name."""
        if fixturedef.scope == "function":
            return (yield)
        with self._context(f"{FIXTURE}{fixturedef.argname}"):
            return (yield)

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Note which fixtures a test has; those of a test alone do no harm here."""
        self._costs[item.nodeid].fixtures = list(item.fixturenames)

    @contextmanager
    def _context(self, name: str) -> Iterator[None]:
        self._coverage.switch_context(name)
        self._contexts.append(name)
        try:
            yield
        finally:
            self._contexts.pop()
            self._coverage.switch_context(self._contexts[-1])

    def save(self, path: Path) -> None:
        """Write what was measured, for `Reach.load`."""
        self._coverage.stop()
        data = self._coverage.get_data()
        lines = {
            str(Path(file).relative_to(self._root)): data.contexts_by_lineno(file)
            for file in data.measured_files()
        }
        tests = {test: asdict(cost) for test, cost in self._costs.items()}
        measured = {"tests": tests, "lines": lines, "libraries": _libraries()}
        path.write_text(json.dumps(measured))


def _is_ours(module: str | None) -> bool:
    return (module or "").partition(".")[0] in {"gateway", "adapters", "kalkan", "seeds", "tests"}


def _libraries() -> list[str]:
    """Return what is imported and comes from a folder of Python's: ours and plug-ins do not."""
    folders = tuple(str(Path(module.__file__).parents[n]) for module, n in ((os, 0), (pytest, 1)))
    return [
        name
        for name, module in sys.modules.items()
        if (getattr(module, "__file__", None) or "").startswith(folders)
        and not _is_ours(name)
        and not name.startswith(("coverage", "__"))
    ]


def main() -> None:
    package, path, *tests = sys.argv[1:]
    measure = Measure(Path.cwd() / package)
    code = pytest.main([*OPTIONS, *tests], [measure])
    measure.save(Path(path))
    sys.stdout.flush()
    os._exit(code)  # a thread that a failed test has left would keep the process


if __name__ == "__main__":
    main()
