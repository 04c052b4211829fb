"""The officer's question is handed on unchanged, or nobody is asked."""

import gc
import weakref
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import (
    BankFaultError,
    BankRefusedError,
    BankTimeoutError,
    BankUnavailableError,
    DocumentProbe,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
    MappingError,
    PersonName,
    PersonProbe,
    ProbeKind,
    QueryRejectedError,
    SignedQuestion,
)
from gateway.access.signatures import SigningKey
from kalkan.v1 import model_pb2 as model
from tests.kit.signed import ID

BANK = "KAZ/persons"
PERSON = PersonProbe((PersonName(full="Рустам Каримов"),))


def question(probes=1, bank=BANK, **changes):
    query = model.Query(federation_id=ID, **changes)
    for number in range(probes):
        query.probes.add().document.number = f"N{number}"
    return SignedQuestion(query.SerializeToString(), "a token", "a signature", b"a key", bank)


def limits(asked=None, rows=10, index=0):
    return Limits(rows, 60.0, asked or question(), index)


@asynccontextmanager
async def opened(place, port):
    path = place.write(port)
    adapter = await open_bank(path, path.parent)
    try:
        yield adapter
    finally:
        await adapter.close()


async def test_question_is_handed_on_byte_by_byte(place, behind):
    asked = question()
    async with opened(place, behind.port) as adapter:
        await adapter.search(PERSON, limits(asked))
    [request] = behind.asked
    for name in ("query", "token", "signature", "public_key", "bank"):
        assert getattr(request, name) == getattr(asked, name)


async def test_rows_are_kept_and_told(place, behind):
    async with opened(place, behind.port) as adapter:
        found = await adapter.search(PERSON, limits(rows=1))
        assert ([r.reference for r in found.records], found.truncated) == (["R0"], True)
        found = await adapter.search(PERSON, limits(rows=2))
        assert ([r.reference for r in found.records], found.truncated) == (["R0", "R1"], False)


async def test_without_a_signed_question_nobody_is_asked(place, behind):
    async with opened(place, behind.port) as adapter:
        for call in (adapter.search(PERSON, Limits(1, 1.0)), adapter.fetch(["R0"], Limits(1, 1.0))):
            with pytest.raises(QueryRejectedError, match="officer's own signed question"):
                await call
    assert behind.asked == []


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (question(bank="KAZ/vehicles"), QueryRejectedError),
        (question(granularity=model.GRANULARITY_COUNT), BankRefusedError),
    ],
)
async def test_question_for_something_else_is_not_handed_on(place, behind, asked, error):
    async with opened(place, behind.port) as adapter:
        with pytest.raises(error):
            await adapter.search(PERSON, limits(asked))
    assert behind.asked == []


async def test_kind_of_probe_that_the_owner_does_not_have_is_rejected(place, behind):
    probe = IdentifierProbe(Identifier(IdentifierKind.PHONE, "77010000001"))
    async with opened(place, behind.port) as adapter:
        assert adapter.capability.fuzzy
        assert adapter.capability.probes == {ProbeKind.PERSON, ProbeKind.DOCUMENT}
        with pytest.raises(QueryRejectedError):
            await adapter.search(probe, limits())
    assert behind.asked == []


async def test_batch_is_asked_once_and_its_answer_goes_with_its_question(place, behind):
    asked = question(probes=3)
    async with opened(place, behind.port) as adapter:
        counts = [
            len((await adapter.search(DocumentProbe("N0"), limits(asked, index=n))).records)
            for n in range(3)
        ]
        assert counts == [2, 0, 0]
        assert len(behind.asked) == 1
        left = weakref.ref(asked)
        del asked
        gc.collect()
        assert left() is None
        assert not adapter._answers


async def test_fetch_reads_what_the_question_finds_and_no_more(place, behind):
    async with opened(place, behind.port) as adapter:
        found = await adapter.fetch(["R1", "unknown"], limits())
        assert [record.reference for record in found.records] == ["R1"]
        assert (await adapter.fetch([], limits())).records == ()
        with pytest.raises(QueryRejectedError):
            await adapter.fetch(["R"] * 1_001, limits())


async def test_answer_of_another_key_is_a_fault(place, behind):
    path = place.write(behind.port, SigningKey.generate(kid="KAZ-key"))
    adapter = await open_bank(path, path.parent)
    with pytest.raises(BankFaultError, match="does not hold"):
        await adapter.search(PERSON, limits())
    await adapter.close()


async def test_node_that_is_away_at_the_start_is_asked_later(place, behind):
    async with opened(place, 9) as adapter:
        assert adapter.capability.fuzzy
        assert ProbeKind.IDENTIFIER in adapter.capability.probes
        for call in (adapter.search(PERSON, limits()), adapter.as_of()):
            with pytest.raises(BankUnavailableError):
                await call


async def test_time_of_the_data_is_the_owner_s(place, behind):
    async with opened(place, behind.port) as adapter:
        assert (await adapter.as_of()).timestamp() == 1_780_000_000
        assert await adapter.watermark() == ""
        behind.available = False
        with pytest.raises(BankUnavailableError):
            await adapter.as_of()


async def test_bank_that_is_not_there_stops_the_start(place, behind):
    behind.banks = ("KAZ/vehicles",)
    path = place.write(behind.port)
    with pytest.raises(MappingError, match=r"^mapping.toml:6:1: node: .*no bank persons"):
        await open_bank(path, path.parent)


async def test_no_time_is_no_call(place, behind):
    async with opened(place, behind.port) as adapter:
        with pytest.raises(BankTimeoutError):
            await adapter.search(PERSON, Limits(1, 0.0, question()))
    assert behind.asked == []


async def test_question_carries_the_mark_of_each_bank_that_handed_it_on(place, behind):
    asked = replace(question(), via=("first",))
    async with opened(place, behind.port) as adapter:
        await adapter.search(PERSON, limits(asked))
        await adapter.search(PERSON, limits(replace(asked, token="another")))
    first, mark = behind.asked[0].via
    assert first == "first"
    assert 0 < len(mark) <= 64
    assert list(behind.asked[1].via) == ["first", mark], "the same for as long as it is open"


async def test_question_that_came_round_or_went_far_is_not_handed_on(place, behind):
    async with opened(place, behind.port) as adapter:
        for via in ((adapter._mark,), ("one", adapter._mark, "two"), tuple("abcdefgh")):
            with pytest.raises(BankFaultError, match="in front of itself"):
                await adapter.search(PERSON, limits(replace(question(), via=via)))
    assert behind.asked == []
