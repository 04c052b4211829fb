"""Tokens, signatures, keys and certificates: the last character, and what is refused as what."""

from __future__ import annotations

import asyncio
import json
import ssl
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from gateway.access import jwks
from gateway.access.authority import AUTHORITY_LIFETIME, Authority
from gateway.access.claims import read_claims
from gateway.access.errors import (
    SignatureInvalidError,
    TokenInvalidError,
)
from gateway.access.federation import Federation
from gateway.access.jwk import parse_jwk
from gateway.access.jwks import KeySets
from gateway.access.revocation import (
    TOKEN_LIFE,
)
from gateway.access.signatures import Domain, SigningKey, verify_query
from gateway.access.strict import decode_base64url, encode_base64url
from gateway.clock import SystemClock
from tests.unit.gateway.access.test_claims import GOOD


@pytest.mark.parametrize(
    ("name", "most"),
    [("sub", 64), ("client_id", 64), ("jti", 64), ("unit", 100), ("roles", 32)],
)
def test_claim_is_as_long_as_it_may_be_and_no_longer(name, most):
    def claim(length):
        return {**GOOD, name: ["r" * length] if name == "roles" else "x" * length}

    read_claims(claim(most), "kalkan-test")
    with pytest.raises(TokenInvalidError) as caught:
        read_claims(claim(most + 1), "kalkan-test")
    assert caught.value.metadata == {"claim": name}


def test_name_of_a_key_is_as_long_as_it_may_be_and_no_longer():
    jwk = SigningKey.generate(kid="k").public_jwk()
    assert parse_jwk({**jwk, "kid": "k" * 64}).kid == "k" * 64
    with pytest.raises(ValueError, match="1 to 64"):
        parse_jwk({**jwk, "kid": "k" * 65})


def test_token_of_another_algorithm_than_its_key_is_told_by_it(world):
    header, payload, signature = world.token().split(".")
    other = encode_base64url(
        json.dumps({**json.loads(decode_base64url(header)), "alg": "EdDSA"}).encode()
    )
    with pytest.raises(TokenInvalidError) as caught:
        world.verifier.verify(f"{other}.{payload}.{signature}")
    assert caught.value.metadata == {"header": "alg"}


@pytest.mark.parametrize("changes", [{"kid": 7}, {"kid": None}, {"typ": ["x"]}, {"alg": ["ES256"]}])
def test_header_of_a_signature_holds_texts_alone(changes):
    key = SigningKey.generate()
    protected, _, raw = key.sign(Domain.QUERY, b"x").partition("..")
    header = {**json.loads(decode_base64url(protected)), **changes}
    changed = encode_base64url(json.dumps(header).encode())
    with pytest.raises(SignatureInvalidError, match="something other than text"):
        verify_query(b"x", f"{changed}..{raw}", json.dumps(key.public_jwk()).encode())


def test_token_can_live_for_a_shift_and_two_clocks():
    assert timedelta(hours=12, minutes=1) == TOKEN_LIFE


@pytest.fixture
def authority(world):
    return Authority.create("kalkan-test", world.clock)


def test_issued_certificate_says_what_must_be_understood(authority):
    issued = authority.issue_client("KAZ", "officer")
    extensions = x509.load_pem_x509_certificate(issued.certificate).extensions
    told = {each.oid: each.critical for each in extensions}
    assert told == {
        ExtensionOID.SUBJECT_KEY_IDENTIFIER: False,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME: False,
        ExtensionOID.BASIC_CONSTRAINTS: True,
        ExtensionOID.KEY_USAGE: True,
        ExtensionOID.EXTENDED_KEY_USAGE: False,
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER: False,
    }


def test_key_of_a_leaf_signs_what_is_said_and_that_of_the_authority_certificates(authority):
    def uses(pem):
        certificate = x509.load_pem_x509_certificate(pem)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        names = ("digital_signature", "content_commitment", "key_encipherment", "crl_sign")
        more = ("data_encipherment", "key_agreement", "key_cert_sign")
        return {name for name in (*names, *more) if getattr(usage, name)}

    assert uses(authority.issue_node("KAZ").certificate) == {"digital_signature"}
    assert uses(authority.certificate) == {"key_cert_sign", "crl_sign"}


def test_authority_lives_for_five_years(authority):
    root = x509.load_pem_x509_certificate(authority.certificate)
    lives = root.not_valid_after_utc - root.not_valid_before_utc
    assert timedelta(days=1826) == AUTHORITY_LIFETIME
    assert lives - timedelta(days=1826) in {timedelta(0), timedelta(minutes=5)}


def test_issuer_says_whose_it_is(world):
    assert world.issuer.member == "KAZ"


def test_types_of_signatures_are_those_of_the_contract():
    assert [str(domain) for domain in Domain] == [
        f"kalkan-{name}+jws" for name in ("query", "answer", "receipt", "notice", "attestation")
    ]


def test_token_names_the_software_where_nobody_says(world):
    assert world.verifier.verify(world.token()).client_id == "kalkan-client"


async def test_server_of_keys_that_says_nothing_is_told_by_that(
    world, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(jwks, "FETCH_S", 0.05)
    Authority.create("kalkan-test", SystemClock()).save(tmp_path)
    ended = asyncio.Event()

    async def say_nothing(reader, writer):
        await ended.wait()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await publishing(world, tmp_path, port).refresh()
        ended.set()
    assert "the server does not answer in time" in caplog.text


def publishing(world, folder, port) -> KeySets:
    first, second = world.federation.members
    update = {"jwks_url": f"https://localhost:{port}/keys", "jwks_ca": folder / "ca.pem"}
    members = (first.model_copy(update=update), second)
    return KeySets(
        Federation.model_validate({**dict(world.federation), "members": members}), world.clock
    )


async def test_server_of_keys_that_hangs_up_leaves_what_was_good(world, tmp_path):
    authority = Authority.create("kalkan-test", SystemClock())
    authority.save(tmp_path)
    authority.issue_hub().save(tmp_path, "server")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")

    async def hang_up(reader, writer):
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        sets = publishing(world, tmp_path, port)
        await sets.refresh()
        assert sets.key("KAZ", "kaz-new") is None
