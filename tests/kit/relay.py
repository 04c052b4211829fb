"""A member with two nodes: one in front whose bank is the other, which has the data behind it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

from adapters.contract import (
    DocumentProbe,
    IdentifierProbe,
    OrganisationProbe,
    PersonProbe,
    QueryRejectedError,
    SignedQuestion,
    VehicleProbe,
)
from gateway.access.federation import write_federation
from gateway.access.signatures import SigningKey
from gateway.client import Ask, Client
from gateway.probe import document, identifier, organisation, vehicle
from kalkan.v1 import model_pb2 as model
from seeds.ports import reserve_port
from tests.kit.world import WHY, World, build_world

BANK = "KAZ/persons"
BEHIND = "KAZ-behind"
"""The name of the node behind in the world: its folder, its ledger, its task."""

MAPPING = """
version = 1
[bank]
id = "persons"
title = "Register of the region"
kind = "node"
contact = {{ office = "Office in front" }}
[node]
address = "127.0.0.1:{port}"
name = "localhost"
ca_file = "../../../../ca.pem"
certificate = "../../certificate.pem"
key = "../../certificate.key"
[[node.answer_key]]
{key}
"""


POLICY = """
@id("kaz.front")
permit (principal, action == Kalkan::Action::"search", resource);
"""
"""The node in front refuses nobody, so that what is refused is refused behind it."""


def build_relay(home: Path, codes: tuple[str, ...] = ("KAZ", "TUR")) -> World:
    """Make a world in which the node of KAZ stands in front of another that has its bank."""
    world = build_world(home, codes)
    _move_behind(world)
    key = _make_front(world)
    members = tuple(
        m.model_copy(update={"answer_keys": (key.public_key,)}) if m.code == "KAZ" else m
        for m in world.federation.members
    )
    world.federation = world.federation.model_copy(update={"members": members})
    write_federation(world.federation, home / "federation.toml")
    write_front(world, world.ports[BEHIND])
    (home / "nodes" / "KAZ" / "policy.cedar").write_text(POLICY, encoding="utf-8")
    return world


def _move_behind(world: World) -> None:
    """Make the node of KAZ the one behind: with a port and a federation file of its own."""
    behind = world.home / "nodes" / BEHIND
    shutil.copytree(world.home / "nodes" / "KAZ", behind)
    write_federation(world.federation, world.home / "behind.toml")
    port = world.ports[BEHIND] = reserve_port()
    path = behind / "node.toml"
    text = path.read_text(encoding="utf-8").replace("federation.toml", "behind.toml")
    path.write_text(text.replace(str(world.ports["KAZ"]), str(port)), encoding="utf-8")


def _make_front(world: World) -> SigningKey:
    """Make the node in front one of its own: another certificate, another key of its answers."""
    folder = world.home / "nodes" / "KAZ"
    for name in ("certificate.pem", "certificate.key", "answer.key"):
        (folder / name).unlink()
    world.authority.issue_node("KAZ").save(folder, "certificate")
    key = SigningKey.generate(kid="KAZ-front")
    key.save(folder / "answer.key")
    return key


def write_front(world: World, port: int, key: SigningKey | None = None) -> Path:
    """Write the mapping of the bank in front: the node behind is at `port` and signs with `key`."""
    folder = world.home / "nodes" / "KAZ" / "banks" / "persons"
    pinned = (key or answer_key(world)).public_jwk()
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in pinned.items())
    path = folder / "mapping.toml"
    path.write_text(MAPPING.format(port=port, key=lines), encoding="utf-8")
    return path


def answer_key(world: World) -> SigningKey:
    """The key that the node behind signs with."""
    return SigningKey.load(world.home / "nodes" / BEHIND / "answer.key", "KAZ-answer")


class Officer:
    """An officer's desk: signs a question for each probe. Its client calls nobody."""

    def __init__(self, client: Client) -> None:
        self._client: Client | None = client

    def leave(self) -> None:
        """Sign no more, and hold nothing."""
        self._client = None

    def sign(self, *probes: model.Probe, bank: str = BANK, **changes) -> SignedQuestion:
        """Sign a question to one bank."""
        values = {"purpose": "terrorism", "case": "T-1", "deadline_s": 30.0, "limit": 100, **WHY}
        asked = Ask((bank,), probe=probes[0], **{**values, **changes})
        signed = self._client.sign(self._client.compose(asked, probes))
        return SignedQuestion(
            query=signed.query,
            token=signed.token,
            signature=signed.signature,
            public_key=signed.public_key,
            bank=bank,
        )


class Signed:
    """An adapter of kind node that an officer stands behind: each call has a signed question.

    A record is read by the question that finds all that are known: a reference alone is none.
    """

    def __init__(self, adapter, officer: Officer, everybody) -> None:
        self.adapter, self._officer, self._everybody = adapter, officer, everybody

    def __getattr__(self, name):
        return getattr(self.adapter, name)

    async def search(self, probe, limits):
        return await self.adapter.search(probe, self._ask(probe, limits))

    async def fetch(self, references, limits):
        return await self.adapter.fetch(references, self._ask(self._everybody, limits))

    def _ask(self, probe, limits):
        try:
            return replace(limits, question=self._officer.sign(write_probe(probe)))
        except UnicodeEncodeError:
            raise QueryRejectedError("no question can be written with this text") from None


def write_probe(probe) -> model.Probe:
    """Write a probe as a client does."""
    match probe:
        case PersonProbe():
            names = [model.PersonName(full=name.text) for name in probe.names]
            return model.Probe(person=model.PersonProbe(names=names))
        case DocumentProbe():
            return document(number=probe.number, issuer=probe.issuer)
        case VehicleProbe():
            return vehicle(plate=probe.plate, vin=probe.vin, country=probe.country)
        case OrganisationProbe():
            return organisation(name=probe.name, number=probe.number, country=probe.country)
        case IdentifierProbe():
            found = probe.identifier
            return identifier(found.kind.value, found.value, probe.country)
