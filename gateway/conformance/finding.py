"""Clauses N10 to N18: what is answered, how much of it, and with which labels."""

from __future__ import annotations

from typing import Final

from gateway.conformance.asker import Asker
from gateway.conformance.clause import UntriedError, clause, require
from gateway.conformance.forms import FORMS, absent, nobody, person
from kalkan.v1 import model_pb2 as model

_LADDER: Final = (
    model.GRANULARITY_EXISTS,
    model.GRANULARITY_COUNT,
    model.GRANULARITY_REFERENCE,
    model.GRANULARITY_RECORD,
)
_MAX_RULE: Final = 100
_MAX_TEXT: Final = 300


def _known(asker: Asker) -> tuple[model.Probe, ...]:
    """What is in the bank for certain.

    Raises:
        UntriedError: Nothing was told.
    """
    if not asker.subject.known:
        raise UntriedError("tell what the bank holds: --name or --document")
    return asker.subject.known


def _odd(asker: Asker) -> model.Probe:
    """A probe of a kind that the bank does not describe.

    Raises:
        UntriedError: There is none.
    """
    odd = frozenset(FORMS) - asker.probes
    if not odd:
        raise UntriedError("the bank searches for every kind")
    return absent(odd)


def _require_answered(answer: model.Answer) -> None:
    """What is known is found; the text helps who chose a purpose that is not served."""
    rule = answer.refusal.rule[:_MAX_RULE]
    told = f"refused by {rule}: choose another --purpose" if rule else "not found"
    require(answer.state == model.BANK_STATE_ANSWERED, f"what the bank holds was {told}")


@clause("N10", safety=True)
async def answer_holds(asker: Asker) -> None:
    """Answers a right question, and signs for this question, this bank and this federation."""
    answer = await asker.ask(asker.compose())
    require(answer.HasField("time"), "the answer does not say when it was made")
    require(len(answer.policy_epoch) <= _MAX_RULE, "the name of the policy is too long")


@clause("N11")
async def known_is_found(asker: Asker) -> None:
    """Finds what is in the bank."""
    for probe in _known(asker):
        _require_answered(await asker.ask(asker.compose(probe)))


@clause("N12")
async def nothing_is_no_hit(asker: Asker) -> None:
    """Ends as no hit where it searched and found nothing."""
    form = await asker.find_absent()
    answer = await asker.ask(asker.compose(form(nobody())))
    rule = answer.refusal.rule[:_MAX_RULE]
    told = f"refused by {rule}" if rule else model.BankState.Name(answer.state)
    require(answer.state == model.BANK_STATE_NO_HIT, f"what nobody holds ended as {told}")


@clause("N13")
async def incapable_is_said(asker: Asker) -> None:
    """Ends as not capable for a kind of probe that it does not describe."""
    answer = await asker.ask(asker.compose(_odd(asker)))
    silent = answer.state == model.BANK_STATE_NO_HIT
    require(not silent, "no hit was claimed for what the bank cannot search")
    right = answer.state in {model.BANK_STATE_NOT_CAPABLE, model.BANK_STATE_REFUSED}
    require(right, f"it ended as {model.BankState.Name(answer.state)}")


@clause("N14")
async def limit_is_kept(asker: Asker) -> None:
    """Gives no more hits than the limit, and says where there were more."""
    for probe in _known(asker):
        every = await asker.ask(asker.compose(probe, limit=100))
        first = await asker.ask(asker.compose(probe, limit=1))
        more = len(every.hits) > 1
        require(first.truncated or not more, "there was more, and truncated is not set")


@clause("N15", safety=True)
async def granularity_is_not_raised(asker: Asker) -> None:
    """Gives no more than the granularity that was asked for."""
    for probe in _known(asker):
        for asked in _LADDER:
            answer = await asker.ask(asker.compose(probe, granularity=asked))
            _require_answered(answer)
            if answer.granularity == model.GRANULARITY_EXISTS:
                counted = any(tally.count for tally in answer.tallies) or answer.truncated
                require(not counted, "a count came with an answer that only says whether")
            if answer.granularity == model.GRANULARITY_COUNT:
                require(all(t.count for t in answer.tallies), "a count of none is a tally")


@clause("N16", safety=True)
async def hits_are_labelled(asker: Asker) -> None:
    """Labels each hit and field, and explains by nothing that was not released."""
    for probe in _known(asker):
        for asked in (model.GRANULARITY_REFERENCE, model.GRANULARITY_RECORD):
            answer = await asker.ask(asker.compose(probe, granularity=asked))
            _require_answered(answer)
            scores = [hit.score for hit in answer.hits]
            require(scores == sorted(scores, reverse=True), "the best hit does not come first")
            for hit in answer.hits:
                released = {field.field for field in hit.record.fields}
                told = all(reason.field in released for reason in hit.reasons)
                require(told, "a reason names a field that was not released")
                require(hit.band, "a hit has no band")


@clause("N17", safety=True)
async def refusal_names_rule(asker: Asker) -> None:
    """Refuses what the baseline forbids: names the rule, and shows nothing of any record."""
    people = [probe for probe in asker.subject.known if probe.HasField("person")]
    answers = [await _ask_forbidden(asker, p) for p in (person("Zzqxv Wjkvqx"), *people)]
    for answer in answers:
        _require_refusal(answer)
    alike = len({answer.refusal.SerializeToString(deterministic=True) for answer in answers}) == 1
    require(alike, "the refusal depends on who was asked for")


async def _ask_forbidden(asker: Asker, probe: model.Probe) -> model.Answer:
    """Look for a person as if for stolen property, which the baseline forbids."""
    query = asker.compose(probe, purpose=model.PURPOSE_STOLEN_PROPERTY)
    return await asker.ask(query)


def _require_refusal(answer: model.Answer) -> None:
    state = model.BankState.Name(answer.state)
    require(answer.state == model.BANK_STATE_REFUSED, f"a forbidden question ended as {state}")
    refusal = answer.refusal
    named = 0 < len(refusal.rule) <= _MAX_RULE and refusal.rule.isprintable()
    require(named, "the rule is not named in 1 to 100 characters")
    require(len(refusal.text) <= _MAX_TEXT, "the explanation is too long")
    require(not answer.truncated, "a refusal depends on the request alone")


@clause("N18")
async def repeat_is_same_search(asker: Asker) -> None:
    """Takes the same bytes again for the same search."""
    query = asker.compose(*asker.subject.known[:1])
    request = asker.sign(query)
    answers = [await asker.ask_signed(query, request) for _ in range(2)]
    first, again = (
        (answer.state, [hit.record.reference for hit in answer.hits]) for answer in answers
    )
    require(first == again, "the same bytes were answered in another way")
