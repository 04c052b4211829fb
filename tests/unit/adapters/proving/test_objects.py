"""Records of a service are checked as the columns of a table are, by some that were read."""

import asyncio

import pytest

from adapters.drafting.draft import draft, look
from adapters.drafting.shape import Login
from adapters.proving.prove import prove
from adapters.proving.subject import Extent
from tests.kit.staff import STAFF, TOKEN, StaffService


@pytest.fixture
async def mapping(tmp_path):
    """The mapping of a service that runs, as it was drafted."""
    (tmp_path / "token").write_text(TOKEN)
    async with StaffService("offset") as service:
        url = f"{service.url}/openapi.json"
        seen = await asyncio.to_thread(look, url, tmp_path, Login("token"))
        path = tmp_path / "mapping.toml"
        path.write_text(draft(seen), encoding="utf-8")
        change(path, 'token_file = "token"\n', 'token_file = "token"\ntimeout_s = 30.0\n')
        yield path


def change(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


async def check(path, **extent):
    report = await prove(path, Extent(**extent))
    parts = {part.name: part for part in report.parts}
    return parts, [(f.level, f.text) for part in report.parts for f in part.findings]


async def test_columns_with_types_and_what_is_not_mapped_are_listed(mapping):
    parts, found = await check(mapping)
    assert found == []
    types = {row["column"]: row["type"] for row in parts["columns"].rows}
    assert types["name.first"] == types["passports.number"] == "text"
    assert parts["not mapped"].rows == [{"path": "photo.width", "in records": str(len(STAFF))}]
    assert {row["what"] for row in parts["shares"].rows} == {"names in Latn", "dates", "numbers"}


async def test_path_that_no_record_has_is_an_error(mapping):
    change(mapping, 'family = "name.last"', 'family = "name.lasst"')
    _, found = await check(mapping)
    text = "none of 130 records has 'name.lasst'; write its right path, or take it out"
    assert ("error", f"mapping.toml:43:10: field.1.family: {text}") in found


async def test_value_that_no_code_names_is_an_error(mapping):
    change(mapping, '"left" = "registered"', '"gone" = "registered"')
    _, found = await check(mapping)
    assert any(level == "error" and "'left' in 65 rows" in text for level, text in found)


async def test_dates_of_another_format_are_an_error(mapping):
    change(mapping, 'column = "dateOfBirth"', 'format = "DD.MM.YYYY"\ncolumn = "dateOfBirth"')
    _, found = await check(mapping)
    assert any("dates of dateOfBirth follow none" in text for _, text in found)


async def test_budget_is_declared_and_held_against_the_largest(mapping):
    _, found = await check(mapping, budget=999)
    assert [(level, "1000 rows, more than 999" in text) for level, text in found] == [
        ("error", True)
    ]
    change(mapping, "[record]\n", '[record]\nscan = "allowed"\n')
    assert (await check(mapping, budget=999))[1] == []
    change(mapping, "budget = 1000", "# budget = 1000")
    assert [level for level, _ in (await check(mapping))[1]] == ["warning"]
