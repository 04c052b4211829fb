from contextlib import nullcontext

import pytest

from gateway.ledger.disk import Disk
from gateway.ledger.mark import Mark, read_mark
from gateway.ledger.segments import START, Walk, list_segments, segment_path
from gateway.ledger.writer import Place, Writer


class TracedDisk(Disk):
    """A disk that remembers the names of its calls."""

    def __init__(self):
        self.calls = []

    def __getattribute__(self, name):
        if name in vars(Disk):
            self.calls.append(name)
        return super().__getattribute__(name)


@pytest.fixture
def disk():
    return TracedDisk()


@pytest.fixture
def writer(tmp_path, disk):
    mark = Mark(tmp_path, disk)
    writer = Writer(Place(tmp_path, disk, 300), START, mark)
    yield writer
    writer.close(clean=True)


def test_writer_gives_the_index_of_the_first_entry_of_each_batch(tmp_path, writer):
    assert writer.commit([b"a", b"b"]) == 0
    assert writer.commit([b"c"]) == 2
    assert [(f.index, f.position, f.entry) for f in Walk(tmp_path)] == [
        (0, 0, b"a"),
        (1, 1, b"b"),
        (2, 0, b"c"),
    ]


def test_writer_syncs_between_the_write_and_the_mark(writer, disk):
    disk.calls.clear()
    writer.commit([b"a", b"b"])
    assert disk.calls == ["write", "fdatasync", "pwrite"]


def test_writer_moves_the_mark_with_every_batch(tmp_path, writer):
    writer.commit([b"a", b"b"])
    assert read_mark(tmp_path) == 2
    writer.commit([b"c"])
    assert read_mark(tmp_path) == writer.position.next_index == 3


def test_writer_begins_a_segment_and_syncs_its_name_when_the_batch_does_not_fit(
    tmp_path, writer, disk
):
    writer.commit([b"a" * 100])
    first = segment_path(tmp_path, 0).read_bytes()
    disk.calls.clear()
    writer.commit([b"b" * 100])
    assert disk.calls == ["close", "open", "fsync_dir", "write", "fdatasync", "pwrite"]
    assert list_segments(tmp_path) == range(2)
    assert segment_path(tmp_path, 0).read_bytes() == first
    assert [frame.entry[:1] for frame in Walk(tmp_path)] == [b"a", b"b"]


def test_writer_puts_a_batch_that_is_larger_than_a_segment_into_one(tmp_path, writer):
    writer.commit([b"a" * 400])
    writer.commit([b"b" * 400, b"c" * 400])
    assert list_segments(tmp_path) == range(2)
    assert len(list(Walk(tmp_path))) == 3


def test_writer_writes_on_where_an_earlier_one_ended(tmp_path, writer, disk):
    writer.commit([b"a"])
    size = segment_path(tmp_path, 0).stat().st_size
    second = Writer(Place(tmp_path, disk, 300), writer.position, Mark(tmp_path, disk))
    assert second.commit([b"b"]) == 1
    second.close(clean=True)
    assert segment_path(tmp_path, 0).stat().st_size > size
    assert [frame.entry for frame in Walk(tmp_path)] == [b"a", b"b"]


def test_writer_syncs_the_mark_at_a_clean_end_only(tmp_path, disk):
    for clean in (True, False):
        writer = Writer(Place(tmp_path, disk, 300), START, Mark(tmp_path, disk))
        disk.calls.clear()
        writer.close(clean=clean)
        assert ("fdatasync" in disk.calls) is clean


@pytest.mark.parametrize("fails", [False, True])
def test_writer_leaves_no_file_open(tmp_path, fails):
    class Counting(Disk):
        def __init__(self):
            self.held = []

        def open(self, path, flags):
            self.held.append(super().open(path, flags))
            return self.held[-1]

        def close(self, fd):
            self.held.remove(fd)
            super().close(fd)

        def fdatasync(self, fd):
            if fails and fd == self.held[0]:  # the mark
                raise OSError(5, "Input/output error")

    disk = Counting()
    writer = Writer(Place(tmp_path, disk, 300), START, Mark(tmp_path, disk))
    for _ in range(2):
        writer.commit([b"a" * 200])  # the second begins a segment
    with pytest.raises(OSError, match="Input") if fails else nullcontext():
        writer.close(clean=True)
    assert disk.held == []
