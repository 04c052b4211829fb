import json

import pytest
from aiohttp.test_utils import TestClient, TestServer

from seeds.service import Rate, build_service, read_bank

PEOPLE = [
    {"shenase": "1", "kod_melli": "0012", "madarek": [{"noe": "گذرنامه", "shomare": "A-1"}]},
    {"shenase": "2", "telefon": "+98 21", "madarek": [{"noe": "گذرنامه", "shomare": "a۱"}]},
    {"shenase": "3"},
]


@pytest.fixture
def bank(tmp_path):
    path = tmp_path / "afrad.jsonl"
    path.write_text("\n\n".join(json.dumps(one, ensure_ascii=False) for one in PEOPLE))
    return read_bank(path)


@pytest.fixture
async def connect(bank):
    clients = []

    async def run(**options):
        client = TestClient(TestServer(build_service(bank, **options)))
        clients.append(client)
        await client.start_server()
        return client

    yield run
    for client in clients:
        await client.close()


async def ask(client, path, **headers):
    async with client.get(path, headers=headers) as response:
        return response.status, await response.json()


@pytest.mark.parametrize(
    ("path", "total", "shown"),
    [
        ("/afrad", 3, ["1", "2", "3"]),
        ("/afrad?tedad=2", 3, ["1", "2"]),
        ("/afrad?tedad=2&safhe=2", 3, ["3"]),
        ("/afrad?tedad=2&safhe=9", 3, []),
        ("/asnad?shomare=A1", 2, ["1", "2"]),
        ("/asnad?shomare=A2", 0, []),
        ("/hoviyat?kod_melli=0012", 1, ["1"]),
        ("/hoviyat?telefon=9821", 1, ["2"]),
        ("/hoviyat?kod_melli=9821", 0, []),
    ],
)
async def test_service_answers_with_pages(connect, path, total, shown):
    status, answer = await ask(await connect(), path)
    assert status == 200
    assert answer["natayej"]["total"] == total
    assert [one["shenase"] for one in answer["natayej"]["items"]] == shown


async def test_service_gives_one_person_as_written(connect):
    assert await ask(await connect(), "/afrad/1") == (200, PEOPLE[0])


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/afrad/9", 404, "YAFT_NASHOD"),
        ("/none", 404, "YAFT_NASHOD"),
        ("/asnad", 400, "PARAMETR"),
        ("/asnad?shomare=--", 400, "PARAMETR"),
        ("/afrad?safhe=0", 400, "PARAMETR"),
        ("/afrad?tedad=501", 400, "PARAMETR"),
        ("/afrad?tedad=x", 400, "PARAMETR"),
    ],
)
async def test_service_tells_errors_in_its_own_format(connect, path, status, code):
    found, answer = await ask(await connect(), path)
    assert (found, answer["khata"]["kod"]) == (status, code)
    assert answer["khata"]["matn"]


async def test_service_wants_its_token(connect):
    client = await connect(token="secret")
    assert (await ask(client, "/afrad"))[0] == 401
    assert (await ask(client, "/afrad", Authorization="Bearer wrong"))[0] == 401
    assert (await ask(client, "/afrad", Authorization="Bearer secret"))[0] == 200


async def test_service_asks_to_come_back_when_there_are_too_many_questions(connect):
    now = [0.0]
    client = await connect(rate=Rate(2.0, clock=lambda: now[0]))
    assert [(await ask(client, "/vaziat"))[0] for _ in range(3)] == [200, 200, 429]
    async with client.get("/vaziat") as response:
        assert response.headers["Retry-After"] == "1"
        assert (await response.json())["khata"]["kod"] == "TEDAD_ZIAD"
    now[0] += 0.5
    assert [(await ask(client, "/vaziat"))[0] for _ in range(2)] == [200, 429]


async def test_service_changes_its_mark_with_the_data(connect, bank, tmp_path):
    path = tmp_path / "afrad.jsonl"
    path.write_text(json.dumps(PEOPLE[0]))
    assert read_bank(path).mark != bank.mark
    assert (await ask(await connect(), "/vaziat"))[1] == {"neshan": bank.mark, "tedad": 3}


def test_read_bank_refuses_a_person_without_reference(tmp_path):
    path = tmp_path / "afrad.jsonl"
    path.write_text("{}")
    with pytest.raises(KeyError):
        read_bank(path)
