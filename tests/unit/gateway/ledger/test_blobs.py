"""Large parts of entries: durable before they are named, and checked when they are read."""

from __future__ import annotations

import pytest

from gateway.ledger.blobs import BlobFolder
from gateway.ledger.disk import Disk
from gateway.ledger.errors import KeyUnavailableError, LedgerUnavailableError


@pytest.fixture
def blobs(tmp_path):
    return BlobFolder(tmp_path)


def test_bytes_come_back(blobs):
    reference = blobs.store(b"a large part")
    assert blobs.read(reference) == b"a large part"
    assert blobs.store(b"a large part") == reference


def test_other_bytes_and_missing_ones_are_refused(blobs, tmp_path):
    reference = blobs.store(b"a large part")
    path = tmp_path / "blobs" / reference.removeprefix("blob:")
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"another part")
    with pytest.raises(KeyUnavailableError, match="not what it was"):
        blobs.read(reference)
    path.unlink()
    with pytest.raises(KeyUnavailableError, match="not here any more"):
        blobs.read(reference)


@pytest.mark.parametrize("reference", ["", "blob:", "blob:../../etc/passwd", "blob:" + "g" * 64])
def test_what_is_no_reference_reads_nothing(blobs, reference):
    with pytest.raises(KeyUnavailableError):
        blobs.read(reference)


def test_disk_that_fails_stops(tmp_path):
    class Broken(Disk):
        def fdatasync(self, fd):
            raise OSError(5, "Input/output error")

    with pytest.raises(LedgerUnavailableError):
        BlobFolder(tmp_path, Broken()).store(b"part")


def test_blob_is_removed_durably_and_again_without_an_error(tmp_path):
    synced = []

    class Watched(Disk):
        def fsync_dir(self, directory):
            synced.append((directory, sorted(path.name for path in directory.iterdir())))
            super().fsync_dir(directory)

    blobs = BlobFolder(tmp_path, Watched())
    kept, gone = (blobs.store(part).removeprefix("blob:") for part in (b"kept", b"gone"))
    for _ in range(2):
        synced.clear()
        blobs.remove(gone)
        assert synced == [(tmp_path / "blobs", [kept])]


def test_blob_that_cannot_be_removed_is_told(blobs, tmp_path):
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "folder").mkdir()
    with pytest.raises(LedgerUnavailableError, match="removed"):
        blobs.remove("folder")
