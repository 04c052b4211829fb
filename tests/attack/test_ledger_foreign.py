"""Another program reads our log: tlog-scales, and the other way round with its own log."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tlog_scales import reader, signing, tlog
from tlog_scales.backend import LocalBackend

from gateway.ledger.tiles.read import Tiles
from gateway.ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from gateway.ledger.tlog.hashing import hash_leaf
from gateway.ledger.tlog.note import Note, parse_note
from gateway.ledger.tlog.signer import Cosigner
from gateway.ledger.tlog.vkey import parse_vkey
from tests.kit.logs import ORIGIN, SIGNER, make_entries, write_log

SIZE = 70_000 // 100
NOW = int(datetime(2026, 11, 21, tzinfo=UTC).timestamp())


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("log")
    write_log(directory, [100, 256, 300, SIZE])
    return directory


def open_foreign(log: Path) -> tuple[reader.TilesReader, tlog.Checkpoint]:
    tiles = reader.TilesReader(LocalBackend(log))
    checkpoint = tiles.get_checkpoint()
    tiles.set_size(checkpoint.size)
    return tiles, checkpoint


def test_it_accepts_our_checkpoint_and_finds_the_same_root(log):
    tiles, checkpoint = open_foreign(log)
    checkpoint.verify(signing.Vkey.from_string(str(SIGNER.vkey)))
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, SIZE)
    assert tiles.calculate_root_hash() == checkpoint.root_hash


def test_it_reads_our_entries_and_accepts_our_proofs(log):
    tiles, checkpoint = open_foreign(log)
    ours = Tiles(log, SIZE)
    for index, entry in enumerate(make_entries(SIZE)):
        if index % 37 == 0 or index == SIZE - 1:
            assert tiles.get_entry(index) == entry
            proof = tlog.InclusionProof(index, SIZE, list(ours.inclusion(index)))
            proof.check(hash_leaf(entry), checkpoint.root_hash)
            assert tiles.get_inclusion_proof(index, SIZE).node_hashes == proof.node_hashes
    for old in (1, 100, 256, 300, 512, SIZE):
        proof = tlog.ConsistencyProof(old, SIZE, list(ours.consistency(old)))
        proof.check(Tiles(log, old).range_hash(0, old), checkpoint.root_hash)
        assert tiles.get_consistency_proof(old, SIZE).node_hashes == proof.node_hashes


def test_it_accepts_our_cosignature(log):
    note = parse_note((log / "checkpoint").read_bytes())
    witness = Cosigner("w.example", Ed25519PrivateKey.generate())
    cosigned = Note(note.text, (*note.signatures, witness.cosign(note.text, NOW)))
    checkpoint = tlog.Checkpoint.from_text(cosigned.encode().decode())
    checkpoint.verify(signing.Vkey.from_string(str(witness.vkey)))
    late = Note(note.text, (witness.cosign(note.text.replace("7", "8"), NOW),))
    with pytest.raises(InvalidSignature):
        tlog.Checkpoint.from_text(late.encode().decode()).verify(
            signing.Vkey.from_string(str(witness.vkey))
        )


def test_we_accept_its_checkpoint():
    signer = signing.PlainEd25519Signer(ORIGIN, Ed25519PrivateKey.generate())
    made = tlog.Checkpoint.make_signed(ORIGIN, 9, bytes(32), [signer])
    opened = open_checkpoint(made.serialize().encode(), parse_vkey(signer.vkey.serialize()))
    assert opened == Checkpoint(ORIGIN, 9, bytes(32))
