"""Change the stored bytes in every way: no acknowledged entry is ever silently lost."""

import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger.disk import Disk
from gateway.ledger.entry import Entry, Kind, Side
from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.mark import MARK_NAME, Mark
from gateway.ledger.read import read_stored
from gateway.ledger.recovery import recover
from gateway.ledger.segments import START, Walk, segment_path
from gateway.ledger.writer import Place, Writer


class UnsyncedDisk(Disk):
    """A disk that does not wait: these tests cut no power."""

    def fdatasync(self, fd):
        pass

    def fsync_dir(self, directory):
        pass


DISK = UnsyncedDisk()
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ENTRIES = tuple(
    Entry(kind=Kind.ADMIN, time=NOON + timedelta(n), side=Side.HUB, member="KAZ").encode()
    for n in range(6)
)
BATCHES = ((0, 2), (2, 3), (3, 6))
LAST_BATCH = 3
"""The first entry of the batch that was written last."""


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    """One segment with six entries in three batches, and its mark."""
    directory = tmp_path_factory.mktemp("log")
    writer = Writer(Place(directory, DISK, 1 << 20), START, Mark(directory, DISK))
    for begin, end in BATCHES:
        writer.commit(ENTRIES[begin:end])
    writer.close(clean=True)
    return directory


def list_ends(log: Path) -> list[int]:
    """Return where the frames begin and end: seven offsets."""
    walk = Walk(log)
    return [0, *(walk.position.offset for _ in walk)]


def recover_with(log: Path, data: bytes, *, with_mark: bool) -> list[bytes] | None:
    """Open a copy of the log with other bytes; return its entries, or None if it is refused."""
    with TemporaryDirectory() as name:
        directory = Path(name)
        segment_path(directory, 0).write_bytes(data)
        if with_mark:
            shutil.copy(log / MARK_NAME, directory)
        try:
            recovered = recover(directory, DISK)
        except LedgerCorruptError:
            assert segment_path(directory, 0).read_bytes() == data
            return None
        kept = segment_path(directory, 0).read_bytes()
        aside = recovered.torn.read_bytes() if recovered.torn else b""
        assert kept + aside == data  # nothing is thrown away
        return [stored for _, stored in read_stored(directory)]


def test_log_that_is_cut_anywhere_is_refused_when_the_mark_is_there(log):
    data = segment_path(log, 0).read_bytes()
    assert all(recover_with(log, data[:end], with_mark=True) is None for end in range(len(data)))
    assert recover_with(log, data, with_mark=True) == list(ENTRIES)


def test_log_that_is_cut_anywhere_keeps_all_before_the_cut_when_the_mark_is_not(log):
    data = segment_path(log, 0).read_bytes()
    ends = list_ends(log)
    for cut in range(len(data) + 1):
        whole = sum(1 for end in ends[1:] if end <= cut)
        assert recover_with(log, data[:cut], with_mark=False) == list(ENTRIES[:whole])


def test_log_with_any_bit_flipped_is_refused_when_the_mark_is_there(log, tmp_path):
    data = segment_path(log, 0).read_bytes()
    shutil.copy(log / MARK_NAME, tmp_path)
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        segment_path(tmp_path, 0).write_bytes(flipped)
        with pytest.raises(LedgerCorruptError, match=r"00000000\.log, offset \d+: "):
            list(Walk(tmp_path))


def test_log_with_any_bit_flipped_loses_no_earlier_batch_when_the_mark_is_not(log, tmp_path):
    data = segment_path(log, 0).read_bytes()
    ends = list_ends(log)
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        segment_path(tmp_path, 0).write_bytes(flipped)
        hurt = sum(1 for end in ends[1:] if end <= bit // 8)
        walk = Walk(tmp_path)
        if hurt < LAST_BATCH:
            with pytest.raises(LedgerCorruptError):
                list(walk)
        else:
            assert [frame.entry for frame in walk] == list(ENTRIES[:hurt])
            assert walk.tail == flipped[ends[hurt] :]


@pytest.mark.parametrize("with_mark", [True, False])
def test_log_without_a_frame_in_the_middle_is_refused(log, with_mark):
    data = segment_path(log, 0).read_bytes()
    for begin, end in list(pairwise(list_ends(log)))[:-1]:
        assert recover_with(log, data[:begin] + data[end:], with_mark=with_mark) is None


@pytest.mark.parametrize("with_mark", [True, False])
def test_log_with_a_frame_twice_or_two_exchanged_is_refused(log, with_mark):
    data = segment_path(log, 0).read_bytes()
    ends = list_ends(log)
    for one, two, three in zip(ends, ends[1:], ends[2:], strict=False):
        twice = data[:two] + data[one:]
        exchanged = data[:one] + data[two:three] + data[one:two] + data[three:]
        assert recover_with(log, twice, with_mark=with_mark) is None
        assert recover_with(log, exchanged, with_mark=with_mark) is None


@settings(max_examples=300, deadline=None)
@given(data=st.data(), with_mark=st.booleans())
def test_log_with_a_part_overwritten_keeps_a_prefix_or_is_refused(log, data, with_mark):
    stored = segment_path(log, 0).read_bytes()
    begin = data.draw(st.integers(0, len(stored)))
    part = data.draw(st.binary(max_size=64) | st.integers(0, 600).map(bytes))
    changed = stored[:begin] + part + stored[begin + len(part) :]
    found = recover_with(log, changed, with_mark=with_mark)
    if found is not None:
        assert found == list(ENTRIES[: len(found)])
        assert len(found) >= LAST_BATCH or begin + len(part) > list_ends(log)[LAST_BATCH]
        assert len(found) == len(ENTRIES) or not with_mark


@settings(deadline=None)
@given(end=st.binary(max_size=200))
def test_log_with_noise_after_its_end_keeps_every_entry(log, end):
    data = segment_path(log, 0).read_bytes()
    assert recover_with(log, data + end, with_mark=True) == list(ENTRIES)
