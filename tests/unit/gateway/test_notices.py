"""A board takes what a member's own node has signed of this minute, and nothing older."""

from __future__ import annotations

import asyncio

import pytest

from gateway.access.errors import RevocationsStaleError, TokenRevokedError
from gateway.access.revocation import Revocations
from gateway.access.signatures import Domain
from gateway.access.tokens import TokenVerifier
from gateway.errors import UntrustedError
from gateway.notices import MAX_NOTICE, Board
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.desk import Desk
from tests.kit.notices import sign_notice, with_notices
from tests.kit.signed import ID, key_of, make_federation

REVOKED = Revocations(officers=frozenset({"officer"}))


@pytest.fixture
def federation():
    return with_notices(make_federation())


@pytest.fixture
def board(federation, clock):
    return Board(federation, clock)


@pytest.fixture
def requester(federation, clock):
    return TokenVerifier(federation, clock).verify(Desk(federation, clock).token)


def test_newer_notice_is_taken_and_the_same_again_says_nothing_new(board, clock):
    first = sign_notice(clock)
    assert board.take("KAZ", *first)
    assert not board.take("KAZ", *first)
    clock.advance(1)
    second = sign_notice(clock, officers=frozenset({"o"}))
    assert board.take("KAZ", *second)
    assert board.newest("KAZ").revocations.officers == {"o"}
    assert (board.newest("KAZ").data, board.newest("KAZ").signature) == second


def test_older_notice_changes_nothing(board, clock):
    old = sign_notice(clock)
    clock.advance(1)
    board.take("KAZ", *sign_notice(clock, officers=frozenset({"o"})))
    assert not board.take("KAZ", *old)
    assert board.newest("KAZ").revocations.officers == {"o"}


@pytest.mark.parametrize(
    "second", [{"sequence": 7}, {"sequence": 6}, {"sequence": 8, "age": 1}], ids=str
)
def test_neither_sequence_nor_time_goes_back(board, clock, second):
    board.take("KAZ", *sign_notice(clock, sequence=7, officers=frozenset({"o"})))
    assert not board.take("KAZ", *sign_notice(clock, **second))
    assert board.newest("KAZ").revocations.officers == {"o"}


def signed_at(seconds):
    """A notice that its node has signed, of a time that no calendar has."""
    notice = wire.Notice(federation_id=ID, member="KAZ", sequence=1)
    notice.time.seconds = seconds
    data = notice.SerializeToString()
    return data, key_of("KAZ").sign(Domain.NOTICE, data)


