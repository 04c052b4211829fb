"""Tokens from raw JSON and raw keys, not by Kalkan's issuer: it could not make what is forged."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.access.federation import Federation, Hub, Member, Office
from gateway.access.signatures import SigningKey

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
DER = b"a certificate in DER"
KAZ, TUR = SigningKey.generate(kid="kaz-1"), SigningKey.generate("Ed25519", kid="tur-1")
ANSWERS = SigningKey.generate(kid="kaz-answer"), SigningKey.generate(kid="tur-answer")
RECEIPTS = SigningKey.generate(kid="hub-1")
STRANGER = SigningKey.generate(kid="kaz-1")
QUERY_KEY = SigningKey.generate()


def _member(code, token_key, answer_key):
    return Member(
        code=code,
        title=code,
        issuer=f"https://{code.lower()}.example",
        node="127.0.0.1:7501",
        node_name="localhost",
        contact=Office(office="Bureau"),
        token_keys=(token_key.public_key,),
        answer_keys=(answer_key.public_key,),
    )


FEDERATION = Federation(
    id="kalkan-test",
    ca=Path("/nowhere/ca.pem"),
    hub=Hub(address="127.0.0.1:7443", name="localhost", receipt_keys=(RECEIPTS.public_key,)),
    members=(_member("KAZ", KAZ, ANSWERS[0]), _member("TUR", TUR, ANSWERS[1])),
)
HEADER = {"alg": "ES256", "kid": "kaz-1", "typ": "at+jwt"}
CLAIMS = {
    "iss": "https://kaz.example",
    "aud": "kalkan-test",
    "sub": "officer-1",
    "client_id": "client",
    "jti": "token-1",
    "iat": SECONDS,
    "exp": SECONDS + 3600,
    "roles": ["investigator"],
    "cnf": {
        "x5t#S256": base64.urlsafe_b64encode(hashlib.sha256(DER).digest()).rstrip(b"=").decode(),
        "jkt": QUERY_KEY.thumbprint,
    },
}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def dump(value) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def raw_sign(key: SigningKey, data: bytes) -> bytes:
    private = key.private_key
    if not isinstance(private, EllipticCurvePrivateKey):
        return private.sign(data)
    r, s = decode_dss_signature(private.sign(data, ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def make(header=HEADER, claims=CLAIMS, key=KAZ) -> str:
    text = f"{b64(dump(header))}.{b64(dump(claims))}"
    return f"{text}.{b64(raw_sign(key, text.encode()))}"


def head(**changes) -> str:
    return make(header=change(HEADER, changes))


def body(**changes) -> str:
    return make(claims=change(CLAIMS, changes))


def cnf(**changes) -> str:
    return body(cnf=change(CLAIMS["cnf"], changes))


def change(base, changes):
    return {name: value for name, value in {**base, **changes}.items() if value is not ...}


def twice(base, name, value) -> bytes:
    """The object with a second member of a name at its end: last wins for most readers."""
    return dump(base)[:-1] + b"," + dump(name) + b":" + dump(value) + b"}"


def hs256(secret: bytes, header=None) -> str:
    text = f"{b64(dump(header or {**HEADER, 'alg': 'HS256'}))}.{b64(dump(CLAIMS))}"
    return f"{text}.{b64(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def swap(token: str, at: int, segment: str) -> str:
    parts = token.split(".")
    parts[at] = segment
    return ".".join(parts)


def flip(token: str, at: int) -> str:
    """Change one bit of a segment's bytes."""
    data = bytearray(base64.urlsafe_b64decode(token.split(".")[at] + "=="))
    data[len(data) // 2] ^= 1
    return swap(token, at, b64(bytes(data)))


def public_pem() -> bytes:
    key = KAZ.public_key.key
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def der_signed() -> str:
    text = f"{b64(dump(HEADER))}.{b64(dump(CLAIMS))}"
    return f"{text}.{b64(KAZ.private_key.sign(text.encode(), ECDSA(SHA256())))}"


def spare_bits(token: str) -> str:
    """The same signature in another spelling: the last character has bits to spare."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


INVALID, EXPIRED, FOREIGN = "TOKEN_INVALID", "TOKEN_EXPIRED", "TOKEN_FOREIGN"
