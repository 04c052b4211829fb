"""Bad signatures over the real wire: none is accepted at hub or node, each is in the ledger.

What each check does in itself is in test_access_signatures.py. Here every question comes with a
token that is right, over a connection that is right too; only signature, key or query is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import grpc
import pytest

from gateway.access.signatures import Domain, SigningKey
from gateway.client import Client
from gateway.clock import SystemClock
from gateway.hub.link import LinkError
from gateway.ledger.kinds import Kind
from gateway.wire import error_info
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.attack.test_token_audit import b64, refusals, search, sign
from tests.kit.broken_hub import BrokenHub
from tests.kit.world import ask, build_world, public_jwk

INVALID, UNBOUND = "SIGNATURE_INVALID", "TOKEN_UNBOUND"
OWN = SigningKey.generate(kid="own")
NONCE = b"\x07" * 16


class Quill:
    """Makes signed questions of the officer, right but for what is changed."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.key = client._key

    def query(self, at: timedelta = timedelta(), **changes) -> model.Query:
        question = ask()
        query = self.client.compose(question, [question.probe])
        for name, value in changes.items():
            setattr(query, name, value)
        query.time.FromDatetime(SystemClock().now() + at)
        return query

    def request(self, made: model.Query | None = None, **changes) -> wire.SearchRequest:
        request = self.client.sign(made or self.query())
        for name, value in changes.items():
            setattr(request, name, value(request) if callable(value) else value)
        return request

    def write(self, query: bytes, key: SigningKey | None = None, **changes) -> str:
        """A signature by hand."""
        header = {
            "alg": "ES256",
            "b64": False,
            "crit": ["b64"],
            "kid": self.key.kid,
            "typ": Domain.QUERY.value,
            **changes,
        }
        return self.write_raw(
            query, json.dumps({k: v for k, v in header.items() if v is not ...}), key
        )

    def write_raw(self, query: bytes, header: str, key: SigningKey | None = None) -> str:
        protected = b64(header.encode())
        return f"{protected}..{b64(sign(key or self.key, f'{protected}.'.encode() + query))}"


Attack = Callable[[Quill], wire.SearchRequest]


def bad(change) -> tuple[Attack, str]:
    """Another signature than the one that holds: made of that one and of the query."""
    return lambda q: q.request(signature=lambda r: change(r.signature, r.query)), INVALID


def head(**changes) -> tuple[Attack, str]:
    """A signature whose header says something else, and which holds over it."""
    return lambda q: q.request(signature=lambda r: q.write(r.query, **changes)), INVALID


def query(reason: str, at: timedelta = timedelta(), **changes) -> tuple[Attack, str]:
    """A question that the officer has signed, and that says something else."""
    return lambda q: q.request(q.query(at, **changes)), reason


def key(reason: str, jwk: bytes) -> tuple[Attack, str]:
    """Another public key beside the signature."""
    return lambda q: q.request(public_key=jwk), reason


def twice(name: str, value: object) -> tuple[Attack, str]:
    """A header in which a name occurs a second time."""

    def make(q: Quill) -> wire.SearchRequest:
        known = {"alg": "ES256", "b64": False, "crit": ["b64"], "typ": Domain.QUERY.value}
        text = f'{json.dumps(known)[:-1]},"{name}":{json.dumps(value)}}}'
        return q.request(signature=lambda r: q.write_raw(r.query, text))

    return make, INVALID


