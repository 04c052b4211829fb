"""Bad tokens over the real wire: none is accepted at hub or node, each is in the ledger.

What each check does in itself is in test_access_tokens.py. Here every token comes with a question
that is right in all else, over a connection that is right too.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from gateway.access.signatures import Domain, SigningKey
from gateway.clock import SystemClock
from gateway.hub.link import LinkError
from gateway.ledger.kinds import Kind
from gateway.wire import error_info
from tests.kit.broken_hub import BrokenHub
from tests.kit.world import ID, World, ask, build_world, thumbprint

INVALID, EXPIRED, FOREIGN = "TOKEN_INVALID", "TOKEN_EXPIRED", "TOKEN_FOREIGN"
UNBOUND = "TOKEN_UNBOUND"
OWN = SigningKey.generate(kid="KAZ-token")
HOUR = 3600


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(key: SigningKey, data: bytes) -> bytes:
    private = key.private_key
    if not isinstance(private, EllipticCurvePrivateKey):
        return private.sign(data)
    r, s = decode_dss_signature(private.sign(data, ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def now() -> int:
    return int(SystemClock().now().timestamp())


class Forge:
    """Makes tokens of the officer, right but for what is changed."""

    def __init__(self, world: World) -> None:
        self.world = world
        folder = world.home / "clients" / "officer"
        self.query_key = SigningKey.load(folder / "query.key")
        pem = (folder / "certificate.pem").read_bytes()
        self.now = now()
        self.header = {"alg": "ES256", "kid": "KAZ-token", "typ": "at+jwt"}
        self.claims = {
            "iss": "https://id.kaz.example",
            "aud": ID,
            "sub": "officer",
            "client_id": "client",
            "jti": "token-1",
            "iat": self.now,
            "exp": self.now + HOUR,
            "roles": ["investigator"],
            "cnf": {"x5t#S256": b64(thumbprint(pem)), "jkt": self.query_key.thumbprint},
        }

    def make(self, header=None, claims=None, key=None) -> str:
        parts = [self._change(self.header, header), self._change(self.claims, claims)]
        text = ".".join(b64(json.dumps(part).encode()) for part in parts)
        return f"{text}.{b64(sign(key or self.world.token_keys['KAZ'], text.encode()))}"

    def raw(self, claims: bytes) -> str:
        text = f"{b64(json.dumps(self.header).encode())}.{b64(claims)}"
        return f"{text}.{b64(sign(self.world.token_keys['KAZ'], text.encode()))}"

    def cnf(self, **changes) -> str:
        names = {"certificate": "x5t#S256", "key": "jkt"}
        changes = {names.get(name, name): value for name, value in changes.items()}
        return self.make(claims={"cnf": self._change(self.claims["cnf"], changes)})

    def twice(self, name: str, value: object) -> str:
        more = f',"{name}":{json.dumps(value)}}}'.encode()
        return self.raw(json.dumps(self.claims).encode()[:-1] + more)

    @staticmethod
    def _change(base, changes):
        merged = {**base, **(changes or {})}
        return {name: value for name, value in merged.items() if value is not ...}


def head(reason=INVALID, key=None, **changes):
    return lambda f: f.make(header=changes, key=key(f) if key else None), reason


def body(reason=INVALID, **changes):
    return lambda f: f.make(
        claims={n: v(f) if callable(v) else v for n, v in changes.items()}
    ), reason


def binding(reason=INVALID, **changes):
    return lambda f: f.cnf(**changes), reason


def swap(at: int, text: str) -> Callable[[Forge], str]:
    def change(forge: Forge) -> str:
        segments = forge.make().split(".")
        segments[at] = text
        return ".".join(segments)

    return change


DIGEST = b64(hashlib.sha256(b"another").digest())
TABLE: dict[str, tuple[Callable[[Forge], str], str]] = {
    "none": (lambda _: "", INVALID),
    "words": (lambda _: "let me in", INVALID),
    "signature missing": (swap(2, ""), INVALID),
    "signature of zeros": (swap(2, b64(bytes(64))), INVALID),
    "signature of another token": (
        lambda f: f.make().rpartition(".")[0] + "." + f.make(claims={"jti": "t2"}).split(".")[2],
        INVALID,
    ),
    "payload of another token": (
        lambda f: swap(1, f.make(claims={"roles": ["auditor"]}).split(".")[1])(f),
        INVALID,
    ),
    "own key under a known name": head(key=lambda _: OWN),
    "another member's key": head(key=lambda f: f.world.token_keys["TUR"]),
    "another member's key and name": head(
        FOREIGN, key=lambda f: f.world.token_keys["TUR"], kid="TUR-token"
    ),
    "answer key": head(FOREIGN, kid="KAZ-answer"),
    "receipt key": head(FOREIGN, kid="hub-receipt"),
    "unknown name": head(FOREIGN, kid="KAZ-next"),
    "name is a path": head(FOREIGN, kid="../../etc/passwd"),
    "name is a statement": head(FOREIGN, kid="' OR 1=1 --"),
    "name missing": head(kid=...),
    "name is a number": head(kid=1),
    "alg none": head(alg="none"),
    "alg none without signature": (
        lambda f: f.make(header={"alg": "none"}).rpartition(".")[0] + ".",
        INVALID,
    ),
    "alg HS256": head(alg="HS256"),
    "alg EdDSA under a P-256 key": head(alg="EdDSA"),
    "alg missing": head(alg=...),
    "typ JWT": head(typ="JWT"),
    "typ missing": head(typ=...),
    "typ of a query": head(typ=Domain.QUERY.value),
    "typ of a notice": head(typ=Domain.NOTICE.value),
    "jwk in the header": head(key=lambda _: OWN, jwk=OWN.public_jwk()),
    "jku in the header": head(jku="https://evil.example/keys"),
    "x5u in the header": head(x5u="https://evil.example/cert"),
    "crit in the header": head(crit=["exp"]),
    "zip in the header": head(zip="DEF"),
    "aud missing": body(aud=...),
    "aud of another federation": body(aud="other"),
    "aud is a list": body(aud=[ID]),
    "aud twice": (lambda f: f.twice("aud", ID), INVALID),
    "iss missing": body(iss=...),
    "iss unknown": body(FOREIGN, iss="https://evil.example"),
    "iss of another member": body(FOREIGN, iss="https://id.tur.example"),
    "iss with a slash more": body(FOREIGN, iss="https://id.kaz.example/"),
    "iss twice": (lambda f: f.twice("iss", "https://id.tur.example"), INVALID),
    "sub missing": body(sub=...),
    "sub empty": body(sub=""),
    "sub with a line break": body(sub="a\nb"),
    "sub with a direction mark": body(sub="a\u202eb"),
    "sub too long": body(sub="o" * 65),
    "sub twice": (lambda f: f.twice("sub", "chief"), INVALID),
    "jti missing": body(jti=...),
    "client_id missing": body(client_id=...),
    "exp missing": body(exp=...),
    "exp is text": body(exp=lambda f: str(f.now + HOUR)),
    "exp true": body(exp=True),
    "exp is a fraction": body(exp=lambda f: f.now + 60.5),
    "exp far away": body(exp=lambda f: f.now + 13 * HOUR),
    "exp in the past": body(EXPIRED, iat=lambda f: f.now - HOUR, exp=lambda f: f.now - 60),
    "exp twice": (lambda f: f.twice("exp", f.now + 2 * HOUR), INVALID),
    "iat missing": body(iat=...),
    "iat in the future": body(EXPIRED, iat=lambda _: now() + 120),
    "nbf in the future": body(EXPIRED, nbf=lambda _: now() + 120),
    "nbf is text": body(nbf="now"),
    "roles missing": body(roles=...),
    "roles is text": body(roles="investigator"),
    "roles empty": body(roles=[]),
    "roles twice": (lambda f: f.twice("roles", ["auditor"]), INVALID),
    "a role twice": body(roles=["a", "a"]),
    "too many roles": body(roles=[f"r{n}" for n in range(17)]),
    "unit too long": body(unit="u" * 101),
    "cnf missing": body(cnf=...),
    "cnf without certificate": binding(certificate=...),
    "cnf without key": binding(key=...),
    "cnf with a key of its own": binding(jwk=OWN.public_jwk()),
    "cnf in hexadecimal digits": binding(certificate="0" * 64),
    "bound to another key": binding(UNBOUND, key=DIGEST),
    "four segments": (lambda f: f.make() + ".AAAA", INVALID),
    "padded": (lambda f: f.make() + "=", INVALID),
    "blank before": (lambda f: " " + f.make(), INVALID),
    "bearer before": (lambda f: "Bearer " + f.make(), INVALID),
    "letters that look alike": (lambda f: f.make().replace("e", "е", 1), INVALID),
    "payload is a list": (lambda f: f.raw(b"[]"), INVALID),
    "payload is empty": (lambda f: f.raw(b""), INVALID),
    "payload not in UTF-8": (lambda f: f.raw(b'{"iss":"\xff"}'), INVALID),
    "payload nested deeply": (lambda f: f.raw(b'{"a":' * 900 + b"1" + b"}" * 900), INVALID),
    "larger than 8 KiB": body(extra="x" * 7000),
}
AT_HUB_ONLY = {"bound to another certificate": binding(UNBOUND, certificate=DIGEST)}


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    yield world
    await world.stop()


async def sign_with(client, token: str):
    """A question that is right for this token, but for the token."""
    question = ask()
    query = client.compose(question, [question.probe])
    query.token_sha256 = hashlib.sha256(token.encode()).digest()
    request = client.sign(query)
    request.token = token
    return request


async def search(client, request):
    """Hand in a request; return all events, or raise as gRPC does."""
    return [event async for event in client._search.Search(request)]


def refusals(world, side: str) -> list[str]:
    return [e.reason for e in world.entries(side) if e.kind is Kind.REFUSAL]


def test_table_is_long_enough():
    assert len(TABLE) >= 75


async def test_no_bad_token_is_accepted_by_the_hub_and_each_is_recorded(world):
    await world.start()
    client, forge = await world.client(), Forge(world)
    table = {**TABLE, **AT_HUB_ONLY}
    told = {}
    for name, (make, _) in table.items():
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await search(client, await sign_with(client, make(forge)))
        told[name] = error_info(refused.value).reason
    assert told == {name: reason for name, (_, reason) in table.items()}
    assert refusals(world, "HUB") == [reason for _, reason in table.values()]
    assert not [e for e in world.entries("HUB") if e.kind is Kind.INTENT]
    assert refusals(world, "KAZ") == refusals(world, "TUR") == []
    good = await sign_with(client, forge.make())
    events = await search(client, good)
    assert events[-1].HasField("ended"), "the token is good when nothing is wrong"


async def test_no_bad_token_is_accepted_by_a_node_and_each_is_recorded(world):
    await world.start_node("KAZ")
    client, forge = await world.client(), Forge(world)
    async with BrokenHub(world) as hub:
        for name, (make, reason) in TABLE.items():
            with pytest.raises(LinkError) as refused:
                await hub.ask("KAZ/persons", await sign_with(client, make(forge)))
            assert refused.value.rule == f"node.{reason.lower()}", name
        assert refusals(world, "KAZ") == [reason for _, reason in TABLE.values()]
        assert not [e for e in world.entries("KAZ") if e.kind is Kind.INTENT]
        assert (await hub.ask("KAZ/persons", await sign_with(client, forge.make()))).answer


async def test_expired_token_is_refused_though_it_was_good_and_is_remembered(world, monkeypatch):
    class Later(SystemClock):
        ahead = timedelta()

        def now(self):
            return super().now() + self.ahead

    clock = Later()
    monkeypatch.setattr("gateway.hub.server.SystemClock", lambda: clock)
    await world.start()
    client, forge = await world.client(), Forge(world)
    request = await sign_with(client, forge.make())
    assert await search(client, request)
    clock.ahead = timedelta(seconds=HOUR + 31)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await search(client, request)
    assert error_info(refused.value).reason == EXPIRED
