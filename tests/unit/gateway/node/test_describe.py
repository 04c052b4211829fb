"""A node tells the hub what its banks are."""

from __future__ import annotations

from datetime import UTC, datetime

from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

BANK = "KAZ/persons"
AS_OF = datetime(2026, 5, 1, tzinfo=UTC)


async def test_node_describes_its_banks(country):
    described = await country.node.describe(wire.DescribeRequest(), country.call())
    assert described.member == country.node.member == "KAZ"
    (bank,) = described.banks
    assert (bank.bank, bank.title, bank.engine) == (BANK, "A bank", "memory")
    assert list(bank.probes) == [wire.PROBE_KIND_PERSON, wire.PROBE_KIND_DOCUMENT]
    assert list(bank.kinds) == [model.RECORD_KIND_WANTED]
    assert list(bank.fields) == [model.FIELD_NAME_NAME]
    assert (bank.contact.office, list(bank.scripts)) == ("Office", ["Cyrl"])
    assert bank.as_of_time.ToDatetime(tzinfo=UTC) == AS_OF
    assert bank.available
    country.bank.available = False
    country.bank._as_of = None
    (bank,) = (await country.node.describe(wire.DescribeRequest(), country.call())).banks
    assert not bank.available
    assert not bank.HasField("as_of_time")
