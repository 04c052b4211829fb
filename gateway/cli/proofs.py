"""Prove entries and checkpoints of a ledger: what a server says is checked before it is told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.cli.exits import CommandError, Exit
from gateway.cli.ledgers import Opened, open_source
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Screen
from gateway.ledger.entry import Entry, parse_entry
from gateway.ledger.errors import LedgerError, ProofRejectedError
from gateway.ledger.tlog.note import MAX_NOTE_BYTES
from gateway.receipts.proof import (
    Checkpoints,
    Given,
    Seen,
    State,
    check_given,
    check_note,
    verify_growth,
)

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.cli.audit import Checkpoint, Prove

HEADINGS = ("no", "what", "search", "proof", "entries", "witnesses")
_EXITS = {State.PENDING: Exit.INCOMPLETE, State.WRONG: Exit.NO_HIT}


@dataclass(frozen=True, slots=True)
class Found:
    """An entry whose proof was looked at.

    Attributes:
        given: As the server gave it.
        seen: What its checkpoint shows; None while it is pending, and where it does not hold.
        wrong: What does not hold.
    """

    given: Given
    seen: Seen | None = None
    wrong: str = ""

    @property
    def state(self) -> State:
        """How far it is proved, by the federation file of this side."""
        if self.wrong:
            return State.WRONG
        return self.seen.state if self.seen is not None else State.PENDING

    @property
    def entry(self) -> Entry:
        """The entry."""
        return parse_entry(self.given.entry)


def show_proofs(options: Prove) -> Exit:
    """Fetch entries with their proofs, check them and tell what they prove.

    Raises:
        CommandError: Neither an entry nor a search is named, or the folder is there already.
    """
    if (options.index is None) == (not options.search):
        raise CommandError("write the number of an entry, or --search ID")
    if options.to is not None and options.to.exists():
        raise CommandError(f"{options.to}: exists; nothing is overwritten")
    found = asyncio.run(_prove(options))
    if options.as_json:
        for one in found:
            print(write_json(_shape(one)))
    else:
        _tell_proofs(Screen(), found)
    if options.to is not None:
        _write(options.to, found)
    return _exit_of([one.state for one in found])


async def _prove(options: Prove) -> list[Found]:
    async with open_source(options) as ledger:
        proofs = await ledger.source.proofs(options.index or 0, options.search)
        return [_check(given, ledger, options) for given in proofs]


def _check(given: Given, ledger: Opened, options: Prove) -> Found:
    entry = parse_entry(given.entry)
    asked = given.index == options.index or (
        bool(options.search) and entry.search_id.startswith(options.search)
    )
    if not asked:
        return Found(given, wrong="another entry was asked for")
    if not given.proof:
        return Found(given)
    try:
        return Found(given, check_given(given, ledger.federation, ledger.member))
    except LedgerError as exc:
        return Found(given, wrong=str(exc))


def _exit_of(states: list[State]) -> Exit:
    for state in (State.WRONG, State.PENDING):
        if state in states:
            return _EXITS[state]
    return Exit.HIT


def _tell_proofs(screen: Screen, found: list[Found]) -> None:
    screen.table(HEADINGS, [_row(one) for one in found])
    for one in found:
        if one.wrong:
            screen.say(show(f"wrong: entry {one.given.index}: {one.wrong}"))


def _row(one: Found) -> tuple[str, ...]:
    entry, seen = one.entry, one.seen
    signed = len(seen.witnesses) if seen is not None else one.given.signed
    needed = seen.quorum if seen is not None else one.given.needed
    return (
        str(one.given.index),
        entry.kind.value,
        entry.search_id[:8],
        str(one.state),
        str(seen.size) if seen is not None else "",
        f"{signed}, {needed} are needed",
    )


def _shape(one: Found) -> dict[str, object]:
    entry, seen = one.entry, one.seen
    return {
        "index": one.given.index,
        "kind": entry.kind.value,
        "search_id": entry.search_id,
        "state": str(one.state),
        "wrong": one.wrong,
        "entries": seen.size if seen is not None else 0,
        "witnesses": list(seen.witnesses) if seen is not None else [],
        "cosignatures": len(seen.witnesses) if seen is not None else one.given.signed,
        "needed": seen.quorum if seen is not None else one.given.needed,
    }


def _write(folder: Path, found: list[Found]) -> None:
    """Write what is proved for other tools: each entry as stored, and its proof."""
    folder.mkdir(mode=0o700)
    for one in found:
        if one.seen is not None:
            (folder / f"{one.given.index}.json").write_bytes(one.given.entry)
            (folder / f"{one.given.index}.tlog-proof").write_bytes(one.given.proof)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the checkpoints of a ledger shows.

    Attributes:
        given: As the server gave them.
        note: The one that is told: the witnessed one, else the newest.
        seen: What it shows.
        before: How many entries the remembered one covers; 0 where none is remembered.
    """

    given: Checkpoints
    note: bytes
    seen: Seen
    before: int = 0


