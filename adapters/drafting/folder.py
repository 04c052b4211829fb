"""Look at files: delimited, fixed-width, XML, JSON lines, workbooks, Parquet.

What the columns are is guessed here; the values are read by the readers of the bank itself.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from adapters.banks.files.formats import open_grid
from adapters.contract import AdapterError
from adapters.drafting.branches import find_twigs, read_objects
from adapters.drafting.codepages import guess_codepage
from adapters.drafting.headers import find_header, name_apart
from adapters.drafting.lines import quote
from adapters.drafting.objects import Spread
from adapters.drafting.shape import SAMPLE, DraftError, Seen, Table, Tie, find_key, make_columns
from adapters.drafting.widths import find_columns, read_layout
from adapters.mapping.sources import FileColumn, Files, FileTable

__all__ = ["look_at_folder"]

Format = Literal["csv", "excel", "parquet", "fixed", "xml", "jsonl"]

_FORMATS: Final[dict[str, Format]] = {
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "excel"),
    ".parquet": "parquet",
    ".xml": "xml",
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".txt", ".dat", ".prn", ".asc", ".fix"), "fixed"),
}
_PARENT: Final = "_parent"
_BEGINNING: Final = 1 << 18
_SIGNS: Final = "\t;|,"
_SEPARATOR: Final = re.compile(r"sep=(.)\s*\n", re.IGNORECASE)
_SHARE: Final = 0.95
_TWICE: Final = "the header has one name twice"


@dataclass(frozen=True, slots=True)
class _Plan:
    """How files of one format are read, and why that is thought.

    Attributes:
        why: The reason of a guess by the key in the block, or by the name of the table.
    """

    files: Files
    why: dict[str, str] = field(default_factory=dict)


def look_at_folder(place: Path) -> Seen:
    """Look at one file, or at the files of the format that most files of a folder have.

    Raises:
        DraftError: There is no file of a format that can be looked at, or it is broken.
    """
    folder = place if place.is_dir() else place.parent
    format_, paths = _choose(place)
    try:
        plan = _PLANS.get(format_, _plan_grids)(format_, paths)
        tables = tuple(_look(plan.files, folder))
    except AdapterError as exc:
        raise DraftError(str(exc)) from None
    name = (place if place.is_dir() else place.with_suffix("")).resolve().name
    return Seen(name, "files", tuple(_block(plan)), tables)


def _choose(place: Path) -> tuple[Format, list[Path]]:
    found: dict[Format, list[Path]] = {}
    for path in sorted(place.iterdir()) if place.is_dir() else [place]:
        if path.suffix.lower() in _FORMATS and path.is_file():
            found.setdefault(_recognise(path), []).append(path)
    if not found:
        raise DraftError(f"{place}: write a file or a folder of {', '.join(sorted(_FORMATS))}")
    return max(found.items(), key=lambda item: len(item[1]))


def _recognise(path: Path) -> Format:
    """A text whose lines all hold one sign equally often is delimited, whatever it is called."""
    format_: Format = _FORMATS[path.suffix.lower()]
    if format_ != "fixed" or read_layout(path) is not None:
        return format_
    lines = [line for line in _read_text(path)[1].splitlines() if line.strip()]
    counts = [(sign, lines[0].count(sign)) for sign in _SIGNS] if lines else []
    delimited = any(
        count and sum(line.count(sign) == count for line in lines) >= _SHARE * len(lines)
        for sign, count in counts
    )
    return "csv" if delimited else format_


def _read_text(path: Path) -> tuple[str, str]:
    """Return the code page of a file by its beginning, and that, to the end of a line."""
    with path.open("rb") as file:
        data = file.read(_BEGINNING)
    whole = data.rpartition(b"\n")[0] if len(data) == _BEGINNING else data
    encoding = guess_codepage(whole or data)
    return encoding, (whole or data).decode(encoding, "replace").removeprefix("\ufeff")


def _word(path: Path) -> str:
    return re.sub(r"\W+", "_", path.stem).strip("_") or "table"


def _plan_grids(format_: Format, paths: Sequence[Path]) -> _Plan:
    tables = tuple(FileTable(table=_word(path), path=path.name) for path in paths)
    files = Files(format=format_, table=tables)
    return _skip_titles(files, paths) if format_ == "excel" else _Plan(files)


def _skip_titles(files: Files, paths: Sequence[Path]) -> _Plan:
    tables = [_find_header(files, *pair) for pair in zip(files.tables, paths, strict=True)]
    why = {
        table.table: "the rows above fill fewer cells" if table.header else _TWICE
        for table in tables
        if table.skip
    }
    return _Plan(files.model_copy(update={"tables": tuple(tables)}), why)


def _find_header(files: Files, table: FileTable, path: Path) -> FileTable:
    try:
        skip = find_header(files, path)
        names = name_apart(files, path, skip)
    except AdapterError:  # it will be told with the name of the file, when it is read
        return table
    if not names:
        return table.model_copy(update={"skip": skip})
    columns = tuple(FileColumn(name=name) for name in names)
    return table.model_copy(update={"header": False, "skip": skip + 1, "columns": columns})


def _plan_delimited(format_: Format, paths: Sequence[Path]) -> _Plan:
    encoding, text = _read_text(paths[0])
    tables = _plan_grids(format_, paths).files.tables
    files = Files(format=format_, encoding=encoding, delimiter=_find_delimiter(text), table=tables)
    plan = _skip_titles(files, paths)
    return _Plan(plan.files, {**plan.why, **_why_encoding(encoding)})


def _find_delimiter(text: str) -> str:
    """Take the sign that a spreadsheet wrote down as `sep=;`, else the one that is used as such."""
    if told := _SEPARATOR.match(text):
        return told[1]
    try:
        return csv.Sniffer().sniff(text, _SIGNS).delimiter
    except csv.Error:
        return ","


def _why_encoding(encoding: str) -> dict[str, str]:
    if encoding == "utf-8":
        return {}
    return {"encoding": "its letters stand beside their like in this code page"}


def _plan_fixed(_: Format, paths: Sequence[Path]) -> _Plan:
    tables, why = [], {}
    for path in paths:
        ruled = read_layout(path) or find_columns(_read_text(path)[1])
        table = _word(path)
        tables.append(
            FileTable(table=table, path=path.name, skip=ruled.skip, columns=ruled.columns)
        )
        why[table] = ruled.why
    encoding = _read_text(paths[0])[0]
    files = Files(format="fixed", encoding=encoding, table=tuple(tables))
    return _Plan(files, {**why, **_why_encoding(encoding)})


def _plan_markup(_: Format, paths: Sequence[Path]) -> _Plan:
    tables, why = [], {}
    for path in paths:
        for twig in find_twigs(path):
            rows = "./" + "/".join(twig.rows)
            record = FileTable(
                table=twig.rows[-1], path=path.name, rows=rows, columns=_columns(twig.paths)
            )
            inner = [(f"{rows}/{place}", place, paths_) for place, paths_ in twig.inner.items()]
            why[twig.rows[-1]] = "this element repeats"
            tables += [record, *_children("xml", path, record, inner)]
    return _Plan(Files(format="xml", table=tuple(_rename(tables))), why)


def _plan_lines(_: Format, paths: Sequence[Path]) -> _Plan:
    tables: list[FileTable] = []
    encoding = _read_text(paths[0])[0]
    for path in paths:
        found = read_objects(path, encoding)
        record = FileTable(table=_word(path), path=path.name, columns=_columns(found.values))
        inner = [(place, place, _inner_paths(below)) for place, below in found.lists.items()]
        tables += [record, *_children("jsonl", path, record, inner)]
    files = Files(format="jsonl", encoding=encoding, table=tuple(_rename(tables)))
    return _Plan(files, _why_encoding(encoding))


def _inner_paths(found: Spread) -> tuple[str, ...]:
    return tuple("." if path == "value" else path for path in found.values)


def _columns(paths: Sequence[str] | dict[str, list[str]]) -> tuple[FileColumn, ...]:
    """Name columns by their paths; a name holds no dot, for one stands behind the table."""
    names: dict[str, str] = {}
    for path in paths:
        word = re.sub(r"\W+", "_", path).strip("_") or "value"
        names[word if word not in names else f"{word}_{len(names)}"] = path
    return tuple(FileColumn(name=name, path=path) for name, path in names.items())


def _children(
    format_: Format,
    path: Path,
    record: FileTable,
    inner: Sequence[tuple[str, str, Sequence[str]]],
) -> Iterator[FileTable]:
    """Make tables of what repeats inside a record, tied by the record's key."""
    files = Files(format=format_, table=(record,))
    key = find_key(_read(files, record, path).columns)
    places = {column.name: column.path for column in record.columns}
    if not key:
        return
    for rows, place, paths in inner:
        if paths:
            word = re.sub(r"\W+", "_", place).strip("_")
            yield FileTable(
                table=word, path=path.name, rows=rows, parent=places[key], columns=_columns(paths)
            )


