"""A shadow tells numbers, and whatever goes wrong in it stays there."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from adapters.banks.memory import SAMPLE, Memory, MemoryAdapter
from adapters.contract import (
    BankFaultError,
    DocumentProbe,
    FieldName,
    PartialDate,
    PersonName,
    PersonProbe,
    ProbeKind,
    Result,
    VehicleProbe,
)
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_entries
from gateway.node import shadow as module
from gateway.node.bank import Bank, Titles
from gateway.node.scoring import Match
from gateway.node.shadow import Live, Means, Shadow
from gateway.recorder import Recorder

SECRET = "N1234567"
PROBE = DocumentProbe(SECRET)
INDEX_KEY = b"\x01" * 32


class Trial(MemoryAdapter):
    """A bank on trial that does one thing when it is asked."""

    def __init__(self, act=None):
        super().__init__(Memory(SAMPLE))
        self.act = act
        self.asked = asyncio.Event()

    async def search(self, probe, limits):
        self.asked.set()
        return await (self.act(probe) if self.act else super().search(probe, limits))


async def hangs(probe):
    await asyncio.Event().wait()


async def raises(probe):
    raise RuntimeError(f"SELECT * FROM people WHERE passport = '{probe.number}'")


async def fails(probe):
    raise BankFaultError("the bank's answer does not fit")


async def lies(probe):
    return Result(("not a record",))


def live(probe=PROBE, kind=ProbeKind.DOCUMENT, found=(), state="no_hit"):
    return Live(
        bank="KAZ/persons",
        search_id="ab" * 16,
        kind=kind,
        probes=(probe,),
        found=(tuple(Match(record, 1.0, ()) for record in found),),
        state=state,
        elapsed_s=0.25,
    )


@pytest.fixture
async def trial(clock, tmp_path):
    """Shadows with a real ledger; each is closed at the end."""
    ledger = await Ledger.open(tmp_path / "ledger", clock)
    shadows = []

    @asynccontextmanager
    async def everything():
        with ThreadPoolExecutor(2) as workers:
            means = Means(Recorder(ledger, Side.NODE, "KAZ", clock), clock, workers)

            async def begin(adapter, deadline_s=60.0):
                async def open_bank():
                    if isinstance(adapter, Exception):
                        raise adapter
                    return Bank("shadow:KAZ/new", adapter, Titles("", "", "", ""), workers)

                shadow = Shadow("shadow:KAZ/new", open_bank, means=means, deadline_s=deadline_s)
                shadows.append(shadow)
                await shadow.prepare(tmp_path / "index", INDEX_KEY)
                return shadow

            yield begin
            for shadow in shadows:
                await shadow.close()

    async with everything() as begin:
        yield begin, lambda: [e for _, e in read_entries(tmp_path / "ledger")]
    await ledger.close()


async def follow(shadow, *questions):
    for question in questions:
        shadow.follow(question)
    await asyncio.gather(*shadow._running)


async def test_shadow_that_finds_the_same_is_told_in_counts(trial):
    begin, entries = trial
    await follow(await begin(Trial()), live(found=SAMPLE[:1], state="answered"))
    [entry] = entries()
    assert (entry.kind, entry.action, entry.count) == (Kind.ADMIN, "shadow", 1)
    assert entry.search_id == "ab" * 16
    ours, theirs = entry.states
    assert (ours.bank, ours.state, ours.hits, ours.elapsed_ms) == (
        *("KAZ/persons", "answered"),
        *(1, 250),
    )
    assert (theirs.bank, theirs.state, theirs.hits) == ("shadow:KAZ/new", "answered", 1)


async def test_shadow_that_finds_more_or_less_is_told_in_counts(trial):
    begin, entries = trial
    shadow = await begin(Trial())
    await follow(shadow, live())
    await follow(shadow, live(DocumentProbe("N0000000"), found=SAMPLE[1:2], state="answered"))
    more, less = entries()
    assert (more.count, [s.hits for s in more.states]) == (0, [0, 1])
    assert (less.count, [s.hits for s in less.states]) == (0, [1, 0])
    assert less.states[1].state == "no_hit"


async def test_shadow_finds_names_through_an_index_of_its_own(trial):
    begin, entries = trial
    probe = PersonProbe((PersonName(full="Айгүл Нұрланова"),))
    await follow(await begin(Trial()), live(probe, ProbeKind.PERSON))
    assert entries()[0].states[1].hits == 1


@pytest.mark.parametrize(
    ("act", "state", "reason"),
    [
        (hangs, "timed_out", ""),
        (raises, "faulty", "INTERNAL"),
        (lies, "faulty", "INTERNAL"),
        (fails, "unavailable", BankFaultError.reason),
    ],
)
async def test_fault_of_a_shadow_becomes_a_state(trial, caplog, act, state, reason):
    begin, entries = trial
    shadow = await begin(Trial(act), deadline_s=0.01 if act is hangs else 60.0)
    with caplog.at_level(logging.INFO):
        await follow(shadow, live(found=SAMPLE[:1], state="answered"))
    [entry] = entries()
    assert (entry.states[1].state, entry.reason, entry.count) == (state, reason, 0)
    assert f"shadow:KAZ/new beside KAZ/persons: {state}" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in str(entry)


async def test_shadow_that_cannot_search_for_it_is_not_capable(trial):
    begin, entries = trial
    await follow(await begin(Trial()), live(VehicleProbe("A1"), ProbeKind.VEHICLE))
    assert entries()[0].states[1].state == "not_capable"


async def test_shadow_that_cannot_be_opened_is_unavailable(trial, caplog):
    begin, entries = trial
    shadow = await begin(ValueError(SECRET))
    await follow(shadow, live())
    assert entries()[0].states[1].state == "unavailable"
    assert "cannot be prepared: ValueError" in caplog.text
    assert SECRET not in caplog.text


async def test_slow_shadow_is_not_asked_without_end(trial, monkeypatch, caplog):
    monkeypatch.setattr(module, "MAX_RUNNING", 2)
    begin, entries = trial
    shadow = await begin(Trial(hangs))
    for _ in range(5):
        shadow.follow(live())
    assert (len(shadow._running), shadow.left_out) == (2, 3)
    await shadow.close()
    assert "too slow for 3 questions" in caplog.text
    assert entries() == []


async def test_shadow_that_does_not_let_itself_be_stopped_holds_nobody_up(trial, monkeypatch):
    freed = asyncio.Event()

    async def stubborn(probe):
        while not freed.is_set():
            try:
                await freed.wait()
            except asyncio.CancelledError:
                continue
        return Result(())

    monkeypatch.setattr(module, "CLOSE_S", 0.01)
    begin, _ = trial
    adapter = Trial(stubborn)
    shadow = await begin(adapter)
    shadow.follow(live())
    await adapter.asked.wait()
    running = tuple(shadow._running)
    await shadow.close()
    freed.set()
    await asyncio.gather(*running, return_exceptions=True)


async def test_started_shadow_prepares_itself_and_is_stopped(trial, tmp_path):
    begin, entries = trial
    shadow = await begin(Trial())
    shadow.start(tmp_path / "index", INDEX_KEY)
    await shadow.close()
    assert shadow._keeping.done()
    assert entries() == []


@pytest.mark.parametrize("strict", [True, False])
async def test_shadow_decides_by_its_own_dates(trial, strict):
    begin, entries = trial
    adapter = Trial()
    if strict:
        decides = frozenset({FieldName.BIRTH_DATE})
        adapter._capability = replace(adapter.capability, strict=decides)
    name = SAMPLE[0].values(FieldName.NAME)[0]
    asked = PersonProbe((name,), PartialDate(1901, 2, 3))
    await follow(await begin(adapter), live(asked, ProbeKind.PERSON))
    assert entries()[-1].states[1].hits == (0 if strict else 1)