TABLE: dict[str, tuple[Attack, str]] = {
    "none": bad(lambda *_: ""),
    "two dots": bad(lambda *_: ".."),
    "words": bad(lambda *_: "signed, the officer"),
    "no signature behind the header": bad(lambda s, _: s.partition("..")[0] + ".."),
    "no header before the signature": bad(lambda s, _: ".." + s.partition("..")[2]),
    "payload attached": bad(lambda s, p: s.replace("..", f".{b64(p)}.")),
    "three dots": bad(lambda s, _: s.replace("..", "...")),
    "padded": bad(lambda s, _: s + "=="),
    "line break after": bad(lambda s, _: s + "\n"),
    "twice": bad(lambda s, _: f"{s}..{s}"),
    "too long": bad(lambda s, _: s + "A" * 1024),
    "zeros": bad(lambda s, _: f"{s.partition('..')[0]}..{b64(bytes(64))}"),
    "of another question": (
        lambda q: q.request(signature=q.request().signature),
        INVALID,
    ),
    "of an answer": (
        lambda q: q.request(signature=lambda r: q.key.sign(Domain.ANSWER, r.query)),
        INVALID,
    ),
    "alg none": head(alg="none"),
    "alg HS256": head(alg="HS256"),
    "alg EdDSA under a P-256 key": head(alg="EdDSA"),
    "alg missing": head(alg=...),
    "typ of a receipt": head(typ=Domain.RECEIPT.value),
    "typ of a token": head(typ="at+jwt"),
    "typ missing": head(typ=...),
    "typ twice": twice("typ", Domain.QUERY.value),
    "alg twice": twice("alg", "none"),
    "b64 true": head(b64=True),
    "b64 missing": head(b64=...),
    "crit missing": head(crit=...),
    "crit of something else": head(crit=["b64", "exp"], exp=1),
    "name of another key": head(kid="KAZ-token"),
    "jwk brings the key": head(jwk=OWN.public_jwk()),
    "jku": head(jku="https://evil.example/keys"),
    "another key under this name": (
        lambda q: q.request(signature=lambda r: q.write(r.query, OWN)),
        INVALID,
    ),
    "another key brought along": (
        lambda q: q.request(
            signature=lambda r: q.write(r.query, OWN, kid="own"), public_key=public_jwk(OWN)
        ),
        UNBOUND,
    ),
    "key of another": key(UNBOUND, public_jwk(OWN)),
    "no key": key(INVALID, b""),
    "key with a private part": key(INVALID, json.dumps({**OWN.public_jwk(), "d": "AA"}).encode()),
    "key too large": key(INVALID, public_jwk(OWN) + b" " * 1024),
    "byte added to the query": (
        lambda q: q.request(query=lambda r: r.query + b"\xf8\x07\x01"),
        INVALID,
    ),
    "made with another token": query(UNBOUND, token_sha256=bytes(32)),
    "for another federation": query("FEDERATION_WRONG", federation_id="elsewhere"),
    "of three minutes ago": query("QUERY_STALE", -timedelta(minutes=3)),
    "of the next minute": query("QUERY_STALE", timedelta(seconds=45)),
    "nonce of another question": query("NONCE_REUSED", nonce=NONCE),
}


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    yield world
    await world.stop()


def intents(world, side: str) -> int:
    return sum(entry.kind is Kind.INTENT for entry in world.entries(side))


def test_table_is_long_enough():
    assert len(TABLE) >= 40


async def test_no_bad_signature_is_accepted_by_the_hub_and_each_is_recorded(world):
    await world.start()
    client = await world.client()
    quill = Quill(client)
    events = await search(client, quill.request(quill.query(nonce=NONCE)))
    assert events[-1].HasField("ended"), "a question is good when nothing is wrong"
    told = {}
    for name, (make, _) in TABLE.items():
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await search(client, make(quill))
        told[name] = error_info(refused.value).reason
    assert told == {name: reason for name, (_, reason) in TABLE.items()}
    assert refusals(world, "HUB") == [reason for _, reason in TABLE.values()]
    assert [intents(world, side) for side in ("HUB", "KAZ", "TUR")] == [1, 1, 1]
    assert refusals(world, "KAZ") == refusals(world, "TUR") == []


async def test_no_bad_signature_is_accepted_by_a_node_and_each_is_recorded(world):
    await world.start_node("KAZ")
    quill = Quill(await world.client())
    async with BrokenHub(world) as hub:
        good = quill.request(quill.query(nonce=NONCE))
        assert (await hub.ask("KAZ/persons", good)).answer
        for name, (make, reason) in TABLE.items():
            with pytest.raises(LinkError) as refused:
                await hub.ask("KAZ/persons", make(quill))
            assert refused.value.rule == f"node.{reason.lower()}", name
    assert refusals(world, "KAZ") == [reason for _, reason in TABLE.values()]
    assert intents(world, "KAZ") == 1
