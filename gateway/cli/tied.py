"""Run a Python program that ends when its parent does: `python tied.py PARENT ARGUMENTS`.

A parent that is killed cannot end its children. So the kernel is told to: Linux sends a signal
when the parent is gone, and keeps that in mind when the program is replaced by another. The file
is run by its path and imports nothing of ours, so that it costs a few milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

__all__ = ["main"]

_SET_PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of linux/prctl.h."""


def main(parent: int, arguments: list[str]) -> None:
    """Become `python ARGUMENTS`, tied to the process `parent`; never returns.

    Raises:
        OSError: The kernel knows no such tie, or Python cannot be started.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        sys.exit(1)  # it was gone before the kernel knew whom to watch
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - our own modules


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
