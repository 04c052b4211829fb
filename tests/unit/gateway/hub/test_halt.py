"""At the hub: what is stopped is asked no more, and what runs ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from gateway.access.stops import Stops, read_stop
from gateway.errors import StoppedError
from gateway.hub.plan import Planner
from gateway.hub.search import Searcher
from gateway.ledger.kinds import Kind
from gateway.stopping import StopList
from kalkan.v1 import model_pb2 as model
from tests.kit.links import hangs


@pytest.fixture
def stops(hub):
    """The stops of a hub that is put together with them."""
    old = hub.searcher._parts
    stops = StopList(old.federation)
    planner = Planner(hub.directory, old.planner._policy, stops)
    parts = replace(old, planner=planner, stops=stops)
    hub.searcher = Searcher(parts)
    return stops


def put(stops, *texts):
    made = [read_stop(text) for text in texts]
    stops.put(Stops({(stop.kind, stop.value): stop for stop in made}))


async def begin(hub, *targets):
    request = hub.desk.sign(hub.desk.compose(*targets))
    call = hub.desk.call()
    return request, call, await hub.searcher.begin(request, call, batch=False)


@pytest.mark.parametrize("what", ["officer=KAZ/officer", "member=KAZ", "purpose=terrorism"])
async def test_new_question_of_what_is_stopped_is_refused(hub, stops, what):
    put(stops, what)
    with pytest.raises(StoppedError) as caught:
        await begin(hub)
    assert caught.value.metadata["rule"] == "hub.stopped"
    assert not any(node.requests for node in hub.nodes.values())
    put(stops, "officer=KAZ/another", "member=GEO", "purpose=stolen_property")
    await begin(hub)


async def test_stopped_bank_is_refused_and_not_called(hub, stops):
    put(stops, "bank=TUR/persons")
    request, call, search = await begin(hub)
    ends = {end.bank: end async for end in hub.searcher.run(request, search)}
    assert ends["TUR/persons"].state == model.BANK_STATE_REFUSED
    assert ends["TUR/persons"].rule == "hub.stopped"
    assert ends["TUR/persons"].contact
    assert hub.nodes["TUR"].requests == []
    assert ends["GEO/persons"].state == model.BANK_STATE_ANSWERED
    await hub.searcher.finish(search, call)
    states = {s.bank: (s.state, s.rule) for s in hub.entries()[-1].states}
    assert states["TUR/persons"] == ("refused", "hub.stopped")


async def collect(hub, request, search, into):
    async for end in hub.searcher.run(request, search):
        into.append(end)


async def test_running_search_ends_when_its_officer_is_stopped(hub, stops):
    hub.nodes["TUR"].act = hangs
    request, _, search = await begin(hub)
    ends = []
    task = asyncio.create_task(collect(hub, request, search, ends))
    await hub.nodes["TUR"].asked.wait()
    put(stops, "officer=KAZ/officer")
    with pytest.raises(StoppedError):
        await task
    await asyncio.sleep(0)
    assert hub.nodes["TUR"].cancelled == 1
    assert "TUR/persons" not in {end.bank for end in ends}


async def test_bank_that_is_stopped_meanwhile_ends_as_refused(hub, stops):
    hub.nodes["TUR"].act = hangs
    request, _, search = await begin(hub)
    ends = []
    task = asyncio.create_task(collect(hub, request, search, ends))
    await hub.nodes["TUR"].asked.wait()
    put(stops, "bank=TUR/persons")
    await task
    states = {end.bank: end.state for end in ends}
    assert len(ends) == len(states) == 4
    assert states["TUR/persons"] == model.BANK_STATE_REFUSED
    assert hub.nodes["TUR"].cancelled == 1


async def test_stop_of_others_disturbs_nobody(hub, stops):
    request, call, search = await begin(hub)
    ends = []
    async for end in hub.searcher.run(request, search):
        put(stops, f"officer=KAZ/other-{len(ends)}")
        ends.append(end)
    assert {end.state for end in ends} == {model.BANK_STATE_ANSWERED}
    await hub.searcher.finish(search, call)


async def test_stop_before_the_end_is_signed_leaves_no_receipt(hub, stops):
    request, call, search = await begin(hub)
    async for _ in hub.searcher.run(request, search):
        pass
    put(stops, "purpose=terrorism")
    with pytest.raises(StoppedError):
        await hub.searcher.finish(search, call)
    assert call.open  # so that the door records how it ended
    assert [entry.kind for entry in hub.entries()] == [Kind.INTENT]
