from __future__ import annotations

import hashlib

import pytest

from gateway.access.signatures import Domain
from gateway.attestations import (
    MAX_ATTESTATION,
    NOTHING,
    Signed,
    read_attestation,
    require_attestation,
)
from gateway.errors import UntrustedError
from kalkan.v1 import model_pb2 as model
from kalkan.v1.attestation_pb2 import Attestation
from tests.kit.signed import expected, key_of, make_answer

ANSWER = make_answer("KAZ/persons")
DATA = ANSWER.SerializeToString()


def attest(member: str = "KAZ", domain: Domain = Domain.ATTESTATION, **changes) -> Signed:
    said = Attestation(
        federation_id=ANSWER.federation_id,
        bank=ANSWER.bank,
        query_sha256=ANSWER.query_sha256,
        state=ANSWER.state,
        answer_sha256=hashlib.sha256(DATA).digest(),
        truncated=ANSWER.truncated,
        policy_epoch=ANSWER.policy_epoch,
        ledger_index=7,
    )
    for name, value in changes.items():
        setattr(said, name, value)
    data = said.SerializeToString()
    return Signed(data, key_of(member).sign(domain, data))


def test_one_that_fits_is_accepted_and_so_is_none():
    require_attestation(NOTHING, ANSWER, DATA, expected())
    signed = attest()
    require_attestation(signed, ANSWER, DATA, expected())
    timed = make_answer("KAZ/persons")
    timed.time.FromSeconds(1_800_000_000)
    with pytest.raises(UntrustedError, match="does not fit"):
        require_attestation(signed, timed, DATA, expected())
    assert read_attestation(signed, [key_of("KAZ").public_key]).ledger_index == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"federation_id": "another"},
        {"bank": "KAZ/others"},
        {"query_sha256": bytes(32)},
        {"state": model.BANK_STATE_REFUSED},
        {"answer_sha256": bytes(32)},
        {"truncated": not ANSWER.truncated},
        {"policy_epoch": "another"},
    ],
)
def test_one_that_says_something_else_is_refused(changes):
    with pytest.raises(UntrustedError, match="does not fit"):
        require_attestation(attest(**changes), ANSWER, DATA, expected())


def test_anothers_signature_or_domain_is_refused():
    good = attest()
    wrong = [
        attest("TUR"),
        attest(domain=Domain.ANSWER),
        Signed(good.data + b"\x00", good.signature),
        Signed(good.data, ""),
        Signed(b"", good.signature),
    ]
    for signed in wrong:
        with pytest.raises(UntrustedError, match="not signed by its node"):
            require_attestation(signed, ANSWER, DATA, expected())
    with pytest.raises(UntrustedError, match="too large"):
        read_attestation(Signed(bytes(MAX_ATTESTATION + 1), ""), [])


def test_signed_bytes_that_are_no_attestation_are_refused():
    data = b"\xff\xff"
    signed = Signed(data, key_of("KAZ").sign(Domain.ATTESTATION, data))
    with pytest.raises(UntrustedError, match="not an Attestation"):
        read_attestation(signed, [key_of("KAZ").public_key])
