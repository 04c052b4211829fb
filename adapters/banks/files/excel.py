"""Read a sheet of a workbook. Formulas are not computed: the values that were saved are read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from adapters.banks.files.cells import Cell, Row
from adapters.contract import BankFaultError, MappingError

__all__ = ["read_excel"]

_UNPACKED_LIMIT: Final = 1 << 30
"""Bytes that a workbook may have when unpacked: a small file can unpack to fill the memory."""


def read_excel(path: Path, sheet: str = "") -> Iterator[Row]:
    """Yield the rows of one sheet.

    Args:
        path: The workbook (xlsx, xls, ods).
        sheet: Its name; the first sheet where it is empty.

    Raises:
        BankFaultError: It is no workbook, or unpacks to more than 1 GiB.
        MappingError: There is no such sheet.
    """
    for row in _open_sheet(path, sheet).iter_rows():
        yield [_read_cell(cell) for cell in row]


def _open_sheet(path: Path, sheet: str) -> CalamineSheet:
    try:
        _verify_size(path)
        book = CalamineWorkbook.from_path(path)
        if sheet and sheet not in book.sheet_names:
            raise MappingError(f'sheet = "{sheet}": the workbook has no such sheet')
        return book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
    except (CalamineError, zipfile.BadZipFile, OSError, IndexError):
        raise BankFaultError("the file is not a workbook that can be read") from None


def _verify_size(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > _UNPACKED_LIMIT:
            raise BankFaultError(f"the workbook unpacks to more than {_UNPACKED_LIMIT} bytes")


def _read_cell(cell: Cell | timedelta) -> Cell:
    return str(cell) if isinstance(cell, timedelta) else cell
