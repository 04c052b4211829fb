"""Forged, altered and stolen tokens. None is accepted, and each is refused for its reason.

Tokens are made from raw JSON and raw keys, not by Kalkan's issuer, so that an attack can be
written down which the issuer could not make.
"""

from __future__ import annotations

import hashlib

import pytest

from gateway.access.errors import AccessError, TokenUnboundError
from gateway.access.signatures import Domain
from gateway.access.tokens import (
    TokenVerifier,
    require_certificate,
    require_key,
    require_query,
)
from gateway.clock import ManualClock
from tests.kit.forged import (
    ANSWERS,
    CLAIMS,
    DER,
    EXPIRED,
    FEDERATION,
    FOREIGN,
    HEADER,
    INVALID,
    KAZ,
    NOW,
    QUERY_KEY,
    RECEIPTS,
    SECONDS,
    STRANGER,
    TUR,
    b64,
    body,
    change,
    cnf,
    der_signed,
    dump,
    flip,
    head,
    hs256,
    make,
    public_pem,
    spare_bits,
    swap,
    twice,
)

GOOD = make()

TABLE = {
    # signature and algorithm
    "empty": (lambda: "", INVALID),
    "words": (lambda: "a token", INVALID),
    "alg none, no signature": (lambda: swap(head(alg="none"), 2, ""), INVALID),
    "alg None, signed": (lambda: head(alg="None"), INVALID),
    "alg empty": (lambda: head(alg=""), INVALID),
    "alg missing": (lambda: head(alg=...), INVALID),
    "alg null": (lambda: head(alg=None), INVALID),
    "alg is a list": (lambda: head(alg=["ES256"]), INVALID),
    "alg in lower case": (lambda: head(alg="es256"), INVALID),
    "HMAC with the public key in PEM": (lambda: hs256(public_pem()), INVALID),
    "HMAC with the public key as JWK": (lambda: hs256(dump(KAZ.public_jwk())), INVALID),
    "HMAC that says ES256": (lambda: hs256(public_pem(), HEADER), INVALID),
    "alg of another family": (lambda: head(alg="RS256"), INVALID),
    "alg of another curve": (lambda: head(alg="ES384"), INVALID),
    "alg that is allowed but not this key's": (lambda: head(alg="EdDSA"), INVALID),
    "another member's key under the own issuer": (lambda: make(key=TUR), INVALID),
    "stranger's key under a known kid": (lambda: make(key=STRANGER), INVALID),
    "signature of zeros": (lambda: swap(GOOD, 2, b64(bytes(64))), INVALID),
    "signature empty": (lambda: swap(GOOD, 2, ""), INVALID),
    "signature in DER": (der_signed, INVALID),
    "signature cut": (lambda: GOOD[:-2], INVALID),
    "signature padded": (lambda: GOOD + "==", INVALID),
    "signature in another spelling": (lambda: spare_bits(GOOD), INVALID),
    "signature with a bit changed": (lambda: flip(GOOD, 2), INVALID),
    "signature of another token": (
        lambda: swap(GOOD, 2, body(jti="token-2").split(".")[2]),
        INVALID,
    ),
    "payload with a bit changed": (lambda: flip(GOOD, 1), INVALID),
    "payload of another token": (
        lambda: swap(GOOD, 1, body(roles=["auditor"]).split(".")[1]),
        INVALID,
    ),
    # header
    "typ missing": (lambda: head(typ=...), INVALID),
    "typ JWT": (lambda: head(typ="JWT"), INVALID),
    "typ of an id token": (lambda: head(typ="id+jwt"), INVALID),
    "typ in capitals": (lambda: head(typ="AT+JWT"), INVALID),
    "typ with its media type": (lambda: head(typ="application/at+jwt"), INVALID),
    "typ of a query signature": (lambda: head(typ=Domain.QUERY.value), INVALID),
    "typ twice": (lambda: make(header=twice(HEADER, "typ", "at+jwt")), INVALID),
    "kid missing": (lambda: head(kid=...), INVALID),
    "kid unknown": (lambda: head(kid="kaz-2"), FOREIGN),
    "kid of another member": (lambda: make({**HEADER, "kid": "tur-1"}, key=TUR), FOREIGN),
    "kid of an answer key": (
        lambda: make({**HEADER, "kid": "kaz-answer"}, key=ANSWERS[0]),
        FOREIGN,
    ),
    "kid of the hub": (lambda: make({**HEADER, "kid": "hub-1"}, key=RECEIPTS), FOREIGN),
    "kid is a path": (lambda: head(kid="../../etc/passwd"), FOREIGN),
    "kid is a statement": (lambda: head(kid="' OR '1'='1"), FOREIGN),
    "kid is a number": (lambda: head(kid=1), INVALID),
    "kid is too long": (lambda: head(kid="k" * 65), INVALID),
    "jwk brings the key": (
        lambda: make({**HEADER, "jwk": STRANGER.public_jwk()}, key=STRANGER),
        INVALID,
    ),
    "jku": (lambda: head(jku="https://evil.example/keys"), INVALID),
    "x5u": (lambda: head(x5u="file:///etc/passwd"), INVALID),
    "x5c": (lambda: head(x5c=["AAAA"]), INVALID),
    "crit": (lambda: head(crit=["exp"]), INVALID),
    "b64 false, detached": (
        lambda: swap(head(b64=False, crit=["b64"]), 1, ""),
        INVALID,
    ),
    "zip": (lambda: head(zip="DEF"), INVALID),
    "header is a list": (lambda: make(header=[]), INVALID),
    "header is not UTF-8": (lambda: make(header=b"\xff\xfe"), INVALID),
    "header nested too deeply": (
        lambda: make(header=b'{"a":' * 1200 + b"1" + b"}" * 1200),
        INVALID,
    ),
    # audience, issuer, subject
    "aud missing": (lambda: body(aud=...), INVALID),
    "aud of another federation": (lambda: body(aud="other"), INVALID),
    "aud is a list": (lambda: body(aud=["kalkan-test"]), INVALID),
    "aud is two": (lambda: body(aud=["kalkan-test", "other"]), INVALID),
    "aud with a blank": (lambda: body(aud="kalkan-test "), INVALID),
    "aud in capitals": (lambda: body(aud="KALKAN-TEST"), INVALID),
    "aud twice": (lambda: make(claims=twice(CLAIMS, "aud", "kalkan-test")), INVALID),
    "iss missing": (lambda: body(iss=...), INVALID),
    "iss is a list": (lambda: body(iss=["https://kaz.example"]), INVALID),
    "iss unknown": (lambda: body(iss="https://evil.example"), FOREIGN),
    "iss is part of a known one": (lambda: body(iss="https://kaz"), FOREIGN),
    "iss with a slash": (lambda: body(iss="https://kaz.example/"), FOREIGN),
    "iss of another member": (lambda: body(iss="https://tur.example"), FOREIGN),
    "iss twice": (lambda: make(claims=twice(CLAIMS, "iss", "https://tur.example")), INVALID),
    "sub missing": (lambda: body(sub=...), INVALID),
    "sub empty": (lambda: body(sub=""), INVALID),
    "sub twice": (lambda: make(claims=twice(CLAIMS, "sub", "officer-2")), INVALID),
    "sub with a line break": (lambda: body(sub="officer\nadmin"), INVALID),
    "sub with a null": (lambda: body(sub="officer\x00"), INVALID),
    "sub with a direction mark": (lambda: body(sub="officer\u202e"), INVALID),
    "sub is half a character": (lambda: body(sub="\ud800"), INVALID),
    "sub is a number": (lambda: body(sub=7), INVALID),
    "sub is too long": (lambda: body(sub="o" * 65), INVALID),
    "jti missing": (lambda: body(jti=...), INVALID),
    "client_id missing": (lambda: body(client_id=...), INVALID),
    "unit is too long": (lambda: body(unit="u" * 101), INVALID),
    "unit empty": (lambda: body(unit=""), INVALID),
    # times
    "exp missing": (lambda: body(exp=...), INVALID),
    "exp null": (lambda: body(exp=None), INVALID),
    "exp true": (lambda: body(exp=True), INVALID),
    "exp is text": (lambda: body(exp=str(SECONDS + 3600)), INVALID),
    "exp is a fraction": (lambda: body(exp=SECONDS + 3600.5), INVALID),
    "exp is huge": (
        lambda: make(claims=dump(CLAIMS).replace(b"%d" % (SECONDS + 3600), b"1e400")),
        INVALID,
    ),
    "exp NaN": (lambda: body(exp=float("nan")), INVALID),
    "exp infinite": (lambda: body(exp=float("inf")), INVALID),
    "exp negative": (lambda: body(exp=-1, iat=-100), INVALID),
    "exp after the end of time": (lambda: body(exp=10**12, iat=10**12 - 60), INVALID),
    "exp twice": (lambda: make(claims=twice(CLAIMS, "exp", SECONDS + 7200)), INVALID),
    "exp before iat": (lambda: body(exp=SECONDS - 1), INVALID),
    "exp equal to iat": (lambda: body(exp=SECONDS), INVALID),
    "lives longer than a shift": (lambda: body(exp=SECONDS + 12 * 3600 + 1), INVALID),
    "expired": (lambda: body(iat=SECONDS - 3600, exp=SECONDS - 30), EXPIRED),
    "issued in the future": (lambda: body(iat=SECONDS + 31), EXPIRED),
    "not valid yet": (lambda: body(nbf=SECONDS + 31), EXPIRED),
    "iat missing": (lambda: body(iat=...), INVALID),
    "iat true": (lambda: body(iat=True), INVALID),
    "issued in the future, but valid before": (
        lambda: body(iat=SECONDS + 31, nbf=SECONDS - 100),
        EXPIRED,
    ),
    "nbf true": (lambda: body(nbf=True), INVALID),
    "nbf is text": (lambda: body(nbf="now"), INVALID),
    # roles
    "roles missing": (lambda: body(roles=...), INVALID),
    "roles is text": (lambda: body(roles="investigator"), INVALID),
    "roles is an object": (lambda: body(roles={"investigator": 1}), INVALID),
    "roles empty": (lambda: body(roles=[]), INVALID),
    "roles too many": (lambda: body(roles=[f"r{n}" for n in range(17)]), INVALID),
    "roles twice": (lambda: make(claims=twice(CLAIMS, "roles", ["supervisor"])), INVALID),
    "one role twice": (lambda: body(roles=["border", "border"]), INVALID),
    "a role is a number": (lambda: body(roles=["border", 1]), INVALID),
    "a role is a list": (lambda: body(roles=["border", ["auditor"]]), INVALID),
    "a role with a line break": (lambda: body(roles=["border\n"]), INVALID),
    "a role too long": (lambda: body(roles=["r" * 33]), INVALID),
    # bindings
    "cnf missing": (lambda: body(cnf=...), INVALID),
    "cnf null": (lambda: body(cnf=None), INVALID),
    "cnf empty": (lambda: body(cnf={}), INVALID),
    "cnf without certificate": (lambda: cnf(**{"x5t#S256": ...}), INVALID),
    "cnf without key": (lambda: cnf(jkt=...), INVALID),
    "cnf with a key of its own": (lambda: cnf(jwk=STRANGER.public_jwk()), INVALID),
    "cnf certificate empty": (lambda: cnf(**{"x5t#S256": ""}), INVALID),
    "cnf certificate in hex": (lambda: cnf(**{"x5t#S256": "0" * 64}), INVALID),
    "cnf certificate is a number": (lambda: cnf(**{"x5t#S256": 5}), INVALID),
    "cnf certificate in another spelling": (lambda: cnf(**{"x5t#S256": "A" * 42 + "B"}), INVALID),
    "cnf key cut": (lambda: cnf(jkt=QUERY_KEY.thumbprint[:-1]), INVALID),
    "cnf key padded": (lambda: cnf(jkt=QUERY_KEY.thumbprint + "="), INVALID),
    "cnf member twice": (
        lambda: (
            body(cnf=...)
            and make(
                claims=dump(change(CLAIMS, {"cnf": ...}))[:-1]
                + b',"cnf":'
                + twice(CLAIMS["cnf"], "jkt", STRANGER.thumbprint)
                + b"}"
            )
        ),
        INVALID,
    ),
    # form and size
    "two segments": (lambda: GOOD.rpartition(".")[0], INVALID),
    "four segments": (lambda: GOOD + ".AAAA", INVALID),
    "five segments, as if encrypted": (lambda: f"{GOOD}.AAAA.AAAA", INVALID),
    "blank before": (lambda: " " + GOOD, INVALID),
    "line break after": (lambda: GOOD + "\n", INVALID),
    "bearer before": (lambda: "Bearer " + GOOD, INVALID),
    "letters that only look alike": (lambda: GOOD.replace("e", "е", 1), INVALID),
    "half a character": (lambda: GOOD + "\ud800", INVALID),
    "payload padded": (lambda: swap(GOOD, 1, GOOD.split(".")[1] + "="), INVALID),
    "payload is a list": (lambda: make(claims=[CLAIMS]), INVALID),
    "payload is empty": (lambda: make(claims=b""), INVALID),
    "payload has something after": (lambda: make(claims=dump(CLAIMS) + b"{}"), INVALID),
    "payload with a mark of order": (lambda: make(claims=b"\xef\xbb\xbf" + dump(CLAIMS)), INVALID),
    "larger than 8 KiB": (lambda: body(extra="x" * 6000), INVALID),
    "a megabyte": (lambda: body(extra="x" * 1_000_000), INVALID),
}


