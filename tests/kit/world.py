"""A small federation for tests: one hub, three nodes, real gRPC with mutual TLS, real banks.

Everything runs in the test's own loop, so that a test can look inside; the wire is real.
"""

from __future__ import annotations

import asyncio
import json
import os
import weakref
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.access.authority import Authority
from gateway.access.federation import (
    Custodian,
    Federation,
    Hub,
    Member,
    Office,
    Project,
    write_federation,
)
from gateway.access.issue import TokenIssuer
from gateway.access.keys import generate_key, write_key, write_secret
from gateway.access.signatures import SigningKey
from gateway.access.witnesses import Witnessing
from gateway.client import Ask, Client
from gateway.clock import SystemClock
from gateway.hub.server import serve_hub
from gateway.ledger.custody import write_point
from gateway.ledger.entry import Entry
from gateway.ledger.read import read_entries
from gateway.ledger.tlog.checkpoint import origin_of
from gateway.ledger.tlog.signer import Cosigner, Signer
from gateway.node.server import serve_nodes
from gateway.probe import person
from gateway.running import Stopper
from gateway.settings import ClientSettings, HubSettings, NodeSettings, read_settings
from gateway.witnessing.panel import witness_name
from seeds.ports import release, reserve_port
from tests.kit.banks import write_bank

MEMBERS = ("KAZ", "TUR", "GEO")
WHY = {"offence": "preparation", "category": "suspect", "aim": "learn_more"}
ID = "test-federation"
POLICY = """
@id("{name}.all")
permit (principal, action == Kalkan::Action::"search", resource)
when {{ context.purpose != Kalkan::Purpose::"organised_crime" || "{name}" != "tur" }};

@id("{name}.secret")
@text("This purpose is not served here.")
@contact("Office")
forbid (principal, action == Kalkan::Action::"search", resource)
when {{ context.purpose == Kalkan::Purpose::"stolen_property" }};
"""


RUNNING: set[World] = set()
"""Worlds that were started and not stopped: of a fixture that failed before its test began."""


async def stop_worlds() -> None:
    """Stop what still runs: a loop that closes over a running server leaves a trap for the next."""
    for world in tuple(RUNNING):
        await world.stop()


