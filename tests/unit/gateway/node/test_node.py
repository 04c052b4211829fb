"""A node does not take the hub's word: it identifies, permits, records and signs by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from adapters.contract import Result
from gateway.errors import UnwitnessedError
from gateway.ledger.custody import Custodian
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.seal import Sealer
from gateway.probe import person
from gateway.recorder import PERSONAL, Recorder
from kalkan.v1 import model_pb2 as model
from tests.kit.desk import Desk

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


@pytest.mark.parametrize("found", [True, False])
async def test_question_is_sealed_once_to_who_asks_and_the_end_to_the_owner(
    country, tmp_path, found
):
    keys = {member: generate_private_key(SECP256R1()).public_key() for member in ("KAZ", "TUR")}
    custody = {member: (Custodian("anna", key),) for member, key in keys.items()}
    sealer = Sealer(tmp_path, custody, country.clock)
    parts = country.node._parts
    parts.recorder = Recorder(country.ledger, Side.NODE, "KAZ", country.clock, sealer)
    country.desk = Desk(country.desk.federation, country.clock, member="TUR")
    country.register.result = country.register.result if found else Result(())
    call = country.call()
    await country.ask(call=call)
    ends = [(e.kind, set(e.sealed)) for e in country.entries() if e.kind is not Kind.KEY]
    assert ends == [(Kind.INTENT, {"TUR"}), (Kind.OUTCOME, {"KAZ"})]
    # What was looked for is the owner's to know where something of its own was found.
    assert set(call.facts[PERSONAL]["KAZ"]) == ({"query", "owner"} if found else {"owner"})


async def test_shadow_is_told_what_was_asked_and_how_the_bank_did(country):
    followed = []
    country.node._parts.shadows = {BANK: [SimpleNamespace(follow=followed.append)]}
    search = country.register.search

    async def take_time(probe, limits):
        country.clock.advance(0.25)
        return await search(probe, limits)

    country.register.search = take_time
    await country.ask()
    (live,) = followed
    (outcome,) = country.entries()[-1].states
    assert (live.bank, live.search_id) == (BANK, country.entries()[-1].search_id)
    assert (live.state, live.elapsed_s, outcome.elapsed_ms) == ("answered", 0.25, 250)
    assert [probe.names[0].text for probe in live.probes] == ["Рустам Каримов"]
    assert [[match.record.reference for match in found] for found in live.found] == [["R1"]]


async def test_bank_is_not_asked_where_the_ledger_cannot_write(country):
    await country.ledger.close()
    with pytest.raises(LedgerUnavailableError):
        await country.ask()
    assert country.register.limits == []


async def test_bank_is_not_asked_while_the_ledger_has_too_few_witnesses(country):
    def refuse():
        raise UnwitnessedError("too few witnesses")

    country.node._parts.require_witnessed = refuse
    with pytest.raises(UnwitnessedError):
        await country.ask()
    assert country.register.limits == []
    assert country.entries() == []


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
