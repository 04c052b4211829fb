import pytest

from gateway.ledger.disk import Disk
from gateway.ledger.entry import Kind
from gateway.ledger.errors import EntryRejectedError, LedgerCorruptError
from gateway.ledger.frames import encode_frame
from gateway.ledger.mark import Mark
from gateway.ledger.recovery import recover
from gateway.ledger.segments import START, segment_path
from gateway.ledger.writer import Place, Writer


class CountingDisk(Disk):
    """A disk that counts what it wrote and synced."""

    def __init__(self):
        self.written = 0
        self.synced = 0

    def write(self, fd, data):
        self.written += len(data)
        return super().write(fd, data)

    def fdatasync(self, fd):
        self.synced += 1
        super().fdatasync(fd)


@pytest.fixture
def write_log(tmp_path):
    """Write batches of entries as a server does that then ends."""

    def write(*batches):
        writer = Writer(Place(tmp_path, Disk(), 1 << 20), START, Mark(tmp_path, Disk()))
        for batch in batches:
            writer.commit([entry.encode() for entry in batch])
        writer.close(clean=True)

    return write


def append_bytes(directory, data, number=0):
    with segment_path(directory, number).open("ab") as file:
        file.write(data)


def test_recovery_finds_nothing_when_the_ledger_is_new(tmp_path):
    recovered = recover(tmp_path, Disk())
    assert (recovered.position, recovered.orphans, recovered.torn) == (START, (), None)
    assert list(tmp_path.iterdir()) == []


def test_recovery_changes_nothing_when_the_end_was_clean(tmp_path, write_log, make_entry):
    write_log([make_entry(1), make_entry(2)])
    before = segment_path(tmp_path, 0).read_bytes()
    disk = CountingDisk()
    recovered = recover(tmp_path, disk)
    assert recovered.position.next_index == 2
    assert recovered.position.offset == len(before)
    assert (disk.written, disk.synced) == (0, 0)
    assert segment_path(tmp_path, 0).read_bytes() == before


def test_recovery_copies_a_torn_end_aside_before_it_cuts_it_off(tmp_path, write_log, make_entry):
    write_log([make_entry(1)])
    before = segment_path(tmp_path, 0).read_bytes()
    for name in ("torn-1.bin", "torn-1-1.bin", "torn-1-2.bin"):
        append_bytes(tmp_path, b"torn " + name.encode())
        recovered = recover(tmp_path, Disk())
        assert recovered.torn == tmp_path / name
        assert recovered.torn.read_bytes() == b"torn " + name.encode()
        assert segment_path(tmp_path, 0).read_bytes() == before


def test_recovery_keeps_the_torn_end_in_place_when_the_copy_fails(tmp_path, write_log, make_entry):
    class FullDisk(Disk):
        def write(self, _fd, _data):
            raise OSError(28, "full")

    write_log([make_entry(1)])
    append_bytes(tmp_path, b"torn")
    with pytest.raises(OSError, match="full"):
        recover(tmp_path, FullDisk())
    assert segment_path(tmp_path, 0).read_bytes().endswith(b"torn")


def test_recovery_writes_and_syncs_again_what_is_beyond_the_mark(tmp_path, write_log, make_entry):
    write_log([make_entry(1)], [make_entry(2)])
    mark = Mark(tmp_path, Disk())
    mark.write(1)  # as after a power cut: the mark's second writing was not synced
    mark.close()
    before = segment_path(tmp_path, 0).read_bytes()
    disk = CountingDisk()
    assert recover(tmp_path, disk).position.next_index == 2
    assert disk.written == len(before) // 2
    assert disk.synced == 1
    assert segment_path(tmp_path, 0).read_bytes() == before


def test_recovery_refuses_and_changes_nothing_when_an_acknowledged_end_is_missing(
    tmp_path, write_log, make_entry
):
    write_log([make_entry(1)], [make_entry(2)])
    path = segment_path(tmp_path, 0)
    path.write_bytes(path.read_bytes()[:-1])
    before = path.read_bytes()
    with pytest.raises(LedgerCorruptError, match="ends at entry 1 of 2"):
        recover(tmp_path, Disk())
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("torn*"))


@pytest.mark.parametrize("closing", [Kind.OUTCOME, Kind.REFUSAL, Kind.CANCELLED, Kind.RECOVERED])
def test_recovery_hands_over_the_intents_without_an_end(tmp_path, write_log, make_entry, closing):
    write_log(
        [make_entry(n, Kind.INTENT, who=f"p{n}") for n in range(4)],
        [make_entry(1, closing), make_entry(3, Kind.ADMIN)],
        [make_entry(2, closing), make_entry(2, Kind.INTENT)],
    )
    orphans = recover(tmp_path, Disk()).orphans
    assert [(o.kind, int(o.search_id, 16), o.who) for o in orphans] == [
        (Kind.INTENT, 0, "p0"),
        (Kind.INTENT, 3, "p3"),
        (Kind.INTENT, 2, ""),
    ]


def test_recovery_refuses_an_open_intent_that_it_does_not_understand(tmp_path):
    stored = b'{"kind":"INTENT","search_id":"x","version":9}'
    append_bytes(tmp_path, encode_frame(stored, 0, position=0, previous=bytes(32)))
    with pytest.raises(EntryRejectedError):
        recover(tmp_path, Disk())
