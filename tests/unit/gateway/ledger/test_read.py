import asyncio
from contextlib import aclosing

import pytest

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.flusher import Limits
from gateway.ledger.frames import encode_frame
from gateway.ledger.log import Ledger
from gateway.ledger.read import check_chain, follow, read_entries, read_stored
from gateway.ledger.segments import list_segments, segment_path


@pytest.fixture
async def ledger(tmp_path, clock, make_entry):
    """A ledger that is being written, with ten entries in several segments."""
    ledger = await Ledger.open(tmp_path, clock, limits=Limits(segment_bytes=600))
    for number in range(10):
        await ledger.append(make_entry(number))
    assert len(list_segments(tmp_path)) > 2
    yield ledger
    await ledger.close()


def test_read_gives_nothing_when_there_is_no_ledger(tmp_path):
    assert list(read_entries(tmp_path)) == []
    assert check_chain(tmp_path) == 0


async def test_read_gives_the_entries_from_a_start_while_the_writer_lives(
    tmp_path, ledger, make_entry
):
    for start in range(12):
        found = list(read_entries(tmp_path, start))
        assert found == [(n, make_entry(n)) for n in range(start, 10)]


async def test_read_stored_gives_the_bytes_as_they_are_hashed(tmp_path, ledger, make_entry):
    assert list(read_stored(tmp_path, 8)) == [(n, make_entry(n).encode()) for n in (8, 9)]


async def test_read_stops_at_an_entry_that_is_half_written(tmp_path, ledger):
    last = segment_path(tmp_path, list_segments(tmp_path)[-1])
    with last.open("ab") as file:
        file.write(b"\xffKL1\0\0")
    assert len(list(read_entries(tmp_path))) == check_chain(tmp_path) == 10


async def test_check_chain_counts_and_finds_a_changed_byte(tmp_path, ledger):
    assert check_chain(tmp_path) == 10
    path = segment_path(tmp_path, 1)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(LedgerCorruptError, match=r"00000001\.log"):
        check_chain(tmp_path)


def test_read_names_the_entry_when_it_is_no_entry(tmp_path):
    segment_path(tmp_path, 0).write_bytes(encode_frame(b"{}", 0, position=0, previous=bytes(32)))
    assert check_chain(tmp_path) == 1
    with pytest.raises(LedgerCorruptError, match="entry 0 is not an entry"):
        list(read_entries(tmp_path))


async def test_follow_gives_old_entries_and_then_new_ones_as_they_come(
    tmp_path, ledger, make_entry
):
    waits = []

    async def sleep(seconds):
        waits.append(seconds)
        number = ledger.size
        await ledger.append_many([make_entry(number), make_entry(number + 1)])

    async with aclosing(follow(tmp_path, 7, sleep=sleep)) as entries:
        found = [await anext(entries) for _ in range(300)]
    assert found == [(n, make_entry(n)) for n in range(7, 307)]
    assert len(waits) == (307 - 10 + 1) // 2
    assert set(waits) == {0.5}


async def test_follow_reads_more_than_one_portion_without_a_wait(tmp_path, ledger, make_entry):
    await ledger.append_many([make_entry(n) for n in range(10, 700)])

    async def sleep(seconds):
        raise asyncio.CancelledError

    async with aclosing(follow(tmp_path, sleep=sleep)) as entries:
        assert [(await anext(entries))[0] for _ in range(700)] == list(range(700))
