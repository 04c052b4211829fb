from datetime import timedelta

import jwt
import pytest

from gateway.access.errors import TokenInvalidError


def test_issue_writes_what_rfc_9068_asks_for(world):
    token = world.token(unit="Unit 4")
    header = jwt.get_unverified_header(token)
    payload = jwt.decode(token, options={"verify_signature": False})
    assert header == {"alg": "ES256", "kid": "kaz-token", "typ": "at+jwt"}
    assert payload.keys() == {
        "iss", "aud", "sub", "client_id", "jti", "iat", "exp", "roles", "unit", "cnf"
    }  # fmt: skip
    assert payload["exp"] - payload["iat"] == 8 * 3600


def test_issue_leaves_out_an_empty_unit(world):
    assert "unit" not in jwt.decode(world.token(), options={"verify_signature": False})


def test_issue_makes_a_token_that_is_refused_when_it_lives_too_long(world):
    with pytest.raises(TokenInvalidError):
        world.verifier.verify(world.token(lifetime=timedelta(hours=12, seconds=1)))
