"""A node with a planted leak: `python -m tests.bench.leaky MICROSECONDS late|early node serve ...`.

Whenever it finds somebody in a hidden bank whom its policy shows to nobody, it takes so much longer
to answer: late, after the time grid, where it must be seen by `tests.bench.withheld`, or early,
before it, where the grid must hide it. The rest is the command itself.
"""

import sys
import time

from gateway.cli.main import main
from gateway.node import hidden
from gateway.node.node import Node

_withheld: set[int] = set()


def spin(microseconds: float) -> None:
    """Do nothing for a while, as work does: the loop waits too."""
    ends = time.perf_counter() + microseconds / 1e6
    while time.perf_counter() < ends:
        pass


def plant(microseconds: float, where: str) -> None:
    """Plant it in this process."""
    search, keep = hidden._search_hidden, Node._keep_for_owner

    async def search_hidden(behind, probe, limits):
        result = await search(behind, probe, limits)
        if result.records and not behind.released:
            if where == "early":
                spin(microseconds)
            else:
                _withheld.add(id(behind))
        return result

    def keep_for_owner(node, asked, answer, call):
        for behind in asked.behind:
            if id(behind) in _withheld:
                _withheld.remove(id(behind))
                spin(microseconds)
        keep(node, asked, answer, call)

    hidden._search_hidden = search_hidden
    Node._keep_for_owner = keep_for_owner


if __name__ == "__main__":
    plant(float(sys.argv[1]), sys.argv[2])
    sys.argv[1:3] = []
    main()
