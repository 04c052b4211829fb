"""The plots say what the numbers say."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from gateway.ledger.statistics import Month, Statistics
from gateway.trace.report.plots import all_figures, as_svg, draw_banks, draw_counts, draw_days


def bars_of(figure):
    return [patch for axes in figure.axes for patch in axes.patches]


def test_a_day_is_a_bar_of_its_searches(statistics):
    assert [bar.get_height() for bar in bars_of(draw_days(statistics))] == [1] * 28


def test_counts_are_bars_with_the_largest_first():
    figure = draw_counts("Counts", {"few": 1, "many": 9, "some": 4})
    assert [bar.get_width() for bar in bars_of(figure)] == [9, 4, 1]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == [
        *("many", "some", "few")
    ]


def test_ends_of_each_bank_add_up_to_all(statistics):
    bars = bars_of(draw_banks(statistics))
    for row in range(len(statistics.banks)):
        widths = [bar.get_width() for bar in bars if round(bar.get_y() + 0.4) == row]
        assert sum(widths) == pytest.approx(1)


def test_plots_are_svg_that_may_stand_in_a_page_and_the_same_each_time(statistics):
    for figure, again in zip(all_figures(statistics), all_figures(statistics), strict=True):
        drawn = as_svg(figure)
        assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own
        assert drawn == as_svg(again)


def test_month_without_searches_is_drawn(statistics):
    assert len(all_figures(Statistics(Month(2026, 2)))) == len(all_figures(statistics))
