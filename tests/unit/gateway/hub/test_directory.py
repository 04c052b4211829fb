from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from gateway.hub import directory as module
from gateway.hub.directory import Directory
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.links import Node
from tests.kit.signed import MEMBERS

PERSON, DOCUMENT = wire.PROBE_KIND_PERSON, wire.PROBE_KIND_DOCUMENT


def describe(member, *banks, probes=(PERSON,), available=True) -> wire.DescribeResponse:
    response = wire.DescribeResponse(member=member)
    for bank in banks:
        response.banks.add(bank=bank, probes=probes, available=available)
    return response


@pytest.fixture
def nodes():
    return {member: Node() for member in MEMBERS}


@pytest.fixture
def directory(federation, nodes, clock):
    return Directory(federation, nodes, clock)


def test_banks_are_known_before_any_node_was_asked(directory):
    assert list(directory.banks) == [
        "GEO/persons",
        "KAZ/persons",
        "KAZ/vehicles",
        "TUR/persons",
    ]
    assert directory.by_member["KAZ"] == ("KAZ/persons", "KAZ/vehicles")
    assert not any(known.up or known.seen for known in directory.banks.values())


def test_bank_of_which_nothing_is_known_can_everything(directory):
    assert directory.can("KAZ/persons", "vehicle")
    assert directory.can_number("KAZ/persons", DOCUMENT)


async def test_bank_can_what_its_node_says(directory, nodes):
    nodes["KAZ"].description = describe("KAZ", "KAZ/persons")
    await directory.refresh()
    assert directory.can("KAZ/persons", "person")
    assert not directory.can("KAZ/persons", "document")
    assert not directory.can_number("KAZ/persons", DOCUMENT)
    assert directory.can("KAZ/vehicles", "document")


async def test_bank_is_up_where_its_node_says_that_it_is_available(directory, nodes, clock):
    nodes["KAZ"].description = describe("KAZ", "KAZ/persons")
    nodes["TUR"].description = describe("TUR", "TUR/persons", available=False)
    await directory.refresh()
    up = {bank for bank, known in directory.banks.items() if known.up}
    assert up == {"KAZ/persons"}
    assert directory.banks["KAZ/persons"].seen == clock.now()
    assert directory.banks["KAZ/vehicles"].seen is None


async def test_node_that_goes_away_keeps_its_last_description(directory, nodes, clock):
    nodes["KAZ"].description = describe("KAZ", "KAZ/persons")
    await directory.refresh()
    nodes["KAZ"].description = None
    clock.advance(60)
    await directory.refresh()
    known = directory.banks["KAZ/persons"]
    assert not known.up
    assert known.description.probes == [PERSON]
    assert known.seen == clock.now() - timedelta(seconds=60)


async def test_node_that_calls_itself_another_member_is_not_heard(directory, nodes):
    nodes["KAZ"].description = describe("TUR", "KAZ/persons")
    await directory.refresh()
    assert not directory.banks["KAZ/persons"].up
    assert directory.banks["KAZ/persons"].description is None


async def test_node_cannot_describe_the_bank_of_another_or_add_one(directory, nodes):
    nodes["KAZ"].description = describe("KAZ", "TUR/persons", "KAZ/hidden")
    await directory.refresh()
    assert directory.banks["TUR/persons"].description is None
    assert "KAZ/hidden" not in directory.banks


async def test_one_node_that_is_away_does_not_keep_the_others_from_being_heard(directory, nodes):
    nodes["TUR"].description = describe("TUR", "TUR/persons")
    await directory.refresh()
    assert directory.banks["TUR/persons"].up
    assert not directory.banks["GEO/persons"].up


async def test_node_that_fails_strangely_does_not_end_the_refreshing(directory, nodes):
    async def fail(timeout_s):
        raise RuntimeError("no such thing")

    nodes["KAZ"].describe = fail
    nodes["TUR"].description = describe("TUR", "TUR/persons")
    await directory.refresh()
    assert directory.banks["TUR/persons"].up
    assert not directory.banks["KAZ/persons"].up


async def test_directory_is_refreshed_again_and_again(directory, nodes, monkeypatch):
    monkeypatch.setattr(module, "REFRESH_S", 0.0)
    asked = asyncio.Event()
    count = 0

    async def describe_and_count(timeout_s):
        nonlocal count
        count += 1
        if count == 3:
            asked.set()
        return describe("KAZ", "KAZ/persons")

    nodes["KAZ"].describe = describe_and_count
    task = asyncio.create_task(directory.keep_fresh())
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