@dataclass(eq=False)
class World:
    """A small federation under `home`."""

    home: Path
    authority: Authority
    federation: Federation
    token_keys: dict[str, SigningKey]
    ports: dict[str, int]
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    hub_stopper: Stopper = field(default_factory=Stopper)
    node_stoppers: dict[str, Stopper] = field(default_factory=dict)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def start(self, *members: str) -> None:
        """Start the nodes of `members` (all without any), then the hub."""
        RUNNING.add(self)
        for member in members or self.token_keys:
            await self.start_node(member)
        await self.start_hub()

    async def start_node(self, member: str) -> None:
        """Start one node."""
        settings = read_settings(NodeSettings, self.home / "nodes" / member / "node.toml")
        stopper = self.node_stoppers[member] = Stopper()
        await self._run(member, lambda ready: serve_nodes([settings], ready, stopper))

    async def start_hub(self) -> None:
        """Start the hub."""
        settings = read_settings(HubSettings, self.home / "hub" / "hub.toml")
        self.hub_stopper = Stopper()
        await self._run("HUB", lambda ready: serve_hub(settings, ready, self.hub_stopper))

    async def _run(self, name, serve) -> None:
        ready = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(serve(ready.set_result), name=name)
        self.tasks[name] = task
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()

    async def stop_node(self, member: str) -> None:
        """Drain and stop one node."""
        self.node_stoppers[member].event.set()
        await self.tasks.pop(member)

    async def stop_hub(self) -> None:
        """Drain and stop the hub."""
        self.hub_stopper.event.set()
        await self.tasks.pop("HUB")

    async def stop(self) -> None:
        """Stop all that still runs; what does not stop well leaves nothing else running."""
        RUNNING.discard(self)
        async with AsyncExitStack() as ends:
            for member in self.tasks.keys() - {"HUB"}:
                ends.push_async_callback(self.stop_node, member)
            if "HUB" in self.tasks:
                ends.push_async_callback(self.stop_hub)
            ends.push_async_callback(self.stack.aclose)

    def without_notices(self, *codes: str) -> None:
        """Let members give no notices, as nodes in other languages may; before the start."""
        members = tuple(
            m.model_copy(update={"notices": "none"}) if m.code in codes else m
            for m in self.federation.members
        )
        self.federation = self.federation.model_copy(update={"members": members})
        write_federation(self.federation, self.home / "federation.toml")

    def settings(self, client: str = "officer") -> ClientSettings:
        """The settings of a client."""
        return read_settings(ClientSettings, self.home / "clients" / client / "client.toml")

    async def client(self, name: str = "officer") -> Client:
        """A client that is closed with the world."""
        return await self.stack.enter_async_context(Client(self.settings(name)))

    def entries(self, side: str = "HUB", *, looks: bool = False) -> list[Entry]:
        """All entries of the hub's ledger or of a member's.

        But for those that the hub's looks at nodes leave there, every few seconds, if not wanted.
        """
        folder = self.home / ("hub" if side == "HUB" else f"nodes/{side}") / "ledger"
        found = (entry for _, entry in read_entries(folder))
        return [entry for entry in found if looks or entry.action != "list_comparable"]

    def add_client(self, name: str, member: str, roles: tuple[str, ...]) -> None:
        """Make a client with a certificate, a query key and a token."""
        folder = self.home / "clients" / name
        issued = self.authority.issue_client(member, name)
        issued.save(folder, "certificate")
        key = SigningKey.generate(kid=name)
        key.save(folder / "query.key")
        token = self.issue(member, roles, issued.certificate, key, officer=name)
        (folder / "token").write_text(token, encoding="utf-8")
        (folder / "client.toml").write_text(
            'federation = "../../federation.toml"\ncertificate = "certificate.pem"\n'
            'key = "certificate.key"\nquery_key = "query.key"\ntoken = "token"\n',
            encoding="utf-8",
        )

    def issue(self, member, roles, certificate_pem, key, *, clock=None, **terms) -> str:
        """Issue a token by a member's own key."""
        found = self.federation.member(member)
        clock = clock or SystemClock()
        issuer = TokenIssuer(member, self.token_keys[member], found.issuer, clock)
        terms.setdefault("audience", ID)
        return issuer.issue(
            terms.pop("officer", "officer"),
            roles,
            certificate_sha256=thumbprint(certificate_pem),
            key_thumbprint=key.thumbprint,
            **terms,
        )


def thumbprint(pem: bytes) -> bytes:
    """SHA-256 of a certificate in DER."""
    import hashlib

    der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    return hashlib.sha256(der).digest()


def build_world(
    home: Path, codes: tuple[str, ...] = MEMBERS, witnessing: Witnessing | None = None
) -> World:
    """Make keys, certificates, policies, banks and settings of a small federation."""
    clock = SystemClock()
    authority = Authority.create(ID, clock)
    home.mkdir(parents=True, exist_ok=True)
    authority.save(home)
    ports = {name: reserve_port() for name in ("HUB", *codes)}
    token_keys = {m: SigningKey.generate(kid=f"{m}-token") for m in codes}
    receipt_key = _make_hub(home, authority, ports["HUB"])
    hub_vkey = _ledger_vkey(home / "hub", "HUB")
    members = tuple(_make_node(home, authority, m, ports[m], token_keys[m]) for m in codes)
    federation = Federation(
        id=ID,
        ca=home / "ca.pem",
        hub=Hub(
            address=f"127.0.0.1:{ports['HUB']}",
            name="localhost",
            receipt_keys=(receipt_key.public_key,),
            ledger_vkey=hub_vkey,
        ),
        members=members,
        projects=(Project(name="trio", title="All", members=codes),),
        witnessing=witnessing,
    )
    write_federation(federation, home / "federation.toml")
    world = World(home, authority, federation, token_keys, ports)
    weakref.finalize(world, release, tuple(ports.values()))
    world.add_client("officer", "KAZ", ("investigator",))
    world.add_client("auditor", "KAZ", ("auditor",))
    return world