def _rename(tables: Sequence[FileTable]) -> Iterator[FileTable]:
    """Two tables never have one name."""
    taken: set[str] = set()
    for table in tables:
        name = table.table
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        yield table.model_copy(update={"table": name})


_PLANS: Final[dict[Format, Callable[[Format, Sequence[Path]], _Plan]]] = {
    "csv": _plan_delimited,
    "fixed": _plan_fixed,
    "xml": _plan_markup,
    "jsonl": _plan_lines,
}


def _block(plan: _Plan) -> Iterator[str]:
    files = plan.files
    yield from ("[files]", f'format = "{files.format}"')
    if files.format in {"csv", "fixed", "jsonl"}:
        yield f"encoding = {quote(files.encoding)}" + _mark(plan.why.get("encoding", ""))
    if files.format == "csv":
        yield f"delimiter = {quote(files.delimiter)}"
    for table in files.tables:
        yield from _block_table(table, plan.why.get(table.table, ""))


def _mark(why: str) -> str:
    return f"  # guess: {why}" if why else ""


def _block_table(table: FileTable, why: str) -> Iterator[str]:
    yield from ("[[files.table]]", f"table = {quote(table.table)}", f"path = {quote(table.path)}")
    if table.rows is not None:
        yield f"rows = {quote(table.rows)}" + _mark(why)
    if table.parent is not None:
        yield f"parent = {quote(table.parent)}"
    if table.skip:
        yield f"skip = {table.skip}" + ("" if table.columns else _mark(why))
    if not table.header:
        yield "header = false"
    if table.columns:
        yield "columns = [" + ("" if table.rows is not None else _mark(why))
        yield from (f"  {{ {_write(column)} }}," for column in table.columns)
        yield "]"


