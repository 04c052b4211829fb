"""Write a report: an HTML page that needs nothing but itself, and a PDF of the same."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from gateway.ledger.statistics import MISSED, BankCount, Statistics
from gateway.trace.report.plots import all_figures, as_svg

_A4_IN: Final = (8.27, 11.69)
_ROWS: Final = 34
"""Rows of a table on one page of paper."""


@dataclass(frozen=True, slots=True)
class Row:
    """One bank in the table, in the words of the page."""

    bank: str
    searched: int
    hit_rate: str
    refused: int
    missed: int
    availability: str
    median_ms: str
    p95_ms: str


def rows_of(statistics: Statistics) -> list[Row]:
    """The table of the banks."""
    return [_row(name, count) for name, count in sorted(statistics.banks.items())]


def _row(bank: str, count: BankCount) -> Row:
    median, high = count.quantiles_ms or ("", "")
    return Row(
        bank=bank,
        searched=count.searched,
        hit_rate=_percent(count.hit_rate),
        refused=count.states["refused"],
        missed=sum(count.states[state] for state in MISSED),
        availability=_percent(count.availability),
        median_ms=str(median),
        p95_ms=str(high),
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def head_of(statistics: Statistics) -> list[tuple[str, str]]:
    """The numbers that stand first: what, and how many."""
    searches = statistics.searches
    return [
        ("Searches", f"{searches:,}"),
        ("Things looked for", f"{statistics.probes:,}"),
        (
            "Searches with a hit",
            f"{statistics.found:,} ({_percent(_part(statistics.found, searches))})",
        ),
        (
            "Searches with a gap",
            f"{statistics.incomplete:,} ({_percent(_part(statistics.incomplete, searches))})",
        ),
        ("Questions refused as a whole", f"{statistics.refused.total():,}"),
        *((kind.capitalize(), f"{count:,}") for kind, count in sorted(statistics.troubles.items())),
    ]


def _part(count: int, of: int) -> float:
    return count / of if of else 0.0


def write_html(statistics: Statistics, path: Path) -> None:
    """Write the page.

    Raises:
        OSError: The file cannot be written.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = resources.files("gateway.trace.report").joinpath("page.html").read_text("utf-8")
    page = environment.from_string(template).render(
        statistics=statistics,
        title=title_of(statistics),
        head=head_of(statistics),
        # What matplotlib draws is escaped by it.
        plots=[Markup(as_svg(figure)) for figure in all_figures(statistics)],  # noqa: S704 - see above
        rows=rows_of(statistics),
    )
    path.write_text(page, encoding="utf-8")


def title_of(statistics: Statistics) -> str:
    """Whose month it is."""
    whose = "the hub" if statistics.side == "hub" else f"the node of {statistics.member}"
    return f"Kalkan, {statistics.month}: ledger of {whose}"


def write_pdf(statistics: Statistics, path: Path) -> None:
    """Write the same on paper, A4: numbers first, then the plots, then the table.

    Raises:
        OSError: The file cannot be written.
    """
    with PdfPages(path, metadata={"Title": title_of(statistics), "CreationDate": None}) as pdf:
        pdf.savefig(_front(statistics))
        for figure in all_figures(statistics):
            pdf.savefig(figure)
        rows = rows_of(statistics)
        for begin in range(0, len(rows), _ROWS):
            pdf.savefig(_table(rows[begin : begin + _ROWS]))


def _front(statistics: Statistics) -> Figure:
    figure = Figure(figsize=_A4_IN)
    figure.text(0.1, 0.92, title_of(statistics), fontsize=15, fontweight="bold")
    for number, (what, count) in enumerate(head_of(statistics)):
        height = 0.86 - 0.03 * number
        figure.text(0.1, height, what, fontsize=11)
        figure.text(0.55, height, count, fontsize=11)
    figure.text(0.1, 0.06, "From the ledger alone. It names no officer and no person.", fontsize=9)
    return figure


def _table(rows: list[Row]) -> Figure:
    figure = Figure(figsize=_A4_IN)
    axes = figure.subplots()
    axes.set_axis_off()
    names = ("bank", "searched", "hits", "refused", "missed", "available", "median ms", "p95 ms")
    cells = [
        [r.bank, r.searched, r.hit_rate, r.refused, r.missed, r.availability, r.median_ms, r.p95_ms]
        for r in rows
    ]
    texts = [[str(cell) for cell in row] for row in cells]
    table = axes.table(cellText=texts, colLabels=names, loc="upper center", edges="horizontal")
    table.auto_set_font_size(False)  # noqa: FBT003 - matplotlib's own parameter has no name
    table.set_fontsize(8)
    table.auto_set_column_width(range(len(names)))
    return figure