WRONG = {
    "of another member": lambda c: sign_notice(c, "TUR"),
    "signed by another member's node": lambda c: sign_notice(c, signer="TUR"),
    "signed by the hub": lambda c: sign_notice(c, signer="HUB"),
    "that names another member": lambda c: sign_notice(c, named="TUR"),
    "of another federation": lambda c: sign_notice(c, federation_id="other"),
    "61 s old": lambda c: sign_notice(c, age=61),
    "31 s ahead": lambda c: sign_notice(c, age=-31),
    "missing": lambda _: (b"", ""),
    "without signature": lambda c: (sign_notice(c)[0], ""),
    "altered": lambda c: (sign_notice(c)[0] + b"\x40\x01", sign_notice(c)[1]),
    "with a digest that is too short": lambda c: sign_notice(c, certificates=frozenset({b"x"})),
    "signed and no notice": lambda _: (b"\xff", key_of("KAZ").sign(Domain.NOTICE, b"\xff")),
    "of an impossible time": lambda _: signed_at(10**15),
    "too large": lambda c: sign_notice(
        c, tokens=frozenset(f"{n:064}" for n in range(MAX_NOTICE // 64))
    ),
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG.keys())
def test_notice_is_not_taken(board, clock, make):
    with pytest.raises(UntrustedError):
        board.take("KAZ", *make(clock))
    assert board.newest("KAZ") is None


@pytest.mark.parametrize("age", [60, 0, -30])
def test_notice_of_this_minute_is_taken(board, clock, age):
    assert board.take("KAZ", *sign_notice(clock, age=age))


def test_the_same_notice_is_refused_when_it_has_become_old(board, clock):
    notice = sign_notice(clock)
    board.take("KAZ", *notice)
    clock.advance(61)
    with pytest.raises(UntrustedError):
        board.take("KAZ", *notice)


def test_requester_stands_while_the_word_of_its_member_is_fresh(board, clock, requester):
    with pytest.raises(RevocationsStaleError):
        board.require_standing(requester)
    board.take("KAZ", *sign_notice(clock))
    clock.advance(60)
    board.require_standing(requester)
    clock.advance(1)
    with pytest.raises(RevocationsStaleError):
        board.require_standing(requester)


def test_another_members_notice_says_nothing_of_a_requester(board, clock, requester):
    board.take("TUR", *sign_notice(clock, "TUR", officers=frozenset({"officer"})))
    board.take("KAZ", *sign_notice(clock))
    board.require_standing(requester)


def test_member_without_notices_is_not_asked_for_any(clock, requester):
    board = Board(make_federation(), clock)
    board.require_standing(requester)


@pytest.mark.parametrize("what", ["officer", "token", "certificate", "member"])
def test_revoked_requester_does_not_stand_however_old_the_word(board, clock, requester, what):
    lists = {
        "officer": {"officers": frozenset({requester.officer})},
        "token": {"tokens": frozenset({requester.token_id})},
        "certificate": {"certificates": frozenset({requester.certificate_sha256})},
        "member": {"suspended": True},
    }
    board.take("KAZ", *sign_notice(clock, **lists[what]))
    clock.advance(300)
    with pytest.raises(TokenRevokedError):
        board.require_standing(requester)
    with pytest.raises(TokenRevokedError):
        board.require_not_revoked(requester)


async def test_guard_ends_the_waiting_of_who_is_revoked(board, clock, requester):
    waits = asyncio.Event()

    async def wait() -> None:
        async with board.guard(requester):
            waits.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await waits.wait()
    board.take("KAZ", *sign_notice(clock, officers=frozenset({"another"})))
    clock.advance(1)
    board.take("KAZ", *sign_notice(clock, officers=frozenset({"officer"})))
    with pytest.raises(TokenRevokedError):
        await task
    assert task.cancelling() == 0


async def test_guard_is_not_entered_by_who_is_revoked(board, clock, requester):
    board.take("KAZ", *sign_notice(clock, suspended=True))
    with pytest.raises(TokenRevokedError):
        async with board.guard(requester):
            pytest.fail("it was entered")


async def test_guard_lets_a_cancelled_task_be_cancelled(board, clock, requester):
    waits = asyncio.Event()

    async def wait() -> None:
        async with board.guard(requester):
            waits.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await waits.wait()
    task.cancel()
    board.take("KAZ", *sign_notice(clock, suspended=True))
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_guard_may_be_entered_again_and_does_not_touch_what_is_outside(
    board, clock, requester
):
    guard = board.guard(requester)
    async with guard:
        pass
    async with guard:
        pass
    board.take("KAZ", *sign_notice(clock, suspended=True))
    await asyncio.sleep(0)
    with pytest.raises(TokenRevokedError):
        async with guard:
            pytest.fail("it was entered")


async def test_an_error_of_the_block_goes_through_the_guard(board, requester):
    with pytest.raises(ZeroDivisionError):
        async with board.guard(requester):
            raise ZeroDivisionError


async def test_newer_notice_that_revokes_nobody_else_wakes_nobody(board, clock, requester):
    async with board.guard(requester):
        for _ in range(2):
            clock.advance(1)
            assert board.take("KAZ", *sign_notice(clock, officers=frozenset({"another"})))
        await asyncio.sleep(0)
    assert board.newest("KAZ").time == clock.now()


async def test_guard_ends_once_whatever_comes_before_its_task_wakes(board, clock, requester):
    waits = asyncio.Event()

    async def wait() -> None:
        async with board.guard(requester):
            waits.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await waits.wait()
    for more in ((), ("another",)):
        clock.advance(1)
        board.take("KAZ", *sign_notice(clock, officers=frozenset({"officer", *more})))
    with pytest.raises(TokenRevokedError):
        await task
    assert task.cancelling() == 0
