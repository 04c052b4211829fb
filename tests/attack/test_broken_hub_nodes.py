"""A hub that was broken into asks nodes on its own account. It obtains nothing from any of them.

It has its real certificate and everything that passed through it: questions, tokens, notices. The
officer is one of TUR, so that GEO's node has to know by itself that TUR still stands by them.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from gateway.access.revocation import Revocations, RevokedKind, make_entry, revoke
from gateway.access.signatures import Domain, SigningKey
from gateway.client import Client
from gateway.clock import ManualClock, SystemClock
from gateway.hub.link import LinkError
from gateway.ledger.kinds import Kind
from gateway.notices import write_notice
from gateway.probe import person
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.broken_hub import BrokenHub
from tests.kit.world import ID, ask, build_world

BANK = "GEO/persons"
OFFENCE = model.Query(justification=model.Justification(offence="other")).SerializeToString()
OWN = SigningKey.generate(kid="own")


@dataclass
class Loot:
    """What the hub has: a question of an officer of TUR to GEO, and another one; and its links."""

    hub: BrokenHub
    client: Client
    request: wire.SearchRequest
    other: wire.SearchRequest
    notice: tuple[bytes, str]

    @property
    def world(self):
        return self.hub.world

    def query(self, **changes) -> bytes:
        """The officer's question with some fields changed."""
        query = model.Query.FromString(self.request.query)
        for name, value in changes.items():
            if isinstance(value, list):
                query.ClearField(name)
                getattr(query, name).extend(value)
            else:
                setattr(query, name, value)
        return query.SerializeToString()

    def signed(self, at: timedelta = timedelta(), **changes) -> wire.SearchRequest:
        """A question that the officer signs, made at another time or with other fields."""
        query = model.Query.FromString(self.query(**{"nonce": b"\x07" * 16, **changes}))
        query.time.FromDatetime(SystemClock().now() + at)
        return self.client.sign(query)

    async def renew(self) -> None:
        """Have the newest notice: one holds for a minute, and a machine may be slow."""
        self.notice = await self.hub.notice_of("TUR")

    async def ask(self, bank: str = BANK, request=None, **changes):
        changes.setdefault("notice", self.notice)
        return await self.hub.ask(bank, request or self.request, **changes)


def b(token: str, key: SigningKey, loot: Loot) -> dict[str, Any]:
    """The fields of a request in which the hub signs the officer's question itself."""
    return {
        "token": token,
        "signature": key.sign(Domain.QUERY, loot.request.query),
        "public_key": json.dumps(key.public_jwk()).encode(),
    }


def forged_token(loot: Loot, key: SigningKey) -> str:
    """A token for the hub's own query key, signed by the hub."""
    world = loot.world
    pem = (world.home / "clients" / "turk" / "certificate.pem").read_bytes()
    before = world.token_keys["TUR"]
    world.token_keys["TUR"] = key
    try:
        return world.issue("TUR", ("investigator",), pem, OWN, officer="turk")
    finally:
        world.token_keys["TUR"] = before


def token_of(loot: Loot, client: str) -> str:
    return (loot.world.home / "clients" / client / "token").read_text("utf-8")


def expired_token(loot: Loot) -> str:
    """A token that TUR did issue to this officer, yesterday."""
    pem = (loot.world.home / "clients" / "turk" / "certificate.pem").read_bytes()
    key = SigningKey.load(loot.world.home / "clients" / "turk" / "query.key")
    clock = ManualClock(SystemClock().now() - timedelta(days=1))
    return loot.world.issue("TUR", ("investigator",), pem, key, officer="turk", clock=clock)


def notice_by(loot: Loot, key: SigningKey, *, age: int = 0, member: str = "TUR", **lists):
    time = SystemClock().now() - timedelta(seconds=age)
    sequence = int(time.timestamp() * 1e6) + 60_000_000
    data = write_notice(ID, member, Revocations(**lists), time=time, sequence=sequence)
    return data, key.sign(Domain.NOTICE, data)


def answer_key(loot: Loot, member: str) -> SigningKey:
    path = loot.world.home / "nodes" / member / "answer.key"
    return SigningKey.load(path, f"{member}-answer")


def names(text: str) -> dict[str, Any]:
    return {"probes": [person(text)]}


