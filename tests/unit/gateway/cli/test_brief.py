"""A few lines of what was found, with its warnings, its gaps, and whom to ask first."""

from __future__ import annotations

import io

from rich.console import Console

from gateway.cli.brief import show_brief, show_contact, show_ends
from gateway.cli.found import Found
from gateway.cli.screen import Screen
from gateway.events import BankEnd
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire


def make_hit(name: str = "", document: str = "", birth: int = 0) -> model.Hit:
    record = model.Record(owner="KAZ", bank="KAZ/persons")
    record.contact.office = "Office of Astana"
    if name:
        record.fields.add(field=model.FIELD_NAME_NAME, name=model.PersonName(full=name))
    if document:
        record.fields.add(field=model.FIELD_NAME_DOCUMENT, document=model.Document(number=document))
    if birth:
        record.fields.add(field=model.FIELD_NAME_BIRTH_DATE, date=model.PartialDate(year=birth))
    reason = model.Reason(field=model.FIELD_NAME_NAME, verdict=model.VERDICT_EXACT)
    return model.Hit(record=record, score=0.9, reasons=[reason])


def make_found(*hits: model.Hit, warnings=()) -> Found:
    groups = tuple(
        wire.Group(
            hits=[wire.HitRef(bank="KAZ/persons", hit=number)],
            warnings=warnings,
            handling=model.Handling(tlp=model.TLP_AMBER),
        )
        for number in range(len(hits))
    )
    found = Found(groups=groups)
    found.add(BankEnd("KAZ/persons", "answered", 0.1, model.Answer(hits=hits)))
    found.add(BankEnd("AFG/persons", "refused", 0.2, None, "afg.x", "No\x1b[2J.", "Kabul"))
    found.add(BankEnd("GEO/persons", "timed_out", 3.0, None))
    return found


def shown(show, *arguments) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, markup=False, highlight=False, emoji=False)
    show(Screen(console), *arguments)
    return out.getvalue()


def test_hit_is_a_line_with_name_birth_and_why():
    text = shown(show_brief, make_found(make_hit("Rustam Karimov", "N1", 1984)))
    line = next(line for line in text.splitlines() if "Rustam" in line)
    assert line.split()[:4] == ["KAZ/persons", "Rustam", "Karimov", "1984"]
    assert "the same" in line
    assert "N1" not in line  # who is named needs no number
    assert "TLP:AMBER" in text
    assert "WARNING" not in text


def test_record_without_a_name_is_told_by_its_document():
    text = shown(show_brief, make_found(make_hit(document="N10000001")))
    assert "N10000001" in text


def test_warning_comes_first():
    hit = make_hit("Rustam Karimov")
    lines = shown(show_brief, make_found(hit, warnings=[model.WARNING_ARMED])).splitlines()
    assert lines[0] == "  WARNING: ARMED"


def test_only_the_first_groups_are_shown_and_the_rest_are_counted():
    found = make_found(*(make_hit(f"Name{number}") for number in range(5)))
    text = shown(show_brief, found, 2)
    assert [name in text for name in ("Name0", "Name1", "Name2")] == [True, True, False]
    assert "and 3 more groups" in text
    assert "more groups" not in shown(show_brief, found, 5)


def test_each_gap_is_told_with_what_is_to_say_of_it():
    text = shown(show_ends, make_found(make_hit("a")))
    assert "Banks: 1 answered, 1 refused, 1 timed out. Answers and receipt verified." in text
    assert "AFG/persons  afg.x: No<U+001B>[2J. Ask: Kabul." in text
    assert "timed out" in text.splitlines()[1]
    assert "\x1b" not in text


def test_contact_of_the_first_hit_is_to_be_asked_first():
    found = make_found(make_hit("a"))
    assert shown(show_contact, found, found.groups[0]) == "  Ask first: Office of Astana\n"
