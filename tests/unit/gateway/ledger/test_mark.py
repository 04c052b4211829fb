import pytest

from gateway.ledger.disk import Disk
from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.mark import MARK_NAME, Mark, read_mark


class ShortDisk(Disk):
    def pwrite(self, fd, data, offset):
        return super().pwrite(fd, data[:7], offset)


def write_mark(directory, *counts, disk=None):
    mark = Mark(directory, disk or Disk())
    try:
        for count in counts:
            mark.write(count)
        mark.sync()
    finally:
        mark.close()


def test_mark_says_the_last_count_that_was_written(tmp_path):
    write_mark(tmp_path, 3, 2**40, 5)
    assert read_mark(tmp_path) == 5
    write_mark(tmp_path)
    assert read_mark(tmp_path) == 5


def test_mark_claims_nothing_when_it_is_missing_or_empty(tmp_path):
    assert read_mark(tmp_path) == 0
    (tmp_path / MARK_NAME).touch()
    assert read_mark(tmp_path) == 0


def test_mark_is_refused_when_any_bit_is_flipped_or_it_is_cut(tmp_path):
    write_mark(tmp_path, 77)
    path = tmp_path / MARK_NAME
    good = path.read_bytes()
    flips = [
        good[: bit // 8] + bytes([good[bit // 8] ^ 1 << bit % 8]) + good[bit // 8 + 1 :]
        for bit in range(len(good) * 8)
    ]
    for bad in (*flips, *(good[:end] for end in range(1, len(good))), good + b"x"):
        path.write_bytes(bad)
        with pytest.raises(LedgerCorruptError, match=MARK_NAME):
            read_mark(tmp_path)


def test_mark_fails_when_it_is_written_short(tmp_path):
    with pytest.raises(OSError, match="short"):
        write_mark(tmp_path, 1, disk=ShortDisk())


def test_mark_gives_its_file_back(tmp_path):
    mark = Mark(tmp_path, Disk())
    mark.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        mark.write(1)
