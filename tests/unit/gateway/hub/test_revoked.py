"""What a member has revoked holds at the hub after one round, in searches that run too."""

from __future__ import annotations

import asyncio

import pytest

from gateway.access.errors import RevocationsStaleError, TokenRevokedError
from gateway.access.revocation import RevokedKind, make_entry, revoke
from gateway.auditing.reader import Readers, Standing
from gateway.auditing.service import AuditMethods
from gateway.hub.directory import DESCRIBE_S, REFRESH_S
from gateway.ledger.kinds import Kind
from gateway.node.revoking import Revoking
from gateway.watch import LOOK_S, Watch
from kalkan.v1 import audit_service_pb2 as audit
from tests.kit.links import answers, hangs
from tests.kit.notices import describe_with, sign_notice, with_notices
from tests.kit.signed import ID, key_of, make_federation


@pytest.fixture
def federation():
    return with_notices(make_federation())


async def hear(hub, **changes):
    """Let the hub hear what the node of KAZ says."""
    hub.nodes["KAZ"].description = describe_with("KAZ", sign_notice(hub.clock, **changes))
    await hub.directory.refresh()


async def begin(hub, nonce=b"\x01" * 16):
    request = hub.desk.sign(hub.desk.compose(nonce=nonce))
    call = hub.desk.call()
    return request, await hub.searcher.begin(request, call, batch=False), call


async def test_officer_is_served_while_the_members_word_is_fresh(hub):
    with pytest.raises(RevocationsStaleError):
        await begin(hub)
    await hear(hub)
    await begin(hub)
    hub.clock.advance(61)
    with pytest.raises(RevocationsStaleError):
        await begin(hub, b"\x02" * 16)


async def test_nodes_get_the_members_newest_notice_unchanged(hub):
    await hear(hub)
    request, search, _ = await begin(hub)
    async for _ in hub.searcher.run(request, search):
        pass
    said = hub.nodes["KAZ"].description
    for node in hub.nodes.values():
        for asked in node.requests:
            assert (asked.notice, asked.notice_signature) == (said.notice, said.notice_signature)


async def test_revoked_officer_is_refused_from_the_next_round_on(hub, tmp_path):
    path = tmp_path / "revocations.toml"
    revoking = Revoking(ID, "KAZ", key_of("KAZ"), hub.clock, path)
    watch = Watch((path,), lambda: revoking.follow(hub.recorder))
    hub.nodes["KAZ"].description = describe_with("KAZ", revoking.notice())
    await hub.directory.refresh()
    await begin(hub)
    revoke(path, make_entry(RevokedKind.OFFICER, "officer", "left", hub.clock), hub.clock)
    assert await watch.look()
    hub.nodes["KAZ"].description = describe_with("KAZ", revoking.notice())
    await hub.directory.refresh()
    with pytest.raises(TokenRevokedError):
        await begin(hub, b"\x02" * 16)


def test_rounds_fit_into_five_seconds():
    # The list is looked at, a round begins, and its answer takes as long as it may.
    assert LOOK_S + REFRESH_S + DESCRIBE_S < 5


async def test_running_search_of_a_revoked_officer_ends_without_another_answer(hub):
    await hear(hub)
    hub.nodes["TUR"].act = hub.nodes["GEO"].act = hangs
    hub.nodes["KAZ"].act = answers
    request, search, _ = await begin(hub)
    seen, one_came = [], asyncio.Event()

    async def collect():
        async for end in hub.searcher.run(request, search):
            seen.append(end.bank)
            one_came.set()

    task = asyncio.create_task(collect())
    await one_came.wait()
    await hub.nodes["TUR"].asked.wait()
    hub.clock.advance(0.001)
    await hear(hub, officers=frozenset({"officer"}))
    with pytest.raises(TokenRevokedError):
        await task
    assert set(seen) <= {"KAZ/persons", "KAZ/vehicles"}
    assert hub.nodes["TUR"].cancelled == 1


async def test_search_of_an_officer_who_is_revoked_at_the_last_moment_has_no_end(hub):
    await hear(hub)
    request, search, call = await begin(hub)
    async for _ in hub.searcher.run(request, search):
        pass
    hub.clock.advance(0.001)
    await hear(hub, suspended=True)
    with pytest.raises(TokenRevokedError):
        await hub.searcher.finish(search, call)
    assert not [e for e in hub.entries() if e.kind is Kind.OUTCOME]


async def test_auditor_who_is_revoked_reads_no_further_entry(hub):
    hub.desk.roles = ("auditor",)
    hub.desk.__post_init__()
    await hear(hub)
    for _ in range(3):
        await hub.recorder.write(Kind.ADMIN, {"action": "test", "requester_member": "KAZ"})
    standing = Standing(hub.directory.board.require_standing, None)
    readers = Readers(hub.directory.federation, hub.clock, standing=standing)
    methods = AuditMethods(readers, hub.recorder, hub.folder)
    entries = methods.list_entries(audit.ListEntriesRequest(), hub.desk.call())
    assert (await anext(entries)).entry
    hub.clock.advance(0.001)
    await hear(hub, officers=frozenset({"officer"}))
    with pytest.raises(TokenRevokedError):
        await anext(entries)


async def test_forged_notice_is_not_heard(hub):
    await hear(hub)
    hub.clock.advance(0.001)
    await hear(hub, signer="TUR", suspended=True)
    await begin(hub)
