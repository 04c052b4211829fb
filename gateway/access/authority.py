"""The certificate authority of a federation: a small one, for who has none to bring.

An authority of another make can take its place; what it has to put into a certificate is written
here. All keys are P-256: an Ed25519 client certificate fails in gRPC's handshake. Members make
their keys themselves and hand in public ones (gateway.access.joining).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway.access.certificates import CLIENT, HUB, NODE, SCHEME
from gateway.access.errors import KeyFileError
from gateway.access.keys import P256, encode_key, generate_key, read_key, write_key, write_secret

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gateway.clock import Clock

AUTHORITY_LIFETIME: Final = timedelta(days=1826)
LEAF_LIFETIME: Final = timedelta(days=90)
LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "::1")

_Usages: TypeAlias = "tuple[x509.ObjectIdentifier, ...]"
_CALLS: Final = (ExtendedKeyUsageOID.CLIENT_AUTH,)
_BOTH: Final = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)
"""A hub and a node serve and call; a client calls alone."""
_BACKDATED: Final = timedelta(minutes=5)
"""How long before it is made a certificate holds, for clocks that are late."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate in PEM and DER with its private key in PEM."""

    certificate: bytes
    der: bytes
    key: bytes

    def save(self, folder: Path, name: str) -> None:
        """Write NAME.pem, and NAME.key with mode 0600.

        Raises:
            KeyFileError: The key exists already, or cannot be written.
        """
        write_secret(folder / f"{name}.key", self.key)
        (folder / f"{name}.pem").write_bytes(self.certificate)

    def __repr__(self) -> str:
        return "Issued(...)"


class Authority:
    """Signs the certificates of one federation.

    Args:
        federation_id: The federation that the certificates are for.
        key: The authority's P-256 key.
        certificate: The authority's certificate.
        clock: Tells the time of day.
    """

    def __init__(
        self,
        federation_id: str,
        key: EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        clock: Clock,
    ) -> None:
        self._federation_id = federation_id
        self._key = key
        self._certificate = certificate
        self._clock = clock

    @classmethod
    def create(cls, federation_id: str, clock: Clock, title: str = "") -> Authority:
        """Make a new authority with a key of its own; `title` is whose, the federation's else.

        Two that are trusted side by side need different titles.
        """
        key = _generate_p256()
        name = _name(f"{title or federation_id} authority")
        builder = _builder(clock, AUTHORITY_LIFETIME, (name, name), key.public_key())
        builder = builder.add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
        return cls(federation_id, key, builder.sign(key, SHA256()), clock)

    @classmethod
    def load(cls, folder: Path, federation_id: str, clock: Clock) -> Authority:
        """Read an authority that was saved.

        Raises:
            KeyFileError: A file is missing, or is not what it should be.
        """
        key = read_key(folder / "ca.key")
        try:
            certificate = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
        except (OSError, ValueError):
            raise KeyFileError(str(folder / "ca.pem"), "is not a certificate") from None
        if not isinstance(key, EllipticCurvePrivateKey) or (
            certificate.public_key() != key.public_key()
        ):
            raise KeyFileError(str(folder / "ca.key"), "is not the key of ca.pem")
        return cls(federation_id, key, certificate, clock)

    def save(self, folder: Path) -> None:
        """Write ca.pem, and ca.key with mode 0600.

        Raises:
            KeyFileError: The key exists already, or cannot be written.
        """
        write_key(folder / "ca.key", self._key)
        (folder / "ca.pem").write_bytes(self.certificate)

    @property
    def certificate(self) -> bytes:
        """The authority's own certificate in PEM."""
        return self._certificate.public_bytes(Encoding.PEM)

    def issue_hub(
        self, names: Iterable[str] = LOCAL_NAMES, lifetime: timedelta = LEAF_LIFETIME
    ) -> Issued:
        """Issue for the hub, which serves clients under these names and calls nodes."""
        return self._issue(HUB, names, _BOTH, lifetime)

    def issue_node(
        self,
        member: str,
        names: Iterable[str] = LOCAL_NAMES,
        lifetime: timedelta = LEAF_LIFETIME,
    ) -> Issued:
        """Issue for a member's node, which serves the hub under these names.

        It calls nobody but nodes of its own member, where a bank of its is another node.
        """
        return self._issue(f"{NODE}/{member}", names, _BOTH, lifetime)

    def issue_client(self, member: str, name: str, lifetime: timedelta = LEAF_LIFETIME) -> Issued:
        """Issue for a client of a member: an officer's workplace or a system."""
        return self._issue(f"{CLIENT}/{member}/{name}", (), _CALLS, lifetime)

    def sign_node(self, member: str, key: EllipticCurvePublicKey, names: Iterable[str]) -> bytes:
        """Sign a certificate in PEM for the key that a member made for its node."""
        return self._sign(f"{NODE}/{member}", names, _BOTH, key).public_bytes(Encoding.PEM)

    def sign_client(self, member: str, name: str, key: EllipticCurvePublicKey) -> bytes:
        """Sign a certificate in PEM for a key that a client of a member made."""
        return self._sign(f"{CLIENT}/{member}/{name}", (), _CALLS, key).public_bytes(Encoding.PEM)

    def _issue(
        self, path: str, names: Iterable[str], usages: _Usages, lifetime: timedelta
    ) -> Issued:
        key = _generate_p256()
        certificate = self._sign(path, names, usages, key.public_key(), lifetime)
        pem, der = (certificate.public_bytes(form) for form in (Encoding.PEM, Encoding.DER))
        return Issued(pem, der, encode_key(key))

    def _sign(
        self,
        path: str,
        names: Iterable[str],
        usages: _Usages,
        key: EllipticCurvePublicKey,
        lifetime: timedelta = LEAF_LIFETIME,
    ) -> x509.Certificate:
        issuer = self._certificate.subject
        builder = _builder(self._clock, lifetime, (_name(path), issuer), key)
        uri = x509.UniformResourceIdentifier(f"{SCHEME}://{self._federation_id}/{path}")
        limits = x509.BasicConstraints(ca=False, path_length=None)
        authority = self._certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        signer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority.value)
        builder = (
            builder.add_extension(
                x509.SubjectAlternativeName([*_hosts(names), uri]), critical=False
            )
            .add_extension(limits, critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(signer, critical=False)
        )
        return builder.sign(self._key, SHA256())


def _generate_p256() -> EllipticCurvePrivateKey:
    key = generate_key(P256)
    assert isinstance(key, EllipticCurvePrivateKey)  # noqa: S101 - tells the type checker
    return key


def _name(text: str) -> x509.Name:
    # A common name has at most 64 characters; who a peer is says its URI.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _hosts(names: Iterable[str]) -> list[x509.GeneralName]:
    return [_host(name) for name in names]


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    clock: Clock,
    lifetime: timedelta,
    names: tuple[x509.Name, x509.Name],
    key: EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    """Begin a certificate; `names` are whose it is and whose key signs it."""
    now = clock.now()
    subject, issuer = names
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
