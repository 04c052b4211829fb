"""Say where in its file a mapping is wrong: file, line, column and key.

A fault carries the way to what is wrong. Mostly that is a value; a `Key` at the end of the way says
that the key itself is meant, an `Inside` that one character of a string is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from adapters.mapping.spans import Location, Point, find_spans

__all__ = ["Fault", "Inside", "Key", "Location", "Origin", "Point", "name_place", "suggest"]

Fault = tuple[Location, str]
"""Where a mapping is wrong, and what to write instead."""


class Key(str):
    """The last part of a way, where the key is wrong and not what is written behind it."""

    __slots__ = ()


class Inside(int):
    """The last part of a way into a string: so many characters of its text are before."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Which file a mapping came from, and its text."""

    file: str = "mapping"
    text: str = ""

    def point(self, place: Location) -> Point:
        """Return line and column of a place, or of the nearest block around it; else 1, 1."""
        spans = find_spans(self.text)
        inside = place[-1] if place and isinstance(place[-1], Inside) else None
        way = place if inside is None else place[:-1]
        key = spans.keys.get(way) if way and isinstance(way[-1], Key) else None
        if key is not None:
            return spans.point(key)
        for length in range(len(way), 0, -1):
            found = spans.values.get(way[:length])
            if found is not None:
                return spans.point(found, inside if length == len(way) else None)
        return 1, 1

    def tell(self, place: Location) -> str:
        """Write a place as `file:line:column: block.key`."""
        line, column = self.point(place)
        return ": ".join(filter(None, (f"{self.file}:{line}:{column}", name_place(place))))

    def report(self, faults: Iterable[Fault], most: int | None = None) -> str:
        """Write one line for each fault, in the order of the file; `most` at most."""
        told = sorted(
            {(self.point(place), f"{self.tell(place)}: {text}") for place, text in faults}
        )
        lines = [text for _, text in told[:most]]
        if len(told) > len(lines):
            lines.append(f"{self.file}: {len(told) - len(lines)} more")
        return "\n".join(lines)


def name_place(place: Location) -> str:
    """Write the way to a place as `block.key`, blocks of one name numbered from 1."""
    named = (part for part in place if not isinstance(part, Inside))
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in named)


def suggest(word: str, known: list[str]) -> str:
    """Say what may have been meant, as the end of a sentence; empty where nothing is near."""
    names = {name.casefold(): name for name in reversed(known)}
    found = get_close_matches(word.casefold(), names, n=3, cutoff=0.6)
    near = [names[name] for name in found]
    return f"; did you mean {' or '.join(near)}?" if near else ""
