"""Say before a question is sent which banks refuse it as it is filled in, and what they want.

The directory tells it for this requester and purpose, of the banks that this requester may know. A
name that is sent can mark a person: it should not go where it cannot be answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.clock import SystemClock
from gateway.errors import GatewayError
from gateway.limits import check_probe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalkan.v1 import directory_service_pb2 as wire
    from kalkan.v1 import model_pb2 as model

_WORDS: Final = {"full_name": "a second part of the name", "mrz": "the machine-readable zone"}


def list_filled(probes: Iterable[model.Probe]) -> frozenset[str]:
    """Return what is filled in, in the words of policies; nothing where a server will refuse it."""
    today = SystemClock().now().date()
    fields: set[str] = set()
    try:
        for number, probe in enumerate(probes):
            fields |= check_probe(f"probes[{number}]", probe, today)
    except GatewayError:
        return frozenset()  # the server says what is wrong, and records it
    return frozenset(fields)


def find_lacking(access: wire.ExplainAccessResponse, fields: frozenset[str]) -> dict[str, str]:
    """Return the banks that may be asked but not so, each with the least that has to change."""
    return {
        each.bank: advise(each.fields, fields)
        for each in access.banks
        if each.permitted and each.capable and fields and each.fields
        if not any(_changes(way, fields) == (set(), set()) for way in each.fields)
    }


def advise(ways: Iterable[wire.QueryFields], fields: frozenset[str]) -> str:
    """Say in words what has to change, each way that needs the fewest changes."""
    changes = [_changes(way, fields) for way in ways]
    least = min(len(add) + len(drop) for add, drop in changes)
    told = (_tell(add, drop) for add, drop in changes if len(add) + len(drop) == least)
    return ", or ".join(dict.fromkeys(told))


def _changes(way: wire.QueryFields, fields: frozenset[str]) -> tuple[set[str], set[str]]:
    """What is missing for a way to fill in a question, and what must not be there."""
    return set(way.needed) - fields, set(fields) - {*way.needed, *way.optional}


def _tell(add: set[str], drop: set[str]) -> str:
    told = ((verb, sorted(names)) for verb, names in (("add", add), ("leave out", drop)) if names)
    return " and ".join(f"{verb} {' and '.join(map(_word, names))}" for verb, names in told)


def _word(name: str) -> str:
    return _WORDS.get(name, name.replace("_", " "))
