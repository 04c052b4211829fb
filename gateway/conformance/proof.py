"""Clauses N30 to N43: a question that does not prove itself is refused without an answer.

Each question has one fault; all else in it is right.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from gateway.access.issue import TokenIssuer
from gateway.access.signatures import Domain, SigningKey
from gateway.clock import Clock, ManualClock
from gateway.conformance.asker import Asker
from gateway.conformance.clause import UntriedError, clause
from kalkan.v1 import model_pb2 as model

_TOO_OLD: Final = timedelta(seconds=180)
_TOO_EARLY: Final = timedelta(seconds=90)
_LIFETIME: Final = timedelta(hours=1)


@clause("N30", safety=True)
async def signature_is_verified(asker: Asker) -> None:
    """Refuses a signature that does not hold."""
    request = asker.sign(asker.compose())
    other = asker.sign(asker.compose())
    request.signature = other.signature
    await asker.require_refused(request, "SIGNATURE_INVALID", "the signature of another question")
    request.signature = ""
    await asker.require_refused(request, "SIGNATURE_INVALID", "no signature")


@clause("N31", safety=True)
async def altered_query_is_refused(asker: Asker) -> None:
    """Refuses a question that was altered after it was signed."""
    query = asker.compose()
    request = asker.sign(query)
    query.case_reference = "another case"
    request.query = query.SerializeToString()
    await asker.require_refused(request, "SIGNATURE_INVALID", "an altered question")


@clause("N32", safety=True)
async def domain_is_checked(asker: Asker) -> None:
    """Refuses a signature that was made for something other than a question."""
    request = asker.sign(asker.compose(), domain=Domain.ANSWER)
    await asker.require_refused(request, "SIGNATURE_INVALID", "a signature of an answer")


@clause("N33", safety=True)
async def token_is_verified(asker: Asker) -> None:
    """Refuses a token that is malformed or not signed by its issuer."""
    header, payload, signature = asker.subject.caller.token.split(".")
    turned = signature[:8] + ("B" if signature[8] != "B" else "C") + signature[9:]
    for what, token in (
        ("a token with another signature", f"{header}.{payload}.{turned}"),
        ("a token without a signature", f"{header}.{payload}."),
        ("a token that is no JWT", "token"),
    ):
        await asker.require_refused(_with_token(asker, token), "TOKEN_INVALID", what)


@clause("N34", safety=True)
async def foreign_token_is_refused(asker: Asker) -> None:
    """Refuses a token of an issuer or key that the federation file does not pin."""
    key = SigningKey.generate(kid="nobody-token")
    for issuer in ("https://id.nobody.example", _issuer_of(asker)):
        token = _issue(asker, key, issuer, asker.subject.clock)
        await asker.require_refused(_with_token(asker, token), "TOKEN_FOREIGN", "a foreign token")


@clause("N35", safety=True)
async def expired_token_is_refused(asker: Asker) -> None:
    """Refuses a token that has expired, or is not valid yet."""
    now = asker.subject.clock.now()
    for what, at in (
        ("an expired token", now - 2 * _LIFETIME),
        ("a token of later", now + _LIFETIME),
    ):
        token = _issue(asker, _token_key(asker), _issuer_of(asker), ManualClock(at))
        await asker.require_refused(_with_token(asker, token), "TOKEN_EXPIRED", what)


@clause("N36", safety=True)
async def audience_is_checked(asker: Asker) -> None:
    """Refuses a token that was issued for another federation."""
    key, issuer = _token_key(asker), _issuer_of(asker)
    token = _issue(asker, key, issuer, asker.subject.clock, audience="another-federation")
    await asker.require_refused(_with_token(asker, token), "TOKEN_INVALID", "another's token")


@clause("N37", safety=True)
async def query_key_is_bound(asker: Asker) -> None:
    """Refuses a query key that the token is not bound to."""
    request = asker.sign(asker.compose(), key=SigningKey.generate())
    await asker.require_refused(request, "TOKEN_UNBOUND", "another query key")


@clause("N38", safety=True)
async def token_is_bound(asker: Asker) -> None:
    """Refuses a question that was made with another token."""
    query = asker.compose(token_sha256=hashlib.sha256(b"another token").digest())
    await asker.require_refused(asker.sign(query), "TOKEN_UNBOUND", "another token's question")


@clause("N39", safety=True)
async def stale_query_is_refused(asker: Asker) -> None:
    """Refuses a question that is too old, or from the future."""
    now = asker.subject.clock.now()
    for what, moment in (("an old question", now - _TOO_OLD), ("one of later", now + _TOO_EARLY)):
        time = Timestamp()
        time.FromDatetime(moment)
        request = asker.sign(asker.compose(time=time))
        await asker.require_refused(request, "QUERY_STALE", what)


@clause("N40", safety=True)
async def nonce_is_used_once(asker: Asker) -> None:
    """Refuses a nonce that came with other bytes before."""
    query = asker.compose()
    await asker.ask(query)
    query.case_reference = "another case"
    await asker.require_refused(asker.sign(query), "NONCE_REUSED", "a nonce with other bytes")


@clause("N41", safety=True)
async def other_federation_is_refused(asker: Asker) -> None:
    """Refuses a question for another federation."""
    request = asker.sign(asker.compose(federation_id="another-federation"))
    await asker.require_refused(request, "FEDERATION_WRONG", "another federation's question")


@clause("N42", safety=True)
async def target_is_checked(asker: Asker) -> None:
    """Answers only where the signed question names this bank, its member or its project."""
    for target in _targets_elsewhere(asker):
        request = asker.sign(asker.compose(targets=[target]))
        await asker.require_refused(request, "TARGET_UNKNOWN", "a question to somebody else")


@clause("N43")
async def unknown_bank_is_not_found(asker: Asker) -> None:
    """Ends as not found for a bank that is not here."""
    request = asker.sign(asker.compose())
    request.bank = f"{asker.subject.member.code}/no-such-bank"
    await asker.require_refused(request, "BANK_UNKNOWN", "a bank that is not here")


def _targets_elsewhere(asker: Asker) -> list[model.Target]:
    """Targets that do not mean the bank under test."""
    code = asker.subject.member.code
    members = [m.code for m in asker.subject.federation.members if m.code != code]
    targets = [model.Target(member=other) for other in members[:1]]
    return [*targets, model.Target(bank=f"{code}/no-such-bank")]


def _with_token(asker: Asker, token: str) -> bytes:
    """A right question with another token, made with that token."""
    digest = hashlib.sha256(token.encode()).digest()
    return asker.sign(asker.compose(token_sha256=digest), token=token).SerializeToString()


def _issuer_of(asker: Asker) -> str:
    """The issuer of the caller's own member."""
    member = asker.subject.federation.member(asker.subject.caller.requester.member)
    return member.issuer if member else ""


def _token_key(asker: Asker) -> SigningKey:
    """The issuer's own key.

    Raises:
        UntriedError: It is not at hand.
    """
    key = asker.subject.caller.token_key
    if key is None:
        raise UntriedError("a token has to be made for it: --token-key")
    return key


def _issue(asker: Asker, key: SigningKey, issuer: str, clock: Clock, audience: str = "") -> str:
    """Issue a token that is like the caller's own but for key, issuer, time or audience."""
    requester = asker.subject.caller.requester
    return TokenIssuer(requester.member, key, issuer, clock).issue(
        requester.officer,
        requester.roles,
        audience=audience or asker.subject.federation.id,
        certificate_sha256=requester.certificate_sha256,
        key_thumbprint=requester.key_thumbprint,
        lifetime=_LIFETIME,
    )