def _write(column: FileColumn) -> str:
    told = [f"name = {quote(column.name)}"]
    if column.start is not None:
        told.append(f"start = {column.start}, width = {column.width}")
    return ", ".join([*told, *([f"path = {quote(column.path)}"] if column.path else [])])


def _look(files: Files, folder: Path) -> Iterator[Table]:
    above: dict[str, Table] = {}
    for table in files.tables:
        seen = _read(files, table, folder / table.path)
        if table.parent is None:
            above[table.path] = seen
            yield seen
            continue
        record = above[table.path]
        tie = Tie(_PARENT, record.name, find_key(record.columns))
        yield Table(seen.name, seen.columns, ties=(tie,), rows=seen.rows)


def _path(column: FileColumn) -> str:
    """Write the path of a column with dots, as the last thing that it leads to tells most."""
    return re.sub("[/@]+", ".", column.path or "").strip(".")


def _read(files: Files, table: FileTable, path: Path) -> Table:
    try:
        grid = open_grid(files, table, path=path)
        rows = [row for row in islice(grid.rows, SAMPLE) if len(row) == len(grid.columns)]
    except AdapterError:
        raise DraftError(f"{table.path}: cannot be read as {files.format}") from None
    # The loader makes an index on each column that is searched.
    columns = make_columns(grid.columns, rows, grid.columns)
    paths = {column.name: _path(column) for column in table.columns if column.path}
    columns = tuple(replace(c, called=tuple(filter(None, [paths.get(c.name)]))) for c in columns)
    return Table(table.table, columns, rows=len(rows))