def show_checkpoint(options: Checkpoint) -> Exit:
    """Fetch the newest checkpoint, check it, hold it against the remembered one, and tell it.

    Raises:
        CommandError: There is none yet.
    """
    try:
        look = asyncio.run(_look(options))
    except LedgerError as exc:
        told = f"wrong: {exc}"
        print(write_json({"state": State.WRONG, "wrong": str(exc)}) if options.as_json else told)
        return Exit.NO_HIT
    if options.remember is not None:
        _remember(options.remember, look.note)
    if options.as_json:
        print(write_json(_shape_look(look)))
    else:
        _tell_look(Screen(), look)
    return _exit_of([look.seen.state])


async def _look(options: Checkpoint) -> Look:
    async with open_source(options) as ledger:
        given = await ledger.source.checkpoints()
        note = given.witnessed or given.newest
        if not note:
            raise CommandError("the ledger has no checkpoint yet; try again", Exit.INCOMPLETE)
        seen = check_note(note, ledger.federation, ledger.member)
        path = options.remember
        if path is None or not path.exists():
            return Look(given, note, seen)
        before = check_note(_read(path), ledger.federation, ledger.member)
        await _compare(ledger, before, seen)
        return Look(given, note, seen, before.size)


async def _compare(ledger: Opened, before: Seen, seen: Seen) -> None:
    """Check that the ledger continues what was remembered of it.

    Raises:
        ProofRejectedError: It does not.
    """
    if seen.size < before.size:
        told = f"the ledger had {before.size} entries and has {seen.size}: it was rolled back"
        raise ProofRejectedError(told)
    hashes = await ledger.source.consistency(before.size, seen.size)
    verify_growth(before, seen, hashes)


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    if len(data) > MAX_NOTE_BYTES:
        raise CommandError(f"{path}: is no checkpoint")
    return data


def _remember(path: Path, note: bytes) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(note)
    new.replace(path)


def _tell_look(screen: Screen, look: Look) -> None:
    seen = look.seen
    newest = f"{look.given.signed} of {seen.quorum} witnesses have signed the newest"
    pairs = [
        ("log", show(seen.origin)),
        ("entries", str(seen.size)),
        ("root", seen.root.hex()),
        ("state", str(seen.state)),
        ("witnesses", show(", ".join(seen.witnesses) or "none")),
    ]
    screen.pairs(pairs, indent=0)
    if seen.quorum:
        screen.say(newest)
    if look.before:
        screen.say(f"It continues the one of {look.before} entries that was remembered.")


def _shape_look(look: Look) -> dict[str, object]:
    seen = look.seen
    return {
        "origin": seen.origin,
        "entries": seen.size,
        "root": seen.root.hex(),
        "state": str(seen.state),
        "witnesses": list(seen.witnesses),
        "needed": seen.quorum,
        "cosignatures": look.given.signed,
        "continues": look.before,
        "note": look.note.decode(),
    }
