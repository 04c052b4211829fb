"""Where an inspector goes and what filter it sends; it asks real servers in tests/integration."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.auditing.request import read_listing
from gateway.errors import InputError
from gateway.inspector import _address_of, _write
from gateway.ledger.filter import Filter
from gateway.settings import ClientSettings
from kalkan.v1 import audit_service_pb2 as wire
from tests.kit.signed import make_federation

PATH = Path("x")
SETTINGS = ClientSettings(federation=PATH, certificate=PATH, key=PATH, query_key=PATH, token=PATH)


def test_hub_and_nodes_are_reached_by_the_federation_file():
    federation = make_federation()
    assert _address_of(federation, SETTINGS, "hub") == (federation.hub.address, "localhost")
    kaz = federation.member("KAZ")
    assert _address_of(federation, SETTINGS, "kaz") == (kaz.node, kaz.node_name)
    with pytest.raises(InputError):
        _address_of(federation, SETTINGS, "XXX")


def test_server_reads_the_filter_that_was_meant():
    time = datetime(2026, 11, 1, tzinfo=UTC)
    texts = {"who": "a", "bank": "KAZ/persons", "purpose": "p", "rule": "r", "state": "no_hit"}
    more = {"search_id": "ab" * 16, "requester_member": "KAZ", "kind": "INTENT", "probe": "person"}
    wanted = Filter(**texts, **more, since=time, until=time)
    assert read_listing(wire.ListEntriesRequest(filter=_write(wanted))).filter == wanted
