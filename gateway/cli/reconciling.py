"""Hold the hub's ledger against the nodes', from the disk or from exported files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.cli.exits import CommandError, Exit
from gateway.cli.ledgers import HUB_MEMBER, find_site
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Screen
from gateway.clock import SystemClock
from gateway.ledger.entry import parse_entry
from gateway.ledger.errors import EntryRejectedError
from gateway.ledger.read import read_stored
from gateway.ledger.twin import Finding, Stored, Twins
from gateway.settings import home_of

if TYPE_CHECKING:
    from gateway.cli.audit import Reconcile

_ADDED: Final = frozenset({"index", "opened"})
"""What an export adds to an entry."""


def reconcile(options: Reconcile) -> Exit:
    """Compare, and name what does not hold. Ends with 1 where anything does not.

    Raises:
        CommandError: There is no hub's ledger, or none of a node.
    """
    before = SystemClock().now() - timedelta(seconds=options.settle)
    entries = _read_files(options.file) if options.file else _read_home(home_of(options.home))
    twins = Twins(())
    owners = set()
    for stored in entries:
        owners.add(stored["member"])
        twins.add(stored)
    members = frozenset(owners - {HUB_MEMBER})
    if HUB_MEMBER not in owners or not members:
        raise CommandError("the ledgers of the hub and of at least one node are needed")
    twins.members = members
    findings = twins.judge(before)
    _tell(findings, members, len(twins), as_json=options.as_json)
    return Exit.NO_HIT if findings else Exit.HIT


def _read_home(home: Path) -> Iterator[Stored]:
    """The ledgers of a home: the hub's last, for what a node has by then the hub has begun."""
    names = sorted(path.parent.name for path in home.glob("nodes/*/node.toml"))
    for member in (*names, ""):
        site = find_site(home, member)
        for _, data in read_stored(site.folder):
            yield json.loads(data)


def _read_files(paths: Iterable[Path]) -> Iterator[Stored]:
    """Exports of whole ledgers, as `kalkan audit export --to NAME.jsonl` writes them.

    Raises:
        CommandError: A line is no entry.
    """
    for path in paths:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                yield _read_line(path, number, line)


def _read_line(path: Path, number: int, line: str) -> Stored:
    try:
        stored: dict[str, object] = json.loads(line)
        kept = {name: value for name, value in stored.items() if name not in _ADDED}
        data = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        parse_entry(data.encode())
    except (ValueError, AttributeError, EntryRejectedError):
        raise CommandError(f"{path}, line {number}: is no entry of an export") from None
    return kept


def _tell(findings: list[Finding], members: frozenset[str], young: int, *, as_json: bool) -> None:
    if as_json:
        for one in findings:
            told: dict[str, str] = {
                "finding": one.what,
                "search_id": one.search_id,
                "bank": one.bank,
            }
            print(write_json({**told, "text": one.text}))
        return
    screen = Screen()
    rows = [(one.what, one.search_id, show(one.bank or "hub"), one.text) for one in findings]
    screen.table(("what", "search", "bank", "what is wrong"), rows)
    ledgers = f"the hub and {len(members)} nodes"
    summary = f"{len(findings)} differences" if findings else "no difference"
    screen.say(
        f"{summary} between the ledgers of {ledgers}; {young} searches are too young to judge"
    )
