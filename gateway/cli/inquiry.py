"""Read entries by filter, one by one, and by whom somebody was looked for."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from gateway.cli.asked import match, tell_probe, tell_query
from gateway.cli.entries import Numbered, print_entries, say_entry, tell_end, write_entries
from gateway.cli.exits import CommandError, Exit
from gateway.cli.ledgers import Opened, Source, open_source
from gateway.cli.opening import Opener, make_opener, need_opener
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Cell, Screen
from gateway.clock import SystemClock
from gateway.ledger.entry import BankOutcome, Entry, format_time, parse_entry
from gateway.ledger.filter import Filter
from kalkan.v1 import model_pb2 as model

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from gateway.cli.audit import Search, Show, Tail, Who
    from gateway.cli.options import Wanted


def filter_of(options: Wanted) -> Filter:
    """Read which entries are wanted.

    Raises:
        CommandError: A time cannot be read.
    """
    return Filter(
        search_id=options.search,
        who=options.who,
        requester_member=options.member.upper(),
        bank=options.bank,
        purpose=options.purpose.replace("-", "_"),
        rule=options.rule,
        kind=options.kind.upper(),
        state=options.state.replace("-", "_"),
        probe=options.probe,
        since=read_time("since", options.since),
        until=read_time("until", options.until),
    )


def read_time(name: str, text: str) -> datetime | None:
    """Read a time as people write it; without a zone it is UTC.

    Raises:
        CommandError: It is none.
    """
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{name}: write 2026-11-01 or 2026-11-01T08:00") from None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


async def read(
    source: Source, wanted: Filter, limit: int | None = None, *, newest_first: bool = False
) -> AsyncIterator[Numbered]:
    """Yield numbers and entries."""
    found = source.entries(wanted, limit, newest_first=newest_first)
    async with aclosing(cast("AsyncGenerator[tuple[int, bytes], None]", found)) as entries:
        async for index, data in entries:
            yield index, parse_entry(data)


def show_newest(options: Tail) -> Exit:
    """Show the newest entries as their server gives them, and go on where that is wanted."""
    found = asyncio.run(_newest(options))
    return Exit.HIT if found else Exit.NO_HIT


async def _newest(options: Tail) -> list[Numbered]:
    async with open_source(options) as ledger:
        wanted = Filter(search_id=options.search)
        entries = read(ledger.source, wanted, options.lines, newest_first=True)
        found = [pair async for pair in entries][::-1]
        screen = Screen()
        if options.as_json:
            write_entries(found)
        else:
            print_entries(screen, found)
        if options.follow:
            await _follow(screen, ledger, found[-1][0] + 1 if found else 0, options)
        return found


async def _follow(screen: Screen, ledger: Opened, start: int, options: Tail) -> None:
    """Show each new entry; Ctrl-C ends it."""
    async with aclosing(ledger.source.follow(Filter(search_id=options.search), start)) as entries:
        async for index, data in entries:
            say_entry(screen, (index, parse_entry(data)), as_json=options.as_json)


def search_entries(options: Search) -> Exit:
    """Show the entries that a filter keeps, oldest first."""
    found = asyncio.run(_search(options))
    if options.as_json:
        write_entries(found)
    else:
        print_entries(Screen(), found)
    return Exit.HIT if found else Exit.NO_HIT


async def _search(options: Search) -> list[Numbered]:
    async with open_source(options) as ledger:
        wanted = filter_of(options)
        if not options.case:
            entries = read(ledger.source, wanted, options.limit, newest_first=True)
            return [pair async for pair in entries][::-1]
        opener = need_opener(options, ledger)
        kept: list[Numbered] = []
        async for index, entry in read(ledger.source, wanted, newest_first=True):
            query = await opener.query(index, entry)
            if query is not None and query.case_reference == options.case:
                kept.append((index, entry))
            if len(kept) == options.limit:
                break
        _tell_unopened(opener)
        return kept[::-1]


def _tell_unopened(opener: Opener) -> None:
    if opener.unopened:
        told = f"{opener.unopened} parts do not open: their keys have been destroyed"
        print(f"kalkan: {told}", file=sys.stderr)


def show_entry(options: Show) -> Exit:
    """Show one entry whole, and what is sealed in it to the custodian whose key is named."""
    entry, query = asyncio.run(_show(options))
    if options.as_json:
        told: dict[str, object] = {"index": options.index, **entry.as_json()}
        if query is not None:
            told["opened"] = dict(tell_query(query))
        print(write_json(told))
        return Exit.HIT
    screen = Screen()
    screen.pairs([(name, show(text)) for name, text in _tell_entry(entry)], indent=0)
    if query is not None:
        screen.heading("Opened")
        screen.pairs([(name, show(text)) for name, text in tell_query(query)])
    return Exit.HIT


async def _show(options: Show) -> tuple[Entry, model.Query | None]:
    async with open_source(options) as ledger:
        opener = make_opener(options, ledger)
        entry = parse_entry(await ledger.source.entry(options.index))
        if opener is None:
            return entry, None
        query = await opener.query(options.index, entry)
        if query is None:
            raise CommandError("this entry has nothing that opens with this key", Exit.NO_HIT)
        return entry, query


def _tell_entry(entry: Entry) -> list[tuple[str, str]]:
    """Tell each field of an entry, the states one a line, of sealed parts the authorities."""
    pairs = []
    for name, value in entry.as_json().items():
        if name == "states":
            pairs += [("state", _tell_state(state)) for state in entry.states]
        elif name == "sealed":
            pairs.append((name, f"to {', '.join(entry.sealed)}"))
        elif isinstance(value, dict):
            pairs.append((name, ", ".join(f"{k} {v}" for k, v in value.items())))
        else:
            pairs.append((name, " ".join(value) if isinstance(value, tuple) else str(value)))
    return pairs


def _tell_state(state: BankOutcome) -> str:
    told = state.as_json()
    named = (f"{name} {value}" for name, value in told.items() if name not in {"bank", "state"})
    return ", ".join((state.bank, state.state, *named))


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One time that somebody was looked for."""

    index: int
    entry: Entry
    query: model.Query
    asked: str
    score: float


