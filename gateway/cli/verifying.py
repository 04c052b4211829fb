"""Check a ledger by the independent path and tell what is wrong."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gateway.cli.exits import CommandError, Exit
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Screen
from gateway.ledger.errors import NoteRejectedError
from gateway.ledger.tlog.vkey import KeyType, Vkey, parse_vkey
from gateway.ledger.verify.whole import PATIENCE_S, examine, settle_after

if TYPE_CHECKING:
    from gateway.cli.audit import Verify
    from gateway.ledger.verify.report import Report


def check_ledger(options: Verify) -> Exit:
    """Check the ledger in a folder and print the report.

    Raises:
        CommandError: There is no such folder, or the key is none.
    """
    if not options.folder.is_dir():
        raise CommandError(f"{options.folder}: there is no such folder")
    key = read_key(options.vkey)
    report = examine(options.folder, key, settle_after(PATIENCE_S, time.sleep))
    if options.as_json:
        print(write_json(report.as_json()), flush=True)
    else:
        print_report(report)
    return Exit.HIT if report.sound else Exit.NO_HIT


def read_key(text: str) -> Vkey:
    """Return a log's key.

    Raises:
        CommandError: It is none.
    """
    try:
        key = parse_vkey(text)
    except NoteRejectedError as exc:
        raise CommandError(f"--vkey: {exc}") from None
    if key.type is not KeyType.LOG:
        raise CommandError("--vkey: this is the key of a witness, not of a log")
    return key


def print_report(report: Report) -> None:
    """Say what was found, for people."""
    screen = Screen()
    for finding in report.findings:
        screen.say(f"wrong: {show(finding)}")
    if not report.sound:
        screen.say(f"{len(report.findings)} wrong: compare with the copies of this ledger")
        return
    newer = max(0, report.entries - report.size)
    more = f", {newer} newer ones wait for the next checkpoint" if newer else ""
    screen.say(f"{show(report.origin)}: {report.size} entries are whole{more}")
