from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from adapters.contract import (
    BankUnavailableError,
    Capability,
    DocumentProbe,
    Field,
    FieldName,
    Limits,
    Named,
    OrganisationProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    ProbeKind,
    QueryRejectedError,
    Record,
    RecordKind,
    Result,
)
from adapters.mapping.read import read_mapping
from gateway.node.bank import CANDIDATES, Bank, Titles, titles_of
from tests.kit.banks import write_bank

SECRET = b"\x01" * 32
LIMITS = Limits(50, 2.0)
AS_OF = datetime(2026, 5, 1, tzinfo=UTC)
PEOPLE = {"R1": "Рустам Каримов", "R2": "Айгүл Серікова", "R3": "Rustam Karimov"}
RUSTAM = PersonProbe((PersonName(full="Rustam Karimov"),))


def make_record(reference: str, name: str) -> Record:
    return Record(reference, RecordKind.WANTED, (Field(FieldName.NAME, PersonName(full=name)),))


@dataclass
class Register:
    """An adapter of a small register in memory, that can be away."""

    fuzzy: bool = False
    people: dict[str, str] = field(default_factory=lambda: dict(PEOPLE))
    mark: str = "1"
    away: bool = False
    breaks_at: str = ""
    asked: list[str] = field(default_factory=list)
    limits: list[Limits] = field(default_factory=list)
    probes: frozenset = frozenset({ProbeKind.PERSON, ProbeKind.DOCUMENT})
    strict: frozenset = frozenset()

    @property
    def capability(self) -> Capability:
        known = (self.probes, frozenset(), frozenset())
        return Capability(*known, self.fuzzy, strict=self.strict)

    def _note(self, what: str) -> None:
        self.asked.append(what)
        if self.away:
            raise BankUnavailableError("away")

    async def search(self, probe, limits) -> Result:
        del probe
        self._note("search")
        self.limits.append(limits)
        return Result((make_record("found", "by the bank"),))

    async def fetch(self, references, limits) -> Result:
        self._note("fetch")
        self.limits.append(limits)
        # In the order of the register, as a bank gives its rows.
        return Result(tuple(make_record(r, n) for r, n in self.people.items() if r in references))

    async def names(self):
        self._note("names")
        for reference, name in self.people.items():
            if reference == self.breaks_at:
                raise BankUnavailableError("broke in the middle")
            yield Named(reference, (name,))

    async def watermark(self) -> str:
        self._note("watermark")
        return self.mark

    async def as_of(self):
        self._note("as_of")
        return AS_OF

    async def close(self) -> None:
        self._note("close")


@pytest.fixture
def workers():
    with ThreadPoolExecutor(2) as workers:
        yield workers


@pytest.fixture
def open_bank(workers, tmp_path):
    """Host an adapter and prepare it; its index is in one file for the whole test."""
    opened = []

    async def open_one(register, *, prepare=True) -> Bank:
        bank = Bank("KAZ/persons", register, Titles("A bank", "", "", ""), workers)
        opened.append(bank)
        if prepare:
            await bank.prepare(tmp_path / "index" / "persons.sqlite", SECRET)
        return bank

    open_one.again = lambda bank: bank.prepare(tmp_path / "index" / "persons.sqlite", SECRET)
    yield open_one
    for bank in opened:
        if bank._index is not None:
            bank._index.close()


async def found(bank, probe=RUSTAM) -> set[str]:
    return {record.reference for record in (await bank.search(probe, LIMITS)).records}


async def test_name_is_found_by_the_index_and_read_from_the_bank(open_bank):
    register = Register()
    bank = await open_bank(register)
    assert {"R1", "R3"} <= await found(bank)
    assert register.asked[-1] == "fetch"
    (limits,) = register.limits
    assert 1 <= limits.rows <= CANDIDATES
    assert limits.timeout_s == LIMITS.timeout_s


async def test_likeliest_records_come_first_whatever_the_banks_order(open_bank):
    given = RUSTAM.names[0].text.split()[0]
    people = {f"R{n}": f"{given} Ovezov" for n in range(9)}
    register = Register(people={**people, "exact": RUSTAM.names[0].text})
    bank = await open_bank(register)
    records = (await bank.search(RUSTAM, LIMITS)).records
    assert len(records) == 10
    assert records[0].reference == "exact"


async def test_all_names_of_a_question_are_looked_up(open_bank):
    bank = await open_bank(Register())
    probe = PersonProbe((PersonName(full="Nobody Known"), PersonName(full="Айгүл Серікова")))
    assert "R2" in await found(bank, probe)


async def test_organisation_is_found_by_the_index(open_bank):
    register = Register(people={"O1": "Ansar Trading"})
    register.probes = frozenset({ProbeKind.ORGANISATION})
    bank = await open_bank(register)
    assert await found(bank, OrganisationProbe("Ansar Trading")) == {"O1"}
    assert await found(bank, OrganisationProbe(number="1234")) == {"found"}


async def test_bank_is_not_asked_where_the_index_knows_nobody(open_bank):
    register = Register()
    bank = await open_bank(register)
    assert await found(bank, PersonProbe((PersonName(full="Zzyzx Qwfpg"),))) == set()
    assert "fetch" not in register.asked


