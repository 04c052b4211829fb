"""Events and other things of the wire as plain objects, for `--json`.

Names of fields are those of the contract, enumerations are their names in it, and what is not set
is left out; a reader can check every line against the published protos.
"""

from __future__ import annotations

from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from gateway.events import Accepted, BankEnd, Ended, Event, Groups


def shape_message(message: Message) -> dict[str, Any]:
    """Return a message of the wire."""
    shaped: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    shaped.pop("padding", None)
    return shaped


def shape_event(event: Event) -> dict[str, Any]:
    """Return an event; `event` says which: accepted, bank_ended, groups or ended."""
    match event:
        case Accepted():
            return _shape_accepted(event)
        case BankEnd():
            return _shape_end(event)
        case Groups():
            return {"event": "groups", "groups": [shape_message(g) for g in event.groups]}
        case Ended():
            receipt = shape_message(event.receipt)
            return {"event": "ended", "complete": event.complete, "receipt": receipt}


def _shape_accepted(event: Accepted) -> dict[str, Any]:
    return {
        "event": "accepted",
        "search_id": event.search_id,
        "asked": list(event.asked),
        "not_asked": list(event.not_asked),
        "end_time": event.end_time.isoformat(),
    }


def _shape_end(event: BankEnd) -> dict[str, Any]:
    shaped: dict[str, Any] = {
        "event": "bank_ended",
        "bank": event.bank,
        "state": event.state,
        "elapsed_s": round(event.elapsed_s, 6),
    }
    if event.rule:
        shaped |= {"rule": event.rule, "text": event.text, "contact": event.contact}
    if event.answer is not None:
        shaped["answer"] = shape_message(event.answer)
    return shaped
