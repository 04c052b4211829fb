"""Draw the plots of a report with matplotlib: one figure a question, no decoration.

Figures are made without pyplot: it keeps global state and wants a screen.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gateway.ledger.statistics import MISSED, Statistics

WIDTH_IN: Final = 7.2
_ROW_IN: Final = 0.26
_HEAD_IN: Final = 0.9
_BLUE: Final = "#2f6db3"
_STATES: Final = {
    # Colours that stay apart for readers who see red and green alike.
    "answered": "#2f6db3",
    "no_hit": "#a9c7e8",
    "refused": "#e3a72f",
    "not_capable": "#d9d9d9",
    "missed": "#a8325a",
}
_MOST: Final = 30
"""Bars of one plot; the rest is told in the table."""


def draw_days(statistics: Statistics) -> Figure:
    """Searches of each day."""
    figure, axes = _begin("Searches a day", 2.4)
    days = statistics.month.days
    axes.bar([day.day for day in days], [statistics.days[day] for day in days], color=_BLUE)
    axes.set_xlim(0.3, len(days) + 0.7)
    axes.set_xticks([1, *range(5, len(days) + 1, 5)])
    return figure


def draw_counts(title: str, counts: Mapping[str, int]) -> Figure:
    """Bars of counts, the largest first."""
    pairs = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST]
    figure, axes = _begin(title, _HEAD_IN + _ROW_IN * max(1, len(pairs)))
    bars = axes.barh([name for name, _ in pairs], [count for _, count in pairs], color=_BLUE)
    axes.bar_label(bars, padding=3, fontsize=8)
    _rows(axes, len(pairs))
    return figure


def draw_banks(statistics: Statistics) -> Figure:
    """How the searches of each bank ended, as shares of all."""
    names = sorted(statistics.banks)
    figure, axes = _begin("How each bank ended", _HEAD_IN + _ROW_IN * (len(names) + 1))
    left = [0.0] * len(names)
    for state, colour in _STATES.items():
        widths = [_share(statistics, name, state) for name in names]
        axes.barh(names, widths, left=left, color=colour, label=state.replace("_", " "))
        left = [a + b for a, b in zip(left, widths, strict=True)]
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    figure.legend(ncols=len(_STATES), loc="outside lower left", frameon=False, fontsize=8)
    _rows(axes, len(names))
    return figure


def draw_times(statistics: Statistics) -> Figure:
    """Median and 95th centile of the time of each bank."""
    times = {n: b.quantiles_ms for n, b in statistics.banks.items() if b.quantiles_ms}
    names = sorted(times)
    figure, axes = _begin("Milliseconds: median and 95th centile", _HEAD_IN + _ROW_IN * len(names))
    medians, highs = [times[n][0] for n in names], [times[n][1] for n in names]
    axes.hlines(names, medians, highs, color="#a9c7e8", linewidth=4)
    axes.plot(medians, names, "o", color=_BLUE)
    axes.plot(highs, names, "|", color=_BLUE, markersize=9)
    axes.set_xlim(left=0)
    _rows(axes, len(names))
    return figure


def _share(statistics: Statistics, bank: str, state: str) -> float:
    states = statistics.banks[bank].states
    count = sum(states[s] for s in MISSED) if state == "missed" else states[state]
    return count / max(1, states.total())


def _begin(title: str, height_in: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
    axes.tick_params(labelsize=8, length=0)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _rows(axes: Axes, count: int) -> None:
    """Read from the top, and leave the scale of numbers to the labels."""
    axes.set_ylim(max(count, 1) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)


def as_svg(figure: Figure) -> str:
    """A figure as an SVG element that may stand inside a page; texts stay texts."""
    import matplotlib as mpl

    out = io.StringIO()
    # Without these two each run would draw other bytes.
    with mpl.rc_context({"svg.hashsalt": "kalkan", "svg.fonttype": "none"}):
        figure.savefig(out, format="svg", metadata={"Date": None})
    return re.sub(r"^.*?(?=<svg)", "", out.getvalue(), count=1, flags=re.DOTALL)


def all_figures(statistics: Statistics) -> Sequence[Figure]:
    """The figures of a report, in the order of its questions."""
    return (
        draw_days(statistics),
        draw_counts("Searches by the requester's member", statistics.members),
        draw_counts("Searches by purpose", _plain(statistics.purposes)),
        draw_banks(statistics),
        draw_times(statistics),
        draw_counts("Refusals by rule", statistics.rules),
    )


def _plain(counts: Mapping[str, int]) -> dict[str, int]:
    return {name.replace("_", " "): count for name, count in counts.items()}
