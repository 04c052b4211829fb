"""Small logs with a key, for tests of tiles, proofs and checks."""

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger.disk import Disk
from gateway.ledger.entry import Entry, Kind, Side
from gateway.ledger.mark import Mark
from gateway.ledger.recovery import recover
from gateway.ledger.tiles.catchup import Catchup
from gateway.ledger.tiles.integrator import Integrator, Published
from gateway.ledger.tlog.signer import Signer
from gateway.ledger.verify.report import Report
from gateway.ledger.verify.whole import examine
from gateway.ledger.writer import Place, Writer

ORIGIN = "kalkan.example/test/KAZ"
SIGNER = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class UnsyncedDisk(Disk):
    """A disk that does not wait, for tests that cut no power."""

    def fdatasync(self, fd):
        pass

    def fsync_dir(self, directory):
        pass


def make_entries(count: int, first: int = 0) -> list[bytes]:
    """The stored bytes of entries that all differ, of several lengths."""
    return [
        Entry(
            kind=Kind.ADMIN,
            time=NOON + timedelta(seconds=number),
            side=Side.NODE,
            member="KAZ",
            count=number,
            targets=("x" * 20,) * (number % 4),
        ).encode()
        for number in range(first, first + count)
    ]


def write_log(
    directory: Path, steps: Iterable[int], *, disk: Disk | None = None, signer: Signer = SIGNER
) -> list[Published]:
    """Write segments, tiles and checkpoints, one checkpoint at each of the sizes; return them."""
    place = Place(directory, disk or UnsyncedDisk(), 60_000)
    directory.mkdir(exist_ok=True)
    catchup = Catchup(directory, signer.vkey)
    position = recover(directory, place.disk, catchup.watch).position
    catchup.require_whole()
    writer = Writer(place, position, Mark(directory, place.disk))
    integrator = Integrator(place, signer, catchup)
    published = []
    for size in steps:
        done = writer.position.next_index
        if size > done:
            writer.commit(make_entries(size - done, done))
        published.append(integrator.advance(size))
    writer.close(clean=True)
    return published


def check(directory: Path) -> Report:
    """Check a log without waiting for a writer."""
    return examine(directory, SIGNER.vkey, lambda holds: holds())


def copy_log(source: Path, target: Path) -> Path:
    """Copy a log."""
    shutil.copytree(source, target)
    return target
