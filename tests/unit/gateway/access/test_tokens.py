import hashlib
import json
from datetime import timedelta

import pytest

from gateway.access.errors import (
    FederationWrongError,
    SignatureInvalidError,
    TokenExpiredError,
    TokenUnboundError,
)
from gateway.access.signatures import SigningKey
from gateway.access.tokens import (
    TokenVerifier,
    require_certificate,
    require_key,
    require_query,
)


@pytest.fixture
def der():
    return b"the certificate of a desk, in DER"


def test_verify_returns_the_requester(world, der):
    token = world.token(unit="Unit 4", roles=["border", "analyst"], client_id="desk")
    requester = world.verifier.verify(token)
    assert requester.member == "KAZ"
    assert requester.officer == "officer-1"
    assert requester.unit == "Unit 4"
    assert requester.client_id == "desk"
    assert requester.roles == {"border", "analyst"}
    assert requester.expires == world.clock.now() + timedelta(hours=8)
    assert requester.certificate_sha256 == hashlib.sha256(der).digest()
    assert requester.key_thumbprint == world.query_key.thumbprint
    assert requester.token_sha256 == hashlib.sha256(token.encode()).digest()
    assert len(requester.token_id) >= 16


def test_verify_gives_each_token_its_own_id(world):
    ids = {world.verifier.verify(world.token()).token_id for _ in range(5)}
    assert len(ids) == 5


def test_verify_remembers_a_token(world):
    token = world.token()
    assert world.verifier.verify(token) is world.verifier.verify(token)
    assert len(world.verifier) == 1


def test_verify_refuses_a_remembered_token_when_expired(world):
    token = world.token(lifetime=timedelta(minutes=10))
    world.verifier.verify(token)
    world.clock.advance(600 + 29)
    world.verifier.verify(token)
    world.clock.advance(1)
    for _ in range(2):
        with pytest.raises(TokenExpiredError):
            world.verifier.verify(token)
    assert len(world.verifier) == 0


def test_verify_remembers_no_more_than_its_size(world):
    verifier = TokenVerifier(world.federation, world.clock, size=2)
    first, second, third = (world.token() for _ in range(3))
    known = verifier.verify(first)
    verifier.verify(second)
    assert verifier.verify(first) is known
    verifier.verify(third)
    assert len(verifier) == 2
    assert verifier.verify(first) is known


def test_require_certificate_accepts_the_one_it_is_bound_to(world, der):
    requester = world.verifier.verify(world.token())
    require_certificate(requester, der)
    with pytest.raises(TokenUnboundError):
        require_certificate(requester, der + b" ")


def test_require_key_accepts_the_one_it_is_bound_to(world):
    requester = world.verifier.verify(world.token())
    require_key(requester, world.query_jwk)
    other = json.dumps(SigningKey.generate().public_jwk()).encode()
    with pytest.raises(TokenUnboundError):
        require_key(requester, other)
    with pytest.raises(SignatureInvalidError):
        require_key(requester, b"{}")


def test_require_query_accepts_its_own_federation_and_token(world):
    requester = world.verifier.verify(world.token())
    mine = {"federation_id": "kalkan-test", "token_sha256": requester.token_sha256}
    require_query(requester, world.federation, **mine)
    with pytest.raises(FederationWrongError):
        require_query(requester, world.federation, **{**mine, "federation_id": "other"})
    for digest in (b"", bytes(32), requester.token_sha256[:31]):
        with pytest.raises(TokenUnboundError):
            require_query(requester, world.federation, **{**mine, "token_sha256": digest})


def test_issue_fits_every_key_kind(world):
    member = world.federation.member("TUR")
    key = SigningKey.generate("Ed25519", kid="tur-token")
    federation = world.federation.model_validate(
        {
            **dict(world.federation),
            "members": (
                world.federation.member("KAZ"),
                member.model_copy(update={"token_keys": (key.public_key,)}),
            ),
        }
    )
    issuer = world.issuer.__class__("TUR", key, member.issuer, world.clock)
    token = issuer.issue(
        "officer-2",
        ["border"],
        audience="kalkan-test",
        certificate_sha256=bytes(32),
        key_thumbprint=world.query_key.thumbprint,
    )
    assert TokenVerifier(federation, world.clock).verify(token).member == "TUR"