def _verifier():
    return TokenVerifier(FEDERATION, ManualClock(NOW))


def test_table_is_long_enough():
    assert len(TABLE) >= 100


@pytest.mark.parametrize("key", [KAZ, TUR], ids=["ES256", "EdDSA"])
def test_the_token_is_accepted_when_nothing_is_wrong(key):
    header = {**HEADER, "alg": key.alg, "kid": key.kid}
    issuer = "https://kaz.example" if key is KAZ else "https://tur.example"
    requester = _verifier().verify(make(header, {**CLAIMS, "iss": issuer}, key))
    assert requester.officer == "officer-1"
    require_certificate(requester, DER)
    require_key(requester, dump(QUERY_KEY.public_jwk()))


@pytest.mark.parametrize(("attack", "reason"), TABLE.values(), ids=TABLE.keys())
def test_token_is_refused_for_its_reason(attack, reason):
    token = attack()
    verifier = _verifier()
    for _ in range(2):  # a refusal must not be remembered as an acceptance
        with pytest.raises(AccessError) as caught:
            verifier.verify(token)
        assert caught.value.reason == reason
        assert caught.value.__cause__ is None
    assert len(verifier) == 0


@pytest.mark.parametrize("attack", [attack for attack, _ in TABLE.values()], ids=TABLE.keys())
def test_token_is_refused_when_a_good_one_is_remembered(attack):
    verifier = _verifier()
    verifier.verify(GOOD)
    with pytest.raises(AccessError):
        verifier.verify(attack())


