"""Let members and officers in by their requests, renew a member's keys, and issue tokens."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate, load_pem_x509_certificates

from gateway.access.authority import Authority
from gateway.access.federation import Federation, Member, write_federation
from gateway.access.issue import TokenIssuer
from gateway.access.joining import Joining, admit, key_of, make_signing_request, read_joining
from gateway.access.jwk import PublicKey
from gateway.access.keys import write_secret
from gateway.access.signatures import SigningKey
from gateway.cli.exits import CommandError, Exit
from gateway.cli.founding import Key
from gateway.cli.joining import FILE, hand_in, make_p256, open_federation, plain_words
from gateway.clock import SystemClock
from gateway.settings import home_of

if TYPE_CHECKING:
    from gateway.cli.founding import AddMember, AddOfficer, Rotate, Token


def add_member(options: AddMember) -> Exit:
    """Sign a member's certificate and write it into the federation file.

    Raises:
        CommandError: The request is a client's.
        AccessError: It does not hold, or contradicts what the federation has.
    """
    home = home_of(options.home)
    federation = open_federation(home)
    joining, digest = read_joining(options.request, federation)
    member = joining.member
    if member is None:
        raise CommandError(f"{options.request}: is a client's: kalkan federation add-officer")
    # Both are checked before either is written.
    whole = admit(federation, member, options.project, replace=options.replace)
    if joining.request:
        key = key_of(joining, options.request.name)
        signed = _authority(home, federation).sign_node(member.code, key, (member.node_name,))
        _hand_out(signed, options.request, options.to)
    fresh = home / f".{FILE}.new"
    write_federation(whole, fresh)
    fresh.replace(home / FILE)
    print(f"{home / FILE}: {member.code} is in it; send it and ca.pem to every member.")
    print(f"The request had this digest; it must be what {member.title} reads to you:\n{digest}")
    return Exit.HIT


def add_client(options: AddOfficer) -> Exit:
    """Sign a client's certificate.

    Raises:
        CommandError: The request is a member's, or of a member that is none; or the authority that
            is to sign is not its member's.
        AccessError: It does not hold.
    """
    home = home_of(options.home)
    federation = open_federation(home)
    joining, digest = read_joining(options.request, federation)
    if not joining.client:
        raise CommandError(f"{options.request}: is a member's: kalkan federation add-member")
    member = _member(federation, joining.code)
    key = key_of(joining, options.request.name)
    authority = _authority(options.authority or home, federation)
    if options.authority and not _is_pinned(authority, member):
        raise CommandError(f"{options.authority}: is no authority that {member.code} has pinned")
    signed = authority.sign_client(member.code, joining.client, key)
    _hand_out(signed, options.request, options.to)
    print(f"The request had this digest; it must be what {member.title} reads to you:\n{digest}")
    return Exit.HIT


def _is_pinned(authority: Authority, member: Member) -> bool:
    """Whether servers will take what a member's own authority signs."""
    pinned = load_pem_x509_certificates(member.ca.encode()) if member.ca else []
    return load_pem_x509_certificate(authority.certificate) in pinned


def _authority(home: Path, federation: Federation) -> Authority:
    return Authority.load(home, federation.id, SystemClock())


def _member(federation: Federation, code: str) -> Member:
    member = federation.member(code)
    if member is None:
        raise CommandError(f"{code} is no member of {federation.id}")
    return member


def _hand_out(certificate: bytes, request: Path, to: Path | None) -> None:
    """Write a certificate beside its request."""
    name = request.name.removesuffix(".toml").removesuffix(".request")
    path = to or request.with_name(f"{name}.certificate.pem")
    path.write_bytes(certificate)
    print(f"{path}: the certificate; it goes back as certificate.pem beside the key.")


