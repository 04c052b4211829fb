"""Build a home: all that a federation on one machine needs to start.

Keys and certificates are made at the first build and kept; settings and mappings are written anew
each time, because ports, servers and lists may have changed. A second build with the same wishes
takes a fraction of a second.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NotRequired, TypedDict, Unpack

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.x509 import load_pem_x509_certificate

from gateway.access.authority import Authority, Issued
from gateway.access.federation import (
    Custodian,
    Federation,
    Hub,
    Member,
    Office,
    Project,
    write_federation,
)
from gateway.access.keys import generate_key, read_key, write_key, write_secret
from gateway.access.signatures import SigningKey
from gateway.access.toml import write_toml
from gateway.access.witnesses import Witnessing
from gateway.clock import Clock, SystemClock
from gateway.ledger.custody import write_point
from gateway.ledger.tlog.checkpoint import origin_of
from gateway.ledger.tlog.vkey import KeyType, Vkey
from gateway.witnessing.panel import witness_name
from seeds import make
from seeds.clients import DESKS, issuer_uri, renew_token, token_kid
from seeds.engines import build_servers
from seeds.federation import FEDERATION_ID, MEMBERS, OVERSIGHT, PROJECTS
from seeds.federation import Member as Facts
from seeds.mounts import Mounts, database_url, write_mappings
from seeds.ports import Ports, find_ports
from seeds.truth import DEFAULT_SEED

_POLICIES = Path(__file__).parent / "policies"
_HOST = "127.0.0.1"
_NAME = "localhost"
_STAMP = "stamp.json"
_RENEW = timedelta(days=7)
_SECRET_BYTES = 32


class Wishes(TypedDict):
    """What a home is built for.

    Attributes:
        rows: Ordinary entries of a national register.
        documents: Lost documents.
        seed: What all chance comes from.
        servers: Addresses of running servers by engine, as postgres://user@host:port; None
            for embedded engines.
        list_file: A public list that takes the place of the made-up one.
        first_port: The first of 20 ports; 0 keeps those of the last build, or finds free ones.
    """

    rows: int
    documents: int
    seed: NotRequired[int]
    servers: NotRequired[Mapping[str, str] | None]
    list_file: NotRequired[Path | None]
    first_port: NotRequired[int]


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a home is built, with what all parts of it need."""

    home: Path
    ports: Ports
    authority: Authority
    clock: Clock


def build_home(home: Path, **wishes: Unpack[Wishes]) -> None:
    """Build a home, or bring it up to date; tokens are renewed in any case.

    Raises:
        ValueError: rows or documents is out of range.
        PortsTakenError: No ports are free.
        AccessError: A key of an earlier build cannot be read.
        ListError: The list is none that is known.
    """
    home.mkdir(parents=True, exist_ok=True)
    clock = SystemClock()
    seed = wishes.get("seed", DEFAULT_SEED)
    changed = _build_banks(home, seed, wishes)
    servers = wishes.get("servers") or {}
    if servers:
        _fill_servers(home, servers, seed=seed, rows=wishes["rows"])
    ports = _choose_ports(home, wishes.get("first_port", 0))
    mounts = Mounts(servers, wishes.get("list_file"), ports.service)
    if write_mappings(home, mounts) or changed:
        _drop_indexes(home)
    site = _Site(home, ports, _open_authority(home, clock), clock)
    _write_hub(site)
    for facts in MEMBERS:
        _write_node(site, facts)
    _write_federation(site)
    for desk in DESKS:
        _write_client(site, desk.name, desk.member)
        renew_token(home, desk, clock)


def read_ports(home: Path) -> Ports | None:
    """Return the ports of a home; None where there is none yet."""
    try:
        return Ports(int(json.loads((home / "home.json").read_text("utf-8"))["first_port"]))
    except (OSError, ValueError, KeyError):
        return None


def _build_banks(home: Path, seed: int, wishes: Wishes) -> bool:
    """Build the banks; return whether they have changed."""
    stamp = home / _STAMP
    before = stamp.read_bytes() if stamp.is_file() else b""
    make.build(home, seed=seed, rows=wishes["rows"], documents=wishes["documents"])
    return stamp.read_bytes() != before


