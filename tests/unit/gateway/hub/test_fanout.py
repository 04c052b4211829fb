"""Whatever the links do, each bank ends exactly once, on time, and its fault stays its own."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import aclosing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clock import ManualClock, SystemClock
from gateway.hub.breaker import FAILURES, PAUSE_S, Breaker
from gateway.hub.fanout import PATIENCE_S, Ask, FanOut, Leg
from gateway.hub.link import LinkError
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.links import Node, answers, finds_nothing, hangs, is_away
from tests.kit.signed import expected, make_answer, seal

BANK = "KAZ/persons"
NEVER_S = 3600.0


async def refuses(asked):
    raise LinkError(model.BANK_STATE_REFUSED, "node.token_expired")


async def is_late(asked):
    raise LinkError(model.BANK_STATE_TIMED_OUT)


async def fails(asked):
    raise RuntimeError("SELECT secret FROM passwords")


async def fails_strangely(asked):
    raise ExceptionGroup("many", [KeyError("secret"), ValueError("secret")])


async def cancels(asked):
    raise asyncio.CancelledError


async def says_nothing(asked):
    return wire.NodeServiceSearchResponse()


async def gives_no_response(asked):
    return None


async def speaks_for_another(asked):
    data, signature = seal(make_answer("TUR/others", hits=1))
    return wire.NodeServiceSearchResponse(answer=data, signature=signature)


async def forges(asked):
    data, signature = seal(make_answer(asked.bank, hits=1), "stranger")
    return wire.NodeServiceSearchResponse(answer=data, signature=signature)


async def yields_first(asked):
    for _ in range(3):
        await asyncio.sleep(0)
    return await answers(asked)


ENDS = {
    answers: model.BANK_STATE_ANSWERED,
    yields_first: model.BANK_STATE_ANSWERED,
    finds_nothing: model.BANK_STATE_NO_HIT,
    refuses: model.BANK_STATE_REFUSED,
    is_away: model.BANK_STATE_UNAVAILABLE,
    is_late: model.BANK_STATE_TIMED_OUT,
    hangs: model.BANK_STATE_TIMED_OUT,
    cancels: model.BANK_STATE_TIMED_OUT,
    fails: model.BANK_STATE_FAULTY,
    fails_strangely: model.BANK_STATE_FAULTY,
    says_nothing: model.BANK_STATE_FAULTY,
    gives_no_response: model.BANK_STATE_FAULTY,
    speaks_for_another: model.BANK_STATE_FAULTY,
    forges: model.BANK_STATE_FAULTY,
}


def make_ask() -> Ask:
    return Ask(b"a question", "token", "signature", b"key", expected())


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(SystemClock().now())


async def run(fanout: FanOut, nodes: dict[str, Node], ends_at: float) -> list:
    legs = [Leg(bank, node) for bank, node in nodes.items()]
    return [end async for end in fanout.run(legs, make_ask(), ends_at)]


async def ask_one(act, seconds: float = NEVER_S):
    """Ask one bank on a real clock; its end and its node."""
    clock, node = SystemClock(), Node(act)
    fanout = FanOut(clock, Breaker(clock))
    (end,) = await run(fanout, {BANK: node}, clock.monotonic() + seconds)
    return end, node


def drive(acts, seconds: float) -> list:
    """Ask one bank for each act on a real clock."""
    clock = SystemClock()
    nodes = {f"KAZ/bank{number}": Node(act) for number, act in enumerate(acts)}
    fanout = FanOut(clock, Breaker(clock))
    return asyncio.run(run(fanout, nodes, clock.monotonic() + seconds))


@settings(max_examples=40)
@given(st.lists(st.sampled_from(list(ENDS)), max_size=12))
def test_each_bank_ends_exactly_once_in_its_state(acts):
    ends = drive(acts, 0.02 if {hangs, cancels} & set(acts) else NEVER_S)
    assert Counter(e.bank for e in ends) == {f"KAZ/bank{n}": 1 for n in range(len(acts))}
    states = {end.bank: end.state for end in ends}
    for number, act in enumerate(acts):
        state = states[f"KAZ/bank{number}"]
        # A slow machine may be out of time before a bank that works has worked.
        assert state == ENDS[act] or (
            state == model.BANK_STATE_TIMED_OUT and {hangs, cancels} & set(acts)
        )


@pytest.mark.parametrize("act", [a for a in ENDS if a not in {hangs, cancels}])
async def test_bank_ends_by_what_its_node_does(act):
    end, node = await ask_one(act)
    assert end.state == ENDS[act]
    assert bool(end.data) == (act in {answers, yields_first, finds_nothing})
    assert len(node.requests) == 1


async def test_bank_that_hangs_ends_with_the_time_and_is_cancelled():
    end, node = await ask_one(hangs, 0.01)
    assert end.state == model.BANK_STATE_TIMED_OUT
    assert end.elapsed_s > 0
    await asyncio.sleep(0)
    assert node.cancelled == 1


async def test_bank_gets_the_clients_bytes_unchanged():
    _, node = await ask_one(answers)
    (request,) = node.requests
    assert (request.bank, request.query, request.token) == (BANK, b"a question", "token")
    assert (request.signature, request.public_key) == ("signature", b"key")


async def test_end_carries_the_nodes_bytes_unchanged():
    end, _ = await ask_one(answers)
    assert end.data == make_answer(BANK, hits=1).SerializeToString()
    assert end.answer.hits[0].record.reference == "R0"


async def test_refusal_of_the_call_names_its_rule_and_no_text_of_the_node():
    end, _ = await ask_one(refuses)
    assert end.rule == "node.token_expired"
    assert end.text == "the node does not accept this question"


async def test_no_text_of_a_fault_is_in_the_end():
    end, _ = await ask_one(fails)
    assert "secret" not in repr(end)


async def test_no_bank_is_asked_where_there_is_none():
    clock = SystemClock()
    assert await run(FanOut(clock, Breaker(clock)), {}, clock.monotonic() + 1) == []


async def test_all_end_at_once_where_no_time_is_left(clock):
    nodes = {f"KAZ/bank{n}": Node(hangs) for n in range(3)}
    ends = await run(FanOut(clock, Breaker(clock)), nodes, clock.monotonic() - 1)
    assert {end.state for end in ends} == {model.BANK_STATE_TIMED_OUT}
    assert [end.bank for end in ends] == list(nodes)


async def test_answer_that_comes_in_the_last_moment_is_given(clock):
    gate = asyncio.Event()

    async def waits(asked):
        await gate.wait()
        return await answers(asked)

    fanout = FanOut(clock, Breaker(clock))
    nodes = {"KAZ/a": Node(answers), "KAZ/b": Node(waits), "KAZ/c": Node(hangs)}
    legs = [Leg(bank, node) for bank, node in nodes.items()]
    states = {}
    async with aclosing(fanout.run(legs, make_ask(), clock.monotonic() + NEVER_S)) as ends:
        async for end in ends:
            states[end.bank] = end.state
            if end.bank == "KAZ/a":
                gate.set()  # the answer and the end of the time are seen in one turn of the loop
                clock.advance(NEVER_S)
    assert states == {
        "KAZ/a": model.BANK_STATE_ANSWERED,
        "KAZ/b": model.BANK_STATE_ANSWERED,
        "KAZ/c": model.BANK_STATE_TIMED_OUT,
    }


async def test_first_end_comes_while_others_still_run():
    clock = SystemClock()
    gate = asyncio.Event()

    async def waits(asked):
        await gate.wait()
        return await answers(asked)

    nodes = {"KAZ/slow": Node(waits), "KAZ/quick": Node(answers)}
    legs = [Leg(bank, node) for bank, node in nodes.items()]
    fanout = FanOut(clock, Breaker(clock))
    async with aclosing(fanout.run(legs, make_ask(), clock.monotonic() + NEVER_S)) as ends:
        assert (await anext(ends)).bank == "KAZ/quick"
        gate.set()
        assert (await anext(ends)).bank == "KAZ/slow"


async def test_reader_that_leaves_cancels_what_runs():
    clock = SystemClock()
    nodes = {"KAZ/quick": Node(answers), "KAZ/a": Node(hangs), "KAZ/b": Node(hangs)}
    legs = [Leg(bank, node) for bank, node in nodes.items()]
    fanout = FanOut(clock, Breaker(clock))
    async with aclosing(fanout.run(legs, make_ask(), clock.monotonic() + NEVER_S)) as ends:
        assert (await anext(ends)).bank == "KAZ/quick"
    await asyncio.sleep(0)
    assert [node.cancelled for node in nodes.values()] == [0, 1, 1]


async def test_reader_that_is_cancelled_cancels_what_runs():
    clock, node = SystemClock(), Node(hangs)
    fanout = FanOut(clock, Breaker(clock))
    task = asyncio.create_task(run(fanout, {BANK: node}, clock.monotonic() + NEVER_S))
    await node.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert node.cancelled == 1


async def test_node_is_told_the_time_that_is_left(clock):
    node = Node(answers)
    await run(FanOut(clock, Breaker(clock)), {BANK: node}, clock.monotonic() + 2.5)
    assert node.timeouts == [2.5]


async def test_end_tells_how_long_the_bank_took(clock):
    async def takes_two_seconds(asked):
        clock.advance(2.0)
        return await answers(asked)

    nodes = {BANK: Node(takes_two_seconds)}
    (end,) = await run(FanOut(clock, Breaker(clock)), nodes, clock.monotonic() + 5)
    assert end.elapsed_s == 2.0


@pytest.mark.parametrize("act", [is_away, fails, forges])
async def test_bank_that_keeps_failing_is_suspended_and_tried_again(clock, act):
    fanout, node = FanOut(clock, Breaker(clock)), Node(act)
    for _ in range(FAILURES):
        await run(fanout, {BANK: node}, clock.monotonic() + 5)
    (end,) = await run(fanout, {BANK: node}, clock.monotonic() + 5)
    assert end.state == model.BANK_STATE_SUSPENDED
    assert len(node.requests) == FAILURES
    clock.advance(PAUSE_S)
    node.act = answers
    (end,) = await run(fanout, {BANK: node}, clock.monotonic() + 5)
    assert end.state == model.BANK_STATE_ANSWERED


async def test_bank_that_runs_out_of_time_is_suspended(clock):
    async def takes_a_second(asked):
        clock.advance(1.0)
        raise LinkError(model.BANK_STATE_TIMED_OUT)

    fanout, node = FanOut(clock, Breaker(clock)), Node(takes_a_second)
    for _ in range(FAILURES):
        await run(fanout, {BANK: node}, clock.monotonic() + 1)
    (end,) = await run(fanout, {BANK: node}, clock.monotonic() + 5)
    assert end.state == model.BANK_STATE_SUSPENDED


async def test_bank_that_got_hardly_any_time_is_not_suspended(clock):
    fanout = FanOut(clock, Breaker(clock))
    for _ in range(FAILURES + 1):
        await run(fanout, {BANK: Node(is_late)}, clock.monotonic() + 5)
        await run(fanout, {BANK: Node(hangs)}, clock.monotonic())
    (end,) = await run(fanout, {BANK: Node(answers)}, clock.monotonic() + 5)
    assert end.state == model.BANK_STATE_ANSWERED


async def test_reader_that_leaves_gives_the_try_to_another(clock):
    breaker = Breaker(clock)
    fanout = FanOut(clock, breaker)
    for _ in range(FAILURES):
        breaker.note(BANK, model.BANK_STATE_FAULTY)
    clock.advance(PAUSE_S)
    node = Node(hangs)
    task = asyncio.create_task(run(fanout, {BANK: node}, clock.monotonic() + NEVER_S))
    await node.asked.wait()
    assert not breaker.allows(BANK)
    task.cancel()
    await asyncio.wait([task])
    assert breaker.allows(BANK)


@pytest.mark.parametrize(("less_s", "is_blamed"), [(0.001, False), (0.0, True)])
def test_bank_that_had_its_time_is_blamed_and_no_other(clock, less_s, is_blamed):
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.allows(BANK)
        FanOut(clock, breaker)._note(BANK, model.BANK_STATE_TIMED_OUT, PATIENCE_S - less_s)
    assert breaker.allows(BANK) is not is_blamed
