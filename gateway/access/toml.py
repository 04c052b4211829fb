"""Find the line of a key in a TOML text, and write plain tables as TOML.

The standard library reads TOML and tells no places; an operator who has to mend a file needs one.
Only the line is searched for here, the values are always tomllib's.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Place: TypeAlias = tuple[str | int, ...]

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*[^\s=]+)*)\s*=")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def line_of(text: str, place: Place) -> int:
    """Return the line, from 1, that comes closest to a key; 0 where nothing of it is written.

    Args:
        text: The TOML text.
        place: Names of tables and keys and numbers of array elements, as ("members", 2, "code").
    """
    best, line = 0, 0
    for number, found in _places(text):
        common = _common(found, place)
        if common > best:
            best, line = common, number
    return line


def line_of_fault(error: ValueError, text: str) -> int:
    """Return the line, from 1, at which a text is no TOML: tomllib says it, or it is the end."""
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else text.count("\n") + 1


def write_toml(table: Mapping[str, Any]) -> str:
    """Write a table of texts, numbers, tables, and lists of texts or of tables."""
    return "\n".join(_lines(table, "")).lstrip("\n") + "\n"


def _places(text: str) -> Iterator[tuple[int, Place]]:
    """Yield each header and key with its line and its place."""
    table: Place = ()
    counts: dict[Place, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = _enter(counts, _split(header[2]), is_array=header[1] == "[[")
            yield number, table
        elif key := _KEY.match(line):
            yield number, table + _split(key[1])


def _enter(counts: dict[Place, int], names: Place, *, is_array: bool) -> Place:
    """Resolve the names of a header to a path with the numbers of the arrays that are open."""
    path: Place = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, names[-1])
    if is_array:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path


def _split(dotted: str) -> Place:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _common(found: Place, wanted: Place) -> int:
    """Count the leading parts that two paths share; 0 where `found` leads elsewhere."""
    if len(found) > len(wanted):
        return 0
    return len(found) if found == wanted[: len(found)] else 0


def _lines(table: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for key, value in table.items():
        if not _is_table(value):
            yield f"{_name(key)} = {_scalar(value)}"
    for key, value in table.items():
        if _is_table(value):
            dotted = f"{prefix}{_name(key)}"
            is_array = not hasattr(value, "items")
            for each in value if is_array else [value]:
                yield f"\n[[{dotted}]]" if is_array else f"\n[{dotted}]"
                yield from _lines(each, f"{dotted}.")


def _is_table(value: object) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return hasattr(first, "items")


def _name(key: str) -> str:
    return key if _BARE.fullmatch(key) else _scalar(key)


def _scalar(value: str | int | Sequence[str]) -> str:
    """Write a text as a basic string; JSON's escapes are TOML's, but for DEL."""
    if isinstance(value, list):
        return "[" + ", ".join(_scalar(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
