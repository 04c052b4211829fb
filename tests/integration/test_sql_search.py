"""One bank in three engines gives the same answers."""

from datetime import UTC, datetime

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import (
    DocumentProbe,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
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

LIMITS = Limits(rows=100, timeout_s=60)


@pytest.fixture
async def adapter(bank):
    opened = await open_bank(bank.path, bank.folder)
    yield opened
    await opened.close()


PROBES = {
    "series and number": (DocumentProbe("N1234567"), ["1"]),
    "number without series": (DocumentProbe("045566778"), ["1"]),
    "series in small letters": (DocumentProbe("N7654321"), ["2"]),
    "number without its series": (DocumentProbe("1234567"), []),
    "unknown number": (DocumentProbe("N1234568"), []),
    "removed record": (DocumentProbe("N9999999"), []),
    "plate": (VehicleProbe(plate="123ABC02"), ["1"]),
    "vin": (VehicleProbe(vin="WVWZZZ1JZ3W386752"), ["1"]),
    "plate or vin": (VehicleProbe(plate="NONE", vin="WVWZZZ1JZ3W386752"), ["1"]),
    "registration number": (OrganisationProbe(number="BIN990140"), ["4"]),
    "identifier": (
        IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, "751231300456")),
        ["2"],
    ),
}


@pytest.mark.parametrize("name", PROBES)
async def test_search_finds_record_by(adapter, name):
    probe, references = PROBES[name]
    result = await adapter.search(probe, LIMITS)
    assert [record.reference for record in result.records] == references
    assert not result.truncated


async def test_search_rejects_what_needs_the_index(adapter):
    for probe in (PersonProbe((PersonName("Айгүл"),)), OrganisationProbe(name="Tulpar")):
        with pytest.raises(QueryRejectedError):
            await adapter.search(probe, LIMITS)


async def test_search_rejects_kind_of_identifier_that_bank_does_not_hold(adapter):
    probe = IdentifierProbe(Identifier(IdentifierKind.PHONE, "751231300456"))
    with pytest.raises(QueryRejectedError):
        await adapter.search(probe, LIMITS)


async def test_fetch_reads_whole_record(adapter):
    result = await adapter.fetch(["1"], LIMITS)
    (record,) = result.records
    assert record.kind is RecordKind.WANTED
    assert record.values(FieldName.NAME) == (PersonName(given="Айгүл", family="Нұрланова"),)
    assert record.values(FieldName.BIRTH_DATE) == (PartialDate(1982, 5, 3),)
    assert record.values(FieldName.SEX) == (Sex.FEMALE,)
    assert record.values(FieldName.BIRTH_PLACE) == ("Алматы",)
    numbers = sorted(document.number for document in record.values(FieldName.DOCUMENT))
    assert numbers == ["04 5566778", "N 1234567"]
    assert record.as_of == datetime(2026, 1, 2, tzinfo=UTC)


async def test_fetch_leaves_out_unknown_removed_and_impossible_references(adapter):
    references = ["2", "3", "77", "1 OR 1=1", "9" * 30, "2x", "", "\x00", "\ud800", "4"]
    result = await adapter.fetch(references, LIMITS)
    assert [record.reference for record in result.records] == ["2", "4"]


async def test_fetch_says_when_rows_are_cut(adapter):
    result = await adapter.fetch(["1", "2", "4"], Limits(rows=2, timeout_s=60))
    assert len(result.records) == 2
    assert result.truncated


async def test_fetch_rejects_more_than_a_thousand_references(adapter):
    with pytest.raises(QueryRejectedError):
        await adapter.fetch([str(number) for number in range(1001)], LIMITS)


async def test_names_yields_persons_and_organisations_once(adapter):
    found = {named.reference: named.names async for named in adapter.names()}
    assert found == {
        "1": ("Айгүл Нұрланова",),
        "2": ("Ерлан Сейітов",),
        "4": ("Tulpar Trading",),
    }


async def test_watermark_and_as_of_are_newest_of_all(adapter):
    assert await adapter.watermark() == "2026-01-04T00:00:00"
    assert await adapter.as_of() == datetime(2026, 1, 4, tzinfo=UTC)


async def test_capability_says_what_the_mapping_can(adapter, bank):
    capability = adapter.capability
    assert capability.probes == frozenset(ProbeKind) - {ProbeKind.BIOMETRIC}
    assert capability.kinds == {RecordKind.WANTED, RecordKind.ORGANISED_CRIME}
    assert not capability.fuzzy
    assert capability.engine == f"sql {bank.engine}"
