"""Public keys as JWK (RFC 7517): P-256 for ES256, Ed25519 for EdDSA, nothing else.

A key arrives from outside with every query, so reading is strict: no private parts, no unknown
members, one spelling, a point that is on the curve and of full order.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gateway.access.errors import SignatureInvalidError
from gateway.access.strict import decode_base64url, encode_base64url, is_plain, read_object

VerifyingKey: TypeAlias = EllipticCurvePublicKey | Ed25519PublicKey

MAX_JWK: Final = 1024
"""Largest JWK in bytes, as the contract says."""
ES256: Final = "ES256"
EDDSA: Final = "EdDSA"
MAX_KID: Final = 64

_COORDINATE_BYTES: Final = 32
_OPTIONAL: Final = frozenset({"kid", "alg", "use"})
_ED25519_PRIME: Final = 2**255 - 19
_ED25519_ORDER_8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
"""The y of a point of order 8; its negative is the other one. Source: RFC 8032, curve equation."""
_SMALL_ORDER: Final = frozenset(
    {0, 1, _ED25519_PRIME - 1, _ED25519_ORDER_8, _ED25519_PRIME - _ED25519_ORDER_8}
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that verifies.

    Attributes:
        kid: The name of the key, "" where it has none.
        alg: "ES256" or "EdDSA".
        key: The key as `cryptography` knows it.
        thumbprint: RFC 7638, SHA-256, base64url; 43 characters.
    """

    kid: str
    alg: str
    key: VerifyingKey
    thumbprint: str

    def to_jwk(self) -> dict[str, str]:
        """Return the JWK, with `alg`, and `kid` where the key has one."""
        names = {"kid": self.kid} if self.kid else {}
        return {**names, "alg": self.alg, **required_members(self.key)}


def read_jwk(data: bytes) -> PublicKey:
    """Read a public key as a client sends it. Keys seen lately are remembered.

    Raises:
        SignatureInvalidError: It is larger than 1,024 bytes or no public key of the two kinds.
    """
    if len(data) > MAX_JWK:
        raise SignatureInvalidError("the public key is too large", limit=f"{MAX_JWK} bytes")
    return _read_jwk(data)


def parse_jwk(members: dict[str, Any]) -> PublicKey:
    """Read a public key from its members.

    Raises:
        ValueError: It is no public key of the two kinds; the text names the member.
    """
    kty, crv = members.get("kty"), members.get("crv")
    key: VerifyingKey
    if (kty, crv) == ("EC", "P-256"):
        alg, key = ES256, _read_point(members)
    elif (kty, crv) == ("OKP", "Ed25519"):
        alg, key = EDDSA, _read_ed25519(members)
    else:
        raise ValueError("kty and crv must be EC and P-256, or OKP and Ed25519")
    required = required_members(key)
    _require_members(members, required)
    if members.get("alg", alg) != alg:
        raise ValueError(f"alg must be {alg}")
    return PublicKey(members.get("kid", ""), alg, key, _thumbprint(required))


def public_key_of(key: VerifyingKey, kid: str = "") -> PublicKey:
    """Describe a public key that is at hand."""
    alg = EDDSA if isinstance(key, Ed25519PublicKey) else ES256
    return PublicKey(kid, alg, key, _thumbprint(required_members(key)))


def required_members(key: VerifyingKey) -> dict[str, str]:
    """Return the members that RFC 7638 hashes."""
    if isinstance(key, Ed25519PublicKey):
        return {"crv": "Ed25519", "kty": "OKP", "x": encode_base64url(key.public_bytes_raw())}
    numbers = key.public_numbers()
    x, y = (encode_base64url(n.to_bytes(_COORDINATE_BYTES, "big")) for n in (numbers.x, numbers.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


@lru_cache(maxsize=4096)
def _read_jwk(data: bytes) -> PublicKey:
    try:
        return parse_jwk(read_object(data))
    except ValueError:
        raise SignatureInvalidError("the public key is not a JWK that is accepted") from None


def _require_members(members: dict[str, Any], required: dict[str, str]) -> None:
    unknown = sorted(members.keys() - required.keys() - _OPTIONAL)
    if unknown:
        raise ValueError(f"unknown or private member: {unknown[0]}")
    if "kid" in members and not is_plain(members["kid"], MAX_KID):
        raise ValueError(f"kid must be 1 to {MAX_KID} printable characters")
    if members.get("use", "sig") != "sig":
        raise ValueError("use must be sig")


def _read_point(members: dict[str, Any]) -> EllipticCurvePublicKey:
    x, y = (int.from_bytes(_coordinate(members, name), "big") for name in ("x", "y"))
    return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()


def _read_ed25519(members: dict[str, Any]) -> Ed25519PublicKey:
    data = _coordinate(members, "x")
    y = int.from_bytes(data, "little") & (2**255 - 1)
    # Under a key of small order one signature holds over any bytes: nobody could be held to it.
    if y >= _ED25519_PRIME or y in _SMALL_ORDER:
        raise ValueError("x is not a key of full order")
    return Ed25519PublicKey.from_public_bytes(data)


def _coordinate(members: dict[str, Any], name: str) -> bytes:
    text = members.get(name)
    data = decode_base64url(text) if isinstance(text, str) else b""
    if len(data) != _COORDINATE_BYTES:
        raise ValueError(f"{name} must be {_COORDINATE_BYTES} bytes in base64url")
    return data


def _thumbprint(required: dict[str, str]) -> str:
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True)
    return encode_base64url(hashlib.sha256(canonical.encode("ascii")).digest())
