"""What the tests of the opensearch kind share: a mapping, and a small server with its documents."""

import copy

import pytest
from aiohttp import web

from adapters.mapping.read import read_mapping
from tests.kit.opensearch import SmallOpenSearch

MAPPING = """
version = 1
[bank]
id = "persons"
title = "An index"
kind = "opensearch"
scripts = ["Cyrl"]
[opensearch]
url = "{url}"
index = "persons"
user = "kalkan"
password_file = "password"
exact = {{ jsn = "jsn.keyword" }}
nested = ["qujat"]
only = {{ kui = ["ashyq", "izdeu"] }}
never = {{ joyuly = ["true"] }}
page = 2
{more}
[record]
key = "id"
as_of_column = "ozgertilgen"
watermark_column = "ozgertilgen"
[[many]]
table = "qujat"
path = "qujattar"
[[many]]
table = "laqab"
[[field]]
field = "name"
given = "aty.ozi"
family = "aty.tegi"
[[field]]
field = "name"
full = "laqab.value"
kind = "alias"
[[field]]
field = "document"
series = "qujat.seria"
number = "qujat.nomir"
[[field]]
field = "identifier"
identifier_kind = "national_number"
column = "jsn"
[[field]]
field = "plate"
column = "kolik.nomir"
[[field]]
field = "organisation"
column = "uiym"
[[field]]
field = "registration_number"
column = "bsn"
[kind]
const = "wanted"
"""

TYPES = {
    "id": "keyword",
    "kui": "keyword",
    "joyuly": "boolean",
    "aty.ozi": "text",
    "aty.tegi": "text",
    "laqab": "text",
    "uiym": "text",
    "qujattar": "nested",
    "qujattar.seria": "keyword",
    "qujattar.nomir": "keyword",
    "jsn": "text",
    "jsn.keyword": "keyword",
    "kolik.nomir": "keyword",
    "bsn": "keyword",
    "ozgertilgen": "date",
}

PERSON = {
    "id": "1",
    "kui": "izdeu",
    "joyuly": False,
    "aty": {"ozi": "Айгүл", "tegi": "Нұрланова"},
    "laqab": ["Ақбота"],
    "qujattar": [{"seria": "N", "nomir": "1234567"}, {"nomir": "N7777777"}],
    "jsn": "820503-400123",
    "ozgertilgen": "2026-01-02",
}
DOCUMENTS = {
    "a": PERSON,
    "b": {**PERSON, "id": "2", "jsn": "751231300456", "ozgertilgen": "2026-01-03"},
    "c": {"id": "3", "kui": "ashyq", "kolik": {"nomir": "123ABC02"}, "uiym": "Тұлпар Сауда"},
    "closed": {**PERSON, "id": "8", "kui": "zhabyq"},
    "gone": {**PERSON, "id": "9", "joyuly": True},
}


@pytest.fixture
def make_mapping(tmp_path):
    """Return a function that reads the mapping for a server's address."""

    def make(url="http://127.0.0.1:9", more="", change=("", "")):
        (tmp_path / "password").write_text("open-sesame", encoding="ascii")
        path = tmp_path / "index.toml"
        path.write_text(MAPPING.format(url=url, more=more).replace(*change), encoding="utf-8")
        return read_mapping(path)

    return make


@pytest.fixture
async def small():
    """The small server, with its address in `url`."""
    server = SmallOpenSearch(copy.deepcopy(DOCUMENTS), dict(TYPES))
    service = web.Application()
    service.router.add_route("*", "/{path:.*}", server.__call__)
    runner = web.AppRunner(service, access_log=None, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()
