"""A node that is put together in the test: real ledger, policy and keys, a bank in memory."""

from __future__ import annotations

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.contract import (
    Capability,
    Field,
    FieldName,
    PersonName,
    ProbeKind,
    Record,
    RecordKind,
    Result,
)
from gateway.access.policy import Policy
from gateway.access.stops import Stops, read_stop
from gateway.answers import read_answer
from gateway.clock import ManualClock
from gateway.ledger.kinds import Side
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_entries
from gateway.node.bank import Bank, Titles
from gateway.node.controls import Controls
from gateway.node.node import Node, Parts
from gateway.node.revoking import Revoking
from gateway.recorder import Recorder
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.desk import Desk
from tests.kit.signed import expected, key_of, make_federation

BANK = "KAZ/persons"
AS_OF = datetime(2026, 5, 1, tzinfo=UTC)
POLICY = """
@id("kaz.all")
permit (principal, action == Kalkan::Action::"search", resource)
when { context.purpose != Kalkan::Purpose::"missing_person" };

@id("kaz.missing")
@granularity("reference")
permit (principal, action == Kalkan::Action::"search", resource)
when { context.purpose == Kalkan::Purpose::"missing_person" };

@id("kaz.property")
@text("Ask another.")
@contact("Office")
forbid (principal, action == Kalkan::Action::"search", resource)
when { context.purpose == Kalkan::Purpose::"organised_crime" };
"""


def make_record(reference: str, name: str) -> Record:
    return Record(reference, RecordKind.WANTED, (Field(FieldName.NAME, PersonName(full=name)),))


FOUND = Result((make_record("R1", "Рустам Каримов"),))
CAPABILITY = Capability(
    frozenset({ProbeKind.PERSON, ProbeKind.DOCUMENT}),
    frozenset({RecordKind.WANTED}),
    frozenset({FieldName.NAME}),
    fuzzy=True,
    scripts=("Cyrl",),
    engine="memory",
)


@dataclass
class Register:
    """An adapter that gives the same records, or fails, or never ends."""

    result: Result = FOUND
    error: Exception | None = None
    hangs: bool = False
    cancelled: bool = False
    limits: list = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    capability: Capability = CAPABILITY

    async def search(self, probe, limits) -> Result:
        del probe
        self.limits.append(limits)
        self.asked.set()
        if self.error:
            raise self.error
        if self.hangs:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled = True
                raise
        return self.result

    async def as_of(self):
        return AS_OF

    async def close(self) -> None: ...


@dataclass
class Country:
    """A node that is put together in the test, and the officer who asks."""

    clock: ManualClock
    node: Node
    bank: Bank
    register: Register
    ledger: Ledger
    folder: Path
    desk: Desk

    def entries(self):
        return [entry for _, entry in read_entries(self.folder)]

    def request(self, query=None, bank=BANK) -> wire.NodeServiceSearchRequest:
        signed = self.desk.sign(query or self.desk.compose())
        return wire.NodeServiceSearchRequest(
            bank=bank,
            query=signed.query,
            token=signed.token,
            signature=signed.signature,
            public_key=signed.public_key,
        )

    def call(self, role="hub", seconds=25.0):
        return self.desk.call(role, seconds)

    async def ask(self, query=None, call=None) -> model.Answer:
        """Ask and believe as the hub does; what fills the answer up is left out."""
        request = self.request(query)
        response = await self.node.search(request, call or self.call())
        digest = hashlib.sha256(request.query).digest()
        answer = read_answer(
            BANK, response.answer, response.signature, expected(digest=digest, limit=20, probes=3)
        )
        answer.ClearField("padding")
        return answer


@pytest.fixture
async def country(clock, tmp_path):
    federation = make_federation()
    revocations = tmp_path / "revocations.toml"
    ledger = await Ledger.open(tmp_path / "ledger", clock)
    register = Register()
    with ThreadPoolExecutor(2) as workers:
        bank = Bank(BANK, register, Titles("A bank", "Office", "+0", "a@b"), workers)
        await bank.prepare(tmp_path / "index", b"\x01" * 32)
        parts = Parts(
            federation=federation,
            member="KAZ",
            banks={BANK: bank},
            policy=Policy.load(POLICY, "kaz"),
            key=key_of("KAZ"),
            recorder=Recorder(ledger, Side.NODE, "KAZ", clock),
            clock=clock,
            workers=workers,
            revoking=Revoking(federation.id, "KAZ", key_of("KAZ"), clock, revocations),
        )
        desk = Desk(federation, clock)
        yield Country(clock, Node(parts), bank, register, ledger, tmp_path / "ledger", desk)
    await ledger.close()


@pytest.fixture
def equip(country):
    """Put the node together again with some controls."""

    def make(policy=POLICY, **controls):
        parts = replace(
            country.node._parts, controls=Controls(**controls), policy=Policy.load(policy, "kaz")
        )
        country.node = Node(parts)

    return make


def stop(stops, *texts):
    made = [read_stop(text) for text in texts]
    stops.put(Stops({(one.kind, one.value): one for one in made}))
