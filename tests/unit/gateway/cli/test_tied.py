"""A program is tied to its parent by the kernel, and is otherwise the program that it was."""

from __future__ import annotations

import os
import subprocess
import sys

from gateway.cli import tied

TELL = """
import ctypes, sys
tie = ctypes.c_int()
ctypes.CDLL(None).prctl(2, ctypes.byref(tie), 0, 0, 0)
print(tie.value, *sys.argv[1:])
"""


def run_tied(parent: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, tied.__file__, str(parent), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_program_is_run_with_its_arguments_and_the_signal_of_its_parents_death():
    done = run_tied(os.getpid(), "-c", TELL, "one", "two three")
    assert done.stdout == "15 one two three\n"


def test_program_whose_parent_is_gone_does_not_begin():
    done = run_tied(1, "-c", "print('began')")
    assert (done.returncode, done.stdout) == (1, "")


def test_program_ends_with_its_own_code():
    assert run_tied(os.getpid(), "-c", "raise SystemExit(7)").returncode == 7
