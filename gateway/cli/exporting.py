"""Write entries for other tools: JSON lines as they are stored, CSV, or Parquet.

An export is a copy that no ledger can destroy: it carries a notice that says until when it may be
kept, and what is beyond the retention of its member is not exported at all.
"""

from __future__ import annotations

import asyncio
import csv
import json
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from gateway.access.federation import Federation
from gateway.cli.asked import tell_query
from gateway.cli.exits import CommandError, Exit
from gateway.cli.inquiry import filter_of, read
from gateway.cli.ledgers import open_source
from gateway.cli.opening import make_opener
from gateway.cli.safe import show
from gateway.cli.screen import Screen
from gateway.clock import SystemClock
from gateway.ledger.entry import Entry, format_time

if TYPE_CHECKING:
    from gateway.cli.audit import Export

_TEXTS: Final = (
    "time",
    "kind",
    "side",
    "member",
    "search_id",
    "who",
    "requester_member",
    "token_id",
    "certificate_sha256",
    "purpose",
    "granularity",
    "probe",
    "probe_fields",
    "targets",
    "banks",
    "states",
    "reason",
    "rule",
    "policy_epoch",
    "method",
    "action",
    "authority",
    "period",
    "key_id",
    "query_sha256",
    "answer_sha256",
    "sealed",
    "opened",
)
_NUMBERS: Final = ("index", "count", "batch", "probe_index", "size_bytes", "elapsed_ms")
COLUMNS: Final = (*_NUMBERS, *_TEXTS)
KINDS: Final = (".csv", ".jsonl", ".parquet")
DEFAULT_DAYS: Final = 1_096
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MONTH: Final = timedelta(days=31)


@dataclass(slots=True)
class Written:
    """What was exported, how many were beyond retention, and until when it may be kept."""

    count: int = 0
    beyond: int = 0
    keep_until: datetime | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)


def export(options: Export) -> Exit:
    """Write what a filter keeps, and a notice beside it.

    Raises:
        CommandError: The name's ending is unknown, the file exists, or all is beyond retention.
    """
    path = options.to
    if path.suffix not in KINDS:
        raise CommandError(f"{path}: write a name that ends with {', '.join(KINDS)}")
    if path.exists():
        raise CommandError(f"{path}: exists; an export overwrites nothing")
    written = asyncio.run(_collect(options))
    if written.beyond and not written.count:
        raise CommandError("all of it is beyond the retention of its members: nothing is exported")
    _WRITERS[path.suffix](path, written.rows)
    path.chmod(0o600)
    notice = path.with_name(f"{path.name}.notice.txt")
    notice.write_text(_notice(options, written), encoding="utf-8")
    Screen().say(show(f"{written.count} entries in {path}; what may be done with it: {notice}"))
    return Exit.HIT


async def _collect(options: Export) -> Written:
    now, written = SystemClock().now(), Written()
    async with open_source(options) as ledger:
        opener = make_opener(options, ledger)
        async for index, entry in _oldest_first(ledger.source, options):
            until = keep_until(entry, ledger.federation)
            if until < now:
                written.beyond += 1
                continue
            row: dict[str, Any] = {"index": index, **entry.as_json()}
            query = await opener.query(index, entry) if opener is not None else None
            if query is not None:
                row["opened"] = dict(tell_query(query))
            written.rows.append(row)
            written.count += 1
            written.keep_until = min(written.keep_until or until, until)
    return written


def _oldest_first(source: Any, options: Export) -> AsyncIterator[tuple[int, Entry]]:  # noqa: ANN401 - a Source
    return read(source, filter_of(options))


def keep_until(entry: Entry, federation: Federation) -> datetime:
    """Until when an entry may be kept outside its ledger, by its requester's member."""
    member = federation.member(entry.requester_member)
    days = member.retention_days if member is not None else DEFAULT_DAYS
    return entry.time + _MONTH + timedelta(days=days)


def flatten(row: Mapping[str, Any]) -> dict[str, Any]:
    """Make a row of plain columns: lists of words become words, what has a structure JSON."""
    return {name: _flat(row.get(name)) for name in COLUMNS}


def _flat(value: object) -> object:
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def guard_cell(value: object) -> object:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_csv(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in rows:
            writer.writerow({name: guard_cell(v) for name, v in flatten(row).items()})


def _write_parquet(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    types = {name: "BIGINT" if name in _NUMBERS else "VARCHAR" for name in COLUMNS}
    types["time"] = "TIMESTAMP"
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
        lines = Path(folder) / "rows.jsonl"
        _write_jsonl(lines, map(flatten, rows))
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        with duckdb.connect() as connection:
            query = f"SELECT * FROM read_json(?, format='newline_delimited', columns={{{columns}}})"  # noqa: S608 - our own names
            relation = connection.sql(query, params=[str(lines)])
            relation.write_parquet(str(path))


_WRITERS: Final = {".csv": _write_csv, ".jsonl": _write_jsonl, ".parquet": _write_parquet}


def _notice(options: Export, written: Written) -> str:
    until = f"{written.keep_until:%Y-%m-%d}" if written.keep_until is not None else "today"
    opened = (
        "It holds what was opened with a custodian's key."
        if options.key
        else ("What is personal in it is sealed.")
    )
    return (
        f"Export of a ledger of Kalkan, made {format_time(SystemClock().now())}.\n"
        f"{written.count} entries. {opened}\n"
        f"{written.beyond} entries were beyond the retention of their members and left out.\n"
        f"No ledger can destroy this copy: delete it by {until}.\n"
    )