def test_refusals_say_nothing_of_the_token():
    for attack, _ in TABLE.values():
        with pytest.raises(AccessError) as caught:
            _verifier().verify(attack())
        said = f"{caught.value} {caught.value.metadata}"
        for secret in ("officer", "evil.example", "passwd", "auditor", "kaz-"):
            assert secret not in said


@pytest.mark.parametrize("at", range(0, len(GOOD), 7))
def test_token_is_refused_with_any_character_changed(at):
    changed = GOOD[:at] + ("A" if GOOD[at] != "A" else "B") + GOOD[at + 1 :]
    with pytest.raises(AccessError):
        _verifier().verify(changed)


def test_other_clock_makes_a_token_expire():
    clock = ManualClock(NOW)
    verifier = TokenVerifier(FEDERATION, clock)
    verifier.verify(GOOD)
    clock.advance(3600 + 30)
    with pytest.raises(AccessError) as caught:
        verifier.verify(GOOD)
    assert caught.value.reason == EXPIRED


def test_flood_of_forgeries_fills_no_memory():
    verifier = TokenVerifier(FEDERATION, ManualClock(NOW), size=4)
    for number in range(50):
        with pytest.raises(AccessError):
            verifier.verify(make({**HEADER, "kid": f"k{number}"}))
    assert len(verifier) == 0


