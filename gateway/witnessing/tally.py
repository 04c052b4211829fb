"""How many witnesses have signed up to where: what a proof that is pending waits for."""

from __future__ import annotations


class Tally:
    """Counts signatures by the size of the checkpoint that they are under.

    A checkpoint is forgotten once one that covers no less has no fewer, so that no more are kept
    than there are witnesses.
    """

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def add(self, size: int, count: int) -> None:
        """Note that a checkpoint of `size` entries has `count` signatures."""
        if self.of(size - 1) >= count:
            return
        kept = {s: c for s, c in self._counts.items() if s > size or c > count}
        self._counts = {**kept, size: count}

    def of(self, index: int) -> int:
        """How many have signed one checkpoint that covers the entry of an index."""
        return max((c for size, c in self._counts.items() if size > index), default=0)
