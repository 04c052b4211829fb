"""Sign and verify what must be provable: queries, answers with attestations, receipts, notices.

A signature is a detached JWS with an unencoded payload (RFC 7515 appendix F, RFC 7797), so the
bytes that were sent are the bytes that are signed. The protected `typ` separates the domains: an
answer's signature never holds over the same bytes as a receipt. The recipe for other languages is
in proto/SIGNING.md.
"""

from __future__ import annotations

import enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.access.errors import SignatureInvalidError
from gateway.access.jwk import EDDSA, ES256, PublicKey, public_key_of, read_jwk
from gateway.access.keys import P256, PrivateKey, generate_key, read_key, write_key
from gateway.access.strict import decode_base64url, read_object

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_SIGNATURE: Final = 1024
"""Longest signature in characters, as the contract says."""

_JWS: Final = jwt.PyJWS(algorithms=[ES256, EDDSA])
_ALGORITHMS: Final = {alg: _JWS.get_algorithm_by_name(alg) for alg in (ES256, EDDSA)}
_REQUIRED: Final = frozenset({"alg", "typ", "b64", "crit"})
_ALLOWED: Final = _REQUIRED | {"kid"}


class _Header(NamedTuple):
    """The texts of a protected header."""

    alg: str
    typ: str
    kid: str = ""


class _Detached(NamedTuple):
    """A detached JWS whose form holds: its header, the header as it is signed, the signature."""

    header: _Header
    protected: bytes
    raw: bytes


class Domain(enum.StrEnum):
    """What a signature is for: the value of its protected `typ`."""

    QUERY = "kalkan-query+jws"
    ANSWER = "kalkan-answer+jws"
    RECEIPT = "kalkan-receipt+jws"
    NOTICE = "kalkan-notice+jws"
    ATTESTATION = "kalkan-attestation+jws"


class SigningKey:
    """A private key that signs.

    Args:
        key: A P-256 or Ed25519 key.
        kid: The name under which verifiers know it; without one its thumbprint.
    """

    def __init__(self, key: PrivateKey, kid: str = "") -> None:
        described = public_key_of(key.public_key())
        self._key = key
        self._public = public_key_of(key.public_key(), kid or described.thumbprint)

    @classmethod
    def generate(cls, kind: str = P256, kid: str = "") -> SigningKey:
        """Make a new key of kind "P-256" or "Ed25519"."""
        return cls(generate_key(kind), kid)

    @classmethod
    def load(cls, path: Path, kid: str = "") -> SigningKey:
        """Read a key from a file.

        Raises:
            KeyFileError: The file is missing, open to others or no such key.
        """
        return cls(read_key(path), kid)

    def save(self, path: Path) -> None:
        """Write the key to a new file with mode 0600.

        Raises:
            KeyFileError: The file exists already, or cannot be written.
        """
        write_key(path, self._key)

    @property
    def private_key(self) -> PrivateKey:
        """The private key, for those who sign other things with it."""
        return self._key

    @property
    def public_key(self) -> PublicKey:
        """The public key with name, algorithm and thumbprint."""
        return self._public

    @property
    def kid(self) -> str:
        """The name of the key."""
        return self._public.kid

    @property
    def alg(self) -> str:
        """The algorithm: "ES256" or "EdDSA"."""
        return self._public.alg

    @property
    def thumbprint(self) -> str:
        """The RFC 7638 thumbprint, 43 characters."""
        return self._public.thumbprint

    def public_jwk(self) -> dict[str, str]:
        """Return the public key as a JWK."""
        return self._public.to_jwk()

    def sign(self, domain: Domain, payload: bytes) -> str:
        """Sign bytes for one domain; return the detached JWS, at most 1,024 characters."""
        headers = {"typ": domain.value, "kid": self.kid}
        return _JWS.encode(
            payload, self._key, algorithm=self.alg, headers=headers, is_payload_detached=True
        )

    def __repr__(self) -> str:
        kind = "Ed25519" if isinstance(self._key, Ed25519PrivateKey) else "P-256"
        return f"SigningKey({kind}, kid={self.kid!r})"


def thumbprint_of(jwk: bytes) -> str:
    """Return the RFC 7638 thumbprint of a public key in JSON, 43 characters of base64url.

    Raises:
        SignatureInvalidError: It is not a public key that is accepted.
    """
    return read_jwk(jwk).thumbprint


