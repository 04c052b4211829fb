"""What a bank sends is shown whole, warnings first, and can do nothing to the terminal."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from gateway.cli.found import Found
from gateway.cli.results import show_coverage, show_groups
from gateway.cli.screen import Screen
from gateway.events import BankEnd
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire

HOSTILE = "\x1b[2J\x1b]0;owned\x07[bold red]\u202eevil\n\r:smile: \x9b1m"
OUR_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def make_record(text: str) -> model.Record:
    handling = model.Handling(tlp=model.TLP_AMBER, confirm_first=True)
    strict = model.Handling(tlp=model.TLP_RED)
    return model.Record(
        owner="KAZ",
        bank="KAZ/persons",
        reference=f"R{text}",
        kind=model.RECORD_KIND_WANTED,
        warnings=[model.WARNING_ARMED],
        action=model.ACTION_ARREST,
        urgency=model.URGENCY_HOUR,
        contact=model.Contact(office=f"Office{text}", phone="+7"),
        handling=handling,
        fields=[
            model.Field(
                field=model.FIELD_NAME_NAME,
                name=model.PersonName(full=f"Name{text}"),
                handling=handling,
            ),
            model.Field(field=model.FIELD_NAME_REMARK, text=f"Remark{text}", handling=strict),
        ],
    )


def make_found(text: str = "", rule_text: str = "") -> Found:
    reason = model.Reason(
        field=model.FIELD_NAME_NAME, verdict=model.VERDICT_EXACT, detail=f"d{text}"
    )
    hit = model.Hit(record=make_record(text), score=0.97, reasons=[reason])
    group = wire.Group(
        hits=[wire.HitRef(bank="KAZ/persons", hit=0)],
        score=0.97,
        handling=hit.record.handling,
        warnings=[model.WARNING_ARMED],
    )
    found = Found(groups=(group,))
    found.add(BankEnd("KAZ/persons", "answered", 0.1, model.Answer(hits=[hit])))
    found.add(BankEnd("AFG/persons", "refused", 0.2, None, "afg.x", rule_text or "No.", "Kabul"))
    found.add(BankEnd("GEO/persons", "timed_out", 3.0, None))
    return found


def render(found: Found, *, terminal: bool) -> str:
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=terminal, width=100, markup=False, highlight=False, emoji=False
    )
    screen = Screen(console)
    show_groups(screen, found)
    show_coverage(screen, found)
    return out.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_hostile_text_of_a_bank_is_neutralised(terminal):
    text = render(make_found(HOSTILE, HOSTILE), terminal=terminal)
    text = OUR_COLOURS.sub("", text) if terminal else text
    bad = {c for c in text if not c.isprintable()} - {"\n"}
    assert bad == set()
    assert "<U+001B>" in text
    assert "<U+202E>" in text
    assert "[bold" in text
    assert ":smile:" in text


@pytest.mark.parametrize("terminal", [True, False])
def test_a_hit_shows_everything_that_decides_what_to_do(terminal):
    text = OUR_COLOURS.sub("", render(make_found(), terminal=terminal))
    for part in (
        "KAZ/persons",
        "wanted",
        "0.97",
        "name: the same",
        "TLP:AMBER, confirm with the owner before acting",
        "Remark [TLP:RED]",
        "arrest",
        "Office, +7",
        "confirms within 1 hour",
    ):
        assert part in text


def test_warnings_come_before_anything_else_of_a_subject():
    lines = render(make_found(), terminal=False).splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("Subject 1"))
    assert "WARNING" in lines[head + 1]
    assert "ARMED" in lines[head + 1]


def test_warnings_are_red_on_a_terminal():
    text = render(make_found(), terminal=True)
    assert re.search(r"\x1b\[1;31mARMED", text)


def test_coverage_shows_gaps_first_and_refusals_with_rule_text_and_contact():
    lines = render(make_found(), terminal=False).splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("bank"))
    assert [line.split()[0] for line in lines[head + 1 : head + 4]] == [
        "GEO/persons",
        "AFG/persons",
        "KAZ/persons",
    ]
    assert "afg.x: No. Ask: Kabul." in lines[head + 2]
    assert lines[head + 4].startswith("Incomplete: 1 bank searched, 2 did not")


def test_a_name_from_right_to_left_is_isolated():
    found = make_found(" قهار")
    assert "\u2068Name قهار\u2069" in render(found, terminal=False)


def test_a_hit_without_fields_shows_its_band():
    found = make_found()
    hit = found.ends["KAZ/persons"].answer.hits[0]
    hit.ClearField("reasons")
    hit.record.ClearField("fields")
    hit.band = model.SCORE_BAND_STRONG
    assert "strong; the owner releases no fields" in render(found, terminal=False)


def test_more_groups_than_fit_are_counted():
    found = make_found()
    found.groups = found.groups * 3
    out = io.StringIO()
    show_groups(Screen(Console(file=out, width=100, markup=False)), found, most=2)
    assert "1 more groups" in out.getvalue()
