"""A node whose bank is not asked as it was described breaks the clause of that."""

import dataclasses
import itertools
from datetime import date

import pytest

from adapters.contract import DocumentProbe
from gateway.conformance.forms import FORMS
from gateway.conformance.score import list_clauses, run_clauses
from gateway.conformance.truth import _hostile_probes, _slips
from gateway.node import describe as module
from gateway.node import scoring, sieve
from gateway.node.bank import Bank
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

TRUTH = ("N24", "N25", "N26", "N27", "N28")


async def test_node_that_describes_too_much_breaks_its_clause(monkeypatch, broken):
    describe = module._describe

    def boast(bank):
        told = describe(bank)
        told.probes.append(wire.PROBE_KIND_VEHICLE)
        return told

    monkeypatch.setattr(module, "_describe", boast)
    assert "N24" in await broken("N24")


async def test_node_that_takes_a_text_for_a_pattern_breaks_its_clause(monkeypatch, broken):
    search = Bank.search

    async def loose(self, probe, limits):
        if isinstance(probe, DocumentProbe) and "OR" in probe.number:
            return await search(self, DocumentProbe("N10000001"), limits)
        return await search(self, probe, limits)

    def everything(probe, records):
        return [scoring.Match(record, 1.0, ()) for record in records]

    monkeypatch.setattr(Bank, "search", loose)
    monkeypatch.setattr(sieve, "score_records", everything)
    assert "N25" in await broken("N25")


async def test_node_that_falls_over_a_text_breaks_its_clause(monkeypatch, broken):
    from adapters.contract import BankUnavailableError

    search = Bank.search

    async def fragile(self, probe, limits):
        if isinstance(probe, DocumentProbe) and "DROP" in probe.number:
            raise BankUnavailableError("the bank did not understand")
        return await search(self, probe, limits)

    monkeypatch.setattr(Bank, "search", fragile)
    assert await broken(*TRUTH) == {"N25"}


async def test_node_that_compares_the_beginning_of_numbers_breaks_its_clause(monkeypatch, broken):
    search = Bank.search

    async def begin(self, probe, limits):
        if isinstance(probe, DocumentProbe) and probe.number.startswith("N10000001"):
            probe = DocumentProbe("N10000001")
        return await search(self, probe, limits)

    def everything(probe, records):
        return [scoring.Match(record, 1.0, ()) for record in records]

    monkeypatch.setattr(Bank, "search", begin)
    monkeypatch.setattr(sieve, "score_records", everything)
    assert await broken("N26") == {"N26"}


@pytest.mark.parametrize("what", ["kinds", "fields"])
async def test_node_that_describes_too_little_breaks_its_clause(monkeypatch, broken, what):
    describe = module._describe

    def hide(bank):
        told = describe(bank)
        told.ClearField(what)
        told.kinds.extend([model.RECORD_KIND_MISSING] * (what == "kinds"))
        told.fields.extend([model.FIELD_NAME_VIN] * (what == "fields"))
        return told

    monkeypatch.setattr(module, "_describe", hide)
    assert await broken(*TRUTH) == {"N27"}


async def test_node_that_gives_another_order_each_time_breaks_its_clause(finish, broken):
    calls = itertools.count()

    def rename(answer, asked):
        turn = next(calls)
        for hit in answer.hits:
            hit.record.reference = f"{hit.record.reference}-{turn}"

    finish(rename)
    assert "N28" in await broken("N27", "N28")


async def test_node_that_gives_a_record_twice_breaks_its_clause(finish, broken):
    def twice(answer, asked):
        answer.hits.extend(answer.hits[:1])

    finish(twice)
    assert "N28" in await broken("N28")


async def test_number_cannot_be_tried_without_a_document(subject, world):
    await world.start_node("KAZ")
    bare = dataclasses.replace(subject, known=subject.known[:1])
    chosen = [c for c in list_clauses() if c.number == "N26"]
    [verdict] = [v async for v in run_clauses(bare, chosen)]
    assert verdict.state == "untried"
    assert "--document" in verdict.reason


@pytest.mark.parametrize("number", ["N1234567", "N1234563"])
def test_slips_are_other_numbers(number):
    assert len({number, *_slips(number)}) == 3


def test_corpus_reaches_every_kind():
    forms = [form for kind in FORMS.values() for form in kind]
    probes = list(_hostile_probes(forms, date(2026, 7, 1)))
    kinds = [probe.WhichOneof("probe") for probe in probes]
    assert all(kinds.count(kind) > 10 for kind in ("person", "document", "vehicle"))
    assert {"organisation", "identifier"} <= set(kinds)
