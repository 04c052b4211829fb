"""Requests to join a federation: what a member or an officer hands to its authority.

Private keys are made where they are used and stay there. A request holds public keys alone, and for
the certificate a signing request, which proves that who asks has the key; of it nothing else is
believed. That a request is from whom it says, people find out by its digest, over the telephone.
"""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING, Annotated, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gateway.access.errors import FederationFileError
from gateway.access.federation import (
    Federation,
    Member,
    Project,
    as_lists,
    as_tuples,
    file_error,
)
from gateway.access.toml import line_of_fault, write_toml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

MAX_FILE: Final = 65_536
"""Largest request in bytes."""
_HUB: Final = "HUB"
"""How ledgers call the hub: no member may be called so."""
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1"})


class Joining(BaseModel):
    """A request.

    Attributes:
        federation: The federation that is to be joined.
        code: The member.
        client: The client's name, where a client is to join and not the member.
        member: The member as the federation file is to have it, else.
        request: A PKCS#10 signing request in PEM; "" where the certificate stays as it is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    federation: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    code: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    client: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9._-]{0,63})?$")] = ""
    request: Annotated[str, Field(max_length=8_192)] = ""
    member: Member | None = None

    @model_validator(mode="after")
    def _require_one(self) -> Joining:
        if bool(self.client) == (self.member is not None):
            raise ValueError("a request is for a client or for a member")
        if self.member is not None and self.member.code != self.code:
            raise ValueError("the member is another than the request's")
        return self


def make_signing_request(key: EllipticCurvePrivateKey, name: str) -> str:
    """Make a PKCS#10 request in PEM with a key of P-256; `name` is for people."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256())
    return request.public_bytes(Encoding.PEM).decode("ascii")


def write_joining(joining: Joining, path: Path) -> str:
    """Write a request; return the digest by which people compare it."""
    table = as_lists(joining.model_dump(mode="python", exclude_defaults=True))
    data = write_toml(table).encode("utf-8")
    path.write_bytes(data)
    return digest_of(data)


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of a request in groups of four digits, to be read aloud."""
    digest = hashlib.sha256(data).hexdigest()
    return " ".join(digest[n : n + 4] for n in range(0, len(digest), 4))


def read_joining(path: Path, federation: Federation) -> tuple[Joining, str]:
    """Read a request to join this federation, and its digest.

    Raises:
        FederationFileError: It cannot be read, does not hold, or is for another federation.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as exc:
        raise FederationFileError(path.name, f"cannot be read: {exc.strerror}") from None
    if len(data) > MAX_FILE:
        raise FederationFileError(path.name, f"is larger than {MAX_FILE} bytes")
    joining = _parse(path.name, data)
    if joining.federation != federation.id:
        raise FederationFileError(path.name, f"is for another federation than {federation.id}")
    return joining, digest_of(data)


def _parse(name: str, data: bytes) -> Joining:
    text = data.decode("utf-8", errors="replace")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise FederationFileError(name, "is not TOML", line=line_of_fault(exc, text)) from None
    try:
        return Joining.model_validate(as_tuples(table))
    except ValidationError as exc:
        raise file_error(name, text, exc) from None


def key_of(joining: Joining, name: str) -> EllipticCurvePublicKey:
    """Return the key that a request's certificate is to be for.

    Args:
        joining: The request.
        name: Its file, for the error.

    Raises:
        FederationFileError: It has no signing request, one that its key did not sign, or one of
            another kind than P-256.
    """
    try:
        request = x509.load_pem_x509_csr(joining.request.encode())
        key = request.public_key()
        holds = request.is_signature_valid
    except ValueError:
        raise FederationFileError(name, "is not a signing request", key="request") from None
    if not holds or not isinstance(key, EllipticCurvePublicKey):
        raise FederationFileError(name, "is not signed by a key of P-256", key="request")
    if not isinstance(key.curve, SECP256R1):
        raise FederationFileError(name, "is not signed by a key of P-256", key="request")
    return key


def admit(
    federation: Federation, member: Member, projects: Collection[str], *, replace: bool
) -> Federation:
    """Return the federation with a member in it, and in these projects.

    Args:
        federation: As it is.
        member: As its request says.
        projects: Circles that it belongs to; one that does not exist is made.
        replace: Whether the member is there already; its circles stay.

    Raises:
        FederationFileError: It is there and should not be, or the other way, or one of its keys,
            its issuer or its code is another's, or so is the name for its certificate or its
            authority.
    """
    known = federation.member(member.code) is not None
    if known != replace:
        said = "is a member already: replace it" if known else "is no member yet: add it"
        raise FederationFileError("federation.toml", f"{member.code} {said}")
    others = tuple(each for each in federation.members if each.code != member.code)
    _require_own_name(federation, member, others)
    _require_own_authority(federation, member, others)
    try:
        return Federation(
            id=federation.id,
            ca=federation.ca,
            hub=federation.hub,
            members=tuple(sorted((*others, member), key=lambda each: each.code)),
            projects=_widen(federation.projects, projects, member.code),
            witnessing=federation.witnessing,
        )
    except ValidationError as exc:
        raise file_error("federation.toml", "", exc) from None


def _widen(circles: Iterable[Project], names: Collection[str], code: str) -> tuple[Project, ...]:
    """Put a member into the circles of these names."""
    found = {circle.name: circle for circle in circles}
    for name in names:
        circle = found.get(name) or Project(name=name, title=name, members=(code,))
        members = tuple(dict.fromkeys((*circle.members, code)))
        found[name] = circle.model_copy(update={"members": members})
    return tuple(found.values())


def _require_own_name(federation: Federation, member: Member, others: Collection[Member]) -> None:
    """Check that nobody gets a certificate under which it could be taken for somebody else."""
    if member.code == _HUB:
        raise FederationFileError("federation.toml", f"no member is called {_HUB}")
    taken = {federation.hub.name.lower(), *(each.node_name.lower() for each in others)}
    if member.node_name.lower() in taken - _LOOPBACK:
        raise FederationFileError("federation.toml", f"{member.node_name} is another's name")


def _require_own_authority(
    federation: Federation, member: Member, others: Collection[Member]
) -> None:
    """Check that an authority has a name of its own.

    TLS looks for who signed a certificate by name: of two with one name it may find the wrong one,
    and a member could so shut out all whom the federation's authority has signed for.
    """
    if not member.ca:
        return
    try:
        shared = federation.ca.read_text(encoding="utf-8")
    except OSError as exc:
        raise FederationFileError(federation.ca.name, f"cannot be read: {exc.strerror}") from None
    taken = _names_in("\n".join((shared, *(each.ca for each in others))))
    if taken & _names_in(member.ca):
        raise FederationFileError("federation.toml", "the name of its authority is another's")


def _names_in(pem: str) -> set[tuple[str, ...]]:
    """The names of certificates as TLS compares them: capitals and blanks count for nothing."""
    found = x509.load_pem_x509_certificates(pem.encode())
    return {tuple("".join(str(n.value).casefold().split()) for n in c.subject) for c in found}
