from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.errors import AccessBusyError, NonceReusedError, QueryStaleError
from gateway.access.freshness import KEEP, MAX_AGE, MAX_AHEAD, NonceMemory, QueryWindow
from gateway.clock import ManualClock

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NONCE, ONE, TWO = b"n" * 16, b"1" * 32, b"2" * 32
TICK = timedelta(microseconds=1)


@pytest.fixture
def clock():
    return ManualClock(NOW)


@pytest.mark.parametrize("at", [NOW, NOW + MAX_AHEAD, NOW - MAX_AGE])
def test_require_fresh_accepts_both_ends_of_the_window(clock, at):
    QueryWindow(clock).require_fresh(at)
    QueryWindow(clock).require_fresh(at.astimezone(timezone(timedelta(hours=6))))


@pytest.mark.parametrize(
    ("at", "limit"), [(NOW + MAX_AHEAD + TICK, "30 s ahead"), (NOW - MAX_AGE - TICK, "120 s old")]
)
def test_require_fresh_refuses_outside_the_window(clock, at, limit):
    with pytest.raises(QueryStaleError) as caught:
        QueryWindow(clock).require_fresh(at)
    assert caught.value.limit == limit
    assert caught.value.metadata == {"limit": limit}


def test_admit_tells_new_from_repeated(clock):
    memory = NonceMemory(clock)
    assert memory.admit("KAZ/a", NONCE, ONE, NOW) is True
    assert memory.admit("KAZ/a", NONCE, ONE, NOW) is False
    assert memory.admit("KAZ/b", NONCE, TWO, NOW) is True
    assert len(memory) == 2


def test_admit_refuses_other_bytes(clock):
    memory = NonceMemory(clock)
    memory.admit("KAZ/a", NONCE, ONE, NOW)
    with pytest.raises(NonceReusedError):
        memory.admit("KAZ/a", NONCE, TWO, NOW)
    assert memory.admit("KAZ/a", NONCE, ONE, NOW) is False


def test_admit_remembers_as_long_as_any_query_is_fresh(clock):
    # The query is 30 s ahead when it arrives and fresh for 150 s from then on.
    memory, window = NonceMemory(clock), QueryWindow(clock)
    query_time = NOW + MAX_AHEAD
    memory.admit("KAZ/a", NONCE, ONE, NOW)
    clock.advance(KEEP.total_seconds())
    window.require_fresh(query_time)
    with pytest.raises(NonceReusedError):
        memory.admit("KAZ/a", NONCE, TWO, clock.now())
    clock.set_now(clock.now() + TICK)
    with pytest.raises(QueryStaleError):
        window.require_fresh(query_time)
    assert memory.admit("KAZ/a", NONCE, TWO, clock.now()) is True
    assert len(memory) == 1


def test_admit_remembers_long_enough_by_the_query_s_own_time(clock):
    memory, window = NonceMemory(clock), QueryWindow(clock)
    at = NOW - timedelta(seconds=100)
    memory.admit("KAZ/a", NONCE, ONE, at)
    clock.advance(20)
    window.require_fresh(at)
    with pytest.raises(NonceReusedError):
        memory.admit("KAZ/a", NONCE, TWO, at)


def test_admit_refuses_when_full_and_never_forgets_early(clock):
    memory = NonceMemory(clock, size=2)
    memory.admit("KAZ/a", b"1" * 16, ONE, NOW)
    memory.admit("KAZ/a", b"2" * 16, ONE, NOW)
    with pytest.raises(AccessBusyError) as caught:
        memory.admit("KAZ/a", b"3" * 16, ONE, NOW)
    assert caught.value.reason == "OVERLOADED"
    assert memory.admit("KAZ/a", b"1" * 16, ONE, NOW) is False
    clock.advance(KEEP.total_seconds() + 1)
    assert memory.admit("KAZ/a", b"3" * 16, ONE, clock.now()) is True


def test_restore_knows_what_was_admitted_before(clock):
    memory = NonceMemory(clock)
    old = NOW - KEEP - TICK
    memory.restore(
        [
            ("KAZ/a", b"old" * 5 + b"x", ONE, old),
            ("KAZ/a", NONCE, ONE, NOW - timedelta(seconds=10)),
            ("KAZ/a", NONCE, TWO, NOW),
        ]
    )
    assert len(memory) == 1
    assert memory.admit("KAZ/a", NONCE, ONE, NOW) is False
    with pytest.raises(NonceReusedError):
        memory.admit("KAZ/a", NONCE, TWO, NOW)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["KAZ/a", "KAZ/b"]),
            st.sampled_from([b"1" * 16, b"2" * 16]),
            st.sampled_from([ONE, TWO]),
            st.integers(0, 100),
        ),
        max_size=40,
    )
)
def test_memory_agrees_with_a_plain_list(steps):
    clock = ManualClock(NOW)
    memory = NonceMemory(clock)
    seen = []
    for bank, nonce, digest, seconds in steps:
        clock.advance(seconds)
        now = clock.now()
        alive = [d for b, n, d, at in seen if (b, n) == (bank, nonce) and at + KEEP >= now]
        if alive and alive[0] != digest:
            with pytest.raises(NonceReusedError):
                memory.admit(bank, nonce, digest, now)
            continue
        assert memory.admit(bank, nonce, digest, now) is not bool(alive)
        if not alive:
            seen.append((bank, nonce, digest, now))
    assert len(memory) <= 4