Attack = Callable[[Loot], Awaitable[Any]]
REFUSED: dict[str, tuple[Attack, str]] = {
    # invents
    "invents a question under the officer's token": (
        lambda k: k.ask(**{**b(k.request.token, OWN, k), "query": k.query(**names("Other Man"))}),
        "token_unbound",
    ),
    "signs the officer's question with its own key": (
        lambda k: k.ask(**b(k.request.token, OWN, k)),
        "token_unbound",
    ),
    "issues a token under the issuer's name": (
        lambda k: k.ask(**b(forged_token(k, SigningKey(OWN.private_key, "TUR-token")), OWN, k)),
        "token_invalid",
    ),
    "issues a token with its receipt key": (
        lambda k: k.ask(**b(forged_token(k, k.hub.receipt_key), OWN, k)),
        "token_foreign",
    ),
    "asks without a token": (lambda k: k.ask(token=""), "token_invalid"),
    "asks without a signature": (lambda k: k.ask(signature=""), "signature_invalid"),
    "asks without a key": (lambda k: k.ask(public_key=b""), "signature_invalid"),
    "asks without a question": (lambda k: k.ask(query=b""), "field_invalid"),
    # alters and re-purposes
    "asks for another person": (
        lambda k: k.ask(query=k.query(**names("Other Man"))),
        "signature_invalid",
    ),
    "asks for one person more": (
        lambda k: k.ask(query=k.query(probes=[person("Рустам Каримов"), person("Other Man")])),
        "field_invalid",
    ),
    "gives another purpose": (
        lambda k: k.ask(query=k.query(purpose=model.PURPOSE_ORGANISED_CRIME)),
        "signature_invalid",
    ),
    "gives another case": (
        lambda k: k.ask(query=k.query(case_reference="T-2")),
        "signature_invalid",
    ),
    "gives another offence": (
        lambda k: k.ask(query=k.query() + OFFENCE),
        "signature_invalid",
    ),
    "asks whom the officer did not ask": (
        lambda k: k.ask("KAZ/persons"),
        "target_unknown",
    ),
    "adds a target": (
        lambda k: k.ask("KAZ/persons", query=k.query(targets=[model.Target(project="trio")])),
        "signature_invalid",
    ),
    "raises the granularity": (
        lambda k: k.ask(request=k.other, query=k.query(granularity=model.GRANULARITY_RECORD)),
        "signature_invalid",
    ),
    "raises the limit": (lambda k: k.ask(query=k.query(limit=100)), "signature_invalid"),
    "adds a byte that means nothing": (
        lambda k: k.ask(query=k.request.query + b"\xf8\x07\x01"),
        "signature_invalid",
    ),
    # replays
    "replays a question of three minutes ago": (
        lambda k: k.ask(request=k.signed(-timedelta(seconds=180))),
        "query_stale",
    ),
    "asks before the time": (
        lambda k: k.ask(request=k.signed(timedelta(seconds=45))),
        "query_stale",
    ),
    "brings the question of another federation": (
        lambda k: k.ask(request=k.signed(federation_id="elsewhere")),
        "federation_wrong",
    ),
    "asks another bank of the node": (lambda k: k.ask("GEO/hidden"), "faulty"),
    # swaps
    "swaps the token for another officer's": (
        lambda k: k.ask(token=token_of(k, "officer")),
        "token_unbound",
    ),
    "swaps the token for one that has expired": (
        lambda k: k.ask(token=expired_token(k)),
        "token_expired",
    ),
    "swaps the token for a newer one of this officer": (
        lambda k: k.ask(token=token_of(k, "second")),
        "token_unbound",
    ),
    "swaps the signature for that of another question": (
        lambda k: k.ask(signature=k.other.signature),
        "signature_invalid",
    ),
    "swaps the question for another of the officer's": (
        lambda k: k.ask(query=k.other.query),
        "signature_invalid",
    ),
    "swaps the key for another officer's": (
        lambda k: k.ask(public_key=json.dumps(OWN.public_jwk()).encode()),
        "token_unbound",
    ),
    "brings an answer's signature": (
        lambda k: k.ask(signature=OWN.sign(Domain.ANSWER, k.request.query)),
        "signature_invalid",
    ),
}

NOTICES: dict[str, Callable[[Loot], tuple[bytes, str]]] = {
    "no notice": lambda _: (b"", ""),
    "a notice without signature": lambda k: (k.notice[0], ""),
    "a notice of 61 s ago": lambda k: notice_by(k, answer_key(k, "TUR"), age=61),
    "a notice of tomorrow": lambda k: notice_by(k, answer_key(k, "TUR"), age=-86_400),
    "the notice of another member": lambda k: notice_by(k, answer_key(k, "KAZ"), member="KAZ"),
    "a notice in its own hand": lambda k: notice_by(k, k.hub.receipt_key),
    "a notice in the hand of another member": lambda k: notice_by(k, answer_key(k, "KAZ")),
    "a notice with a byte changed": lambda k: (k.notice[0] + b"\x40\x00", k.notice[1]),
    "a notice with another's signature": lambda k: (
        k.notice[0],
        notice_by(k, answer_key(k, "TUR"))[1],
    ),
    "an answer in the place of a notice": lambda k: (
        k.notice[0],
        answer_key(k, "TUR").sign(Domain.ANSWER, k.notice[0]),
    ),
}


