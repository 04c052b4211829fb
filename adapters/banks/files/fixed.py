"""Read fixed-width text. Widths are characters, so they hold in code pages of several bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from adapters.banks.files.cells import CELL_LIMIT, Row
from adapters.banks.files.text import open_text
from adapters.contract import BankFaultError

__all__ = ["Slot", "read_fixed"]

Slot = tuple[int, int]
"""Start (from 0) and width of a column, in characters."""


def read_fixed(path: Path, encoding: str, *, slots: Sequence[Slot]) -> Iterator[Row]:
    """Yield one row a line. A line may end early: blanks at its end are often cut off.

    Raises:
        BankFaultError: A line does not decode or is longer than a million characters.
        MappingError: The code page is unknown.
    """
    with open_text(path, encoding) as file:
        for line in iter(lambda: file.readline(CELL_LIMIT), ""):
            if len(line) == CELL_LIMIT:
                raise BankFaultError(f"a line has over {CELL_LIMIT} characters")
            text = line.rstrip("\r\n\x1a")
            yield [text[start : start + width].strip() for start, width in slots]
