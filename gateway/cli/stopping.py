"""Write and show the file of stops that a hub or a node follows."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.access.errors import StopFileError
from gateway.access.stops import Stop, change_stops, read_stop, read_stops
from gateway.cli.exits import CommandError, Exit
from gateway.cli.options import Purpose
from gateway.cli.safe import show, write_json
from gateway.clock import SystemClock
from gateway.ledger.entry import format_time
from gateway.settings import HubSettings, NodeSettings, home_of, read_settings

if TYPE_CHECKING:
    from gateway.cli.stop import Stopping

HEADINGS = ("stopped", "since (UTC)", "why")


def find_stops(options: Stopping) -> Path:
    """Return the file of stops of the server that is meant.

    Raises:
        CommandError: No server is named, or both, or it is not in this home.
        SettingsError: Its settings are wrong.
    """
    if options.hub == bool(options.node):
        raise CommandError("say where: --hub, or --node KAZ")
    home = home_of(options.home)
    member = options.node.upper()
    path = home / "hub" / "hub.toml" if options.hub else home / "nodes" / member / "node.toml"
    if not path.is_file():
        raise CommandError(f"{path}: is not there; name the federation's folder with --home")
    if options.hub:
        hub = read_settings(HubSettings, path)
        return hub.at(hub.stops)
    node = read_settings(NodeSettings, path)
    return node.at(node.stops)


def change(options: Stopping) -> Exit:
    """Stop or lift."""
    path = find_stops(options)
    since = format_time(SystemClock().now())
    try:
        named = [read_stop(text, options.reason, since) for text in options.what]
        _require_some(named)
        change_stops(path, lambda stops: _apply(stops, named, lift=options.lift))
    except StopFileError as exc:
        raise CommandError(exc.text) from None
    for one in named:
        print("lifted" if options.lift else "stopped", show(str(one)))
    for one in () if options.lift else _unlisted(home_of(options.home), named):
        said = "is in no federation file; only a hidden bank can be meant"
        print(f"note: {show(one.value)} {said}", file=sys.stderr)
    return Exit.HIT


def _unlisted(home: Path, named: list[Stop]) -> list[Stop]:
    """The banks that nobody lists. A stop is written before this: it waits for no file."""
    try:
        table = tomllib.loads((home / "federation.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    listed = {bank for member in table.get("members", []) for bank in member.get("banks", [])}
    return [stop for stop in named if stop.kind == "bank" and stop.value not in listed]


def _require_some(named: list[Stop]) -> None:
    """Check that something is named, and that a purpose is one."""
    if not named:
        raise CommandError("say what: officer=KAZ/NAME, unit=, member=, purpose= or bank=")
    for stop in named:
        if stop.kind == "purpose" and stop.value not in set(Purpose):
            raise CommandError(f"purpose must be one of {', '.join(Purpose)}")


def _apply(stops: dict[tuple[str, str], Stop], named: list[Stop], *, lift: bool) -> None:
    for stop in named:
        key = (stop.kind, stop.value)
        if lift and stops.pop(key, None) is None:
            raise CommandError(f"{stop} is not stopped here; --list shows what is")
        if not lift:
            stops[key] = stop


def show_stops(options: Stopping) -> Exit:
    """Show what is stopped."""
    from gateway.cli.screen import Screen  # tables are heavy, and a stop must not wait for them

    try:
        stops = read_stops(find_stops(options)).stops.values()
    except StopFileError as exc:
        raise CommandError(exc.text) from None
    if options.as_json:
        for stop in stops:
            print(write_json(asdict(stop)))
        return Exit.HIT
    rows = [(show(str(stop)), show(stop.since), show(stop.reason)) for stop in stops]
    screen = Screen()
    if rows:
        screen.table(HEADINGS, rows)
    else:
        screen.say("nothing is stopped")
    return Exit.HIT
