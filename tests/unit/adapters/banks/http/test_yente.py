"""yente's match API as a bank, against a small real server that speaks the same protocol."""

import asyncio
from datetime import UTC, datetime

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import (
    BankFaultError,
    BankTimeoutError,
    BankUnavailableError,
    DocumentProbe,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
    MappingError,
    NameKind,
    OrganisationProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    ProbeKind,
    QueryRejectedError,
    RecordKind,
    Sex,
    VehicleProbe,
)
from adapters.proving.prove import prove
from adapters.proving.subject import Extent
from tests.kit.yente import Small

LIMITS = Limits(rows=10, timeout_s=60)
KEY = "0123456789abcdef"

ENTITIES = [
    {
        "id": "NK-person",
        "caption": "Aigul Nurlanova",
        "schema": "Person",
        "properties": {
            "name": ["Aigul Nurlanova", "Айгуль Нурланова"],
            "alias": ["Aika"],
            "weakAlias": ["A."],
            "birthDate": ["1982-05-03", "1982"],
            "birthPlace": ["Алматы"],
            "nationality": ["kz"],
            "citizenship": ["su", "nowhere"],
            "gender": ["female"],
            "passportNumber": ["N 1234567"],
            "idNumber": ["820503400123"],
            "topics": ["role.pep", "sanction", "crime.terror"],
            "phone": ["+77010000000"],
            "addressEntity": [{"id": "addr-1", "schema": "Address", "properties": {}}],
        },
        "datasets": ["eu_fsf", "us_ofac_sdn"],
        "last_change": "2026-03-01T02:03:04",
    },
    {
        "id": "NK-firm",
        "caption": "Tulpar Trading",
        "schema": "Company",
        "properties": {
            "name": ["Tulpar Trading"],
            "alias": ["Tulpar"],
            "registrationNumber": ["BIN-990140"],
            "jurisdiction": ["kz"],
            "topics": ["sanction"],
        },
        "datasets": ["eu_fsf"],
    },
    {
        "id": "NK-plain",
        "caption": "Aigul Omarova",
        "schema": "Person",
        "properties": {"name": ["Aigul Omarova"], "topics": ["role.pep"]},
        "datasets": ["peps"],
    },
]

MAPPING = """
version = 1
[bank]
id = "lists"
title = "Public lists"
kind = "yente"
handling = {{ tlp = "green" }}
[yente]
url = "{url}"
dataset = "sanctions"
algorithm = "logic-v1"
threshold = 0.4
timeout_s = 30.0
api_key_file = "key"
{more}
"""


@pytest.fixture
async def small():
    return Small(ENTITIES, KEY)


@pytest.fixture
async def make(small, start, tmp_path):
    """Return a function that opens the bank, with more lines in its mapping."""
    opened = []
    url = await start(small)

    async def build(more="", change=("", "")):
        (tmp_path / "key").write_text(KEY + "\n", encoding="utf-8")
        path = tmp_path / "bank.toml"
        text = MAPPING.format(url=url, more=more).replace(*change)
        path.write_text(text, encoding="utf-8")
        opened.append(await open_bank(path, tmp_path))
        return opened[-1]

    yield build
    for adapter in opened:
        await adapter.close()


def references(result):
    return [record.reference for record in result.records]


def person(text):
    return PersonProbe((PersonName(full=text),))


async def test_capability_says_that_names_are_found_here(make):
    capability = (await make()).capability
    assert capability.fuzzy
    assert capability.engine == "http yente"
    assert ProbeKind.VEHICLE not in capability.probes
    assert {RecordKind.SANCTIONED, RecordKind.WANTED} <= capability.kinds


async def test_person_is_found_and_mapped(make, small):
    result = await (await make()).search(person("Aigul Nurlanova"), LIMITS)
    record = result.records[0]
    assert record.reference == "NK-person"
    assert record.kind is RecordKind.SUSPECTED_TERRORIST
    assert [(n.text, n.kind) for n in record.values(FieldName.NAME)] == [
        ("Aigul Nurlanova", NameKind.PRIMARY),
        ("Айгуль Нурланова", NameKind.PRIMARY),
        ("Aika", NameKind.ALIAS),
        ("A.", NameKind.WEAK_ALIAS),
    ]
    assert record.values(FieldName.BIRTH_DATE) == (PartialDate(1982, 5, 3), PartialDate(1982))
    assert record.values(FieldName.NATIONALITY) == ("KAZ", "SUN")
    assert record.values(FieldName.SEX) == (Sex.FEMALE,)
    assert record.values(FieldName.DOCUMENT)[0].number == "N 1234567"
    assert record.values(FieldName.REMARK) == ("eu_fsf", "us_ofac_sdn")
    assert record.as_of == datetime(2026, 3, 1, 2, 3, 4, tzinfo=UTC)
    assert not record.values(FieldName.ORGANISATION)
    query = small.asked[0].query
    assert (query["limit"], query["threshold"], query["cutoff"]) == ("10", "0.4", "0.4")
    assert query["algorithm"] == "logic-v1"


async def test_company_is_an_organisation_and_no_person(make):
    result = await (await make()).search(OrganisationProbe("Tulpar"), LIMITS)
    (record,) = result.records
    assert record.kind is RecordKind.SANCTIONED
    assert record.values(FieldName.ORGANISATION) == ("Tulpar Trading", "Tulpar")
    assert record.values(FieldName.COUNTRY) == ("KAZ",)
    assert not record.values(FieldName.NAME)