def rotate(options: Rotate) -> Exit:
    """Make a next key, or leave out an old one; write the request that tells of it.

    Raises:
        CommandError: There is nobody to rotate for, or nothing left when a key is retired.
        AccessError: A key cannot be written, or the request would not hold.
    """
    home = home_of(options.home)
    federation = open_federation(home)
    member = _member(federation, options.member)
    request = ""
    if options.key is Key.CERTIFICATE:
        if options.retire:
            raise CommandError("a certificate ends by itself, or by `kalkan revoke certificate`")
        path = home / "nodes" / member.code / "next.key.pem"
        request = make_signing_request(make_p256(path), f"node/{member.code}")
    else:
        path = _next_path(home, member, options.key)
        member = _with_ring(member, options.key, _ring(member, path, options))
    with plain_words():
        joining = Joining(
            federation=federation.id, code=member.code, member=_portable(member), request=request
        )
    code = hand_in(joining, options.to or home / f"{member.code}.request.toml")
    if not options.retire:
        print(f"{path}: the next key. It takes the old one's place when the new file is with all.")
    return code


def _portable(member: Member) -> Member:
    """A member as its request says it: paths of this machine mean nothing elsewhere."""
    name = member.jwks_ca.name if member.jwks_ca else None
    return member.model_copy(update={"jwks_ca": Path(name) if name else None})


def _next_path(home: Path, member: Member, key: Key) -> Path:
    if key is Key.ANSWER:
        return home / "nodes" / member.code / "next.answer.key"
    return home / "issuers" / f"{member.code}.next.key"


def _keys_of(member: Member, key: Key) -> tuple[PublicKey, ...]:
    return member.answer_keys if key is Key.ANSWER else member.token_keys


def _with_ring(member: Member, key: Key, ring: tuple[PublicKey, ...]) -> Member:
    name = "answer_keys" if key is Key.ANSWER else "token_keys"
    return member.model_copy(update={name: ring})


def _ring(member: Member, path: Path, options: Rotate) -> tuple[PublicKey, ...]:
    """The keys that the file is to have: one more, or one less."""
    ring = _keys_of(member, options.key)
    if options.retire:
        left = tuple(key for key in ring if key.kid != options.retire)
        if len(left) == len(ring) or not left:
            known = ", ".join(key.kid for key in ring)
            raise CommandError(f"{options.retire}: is not one of several keys: {known}")
        return left
    kids = {key.kid for key in ring}
    base = f"{member.code.lower()}-{options.key.value}"
    kid = next(name for n in range(1, len(ring) + 2) if (name := f"{base}-{n}") not in kids)
    if not path.exists():
        SigningKey.generate().save(path)
    return (*ring, SigningKey.load(path, kid).public_key)


def issue_token(options: Token) -> Exit:
    """Issue a token for a client of this home.

    Raises:
        CommandError: The member's file has not the key that is here, or there is no certificate.
        AccessError: A key cannot be read.
    """
    home = home_of(options.home)
    federation = open_federation(home)
    member = _member(federation, options.member)
    folder = home / "clients" / options.client
    key = SigningKey.load(home / "issuers" / f"{member.code}.key")
    kid = next((k.kid for k in member.token_keys if k.thumbprint == key.thumbprint), "")
    if not kid:
        raise CommandError(f"the federation file has not the token key of {member.code} here")
    try:
        certificate = load_pem_x509_certificate((folder / "certificate.pem").read_bytes())
    except ValueError:
        raise CommandError(f"{folder / 'certificate.pem'}: is not a certificate") from None
    issuer = TokenIssuer(
        member.code, SigningKey(key.private_key, kid), member.issuer, SystemClock()
    )
    token = issuer.issue(
        options.officer,
        options.role,
        audience=federation.id,
        certificate_sha256=certificate.fingerprint(SHA256()),
        key_thumbprint=SigningKey.load(folder / "query.key").thumbprint,
        lifetime=timedelta(hours=options.hours),
        unit=options.unit,
    )
    fresh = folder / "token.new"
    fresh.unlink(missing_ok=True)
    write_secret(fresh, token.encode())
    fresh.replace(folder / "token")
    print(f"{folder / 'token'}: holds {options.hours} hours")
    return Exit.HIT
