"""The committed truth is the truth, and holds in every bank that was built."""

import json
from pathlib import Path

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import DocumentProbe, FieldName, Limits, PartialDate
from adapters.matching.documents import normalise_number
from seeds.banks.registry import BANKS
from seeds.make import find_folder
from seeds.service import serve
from seeds.truth import DEFAULT_SEED, TRUTH, describe_truth

LIMITS = Limits(rows=1000, timeout_s=20.0)
SUBJECTS = json.loads(TRUTH.read_text(encoding="utf-8"))["subjects"]


def records_of(bank: str) -> dict[str, dict]:
    found = (r for subject in SUBJECTS for r in subject["records"] if r["bank"] == bank)
    return {record["reference"]: record for record in found}


def write_birth(value: object) -> str:
    if not isinstance(value, PartialDate):
        return "span"
    parts = (value.year, value.month, value.day)
    return "-".join(f"{part:02d}" for part in parts if part is not None)


@pytest.fixture
async def opened(request, home: Path, tmp_path: Path):
    """Open a bank by its mapping; the service of Iran is started for it."""
    bank = request.param
    folder = find_folder(home, bank)
    runner, mapping = None, folder / "mapping.toml"
    if bank.member == "IRN":
        runner = await serve(folder / "afrad.jsonl", 0)
        text = mapping.read_text(encoding="utf-8").replace("timeout_s = 2.0", "timeout_s = 20.0")
        mapping = tmp_path / "mapping.toml"
        mapping.write_text(text.replace(":8801", f":{runner.addresses[0][1]}"), encoding="utf-8")
    adapter = await open_bank(mapping, folder)
    yield bank, adapter
    await adapter.close()
    if runner is not None:
        await runner.cleanup()


def test_truth_is_current_when_it_is_written_again() -> None:
    assert TRUTH.read_text(encoding="utf-8") == describe_truth(DEFAULT_SEED)


@pytest.mark.parametrize("opened", BANKS, indirect=True, ids=lambda bank: bank.name)
async def test_bank_holds_what_the_truth_says_of_it(opened) -> None:
    bank, adapter = opened
    expected = records_of(bank.name)
    found = await adapter.fetch(list(expected), LIMITS)
    assert {record.reference for record in found.records} == set(expected)
    for record in found.records:
        truth = expected[record.reference]
        assert record.kind.value == truth["kind"]
        numbers = {normalise_number(d.number) for d in record.values(FieldName.DOCUMENT)}
        assert numbers >= {normalise_number(number) for number in truth["documents"]}
        if "plate" in truth:
            plates = [normalise_number(plate) for plate in record.values(FieldName.PLATE)]
            assert normalise_number(truth["plate"]) in plates


@pytest.mark.parametrize("opened", BANKS, indirect=True, ids=lambda bank: bank.name)
async def test_bank_writes_names_and_births_as_the_truth_says(opened) -> None:
    bank, adapter = opened
    expected = {key: words for key, words in records_of(bank.name).items() if "name" in words}
    for record in (await adapter.fetch(list(expected), LIMITS)).records:
        truth = expected[record.reference]
        held = [
            {*f"{name.full} {name.given} {name.family} {name.patronymic}".split()}
            for name in record.values(FieldName.NAME)
        ]
        assert any(set(truth["name"].split()) <= words for words in held)
        births = [write_birth(value) for value in record.values(FieldName.BIRTH_DATE)]
        assert births in ([truth["birth"]], ["span"])


@pytest.mark.parametrize("opened", BANKS, indirect=True, ids=lambda bank: bank.name)
async def test_bank_finds_each_planted_document_by_its_number(opened) -> None:
    bank, adapter = opened
    for reference, truth in list(records_of(bank.name).items())[:12]:
        for number in truth["documents"]:
            probe = DocumentProbe(number=normalise_number(number))
            found = await adapter.search(probe, LIMITS)
            assert reference in {record.reference for record in found.records}


@pytest.mark.parametrize("opened", BANKS, indirect=True, ids=lambda bank: bank.name)
async def test_bank_lets_every_entry_be_read(opened) -> None:
    """No ordinary entry has a code that the mapping does not know."""
    bank, adapter = opened
    references = [named.reference async for named in adapter.names()]
    if bank.holds in {"vehicles", "documents"}:
        return
    found = await adapter.fetch(references[:1000], LIMITS)
    assert len(found.records) == len(references) >= 30
    assert {field.name for record in found.records for field in record.fields} >= {FieldName.NAME}
