"""The page and the paper hold the numbers, and nothing that somebody could put into them."""

from __future__ import annotations

import pytest

from gateway.ledger.statistics import BankCount, Month, Statistics
from gateway.trace.report.page import rows_of, title_of, write_html, write_pdf


def test_page_holds_numbers_plots_and_table(statistics, tmp_path):
    path = tmp_path / "report.html"
    write_html(statistics, path)
    page = path.read_text()
    assert "Kalkan, 2026-02: ledger of the hub" in page
    assert page.count("<svg") == 6
    for text in ("28 (100.0%)", "NPL/persons", "geo.purpose", "TOKEN_EXPIRED", "border control"):
        assert text in page
    assert "kaz-0417" not in page
    assert "http" not in page.replace("http://www.w3.org", "").replace(
        "http://purl.org", ""
    ).replace("http://creativecommons.org", "").replace("https://matplotlib.org", "")


def test_names_are_texts_and_never_markup(tmp_path):
    evil = "<script>alert(1)</script>"
    statistics = Statistics(Month(2026, 2), side="node", member=evil)
    statistics.banks[evil] = BankCount()
    statistics.rules[evil] = 1
    statistics.refused[evil] = 1
    path = tmp_path / "report.html"
    write_html(statistics, path)
    assert "<script" not in path.read_text()


def test_rows_tell_shares_and_times(statistics):
    kaz = next(row for row in rows_of(statistics) if row.bank == "KAZ/persons")
    assert (kaz.searched, kaz.hit_rate, kaz.availability) == (28, "100.0%", "100.0%")
    assert (kaz.median_ms, kaz.p95_ms) == ("34", "46")
    npl = next(row for row in rows_of(statistics) if row.bank == "NPL/persons")
    assert (npl.missed, npl.hit_rate, npl.availability, npl.median_ms) == (28, "", "0.0%", "")


def test_paper_has_a_page_for_each_plot(statistics, tmp_path):
    path = tmp_path / "report.pdf"
    write_pdf(statistics, path)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 8 or data.count(b"/Type /Page ") == 8


@pytest.mark.parametrize(("side", "whose"), [("hub", "the hub"), ("node", "the node of KAZ")])
def test_title_says_whose_month_it_is(side, whose):
    assert whose in title_of(Statistics(Month(2026, 2), side=side, member="KAZ"))
