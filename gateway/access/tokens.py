"""Turn a member's token into a Requester, and hold it to its certificate, its key and its query.

Tokens are JWT access tokens (RFC 9068) signed by the requester's own member. PyJWT does the
cryptography; all that it leaves open (type, duplicate names, required claims, headers that fetch
keys) is decided here. A token that was verified is remembered until it expires, because an
officer's token comes with every search, and with each fan-out once more.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import jwt

from gateway.access.claims import SKEW_S, Claims, read_claims, require_time
from gateway.access.errors import (
    FederationWrongError,
    TokenExpiredError,
    TokenForeignError,
    TokenInvalidError,
    TokenUnboundError,
)
from gateway.access.jwk import EDDSA, ES256, MAX_KID, PublicKey
from gateway.access.signatures import thumbprint_of
from gateway.access.strict import decode_base64url, is_plain, read_object

if TYPE_CHECKING:
    from gateway.access.federation import Federation, Member
    from gateway.access.jwks import KeySets
    from gateway.clock import Clock

MAX_TOKEN: Final = 8192
"""Longest token in characters, as the contract says."""
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - the value of a header, no password
DEFAULT_SIZE: Final = 4096

_HEADER: Final = frozenset({"alg", "kid", "typ"})
_SEGMENTS: Final = 3
_MAX_ISSUER: Final = 200
_SKEW: Final = timedelta(seconds=SKEW_S)
_JWS: Final = jwt.PyJWS(algorithms=[ES256, EDDSA])


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks, by a token that was verified.

    Attributes:
        member: The code of the member that issued the token.
        officer: The officer's or system's pseudonym at that member (`sub`).
        token_id: The token's own id (`jti`).
        client_id: The software that asks.
        unit: The officer's unit, "" where the token names none.
        roles: As in the token; the policy knows which of them count.
        expires: When the token ends, in UTC.
        certificate_sha256: SHA-256 of the client certificate in DER, 32 bytes.
        key_thumbprint: RFC 7638 thumbprint of the query key.
        token_sha256: SHA-256 of the token's characters, 32 bytes.
    """

    member: str
    officer: str
    token_id: str
    client_id: str
    unit: str
    roles: frozenset[str]
    expires: datetime
    certificate_sha256: bytes
    key_thumbprint: str
    token_sha256: bytes


class TokenVerifier:
    """Verifies tokens of the members of one federation.

    Args:
        federation: The members with their issuers and token keys.
        clock: Tells the time of day.
        size: How many verified tokens are remembered, 1 or more.
        published: The keys that members publish; without it pinned keys alone are known.
    """

    def __init__(
        self,
        federation: Federation,
        clock: Clock,
        size: int = DEFAULT_SIZE,
        published: KeySets | None = None,
    ) -> None:
        self._federation = federation
        self._published = published
        self._epoch = 0
        self._clock = clock
        self._size = size
        self._known: OrderedDict[bytes, Requester] = OrderedDict()

    def verify(self, token: str) -> Requester:
        """Verify a token and return whose it is.

        Raises:
            TokenInvalidError: It is missing, malformed or fails a check.
            TokenExpiredError: It has expired or is not valid yet.
            TokenForeignError: Its issuer or key is not of this federation.
        """
        if not 1 <= len(token) <= MAX_TOKEN or not token.isascii():
            limit = f"1 to {MAX_TOKEN} characters"
            raise TokenInvalidError(f"the token must have {limit} of ASCII", limit=limit)
        digest = hashlib.sha256(token.encode("ascii")).digest()
        known = self._recall(digest)
        if known is None:
            return self._remember(self._verify(token, digest))
        if self._clock.now() >= known.expires + _SKEW:
            del self._known[digest]
            raise TokenExpiredError("the token has expired")
        self._known.move_to_end(digest)
        return known

    def __len__(self) -> int:
        return len(self._known)

    def _recall(self, digest: bytes) -> Requester | None:
        """What was verified before, unless a published key has gone since."""
        epoch = self._published.epoch if self._published else 0
        if epoch != self._epoch:
            self._known.clear()
            self._epoch = epoch
        return self._known.get(digest)

    def _remember(self, requester: Requester) -> Requester:
        self._known[requester.token_sha256] = requester
        if len(self._known) > self._size:
            self._known.popitem(last=False)
        return requester

    def _verify(self, token: str, digest: bytes) -> Requester:
        header, payload = _read_token(token)
        member, key = self._find_key(header, payload)
        _verify_signature(token, key)
        claims = read_claims(payload, self._federation.id)
        require_time(claims, self._clock.now())
        return _requester(member.code, claims, digest)

    def _find_key(
        self, header: dict[str, Any], payload: dict[str, Any]
    ) -> tuple[Member, PublicKey]:
        """Find the key of this issuer and name, a pinned one first; it fixes the algorithm."""
        issuer = payload.get("iss")
        if not isinstance(issuer, str) or not is_plain(issuer, _MAX_ISSUER):
            raise TokenInvalidError("iss must be the issuer's URI", claim="iss")
        member = self._federation.issuer(issuer)
        key = member.token_key(header["kid"]) if member else None
        if key is None and member is not None and self._published is not None:
            key = self._published.key(member.code, header["kid"])
        if member is None or key is None:
            raise TokenForeignError("the token's issuer or key is not of this federation")
        if header["alg"] != key.alg:
            raise TokenInvalidError("the token's alg is not the one of its key", header="alg")
        return member, key