def who_asked(options: Who, wanted: model.Probe) -> Exit:
    """Tell who asked about somebody: also the answer to a person's own request for access."""
    found = asyncio.run(_who(options, wanted))
    if options.as_json:
        for one in found:
            print(write_json(_shape(one)))
    elif found:
        headings = ("no", "time (UTC)", "who", "why", "case", "asked for", "match", "how it went")
        Screen().table(headings, [_row(one) for one in found])
    else:
        Screen().say("Nobody asked, as far as this key opens this ledger.")
    return Exit.HIT if found else Exit.NO_HIT


async def _who(options: Who, wanted: model.Probe) -> list[Inquiry]:
    today = SystemClock().now().date()
    async with open_source(options) as ledger:
        opener = need_opener(options, ledger)
        found = [
            Inquiry(index, entry, query, tell_probe(probe), score)
            async for index, entry, query in _questions(ledger, opener, filter_of(options))
            for probe in query.probes
            if (score := match(wanted, probe, today))
        ]
        ends = await _ends_of(ledger.source, {one.entry.search_id for one in found})
    _tell_unopened(opener)
    return [_with_end(one, ends) for one in found]


async def _questions(
    ledger: Opened, opener: Opener, wanted: Filter
) -> AsyncIterator[tuple[int, Entry, model.Query]]:
    """Yield each question once: it is sealed in the entry that began, refused or answered it."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    async for index, entry in read(ledger.source, wanted):
        banks = entry.banks if entry.side == "node" else ()
        if (entry.search_id, banks) in seen:
            continue
        query = await opener.query(index, entry)
        if query is not None:
            seen.add((entry.search_id, banks))
            yield index, entry, query


async def _ends_of(source: Source, searches: set[str]) -> dict[str, Entry]:
    """How these searches ended."""
    ends = {}
    for search in searches:
        async for _, entry in read(source, Filter(search_id=search)):
            if entry.states or entry.reason:
                ends[search] = entry
    return ends


def _with_end(one: Inquiry, ends: dict[str, Entry]) -> Inquiry:
    end = ends.get(one.entry.search_id)
    return one if end is None else Inquiry(one.index, end, one.query, one.asked, one.score)


def _row(one: Inquiry) -> tuple[Cell, ...]:
    entry = one.entry
    return (
        str(one.index),
        format_time(entry.time)[:19].replace("T", " "),
        show(f"{entry.requester_member} {entry.who}"),
        show(entry.purpose),
        show(one.query.case_reference),
        show(one.asked),
        f"{one.score:.2f}",
        show(tell_end(entry)),
    )


def _shape(one: Inquiry) -> dict[str, object]:
    entry = one.entry
    return {
        "index": one.index,
        "time": format_time(entry.time),
        "search_id": entry.search_id,
        "requester_member": entry.requester_member,
        "who": entry.who,
        "purpose": entry.purpose,
        "opened": dict(tell_query(one.query)),
        "asked": one.asked,
        "match": round(one.score, 4),
        "ended": tell_end(entry),
    }
