"""A node does not take the hub's word: it identifies, permits, records and signs by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind
from gateway.probe import person
from kalkan.v1 import model_pb2 as model

BANK = "KAZ/persons"
AS_OF = datetime(2026, 5, 1, tzinfo=UTC)


async def test_hit_is_scored_released_and_signed(country):
    answer = await country.ask()
    (hit,) = answer.hits
    assert answer.state == model.BANK_STATE_ANSWERED
    assert hit.record.reference == "R1"
    assert hit.record.fields[0].name.full == "Рустам Каримов"
    assert answer.granularity == model.GRANULARITY_RECORD
    assert answer.as_of_time.ToDatetime(tzinfo=UTC) == AS_OF
    assert answer.time.ToDatetime(tzinfo=UTC) == country.clock.now()
    assert len(answer.policy_epoch) == 16


async def test_intent_is_durable_before_the_bank_is_asked(country):
    seen = []
    search = country.register.search

    async def look(probe, limits):
        seen.extend(entry.kind for entry in country.entries())
        return await search(probe, limits)

    country.register.search = look
    await country.ask()
    assert seen == [Kind.INTENT]
    intent, outcome = country.entries()
    assert outcome.kind is Kind.OUTCOME
    assert intent.banks == outcome.banks == (BANK,)
    assert (intent.who, intent.rule) == ("officer", "kaz.all")
    assert (outcome.count, outcome.states[0].state) == (1, "answered")
    assert len(outcome.answer_sha256) == 64


async def test_bank_is_not_asked_where_the_ledger_cannot_write(country):
    await country.ledger.close()
    with pytest.raises(LedgerUnavailableError):
        await country.ask()
    assert country.register.limits == []


async def test_refusal_names_rule_text_and_contact_and_asks_nobody(country):
    answer = await country.ask(country.desk.compose(purpose=model.PURPOSE_ORGANISED_CRIME))
    assert answer.state == model.BANK_STATE_REFUSED
    assert answer.refusal.rule == "kaz.property"
    assert (answer.refusal.text, answer.refusal.contact.office) == ("Ask another.", "Office")
    assert country.register.limits == []
    (entry,) = country.entries()
    assert (entry.kind, entry.rule) == (Kind.REFUSAL, "kaz.property")


async def test_no_value_of_question_or_record_is_in_the_ledger(country):
    await country.ask(country.desk.compose(probes=[person("Рустам Каримов", birth="1984-05-03")]))
    stored = b"".join(entry.encode() for entry in country.entries()).decode()
    for value in ("Рустам", "1984-05", '"R1"'):  # shorter ones are in a digest by chance
        assert value not in stored
