"""Which authority may sign whose certificate.

The federation's own authority signs for everybody. A member that has an authority itself pins it in
the federation file: from then on servers take what it signs, too. TLS alone would then believe it
of anybody, for what a certificate says of its member is a path of a URI, which no constraint in a
certificate confines. So whose signature is on it is looked at once more.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from gateway.access.errors import PeerForbiddenError

if TYPE_CHECKING:
    from gateway.access.certificates import Peer
    from gateway.access.federation import Federation

_REMEMBERED = 4_096


class Issuers:
    """The authorities of a federation and of its members.

    Args:
        federation: The federation; its file of certificates is read.
    """

    def __init__(self, federation: Federation) -> None:
        own = {each.code: each.ca.encode() for each in federation.members if each.ca}
        self._own = {code: x509.load_pem_x509_certificates(pem) for code, pem in own.items()}
        shared = federation.ca.read_bytes()
        self._shared = x509.load_pem_x509_certificates(shared) if own else []
        self.roots = b"\n".join((shared, *own.values()))
        """What a server trusts, in PEM, before it looks at who signed for whom."""
        self._remembered = lru_cache(_REMEMBERED)(self._is_signed)

    def require(self, peer: Peer) -> None:
        """Check that a peer's certificate is signed by the federation's authority or its member's.

        Raises:
            PeerForbiddenError: Another member's authority signed it.
        """
        if self._own and not self._remembered(peer):
            raise PeerForbiddenError("the certificate is signed by an authority of somebody else")

    def _is_signed(self, peer: Peer) -> bool:
        certificate = x509.load_der_x509_certificate(peer.der)
        issuers = (*self._shared, *self._own.get(peer.member, ()))
        return any(_has_signed(issuer, certificate) for issuer in issuers)


def node_roots(federation: Federation, code: str) -> bytes:
    """Return what is trusted to sign for the node of a member, in PEM: never another member's.

    Raises:
        OSError: The federation's certificates cannot be read.
    """
    own = [each.ca.encode() for each in federation.members if each.code == code and each.ca]
    return b"\n".join((federation.ca.read_bytes(), *own))


def _has_signed(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
