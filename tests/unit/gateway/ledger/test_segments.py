import pytest

from gateway.ledger.disk import Disk
from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.mark import Mark
from gateway.ledger.segments import START, Walk, find_position, list_segments, segment_path
from gateway.ledger.writer import Place, Writer


def write_log(directory, *batches, segment_bytes=200):
    writer = Writer(Place(directory, Disk(), segment_bytes), START, Mark(directory, Disk()))
    for batch in batches:
        writer.commit(batch)
    writer.close(clean=True)


def indices(directory, position=START):
    return [frame.index for frame in Walk(directory, position)]


@pytest.fixture
def log(tmp_path):
    """Three segments: entries 0 and 1; 2 and 3; 4."""
    write_log(tmp_path, [b"a" * 20, b"b" * 20], [b"c" * 20], [b"d" * 20], [b"e" * 20])
    assert list_segments(tmp_path) == range(3)
    return tmp_path


def test_walk_gives_nothing_when_there_is_no_ledger(tmp_path):
    assert indices(tmp_path) == []
    assert indices(tmp_path / "missing") == []


def test_walk_goes_through_all_segments(log):
    assert indices(log) == [0, 1, 2, 3, 4]


def test_walk_goes_on_from_where_another_stood(log):
    walk = Walk(log)
    frames = iter(walk)
    for expected in range(5):
        assert next(frames).index == expected
        assert indices(log, walk.position) == list(range(expected + 1, 5))


def test_walk_stops_when_a_segment_is_missing(log):
    segment_path(log, 1).unlink()
    with pytest.raises(LedgerCorruptError, match=r"00000001\.log: the segment is missing"):
        indices(log)


def test_walk_stops_when_the_last_segment_is_missing(log):
    segment_path(log, 2).unlink()
    with pytest.raises(LedgerCorruptError, match="ends at entry 4 of 5"):
        indices(log)


def test_walk_stops_when_segments_are_exchanged(log):
    first, second = segment_path(log, 0), segment_path(log, 1)
    first.rename(log / "aside")
    second.rename(first)
    (log / "aside").rename(second)
    with pytest.raises(LedgerCorruptError, match=r"00000000\.log, offset 0: entry 2 where 0"):
        indices(log)


def test_walk_names_file_and_offset_when_an_old_segment_is_torn(log):
    path = segment_path(log, 1)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(LedgerCorruptError, match=r"00000001\.log, offset 76: .* entry 3"):
        indices(log)


def test_walk_keeps_the_torn_end_of_the_last_segment_as_its_tail(log):
    with segment_path(log, 2).open("ab") as file:
        file.write(b"\xffKL1 torn")
    walk = Walk(log)
    assert [frame.index for frame in walk] == [0, 1, 2, 3, 4]
    assert walk.tail == b"\xffKL1 torn"
    assert walk.durable == 5


def test_walk_stops_when_an_entry_was_replaced_and_its_checksum_made_anew(tmp_path):
    for name, middle in (("true", b"bbbb"), ("false", b"BBBB")):
        (tmp_path / name).mkdir()
        write_log(tmp_path / name, [b"aaaa"], [middle], [b"cccc"], segment_bytes=1 << 20)
    true, false = (segment_path(tmp_path / name, 0) for name in ("true", "false"))
    mixed = true.read_bytes()
    mixed = mixed[:60] + false.read_bytes()[60:120] + mixed[120:]
    true.write_bytes(mixed)
    with pytest.raises(LedgerCorruptError, match="entry 2 does not follow"):
        indices(tmp_path / "true")


@pytest.mark.parametrize(
    ("start", "segment"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (99, 2)]
)
def test_find_position_gives_the_segment_that_holds_an_entry(log, start, segment):
    position = find_position(log, start)
    assert (position.segment, position.offset) == (segment, 0)
    assert [i for i in indices(log, position) if i >= start] == list(range(start, 5))


def test_find_position_gives_the_segment_before_when_the_last_is_still_empty(log):
    segment_path(log, 3).touch()
    assert find_position(log, 4).segment == 2
    assert find_position(log / "missing", 4) == START
