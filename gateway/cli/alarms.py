"""Show the alarms of a node, read beside its running server."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gateway.cli.exits import CommandError, Exit
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Screen
from gateway.node.spending import Alarm, read_alarms
from gateway.settings import NodeSettings, home_of, read_settings

if TYPE_CHECKING:
    from gateway.cli.node import Alarmed

HEADINGS = ("time (UTC)", "what", "by", "count", "refused until")


def show_alarms(options: Alarmed) -> Exit:
    """Show all alarms that a node raised, oldest first."""
    path = home_of(options.home) / "nodes" / options.member.upper() / "node.toml"
    if not path.is_file():
        raise CommandError(f"{path}: is not there; name the federation's folder with --home")
    settings = read_settings(NodeSettings, path)
    books = settings.at(settings.budget_state)
    try:
        alarms = read_alarms(books) if books.exists() else []
    except sqlite3.Error:
        raise CommandError(f"{books}: holds no books of budgets") from None
    if options.as_json:
        for alarm in alarms:
            print(write_json(asdict(alarm)))
        return Exit.HIT
    screen = Screen()
    screen.table(HEADINGS, [_row(alarm) for alarm in alarms])
    if not alarms:
        screen.say("no alarm was raised")
    return Exit.HIT


def _row(alarm: Alarm) -> tuple[str, ...]:
    until = _time(alarm.until) if alarm.until > alarm.at else ""
    by = show(f"{alarm.scope} {alarm.subject}")
    return _time(alarm.at), alarm.kind, by, str(alarm.count), until


def _time(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")
