"""Clauses C09 to C16: records are read whole, once, in order, and say what the bank says."""

from __future__ import annotations

from adapters.conformance.asking import LIMITS, references_of, searched, settle
from adapters.conformance.clause import clause
from adapters.conformance.corpus import ABSENT
from adapters.conformance.subject import Known, Subject
from adapters.contract import (
    Adapter,
    FieldName,
    Named,
    ProbeKind,
    QueryRejectedError,
    Record,
)

__all__ = ["ReadingClauses"]

_MOST_REFERENCES = 1_000
_TIMES = 3
_NAMES = (FieldName.NAME, FieldName.ORGANISATION)
_NAMED = frozenset((ProbeKind.PERSON, ProbeKind.ORGANISATION))


class ReadingClauses(Subject):
    """What is read from a bank is what the bank holds."""

    @clause("C09")
    async def test_c09_fetch_reads_what_is_asked_and_leaves_out_the_unknown(self) -> None:
        """`fetch` gives the known records and nothing for references that are not there."""
        async with self.open_adapter() as adapter:
            wanted = [one.reference for one in self.known()]
            for asked in (wanted, [*wanted, ABSENT], [ABSENT], []):
                result = await adapter.fetch(asked, LIMITS)
                assert set(references_of(result.records)) == set(asked) - {ABSENT}
                assert not result.truncated

    @clause("C10")
    async def test_c10_fetch_takes_a_thousand_references_and_no_more(self) -> None:
        """`fetch` takes 1,000 references and raises QueryRejectedError for 1,001."""
        async with self.open_adapter() as adapter:
            reference = self.known()[0].reference
            many = [f"{ABSENT}{number}" for number in range(_MOST_REFERENCES)]
            result = await adapter.fetch([reference, *many[1:]], LIMITS)
            assert references_of(result.records) == [reference]
            outcome = await settle(adapter.fetch([reference, *many], LIMITS), self.patience_s + 20)
            assert isinstance(outcome, QueryRejectedError)

    @clause("C11", safety=True)
    async def test_c11_each_record_is_given_once_and_keeps_its_reference(self) -> None:
        """A reference occurs once in an answer, also if asked for twice, and is for ever."""
        answers: list[list[list[str]]] = []
        for _ in range(2):
            async with self.open_adapter() as adapter:
                answers.append(await self._read_references(adapter))
        for references in answers[0]:
            assert len(references) == len(set(references)), "a record was given twice"
        assert list(map(set, answers[0])) == list(map(set, answers[1])), "references changed"

    async def _read_references(self, adapter: Adapter) -> list[list[str]]:
        wanted = [one.reference for one in self.known()]
        results = [await adapter.fetch(wanted * 2, LIMITS)]
        probes = [probe for _, probe in searched(adapter, self.known())]
        results += [await adapter.search(probe, LIMITS) for probe in probes]
        return [references_of(result.records) for result in results]

    @clause("C12")
    async def test_c12_search_and_fetch_tell_the_same_record(self) -> None:
        """A record that was found is the same, field by field, when it is fetched."""
        async with self.open_adapter() as adapter:
            for _, probe in searched(adapter, self.known()):
                found = (await adapter.search(probe, LIMITS)).records
                again = (await adapter.fetch(references_of(found), LIMITS)).records
                assert _by_reference(found) == _by_reference(again)

    @clause("C13", safety=True)
    async def test_c13_records_say_what_the_bank_says(self) -> None:
        """Known values, kinds and handling codes come unaltered, in every script."""
        known = self.known()
        async with self.open_adapter() as adapter:
            scripts = adapter.capability.scripts
            records = (await adapter.fetch([one.reference for one in known], LIMITS)).records
        assert any(one.fields for one in known), "known() tells no values"
        texts = "".join(str(field.value) for one in known for field in one.fields)
        assert not set(scripts) - {"Latn"} or not texts.isascii(), (
            f"known() tells no value in {', '.join(scripts)}"
        )
        by_reference = _by_reference(records)
        for one in known:
            if one.reference in by_reference:
                _require_same(one, by_reference[one.reference])

    @clause("C14")
    async def test_c14_names_are_complete(self) -> None:
        """`names` yields each record that has a name once, and what it yields can be fetched."""
        async with self.open_adapter() as adapter:
            named = [each async for each in adapter.names()]
            wanted = [one.reference for one in self.known()]
            records = (await adapter.fetch(wanted, LIMITS)).records
            sample = [each.reference for each in named[: LIMITS.rows]]
            read = references_of((await adapter.fetch(sample, LIMITS)).records) if sample else []
            declared = adapter.capability.probes & _NAMED
        _require_named(named)
        held = {r.reference for r in records if any(f.name in _NAMES for f in r.fields)}
        if declared:
            assert held <= {each.reference for each in named}, "a record with a name is not there"
        assert set(read) == set(sample), "a name of a record that is not there"

    @clause("C15")
    async def test_c15_names_can_be_left_and_begun_again(self) -> None:
        """`names` may be left at any time; each call begins anew and two do not disturb another."""
        async with self.open_adapter() as adapter:
            whole = [each.reference async for each in adapter.names()]
            outer: list[str] = []
            async for each in adapter.names():
                outer.append(each.reference)
                if len(outer) <= _TIMES:
                    await _leave_names(adapter)
            assert outer == whole
            assert [each.reference async for each in adapter.names()] == whole

    @clause("C16")
    async def test_c16_order_is_stable(self) -> None:
        """The same question gets its records in the same order."""
        async with self.open_adapter() as adapter:
            wanted = [one.reference for one in self.known()]
            first = references_of((await adapter.fetch(wanted, LIMITS)).records)
            for _ in range(3):
                again = await adapter.fetch(wanted, LIMITS)
                assert references_of(again.records) == first
            for _, probe in searched(adapter, self.known()):
                found = references_of((await adapter.search(probe, LIMITS)).records)
                again = await adapter.search(probe, LIMITS)
                assert references_of(again.records) == found


def _by_reference(records: tuple[Record, ...]) -> dict[str, Record]:
    return {record.reference: record for record in records}


def _require_same(one: Known, record: Record) -> None:
    held = [(field.name, field.value) for field in record.fields]
    for field in one.fields:
        assert (field.name, field.value) in held, f"{field.name} is not as the bank holds it"
    assert one.kind in {None, record.kind}
    assert one.handling in {None, record.handling}


def _require_named(named: list[Named]) -> None:
    assert all(isinstance(each, Named) for each in named)
    references = [each.reference for each in named]
    assert len(references) == len(set(references)), "a record was named twice"
    texts = [text for each in named for text in each.names]
    assert {type(text) for text in texts} <= {str}
    assert all(text.strip() for text in texts), "a name without text"


async def _leave_names(adapter: Adapter) -> None:
    """Begin to read the names and leave after the first."""
    names = adapter.names()
    async for _ in names:
        break
    close = getattr(names, "aclose", None)
    if close is not None:
        await close()
