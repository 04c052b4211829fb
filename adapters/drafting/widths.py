"""Guess the columns of fixed-width text: from a layout beside it, a header line, or its blanks.

A column begins where a letter or digit follows a place that is blank in all lines, and where in
almost all lines a letter follows a digit. Both are guesses: a column that is filled to its last
place in some line runs into the next one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from adapters.drafting.codepages import guess_codepage
from adapters.drafting.names import name_column
from adapters.mapping.sources import FileColumn

__all__ = ["Ruled", "find_columns", "read_layout"]

_MOST: Final = 0.98
_SOME: Final = 5
_LINES: Final = 2_000
_ENDINGS: Final = (".layout", ".lay", ".fmt", ".sch")
_LAYOUT: Final = re.compile(r"\s*(?P<name>[^\W\d][\w .-]*?)[\s,;:|]+(?P<a>\d+)[\s,;:|-]+(?P<b>\d+)")


@dataclass(frozen=True, slots=True)
class Ruled:
    """The columns of a text of fixed width.

    Attributes:
        columns: With start and width.
        skip: Lines above the data.
        why: What told the columns.
    """

    columns: tuple[FileColumn, ...]
    skip: int
    why: str


def find_columns(text: str) -> Ruled:
    """Guess the columns of a text by its own lines."""
    lines = [line.rstrip("\r\n\x1a") for line in text.splitlines()[:_LINES]]
    lines = [line for line in lines if line.strip()]
    body = lines[1:] or lines
    header = lines[0] if len(lines) > 1 and _is_header(lines[0]) else ""
    starts = _find_starts(body if header else lines)
    names = _name(header, starts)
    ends = [*starts[1:], max((len(line) for line in lines), default=1)]
    columns = [
        FileColumn(name=name, start=start, width=max(end - start, 1))
        for name, start, end in zip(names, starts, ends, strict=True)
    ]
    why = "its first line names them" if header else "places that are blank in all lines"
    return Ruled(tuple(columns), 1 if header else 0, why)


def _is_header(line: str) -> bool:
    """Tell whether a line names columns: no digits, and at least two words that are known."""
    words = re.split(r"\s{2,}", line.strip()) if "  " in line.strip() else line.split()
    known = [word for word in {*words, *line.split()} if name_column(word) is not None]
    return len(known) > 1 and not any(sign.isdigit() for sign in line)


def _find_starts(lines: Sequence[str]) -> list[int]:
    width = max((len(line) for line in lines), default=0)
    blank = [all(_at(line, place) == " " for line in lines) for place in range(width)]
    starts = [
        place
        for place in range(width)
        if not blank[place] and (place == 0 or blank[place - 1] or _turns(lines, place))
    ]
    return [0, *(start for start in starts if start)]


def _turns(lines: Sequence[str], place: int) -> bool:
    """Tell whether a digit ends and a letter begins at one place, as far as lines are filled."""
    pairs = [(_at(line, place - 1), _at(line, place)) for line in lines]
    full = [pair for pair in pairs if " " not in pair]
    turned = sum(left.isdigit() and right.isalpha() for left, right in full)
    back = sum(left.isalpha() and right.isdigit() for left, right in full)
    most = _MOST * len(full)
    return len(full) * _SOME > len(lines) and (
        turned >= most or (back >= most and _is_code(lines, place - 1))
    )


def _is_code(lines: Sequence[str], place: int) -> bool:
    """Tell whether a place holds a code of one letter that stands for itself: few, and repeated."""
    signs = {_at(line, place) for line in lines}
    apart = all(_at(line, place - 1) == " " or not _at(line, place - 1).isalnum() for line in lines)
    return apart and 1 < len(signs) <= len(lines) // 3


def _at(line: str, place: int) -> str:
    return line[place] if place < len(line) else " "


def _name(header: str, starts: Sequence[int]) -> list[str]:
    """Name columns by the header above them; without one they are numbered."""
    ends = [*starts[1:], len(header) + 1]
    told = [header[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    names: list[str] = []
    for number, name in enumerate(told, start=1):
        taken = name.lower() in {other.lower() for other in names}
        names.append(f"column {number}" if not name or taken else name)
    return names


def read_layout(path: Path) -> Ruled | None:
    """Read the layout beside a file: lines of a name and two numbers; None where there is none.

    The second number is a width, or the last place where the columns would overlap otherwise.
    Places count from 1, unless one begins at 0.
    """
    beside = next((p for end in _ENDINGS if (p := path.with_suffix(end)).is_file()), None)
    if beside is None:
        return None
    data = beside.read_bytes()
    lines = data.decode(guess_codepage(data), "replace").splitlines()
    found = [m for line in lines if (m := _LAYOUT.match(line))]
    told = sorted((int(m["a"]), int(m["b"]), m["name"].strip()) for m in found)
    if not told:
        return None
    first = min(told[0][0], 1)
    ends = any(a + b > after for (a, b, _), (after, _, _) in pairwise(told))
    columns = (
        FileColumn(name=name, start=a - first, width=max(b - a + 1 if ends else b, 1))
        for a, b, name in told
    )
    return Ruled(tuple(columns), 0, f"{beside.name} says so")
