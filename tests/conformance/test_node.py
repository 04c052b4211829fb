"""Banks of kind node keep every clause, against a real node over gRPC with mutual TLS.

An officer signs a question for each call that the kit makes: a node answers nothing else.
"""

import asyncio
import gc
import sqlite3
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import ClassVar

import pytest

from adapters.banks.node import adapter, channel
from adapters.banks.registry import open_bank
from adapters.conformance.suite import AdapterConformance, Known
from adapters.contract import (
    DocumentProbe,
    Field,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    RecordKind,
    Sex,
)
from gateway.client import Client
from gateway.node.bank import Bank
from tests.conformance.proxy import run_proxy, shut_all
from tests.conformance.register import PATIENCE_S
from tests.kit.relay import BEHIND, Officer, Signed, build_relay, write_front

PHONE = IdentifierProbe(Identifier(IdentifierKind.PHONE, "77010000099"))


async def _collect():
    """Let gRPC's one thread of this process end, which serves the node of the test too.

    It goes with the last of gRPC's objects, and calls that are over refer to each other.
    """
    await asyncio.sleep(0)  # what ended just now is let go in the loop's next turn
    gc.collect()


class TestNode(AdapterConformance):
    """A node that has its bank in SQLite."""

    made_for = 1
    patience_s = PATIENCE_S
    gaps: ClassVar[dict[str, str]] = {
        "C14": "a node finds names across spellings itself, and lists them to nobody",
        "C31": "a node does not tell that its data have changed",
    }

    @pytest.fixture(autouse=True)
    def bank(self, tmp_path, monkeypatch):
        self.folder, self.homes, self.proxies, self.working = tmp_path, count(), [], 0
        self.monkeypatch, self.again_s = monkeypatch, channel._AGAIN_S
        # On a busy machine a connection is made late; only where none can be, that is told soon.
        monkeypatch.setattr(adapter, "_DESCRIBE_S", 60.0)
        monkeypatch.setattr(channel, "_AGAIN_S", 15.0)
        search = Bank.search

        async def hold(bank, probe, limits):
            """Count the questions that the node works on, and hold them while it is slow."""
            self.working += 1
            try:
                await self.well.wait()
                return await search(bank, probe, limits)
            finally:
                self.working -= 1

        monkeypatch.setattr(Bank, "search", hold)

    @asynccontextmanager
    async def open_adapter(self):
        async with AsyncExitStack() as stack:
            stack.push_async_callback(_collect)
            self.well = asyncio.Event()
            self.well.set()
            world = build_relay(self.folder / f"home{next(self.homes)}", ("KAZ",))
            self._give_one_phone(world)
            self._allow_one_word(world)
            await world.start_node(BEHIND)
            stack.push_async_callback(world.stop)
            proxy = await stack.enter_async_context(run_proxy(world.ports[BEHIND]))
            self.proxies.append(proxy)
            stack.callback(self.proxies.remove, proxy)
            path = write_front(world, proxy.port)
            bank = await open_bank(path, path.parent)
            stack.push_async_callback(bank.close)
            client = await stack.enter_async_context(Client(world.settings()))
            officer = Officer(client)
            stack.callback(officer.leave)
            yield Signed(bank, officer, PHONE)

    def _give_one_phone(self, world):
        """Give everybody one telephone, so that one question finds all."""
        path = world.home / "nodes" / BEHIND / "banks" / "persons" / "people.sqlite"
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE people SET phone = '77010000099'")
        connection.close()

    def _allow_one_word(self, world):
        """Have the owner take names of one word: the kit asks for such, too."""
        path = world.home / "nodes" / BEHIND / "policy.cedar"
        policy = path.read_text(encoding="utf-8")
        told = '@id("kaz.all")'
        path.write_text(policy.replace(told, f'{told}\n@allows("single_name")'), encoding="utf-8")

    def known(self):
        return (
            Known(
                "KZ-1",
                probes=(
                    PersonProbe((PersonName(full="Рустам Каримов"),)),
                    DocumentProbe("N10000001"),
                    PHONE,
                ),
                fields=(
                    Field(FieldName.NAME, PersonName(full="Рустам Каримов")),
                    Field(FieldName.BIRTH_DATE, PartialDate(1984, 5, 1)),
                    Field(FieldName.SEX, Sex.MALE),
                ),
                kind=RecordKind.WANTED,
            ),
            Known("KZ-2", probes=(DocumentProbe("N10000002"), PHONE)),
        )

    def crowd(self):
        return PHONE

    @asynccontextmanager
    async def slow(self):
        self.well.clear()
        try:
            yield
        finally:
            self.well.set()

    @asynccontextmanager
    async def outage(self):
        async with shut_all(self.proxies):
            with self.monkeypatch.context() as patch:
                patch.setattr(channel, "_AGAIN_S", self.again_s)
                yield

    async def running(self):
        return self.working
