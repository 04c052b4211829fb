"""Read delimited text (CSV) of any code page and delimiter."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from adapters.banks.files.cells import Row
from adapters.banks.files.text import open_text
from adapters.contract import BankFaultError

__all__ = ["read_delimited"]

_END_OF_FILE: Final = ["\x1a"]
"""The end mark of CP/M, which some exports still write as their last line."""


def read_delimited(path: Path, encoding: str, *, delimiter: str) -> Iterator[Row]:
    """Yield the rows of a delimited file, header and blank rows too.

    Args:
        path: The file.
        encoding: Its code page.
        delimiter: One character between cells.

    Raises:
        BankFaultError: The file does not decode, or has a cell of over 131,072 characters.
        MappingError: The code page is unknown.
    """
    with open_text(path, encoding) as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            yield from (row for row in reader if row != _END_OF_FILE)
        except csv.Error:
            raise BankFaultError(f"line {reader.line_num}: a cell is broken or too long") from None
