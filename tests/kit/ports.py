"""Rows of ports for whole federations; several test runs on one machine do not meet."""

from __future__ import annotations

import random

from seeds.ports import COUNT, Ports, reserve


def reserve_ports() -> Ports:
    """A row that no other test is given while this process runs, on this machine."""
    starts = list(range(20_000, 31_000, COUNT))
    random.SystemRandom().shuffle(starts)
    found = (start for start in starts if all(map(reserve, range(start, start + COUNT))))
    return Ports(next(found))