def verify_query(payload: bytes, signature: str, jwk: bytes) -> None:
    """Check the signature over a query against the public key that came with it.

    Whether that key is the officer's is another check: `tokens.require_key`.

    Raises:
        SignatureInvalidError: Key, form or signature do not hold.
    """
    detached = _read_signature(Domain.QUERY, signature)
    key = read_jwk(jwk)
    # A key without a name may be named by its thumbprint; a name that contradicts is a slip.
    if detached.header.kid not in {"", key.kid, key.thumbprint}:
        raise SignatureInvalidError(
            "the signature names another key than the one that came with it"
        )
    _verify(payload, detached, key)


def verify_answer(payload: bytes, signature: str, keys: Iterable[PublicKey]) -> None:
    """Check the signature of a node over its answer against the member's pinned keys.

    Raises:
        SignatureInvalidError: The key is not pinned, or the signature does not hold.
    """
    _verify_pinned(Domain.ANSWER, payload, signature, keys)


def verify_attestation(payload: bytes, signature: str, keys: Iterable[PublicKey]) -> None:
    """Check the signature of a node over its attestation against the member's pinned answer keys.

    Raises:
        SignatureInvalidError: The key is not pinned, or the signature does not hold.
    """
    _verify_pinned(Domain.ATTESTATION, payload, signature, keys)


def verify_receipt(payload: bytes, signature: str, keys: Iterable[PublicKey]) -> None:
    """Check the signature of the hub over its receipt against its pinned keys.

    Raises:
        SignatureInvalidError: The key is not pinned, or the signature does not hold.
    """
    _verify_pinned(Domain.RECEIPT, payload, signature, keys)


def verify_notice(payload: bytes, signature: str, keys: Iterable[PublicKey]) -> None:
    """Check the signature of a node over its member's notice against the member's pinned keys.

    Raises:
        SignatureInvalidError: The key is not pinned, or the signature does not hold.
    """
    _verify_pinned(Domain.NOTICE, payload, signature, keys)


def _verify_pinned(
    domain: Domain, payload: bytes, signature: str, keys: Iterable[PublicKey]
) -> None:
    detached = _read_signature(domain, signature)
    kid = detached.header.kid
    key = next((k for k in keys if k.kid == kid), None) if kid else None
    if key is None:
        raise SignatureInvalidError("the signature's key is not one that is pinned")
    _verify(payload, detached, key)


def _verify(payload: bytes, detached: _Detached, key: PublicKey) -> None:
    """Check a signature whose form holds. The key says which algorithm it is for, not the sender.

    PyJWT's algorithms are called as they are: its reader would read the header a second time,
    which for fifteen answers costs as much as five signatures.
    """
    signed = b"%b.%b" % (detached.protected, payload)
    holds = detached.header.alg == key.alg and _ALGORITHMS[key.alg].verify(
        signed, key.key, detached.raw
    )
    if not holds:
        raise SignatureInvalidError("the signature does not hold over these bytes")


def _read_signature(domain: Domain, signature: str) -> _Detached:
    """Check the form of a detached JWS, and that it was made for this domain."""
    if len(signature) > MAX_SIGNATURE:
        raise SignatureInvalidError(
            "the signature is too long", limit=f"{MAX_SIGNATURE} characters"
        )
    protected, _, encoded = signature.partition("..")
    header = _read_header(protected)
    try:
        # PyJWT takes padding in a signature; here a signature has one spelling.
        raw = decode_base64url(encoded)
    except ValueError:
        raise SignatureInvalidError("the signature is not a detached JWS") from None
    if header.typ != domain:
        raise SignatureInvalidError("the signature was made for something else")
    return _Detached(header, protected.encode("ascii"), raw)


@lru_cache(maxsize=1024)
def _read_header(protected: str) -> _Header:
    """Read a protected header; a signer's headers repeat, so they are remembered."""
    try:
        header = read_object(decode_base64url(protected))
    except ValueError:
        raise SignatureInvalidError("the signature's header cannot be read") from None
    if not _REQUIRED <= header.keys() <= _ALLOWED:
        raise SignatureInvalidError("the signature's header is not alg, typ, kid, b64 and crit")
    if header.pop("b64") is not False or header.pop("crit") != ["b64"]:
        raise SignatureInvalidError("the signature's payload must be unencoded: b64 false, in crit")
    if not all(isinstance(value, str) for value in header.values()):
        raise SignatureInvalidError("the signature's header holds something other than text")
    return _Header(**header)
