"""A node states what its member has revoked, freshly signed, in a sequence that never goes back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from gateway.access.errors import RevocationFileError, TokenRevokedError
from gateway.access.revocation import RevokedKind, make_entry, revoke
from gateway.node.node import Node
from gateway.node.revoking import Revoking
from gateway.notices import Board
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.desk import Desk
from tests.kit.notices import sign_notice, with_notices
from tests.kit.signed import ID, key_of, make_federation


@pytest.fixture
def path(tmp_path):
    return tmp_path / "revocations.toml"


@pytest.fixture
def revoking(clock, path):
    return Revoking(ID, "KAZ", key_of("KAZ"), clock, path)


@dataclass
class Abroad:
    """The node of KAZ, asked by an officer of TUR, where all members give notices."""

    country: object

    async def ask(self, notice):
        request = self.country.request()
        request.notice, request.notice_signature = notice
        response = await self.country.node.search(request, self.country.call())
        return model.Answer.FromString(response.answer)


@pytest.fixture
def abroad(country):
    federation = with_notices(make_federation())
    country.node = Node(replace(country.node._parts, federation=federation))
    country.desk = Desk(federation, country.clock, member="TUR")
    return Abroad(country)


class Notes:
    """Keeps what would be recorded."""

    def __init__(self):
        self.written = []

    async def write(self, kind, facts):
        self.written.append((str(kind), facts))


def add(path, clock, value="officer", kind=RevokedKind.OFFICER):
    revoke(path, make_entry(kind, value, "left", clock), clock)


def test_notice_holds_and_is_signed_again_when_it_is_a_second_old(revoking, clock):
    board = Board(make_federation(), clock)
    first = revoking.notice()
    assert board.take("KAZ", *first)
    assert revoking.notice() == first
    clock.advance(1)
    second = revoking.notice()
    assert second != first
    assert board.take("KAZ", *second)


async def test_changed_list_is_stated_at_once_and_recorded(revoking, clock, path):
    before = wire.Notice.FromString(revoking.notice()[0])
    add(path, clock)
    notes = Notes()
    await revoking.follow(notes)
    after = wire.Notice.FromString(revoking.notice()[0])
    assert after.officers == ["officer"]
    assert after.sequence > before.sequence
    assert notes.written == [("ADMIN", {"action": "revocations", "count": 1})]


async def test_broken_or_missing_list_leaves_revoked_what_was(revoking, clock, path):
    add(path, clock)
    revoking.read()
    notes = Notes()
    path.write_text("[[", encoding="utf-8")
    await revoking.follow(notes)
    path.unlink()
    await revoking.follow(notes)
    assert revoking.current().officers == {"officer"}
    assert notes.written == []


def test_node_does_not_start_with_a_broken_list(revoking, path):
    path.write_text("[[", encoding="utf-8")
    with pytest.raises(RevocationFileError):
        revoking.read()


def test_entry_that_is_over_is_not_stated_any_more(revoking, clock, path):
    add(path, clock, "t", RevokedKind.TOKEN)
    revoking.read()
    assert wire.Notice.FromString(revoking.notice()[0]).tokens == ["t"]
    clock.advance(13 * 3600)
    assert wire.Notice.FromString(revoking.notice()[0]).tokens == []


def test_sequence_grows_over_a_restart_and_over_a_clock_that_is_set_back(revoking, clock, path):
    first = wire.Notice.FromString(revoking.notice()[0])
    clock.advance(2)
    again = Revoking(ID, "KAZ", key_of("KAZ"), clock, path)
    second = wire.Notice.FromString(again.notice()[0])
    clock.set_now(first.time.ToDatetime().astimezone())
    third = wire.Notice.FromString(again.notice()[0])
    assert first.sequence < second.sequence < third.sequence


async def test_node_without_a_list_revokes_nothing(clock):
    revoking = Revoking(ID, "KAZ", key_of("KAZ"), clock, None)
    revoking.read()
    await revoking.follow(Notes())
    assert not wire.Notice.FromString(revoking.notice()[0]).officers


async def test_own_officer_who_is_revoked_is_refused(country):
    path = country.folder.parent / "revocations.toml"
    add(path, country.clock)
    country.node._parts.revoking.read()
    call = country.call()
    with pytest.raises(TokenRevokedError):
        await country.ask(call=call)
    assert call.facts["who"] == "officer"
    assert country.register.limits == []


async def test_officer_who_is_revoked_while_the_bank_searches_gets_nothing(country):
    path = country.folder.parent / "revocations.toml"

    async def search(probe, limits):
        del probe, limits
        add(path, country.clock)
        country.node._parts.revoking.read()
        return country.register.result

    country.register.search = search
    with pytest.raises(TokenRevokedError):
        await country.ask()


@pytest.mark.parametrize(
    ("made", "state"),
    [
        ({}, model.BANK_STATE_ANSWERED),
        ({"age": 61}, model.BANK_STATE_UNAVAILABLE),
        ({"member": "GEO"}, model.BANK_STATE_UNAVAILABLE),
        ({"signer": "HUB"}, model.BANK_STATE_UNAVAILABLE),
        (None, model.BANK_STATE_UNAVAILABLE),
    ],
    ids=["fresh", "old", "another member's", "forged", "missing"],
)
async def test_officer_of_another_member_needs_its_members_notice(abroad, made, state):
    none = made is None
    notice = (b"", "") if none else sign_notice(abroad.country.clock, **{"member": "TUR", **made})
    answer = await abroad.ask(notice)
    assert answer.state == state
    asked = state == model.BANK_STATE_ANSWERED
    assert bool(abroad.country.register.limits) is asked
    reasons = [entry.reason for entry in abroad.country.entries() if entry.reason]
    assert reasons == ([] if asked else ["REVOCATIONS_STALE"])


async def test_revoked_officer_of_another_member_stays_revoked_by_an_older_notice(abroad):
    clock = abroad.country.clock
    old = sign_notice(clock, "TUR")
    clock.advance(1)
    with pytest.raises(TokenRevokedError):
        await abroad.ask(sign_notice(clock, "TUR", officers=frozenset({"officer"})))
    with pytest.raises(TokenRevokedError):
        await abroad.ask(old)
    assert abroad.country.register.limits == []
