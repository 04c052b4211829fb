"""Issue tokens, for the demonstration and for tests.

In service a member's own identity provider issues them; this says what they have to hold.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NotRequired, TypedDict, Unpack

import jwt

from gateway.access.strict import encode_base64url
from gateway.access.tokens import TOKEN_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.access.signatures import SigningKey
    from gateway.clock import Clock

DEFAULT_LIFETIME: Final = timedelta(hours=8)
DEFAULT_CLIENT: Final = "kalkan-client"

_JWT: Final = jwt.PyJWT()


class Terms(TypedDict):
    """What a token says besides whose it is.

    Attributes:
        audience: The federation's id.
        certificate_sha256: SHA-256 of the client certificate in DER, 32 bytes.
        key_thumbprint: RFC 7638 thumbprint of the query key.
        lifetime: At most 12 hours; 8 hours where it is not given.
        unit: The officer's unit; none where it is not given.
        client_id: The software that asks; "kalkan-client" where it is not given.
    """

    audience: str
    certificate_sha256: bytes
    key_thumbprint: str
    lifetime: NotRequired[timedelta]
    unit: NotRequired[str]
    client_id: NotRequired[str]


class TokenIssuer:
    """Issues tokens of one member.

    Args:
        member: The member's code.
        key: A token key that the federation file pins for this member, with its `kid`.
        issuer: The member's `iss`.
        clock: Tells the time of day.
    """

    def __init__(self, member: str, key: SigningKey, issuer: str, clock: Clock) -> None:
        self.member = member
        self._key = key
        self._issuer = issuer
        self._clock = clock

    def issue(self, officer: str, roles: Iterable[str], **terms: Unpack[Terms]) -> str:
        """Issue a token.

        Args:
            officer: The officer's pseudonym, 1 to 64 characters.
            roles: 1 to 16 roles.
            **terms: As named in `Terms`.
        """
        headers = {"typ": TOKEN_TYPE, "kid": self._key.kid}
        payload = {"iss": self._issuer, "sub": officer, "roles": sorted(roles)}
        claims = {**payload, **self._times(terms), **_terms(terms)}
        return _JWT.encode(claims, self._key.private_key, self._key.alg, headers=headers)

    def _times(self, terms: Terms) -> dict[str, int]:
        issued = int(self._clock.now().timestamp())
        lifetime = terms.get("lifetime", DEFAULT_LIFETIME)
        return {"iat": issued, "exp": issued + int(lifetime.total_seconds())}


def _terms(terms: Terms) -> dict[str, Any]:
    certificate = encode_base64url(terms["certificate_sha256"])
    unit = terms.get("unit", "")
    return {
        "aud": terms["audience"],
        "client_id": terms.get("client_id", DEFAULT_CLIENT),
        "jti": secrets.token_urlsafe(16),
        "cnf": {"x5t#S256": certificate, "jkt": terms["key_thumbprint"]},
        **({"unit": unit} if unit else {}),
    }
