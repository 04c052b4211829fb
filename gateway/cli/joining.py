"""Make a federation, and requests to join one. Private keys are made here and stay here."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from gateway.access.authority import Authority
from gateway.access.errors import FederationFileError
from gateway.access.federation import (
    Custodian,
    Federation,
    Hub,
    Member,
    Office,
    read_federation,
    write_federation,
)
from gateway.access.joining import Joining, make_signing_request, write_joining
from gateway.access.keys import generate_key, read_key, write_key, write_secret
from gateway.access.signatures import SigningKey
from gateway.access.toml import write_toml
from gateway.cli.exits import CommandError, Exit
from gateway.clock import SystemClock
from gateway.ledger.custody import write_point
from gateway.ledger.tlog.checkpoint import origin_of
from gateway.ledger.tlog.vkey import KeyType, Vkey
from gateway.settings import home_of
from gateway.witnessing.panel import witness_name

if TYPE_CHECKING:
    from gateway.cli.founding import Init, RequestMember, RequestOfficer

FILE: Final = "federation.toml"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SECRET_BYTES: Final = 32
_POLICY: Final = "// Nothing is answered until a rule here permits it: docs/policy.md of Kalkan.\n"


def _require_id(federation: str) -> None:
    """Check the id of a federation: names of keys are made of it before anything else is."""
    if not _ID.fullmatch(federation):
        raise CommandError("a federation's id is 1 to 64 of a-z, 0-9, full stop, _ and -")


@contextmanager
def plain_words() -> Iterator[None]:
    """Say of what was typed what does not hold, by its name in the federation file.

    Raises:
        CommandError: Something does not.
    """
    try:
        yield
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise CommandError(f"{place}: {said}" if place else said) from None


def found(options: Init) -> Exit:
    """Make the authority, the hub and the federation file.

    Raises:
        CommandError: There is a federation already.
        AccessError: A key is there already, or the id or the address does not hold.
    """
    home, host = home_of(options.home), options.hub.rpartition(":")[0]
    if (home / FILE).exists():
        raise CommandError(f"{home / FILE}: there is a federation already")
    _require_id(options.federation)
    folder = home / "hub"
    receipt = SigningKey.generate(kid="hub-receipt-1")
    ledger = SigningKey.generate("Ed25519")
    with plain_words():
        federation = Federation(
            id=options.federation,
            ca=home.absolute() / "ca.pem",
            hub=Hub(
                address=options.hub,
                name=host,
                receipt_keys=(receipt.public_key,),
                ledger_vkey=_vkey(options.federation, "HUB", ledger),
            ),
            members=(),
        )
    authority = Authority.create(options.federation, SystemClock())
    authority.save(home)
    issued = authority.issue_hub((host,))
    write_secret(folder / "key.pem", issued.key)
    (folder / "certificate.pem").write_bytes(issued.certificate)
    receipt.save(folder / "receipt.key")
    ledger.save(folder / "ledger.key")
    names = {"receipt_key": "receipt.key", "ledger": "ledger", "ledger_key": "ledger.key"}
    _write(folder / "hub.toml", {"listen": options.hub, **_peer("../"), **names})
    write_federation(federation, home / FILE)
    print(f"{home}: the federation {options.federation} without a member")
    print(f"Keep {home / 'ca.key'} where nobody else can read it: it lets members in.")
    return Exit.HIT


def _peer(up: str) -> dict[str, str]:
    """What the settings of all have in common."""
    return {"federation": f"{up}{FILE}", "certificate": "certificate.pem", "key": "key.pem"}


def _write(path: Path, table: Mapping[str, Any]) -> None:
    path.write_text(write_toml(table), encoding="utf-8")


def ask_for_member(options: RequestMember) -> Exit:
    """Make a member's keys and settings, and its request.

    Raises:
        AccessError: A key is there already, or something that the options say does not hold.
    """
    home, code = home_of(options.home), options.member
    _require_id(options.federation)
    folder = home / "nodes" / code
    made = {
        "answer.key": SigningKey.generate(kid=f"{code.lower()}-answer-1"),
        "ledger.key": SigningKey.generate("Ed25519"),
        "witness.key": SigningKey.generate("Ed25519"),
    }
    issuer = None if options.jwks_url else SigningKey.generate(kid=f"{code.lower()}-token-1")
    duty, key = _p256(), _p256()
    with plain_words():
        member = _describe(options, made, issuer, duty)
        joining = Joining(
            federation=options.federation,
            code=code,
            member=member,
            request=make_signing_request(key, f"node/{code}"),
        )
    write_key(folder / "key.pem", key)
    for name, each in made.items():
        each.save(folder / name)
    write_secret(folder / "index.key", secrets.token_bytes(_SECRET_BYTES))
    write_key(home / "custodians" / code / "duty.key", duty)
    if issuer:
        issuer.save(home / "issuers" / f"{code}.key")
    _write_node(folder, options)
    return hand_in(joining, options.to or home / f"{code}.request.toml")


def _describe(
    options: RequestMember,
    made: Mapping[str, SigningKey],
    issuer: SigningKey | None,
    duty: EllipticCurvePrivateKey,
) -> Member:
    """A member as the federation file is to have it."""
    federation, code = options.federation, options.member
    return Member(
        code=code,
        title=options.title,
        issuer=options.issuer,
        node=options.node,
        node_name=options.node.rpartition(":")[0],
        contact=Office(office=options.office),
        answer_keys=(made["answer.key"].public_key,),
        token_keys=(issuer.public_key,) if issuer else (),
        jwks_url=options.jwks_url,
        ca=_read_ca(options.ca),
        banks=tuple(f"{code}/{bank}" for bank in options.bank),
        custodians=(Custodian(name="duty", key=write_point(duty.public_key())),),
        ledger_vkey=_vkey(federation, code, made["ledger.key"]),
        witness_vkey=_vkey(federation, code, made["witness.key"], KeyType.COSIGNATURE),
    )


def _read_ca(path: Path | None) -> str:
    """Read the certificates of a member's own authority; no key is looked for.

    Raises:
        CommandError: The file cannot be read.
    """
    if path is None:
        return ""
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError):
        raise CommandError(f"{path}: is not a file of certificates in PEM") from None


def _write_node(folder: Path, options: RequestMember) -> None:
    (folder / "policy.cedar").write_text(_POLICY, encoding="utf-8")
    named = {
        "answer_key": "answer.key",
        "index_key": "index.key",
        "policy": "policy.cedar",
        "ledger": "ledger",
        "ledger_key": "ledger.key",
        "witness_key": "witness.key",
        "index": "index",
    }
    banks = [f"banks/{bank}/mapping.toml" for bank in options.bank]
    own = {"member": options.member, "listen": options.node}
    _write(folder / "node.toml", {**own, **_peer("../../"), **named, "banks": banks})


def _vkey(federation: str, code: str, key: SigningKey, kind: KeyType = KeyType.LOG) -> str:
    """The public key of a ledger or a witness, under the name that its server gives it."""
    private = key.private_key
    assert isinstance(private, Ed25519PrivateKey)  # noqa: S101 - made as such here
    name = origin_of if kind is KeyType.LOG else witness_name
    return str(Vkey(name(federation, code), kind, private.public_key().public_bytes_raw()))


def ask_for_client(options: RequestOfficer) -> Exit:
    """Make a client's keys and settings, and its request.

    Raises:
        AccessError: A key is there already, or something that the options say does not hold.
    """
    home, key = home_of(options.home), _p256()
    with plain_words():
        joining = Joining(
            federation=options.federation,
            code=options.member,
            client=options.client,
            request=make_signing_request(key, f"client/{options.member}/{options.client}"),
        )
    folder = home / "clients" / options.client
    write_key(folder / "key.pem", key)
    SigningKey.generate().save(folder / "query.key")
    settings = {**_peer("../../"), "query_key": "query.key", "token": "token"}
    _write(folder / "client.toml", settings)
    return hand_in(joining, options.to or home / f"{options.client}.request.toml")


def hand_in(joining: Joining, path: Path) -> Exit:
    """Write a request, and tell the digest by which it is compared."""
    digest = write_joining(joining, path)
    print(f"{path}: the request, without any secret; send it to the federation's authority.")
    print(f"Read this to them over the telephone:\n{digest}")
    return Exit.HIT


def make_p256(path: Path) -> EllipticCurvePrivateKey:
    """Make the next key of a certificate, or go on with the one that was made.

    Raises:
        KeyFileError: It cannot be written or read.
    """
    if not path.exists():
        write_key(path, generate_key())
    key = read_key(path)
    assert isinstance(key, EllipticCurvePrivateKey)  # noqa: S101 - made as such here
    return key


def open_federation(home: Path) -> Federation:
    """Read the federation file of a home.

    Raises:
        CommandError: There is none.
        FederationFileError: It does not hold.
    """
    try:
        return read_federation(home / FILE)
    except FederationFileError:
        if (home / FILE).exists():
            raise
        raise CommandError(f"{home / FILE}: there is no federation here") from None


def _p256() -> EllipticCurvePrivateKey:
    key = generate_key()
    assert isinstance(key, EllipticCurvePrivateKey)  # noqa: S101 - the kind that is made
    return key
