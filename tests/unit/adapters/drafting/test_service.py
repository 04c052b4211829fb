"""A service is looked at by its document and some of its records."""

import asyncio
import json

import pytest
from aiohttp import web

from adapters.drafting.draft import look
from adapters.drafting.service import look_at_service
from adapters.drafting.shape import DraftError, Login
from tests.kit.service import start
from tests.kit.staff import TOKEN, StaffService, describe, write_yaml

__all__ = ["start"]


@pytest.fixture
def login(tmp_path):
    (tmp_path / "token").write_text(TOKEN)
    return Login("token")


async def look_there(service, folder, login):
    return await asyncio.to_thread(look_at_service, f"{service.url}/openapi.json", folder, login)


async def test_records_and_declaration_are_taken_together(tmp_path, login):
    async with StaffService("page") as service:
        seen = await look_there(service, tmp_path, login)
    tables = {table.name: table for table in seen.tables}
    assert tables.keys() == {"buildings", "staff", "phones", "passports"}
    staff = tables["staff"]
    assert (staff.key, staff.rows, staff.whole) == ("staffId", 130, True)
    assert set(staff.column("status").words) == {"active", "left", "wanted"}
    assert staff.asked == {"document"}
    assert tables["phones"].inside == "staff"
    assert 'token_file = "token"' in seen.block


async def test_list_without_an_operation_for_one_record_says_what_to_edit(tmp_path, login):
    document = describe("page")
    del document["paths"]["/v1/staff/{staffId}"]
    async with StaffService("page", document) as service:
        seen = await look_there(service, tmp_path, login)
    source = next(table.source for table in seen.tables if table.name == "staff")
    assert any("EDIT" in line and "/v1/staff/{reference}" in line for line in source)


async def test_record_inside_its_answer_is_found_there(tmp_path, login):
    document = describe("page")
    answer = document["paths"]["/v1/staff/{staffId}"]["get"]["responses"]["200"]
    schema = answer["content"]["application/json"]
    schema["schema"] = {"properties": {"person": schema["schema"]}}
    async with StaffService("page", document) as service:
        seen = await look_there(service, tmp_path, login)
    source = next(table.source for table in seen.tables if table.name == "staff")
    assert 'rows = "person"  # guess: the record is there' in source


async def test_service_that_wants_a_token_is_told(tmp_path):
    async with StaffService("page") as service:
        with pytest.raises(DraftError, match="refuses the token"):
            await look_there(service, tmp_path, Login())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"openapi": "3.1.0"}', "[" * 100_000])
def test_file_that_is_no_document_is_refused(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(DraftError):
        look_at_service(str(tmp_path / "a.json"), tmp_path, Login())


async def test_document_in_yaml_is_looked_at_alike(tmp_path, login):
    document = describe("page")
    async with StaffService("page", document) as service:
        seen = await look_there(service, tmp_path, login)
        url = f"{service.url}/openapi.yaml"
        assert await asyncio.to_thread(look, url, tmp_path, login) == seen
        document["servers"] = [{"url": service.url}]
        (tmp_path / "a.YML").write_text(write_yaml(document))
        assert await asyncio.to_thread(look, str(tmp_path / "a.YML"), tmp_path, login) == seen


async def test_broken_document_of_a_service_is_named_with_its_place(tmp_path, start):
    async def tell(_request):
        return web.Response(text="openapi: 3.1.0\n paths: {}")

    url = f"{await start(tell)}/openapi.yaml"
    with pytest.raises(DraftError, match=r"/openapi\.yaml:2:7: mapping values"):
        await asyncio.to_thread(look_at_service, url, tmp_path, Login())


async def test_address_without_a_document_is_told(tmp_path, login):
    async with StaffService("page") as service:
        with pytest.raises(DraftError, match="no document at this address"):
            await asyncio.to_thread(look_at_service, f"{service.url}/api.yaml", tmp_path, login)


def test_document_that_lists_nothing_is_refused(tmp_path):
    told = {"openapi": "3.0.0", "servers": [{"url": "http://127.0.0.1:1"}], "paths": {}}
    (tmp_path / "a.json").write_text(json.dumps(told))
    with pytest.raises(DraftError, match="no operation"):
        look_at_service(str(tmp_path / "a.json"), tmp_path, Login())
