"""The smallest adapter; its conformance is in tests/conformance."""

import pytest

from adapters.banks.memory import MADE_FOR, SAMPLE, Memory, MemoryAdapter, open_adapter
from adapters.contract import (
    API_VERSION,
    DocumentProbe,
    Limits,
    OrganisationProbe,
    QueryRejectedError,
)

LIMITS = Limits(rows=1, timeout_s=60)


async def test_records_are_found_by_document():
    adapter = MemoryAdapter(Memory(reversed(SAMPLE)))
    result = await adapter.search(DocumentProbe("N7654321"), LIMITS)
    assert [record.reference for record in result.records] == ["P-2"]


async def test_records_are_in_the_order_of_references():
    adapter = MemoryAdapter(Memory(reversed(SAMPLE)))
    result = await adapter.fetch(["P-3", "P-1"], LIMITS)
    assert [record.reference for record in result.records] == ["P-1"]
    assert result.truncated


async def test_what_it_cannot_is_rejected():
    with pytest.raises(QueryRejectedError):
        await MemoryAdapter(Memory(())).search(OrganisationProbe("x"), LIMITS)


async def test_plugin_opens(tmp_path):
    adapter = await open_adapter({}, tmp_path)
    assert [named.reference async for named in adapter.names()] == ["P-1", "P-2", "P-3"]
    assert MADE_FOR == API_VERSION
