"""Show entries of a ledger, read beside its running writer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.exits import CommandError, Exit
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Cell, Screen
from gateway.ledger.entry import Entry, format_time
from gateway.ledger.kinds import Kind
from gateway.ledger.mark import read_mark
from gateway.ledger.read import follow, read_entries
from gateway.settings import HubSettings, NodeSettings, home_of, read_settings

if TYPE_CHECKING:
    from gateway.cli.audit import Tail

Numbered = tuple[int, Entry]
HEADINGS = ("no", "time (UTC)", "what", "search", "who", "why, what for", "how it went")


def find_ledger(home: Path, member: str) -> Path:
    """Return the folder of the hub's ledger, or of a member's.

    Raises:
        CommandError: There is no such server in this home.
        SettingsError: Its settings are wrong.
    """
    path = home / "nodes" / member / "node.toml" if member else home / "hub" / "hub.toml"
    if not path.is_file():
        what = f"node of {member}" if member else "hub"
        raise CommandError(f"{home}: has no {what}; name the federation's folder with --home")
    if member:
        node = read_settings(NodeSettings, path)
        return node.at(node.ledger)
    hub = read_settings(HubSettings, path)
    return hub.at(hub.ledger)


def read_newest(ledger: Path, count: int, search_id: str = "") -> list[Numbered]:
    """Return the newest entries of a ledger, or of one search in it, oldest first."""
    # Without a filter only the end is read; the mark may be a little behind the log.
    start = 0 if search_id else max(0, read_mark(ledger) - count)
    return list(deque(keep(read_entries(ledger, start), search_id), maxlen=count))


def keep(entries: Iterable[Numbered], search_id: str) -> Iterable[Numbered]:
    """Keep the entries of one search, or all; the beginning of its number will do."""
    return (pair for pair in entries if pair[1].search_id.startswith(search_id))


def show_entries(options: Tail) -> Exit:
    """Show the newest entries, and go on where that is wanted."""
    ledger = find_ledger(home_of(options.home), options.node.upper())
    newest = read_newest(ledger, options.lines, options.search)
    start = newest[-1][0] + 1 if newest else read_mark(ledger)
    screen = Screen()
    if options.as_json:
        write_entries(newest)
    else:
        print_entries(screen, newest)
    if options.follow:
        asyncio.run(_follow(screen, ledger, start, options))
    if options.search and not newest:
        raise CommandError("no entry of this search is here", Exit.NO_HIT)
    return Exit.HIT


async def _follow(screen: Screen, ledger: Path, start: int, options: Tail) -> None:
    """Show each new entry; Ctrl-C ends it."""
    async for pair in follow(ledger, start):
        if not pair[1].search_id.startswith(options.search):
            continue
        say_entry(screen, pair, as_json=options.as_json)


def write_entries(entries: Iterable[Numbered]) -> None:
    """Write entries as JSON, one a line, as they are stored, with their number."""
    for index, entry in entries:
        print(write_json({"index": index, **entry.as_json()}), flush=True)


def say_entry(screen: Screen, pair: Numbered, *, as_json: bool) -> None:
    """Show one entry that has come, on one line."""
    if as_json:
        write_entries([pair])
    else:
        screen.say("  ".join(map(str, _row(pair))))


def print_entries(screen: Screen, entries: Sequence[Numbered]) -> None:
    """Print entries as a table."""
    screen.table(HEADINGS, [_row(pair) for pair in entries])


def _row(pair: Numbered) -> tuple[Cell, ...]:
    index, entry = pair
    who = " ".join(filter(None, (entry.requester_member, entry.who)))
    why = ": ".join(filter(None, (entry.purpose, entry.probe)))
    return (
        str(index),
        format_time(entry.time)[11:23],
        entry.kind.value,
        entry.search_id[:8],
        show(who),
        show(why),
        show(tell_end(entry)),
    )


def tell_end(entry: Entry) -> str:
    """Return how it went, as "4 answered, 12 no_hit", or what is to say instead."""
    action = f"{entry.count or 0} {entry.action}" if entry.kind is Kind.STOP else entry.action
    told = [part for part in (entry.reason, entry.rule, action, _tell_states(entry)) if part]
    if not told and entry.banks:
        return f"{len(entry.banks)} banks to be asked"
    return "; ".join(told) or entry.method.rpartition("/")[2]


def _tell_states(entry: Entry) -> str:
    """Return how many banks ended in which state."""
    if len(entry.states) == 1:
        return f"{entry.states[0].bank} {entry.states[0].state}"
    states = [outcome.state for outcome in entry.states]
    return ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
