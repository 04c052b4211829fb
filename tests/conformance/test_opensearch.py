"""Banks of kind opensearch keep every clause, against a small server that speaks as it does."""

import asyncio
import ssl
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiohttp import web

from adapters.banks.registry import open_bank
from adapters.conformance.suite import AdapterConformance
from tests.conformance.proxy import run_proxy, shut_all
from tests.conformance.register import BANK, PATIENCE_S, PEOPLE, PERSONS, PHONE
from tests.kit.opensearch import SmallOpenSearch
from tests.kit.tls import Authority

MAPPING = """
[opensearch]
url = "https://127.0.0.1:{port}"
index = "persons"
user = "kalkan"
password_file = "password"
ca_file = "ca.pem"
timeout_s = 30.0
page = 2
fuzzy = {fuzzy}
exact = {{ telefon = "telefon.keyword" }}
nested = ["qujat"]
never = {{ joyuly = ["true"] }}
[record]
key = "id"
watermark_column = "ozgertilgen"
[[many]]
table = "qujat"
path = "qujattar"
[[field]]
field = "name"
given = "aty.ozi"
family = "aty.tegi"
[[field]]
field = "birth_date"
column = "tughan"
[[field]]
field = "sex"
column = "jynys"
codes = "sex"
[[field]]
field = "document"
number = "qujat.nomir"
document_kind = "passport"
[[field]]
field = "identifier"
identifier_kind = "phone"
column = "telefon"
[kind]
const = "wanted"
[codes.sex]
F = "female"
M = "male"
"""

TYPES = {
    "id": "keyword",
    "aty.ozi": "text",
    "aty.tegi": "text",
    "qujattar": "nested",
    "qujattar.nomir": "keyword",
    "telefon": "text",
    "telefon.keyword": "keyword",
    "joyuly": "boolean",
    "ozgertilgen": "date",
}


def describe(row):
    """One person as a document of the index."""
    number, given, family, birth, sex, passport, phone, changed = row
    told = {
        "id": number,
        "aty": {"ozi": given, "tegi": family},
        "tughan": birth,
        "jynys": sex,
        "telefon": phone,
        "qujattar": [{"nomir": passport}],
        "ozgertilgen": changed,
        "joyuly": False,
    }
    return {word: value for word, value in told.items() if value != ""}


class TestOpenSearch(AdapterConformance):
    """Numbers by the index, names by the node's own index."""

    made_for = 1
    patience_s = PATIENCE_S
    fuzzy = "false"

    @pytest.fixture(autouse=True)
    def bank(self, tmp_path):
        self.folder, self.proxies, self.working = tmp_path, [], 0
        (tmp_path / "password").write_text("open-sesame", encoding="ascii")
        self.pair = Authority(tmp_path).issue("server")
        documents = {f"d{row[0]}": describe(row) for row in PEOPLE}
        gone = {**describe(PEOPLE[0]), "id": "9", "joyuly": True}
        self.small = SmallOpenSearch({**documents, "d9": gone}, TYPES)

    @asynccontextmanager
    async def open_adapter(self):
        async with AsyncExitStack() as stack:
            port = await self._serve(stack)
            proxy = await stack.enter_async_context(run_proxy(port))
            self.proxies.append(proxy)
            stack.callback(self.proxies.remove, proxy)
            text = MAPPING.format(port=proxy.port, fuzzy=self.fuzzy)
            path = self.folder / "bank.toml"
            path.write_text(BANK.format(kind="opensearch") + text, encoding="utf-8")
            adapter = await open_bank(path, self.folder)
            stack.push_async_callback(adapter.close)
            yield adapter

    async def _serve(self, stack):
        self.well = asyncio.Event()
        self.well.set()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.pair.certificate, self.pair.key)
        service = web.Application(client_max_size=8 << 20)
        service.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(
            service, access_log=None, shutdown_timeout=0, handler_cancellation=True
        )
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        return runner.addresses[0][1]

    async def _handle(self, request):
        self.working += 1
        try:
            await self.well.wait()
            return await self.small(request)
        finally:
            self.working -= 1

    def known(self):
        return PERSONS

    def crowd(self):
        return PHONE

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
        self.small.documents["d1"]["ozgertilgen"] = "2026-02-01"

    async def running(self):
        return self.working


class TestFuzzyOpenSearch(TestOpenSearch):
    """Names by the index itself, by their likeness."""

    fuzzy = "true"