def require_certificate(requester: Requester, der: bytes) -> None:
    """Check that the token is bound to this client certificate, in DER (RFC 8705).

    Raises:
        TokenUnboundError: It is bound to another.
    """
    if not hmac.compare_digest(hashlib.sha256(der).digest(), requester.certificate_sha256):
        raise TokenUnboundError("the token is bound to another certificate")


def require_key(requester: Requester, jwk: bytes) -> None:
    """Check that the token is bound to this query key, a JWK in JSON.

    Raises:
        TokenUnboundError: It is bound to another.
        SignatureInvalidError: It is not a public key that is accepted.
    """
    if not hmac.compare_digest(thumbprint_of(jwk), requester.key_thumbprint):
        raise TokenUnboundError("the token is bound to another query key")


def require_query(
    requester: Requester, federation: Federation, *, federation_id: str, token_sha256: bytes
) -> None:
    """Check that a query was made for this federation and with this token.

    Args:
        requester: Whose token came with the query.
        federation: This federation.
        federation_id: The query's.
        token_sha256: The query's.

    Raises:
        FederationWrongError: It is for another federation.
        TokenUnboundError: It was made with another token.
    """
    if federation_id != federation.id:
        raise FederationWrongError("the query is for another federation", field="federation_id")
    if not hmac.compare_digest(token_sha256, requester.token_sha256):
        raise TokenUnboundError("the query was made with another token", field="token_sha256")


def _read_token(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read header and payload of a compact JWS, before anything of it is believed."""
    segments = token.split(".")
    if len(segments) != _SEGMENTS:
        raise TokenInvalidError("the token is not a compact JWT")
    try:
        # PyJWT takes padding in a signature; then one token would have two spellings.
        *objects, _ = (decode_base64url(segment) for segment in segments)
        header, payload = (read_object(each) for each in objects)
    except ValueError:
        raise TokenInvalidError("the token cannot be read") from None
    # One list of what may be there leaves out jwk, jku, x5u, x5c, crit, b64, zip and all to come.
    if header.keys() != _HEADER or not all(is_plain(v, MAX_KID) for v in header.values()):
        raise TokenInvalidError("the token's header must be alg, kid and typ, as texts")
    if header["typ"] != TOKEN_TYPE:
        raise TokenInvalidError(f"the token's typ must be {TOKEN_TYPE}", header="typ")
    if header["alg"] not in {ES256, EDDSA}:
        raise TokenInvalidError(f"the token's alg must be {ES256} or {EDDSA}", header="alg")
    return header, payload


def _verify_signature(token: str, key: PublicKey) -> None:
    try:
        _JWS.decode_complete(token, key.key, algorithms=[key.alg])
    except jwt.PyJWTError:
        raise TokenInvalidError("the token's signature does not hold") from None


def _requester(member: str, claims: Claims, digest: bytes) -> Requester:
    return Requester(
        member=member,
        officer=claims.subject,
        token_id=claims.token_id,
        client_id=claims.client_id,
        unit=claims.unit,
        roles=claims.roles,
        expires=claims.expires,
        certificate_sha256=claims.certificate_sha256,
        key_thumbprint=claims.key_thumbprint,
        token_sha256=digest,
    )