@pytest.fixture
async def loot(tmp_path):
    world = build_world(tmp_path / "home")
    for name in ("turk", "second"):
        world.add_client(name, "TUR", ("investigator",))
    for member in world.token_keys:
        await world.start_node(member)
    client = await world.client("turk")
    ask_geo, less = ask("Рустам Каримов", "GEO"), ask("Айгүл", "GEO", granularity="exists")
    async with BrokenHub(world) as hub:
        first, second = (
            client.sign(client.compose(each, [each.probe])) for each in (ask_geo, less)
        )
        yield Loot(hub, client, first, second, await hub.notice_of("TUR"))
    await world.stop()


def searched(world) -> int:
    """How often a bank was searched in all of the world."""
    entries = [entry for member in world.token_keys for entry in world.entries(member)]
    return sum(entry.kind is Kind.INTENT for entry in entries)


def test_tables_are_long_enough():
    assert len(REFUSED) + len(NOTICES) >= 38


async def test_hub_obtains_nothing_and_each_try_is_in_the_nodes_ledger(loot):
    reasons = {}
    for name, (attack, _) in REFUSED.items():
        await loot.renew()
        with pytest.raises(LinkError) as refused:
            await attack(loot)
        state = model.BankState.Name(refused.value.state).removeprefix("BANK_STATE_").lower()
        reasons[name] = refused.value.rule.removeprefix("node.") or state
    expected = {name: reason for name, (_, reason) in REFUSED.items()}
    in_no_link = {"field_invalid", "target_unknown"}  # the hub's link calls these a fault
    assert reasons == {n: "faulty" if r in in_no_link else r for n, r in expected.items()}
    assert searched(loot.world) == 0
    recorded = [
        entry.reason.lower()
        for member in loot.world.token_keys
        for entry in loot.world.entries(member)
        if entry.kind is Kind.REFUSAL
    ]
    expected["asks another bank of the node"] = "bank_unknown"
    assert sorted(recorded) == sorted(expected.values())


async def test_hub_obtains_nothing_without_the_true_and_newest_notice(loot):
    for name, make in NOTICES.items():
        await loot.renew()
        response = await loot.ask(notice=make(loot))
        answer = model.Answer.FromString(response.answer)
        assert answer.state == model.BANK_STATE_UNAVAILABLE, name
        assert not answer.hits, name
    reasons = [e.reason for e in loot.world.entries("GEO") if e.kind is Kind.OUTCOME]
    assert reasons == ["REVOCATIONS_STALE"] * len(NOTICES)


async def test_notice_from_before_the_revocation_is_of_no_use_when_a_newer_was_seen(loot):
    newer = notice_by(loot, answer_key(loot, "TUR"), officers=frozenset({"turk"}))
    for notice in (newer, loot.notice):
        with pytest.raises(LinkError) as refused:
            await loot.ask(notice=notice)
        assert refused.value.rule == "node.token_revoked"
    assert searched(loot.world) == 0


async def test_own_officers_who_are_revoked_need_no_notice_to_be_refused(loot):
    clock, world = SystemClock(), loot.world
    path = world.home / "nodes" / "TUR" / "revocations.toml"
    revoke(path, make_entry(RevokedKind.OFFICER, "turk", "left", clock), clock)
    while not [e for e in world.entries("TUR") if e.kind is Kind.ADMIN]:
        await loot.hub.notice_of("TUR")
    request = loot.signed(targets=[model.Target(member="TUR")])
    with pytest.raises(LinkError) as refused:
        await loot.ask("TUR/persons", request=request, notice=(b"", ""))
    assert refused.value.rule == "node.token_revoked"


async def test_replay_inside_the_window_is_the_same_search_and_shows_nothing_new(loot):
    first = await loot.ask()
    again = await loot.ask()
    answers = [model.Answer.FromString(each.answer) for each in (first, again)]
    assert answers[0].query_sha256 == answers[1].query_sha256
    assert answers[0].hits[0].record == answers[1].hits[0].record
    ids = {e.search_id for e in loot.world.entries("GEO") if e.kind is Kind.INTENT}
    assert len(ids) == 1
    assert searched(loot.world) == 2, "the owner sees in its ledger that it was asked twice"


async def test_nonce_of_one_question_cannot_serve_another(loot):
    await loot.ask(request=loot.signed())
    with pytest.raises(LinkError) as refused:
        await loot.ask(request=loot.signed(limit=3))
    assert refused.value.rule == "node.nonce_reused"
