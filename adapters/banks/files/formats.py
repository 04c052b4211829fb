"""Choose the reader of a format and hand it what the mapping says about one table."""

from __future__ import annotations

from pathlib import Path

from adapters.banks.files.cells import Grid, build_grid
from adapters.banks.files.delimited import read_delimited
from adapters.banks.files.excel import read_excel
from adapters.banks.files.fixed import read_fixed
from adapters.banks.files.lines import Plan, read_lines
from adapters.banks.files.markup import Branch, read_markup, split_path
from adapters.banks.files.parquet import read_parquet
from adapters.mapping.sources import Files, FileTable

__all__ = ["open_grid"]


def open_grid(files: Files, table: FileTable, *, path: Path) -> Grid:
    """Open one file, sheet or element list for reading.

    Raises:
        MappingError: The file has no such sheet, or a path of elements is no path.
        BankFaultError: The file is not of its format; later faults come while it is read.
    """
    if files.format == "parquet":
        return read_parquet(path)
    if files.format == "xml":
        return read_markup(path, _plan_branch(files, table))
    if files.format == "jsonl":
        return read_lines(path, files.encoding, _plan_lines(table))
    names = tuple(column.name for column in table.columns)
    if files.format == "fixed":
        slots = [(column.start or 0, column.width or 0) for column in table.columns]
        rows = read_fixed(path, files.encoding, slots=slots)
    elif files.format == "excel":
        rows, names = read_excel(path, table.sheet or ""), _free_names(table, names)
    else:
        rows = read_delimited(path, files.encoding, delimiter=files.delimiter)
        names = _free_names(table, names)
    return build_grid(rows, names, skip=table.skip)


def _free_names(table: FileTable, names: tuple[str, ...]) -> tuple[str, ...]:
    """Leave the names to the header row where there is one."""
    return () if table.header else names


def _plan_lines(table: FileTable) -> Plan:
    columns = tuple((column.name, column.path or column.name) for column in table.columns)
    return Plan(table.rows or "", table.parent or "", columns, table.skip)


def _plan_branch(files: Files, table: FileTable) -> Branch:
    """Find out below which table's rows the rows of a child table are."""
    rows = split_path(table.rows or "")
    within = rows
    if table.parent:
        others = [split_path(t.rows or "") for t in files.tables if t.path == table.path]
        above = [o for o in others if len(o) < len(rows) and rows[: len(o)] == o]
        within = max(above, key=len, default=rows[:-1])
    columns = tuple((column.name, column.path or "") for column in table.columns)
    return Branch(rows, within, table.parent or "", columns)
