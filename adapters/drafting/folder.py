"""Look at a folder of files: delimited text, workbooks, Parquet. Each file is one table."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from adapters.banks.files.formats import open_grid
from adapters.contract import AdapterError
from adapters.drafting.shape import SAMPLE, DraftError, Seen, Table, make_columns
from adapters.mapping.sources import Files, FileTable

__all__ = ["look_at_folder"]

Format = Literal["csv", "excel", "parquet"]

_FORMATS: Final[dict[str, Format]] = {
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "excel"),
    ".parquet": "parquet",
}
_BEGINNING: Final = 1 << 16
_CYRILLIC: Final = re.compile("[А-яЁёІіЇїЎў]")


def look_at_folder(folder: Path) -> Seen:
    """Look at the files of one format, the one that most files have.

    Raises:
        DraftError: There is no file of a format that can be looked at.
    """
    format_, paths = _choose(folder)
    encoding, delimiter = "utf-8", ","
    if format_ == "csv":
        encoding, delimiter = _read_wording(paths[0])
    tables: list[FileTable] = [FileTable(table=_word(path), path=path.name) for path in paths]
    files = Files(format=format_, encoding=encoding, delimiter=delimiter, table=tuple(tables))
    block = ["[files]", f'format = "{format_}"']
    if format_ == "csv":
        block += [f"encoding = {_quote(encoding)}", f"delimiter = {_quote(delimiter)}"]
    for table in tables:
        block += [
            "[[files.table]]",
            f"table = {_quote(table.table)}",
            f"path = {_quote(table.path)}",
        ]
    return Seen(folder.resolve().name, "files", tuple(block), tuple(_look(files, folder)))


def _choose(folder: Path) -> tuple[Format, list[Path]]:
    found: dict[Format, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _FORMATS and path.is_file():
            found.setdefault(_FORMATS[path.suffix.lower()], []).append(path)
    if not found:
        wanted = ", ".join(sorted(_FORMATS))
        raise DraftError(
            f"{folder}: no {wanted} in it; for xml and fixed width see docs/mapping.md"
        )
    return max(found.items(), key=lambda item: len(item[1]))


def _word(path: Path) -> str:
    return re.sub(r"\W+", "_", path.stem).strip("_") or "table"


def _read_wording(path: Path) -> tuple[str, str]:
    """Guess the code page and the delimiter of delimited text."""
    with path.open("rb") as file:
        data = file.read(_BEGINNING).rpartition(b"\n")[0] or path.read_bytes()
    encoding = _guess_encoding(data)
    text = data.decode(encoding, "replace")
    try:
        return encoding, csv.Sniffer().sniff(text, ",;\t|").delimiter
    except csv.Error:
        return encoding, ","


def _guess_encoding(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        cyrillic = len(_CYRILLIC.findall(data.decode("cp1251", "replace")))
        return "cp1251" if cyrillic > len(data) // 20 else "cp1252"
    return "utf-8"


def _look(files: Files, folder: Path) -> Iterator[Table]:
    for table in files.tables:
        try:
            grid = open_grid(files, table, path=folder / table.path)
            rows = [row for row in islice(grid.rows, SAMPLE) if len(row) == len(grid.columns)]
        except AdapterError:
            raise DraftError(f"{table.path}: cannot be read as {files.format}") from None
        yield Table(
            table.table,
            # The loader makes an index on each column that is searched.
            make_columns(grid.columns, rows, grid.columns),
            rows=len(rows),
        )


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