def _make_hub(home: Path, authority: Authority, port: int) -> SigningKey:
    folder = home / "hub"
    authority.issue_hub().save(folder, "certificate")
    key = SigningKey.generate(kid="hub-receipt")
    key.save(folder / "receipt.key")
    (folder / "hub.toml").write_text(
        f'listen = "127.0.0.1:{port}"\nfederation = "../federation.toml"\n'
        'certificate = "certificate.pem"\nkey = "certificate.key"\n'
        'receipt_key = "receipt.key"\nledger = "ledger"\nledger_key = "ledger.key"\n'
        "drain_s = 2.0\n",
        encoding="utf-8",
    )
    return key


def _make_node(
    home: Path, authority: Authority, member: str, port: int, token_key: SigningKey
) -> Member:
    folder = home / "nodes" / member
    authority.issue_node(member).save(folder, "certificate")
    key = SigningKey.generate(kid=f"{member}-answer")
    key.save(folder / "answer.key")
    write_secret(folder / "index.key", os.urandom(32))
    (folder / "policy.cedar").write_text(POLICY.format(name=member.lower()), encoding="utf-8")
    write_bank(folder / "banks" / "persons", member)
    (folder / "node.toml").write_text(
        f'member = "{member}"\nlisten = "127.0.0.1:{port}"\n'
        'federation = "../../federation.toml"\ncertificate = "certificate.pem"\n'
        'key = "certificate.key"\nanswer_key = "answer.key"\nindex_key = "index.key"\n'
        'policy = "policy.cedar"\nledger = "ledger"\nledger_key = "ledger.key"\n'
        'index = "index"\nwitness_key = "witness.key"\n'
        'banks = ["banks/persons/mapping.toml"]\ndrain_s = 2.0\n',
        encoding="utf-8",
    )
    return Member(
        code=member,
        title=f"Member {member}",
        issuer=f"https://id.{member.lower()}.example",
        node=f"127.0.0.1:{port}",
        node_name="localhost",
        contact=Office(office=f"Office of {member}"),
        token_keys=(token_key.public_key,),
        answer_keys=(key.public_key,),
        banks=(f"{member}/persons",),
        custodians=(Custodian(name="duty", key=_make_custodian(home, member)),),
        ledger_vkey=_ledger_vkey(folder, member),
        witness_vkey=_witness_vkey(folder, member),
    )


def _make_custodian(home: Path, member: str) -> str:
    key = generate_key()
    write_key(home / "custodians" / member / "duty.key", key)
    return write_point(key.public_key())


def _ledger_vkey(folder: Path, member: str) -> str:
    """Make the key of a ledger; return its public key as the federation file pins it."""
    key = SigningKey.generate("Ed25519")
    key.save(folder / "ledger.key")
    return str(Signer(origin_of(ID, member), key.private_key).vkey)


def _witness_vkey(folder: Path, member: str) -> str:
    """Make the key of a witness; return its public key as the federation file pins it."""
    key = SigningKey.generate("Ed25519")
    key.save(folder / "witness.key")
    return str(Cosigner(witness_name(ID, member), key.private_key).vkey)


def ask(name: str = "Рустам Каримов", *targets: str, **changes) -> Ask:
    """A question that every bank of the world can answer, however busy the machine is."""
    values = {"purpose": "terrorism", "case": "T-1", "probe": person(name), "deadline_s": 30.0}
    return Ask(targets or ("trio",), **{**values, **WHY, **changes})


def public_jwk(key: SigningKey) -> bytes:
    """A public key as it travels."""
    return json.dumps(key.public_jwk()).encode()