BINDINGS = {
    "another certificate": lambda r: require_certificate(r, DER + b"x"),
    "no certificate": lambda r: require_certificate(r, b""),
    "the digest instead of the certificate": lambda r: require_certificate(
        r, hashlib.sha256(DER).digest()
    ),
    "another query key": lambda r: require_key(r, dump(STRANGER.public_jwk())),
    "the member's token key": lambda r: require_key(r, dump(KAZ.public_jwk())),
    "an Ed25519 query key": lambda r: require_key(r, dump(TUR.public_jwk())),
    "query of another token": lambda r: require_query(
        r, FEDERATION, federation_id="kalkan-test", token_sha256=hashlib.sha256(b"x").digest()
    ),
    "query without token": lambda r: require_query(
        r, FEDERATION, federation_id="kalkan-test", token_sha256=b""
    ),
    "query with part of the digest": lambda r: require_query(
        r, FEDERATION, federation_id="kalkan-test", token_sha256=r.token_sha256[:16]
    ),
}


@pytest.mark.parametrize("attack", BINDINGS.values(), ids=BINDINGS.keys())
def test_stolen_token_is_useless(attack):
    requester = _verifier().verify(GOOD)
    with pytest.raises(TokenUnboundError):
        attack(requester)


@pytest.mark.parametrize("federation_id", ["", "other", "kalkan-test ", "KALKAN-TEST"])
def test_query_for_another_federation_is_refused(federation_id):
    requester = _verifier().verify(GOOD)
    with pytest.raises(AccessError) as caught:
        require_query(
            requester,
            FEDERATION,
            federation_id=federation_id,
            token_sha256=requester.token_sha256,
        )
    assert caught.value.reason == "FEDERATION_WRONG"
