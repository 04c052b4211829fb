"""A hidden bank is searched whatever happens, and shows in nothing but what is released of it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from adapters.contract import (
    BankFaultError,
    BankTimeoutError,
    DocumentProbe,
    Field,
    FieldName,
    Limits,
    ProbeKind,
    Record,
    RecordKind,
    Result,
    VehicleProbe,
)
from gateway.node.bank import Bank, Titles
from gateway.node.hidden import Behind, Found, Hidden, search_all
from tests.unit.gateway.node.conftest import AS_OF, CAPABILITY, make_record

LIMITS = Limits(10, 1.0)
PROBE = DocumentProbe("N1")
SEEN = make_record("R1", "Visible")
SECRET = make_record("S1", "Secret")


@dataclass
class Adapter:
    """Finds one thing, or fails, or never ends."""

    result: Result = field(default_factory=lambda: Result(()))
    error: Exception | None = None
    hangs: bool = False
    capability: object = CAPABILITY
    asked: list = field(default_factory=list)

    async def search(self, probe, limits):
        self.asked.append((probe, limits))
        if self.error:
            raise self.error
        if self.hangs:
            await asyncio.Event().wait()
        return self.result


def host(adapter, name="KAZ/persons"):
    return Bank(name, adapter, Titles("", "", "", ""), ThreadPoolExecutor(1))


def behind(adapter, *, released=True, deadline_s=1.0):
    return Behind(Hidden(host(adapter, "KAZ/special"), deadline_s), released)


async def search(visible, *hidden, probe=PROBE):
    return await search_all(host(visible), hidden, probe, LIMITS)


async def test_without_a_hidden_bank_the_result_is_the_banks_own():
    result = Result((SEEN,), truncated=True)
    assert await search(Adapter(result)) == Found(result)


async def test_released_record_follows_those_of_the_visible_bank():
    result = Result((SEEN,), truncated=True)
    found = await search(Adapter(result), behind(Adapter(Result((SECRET,)))))
    assert [record.reference for record in found.records] == ["R1", "S1"]
    assert found.own == result


async def test_record_that_is_not_released_is_searched_for_and_not_there():
    adapter = Adapter(Result((SECRET,), truncated=True))
    found = await search(Adapter(Result((SEEN,))), behind(adapter, released=False))
    assert found == Found(Result((SEEN,)))
    assert len(adapter.asked) == 1


async def test_record_has_kinds_and_fields_of_the_visible_bank_alone():
    other = Record("S2", RecordKind.SUSPECTED_TERRORIST, ())
    more = replace(
        SECRET, fields=(*SECRET.fields, Field(FieldName.REMARK, "secret remark")), as_of=AS_OF
    )
    found = await search(Adapter(), behind(Adapter(Result((other, more)))))
    (record,) = found.records
    assert {f.name for f in record.fields} == {FieldName.NAME}
    assert record.as_of == AS_OF  # rules for records may ask for it; the sieve takes it away


@pytest.mark.parametrize(
    "adapter",
    [
        Adapter(error=BankFaultError("x")),
        Adapter(error=BankTimeoutError("x")),
        Adapter(error=KeyError("x")),
        Adapter(hangs=True),
        Adapter(Result((SECRET,)), capability=replace(CAPABILITY, probes=frozenset())),
    ],
    ids=["fault", "timeout", "error", "hangs", "cannot"],
)
async def test_trouble_of_a_hidden_bank_is_nobodys(adapter, caplog):
    found = await search(Adapter(Result((SEEN,))), behind(adapter, deadline_s=0.01))
    assert found == Found(Result((SEEN,)))
    assert "'x'" not in caplog.text


async def test_trouble_of_the_visible_bank_is_its_own():
    hidden = Adapter(Result((SECRET,)))
    with pytest.raises(BankFaultError):
        await search(Adapter(error=BankFaultError("x")), behind(hidden))
    assert len(hidden.asked) == 1


async def test_both_are_asked_at_the_same_time():
    order = asyncio.Event()

    class Waits(Adapter):
        async def search(self, probe, limits):
            await order.wait()
            return Result((SEEN,))

    class Frees(Adapter):
        async def search(self, probe, limits):
            order.set()
            return Result((SECRET,))

    found = await search(Waits(), behind(Frees()), probe=PROBE)
    assert len(found.records) == 2


async def test_probe_that_the_hidden_bank_does_not_take_is_not_handed_to_it():
    adapter = Adapter()
    assert ProbeKind.VEHICLE not in CAPABILITY.probes
    await search(Adapter(), behind(adapter), probe=VehicleProbe("A1"))
    assert adapter.asked == []
