"""Show what a check of a mapping found: a table for each part, what is wrong below it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from adapters.proving.prove import prove
from adapters.proving.subject import Extent
from gateway.cli.bank import require_mapping
from gateway.cli.exits import Exit
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Screen

if TYPE_CHECKING:
    from adapters.proving.report import Part, Report
    from gateway.cli.bank import Check


def show_check(options: Check) -> Exit:
    """Check, show all parts and a summary; 1 where there is an error."""
    require_mapping(options.mapping)
    extent = Extent(
        options.budget, options.most, options.trips, options.seed, tuple(options.reference)
    )
    report = asyncio.run(prove(options.mapping, extent))
    if options.as_json:
        _write(report)
    else:
        _show(Screen(), report)
    return Exit.HIT if report.good else Exit.NO_HIT


def _show(screen: Screen, report: Report) -> None:
    for part in report.parts:
        _show_part(screen, part)
    screen.heading(tell_summary(report))


def _show_part(screen: Screen, part: Part) -> None:
    screen.heading(part.name)
    if part.rows:
        rows = [tuple(show(cell) for cell in row.values()) for row in part.rows]
        screen.table(tuple(part.rows[0]), rows)
    for found in part.findings:
        style = "bold red" if found.level == "error" else "yellow"
        screen.say(show(f"{found.level}: {found.text}"), style)


def tell_summary(report: Report) -> str:
    """Say in one line how the check came out."""
    errors, warnings = report.count("error"), report.count("warning")
    verdict = "is ready to be searched" if report.good else "is not ready"
    return f"{show(report.bank)} {verdict}: {errors} errors, {warnings} warnings"


def _write(report: Report) -> None:
    for part in report.parts:
        found = [{"level": f.level, "text": f.text} for f in part.findings]
        print(write_json({"event": "part", "part": part.name, "rows": part.rows, "found": found}))
    ended = {"errors": report.count("error"), "warnings": report.count("warning")}
    print(write_json({"event": "ended", "bank": report.bank, "good": report.good, **ended}))
