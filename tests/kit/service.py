"""What tests of services share: a mapping, and a real server that does as it is told."""

import pytest
from aiohttp import web

from adapters.mapping.read import read_mapping

MAPPING = """
version = 1
[bank]
id = "persons"
title = "A service"
kind = "http"
as_of = 2026-01-01T00:00:00Z
[http]
url = "{url}"
rows = "natayej.items"
next = {{ page = "safhe", from = 1, size = "tedad", rows = 2, total = "natayej.total" }}
error = {{ path = "khata.kod" }}
timeout_s = 30.0
{more}
[http.list]
path = "/afrad"
[http.get]
path = "/afrad/{{reference}}"
[http.state]
path = "/vaziat"
watermark = "neshan"
as_of = "be_rooz"
[[http.search]]
path = "/asnad"
probe = "document"
query = {{ shomare = "number", keshvar = "issuer" }}
[[http.search]]
path = "/hoviyat"
probe = "identifier"
query = {{ kod_melli = "value" }}
[record]
key = "shenase"
[[many]]
table = "madarek"
[[many]]
table = "laqab"
path = "digar.laqab"
[[field]]
field = "name"
given = "nam.aval"
family = "nam.akhar"
[[field]]
field = "name"
full = "laqab.value"
kind = "alias"
[[field]]
field = "birth_date"
column = "tarikh"
format = "YYYY/MM/DD"
calendar = "solar_hijri"
[[field]]
field = "document"
number = "madarek.shomare"
document_kind = {{ column = "madarek.noe", codes = "kinds" }}
[[field]]
field = "identifier"
identifier_kind = "national_number"
column = "kod_melli"
[kind]
const = "wanted"
[codes.kinds]
"گذرنامه" = "passport"
"""


@pytest.fixture
def make_mapping(tmp_path):
    """Return a function that reads the mapping for a server's address."""

    def make(url="http://127.0.0.1:9", more="", change=("", "")):
        path = tmp_path / "service.toml"
        path.write_text(MAPPING.format(url=url, more=more).replace(*change), encoding="utf-8")
        return read_mapping(path)

    return make


@pytest.fixture
async def start():
    """Return a function that starts a server with one handler for all paths; tells its address."""
    runners = []

    async def run(handler):
        service = web.Application()

        async def handle(request):
            return await handler(request)

        service.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(
            service, access_log=None, shutdown_timeout=0, handler_cancellation=True
        )
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield run
    for runner in runners:
        await runner.cleanup()
