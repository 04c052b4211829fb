"""Put the spans of one search in the order and at the places in which a person reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gateway.trace.file import Line

SEARCH_ATTRIBUTE: Final = "kalkan.search_id"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the drawing.

    Attributes:
        line: The span.
        depth: How many spans are above it.
        begin: Where it begins, 0 to 1 of the whole.
        end: Where it ends, 0 to 1, not before `begin`.
    """

    line: Line
    depth: int
    begin: float
    end: float

    @property
    def ms(self) -> float:
        """Milliseconds that it took."""
        return (self.line.end_ns - self.line.start_ns) / 1e6


def find_trace(lines: Iterable[Line], search: str) -> list[Line]:
    """All spans of the traces in which a search was made, by its id or the beginning of it."""
    known = list(lines)
    traces = {
        line.trace
        for line in known
        if search and str(line.attributes.get(SEARCH_ATTRIBUTE, "")).startswith(search)
    }
    return [line for line in known if line.trace in traces]


def lay_out(lines: Iterable[Line]) -> list[Step]:
    """Order spans as a tree, each below the one that called it, by their beginning."""
    spans = sorted(lines, key=lambda line: (line.start_ns, line.end_ns, line.span))
    if not spans:
        return []
    known = {line.span for line in spans}
    below: dict[str, list[Line]] = defaultdict(list)
    for line in spans:
        # A caller that wrote no file has no line here: what it called stands at the top.
        below[line.parent if line.parent in known else ""].append(line)
    first = spans[0].start_ns
    whole = max(1, max(line.end_ns for line in spans) - first)
    return [_place(line, depth, first, whole) for line, depth in _walk(below)]


def _walk(below: dict[str, list[Line]]) -> Iterator[tuple[Line, int]]:
    waiting = [(line, 0) for line in reversed(below[""])]
    while waiting:
        line, depth = waiting.pop()
        yield line, depth
        waiting.extend((each, depth + 1) for each in reversed(below.pop(line.span, [])))


def _place(line: Line, depth: int, first: int, whole: int) -> Step:
    begin = (line.start_ns - first) / whole
    return Step(line, depth, begin, max(begin, (line.end_ns - first) / whole))
