"""Make the monthly report of a ledger: a page, a paper, or numbers for a program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.cli.entries import find_ledger
from gateway.cli.exits import CommandError, Exit
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Screen
from gateway.clock import SystemClock
from gateway.ledger.read import read_entries
from gateway.ledger.statistics import Month, Statistics, count_month
from gateway.settings import home_of

if TYPE_CHECKING:
    from gateway.cli.audit import Report

_KINDS: Final = (".html", ".pdf")


def make_report(options: Report) -> Exit:
    """Count a month and write what is wanted.

    Raises:
        CommandError: The month or the file's name is wrong, or the library for plots is missing.
    """
    month = _month_of(options.month)
    if options.to is not None and options.to.suffix not in _KINDS:
        raise CommandError(f"{options.to}: write a name that ends with .html or .pdf")
    ledger = find_ledger(home_of(options.home), options.node.upper())
    statistics = count_month((entry for _, entry in read_entries(ledger)), month)
    if options.as_json:
        print(write_json(shape(statistics)))
    elif options.to is not None:
        write(statistics, options.to)
        print(show(str(options.to)))
    else:
        _print(statistics)
    return Exit.HIT


def _month_of(text: str) -> Month:
    try:
        return Month.parse(text) if text else _this_month()
    except ValueError:
        raise CommandError("month: write it as 2026-11") from None


def _this_month() -> Month:
    now = SystemClock().now()
    return Month(now.year, now.month)


def write(statistics: Statistics, path: Path) -> None:
    """Write a page or a paper, by the name's ending.

    Raises:
        CommandError: The library for plots is missing, or the file cannot be written.
    """
    try:
        from gateway.trace.report.page import write_html, write_pdf
    except ImportError:
        raise CommandError(
            "the report's plots need matplotlib: pip install kalkan[report]"
        ) from None
    try:
        (write_pdf if path.suffix == ".pdf" else write_html)(statistics, path)
    except OSError as exc:
        raise CommandError(f"{path}: cannot be written: {exc.strerror}") from None


def _print(statistics: Statistics) -> None:
    screen = Screen()
    screen.say(
        f"{statistics.month}: {statistics.searches} searches, {statistics.found} with a hit, "
        f"{statistics.incomplete} with a gap",
        "bold",
    )
    rows = [_cells(bank, count) for bank, count in shape_banks(statistics).items()]
    screen.table(("bank", "searched", "hit rate", "refused", "missed", "available", "ms"), rows)
    if statistics.rules:
        screen.heading("Refusals by rule")
        screen.table(("rule", "refusals"), [(r, str(n)) for r, n in statistics.rules.most_common()])


def _cells(bank: str, count: dict[str, object]) -> list[str]:
    names = ("searched", "hit_rate", "refused", "missed", "availability", "median_ms")
    return [show(bank), *("" if count[n] is None else str(count[n]) for n in names)]


def shape(statistics: Statistics) -> dict[str, object]:
    """The whole count as one JSON object; shares are 0 to 1, times milliseconds."""
    return {
        "month": str(statistics.month),
        "searches": statistics.searches,
        "probes": statistics.probes,
        "found": statistics.found,
        "incomplete": statistics.incomplete,
        "days": {day.isoformat(): count for day, count in sorted(statistics.days.items())},
        "members": dict(statistics.members.most_common()),
        "purposes": dict(statistics.purposes.most_common()),
        "probes_by_kind": dict(statistics.kinds.most_common()),
        "rules": dict(statistics.rules.most_common()),
        "refused": dict(statistics.refused.most_common()),
        "troubles": dict(statistics.troubles.most_common()),
        "banks": shape_banks(statistics),
    }


def shape_banks(statistics: Statistics) -> dict[str, dict[str, object]]:
    """Each bank as a JSON object."""
    from gateway.ledger.statistics import MISSED

    shaped: dict[str, dict[str, object]] = {}
    for bank, count in sorted(statistics.banks.items()):
        median, high = count.quantiles_ms or (None, None)
        shaped[bank] = {
            "states": dict(count.states.most_common()),
            "searched": count.searched,
            "hits": count.hits,
            "hit_rate": _round(count.hit_rate),
            "refused": count.states["refused"],
            "missed": sum(count.states[state] for state in MISSED),
            "availability": _round(count.availability),
            "median_ms": median,
            "p95_ms": high,
        }
    return shaped


def _round(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
