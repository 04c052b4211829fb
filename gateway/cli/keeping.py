"""Keep a ledger: list and destroy its keys, copy it, and put a copy back."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from gateway.auditing.retention import destroy_keys
from gateway.cli.exits import CommandError, Exit
from gateway.cli.ledgers import Site, find_site, open_recorder, open_source
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Screen
from gateway.clock import SystemClock
from gateway.ledger.backup import back_up, put_back
from gateway.ledger.errors import RollbackError
from gateway.ledger.kinds import Kind
from gateway.ledger.retention import Key, list_before, read_hold
from gateway.running import read_signer
from gateway.settings import home_of

if TYPE_CHECKING:
    from gateway.cli.audit import Backup, Destroy, Restore
    from gateway.cli.options import OneSite, Where


def list_keys(options: Where) -> Exit:
    """Show for which months what is sealed can still be opened."""
    keys = asyncio.run(_list_keys(options))
    if options.as_json:
        for authority, period, number in keys:
            print(write_json({"authority": authority, "period": period, "key_id": number}))
        return Exit.HIT if keys else Exit.NO_HIT
    counts = Counter((period, authority) for authority, period, _ in keys)
    rows = [(period, authority, str(counts[period, authority])) for period, authority in counts]
    Screen().table(("month", "authority", "keys"), sorted(rows))
    return Exit.HIT if keys else Exit.NO_HIT


async def _list_keys(options: Where) -> list[Key]:
    async with open_source(options) as ledger:
        return await ledger.source.keys()


def site_of(options: OneSite) -> Site:
    """The server whose files the options name."""
    return find_site(home_of(options.home), options.node.upper())


def destroy(options: Destroy) -> Exit:
    """Destroy the keys of months before one, after it is recorded.

    Raises:
        CommandError: The month is none or not over, some are under legal hold, or the server runs.
    """
    site = site_of(options)
    try:
        keys = list_before(site.folder, options.before, options.authority.upper())
    except ValueError:
        raise CommandError("before: write it as 2026-11") from None
    if options.before > f"{SystemClock().now():%Y-%m}":
        raise CommandError("before: that month is not over; what is written now would be lost")
    _, held = read_hold(site.settings.at(site.settings.hold)).split(site.folder, keys)
    if held:
        named = ", ".join(sorted({f"{authority} {period}" for authority, period, _ in held}))
        raise CommandError(f"under legal hold, nothing is destroyed: {named}", Exit.REFUSED)
    asyncio.run(_destroy(site, keys))
    Screen().say(f"{len(keys)} keys are destroyed; what they sealed in this ledger is unreadable")
    return Exit.HIT if keys else Exit.NO_HIT


async def _destroy(site: Site, keys: list[Key]) -> None:
    if keys:
        async with open_recorder(site) as recorder:
            await destroy_keys(recorder, site.folder, keys, "command")


def backup(options: Backup) -> Exit:
    """Copy a ledger; its server may run.

    Raises:
        CommandError: The target is there already.
    """
    site = site_of(options)
    if options.to.exists():
        raise CommandError(f"{options.to}: exists; a backup overwrites nothing")
    key = read_signer(site.settings, site.federation, site.member).vkey
    count = back_up(site.folder, key, options.to)
    Screen().say(show(f"{count} entries are in {options.to}; check it with kalkan audit verify"))
    return Exit.HIT


def restore(options: Restore) -> Exit:
    """Put a copy in the ledger's place, and write that down.

    Raises:
        CommandError: It would lose entries, and that was not accepted.
    """
    site = site_of(options)
    key = read_signer(site.settings, site.federation, site.member).vkey
    try:
        lost = put_back(options.source, site.folder, key, accept_loss=options.accept_loss)
    except RollbackError as exc:
        raise CommandError(
            f"{exc}; find a newer copy, or write --accept-loss: it becomes an entry", Exit.REFUSED
        ) from None
    asyncio.run(_record_restored(site, lost, accepted=options.accept_loss))
    Screen().say(f"restored; {lost} entries are lost" if lost else "restored; nothing is lost")
    return Exit.HIT


async def _record_restored(site: Site, lost: int, *, accepted: bool) -> None:
    action = "restored_with_loss" if accepted else "restored"
    async with open_recorder(site) as recorder:
        await recorder.write(Kind.ADMIN, {"action": action, "count": lost})
