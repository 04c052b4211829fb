"""Show what a node has found wrong with the ledgers of others as their witness, and close it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.cli.exits import CommandError, Exit
from gateway.cli.ledgers import find_site
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Screen
from gateway.clock import SystemClock
from gateway.ledger.entry import format_time
from gateway.ledger.tlog.checkpoint import origin_of
from gateway.settings import NodeSettings, home_of
from gateway.witnessing.closing import Closing, add_closing, read_closings
from gateway.witnessing.memory import Memory
from gateway.witnessing.panel import HUB

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.cli.audit import Alarms, Close
    from gateway.cli.ledgers import Site
    from gateway.witnessing.memory import Found

HEADINGS: Final = ("found (UTC)", "what", "ledger", "closed (UTC)", "by", "why")


def show_alarms(options: Alarms) -> Exit:
    """Show the open alarms of a node and those that were closed, oldest first."""
    site, settings = _find(options.home, options.node)
    rows = sorted(_rows(site, settings), key=lambda row: row["found"] or row["closed"])
    if options.as_json:
        for row in rows:
            print(write_json(row))
        return Exit.HIT
    screen = Screen()
    screen.table(HEADINGS, [tuple(show(value) for value in row.values()) for row in rows])
    if not rows:
        screen.say("no alarm was raised")
    return Exit.HIT


def close_alarm(options: Close) -> Exit:
    """Close one alarm.

    Raises:
        CommandError: There is no such alarm that is open, or who and why are not as they must be.
    """
    site, settings = _find(options.home, options.node)
    origin = _origins(site).get(options.ledger.upper(), options.ledger)
    if not any((one.log, one.fault) == (origin, options.alarm) for one in _open(settings)):
        raise CommandError(
            f"no alarm {options.alarm} of {options.ledger} is open here; see `kalkan audit alarms`"
        )
    time = format_time(SystemClock().now())
    try:
        closing = Closing(options.alarm, origin, options.by, options.reason, time)
    except ValueError as exc:
        raise CommandError(str(exc)) from None
    add_closing(settings.at(settings.closed_alarms), closing)
    print(f"closed {options.alarm} {show(options.ledger)}; the node takes it over and records it")
    return Exit.HIT


def _find(home: Path | None, node: str) -> tuple[Site, NodeSettings]:
    site = find_site(home_of(home), node.upper())
    if not isinstance(site.settings, NodeSettings):
        raise CommandError("name a node, as --node KAZ: the hub is no witness")
    return site, site.settings


def _origins(site: Site) -> dict[str, str]:
    """The origins of the ledgers of the federation, by the members' codes."""
    codes = (HUB, *(member.code for member in site.federation.members))
    return {code: origin_of(site.federation.id, code) for code in codes}


def _open(settings: NodeSettings) -> list[Found]:
    """What is open; what was closed while the node stood still is not."""
    closings = read_closings(settings.at(settings.closed_alarms))
    return [
        one
        for one in Memory(settings.at(settings.witness)).read().alarms
        if not any(
            (c.log, c.alarm) == (one.log, one.fault) and one.time <= c.moment for c in closings
        )
    ]


def _rows(site: Site, settings: NodeSettings) -> Iterator[dict[str, str]]:
    names = {origin: code for code, origin in _origins(site).items()}
    for closing in read_closings(settings.at(settings.closed_alarms)):
        yield {
            "found": "",
            "alarm": closing.alarm,
            "ledger": names.get(closing.log, closing.log),
            "closed": closing.time,
            "by": closing.by,
            "reason": closing.reason,
        }
    for one in _open(settings):
        ledger = names.get(one.log, one.log)
        told = {"found": format_time(one.time), "alarm": str(one.fault), "ledger": ledger}
        yield {**told, "closed": "", "by": "", "reason": ""}
