"""Find the row that names the columns: exports have titles, dates and `sep=;` above it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count, islice
from pathlib import Path
from statistics import median
from typing import Final

from adapters.banks.files.cells import Row, name_columns
from adapters.banks.files.delimited import read_delimited
from adapters.banks.files.excel import read_excel
from adapters.mapping.sources import Files

__all__ = ["find_header", "name_apart"]

_HEAD: Final = 40
"""Rows that are looked at."""

_FULL: Final = 0.75
"""A header fills so large a share of the cells that most rows fill."""


def find_header(files: Files, path: Path) -> int:
    """Return how many rows, blank ones too, stand above the first that is as full as most are.

    Raises:
        BankFaultError: The file is not of its format.
    """
    filled = [
        sum(cell is not None and str(cell).strip() != "" for cell in row)
        for row in islice(_read(files, path), _HEAD)
    ]
    usual = median([count for count in filled if count] or [0])
    return next((n for n, count in enumerate(filled) if count and count >= _FULL * usual), 0)


def name_apart(files: Files, path: Path, skip: int) -> tuple[str, ...]:
    """Name the columns of a header with one name twice; nothing where each has another.

    The second `date` is called `date 2`, and so on.

    Raises:
        BankFaultError: The file is not of its format.
    """
    header = next(islice(_read(files, path), skip, None), ())
    plain = [name_columns([*[None] * place, cell])[place] for place, cell in enumerate(header)]
    names: list[str] = []
    for name in plain:
        taken = {each.lower() for each in names}
        ways = chain([name], (f"{name} {number}" for number in count(2)))
        names.append(next(way for way in ways if way.lower() not in taken))
    return tuple(names) if names != plain else ()


def _read(files: Files, path: Path) -> Iterator[Row]:
    if files.format == "excel":
        return read_excel(path)
    return read_delimited(path, files.encoding, delimiter=files.delimiter)