async def test_entity_without_a_grave_topic_is_registered(make):
    (record,) = (await (await make()).fetch(["NK-plain"], LIMITS)).records
    assert record.kind is RecordKind.REGISTERED


@pytest.mark.parametrize(
    ("probe", "found"),
    [
        (DocumentProbe("N1234567"), ["NK-person"]),
        (IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, "820503400123")), None),
        (OrganisationProbe(number="BIN990140"), ["NK-firm"]),
        (DocumentProbe("N7654321"), []),
    ],
)
async def test_number_is_in_what_is_returned(make, probe, found):
    result = await (await make(change=("0.4", "0.01"))).search(probe, LIMITS)
    assert references(result) == (["NK-person"] if found is None else found)


async def test_limit_is_told_and_kept(make, small):
    result = await (await make()).search(person("Aigul"), Limits(1, 60))
    assert (len(result.records), result.truncated) == (1, True)
    assert small.asked[0].query["limit"] == "1"
    result = await (await make("candidates = 1")).search(person("Aigul"), LIMITS)
    assert (len(result.records), result.truncated) == (1, True)


@pytest.mark.parametrize(
    "probe",
    [
        VehicleProbe(plate="1"),
        IdentifierProbe(Identifier(IdentifierKind.EMAIL, "a@b.example")),
    ],
)
async def test_what_yente_does_not_find_by_is_refused_without_asking(make, small, probe):
    with pytest.raises(QueryRejectedError):
        await (await make()).search(probe, LIMITS)
    assert small.asked == []


async def test_entities_are_read_by_id_and_merged_ones_are_unknown(make):
    asked = ["NK-firm", "NK-none", "NK-merged", "", "..", "a/../../catalog", "NK-person"]
    result = await (await make()).fetch(asked, LIMITS)
    assert references(result) == ["NK-firm", "NK-person"]


async def test_state_is_that_of_the_dataset(make):
    adapter = await make()
    assert await adapter.watermark() == "20260228"
    assert await adapter.as_of() == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert [named async for named in adapter.names()] == []


async def test_dataset_that_is_not_there_is_a_fault(make):
    adapter = await make(change=('"sanctions"', '"sanktions"'))
    for call in (adapter.watermark(), adapter.search(person("A B"), LIMITS)):
        with pytest.raises(BankFaultError, match="no such dataset"):
            await call


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, BankFaultError),
        (401, BankFaultError),
        (429, BankUnavailableError),
        (500, BankUnavailableError),
        (503, BankUnavailableError),
    ],
)
async def test_refusal_is_told_without_its_words(make, small, status, error):
    adapter = await make("retries = 0")
    small.status = status
    with pytest.raises(error) as caught:
        await adapter.search(person("Айгуль"), LIMITS)
    assert "Айгуль" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"responses": []},
        {"responses": {"probe": {"results": None}}},
        {"responses": {"probe": {"results": [1]}}},
        {"responses": {"probe": {"results": [{"id": "x", "properties": []}]}}},
    ],
)
async def test_other_answer_is_a_fault(make, small, answer):
    adapter = await make()
    small.answer = answer
    with pytest.raises(BankFaultError):
        await adapter.search(person("Aigul"), LIMITS)


async def test_answer_that_does_not_come_is_given_up(start, tmp_path):
    never = asyncio.Event()

    async def wait(_request):
        await never.wait()

    (tmp_path / "key").write_text(KEY, encoding="utf-8")
    path = tmp_path / "bank.toml"
    path.write_text(MAPPING.format(url=await start(wait), more=""), encoding="utf-8")
    adapter = await open_bank(path, tmp_path)
    try:
        with pytest.raises(BankTimeoutError):
            await adapter.search(person("Aigul"), Limits(5, 0.1))
    finally:
        await adapter.close()


async def test_blocks_of_the_mapping_take_the_place_of_those_known(make):
    more = (
        '[codes.topics]\n"role.pep" = "discreet_check"\n"other" = "registered"\n'
        '[[field]]\nfield = "name"\nfull = "name.value"\n'
        '[[many]]\ntable = "name"\npath = "person.name"\n'
    )
    (record,) = (await (await make(more)).fetch(["NK-plain"], LIMITS)).records
    assert record.kind is RecordKind.DISCREET_CHECK
    assert {field.name for field in record.fields} == {FieldName.NAME}


async def test_key_that_cannot_be_read_stops_the_open(make):
    with pytest.raises(MappingError, match="cannot be read"):
        await make(change=('"key"', '"none"'))


async def test_check_is_green_only_when_it_saw_a_record(make, tmp_path):
    await make()
    blind = await prove(tmp_path / "bank.toml", Extent())
    (told,) = [f.text for part in blind.parts for f in part.findings if f.level == "error"]
    assert told.startswith(
        "bank.toml:3:1: bank: the bank lists no records, so none was seen; tell one"
    )
    seen = await prove(tmp_path / "bank.toml", Extent(references=("NK-person",)))
    trips = next(part.rows for part in seen.parts if part.name == "round trip")
    assert {row["field"] for row in trips} == {"name", "document", "identifier"}
    assert all(row["found"] == row["looked for"] for row in trips)
    assert seen.good
