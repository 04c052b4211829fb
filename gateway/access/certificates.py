"""Say who is at the other end of a connection, from its certificate.

TLS has checked the chain; what a certificate is for is read here. Its one URI names federation and
role: kalkan://FEDERATION/hub, /node/MEMBER or /client/MEMBER/NAME. A connection outlives what was
true when it was made, so the time is checked again for each call.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from gateway.access.errors import PeerForbiddenError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from gateway.clock import Clock

HUB: Final = "hub"
NODE: Final = "node"
CLIENT: Final = "client"
SCHEME: Final = "kalkan"
MAX_PEM: Final = 16_384

_URI: Final = re.compile(
    rf"{SCHEME}://(?P<federation>[a-z0-9][a-z0-9._-]{{0,63}})/"
    r"(?:hub|node/(?P<node>[A-Z]{3})|client/(?P<client>[A-Z]{3})/(?P<name>[a-z0-9][a-z0-9._-]{0,63}))"
)


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end.

    Attributes:
        federation: The id of the federation that the certificate is for.
        role: "hub", "node" or "client".
        member: The member's code, "" for the hub.
        name: The client's name, "" for hub and nodes.
        der: The certificate in DER.
        sha256: SHA-256 of `der`, 32 bytes.
        expires: When the certificate ends, in UTC.
    """

    federation: str
    role: str
    member: str
    name: str
    der: bytes
    sha256: bytes
    expires: datetime


def peer_of(auth_context: Mapping[str, Iterable[bytes]]) -> Peer:
    """Read the peer of a call from gRPC's `auth_context()`.

    Raises:
        PeerForbiddenError: There is no certificate, or it is not one of a hub, node or client.
    """
    certificates = list(auth_context.get("x509_pem_cert", ()))
    if len(certificates) != 1:
        raise PeerForbiddenError("the connection has no client certificate")
    return read_peer(certificates[0])


def read_peer(pem: bytes) -> Peer:
    """Read a certificate in PEM that may call others; those seen lately are remembered.

    Raises:
        PeerForbiddenError: It is not a certificate of a hub, node or client.
    """
    if len(pem) > MAX_PEM:
        raise PeerForbiddenError("the certificate is too large")
    return _read_peer(pem)


def require_role(peer: Peer, role: str, *, federation_id: str = "") -> None:
    """Check that a peer is a "hub", "node" or "client", and of this federation where one is given.

    Raises:
        PeerForbiddenError: It is something else, or of another federation.
    """
    if peer.role != role:
        raise PeerForbiddenError(f"this call is for a {role}, the certificate is another's")
    if federation_id not in {"", peer.federation}:
        raise PeerForbiddenError("the certificate is for another federation")


def require_current(peer: Peer, clock: Clock) -> None:
    """Check that the certificate has not expired since the connection was made.

    Raises:
        PeerForbiddenError: It has.
    """
    if clock.now() >= peer.expires:
        raise PeerForbiddenError("the certificate has expired")


@lru_cache(maxsize=1024)
def _read_peer(pem: bytes) -> Peer:
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        uri = _read_uri(certificate)
        _require_usage(certificate)
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        raise PeerForbiddenError("the certificate is not one of a hub, node or client") from None
    der = certificate.public_bytes(Encoding.DER)
    return Peer(
        federation=uri["federation"],
        role=NODE if uri["node"] else CLIENT if uri["client"] else HUB,
        member=uri["node"] or uri["client"] or "",
        name=uri["name"] or "",
        der=der,
        sha256=hashlib.sha256(der).digest(),
        expires=certificate.not_valid_after_utc,
    )


def _read_uri(certificate: x509.Certificate) -> re.Match[str]:
    """Read the one URI; with two a peer could choose who it is."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    match = _URI.fullmatch(uris[0]) if len(uris) == 1 else None
    if match is None:
        raise ValueError("needs exactly one URI of Kalkan")
    return match


def _require_usage(certificate: x509.Certificate) -> None:
    """Check that this is a P-256 leaf that may be a client; a missing usage is none."""
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    limits = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    key = certificate.public_key()
    is_p256 = isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
    if ExtendedKeyUsageOID.CLIENT_AUTH not in usage or limits.ca or not is_p256:
        raise ValueError("is not a client's")
