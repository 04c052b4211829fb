import pytest

from gateway.ledger.tiles.files import write_files
from tests.kit.disks import ErrorDisk, NthDisk


class ListingDisk(NthDisk):
    """A disk that remembers what was asked of it."""

    def __init__(self):
        super().__init__()
        self.steps = []

    def step(self, name, *arguments):
        self.steps.append(name)


def test_files_are_written_synced_named_and_their_folder_synced(tmp_path):
    disk = ListingDisk()
    write_files(disk, tmp_path, [("tile/0/000", b"a"), ("tile/0/001", b"b")])
    assert (tmp_path / "tile/0/001").read_bytes() == b"b"
    one = ["open", "write", "fdatasync", "rename"]
    assert disk.steps == ["mkdir", "fsync_dir"] * 2 + one * 2 + ["fsync_dir"]
    assert [path.name for path in tmp_path.iterdir()] == ["tile"]


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path):
    (tmp_path / "checkpoint").write_bytes(b"old")
    for nth in range(1, 5):
        with pytest.raises(OSError, match="Input/output"):
            write_files(ErrorDisk(nth, 5), tmp_path, [("checkpoint", b"new")])
        assert (tmp_path / "checkpoint").read_bytes() == b"old"
    write_files(NthDisk(), tmp_path, [("checkpoint", b"new")])
    assert (tmp_path / "checkpoint").read_bytes() == b"new"


def test_nothing_to_write_touches_nothing(tmp_path):
    disk = ListingDisk()
    write_files(disk, tmp_path, [])
    assert disk.steps == []
