"""A witness with its memory in a folder, and what a log sends to it."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.clock import ManualClock
from gateway.ledger.disk import Disk
from gateway.ledger.tiles.integrator import Published
from gateway.ledger.tiles.read import Tiles
from gateway.ledger.tlog.request import AddCheckpoint
from gateway.ledger.tlog.signer import Cosigner, Signer
from gateway.ledger.witness.store import Store
from gateway.ledger.witness.witness import Witness
from tests.kit.logs import NOON, SIGNER, UnsyncedDisk

LOGS = {SIGNER.vkey.name: SIGNER.vkey}


def make_cosigner(name: str = "witness.example/one") -> Cosigner:
    return Cosigner(name, Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b"x")[:32]))


def open_witness(
    directory: Path, name: str = "witness.example/one", disk: Disk | None = None
) -> Witness:
    store = Store(directory, disk or UnsyncedDisk())
    return Witness(make_cosigner(name), LOGS, store, ManualClock(NOON))


def body(log: Path, published: Published, old: int) -> bytes:
    """What a log sends that believes the witness to know `old` entries."""
    path = Tiles(log, published.tree.size).consistency(old)
    return AddCheckpoint(old, path, published.note).encode()


def other_signer(name: str = SIGNER.vkey.name) -> Signer:
    """The signer of another key."""
    return Signer(name, Ed25519PrivateKey.generate())
