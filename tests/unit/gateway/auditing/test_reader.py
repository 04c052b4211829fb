"""Who may read a ledger, and whose entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.access.errors import (
    AccessError,
    PeerForbiddenError,
    TokenInvalidError,
    TokenRevokedError,
    TokenUnboundError,
)
from gateway.auditing.reader import AUDITOR, KEEPER, Readers, Standing, token_of
from gateway.clock import ManualClock
from gateway.errors import PolicyRefusedError
from gateway.ledger.filter import Scope
from tests.kit.desk import Desk
from tests.kit.signed import make_federation


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 21, 8, 0, tzinfo=UTC))


@pytest.fixture
def federation():
    return make_federation()


def desk(federation, clock, *roles):
    return Desk(federation, clock, roles=roles)


def test_auditor_of_a_member_reads_its_own_at_the_hub(federation, clock):
    reader = Readers(federation, clock).identify(desk(federation, clock, "auditor").call(), AUDITOR)
    assert (reader.member, reader.scope) == ("KAZ", Scope("KAZ"))


def test_auditor_of_oversight_reads_all_at_the_hub(federation, clock):
    hub = federation.hub.model_copy(update={"oversight": ("KAZ",)})
    overseen = federation.model_copy(update={"hub": hub})
    call = desk(federation, clock, "auditor").call()
    assert Readers(overseen, clock).identify(call, AUDITOR).scope.whole


def test_node_is_read_whole_by_its_own_member_alone(federation, clock):
    call = desk(federation, clock, "auditor").call()
    assert Readers(federation, clock, owner="KAZ").identify(call, AUDITOR).scope.whole
    with pytest.raises(PolicyRefusedError) as caught:
        Readers(federation, clock, owner="TUR").identify(call, AUDITOR)
    assert caught.value.metadata == {"rule": "ledger.own_member"}


def test_reader_needs_the_role_and_is_remembered_when_refused(federation, clock):
    for role, roles in (("investigator", KEEPER), ("custodian", AUDITOR)):
        call = desk(federation, clock, role).call()
        with pytest.raises(PolicyRefusedError) as caught:
            Readers(federation, clock).identify(call, roles)
        assert caught.value.metadata == {"rule": "ledger.auditor"}
        assert call.facts["who"] == "officer"
    call = desk(federation, clock, "custodian").call()
    assert Readers(federation, clock).identify(call, KEEPER).member == "KAZ"


@pytest.mark.parametrize("role", ["hub", "node"])
def test_reader_comes_with_a_clients_certificate(federation, clock, role):
    with pytest.raises(PeerForbiddenError):
        Readers(federation, clock).identify(desk(federation, clock, "auditor").call(role), AUDITOR)


def test_reader_needs_a_bearer_token(federation, clock):
    with pytest.raises(TokenInvalidError, match="bearer"):
        token_of(desk(federation, clock, "auditor").call(metadata=(("authorization", "Basic x"),)))


def test_token_is_bound_to_the_certificate_of_the_connection(federation, clock):
    call = desk(federation, clock, "auditor").call()
    peer = replace(call.peer, der=b"another certificate")
    with pytest.raises(TokenUnboundError):
        Readers(federation, clock).identify(replace(call, peer=peer), AUDITOR)


def test_certificate_of_a_connection_that_has_stood_too_long_does_not_count(federation, clock):
    call = desk(federation, clock, "auditor").call()
    clock.advance(86_401)
    with pytest.raises(AccessError):
        Readers(federation, clock).identify(call, AUDITOR)


def test_revoked_reader_is_refused_and_remembered(federation, clock):
    revoked = []

    def require(requester):
        if requester.officer in revoked:
            raise TokenRevokedError("revoked")

    readers = Readers(federation, clock, standing=Standing(require))
    reader = readers.identify(desk(federation, clock, "auditor").call(), AUDITOR)
    readers.require_standing(reader)
    revoked.append(reader.requester.officer)
    with pytest.raises(TokenRevokedError):
        readers.require_standing(reader)
    call = desk(federation, clock, "auditor").call()
    with pytest.raises(TokenRevokedError):
        readers.identify(call, AUDITOR)
    assert call.facts["who"] == "officer"
