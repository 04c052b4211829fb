"""Find the line of a key in a TOML text, so that an error can name it.

`tomllib` does not keep lines. Only the headers and the keys at the beginning of a statement are
read here; strings and brackets are followed just far enough not to be taken for keys. A key inside
an inline table has the line of the statement that it is in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

__all__ = ["Fault", "Location", "Origin", "index_lines", "suggest"]

Location = tuple[str | int, ...]
"""The way to a key: ("field", 2, "column") is `column` in the third `[[field]]`."""

Fault = tuple[Location, str]
"""Where a mapping is wrong, and what to write instead."""

_KEY: Final = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED: Final = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER: Final = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_STATEMENT: Final = re.compile(rf"\s*({_DOTTED})\s*=(.*)$", re.DOTALL)
_PART: Final = re.compile(_KEY)
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|' + r"'''(?:[^']|'(?!''))*'''|"
    r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'|#[^\n]*|[\[\]{}]|\n",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Which file a mapping came from, and the lines of its keys."""

    file: str = "mapping"
    lines: dict[Location, int] = field(default_factory=dict)

    def line(self, place: Location) -> int:
        """Return the line of a key, or of the nearest block around it; 1 where none is known."""
        for length in range(len(place), 0, -1):
            found = self.lines.get(place[:length])
            if found is not None:
                return found
        return 1

    def tell(self, place: Location) -> str:
        """Write a place as `file:line: block.key`."""
        name = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
        return f"{self.file}:{self.line(place)}: {name}"


def index_lines(text: str) -> dict[Location, int]:
    """Return the line, from 1, of each header and each key of a TOML text."""
    lines: dict[Location, int] = {}
    counts: dict[Location, int] = {}
    table: Location = ()
    for number, statement in _statements(text):
        header = _HEADER.match(statement)
        if header is not None:
            table = _open(header, counts)
            lines.setdefault(table, number)
            lines.setdefault(table[:-1] if isinstance(table[-1], int) else table, number)
            continue
        found = _STATEMENT.match(statement)
        if found is not None:
            lines.setdefault((*table, *_parts(found.group(1))), number)
    return lines


def _open(header: re.Match[str], counts: dict[Location, int]) -> Location:
    """Return the way to the table that a header opens; a `[[table]]` adds its number."""
    way: Location = ()
    parts = _parts(header.group(2))
    for part in parts[:-1]:
        way = (*way, part)
        if way in counts:
            way = (*way, counts[way] - 1)
    way = (*way, parts[-1])
    if header.group(1) == "[[":
        counts[way] = counts.get(way, 0) + 1
        return (*way, counts[way] - 1)
    return way


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _statements(text: str) -> list[tuple[int, str]]:
    """Cut a text into statements with their first lines; brackets and strings may span lines."""
    found: list[tuple[int, str]] = []
    start, line, first, depth = 0, 1, 1, 0
    for token in _TOKEN.finditer(text + "\n"):
        word = token.group()
        if word in {"[", "{"}:
            depth += 1
        elif word in {"]", "}"}:
            depth -= 1
        elif word == "\n" and depth <= 0:
            found.append((first, text[start : token.start()]))
            start, first, depth = token.end(), line + 1, 0
        line += word.count("\n")
    return found


def suggest(word: str, known: list[str]) -> str:
    """Say what may have been meant, as the end of a sentence; empty where nothing is near."""
    near = get_close_matches(word, known, n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(near)}?" if near else ""
