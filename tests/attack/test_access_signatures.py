"""Forged and altered signatures over queries, answers and receipts. None holds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from gateway.access.errors import SignatureInvalidError
from gateway.access.jwk import public_key_of
from gateway.access.signatures import (
    Domain,
    SigningKey,
    verify_answer,
    verify_attestation,
    verify_notice,
    verify_query,
    verify_receipt,
)

PAYLOAD = b"a query, in bytes.\x00\xff"
KEY = SigningKey.generate(kid="one")
ED = SigningKey.generate("Ed25519", kid="ed")
OTHER = SigningKey.generate(kid="two")
JWK = json.dumps(KEY.public_jwk()).encode()
HEADER = {
    "alg": "ES256",
    "b64": False,
    "crit": ["b64"],
    "kid": "one",
    "typ": "kalkan-query+jws",
}
GOOD = KEY.sign(Domain.QUERY, PAYLOAD)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw_sign(key: SigningKey, data: bytes) -> bytes:
    private = key.private_key
    if not isinstance(private, EllipticCurvePrivateKey):
        return private.sign(data)
    r, s = decode_dss_signature(private.sign(data, ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def make(header, payload=PAYLOAD, key=KEY) -> str:
    """Sign by hand, whatever the header says."""
    protected = b64(header if isinstance(header, bytes) else json.dumps(header).encode())
    return f"{protected}..{b64(raw_sign(key, protected.encode() + b'.' + payload))}"


def head(**changes) -> str:
    return make({k: v for k, v in {**HEADER, **changes}.items() if v is not ...})


def with_signature(raw: bytes) -> str:
    return f"{GOOD.partition('..')[0]}..{b64(raw)}"


def parts(signature: str) -> tuple[int, int]:
    raw = base64.urlsafe_b64decode(signature.partition("..")[2] + "==")
    return int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")


def encoded_payload() -> str:
    """A usual detached JWS: the payload was signed in base64."""
    header = {k: v for k, v in HEADER.items() if k not in {"b64", "crit"}}
    protected = b64(json.dumps(header).encode())
    return f"{protected}..{b64(raw_sign(KEY, f'{protected}.{b64(PAYLOAD)}'.encode()))}"


def base64_under_false() -> str:
    protected = b64(json.dumps(HEADER).encode())
    return f"{protected}..{b64(raw_sign(KEY, f'{protected}.{b64(PAYLOAD)}'.encode()))}"


def hmac_signed() -> str:
    protected = b64(json.dumps({**HEADER, "alg": "HS256"}).encode())
    digest = hmac.new(JWK, protected.encode() + b"." + PAYLOAD, hashlib.sha256).digest()
    return f"{protected}..{b64(digest)}"


def spare_bits() -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return GOOD[:-1] + alphabet[alphabet.index(GOOD[-1]) ^ 1]


N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

TABLE = {
    "empty": lambda: "",
    "two dots": lambda: "..",
    "no signature": lambda: GOOD.partition("..")[0] + "..",
    "no header": lambda: ".." + GOOD.partition("..")[2],
    "attached payload": lambda: GOOD.replace("..", f".{b64(PAYLOAD)}."),
    "three dots": lambda: GOOD.replace("..", "..."),
    "a dot after": lambda: GOOD + ".",
    "one dot": lambda: GOOD.replace("..", "."),
    "twice": lambda: GOOD + ".." + GOOD,
    "blank after": lambda: GOOD + " ",
    "line break after": lambda: GOOD + "\n",
    "padded": lambda: GOOD + "==",
    "another spelling": spare_bits,
    "letter that only looks alike": lambda: "е" + GOOD[1:],
    "half a character": lambda: GOOD + "\ud800",
    "too long": lambda: GOOD + "A" * 1024,
    "bit changed in r": lambda: with_signature(
        (parts(GOOD)[0] ^ 1).to_bytes(32, "big") + parts(GOOD)[1].to_bytes(32, "big")
    ),
    "zeros": lambda: with_signature(bytes(64)),
    "r and s are n": lambda: with_signature(N.to_bytes(32, "big") * 2),
    "r zero": lambda: with_signature(bytes(32) + parts(GOOD)[1].to_bytes(32, "big")),
    "r and s exchanged": lambda: with_signature(
        parts(GOOD)[1].to_bytes(32, "big") + parts(GOOD)[0].to_bytes(32, "big")
    ),
    "DER": lambda: with_signature(
        KEY.private_key.sign(GOOD.partition("..")[0].encode() + b"." + PAYLOAD, ECDSA(SHA256()))
    ),
    "one byte short": lambda: with_signature(bytes(63)),
    "another payload": lambda: make(HEADER, PAYLOAD + b"x"),
    "payload in base64": encoded_payload,
    "payload in base64 under b64 false": base64_under_false,
    "another key under this kid": lambda: make(HEADER, key=OTHER),
    "another key under its own kid": lambda: make({**HEADER, "kid": "two"}, key=OTHER),
    "alg none": lambda: head(alg="none"),
    "alg none without signature": lambda: head(alg="none").partition("..")[0] + "..",
    "alg HS256 with the public key": hmac_signed,
    "alg EdDSA with a P-256 key": lambda: head(alg="EdDSA"),
    "alg ES384": lambda: head(alg="ES384"),
    "alg missing": lambda: head(alg=...),
    "alg null": lambda: head(alg=None),
    "alg is a list": lambda: head(alg=["ES256"]),
    "typ missing": lambda: head(typ=...),
    "typ of an answer": lambda: head(typ="kalkan-answer+jws"),
    "typ of a receipt": lambda: head(typ="kalkan-receipt+jws"),
    "typ of a token": lambda: head(typ="at+jwt"),
    "typ in capitals": lambda: head(typ="KALKAN-QUERY+JWS"),
    "typ null": lambda: head(typ=None),
    "typ twice": lambda: make(json.dumps(HEADER)[:-1].encode() + b',"typ":"kalkan-query+jws"}'),
    "b64 missing": lambda: head(b64=...),
    "b64 true": lambda: head(b64=True),
    "b64 zero": lambda: head(b64=0),
    "b64 is text": lambda: head(b64="false"),
    "crit missing": lambda: head(crit=...),
    "crit empty": lambda: head(crit=[]),
    "crit of something else": lambda: head(crit=["b64", "exp"], exp=1),
    "crit is text": lambda: head(crit="b64"),
    "crit twice the same": lambda: head(crit=["b64", "b64"]),
    "jwk brings the key": lambda: make({**HEADER, "jwk": OTHER.public_jwk()}, key=OTHER),
    "jku": lambda: head(jku="https://evil.example/keys"),
    "x5u": lambda: head(x5u="https://evil.example/cert"),
    "kid null": lambda: head(kid=None),
    "kid is a number": lambda: head(kid=1),
    "header is a list": lambda: make(b"[]"),
    "header is empty": lambda: make(b""),
    "header is not JSON": lambda: make(b"alg=ES256"),
    "header padded": lambda: GOOD.replace("..", "=.."),
    "header not UTF-8": lambda: make(b'{"alg":"\xff"}'),
}


def test_the_signature_made_by_hand_holds_when_nothing_is_wrong():
    verify_query(PAYLOAD, make(HEADER), JWK)
    verify_query(PAYLOAD, make({k: v for k, v in HEADER.items() if k != "kid"}), JWK)


@pytest.mark.parametrize(("key", "other"), [(KEY, "EdDSA"), (ED, "ES256")])
def test_key_alone_says_which_algorithm(key, other):
    """The signature is this key's, over these bytes; its header says that it is another kind's."""
    jwk = json.dumps(key.public_jwk()).encode()
    own = {**HEADER, "alg": key.alg, "kid": key.kid}
    verify_query(PAYLOAD, make(own, key=key), jwk)
    with pytest.raises(SignatureInvalidError):
        verify_query(PAYLOAD, make({**own, "alg": other}, key=key), jwk)


@pytest.mark.parametrize("key", [KEY, ED], ids=["ES256", "EdDSA"])
@pytest.mark.parametrize("size", [0, 1, 31, 32, 63, 64, 65, 96, 128, 256])
def test_signature_of_any_length_is_refused_without_another_error(key, size):
    protected = key.sign(Domain.QUERY, PAYLOAD).partition("..")[0]
    for raw in (bytes(size), b"\xff" * size, b"\x01" * size):
        with pytest.raises(SignatureInvalidError):
            verify_query(PAYLOAD, f"{protected}..{b64(raw)}", json.dumps(key.public_jwk()).encode())


@pytest.mark.parametrize("attack", TABLE.values(), ids=TABLE.keys())
def test_query_signature_is_refused(attack):
    for _ in range(2):
        with pytest.raises(SignatureInvalidError) as caught:
            verify_query(PAYLOAD, attack(), JWK)
        assert caught.value.__cause__ is None


@pytest.mark.parametrize("attack", TABLE.values(), ids=TABLE.keys())
@pytest.mark.parametrize("verify", [verify_answer, verify_receipt])
def test_forged_query_signature_is_no_other_signature_either(verify, attack):
    with pytest.raises(SignatureInvalidError):
        # The two that are well made for the other domains are caught by what is signed there.
        verify(b"another payload", attack(), [KEY.public_key])


@pytest.mark.parametrize("signed", list(Domain))
@pytest.mark.parametrize("read", list(Domain))
@pytest.mark.parametrize("key", [KEY, ED], ids=["ES256", "EdDSA"])
def test_signature_holds_in_its_own_domain_only(signed, read, key):
    signature = key.sign(signed, PAYLOAD)
    jwk = json.dumps(key.public_jwk()).encode()
    verify = {
        Domain.QUERY: lambda: verify_query(PAYLOAD, signature, jwk),
        Domain.ANSWER: lambda: verify_answer(PAYLOAD, signature, [key.public_key]),
        Domain.RECEIPT: lambda: verify_receipt(PAYLOAD, signature, [key.public_key]),
        Domain.NOTICE: lambda: verify_notice(PAYLOAD, signature, [key.public_key]),
        Domain.ATTESTATION: lambda: verify_attestation(PAYLOAD, signature, [key.public_key]),
    }[read]
    if signed is read:
        verify()
        return
    with pytest.raises(SignatureInvalidError, match="something else"):
        verify()


PINNED = {
    "key that is not pinned": (OTHER, [KEY.public_key]),
    "no key is pinned": (KEY, []),
    "another key under a pinned kid": (SigningKey(OTHER.private_key, "one"), [KEY.public_key]),
    "pinned key of another kind under this kid": (
        SigningKey(ED.private_key, "one"),
        [KEY.public_key],
    ),
}


@pytest.mark.parametrize(("key", "pinned"), PINNED.values(), ids=PINNED.keys())
@pytest.mark.parametrize(
    ("domain", "verify"), [(Domain.ANSWER, verify_answer), (Domain.RECEIPT, verify_receipt)]
)
def test_answer_and_receipt_hold_by_pinned_keys_only(domain, verify, key, pinned):
    with pytest.raises(SignatureInvalidError):
        verify(PAYLOAD, key.sign(domain, PAYLOAD), pinned)


@pytest.mark.parametrize(
    ("domain", "verify"), [(Domain.ANSWER, verify_answer), (Domain.RECEIPT, verify_receipt)]
)
@pytest.mark.parametrize("kid", [..., ""])
def test_answer_and_receipt_must_name_their_key(domain, verify, kid):
    header = {k: v for k, v in {**HEADER, "typ": domain, "kid": kid}.items() if v is not ...}
    with pytest.raises(SignatureInvalidError, match="pinned"):
        verify(PAYLOAD, make(header), [KEY.public_key])


def test_a_signature_without_kid_does_not_find_a_pinned_key_without_kid():
    nameless = public_key_of(KEY.public_key.key)
    header = {**HEADER, "typ": "kalkan-answer+jws", "kid": ""}
    with pytest.raises(SignatureInvalidError, match="pinned"):
        verify_answer(PAYLOAD, make(header), [nameless])


def test_no_byte_of_the_payload_can_change():
    for at in range(len(PAYLOAD)):
        changed = PAYLOAD[:at] + bytes([PAYLOAD[at] ^ 0x80]) + PAYLOAD[at + 1 :]
        with pytest.raises(SignatureInvalidError):
            verify_query(changed, GOOD, JWK)


@pytest.mark.parametrize("payload", [b"", PAYLOAD[:-1], PAYLOAD + b"\x00", b"." + PAYLOAD])
def test_payload_cannot_be_cut_or_lengthened(payload):
    with pytest.raises(SignatureInvalidError):
        verify_query(payload, GOOD, JWK)


def test_a_byte_cannot_move_between_header_and_payload():
    protected, _, signature = GOOD.partition("..")
    with pytest.raises(SignatureInvalidError):
        verify_query(
            protected[-1:].encode() + b"." + PAYLOAD, f"{protected[:-1]}..{signature}", JWK
        )


def test_a_token_is_no_query_signature():
    token = jwt.encode({"sub": "x"}, KEY.private_key, "ES256", {"typ": "at+jwt", "kid": "one"})
    header, _, signature = token.split(".")
    with pytest.raises(SignatureInvalidError):
        verify_query(PAYLOAD, f"{header}..{signature}", JWK)


@pytest.mark.parametrize(
    "jwk",
    [
        b"",
        b"{}",
        json.dumps(OTHER.public_jwk()).encode(),
        json.dumps(ED.public_jwk()).encode(),
        json.dumps({**KEY.public_jwk(), "kid": "another"}).encode(),
        json.dumps({**KEY.public_jwk(), "d": "AAAA"}).encode(),
        json.dumps({"kty": "oct", "k": "AAAA"}).encode(),
    ],
    ids=["nothing", "no members", "other key", "other kind", "other kid", "private", "symmetric"],
)
def test_query_signature_is_refused_with_another_key(jwk):
    with pytest.raises(SignatureInvalidError):
        verify_query(PAYLOAD, GOOD, jwk)
