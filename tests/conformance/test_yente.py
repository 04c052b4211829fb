"""Banks of kind yente keep every clause, against a small server that speaks the same protocol."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import ClassVar

import pytest
from aiohttp import web

from adapters.banks.registry import open_bank
from adapters.conformance.suite import AdapterConformance, Known
from adapters.contract import (
    DocumentProbe,
    Field,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    RecordKind,
    Sex,
)
from tests.conformance.proxy import run_proxy, shut_all
from tests.conformance.register import PATIENCE_S
from tests.kit.yente import Small

KEY = "0123456789abcdef"
CROWD = DocumentProbe("N7777777")

MAPPING = """
version = 1
[bank]
id = "lists"
title = "Public lists"
kind = "yente"
scripts = ["Cyrl", "Latn"]
[yente]
url = "http://127.0.0.1:{port}"
dataset = "sanctions"
threshold = 0.1
timeout_s = 30.0
api_key_file = "key"
"""


def person(reference, **properties):
    return {
        "id": reference,
        "schema": "Person",
        "properties": {**properties, "topics": ["sanction"]},
        "datasets": ["eu_fsf"],
    }


ENTITIES = [
    person(
        "NK-1",
        name=["Айгүл Нұрланова"],
        birthDate=["1982"],
        gender=["female"],
        nationality=["kz"],
        passportNumber=["N1234567", "N7777777"],
        idNumber=["820503400123"],
    ),
    person("NK-2", name=["Ерлан Сейітов"], passportNumber=["N7654321", "N7777777"]),
    {
        "id": "NK-3",
        "schema": "Company",
        "properties": {"name": ["Тұлпар Сауда"], "registrationNumber": ["BIN990140"]},
        "datasets": ["eu_fsf"],
    },
]


class TestYente(AdapterConformance):
    """The match API."""

    made_for = 1
    patience_s = PATIENCE_S
    gaps: ClassVar[dict[str, str]] = {
        "C14": "yente finds names across spellings itself, and does not list them",
    }

    @pytest.fixture(autouse=True)
    def bank(self, tmp_path):
        self.folder, self.proxies, self.working = tmp_path, [], 0
        (tmp_path / "key").write_text(KEY, encoding="ascii")
        self.small = Small(ENTITIES, KEY)

    @asynccontextmanager
    async def open_adapter(self):
        async with AsyncExitStack() as stack:
            port = await self._serve(stack)
            proxy = await stack.enter_async_context(run_proxy(port))
            self.proxies.append(proxy)
            stack.callback(self.proxies.remove, proxy)
            path = self.folder / "bank.toml"
            path.write_text(MAPPING.format(port=proxy.port), encoding="utf-8")
            adapter = await open_bank(path, self.folder)
            stack.push_async_callback(adapter.close)
            yield adapter

    async def _serve(self, stack):
        self.well = asyncio.Event()
        self.well.set()
        service = web.Application(client_max_size=8 << 20)
        service.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(
            service, access_log=None, shutdown_timeout=0, handler_cancellation=True
        )
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner.addresses[0][1]

    async def _handle(self, request):
        self.working += 1
        try:
            await self.well.wait()
            return await self.small(request)
        finally:
            self.working -= 1

    def known(self):
        return (
            Known(
                "NK-1",
                probes=(
                    PersonProbe((PersonName(full="Айгүл Нұрланова"),)),
                    DocumentProbe("N1234567"),
                    IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, "820503400123")),
                    CROWD,
                ),
                fields=(
                    Field(FieldName.NAME, PersonName(full="Айгүл Нұрланова")),
                    Field(FieldName.BIRTH_DATE, PartialDate(1982)),
                    Field(FieldName.SEX, Sex.FEMALE),
                    Field(FieldName.NATIONALITY, "KAZ"),
                ),
                kind=RecordKind.SANCTIONED,
            ),
            Known("NK-2", probes=(DocumentProbe("N7654321"), CROWD)),
            Known(
                "NK-3",
                probes=(
                    OrganisationProbe(name="Тұлпар Сауда"),
                    OrganisationProbe(number="BIN990140"),
                ),
            ),
        )

    def crowd(self):
        return CROWD

    @asynccontextmanager
    async def slow(self):
        self.well.clear()
        try:
            yield
        finally:
            self.well.set()

    def outage(self):
        return shut_all(self.proxies)

    async def change(self):
        self.small.version = "20260301"

    async def running(self):
        return self.working
