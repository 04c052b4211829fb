import json

import pytest

from gateway.access.errors import KeyFileError, SignatureInvalidError
from gateway.access.signatures import (
    Domain,
    SigningKey,
    thumbprint_of,
    verify_answer,
    verify_query,
    verify_receipt,
)

KINDS = ["P-256", "Ed25519"]
PAYLOAD = b"\x00.bytes.\xff"


def _jwk(key):
    return json.dumps(key.public_jwk()).encode()


@pytest.mark.parametrize("kind", KINDS)
def test_verify_query_accepts_what_was_signed(kind):
    key = SigningKey.generate(kind)
    verify_query(PAYLOAD, key.sign(Domain.QUERY, PAYLOAD), _jwk(key))


def test_verify_query_accepts_an_empty_payload():
    key = SigningKey.generate()
    verify_query(b"", key.sign(Domain.QUERY, b""), _jwk(key))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("domain", "verify"), [(Domain.ANSWER, verify_answer), (Domain.RECEIPT, verify_receipt)]
)
def test_verify_accepts_a_pinned_key_among_others(kind, domain, verify):
    key, other = SigningKey.generate(kind, kid="new"), SigningKey.generate(kid="old")
    verify(PAYLOAD, key.sign(domain, PAYLOAD), [other.public_key, key.public_key])


def test_signature_fits_its_limit():
    key = SigningKey.generate(kid="k" * 64)
    assert len(key.sign(Domain.RECEIPT, bytes(10_000))) < 400


def test_signing_key_tells_its_public_side(tmp_path):
    key = SigningKey.generate("Ed25519")
    assert key.kid == key.thumbprint == thumbprint_of(_jwk(key))
    assert key.alg == "EdDSA"
    assert key.public_key.alg == "EdDSA"
    assert "Ed25519" in repr(key)
    assert "P-256" in repr(SigningKey.generate(kid="seal"))


def test_signing_key_never_shows_its_private_side():
    key = SigningKey.generate()
    private = key.private_key.private_numbers().private_value
    assert str(private) not in repr(key)
    assert "d" not in key.public_jwk()


def test_signing_key_comes_back_when_saved(tmp_path):
    key = SigningKey.generate(kid="seal")
    key.save(tmp_path / "a.key")
    again = SigningKey.load(tmp_path / "a.key", kid="seal")
    assert again.public_jwk() == key.public_jwk()
    with pytest.raises(KeyFileError):
        key.save(tmp_path / "a.key")


def test_verify_query_accepts_a_kid_that_is_the_thumbprint():
    key = SigningKey.generate()
    bare = {k: v for k, v in key.public_jwk().items() if k != "kid"}
    verify_query(PAYLOAD, key.sign(Domain.QUERY, PAYLOAD), json.dumps(bare).encode())


def test_verify_query_refuses_a_kid_of_another_key():
    key = SigningKey.generate()
    other = SigningKey(key.private_key, kid="another")
    with pytest.raises(SignatureInvalidError, match="names another key"):
        verify_query(PAYLOAD, other.sign(Domain.QUERY, PAYLOAD), _jwk(key))


def test_verify_tells_nothing_of_the_payload():
    key = SigningKey.generate()
    with pytest.raises(SignatureInvalidError) as caught:
        verify_query(b"Aidos", key.sign(Domain.QUERY, b"other"), _jwk(key))
    assert "Aidos" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.reason == "SIGNATURE_INVALID"


def test_verify_keeps_answering_after_a_forgery():
    # The header is remembered; a forged signature must not ride on it, nor spoil it.
    key = SigningKey.generate()
    good = key.sign(Domain.QUERY, PAYLOAD)
    forged = good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")
    for _ in range(2):
        verify_query(PAYLOAD, good, _jwk(key))
        with pytest.raises(SignatureInvalidError):
            verify_query(PAYLOAD, forged, _jwk(key))
