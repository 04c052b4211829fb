import hashlib
import struct
import zlib

import pytest

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.mark import read_mark
from gateway.ledger.verify.frames import Segments, count_claimed
from tests.kit.logs import copy_log, make_entries, write_log


def once(holds):
    return holds()


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    directory = tmp_path_factory.mktemp("log")
    write_log(directory, range(100, 701, 100))
    return directory


def test_all_entries_are_read_over_all_segments(log):
    segments = Segments(log, once)
    assert segments.exist
    assert list(segments) == make_entries(700)
    assert segments.count == 700
    assert len(list(log.glob("*.log"))) > 1
    assert not Segments(log / "tile", once).exist


@pytest.mark.parametrize("at", [0, 5, 12, 18, 30, 53, 60, -1])
def test_a_turned_bit_is_found(log, tmp_path, at):
    directory = copy_log(log, tmp_path / "log")
    path = max(directory.glob("*.log"))
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    with pytest.raises(LedgerCorruptError, match=r"\.log, offset \d+: entry \d+ is damaged"):
        list(Segments(directory, once))


def test_a_missing_segment_is_found(log, tmp_path):
    directory = copy_log(log, tmp_path / "log")
    (directory / "00000001.log").unlink()
    with pytest.raises(LedgerCorruptError, match=r"00000001\.log: the segment is missing"):
        list(Segments(directory, once))


def test_an_end_that_a_writer_goes_on_with_is_no_damage(log, tmp_path):
    directory = copy_log(log, tmp_path / "log")
    path = max(directory.glob("*.log"))
    data = path.read_bytes()
    path.write_bytes(data[:-10])

    def write(holds):
        assert not holds()
        path.write_bytes(data)
        return holds()

    assert list(Segments(directory, write)) == make_entries(699)
    path.write_bytes(data[:-10])
    with pytest.raises(LedgerCorruptError):
        list(Segments(directory, once))


def test_the_mark_is_read_as_the_writer_reads_it(log, tmp_path):
    assert count_claimed(log) == read_mark(log) == 700
    assert count_claimed(tmp_path) == 0
    for data in (b"KLM1", bytes(16), (log / "mark").read_bytes()[:-1] + b"\0"):
        (tmp_path / "mark").write_bytes(data)
        with pytest.raises(LedgerCorruptError, match="mark is damaged"):
            count_claimed(tmp_path)
    (tmp_path / "mark").write_bytes(b"")
    assert count_claimed(tmp_path) == 0


def frame(entry, index, before):
    """A frame of its own, as the module says."""
    head = struct.pack(">4sIQI32s", b"\xffKL1", len(entry), index, 0, before)
    return head + zlib.crc32(entry, zlib.crc32(head)).to_bytes(4) + entry


def test_a_sound_frame_in_the_wrong_place_is_found(tmp_path):
    first = frame(b"a", 0, bytes(32))
    chained = hashlib.sha256(first).digest()
    path = tmp_path / "00000000.log"
    path.write_bytes(first + frame(b"b", 1, chained))
    assert list(Segments(tmp_path, once)) == [b"a", b"b"]
    for wrong in (
        frame(b"b", 2, chained),
        frame(b"b", 1, bytes(32)),
        first,
        frame(b"", 1, chained),
    ):
        path.write_bytes(first + wrong)
        with pytest.raises(LedgerCorruptError, match=f"offset {len(first)}: entry 1 is damaged"):
            list(Segments(tmp_path, once))
