"""What the hub gets of a node's ledger: searches, without what is sealed, page by page."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from gateway.access.errors import PeerForbiddenError
from gateway.auditing import comparable
from gateway.auditing.comparable import ComparableMethods
from gateway.clock import ManualClock
from gateway.errors import FieldInvalidError, PolicyRefusedError
from gateway.ledger.custody import Custodian
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.seal import Sealer
from gateway.recorder import PERSONAL, Recorder
from kalkan.v1 import audit_service_pb2 as wire
from tests.kit.desk import Desk
from tests.kit.signed import ID, make_federation

CUSTODIAN = Custodian("anna", generate_private_key(SECP256R1()).public_key())


@pytest.fixture
async def node(tmp_path):
    clock = ManualClock(datetime(2026, 11, 21, 8, 0, tzinfo=UTC))
    ledger = await Ledger.open(tmp_path, clock)
    sealer = Sealer(tmp_path, {"KAZ": [CUSTODIAN]}, clock)
    recorder = Recorder(ledger, Side.NODE, "KAZ", clock, sealer)
    desk = Desk(make_federation(), clock)

    def make(*, permitted=True):
        return ComparableMethods(ID, recorder, tmp_path, clock, permitted=permitted)

    yield make, recorder, desk
    await ledger.close()


def ask(start=0, hour=0):
    request = wire.ListComparableRequest(start_index=start)
    request.start_time.FromDatetime(datetime(2026, 11, 21, hour, tzinfo=UTC))
    return request


async def test_hub_gets_searches_alone_and_nothing_that_is_sealed(node):
    make, recorder, desk = node
    facts = {"search_id": "ab" * 16, "banks": ("KAZ/persons",), "certificate_sha256": "1" * 64}
    # Beside it there is the entry of the key that it is sealed with.
    assert await recorder.write(Kind.INTENT, {**facts, PERSONAL: {"KAZ": {"name": "x"}}}) == 1
    methods = make()
    response = await methods.list_comparable(ask(), desk.call("hub"))
    (entry,) = map(json.loads, response.entries)
    assert entry["kind"] == "INTENT"
    assert not entry.keys() & {"certificate_sha256", "sealed"}
    assert entry.keys() <= set(comparable.COMPARABLE)
    assert response.next_index == 2
    again = await methods.list_comparable(ask(2), desk.call("hub"))
    assert (list(again.entries), again.next_index) == ([], 3)  # the access itself
    assert (await methods.list_comparable(ask(3), desk.call("hub"))).next_index == 3


async def test_pages_end_and_go_on(node, monkeypatch):
    monkeypatch.setattr(comparable, "MAX_PAGE", 2)
    make, recorder, desk = node
    for number in range(5):
        await recorder.write(Kind.INTENT, {"search_id": f"{number:032x}"})
    methods, start, seen = make(), 0, []
    while len(seen) < 5:
        response = await methods.list_comparable(ask(start), desk.call("hub"))
        assert len(response.entries) <= 2
        seen += [json.loads(data)["search_id"] for data in response.entries]
        start = response.next_index
    assert seen == [f"{number:032x}" for number in range(5)]


async def write_searches(recorder, count):
    for number in range(count):
        await recorder.write(Kind.INTENT, {"search_id": f"{number:032x}"})


def numbers(response):
    return [int(json.loads(data)["search_id"], 16) for data in response.entries]


async def test_node_that_was_started_again_gives_nothing_twice(node):
    """The segment is read from its beginning then; the hub would count what it has already."""
    make, recorder, desk = node
    await write_searches(recorder, 5)
    for start in (3, 1, 4):
        response = await make().list_comparable(ask(start), desk.call("hub"))
        assert numbers(response) == list(range(start, 5))
        assert response.next_index > start


async def test_hub_comes_to_the_end_of_a_long_segment_after_a_restart(node, monkeypatch):
    monkeypatch.setattr(comparable, "MAX_SCAN", 2)
    make, recorder, desk = node
    await write_searches(recorder, 9)
    start, seen = 5, []
    while len(seen) < 4:
        response = await make().list_comparable(ask(start), desk.call("hub"))
        assert response.next_index == start + 2
        seen += numbers(response)
        start = response.next_index
    assert seen == [5, 6, 7, 8]


async def test_page_ends_by_its_bytes(node, monkeypatch):
    monkeypatch.setattr(comparable, "MAX_BYTES", 1)
    make, recorder, desk = node
    await write_searches(recorder, 2)
    response = await make().list_comparable(ask(), desk.call("hub"))
    assert (numbers(response), response.next_index) == ([0], 1)


async def test_nothing_is_given_where_the_access_cannot_be_recorded(node):
    make, recorder, desk = node
    await write_searches(recorder, 1)
    await recorder._ledger.close()
    with pytest.raises(LedgerUnavailableError):
        await make().list_comparable(ask(), desk.call("hub"))


async def test_what_is_older_is_left_out(node):
    make, recorder, desk = node
    await recorder.write(Kind.INTENT, {"search_id": "ab" * 16})
    assert not (await make().list_comparable(ask(hour=9), desk.call("hub"))).entries


async def test_it_is_for_the_hub_where_the_node_is_willing(node):
    make, _, desk = node
    for role in ("client", "node"):
        with pytest.raises(PeerForbiddenError):
            await make().list_comparable(ask(), desk.call(role))
    with pytest.raises(PolicyRefusedError) as caught:
        await make(permitted=False).list_comparable(ask(), desk.call("hub"))
    assert caught.value.metadata == {"rule": "node.reconcile"}
    with pytest.raises(FieldInvalidError):
        await make().list_comparable(ask(2**60), desk.call("hub"))