def _fill_servers(home: Path, servers: Mapping[str, str], *, seed: int, rows: int) -> None:
    """Write the banks of members with a database into it; private servers start empty each time.

    A directory is filled before it starts, by ``seeds/directory.py``.
    """
    urls = {
        facts.code: database_url(servers[facts.engine], facts.code)
        for facts in MEMBERS
        if facts.engine in servers and facts.engine != "ldap"
    }
    build_servers(home, urls, seed=seed, rows=rows)


def _choose_ports(home: Path, wished: int) -> Ports:
    ports = Ports(wished) if wished else read_ports(home) or find_ports()
    told = json.dumps({"first_port": ports.first})
    (home / "home.json").write_text(told, encoding="utf-8")
    return ports


def _drop_indexes(home: Path) -> None:
    """Drop the in-country indexes of other banks than these."""
    for folder in home.glob("nodes/*/index"):
        shutil.rmtree(folder)


def _open_authority(home: Path, clock: Clock) -> Authority:
    if (home / "ca.pem").is_file():
        return Authority.load(home, FEDERATION_ID, clock)
    (home / "ca.key").unlink(missing_ok=True)  # of a build that broke off
    authority = Authority.create(FEDERATION_ID, clock)
    authority.save(home)
    return authority


def _keep_certificate(site: _Site, folder: Path, role: str, member: str = "") -> None:
    """Issue a certificate, unless there is one that holds for another week."""
    path = folder / "certificate.pem"
    if path.is_file() and (folder / "key.pem").is_file() and _holds(site, path):
        return
    issued = _issue(site.authority, role, member)
    (folder / "key.pem").unlink(missing_ok=True)
    write_secret(folder / "key.pem", issued.key)
    path.write_bytes(issued.certificate)


def _holds(site: _Site, path: Path) -> bool:
    """Say whether a certificate is this authority's and lasts."""
    certificate = load_pem_x509_certificate(path.read_bytes())
    authority = load_pem_x509_certificate(site.authority.certificate)
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, InvalidSignature):
        return False
    return certificate.not_valid_after_utc - site.clock.now() > _RENEW


def _issue(authority: Authority, role: str, member: str) -> Issued:
    if role == "hub":
        return authority.issue_hub()
    if role == "node":
        return authority.issue_node(member)
    return authority.issue_client(member, role)


def _keep_key(path: Path, kid: str = "") -> SigningKey:
    """Return the signing key of a file, made where there is none."""
    if not path.exists():
        SigningKey.generate().save(path)
    return SigningKey.load(path, kid)


def _keep_custodian(path: Path) -> str:
    """Return the public point of a custodian's key, made where there is none."""
    if not path.exists():
        write_key(path, generate_key())
    key = read_key(path)
    assert isinstance(key, EllipticCurvePrivateKey)  # noqa: S101 - tells the type checker
    return write_point(key.public_key())


def _keep_ledger_key(folder: Path, name: str = "ledger.key") -> None:
    """Make the key of a ledger or of a witness, unless there is one."""
    if not (folder / name).exists():
        SigningKey.generate("Ed25519").save(folder / name)


def _ledger_vkey(folder: Path, member: str) -> str:
    """Return the public key of a ledger under the name that its server gives it."""
    key = read_key(folder / "ledger.key")
    public = key.public_key().public_bytes_raw()  # type: ignore[union-attr] # made as Ed25519 here
    return str(Vkey(origin_of(FEDERATION_ID, member), KeyType.LOG, public))


def _witness_vkey(folder: Path, member: str) -> str:
    """Return the public key of a witness under the name that its node gives it."""
    key = read_key(folder / "witness.key")
    public = key.public_key().public_bytes_raw()  # type: ignore[union-attr] # made as Ed25519 here
    return str(Vkey(witness_name(FEDERATION_ID, member), KeyType.COSIGNATURE, public))


def _keep_secret(path: Path) -> None:
    """Make a random secret, unless there is one."""
    if not path.exists():
        write_secret(path, secrets.token_bytes(_SECRET_BYTES))


def _write_hub(site: _Site) -> None:
    folder = site.home / "hub"
    _keep_certificate(site, folder, "hub")
    _keep_key(folder / "receipt.key")
    _keep_ledger_key(folder)
    settings = {
        "listen": f"{_HOST}:{site.ports.hub}",
        "federation": "../federation.toml",
        "certificate": "certificate.pem",
        "key": "key.pem",
        "receipt_key": "receipt.key",
        "ledger": "ledger",
        "trace": {"file": "spans.jsonl"},
        "ledger_key": "ledger.key",
    }
    (folder / "hub.toml").write_text(write_toml(settings), encoding="utf-8")


