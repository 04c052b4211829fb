"""Banks of kind http keep every clause, against the JSON service of the demonstration."""

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiohttp import web

from adapters.banks.registry import open_bank
from adapters.conformance.suite import AdapterConformance
from seeds.service import build_service, read_bank
from tests.conformance.proxy import run_proxy, shut_all
from tests.conformance.register import BANK, PATIENCE_S, PEOPLE, PERSONS, PHONE

MAPPING = """
[http]
url = "http://127.0.0.1:{port}"
rows = "natayej.items"
token_file = "token"
timeout_s = 30.0
next = {{ page = "safhe", size = "tedad", rows = 2, total = "natayej.total" }}
error = {{ path = "khata.kod" }}
[http.list]
path = "/afrad"
[http.get]
path = "/afrad/{{reference}}"
[http.state]
path = "/vaziat"
watermark = "neshan"
[[http.search]]
path = "/asnad"
probe = "document"
query = {{ shomare = "number" }}
[[http.search]]
path = "/hoviyat"
probe = "identifier"
query = {{ telefon = "value" }}
[record]
key = "shenase"
[[many]]
table = "madarek"
[[field]]
field = "name"
given = "nam"
family = "nam_khanevadegi"
[[field]]
field = "birth_date"
column = "tarikh"
[[field]]
field = "sex"
column = "jensiat"
codes = "sex"
[[field]]
field = "document"
number = "madarek.shomare"
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


def describe(row):
    """One person in the service's own words."""
    number, given, family, birth, sex, passport, phone, _ = row
    told = {
        "shenase": number,
        "nam": given,
        "nam_khanevadegi": family,
        "tarikh": birth,
        "jensiat": sex,
        "telefon": phone,
        "madarek": [{"shomare": passport}],
    }
    return {word: value for word, value in told.items() if value}


class TestService(AdapterConformance):
    """JSON over HTTP."""

    made_for = 1
    patience_s = PATIENCE_S

    @pytest.fixture(autouse=True)
    def bank(self, tmp_path):
        self.folder, self.proxies, self.working = tmp_path, [], 0
        (tmp_path / "token").write_text("open-sesame", encoding="ascii")
        lines = (json.dumps(describe(row), ensure_ascii=False) for row in PEOPLE)
        (tmp_path / "afrad.jsonl").write_text("\n".join(lines), encoding="utf-8")
        self.persons = read_bank(tmp_path / "afrad.jsonl")

    @asynccontextmanager
    async def open_adapter(self):
        async with AsyncExitStack() as stack:
            port = await self._serve(stack)
            proxy = await stack.enter_async_context(run_proxy(port))
            self.proxies.append(proxy)
            stack.callback(self.proxies.remove, proxy)
            text = BANK.format(kind="http") + MAPPING.format(port=proxy.port)
            path = self.folder / "bank.toml"
            path.write_text(text, encoding="utf-8")
            adapter = await open_bank(path, self.folder)
            stack.push_async_callback(adapter.close)
            yield adapter

    async def _serve(self, stack):
        self.well = asyncio.Event()
        self.well.set()
        service = build_service(self.persons, token="open-sesame")
        service.middlewares.append(self._hold())
        runner = web.AppRunner(
            service, access_log=None, shutdown_timeout=0, handler_cancellation=True
        )
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner.addresses[0][1]

    def _hold(self):
        """Return what counts questions, and holds them while the bank is slow."""

        @web.middleware
        async def hold(request, handler):
            self.working += 1
            try:
                await self.well.wait()
                return await handler(request)
            finally:
                self.working -= 1

        return hold

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
        self.persons.mark = "another"

    async def running(self):
        return self.working
