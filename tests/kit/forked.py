"""Run chosen tests in children of a process that has all libraries loaded, and nothing of ours.

A child begins with pytest and every library in its memory, so it costs a fraction of a second
where a new Python takes some. It imports our modules anew, as they are in its folder then.

A busy machine changes no result: a test has its limit in seconds of computing, and one that waits
for what never comes is told from one that waits for its turn by the kernel's own account of it.
"""

import gc
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

import pytest

OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "-m", "not slow", "-o", "timeout=0")
LOADED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # libraries that pytest finds loaded
MEMORY = 8 * 2**30
START_CPU_S = 60
IDLE_S = 60.0
"""A child in which nothing computes, or waits to, for this long waits for what never comes."""
PATIENCE_S = 1800.0
LOOK_S = 2.0
FAULT_OF_OURS = 70


@dataclass(frozen=True)
class Run:
    """Some tests to run.

    Attributes:
        files: The files they are in, in the order in which they run.
        limits: The tests in their order, each with the seconds it may compute.
        others: Tests of these files that do not run. One that is in neither is new, and runs.
        compiled: Whether compiled files stay.
    """

    files: Sequence[str]
    limits: dict[str, float]
    others: Sequence[str] = ()
    compiled: bool = False

    def only(self, test: str) -> "Run":
        """Return a run of one of its tests."""
        file = test.partition("::")[0]
        others = [each for each in (*self.limits, *self.others) if each != test]
        return Run([file], {test: self.limits[test]}, others)


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        result: "passed"; "killed" by a failure or a crash; "cpu": a test computed past its limit;
            "hung": it waited for what never came; "late": not at its end after `PATIENCE_S`,
            or killed by somebody else, which says nothing.
        test: The test that ran last.
        ran: How many tests ran.
    """

    result: str
    test: str = ""
    ran: int = 0


class Forked:
    """A process that runs tests in its children, in one folder."""

    def __init__(self, folder: Path, libraries: Sequence[str]) -> None:
        paths = os.pathsep.join((str(folder), str(folder / "proto")))
        env = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.kit.forked"],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._write(list(libraries))

    def _write(self, value: object) -> None:
        assert self._parent.stdin is not None
        self._parent.stdin.write(json.dumps(value) + "\n")
        self._parent.stdin.flush()

    def run(self, run: Run) -> Outcome:
        """Run tests in a child; its output is in `log.txt` in the folder."""
        assert self._parent.stdout is not None
        self._write(asdict(run))
        return Outcome(**json.loads(self._parent.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        self._parent.wait()


class Chosen:
    """A plug-in of pytest: the chosen tests alone, in their order, each within its limit."""

    def __init__(self, run: Run, progress: int) -> None:
        self._run = run
        self._progress = progress
        self._ran = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the others, and put the rest in order; what is new comes last."""
        others = frozenset(self._run.others)
        place = {test: number for number, test in enumerate(self._run.limits)}
        items[:] = [item for item in items if item.nodeid not in others]
        items.sort(key=lambda item: place.get(item.nodeid, len(place)))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        """Give a test its seconds; say that it runs now."""
        self._ran += 1
        os.ftruncate(self._progress, 0)
        os.pwrite(self._progress, json.dumps([item.nodeid, self._ran]).encode(), 0)
        limit_cpu(time.process_time() + self._run.limits.get(item.nodeid, START_CPU_S))
        return (yield)


def limit_cpu(seconds: float) -> None:
    """End this process when it has computed for so many seconds in all."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, resource.RLIM_INFINITY))


def _serve() -> None:
    """Read runs from standard input, one a line, and write how each ended."""
    for name in json.loads(sys.stdin.readline()):
        with suppress(ImportError):  # a part that only its package imports
            import_module(name)
    threads = len(list(Path("/proc/self/task").iterdir()))
    assert threads == 1, f"a library has started a thread, so {threads} run: no child can be made"
    gc.freeze()  # or each child would look through all of it, and copy it
    for line in sys.stdin:
        print(json.dumps(asdict(_run(Run(**json.loads(line))))), flush=True)


def _run(run: Run) -> Outcome:
    shutil.rmtree("temporary", ignore_errors=True)
    progress = os.open("progress.json", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    child = os.fork()
    if child == 0:
        _be_child(run, progress)
    try:
        result = _wait(child)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what its tests have left behind
        last = os.pread(progress, 65536, 0)
        os.close(progress)
    test, ran = json.loads(last) if last else ("", 0)
    return Outcome(result, test, ran)


def _be_child(run: Run, progress: int) -> None:
    code = FAULT_OF_OURS
    try:
        os.setsid()
        sys.dont_write_bytecode = not run.compiled
        with Path("log.txt").open("wb") as log, Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        limit_cpu(time.process_time() + START_CPU_S)
        arguments = [*OPTIONS, *LOADED, "--basetemp=temporary", *run.files]
        code = int(pytest.main(arguments, [Chosen(run, progress)]))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _wait(child: int) -> str:
    """Wait for the end of a child and tell what it was."""
    handle = os.pidfd_open(child)
    began = moved = time.monotonic()
    demand = 0.0
    try:
        while not select.select([handle], [], [], LOOK_S)[0]:
            now, demanded = time.monotonic(), _demand(child)
            if abs(demanded - demand) > (now - moved) / 100:
                moved, demand = now, demanded
            if now - moved > IDLE_S or now - began > PATIENCE_S:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return "hung" if now - moved > IDLE_S else "late"
    finally:
        os.close(handle)
    return _result(os.waitpid(child, 0)[1])


def _result(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    assert code not in {FAULT_OF_OURS, pytest.ExitCode.NO_TESTS_COLLECTED}, f"exit code {code}"
    return {0: "passed", -signal.SIGXCPU: "cpu", -signal.SIGKILL: "late"}.get(code, "killed")


def _demand(session: int) -> float:
    """Return the seconds for which the processes of a session computed or waited for their turn."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                for thread in (folder / "task").iterdir():
                    computed, waited, _ = (thread / "schedstat").read_text().split()
                    total += int(computed) + int(waited)
    return total / 1e9


if __name__ == "__main__":
    _serve()
    os._exit(0)  # at a usual end some libraries complain of what they have left
