"""A node that skips one proof breaks the clause of that proof, and no other."""

import pytest

from gateway.access import tokens
from gateway.access.freshness import NonceMemory, QueryWindow
from gateway.access.signatures import Domain
from gateway.access.tokens import Requester, TokenVerifier
from gateway.conformance import clause
from gateway.conformance.asker import Asker
from gateway.node import identify as module
from gateway.node.identify import Door

PROOFS = [f"N{n}" for n in range(30, 44)]


def let_pass(*args, **kwargs):
    """Stand where a check should be."""


def first_bank(self, question, bank):
    """Not look at targets."""


async def test_node_without_signature_check_breaks_its_clauses(monkeypatch, broken):
    monkeypatch.setattr(module, "verify_query", let_pass)
    assert await broken(*PROOFS) == {"N30", "N31", "N32"}


async def test_node_that_takes_any_domain_breaks_its_clause(monkeypatch, broken):
    from gateway.access import signatures

    def any_domain(payload, signature, jwk):
        signatures._verify(payload, signature, signatures.read_jwk(jwk))

    monkeypatch.setattr(module, "verify_query", any_domain)
    assert "N32" in await broken("N32")


@pytest.mark.parametrize(
    ("owner", "name", "numbers"),
    [
        (module, "require_key", {"N37"}),
        (module, "require_query", {"N38", "N41"}),
        (QueryWindow, "require_fresh", {"N39"}),
        (NonceMemory, "admit", {"N40"}),
        (Door, "_require_target", {"N42"}),
        (tokens, "require_time", {"N35"}),
        (tokens, "_verify_signature", {"N33"}),
    ],
)
async def test_node_that_skips_a_check_breaks_its_clause(monkeypatch, broken, owner, name, numbers):
    monkeypatch.setattr(owner, name, let_pass)
    assert await broken(*PROOFS) == numbers


async def test_node_that_takes_tokens_of_anybody_breaks_its_clauses(monkeypatch, broken, subject):
    def anybody(self, token):
        return subject.caller.requester

    monkeypatch.setattr(TokenVerifier, "verify", anybody)
    # A token that was never looked at is not the one that the question was made with.
    monkeypatch.setattr(module, "require_query", let_pass)
    assert await broken("N33", "N34", "N35", "N36") == {"N33", "N34", "N35", "N36"}


async def test_node_that_takes_another_audience_breaks_its_clause(monkeypatch, broken):
    read = tokens.read_claims
    monkeypatch.setattr(tokens, "read_claims", lambda claims, _: read(claims, claims["aud"]))
    assert await broken(*PROOFS) == {"N36"}


async def test_node_that_answers_for_any_bank_breaks_its_clause(monkeypatch, broken):
    identify = Door.identify

    def nearest(self, request, call):
        request.bank = next(iter(self._parts.banks))
        return identify(self, request, call)

    monkeypatch.setattr(Door, "identify", nearest)
    assert await broken(*PROOFS) == {"N43"}


async def test_clauses_that_need_a_token_key_are_untried_without(subject, world):
    import dataclasses

    from gateway.conformance.score import list_clauses, run_clauses

    caller = dataclasses.replace(subject.caller, token_key=None)
    bare = dataclasses.replace(subject, caller=caller)
    await world.start_node("KAZ")
    chosen = [c for c in list_clauses() if c.number in {"N35", "N36"}]
    states = {v.state async for v in run_clauses(bare, chosen)}
    assert states == {clause.State.UNTRIED}


async def test_question_with_one_fault_is_right_otherwise(subject, world):
    await world.start_node("KAZ")
    async with Asker(subject) as asker:
        request = asker.sign(asker.compose(), domain=Domain.QUERY)
        assert (await asker.send(request)).answer
    assert isinstance(subject.caller.requester, Requester)
