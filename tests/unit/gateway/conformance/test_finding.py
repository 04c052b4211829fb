"""A node that answers wrongly in one way breaks the clause of that way."""

import dataclasses

from gateway.access.signatures import Domain, SigningKey
from gateway.conformance.score import list_clauses, run_clauses
from gateway.node import node as module
from gateway.node import release, sieve
from kalkan.v1 import model_pb2 as model

ANSWERS = [f"N{n}" for n in range(10, 19)]


async def test_node_that_signs_for_something_else_breaks_its_clause(monkeypatch, broken):
    sign = SigningKey.sign

    def wrong(self, domain, payload):
        return sign(self, Domain.RECEIPT if domain is Domain.ANSWER else domain, payload)

    monkeypatch.setattr(SigningKey, "sign", wrong)
    assert "N10" in await broken("N10")


async def test_node_that_answers_another_question_breaks_its_clause(finish, broken):
    finish(lambda answer, _: setattr(answer, "query_sha256", bytes(32)))
    assert "N10" in await broken("N10")


async def test_node_that_finds_nothing_breaks_its_clause(monkeypatch, broken):
    monkeypatch.setattr(sieve, "score_records", lambda *_: [])
    found = await broken(*ANSWERS)
    assert "N11" in found
    assert not found & {"N10", "N12", "N13", "N17"}


async def test_node_that_claims_no_hit_for_what_it_cannot_search_breaks_its_clause(finish, broken):
    def claim(answer, asked):
        if answer.state == model.BANK_STATE_NOT_CAPABLE:
            answer.state = model.BANK_STATE_NO_HIT

    finish(claim)
    assert await broken(*ANSWERS) == {"N13"}


async def test_node_that_ends_an_empty_search_as_unavailable_breaks_its_clause(finish, broken):
    def claim(answer, asked):
        if answer.state == model.BANK_STATE_NO_HIT:
            answer.state = model.BANK_STATE_UNAVAILABLE

    finish(claim)
    assert await broken(*ANSWERS) == {"N12"}


async def test_node_that_ignores_the_limit_breaks_its_clause(finish, broken, subject):
    def twice(answer, asked):
        answer.hits.extend(answer.hits[:1])

    finish(twice)
    assert "N14" in await broken("N14")


async def test_node_that_hides_that_there_was_more_breaks_its_clause(finish, broken):
    def hide(answer, asked):
        if asked.question.limit > 1:
            answer.hits.extend(answer.hits[:1])
        answer.truncated = False

    finish(hide)
    assert await broken("N14") == {"N14"}


async def test_node_that_gives_more_than_was_asked_breaks_its_clause(monkeypatch, broken):
    begin = module.begin_answer

    def generous(parts, asked, decision):
        answer = begin(parts, asked, decision)
        answer.granularity = model.GRANULARITY_RECORD
        return answer

    monkeypatch.setattr(module, "begin_answer", generous)
    found = await broken(*ANSWERS)
    assert "N15" in found
    assert not found & {"N10", "N11", "N12", "N13", "N14", "N17", "N18"}


async def test_node_that_counts_where_it_may_only_say_whether_breaks_its_clause(finish, broken):
    def count(answer, asked):
        for tally in answer.tallies:
            tally.count = 3

    finish(count)
    assert await broken(*ANSWERS) == {"N15"}


async def test_node_without_labels_breaks_its_clause(monkeypatch, broken):
    monkeypatch.setattr(release, "write_handling", lambda _: model.Handling())
    assert "N16" in await broken("N16")


async def test_node_that_explains_by_what_it_withheld_breaks_its_clause(finish, broken):
    def explain(answer, asked):
        for hit in answer.hits:
            hit.reasons.add(field=model.FIELD_NAME_ADDRESS, verdict=model.VERDICT_EXACT)

    finish(explain)
    assert await broken(*ANSWERS) == {"N16"}


async def test_node_whose_refusal_tells_of_a_record_breaks_its_clause(finish, broken):
    def tell(answer, asked):
        named = asked.question.query.probes[0].person.names
        if answer.state == model.BANK_STATE_REFUSED and "Рустам" in str(named[0].full):
            answer.refusal.text = "This person is under protection."

    finish(tell)
    assert await broken(*ANSWERS) == {"N17"}


async def test_node_without_the_baseline_breaks_its_clause(finish, broken):
    def permit(answer, asked):
        if answer.state == model.BANK_STATE_REFUSED:
            answer.state = model.BANK_STATE_NO_HIT
            answer.ClearField("refusal")

    finish(permit)
    assert await broken(*ANSWERS) == {"N17"}


async def test_node_that_refuses_repeats_breaks_its_clause(monkeypatch, broken):
    from gateway.access.errors import NonceReusedError
    from gateway.access.freshness import NonceMemory

    seen = set()

    def admit(self, bank, nonce, digest, at):
        if nonce in seen:
            raise NonceReusedError("the nonce was used before")
        seen.add(nonce)

    monkeypatch.setattr(NonceMemory, "admit", admit)
    assert await broken(*ANSWERS) == {"N18"}


async def test_clauses_of_hits_are_untried_where_nothing_is_known(subject, world):
    await world.start_node("KAZ")
    bare = dataclasses.replace(subject, known=())
    chosen = [c for c in list_clauses() if c.number in ANSWERS]
    found = {v.clause.number: v.state async for v in run_clauses(bare, chosen)}
    untried = {number for number, state in found.items() if state == "untried"}
    assert untried == {"N11", "N14", "N15", "N16"}
    assert {state for number, state in found.items() if number not in untried} == {"kept"}
