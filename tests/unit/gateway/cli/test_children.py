"""Children tell when they are ready, and end with their parent's block whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from gateway.cli.children import Children
from gateway.cli.exits import CommandError

READY = "import time; print('hello', flush=True); print('ready now', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + READY
BROKEN = "import sys; print('what to do', file=sys.stderr); sys.exit(2)"


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def pid_of(children: Children, name: str) -> int:
    return children._running[name].process.pid


def test_a_child_that_is_ready_tells_its_line(tmp_path):
    with Children(tmp_path) as children:
        children.start("one", "-c", READY)
        assert children.await_ready("one", "ready") == "ready now"
        assert children.runs("one")
        children.stop("one")
        assert not children.runs("one")


def test_children_end_with_the_block_when_it_fails(tmp_path):
    pids = []

    def fail_with_two() -> None:
        with Children(tmp_path) as children:
            for name in ("one", "two"):
                children.start(name, "-c", READY)
                children.await_ready(name, "ready")
                pids.append(pid_of(children, name))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_with_two()
    assert len(pids) == 2
    assert not any(map(is_alive, pids))


def test_a_child_that_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.cli.children.STOP_S", 0.2)
    with Children(tmp_path) as children:
        children.start("deaf", "-c", STUBBORN)
        children.await_ready("deaf", "ready")
        pid = pid_of(children, "deaf")
    assert not is_alive(pid)


def test_a_child_that_does_not_come_up_is_told_with_its_log(tmp_path):
    with Children(tmp_path) as children:
        children.start("broken", "-c", BROKEN)
        with pytest.raises(CommandError, match="what to do"):
            children.await_ready("broken", "ready")


def test_a_child_that_takes_too_long_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.cli.children.START_S", 0.2)
    with Children(tmp_path) as children:
        children.start("silent", "-c", "import time; time.sleep(600)")
        with pytest.raises(CommandError, match="silent does not run"):
            children.await_ready("silent", "ready")


def test_a_child_that_ends_by_itself_is_told(tmp_path):
    with Children(tmp_path) as children:
        children.start("one", "-c", READY)
        children.await_ready("one", "ready")
        os.kill(pid_of(children, "one"), signal.SIGKILL)
        with pytest.raises(CommandError, match="one does not run"):
            children.await_end()


def test_signals_are_heard_again_after_the_block(tmp_path):
    before = signal.getsignal(signal.SIGTERM)
    with Children(tmp_path):
        pass
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_during_a_start_comes_after_it_and_leaves_no_child(tmp_path, monkeypatch):
    started = []
    spawn = subprocess.Popen

    def spawn_and_be_interrupted(*arguments, **settings):
        started.append(spawn(*arguments, **settings))
        signal.raise_signal(signal.SIGINT)
        return started[0]

    def start_one() -> None:
        with Children(tmp_path) as children:
            children.start("one", "-c", READY)

    monkeypatch.setattr("gateway.cli.children.subprocess.Popen", spawn_and_be_interrupted)
    with pytest.raises(KeyboardInterrupt):
        start_one()
    assert not is_alive(started[0].pid)


def test_a_child_hears_signals_although_it_was_started_under_protection(tmp_path):
    with Children(tmp_path) as children:
        children.start("one", "-c", READY)
        children.await_ready("one", "ready")
        process = children._running["one"].process
        process.terminate()
        assert process.wait(30) == -signal.SIGTERM


PARENT = """
import sys, time
from pathlib import Path
from gateway.cli.children import Children
with Children(Path(sys.argv[1])) as children:
    children.start("one", "-c", sys.argv[2])
    children.await_ready("one", "ready")
    print("up", flush=True)
    time.sleep(600)
"""


def test_children_end_when_their_parent_is_killed(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    child = f"held = open({str(pipe)!r}, 'w'); {READY}"
    command = [sys.executable, "-c", PARENT, str(tmp_path), child]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent, pipe.open() as held:
        assert parent.stdout.readline() == b"up\n"
        parent.kill()
        parent.wait()
        # The end of the pipe comes when nobody holds the other end: the child is gone.
        assert held.read() == ""
