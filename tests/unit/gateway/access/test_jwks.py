"""Published keys come over TLS, in the background, and never in the place of pinned ones."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import RSAAlgorithm

from gateway.access import jwks as module
from gateway.access.authority import Authority
from gateway.access.errors import TokenForeignError
from gateway.access.federation import Federation
from gateway.access.issue import TokenIssuer
from gateway.access.jwks import KEEP, MAX_DOCUMENT, KeySets, read_jwks
from gateway.access.signatures import SigningKey
from gateway.access.tokens import TokenVerifier
from gateway.clock import SystemClock
from tests.kit.issuer import Provider, start_provider

NEW = SigningKey.generate(kid="kaz-new")
ED = SigningKey.generate("Ed25519", kid="kaz-ed")


@dataclass
class Published:
    """KAZ publishes its keys; what is pinned stays as in the small world."""

    world: object
    provider: Provider
    federation: Federation
    sets: KeySets
    verifier: TokenVerifier

    def token(self, key: SigningKey, **terms) -> str:
        self.world.issuer = TokenIssuer("KAZ", key, "https://tokens.kaz.example", self.world.clock)
        return self.world.token(**terms)


def publishing(federation, **changes) -> Federation:
    kaz = federation.members[0].model_copy(update=changes)
    return Federation.model_validate({**dict(federation), "members": (kaz, federation.members[1])})


@pytest.fixture
async def published(world, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FETCH_S", 60.0)  # a busy machine is no server that hangs
    authority = Authority.create("kalkan-test", SystemClock())
    authority.save(tmp_path)
    async with AsyncExitStack() as stack:
        provider = await start_provider(stack, tmp_path, authority)
        provider.keys = [NEW, ED]
        federation = publishing(
            world.federation, jwks_url=provider.url, jwks_ca=tmp_path / "ca.pem"
        )
        sets = KeySets(federation, world.clock)
        verifier = TokenVerifier(federation, world.clock, published=sets)
        yield Published(world, provider, federation, sets, verifier)


@pytest.mark.parametrize("key", [NEW, ED], ids=["ES256", "EdDSA"])
async def test_token_of_a_published_key_is_accepted_after_the_fetch(published, key):
    token = published.token(key)
    with pytest.raises(TokenForeignError):
        published.verifier.verify(token)
    await published.sets.refresh()
    assert published.verifier.verify(token).officer == "officer-1"


async def test_flood_of_unknown_names_makes_no_request(published):
    await published.sets.refresh()
    for number in range(200):
        stranger = SigningKey.generate(kid=f"kid-{number}")
        with pytest.raises(TokenForeignError):
            published.verifier.verify(published.token(stranger))
    assert published.provider.asked == ["/keys"]


async def test_pinned_key_wins_over_a_published_one_of_its_name(published):
    impostor = SigningKey.generate(kid="kaz-token")
    published.provider.keys = [impostor]
    await published.sets.refresh()
    with pytest.raises(Exception, match="signature"):
        published.verifier.verify(published.token(impostor))
    assert published.verifier.verify(published.token(published.world.token_key)).member == "KAZ"


async def test_published_key_is_of_its_member_alone(published):
    await published.sets.refresh()
    issuer = TokenIssuer("TUR", NEW, "https://tokens.tur.example", published.world.clock)
    published.world.issuer = issuer
    with pytest.raises(TokenForeignError):
        published.verifier.verify(published.world.token())


async def test_key_that_is_pinned_for_another_end_signs_no_tokens(published):
    answers = SigningKey(published.world.answer_key.private_key, "as-token")
    published.provider.keys = [answers]
    await published.sets.refresh()
    with pytest.raises(TokenForeignError):
        published.verifier.verify(published.token(answers))


async def test_withdrawn_key_ends_tokens_that_were_verified_before(published):
    await published.sets.refresh()
    token = published.token(NEW)
    published.verifier.verify(token)
    published.provider.keys = [ED]
    await published.sets.refresh()
    with pytest.raises(TokenForeignError):
        published.verifier.verify(token)


BAD = {
    "status": {"status": 500},
    "redirect": {"status": 302, "headers": {"Location": "/elsewhere"}},
    "no JSON": {"body": b"<html>"},
    "a list": {"body": b"[]"},
    "no keys": {"body": b"{}"},
    "keys twice": {"body": b'{"keys": [], "keys": []}'},
    "too large": {"body": b'{"keys": [], "x": "' + b"x" * MAX_DOCUMENT + b'"}'},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_last_good_document_is_kept_for_a_stated_time(published, bad):
    await published.sets.refresh()
    for name, value in bad.items():
        setattr(published.provider, name, value)
    published.world.clock.advance(KEEP.total_seconds())
    await published.sets.refresh()
    token = published.token(NEW)
    published.verifier.verify(token)
    published.world.clock.advance(1)
    with pytest.raises(TokenForeignError):
        published.verifier.verify(published.token(NEW))
    assert published.provider.asked == ["/keys", "/keys"]


async def test_token_that_was_verified_ends_with_the_document_that_it_rests_on(published):
    await published.sets.refresh()
    published.world.clock.advance(KEEP.total_seconds())
    token = published.token(NEW)
    published.verifier.verify(token)
    published.world.clock.advance(1)
    with pytest.raises(TokenForeignError):
        published.verifier.verify(token)


async def test_server_of_another_authority_is_not_believed(published, tmp_path):
    stranger = Authority.create("kalkan-test", SystemClock())
    stranger.save(tmp_path / "stranger")
    federation = publishing(published.federation, jwks_ca=tmp_path / "stranger" / "ca.pem")
    sets = KeySets(federation, published.world.clock)
    await sets.refresh()
    assert sets.key("KAZ", "kaz-new") is None
    assert published.provider.asked == []


async def test_server_that_hangs_or_is_away_holds_nobody_up(published, monkeypatch):
    monkeypatch.setattr(module, "FETCH_S", 0.05)

    async def hang(reader, writer):
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sets = KeySets(
        publishing(published.federation, jwks_url=f"https://localhost:{port}/"),
        published.world.clock,
    )
    await sets.refresh()
    server.close()
    await server.wait_closed()
    await sets.refresh()
    assert sets.key("KAZ", "kaz-new") is None


async def test_documents_are_fetched_again_and_again(published, monkeypatch):
    monkeypatch.setattr(module, "REFRESH_S", 0.0)
    task = asyncio.create_task(published.sets.keep_fresh())
    await published.provider.third.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def entry(key=NEW, **changes):
    return {k: v for k, v in {**key.public_jwk(), **changes}.items() if v is not ...}


def rsa() -> dict:
    return {**json.loads(RSAAlgorithm.to_jwk(generate_private_key(65537, 2048).public_key()))}


def names(*entries) -> set[str]:
    return set(read_jwks(json.dumps({"keys": list(entries)}).encode()))


def test_keys_that_can_be_used_are_read_and_others_left_out():
    known = entry(use="sig", key_ops=["verify"], x5c=["AAAA"])
    wrong = [
        {**rsa(), "kid": "rsa"},
        entry(kid=...),
        entry(kid="encrypts", use="enc"),
        entry(kid="other", alg="ES384"),
        entry(kid="private", d="AAAA"),
        entry(kid="off", y=entry()["x"]),
        entry(kid="k" * 65),
        entry(kid=7),
        "a text",
        None,
    ]
    assert names(known, entry(ED), *wrong) == {"kaz-new", "kaz-ed"}


def test_of_two_keys_with_one_name_neither_is_used():
    assert names(entry(), entry(ED, kid="kaz-new"), entry(ED)) == {"kaz-ed"}


def test_number_of_keys_is_limited():
    keys = [entry(SigningKey.generate(kid=f"k{n}")) for n in range(17)]
    assert len(names(*keys[:16])) == 16
    with pytest.raises(ValueError, match="16"):
        names(*keys)


def test_a_key_that_was_withdrawn_holds_a_minute_at_most():
    assert 0 < module.REFRESH_S + module.FETCH_S <= 65
