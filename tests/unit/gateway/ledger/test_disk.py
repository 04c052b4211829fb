import os
import stat

import pytest

from gateway.ledger.disk import Disk, write_all


class ThreeBytesDisk(Disk):
    def write(self, fd, data):
        return super().write(fd, data[:3])


class FullDisk(Disk):
    def write(self, _fd, _data):
        return 0


def write_file(disk, path, data):
    fd = disk.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        write_all(disk, fd, data)
        disk.fdatasync(fd)
    finally:
        disk.close(fd)


@pytest.mark.parametrize("disk", [Disk(), ThreeBytesDisk()])
def test_write_all_writes_everything_also_in_small_pieces(tmp_path, disk):
    write_file(disk, tmp_path / "file", b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_write_all_fails_when_nothing_is_taken(tmp_path):
    with pytest.raises(OSError, match="took nothing"):
        write_file(FullDisk(), tmp_path / "file", b"x")


def test_disk_makes_files_for_their_owner_alone(tmp_path):
    write_file(Disk(), tmp_path / "file", b"x")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_disk_overwrites_cuts_and_syncs_names(tmp_path):
    disk = Disk()
    write_file(disk, tmp_path / "file", b"0123456789")
    fd = disk.open(tmp_path / "file", os.O_WRONLY)
    assert disk.pwrite(fd, b"ab", 1) == 2
    disk.truncate(fd, 4)
    disk.close(fd)
    disk.fsync_dir(tmp_path)
    assert (tmp_path / "file").read_bytes() == b"0ab3"
    with pytest.raises(FileNotFoundError):
        disk.fsync_dir(tmp_path / "missing")


def test_disk_renames_over_what_is_there_and_removes(tmp_path):
    disk = Disk()
    disk.mkdir(tmp_path / "folder")
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700
    for name in ("old", "new"):
        write_file(disk, tmp_path / name, name.encode())
    disk.rename(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_bytes() == b"new"
    disk.remove(tmp_path / "old")
    disk.rmdir(tmp_path / "folder")
    assert list(tmp_path.iterdir()) == []