async def test_values_are_compared_by_the_bank_itself(open_bank):
    bank = await open_bank(Register())
    assert await found(bank, DocumentProbe("N1")) == {"found"}


async def test_bank_that_searches_fuzzily_needs_no_index(open_bank, tmp_path):
    register = Register(fuzzy=True)
    bank = await open_bank(register)
    assert await found(bank) == {"found"}
    assert register.asked == ["as_of", "search"]
    assert not (tmp_path / "index").exists()


async def test_bank_without_names_needs_no_index(open_bank, tmp_path):
    register = Register(probes=frozenset({ProbeKind.DOCUMENT}))
    await open_bank(register)
    assert "names" not in register.asked


async def test_index_is_made_anew_only_when_the_bank_has_changed(open_bank):
    register = Register()
    bank = await open_bank(register)
    register.people["R4"] = "Rustam Karimov"
    await open_bank.again(bank)
    assert register.asked.count("names") == 1
    assert "R4" not in await found(bank)
    register.mark = "2"
    await open_bank.again(bank)
    assert register.asked.count("names") == 2
    assert "R4" in await found(bank)


async def test_index_is_kept_over_a_restart(open_bank):
    await open_bank(Register())
    register = Register()
    bank = await open_bank(register)
    assert "names" not in register.asked
    assert "R1" in await found(bank)


async def test_bank_that_cannot_tell_whether_it_changed_is_read_each_time(open_bank):
    register = Register(mark="")
    bank = await open_bank(register)
    await open_bank.again(bank)
    assert register.asked.count("names") == 2


async def test_bank_that_is_away_is_unavailable_and_comes_back(open_bank):
    register = Register(away=True)
    bank = await open_bank(register)
    assert not bank.available
    with pytest.raises(BankUnavailableError):
        await bank.search(RUSTAM, LIMITS)
    register.away = False
    await open_bank.again(bank)
    assert bank.available
    assert "R1" in await found(bank)


async def test_bank_that_breaks_while_it_is_read_is_not_a_bank_without_hits(open_bank):
    register = Register(breaks_at="R2")
    bank = await open_bank(register)
    assert not bank.available
    with pytest.raises(BankUnavailableError, match="not ready"):
        await bank.search(RUSTAM, LIMITS)
    register.breaks_at = ""
    await open_bank.again(bank)
    assert "R1" in await found(bank)


async def test_old_index_serves_while_a_new_one_cannot_be_made(open_bank):
    register = Register()
    bank = await open_bank(register)
    register.mark, register.breaks_at = "2", "R2"
    await open_bank.again(bank)
    assert not bank.available
    assert "R1" in await found(bank)


async def test_error_of_the_bank_is_the_adapters_own(open_bank):
    register = Register()
    bank = await open_bank(register)

    async def reject(probe, limits):
        raise QueryRejectedError("no")

    register.search = reject
    with pytest.raises(QueryRejectedError):
        await bank.search(DocumentProbe("N1"), LIMITS)


async def test_bank_tells_what_it_can_and_of_when_it_is(open_bank):
    register = Register()
    bank = await open_bank(register, prepare=False)
    assert bank.as_of is None
    await open_bank.again(bank)
    assert bank.as_of == AS_OF
    assert bank.can(ProbeKind.PERSON)
    assert not bank.can(ProbeKind.VEHICLE)


async def test_closing_gives_back_adapter_and_index_whatever_fails(open_bank):
    register = Register()
    bank = await open_bank(register)
    register.away = True
    await bank.close()
    assert register.asked[-1] == "close"
    fresh = await open_bank(Register(), prepare=False)
    await fresh.close()


async def test_names_are_not_in_the_index(open_bank, tmp_path):
    await open_bank(Register())
    stored = b"".join(path.read_bytes() for path in (tmp_path / "index").iterdir())
    for name in PEOPLE.values():
        for part in name.split():
            assert part.encode() not in stored
    assert (tmp_path / "index").stat().st_mode & 0o777 == 0o700


def test_titles_are_those_of_the_mapping(tmp_path):
    titles = titles_of(read_mapping(write_bank(tmp_path / "bank", "KAZ")))
    assert titles == Titles("Test register of KAZ", "Office of KAZ", "+0", "duty@KAZ.example")
    path = tmp_path / "bank" / "mapping.toml"
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("contact")]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert titles_of(read_mapping(path)) == Titles("Test register of KAZ", "", "", "")


@pytest.mark.parametrize("strict", [frozenset(), frozenset({FieldName.BIRTH_DATE})])
async def test_birth_date_rules_out_where_the_bank_is_strict(open_bank, strict):
    bank = await open_bank(Register(strict=strict))
    asked = replace(RUSTAM, birth=PartialDate(1984, 5, 3))
    assert bank.birth(asked) == (asked.birth if strict else None)
    assert bank.birth(RUSTAM) is None
    assert bank.birth(DocumentProbe("N1")) is None


async def test_birth_date_goes_with_the_references(open_bank):
    register = Register()
    bank = await open_bank(register)
    limits = replace(LIMITS, birth=PartialDate(1984, 5, 3))
    await bank.find(RUSTAM, limits)
    assert register.asked[-1] == "fetch"
    assert register.limits[-1].birth == limits.birth
