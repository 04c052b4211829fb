"""The claims of a token: RFC 9068 as far as Kalkan asks for it, nothing left to chance.

Every text is bounded and printable, every time a whole number, every binding present. What a
token says beyond that is not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from gateway.access.errors import TokenExpiredError, TokenInvalidError
from gateway.access.strict import decode_base64url, is_plain

MAX_LIFETIME_S: Final = 12 * 3600
"""Longest time between `iat` and `exp` in seconds: one shift."""
SKEW_S: Final = 30
"""How far clocks may be apart, in seconds."""
MAX_ROLES: Final = 16

_LATEST: Final = 253_402_300_799
"""The last second of the year 9999, after which no `datetime` exists."""
_LIMITS: Final = {"sub": 64, "client_id": 64, "jti": 64}
_MAX_ROLE: Final = 32
_MAX_UNIT: Final = 100
_DIGEST_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Claims:
    """What is read of a token's payload; the times in seconds since 1970."""

    subject: str
    client_id: str
    token_id: str
    unit: str
    roles: frozenset[str]
    issued_s: int
    expires_s: int
    not_before_s: int
    certificate_sha256: bytes
    key_thumbprint: str

    @property
    def expires(self) -> datetime:
        """When the token ends, in UTC."""
        return datetime.fromtimestamp(self.expires_s, UTC)


def read_claims(payload: dict[str, Any], audience: str) -> Claims:
    """Read the claims.

    Raises:
        TokenInvalidError: One is missing, of another form, over its limit, or for another audience.
    """
    if payload.get("aud") != audience:
        raise TokenInvalidError("aud must be this federation, and nothing else", claim="aud")
    subject, client_id, token_id = (_text(payload, name, _LIMITS[name]) for name in _LIMITS)
    issued, expires = _seconds(payload, "iat"), _seconds(payload, "exp")
    if not 0 < expires - issued <= MAX_LIFETIME_S:
        raise TokenInvalidError("exp must be after iat by at most 12 hours", claim="exp")
    certificate, thumbprint = _bindings(payload)
    return Claims(
        subject=subject,
        client_id=client_id,
        token_id=token_id,
        unit=_text(payload, "unit", _MAX_UNIT) if "unit" in payload else "",
        roles=_roles(payload),
        issued_s=issued,
        expires_s=expires,
        not_before_s=_seconds(payload, "nbf") if "nbf" in payload else issued,
        certificate_sha256=certificate,
        key_thumbprint=thumbprint,
    )


def require_time(claims: Claims, now: datetime) -> None:
    """Check that the token is valid now, give or take 30 s.

    Raises:
        TokenExpiredError: It is not valid yet, or no longer.
    """
    seconds = now.timestamp()
    if seconds < max(claims.issued_s, claims.not_before_s) - SKEW_S:
        raise TokenExpiredError("the token is not valid yet")
    if seconds >= claims.expires_s + SKEW_S:
        raise TokenExpiredError("the token has expired")


def _text(payload: dict[str, Any], name: str, limit: int) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not is_plain(value, limit):
        raise TokenInvalidError(f"{name} must be 1 to {limit} printable characters", claim=name)
    return value


def _seconds(payload: dict[str, Any], name: str) -> int:
    value = payload.get(name)
    # A bool is an int to Python; 1e9 and NaN are numbers to JSON.
    if type(value) is not int or not 0 <= value <= _LATEST:
        raise TokenInvalidError(f"{name} must be whole seconds since 1970", claim=name)
    return value


def _roles(payload: dict[str, Any]) -> frozenset[str]:
    roles = payload.get("roles")
    if not isinstance(roles, list) or not 1 <= len(roles) <= MAX_ROLES:
        raise TokenInvalidError(f"roles must be a list of 1 to {MAX_ROLES}", claim="roles")
    if not all(is_plain(role, _MAX_ROLE) for role in roles) or len(set(roles)) != len(roles):
        raise TokenInvalidError(
            f"each role must be 1 to {_MAX_ROLE} printable characters, once", claim="roles"
        )
    return frozenset(roles)


def _bindings(payload: dict[str, Any]) -> tuple[bytes, str]:
    """Read both members of `cnf`: RFC 8705 `x5t#S256` and RFC 9449 `jkt`."""
    cnf = payload.get("cnf")
    if not isinstance(cnf, dict) or cnf.keys() != {"x5t#S256", "jkt"}:
        raise TokenInvalidError("cnf must hold x5t#S256 and jkt, and nothing else", claim="cnf")
    certificate, _ = _digest(cnf["x5t#S256"]), _digest(cnf["jkt"])
    return certificate, cnf["jkt"]


def _digest(value: object) -> bytes:
    try:
        data = decode_base64url(value) if isinstance(value, str) else b""
    except ValueError:
        data = b""
    if len(data) != _DIGEST_BYTES:
        raise TokenInvalidError("cnf must hold SHA-256 digests in base64url", claim="cnf")
    return data
