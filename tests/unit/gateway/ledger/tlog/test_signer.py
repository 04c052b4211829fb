import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger.errors import NoteRejectedError, SignatureRejectedError
from gateway.ledger.tlog.note import Signature
from gateway.ledger.tlog.signer import Cosigner, Signer
from gateway.ledger.tlog.vkey import KeyType

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
TEXT = "log.example\n1\nAAAA\n"


def test_a_signed_text_verifies():
    signer = Signer("log.example", KEY)
    signer.sign(TEXT).verify([signer.vkey])
    with pytest.raises(SignatureRejectedError):
        signer.sign(TEXT).verify([Signer("other.example", KEY).vkey])


def test_a_cosignature_is_over_its_time():
    cosigner = Cosigner("w.example", KEY)
    made = cosigner.cosign(TEXT, 1_764_000_000)
    cosigner.vkey.verify(TEXT.encode(), made.data)
    assert cosigner.vkey.type is KeyType.COSIGNATURE
    assert cosigner.vkey.split(made.data) == (1_764_000_000, made.data[8:])
    later = Signature(made.name, made.key_id, (1_764_000_001).to_bytes(8) + made.data[8:])
    with pytest.raises(SignatureRejectedError):
        cosigner.vkey.verify(TEXT.encode(), later.data)
    KEY.public_key().verify(made.data[8:], b"cosignature/v1\ntime 1764000000\n" + TEXT.encode())


def test_one_key_is_another_signer_for_each_use():
    assert Signer("x", KEY).vkey.id != Cosigner("x", KEY).vkey.id


def test_a_name_that_cannot_be_one_is_refused():
    with pytest.raises(NoteRejectedError):
        Signer("a b", KEY)
