"""A node or a hub that lies about what a node attested is caught at once, by hub and by client."""

from __future__ import annotations

import hashlib

import pytest

from gateway.access.signatures import Domain
from gateway.clock import ManualClock
from gateway.errors import UntrustedError
from gateway.events import Reader
from gateway.hub.breaker import Breaker
from gateway.hub.fanout import FanOut, Leg
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from kalkan.v1.attestation_pb2 import Attestation
from tests.kit.links import Node, answers
from tests.kit.logs import NOON
from tests.kit.signed import DIGEST, ID, expected, key_of, make_answer, seal
from tests.unit.gateway.hub.test_fanout import make_ask

BANK = "KAZ/persons"


def attest(answer: model.Answer, data: bytes, signer: str = "KAZ", **changes) -> tuple[bytes, str]:
    said = Attestation(
        federation_id=answer.federation_id,
        bank=answer.bank,
        query_sha256=answer.query_sha256,
        state=answer.state,
        answer_sha256=hashlib.sha256(data).digest(),
    )
    for name, value in changes.items():
        setattr(said, name, value)
    signed = said.SerializeToString()
    return signed, key_of(signer).sign(Domain.ATTESTATION, signed)


def node_that(**changes):
    async def act(asked):
        response = await answers(asked, hits=0)
        answer = model.Answer.FromString(response.answer)
        signed = attest(answer, response.answer, **changes)
        response.attestation, response.attestation_signature = signed
        return response

    return Node(act)


async def ask(node):
    clock = ManualClock(NOON)
    fanout = FanOut(clock, Breaker(clock))
    ends = [end async for end in fanout.run([Leg(BANK, node)], make_ask(), 1e9)]
    return ends[0]


async def test_the_hub_passes_on_what_fits():
    end = await ask(node_that())
    assert end.state == model.BANK_STATE_NO_HIT
    assert end.attestation
    assert end.attestation_signature


@pytest.mark.parametrize(
    "changes",
    [{"state": model.BANK_STATE_ANSWERED}, {"answer_sha256": bytes(32)}, {"signer": "TUR"}],
)
async def test_a_node_that_contradicts_itself_is_faulty(changes):
    end = await ask(node_that(**changes))
    assert (end.state, end.attestation) == (model.BANK_STATE_FAULTY, b"")


def read(in_event: tuple[bytes, str], in_receipt: tuple[bytes, str]):
    """Read a search of one bank as a client does."""
    data, signature = seal(make_answer(BANK))
    names = ("attestation", "attestation_signature")
    state = model.BANK_STATE_NO_HIT
    end = wire.BankEnded(bank=BANK, state=state, answer=data, answer_signature=signature)
    coverage = wire.Coverage(bank=BANK, state=state, answer_sha256=hashlib.sha256(data).digest())
    for message, signed in ((end, in_event), (coverage, in_receipt)):
        for name, value in zip(names, signed, strict=True):
            setattr(message, name, value)
    receipt = wire.Receipt(
        search_id=DIGEST[:16].hex(),
        federation_id=ID,
        query_sha256=DIGEST,
        complete=True,
        coverage=[coverage],
    ).SerializeToString()
    ended = wire.Ended(
        receipt=receipt, receipt_signature=key_of("HUB").sign(Domain.RECEIPT, receipt)
    )
    reader = Reader(expected(), (key_of("HUB").public_key,), (BANK,))
    reader.bank_end(end)
    return reader.ended(ended)


def test_the_client_holds_event_and_receipt_against_each_other():
    answer = make_answer(BANK)
    good = attest(answer, answer.SerializeToString())
    assert read(good, good).complete
    assert read((b"", ""), (b"", "")).complete
    another = attest(answer, answer.SerializeToString(), ledger_index=9)
    for in_receipt in (another, (b"", ""), (good[0], another[1])):
        with pytest.raises(UntrustedError, match="another attestation"):
            read(good, in_receipt)
    with pytest.raises(UntrustedError, match="another attestation"):
        read((b"", ""), good)


def test_the_client_refuses_what_the_node_did_not_sign():
    answer = make_answer(BANK)
    data = answer.SerializeToString()
    for forged in (
        attest(answer, data, signer="HUB"),
        attest(answer, data, state=model.BANK_STATE_REFUSED),
    ):
        with pytest.raises(UntrustedError):
            read(forged, forged)
