"""Read JSON lines: one object a line. A path leads into objects, a list in one is a child table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from adapters.banks.files.cells import Cell, Grid, Row
from adapters.banks.files.text import open_text
from adapters.contract import BankFaultError

__all__ = ["LINE_LIMIT", "PARENT", "Plan", "read_lines"]

PARENT: Final = "_parent"
"""The column of a child table that holds a value of the outer object."""

LINE_LIMIT: Final = 8 << 20
"""Characters of one line at most."""

_SELF: Final = "."


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes rows.

    Attributes:
        rows: Path to the list in each object whose items become rows; empty: the objects do.
        parent: Path in the object to the value of `_parent`, or empty.
        columns: Name and path of each column, from the row's item; `.` is a plain item itself.
        skip: Lines at the beginning that are left out.
    """

    rows: str
    parent: str
    columns: tuple[tuple[str, str], ...]
    skip: int = 0


def read_lines(path: Path, encoding: str, plan: Plan) -> Grid:
    """Read a file of JSON lines; blank lines are left out.

    Raises:
        BankFaultError: A line does not decode, is too long or no JSON object, or a column holds
            an object or a list; while it is read. The text names the line.
    """
    names = tuple(name for name, _ in plan.columns)
    columns = (PARENT, *names) if plan.parent else names
    return Grid(columns, _read_rows(path, encoding, plan))


def _read_rows(path: Path, encoding: str, plan: Plan) -> Iterator[Row]:
    paths = tuple(column for _, column in plan.columns)
    for number, record in _read_objects(path, encoding, plan.skip):
        try:
            parent = (_find_cell(record, plan.parent),) if plan.parent else ()
            items = _find_items([record], plan.rows.split(".")) if plan.rows else [record]
            for item in items:
                yield (*parent, *(_find_cell(item, column) for column in paths))
        except BankFaultError as exc:
            raise BankFaultError(f"line {number}: {exc}") from None


def _read_objects(path: Path, encoding: str, skip: int) -> Iterator[tuple[int, dict[str, Any]]]:
    with open_text(path, encoding) as file:
        lines = iter(lambda: file.readline(LINE_LIMIT), "")
        for number, line in enumerate(lines, start=1):
            if len(line) == LINE_LIMIT:
                raise BankFaultError(f"line {number}: has over {LINE_LIMIT} characters")
            if number > skip and line.strip():
                yield number, _read_object(line, number)


def _read_object(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise BankFaultError(f"line {number}: not JSON") from None
    if not isinstance(found, dict):
        raise BankFaultError(f"line {number}: not a JSON object")
    return found


def _find_items(values: Sequence[Any], steps: Sequence[str]) -> list[Any]:
    """Follow a path to items; a list on the way stands for all that is in it."""
    found = list(values)
    for step in steps:
        below = (value.get(step) for value in found if isinstance(value, dict))
        found = [item for value in below for item in _flatten(value)]
    return found


def _flatten(value: Any) -> list[Any]:  # noqa: ANN401 - whatever JSON held
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _find_cell(item: Any, path: str) -> Cell:  # noqa: ANN401 - whatever JSON held
    """Follow a path to one value; None where it leads nowhere.

    Raises:
        BankFaultError: It leads to an object or a list.
    """
    value = item
    for step in () if path == _SELF else path.split("."):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise BankFaultError(f"{path!r} leads through no object; give it a table of its own")
        value = value.get(step)
    if isinstance(value, dict | list):
        raise BankFaultError(f"{path!r} is no single value; give it a table of its own")
    found: Cell = _mend(value) if isinstance(value, str) else value
    return found


def _mend(text: str) -> str:
    """Put the sign for what is broken where JSON escaped half a character."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
