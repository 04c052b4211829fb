from datetime import UTC, datetime, timedelta

import pytest

from gateway.access.claims import read_claims, require_time
from gateway.access.errors import TokenExpiredError, TokenInvalidError

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
DIGEST = "A" * 43
GOOD = {
    "iss": "https://tokens.kaz.example",
    "aud": "kalkan-test",
    "sub": "officer-1",
    "client_id": "client",
    "jti": "token-1",
    "iat": SECONDS,
    "exp": SECONDS + 3600,
    "roles": ["border", "investigator"],
    "cnf": {"x5t#S256": DIGEST, "jkt": DIGEST},
}


def _read(**changes):
    payload = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    return read_claims(payload, "kalkan-test")


def test_read_claims_reads_all():
    claims = _read(unit="Unit 4", nbf=SECONDS + 10, extra={"not": "read"})
    assert claims.subject == "officer-1"
    assert claims.unit == "Unit 4"
    assert claims.roles == {"border", "investigator"}
    assert claims.expires == NOW + timedelta(hours=1)
    assert claims.not_before_s == SECONDS + 10
    assert claims.certificate_sha256 == bytes(32)
    assert claims.key_thumbprint == DIGEST


def test_read_claims_does_without_unit():
    assert _read().unit == ""


@pytest.mark.parametrize("lifetime", [1, 12 * 3600])
def test_read_claims_accepts_lifetimes_up_to_a_shift(lifetime):
    assert _read(exp=SECONDS + lifetime).expires_s == SECONDS + lifetime


@pytest.mark.parametrize(
    ("now", "is_valid"),
    [
        (SECONDS - 30, True),
        (SECONDS - 31, False),
        (SECONDS + 3600 + 29, True),
        (SECONDS + 3600 + 30, False),
    ],
)
def test_require_time_allows_for_clocks(now, is_valid):
    at = datetime.fromtimestamp(now, UTC)
    if is_valid:
        require_time(_read(), at)
        return
    with pytest.raises(TokenExpiredError):
        require_time(_read(), at)


def test_require_time_keeps_nbf():
    claims = _read(nbf=SECONDS + 100)
    require_time(claims, NOW + timedelta(seconds=70))
    with pytest.raises(TokenExpiredError):
        require_time(claims, NOW + timedelta(seconds=69))


def test_errors_hold_no_value():
    with pytest.raises(TokenInvalidError) as caught:
        _read(sub="a name\n")
    assert "a name" not in str(caught.value)
    assert caught.value.metadata == {"claim": "sub"}


@pytest.mark.parametrize("name", [name for name in GOOD if name != "iss"])
def test_read_claims_refuses_when_one_is_missing(name):
    with pytest.raises(TokenInvalidError):
        _read(**{name: ...})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iat", True),
        ("iat", 1.0),
        ("iat", "1"),
        ("exp", -1),
        ("exp", 2**60),
        ("nbf", False),
        ("roles", "border"),
        ("roles", []),
        ("roles", ["border", "border"]),
        ("roles", ["border", ""]),
        ("roles", [7]),
        ("cnf", "text"),
        ("cnf", {"jkt": DIGEST}),
        ("cnf", {"x5t#S256": DIGEST, "jkt": DIGEST, "jwk": {}}),
        ("cnf", {"x5t#S256": DIGEST, "jkt": "A" * 42}),
        ("cnf", {"x5t#S256": "A" * 42 + "B", "jkt": DIGEST}),
        ("cnf", {"x5t#S256": DIGEST + "=", "jkt": DIGEST}),
        ("cnf", {"x5t#S256": 7, "jkt": DIGEST}),
        ("sub", ""),
        ("sub", 7),
        ("jti", "a\nb"),
        ("aud", ["kalkan-test"]),
        ("aud", "another"),
    ],
)
def test_read_claims_refuses_another_form(name, value):
    with pytest.raises(TokenInvalidError):
        _read(**{name: value})
