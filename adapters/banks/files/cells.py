"""What every reader yields: named columns, and rows of plain cells.

SQLite gets text alone. A number in a sheet and the same number in a question are then equal
whatever the file called them, and an index serves every comparison.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Final

from adapters.contract import BankFaultError

__all__ = ["CELL_LIMIT", "Cell", "Grid", "Row", "build_grid", "name_columns", "render_cell"]

Cell = str | int | float | bool | Decimal | date | datetime | time | None
"""One value of a file, as its reader understood it."""

Row = Sequence[Cell]
"""The cells of one row, in the order of the columns."""

_BREAKS: Final = re.compile(r"\s*[.\r\n\v\f\x85\u2028\u2029]\s*")

CELL_LIMIT: Final = 1_000_000
"""Characters of one cell at most; more is a broken file, not a value."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of a file. `rows` can be read once; a row may have too few or too many cells."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def render_cell(cell: Cell) -> str | None:
    """Write a cell as text: numbers without a needless `.0`, dates as ISO 8601, no blanks around.

    Returns:
        The text, or None where there is no value.

    Raises:
        BankFaultError: The cell is longer than `CELL_LIMIT`, or no text, number or date.
    """
    if isinstance(cell, str):
        text = cell.strip()
    elif isinstance(cell, bool):
        text = "true" if cell else "false"
    elif isinstance(cell, int | float | Decimal):
        text = _render_number(cell)
    else:
        text = _render_time(cell)
    if len(text) > CELL_LIMIT:
        raise BankFaultError(f"a cell is longer than {CELL_LIMIT} characters")
    return text or None


def _render_number(number: float | Decimal) -> str:
    if not math.isfinite(number):
        return ""
    return str(int(number)) if number == int(number) else str(number)


def _render_time(cell: date | datetime | time | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.timetz() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    raise BankFaultError("a cell is neither text nor number nor date")


def build_grid(rows: Iterator[Row], columns: tuple[str, ...] = (), *, skip: int = 0) -> Grid:
    """Take the rows of a file for a grid; blank rows are left out.

    Args:
        rows: All rows, blank ones too.
        columns: The names of the columns; where there are none the first row names them.
        skip: Rows at the beginning that are neither header nor data, blank ones counted.

    Raises:
        BankFaultError: There is no header row, or it names a column twice.
    """
    full = (row for row in islice(rows, skip, None) if any(cell not in {"", None} for cell in row))
    if columns:
        return Grid(columns, full)
    header = next(full, None)
    if header is None:
        raise BankFaultError("the file has no header row")
    return Grid(name_columns(header), full)


def name_columns(header: Row) -> tuple[str, ...]:
    """Name the columns by the cells of a header row; an empty one is called `column 3`.

    Dots and line breaks become blanks, for a mapping writes a column as `table.column` in one line.

    Raises:
        BankFaultError: Two columns have one name; SQLite does not tell upper from lower case.
    """
    texts = (_BREAKS.sub(" ", render_cell(cell) or "").strip() for cell in header)
    names = tuple(text or f"column {n}" for n, text in enumerate(texts, start=1))
    if len({name.lower() for name in names}) < len(names):
        raise BankFaultError(
            "two columns of the header row have the same name; "
            "write header = false, skip it and name the columns"
        )
    return names
