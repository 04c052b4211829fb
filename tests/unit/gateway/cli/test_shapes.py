"""Events as JSON name what they are and hold what was sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from gateway.cli.safe import write_json
from gateway.cli.shapes import shape_event
from gateway.events import Accepted, BankEnd, Ended, Groups
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire


def read_back(event):
    return json.loads(write_json(shape_event(event)))


def test_each_event_is_named_and_parses():
    accepted = Accepted("ab", ("KAZ/persons",), ("AFG/persons",), datetime(2026, 1, 1, tzinfo=UTC))
    assert read_back(accepted) == {
        "event": "accepted",
        "search_id": "ab",
        "asked": ["KAZ/persons"],
        "not_asked": ["AFG/persons"],
        "end_time": "2026-01-01T00:00:00+00:00",
    }
    assert read_back(Groups((wire.Group(score=0.5),)))["groups"] == [{"score": 0.5}]
    ended = read_back(Ended(wire.Receipt(search_id="ab"), complete=True))
    assert ended == {"event": "ended", "complete": True, "receipt": {"search_id": "ab"}}


def test_a_bank_end_holds_its_answer_without_padding():
    answer = model.Answer(bank="KAZ/persons", padding=b"0" * 100, hits=[model.Hit(score=0.9)])
    shaped = read_back(BankEnd("KAZ/persons", "answered", 0.25, answer))
    assert shaped["event"] == "bank_ended"
    assert shaped["answer"] == {"bank": "KAZ/persons", "hits": [{"score": 0.9}]}


def test_a_refusal_names_rule_text_and_contact():
    shaped = read_back(BankEnd("AFG/persons", "refused", 0.1, None, "afg.x", "No.", "Kabul"))
    assert (shaped["rule"], shaped["text"], shaped["contact"]) == ("afg.x", "No.", "Kabul")
    assert "answer" not in shaped