def _write_node(site: _Site, facts: Facts) -> None:
    folder = site.home / "nodes" / facts.code
    _keep_certificate(site, folder, "node", facts.code)
    _keep_key(folder / "answer.key")
    _keep_ledger_key(folder)
    _keep_ledger_key(folder, "witness.key")
    _keep_key(site.home / "issuers" / f"{facts.code}.key")
    _keep_secret(folder / "index.key")
    shutil.copyfile(_POLICIES / f"{facts.code}.cedar", folder / "policy.cedar")
    settings = {
        "member": facts.code,
        "listen": f"{_HOST}:{site.ports.node(facts.code)}",
        "federation": "../../federation.toml",
        "certificate": "certificate.pem",
        "key": "key.pem",
        "answer_key": "answer.key",
        "index_key": "index.key",
        "policy": "policy.cedar",
        **_copy_more_policies(facts.code, folder),
        "ledger": "ledger",
        "ledger_key": "ledger.key",
        "index": "index",
        "witness_key": "witness.key",
        "banks": [f"banks/{bank.partition('/')[2]}/mapping.toml" for bank in facts.banks],
        # One file for all: the nodes of the demonstration are one process.
        "trace": {"file": "../spans.jsonl"},
    }
    (folder / "node.toml").write_text(write_toml(settings), encoding="utf-8")


def _copy_more_policies(code: str, folder: Path) -> dict[str, str]:
    """Copy what few members have: policies for their records, and for their own officers."""
    settings = {}
    for kind in ("release", "asking"):
        source = _POLICIES / kind / f"{code}.cedar"
        if source.exists():
            shutil.copyfile(source, folder / f"{kind}.cedar")
            settings[kind] = f"{kind}.cedar"
    return settings


def _write_client(site: _Site, name: str, member: str) -> None:
    folder = site.home / "clients" / name
    _keep_certificate(site, folder, name, member)
    _keep_key(folder / "query.key")
    settings = {
        "federation": "../../federation.toml",
        "certificate": "certificate.pem",
        "key": "key.pem",
        "query_key": "query.key",
        "token": "token",
    }
    (folder / "client.toml").write_text(write_toml(settings), encoding="utf-8")


def _write_federation(site: _Site) -> None:
    receipt = _keep_key(site.home / "hub" / "receipt.key", "hub-receipt-1").public_key
    federation = Federation(
        id=FEDERATION_ID,
        ca=site.home.absolute() / "ca.pem",
        hub=Hub(
            address=f"{_HOST}:{site.ports.hub}",
            name=_NAME,
            receipt_keys=(receipt,),
            ledger_vkey=_ledger_vkey(site.home / "hub", "HUB"),
            oversight=OVERSIGHT,
        ),
        members=tuple(_describe_member(site, facts) for facts in MEMBERS),
        projects=tuple(
            Project(name=name, title=title, members=members)
            for name, (title, members) in PROJECTS.items()
        ),
        witnessing=Witnessing(),
    )
    write_federation(federation, site.home / "federation.toml")


def _describe_member(site: _Site, facts: Facts) -> Member:
    code = facts.code
    token = SigningKey.load(site.home / "issuers" / f"{code}.key", token_kid(code))
    answer = SigningKey.load(site.home / "nodes" / code / "answer.key", f"{code.lower()}-answer-1")
    duty = _keep_custodian(site.home / "custodians" / code / "duty.key")
    return Member(
        code=code,
        title=facts.title,
        issuer=issuer_uri(code),
        node=f"{_HOST}:{site.ports.node(code)}",
        node_name=_NAME,
        contact=Office(office=facts.office, phone=facts.phone, email=facts.email),
        token_keys=(token.public_key,),
        answer_keys=(answer.public_key,),
        banks=facts.banks,
        custodians=(Custodian(name="duty", key=duty),),
        ledger_vkey=_ledger_vkey(site.home / "nodes" / code, code),
        witness_vkey=_witness_vkey(site.home / "nodes" / code, code),
    )
