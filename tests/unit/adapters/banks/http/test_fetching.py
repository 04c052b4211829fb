"""Records are read one by one, and a reference becomes part of a path or is unknown."""

from __future__ import annotations

import asyncio

import pytest

from adapters.banks.http.fetching import REFERENCES, fetch_each, path_of
from adapters.contract import BankFaultError, QueryRejectedError, Record, RecordKind
from adapters.mapping.records import MAX_REFERENCE


def make(reference):
    return Record(reference, RecordKind.WANTED, ())


async def test_known_records_come_in_the_order_of_their_references_each_once():
    asked = []

    async def get(reference):
        asked.append(reference)
        return None if reference == "gone" else make(reference)

    result = await fetch_each(["b", "gone", "a", "b", "c"], get, 2)
    assert [record.reference for record in result.records] == ["b", "a"]
    assert result.truncated
    assert asked == ["b", "gone", "a", "c"]
    assert not (await fetch_each(["a", "b"], get, 2)).truncated


async def test_error_is_told_as_it_is_and_ends_the_others():
    ended = []

    async def get(reference):
        if reference == "bad":
            raise BankFaultError("broken")
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(reference)

    with pytest.raises(BankFaultError, match="broken"):
        await fetch_each(["a", "bad", "b"], get, 10)
    assert sorted(ended) == ["a", "b"]  # a group ends its tasks in no order of its own


async def test_more_references_than_the_limit_are_refused_before_any_is_read():
    async def get(reference):
        raise AssertionError(reference)

    with pytest.raises(QueryRejectedError, match="1000"):
        await fetch_each(["a"] * (REFERENCES + 1), get, 10)


@pytest.mark.parametrize("reference", ["", ".", "..", "x" * (MAX_REFERENCE + 1), "\ud800"])
def test_reference_that_can_be_part_of_no_path_is_unknown(reference):
    assert path_of("/people/{reference}", reference) is None


def test_reference_stays_one_part_of_the_path():
    assert path_of("/people/{reference}/all", "a/b?c#d %") == "/people/a%2Fb%3Fc%23d%20%25/all"
    assert path_of("/people/{reference}", "...") == "/people/..."
    assert path_of("/people/{reference}", "x" * MAX_REFERENCE) is not None
