"""How the clauses ask."""

import asyncio
import time

import pytest

from adapters.conformance.asking import Pulse, settle, text_of, wait_until, with_text
from adapters.conformance.corpus import SAMPLES
from adapters.contract import OrganisationProbe


@pytest.mark.parametrize("probe", [probe for _, probe in SAMPLES])
def test_text_is_put_into_every_probe(probe):
    other = with_text(probe, "x")
    assert text_of(other) == "x"
    assert type(other) is type(probe)
    assert with_text(other, text_of(probe)) == probe


def test_text_is_put_only_where_there_was_one():
    assert with_text(OrganisationProbe(number="1"), "x") == OrganisationProbe(number="x")


async def test_settle_returns_what_a_call_gives():
    async def give():
        return 1

    assert await settle(give(), 5) == 1


async def test_settle_returns_what_a_call_raises():
    async def fail():
        raise ValueError("no")

    assert isinstance(await settle(fail(), 5), ValueError)


async def test_settle_tells_a_cancelled_call():
    task = asyncio.ensure_future(asyncio.sleep(60))
    task.cancel()
    assert isinstance(await settle(task, 5), asyncio.CancelledError)


async def test_settle_fails_for_a_call_without_end():
    task = asyncio.ensure_future(asyncio.Event().wait())
    with pytest.raises(AssertionError, match="did not end"):
        await settle(task, 0.01)
    assert task.cancelled()


async def test_settle_does_not_count_a_machine_that_stands_still():
    async def go_on():
        time.sleep(0.2)  # noqa: ASYNC251 - the loop stands still
        for _ in range(20):
            await asyncio.sleep(0)
        return 1

    assert await settle(go_on(), 0.1) == 1


async def test_wait_gives_up():
    async def never():
        return False

    assert not await wait_until(never, 0.01)


async def test_pulse_hears_a_loop_that_stands_still():
    async with Pulse() as pulse:
        time.sleep(0.05)  # noqa: ASYNC251 - the loop stands still
    assert pulse.stall_s > 0.02
