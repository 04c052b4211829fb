import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gateway.access.errors import SignatureInvalidError
from gateway.access.jwk import (
    _ED25519_ORDER_8,
    _ED25519_PRIME,
    PublicKey,
    parse_jwk,
    public_key_of,
    read_jwk,
)
from gateway.access.signatures import SigningKey
from gateway.access.strict import encode_base64url

P256 = SigningKey.generate().public_jwk()
ED = SigningKey.generate("Ed25519").public_jwk()


def _dump(members):
    return json.dumps(members).encode()


@pytest.mark.parametrize("jwk", [P256, ED], ids=["P-256", "Ed25519"])
def test_read_jwk_returns_the_key_when_it_is_whole(jwk):
    key = read_jwk(_dump(jwk))
    assert key.to_jwk() == jwk
    assert key == public_key_of(key.key, jwk["kid"])


@pytest.mark.parametrize("jwk", [P256, ED], ids=["P-256", "Ed25519"])
def test_read_jwk_does_without_optional_members(jwk):
    bare = {name: value for name, value in jwk.items() if name not in {"kid", "alg"}}
    key = read_jwk(_dump(bare))
    assert key.kid == ""
    assert key.to_jwk() == {**bare, "alg": jwk["alg"]}
    assert key.thumbprint == read_jwk(_dump({**jwk, "use": "sig"})).thumbprint


def test_thumbprint_is_that_of_rfc_8037():
    # Source: RFC 8037, appendix A.3.
    key = parse_jwk(
        {"crv": "Ed25519", "kty": "OKP", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    )
    assert key.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_thumbprint_of_p256_is_made_by_hand():
    text = f'{{"crv":"P-256","kty":"EC","x":"{P256["x"]}","y":"{P256["y"]}"}}'
    expected = encode_base64url(hashlib.sha256(text.encode()).digest())
    assert read_jwk(_dump(P256)).thumbprint == expected


def test_read_jwk_remembers_keys():
    assert read_jwk(_dump(P256)) is read_jwk(_dump(P256))


BAD = {
    "private P-256": {**P256, "d": P256["x"]},
    "private Ed25519": {**ED, "d": ED["x"]},
    "symmetric": {"kty": "oct", "k": "AAAA"},
    "RSA": {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    "other curve": {**P256, "crv": "P-384"},
    "secp256k1": {**P256, "crv": "secp256k1"},
    "X25519": {**ED, "crv": "X25519"},
    "types exchanged": {**P256, "kty": "OKP"},
    "Ed25519 as EC": {**ED, "kty": "EC"},
    "no type": {k: v for k, v in P256.items() if k != "kty"},
    "type is a list": {**P256, "kty": ["EC"]},
    "no y": {k: v for k, v in P256.items() if k != "y"},
    "y in Ed25519": {**ED, "y": ED["x"]},
    "other alg": {**P256, "alg": "EdDSA"},
    "alg none": {**P256, "alg": "none"},
    "alg null": {**P256, "alg": None},
    "for encryption": {**P256, "use": "enc"},
    "kid is a number": {**P256, "kid": 1},
    "kid is empty": {**P256, "kid": ""},
    "kid is too long": {**P256, "kid": "k" * 65},
    "kid has a line break": {**P256, "kid": "a\nb"},
    "unknown member": {**P256, "x5c": []},
    "jku": {**P256, "jku": "https://elsewhere.example"},
    "x is a number": {**P256, "x": 5},
    "x is short": {**P256, "x": P256["x"][:-2]},
    "x is padded": {**P256, "x": P256["x"] + "="},
    "x has a line break": {**P256, "x": P256["x"] + "\n"},
    "x is longer by zeros": {**ED, "x": "AAAA" + ED["x"]},
    "not on the curve": {**P256, "y": P256["x"]},
    "point at infinity": {**P256, "x": "A" * 43, "y": "A" * 43},
}


@pytest.mark.parametrize("members", BAD.values(), ids=BAD.keys())
def test_read_jwk_refuses_when_not_a_public_key_of_ours(members):
    with pytest.raises(SignatureInvalidError):
        read_jwk(_dump(members))


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"\xff", b'{"kty":"EC","kty":"EC"}', b'{"a":"' + b"x" * 1024 + b'"}'],
)
def test_read_jwk_refuses_when_not_json_within_its_limit(data):
    with pytest.raises(SignatureInvalidError):
        read_jwk(data)


@pytest.mark.parametrize(("size", "holds"), [(1024, True), (1025, False)])
def test_read_jwk_keeps_its_limit_to_the_byte(size, holds):
    data = _dump(P256).ljust(size)
    if holds:
        assert read_jwk(data).to_jwk() == P256
        return
    with pytest.raises(SignatureInvalidError, match="too large"):
        read_jwk(data)


def test_read_jwk_refuses_a_member_that_occurs_twice():
    twice = _dump(P256)[:-1] + b',"crv":"P-256"}'
    with pytest.raises(SignatureInvalidError):
        read_jwk(twice)


def _small_order():
    for y in (0, 1, _ED25519_PRIME - 1, _ED25519_ORDER_8, _ED25519_PRIME - _ED25519_ORDER_8):
        for value in (y, y + _ED25519_PRIME):
            if value < 2**255:
                yield value.to_bytes(32, "little")
                yield (value | 1 << 255).to_bytes(32, "little")


@pytest.mark.parametrize("data", list(_small_order()), ids=lambda data: data.hex()[:8])
def test_read_jwk_refuses_an_ed25519_key_of_small_order(data):
    with pytest.raises(SignatureInvalidError):
        read_jwk(_dump({"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(data)}))


def test_a_key_of_small_order_would_sign_anything():
    # This is why such keys are refused: one signature, made without a key, holds over any bytes.
    neutral = (1).to_bytes(32, "little")
    key = Ed25519PublicKey.from_public_bytes(neutral)
    forged = neutral + bytes(32)
    key.verify(forged, b"one message")
    key.verify(forged, b"another message")


def test_order_8_is_of_order_8():
    # On -x^2 + y^2 = 1 + d x^2 y^2 a point has order 8 where doubling it gives one with y = 0.
    p, y = _ED25519_PRIME, _ED25519_ORDER_8
    d = -121665 * pow(121666, -1, p) % p
    xx = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
    # y of the double is (y^2 + x^2) / (1 - d x^2 y^2).
    assert (y * y + xx) % p == 0


def test_public_key_is_a_value():
    key = read_jwk(_dump(P256))
    assert isinstance(key, PublicKey)
    with pytest.raises(AttributeError):
        key.kid = "other"
