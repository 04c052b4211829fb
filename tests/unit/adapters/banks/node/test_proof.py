"""Only a pinned key's signature over these bytes as an answer holds; it has one spelling."""

import base64
import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.banks.node.proof import Keys
from adapters.contract import BankFaultError
from adapters.mapping.block import BlockError
from adapters.mapping.relay import AnswerKey
from gateway.access.errors import SignatureInvalidError
from gateway.access.signatures import Domain, SigningKey, verify_answer

PAYLOAD = b"an answer"


@cache
def key_of(kind="P-256"):
    return SigningKey.generate(kind, kid=f"{kind}-answer")


def pin(*keys):
    return Keys(AnswerKey(**key.public_jwk()) for key in keys)


def spoil(signature, **changes):
    """The signature with another protected header."""
    protected, _, raw = signature.partition("..")
    header = json.loads(base64.urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
    header = {k: v for k, v in {**header, **changes}.items() if v is not None}
    data = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{data}..{raw}"


@pytest.mark.parametrize("kind", ["P-256", "Ed25519"])
def test_signature_of_a_pinned_key_holds(kind):
    signature = key_of(kind).sign(Domain.ANSWER, PAYLOAD)
    pin(key_of("P-256"), key_of("Ed25519")).verify_answer(PAYLOAD, signature)


@pytest.mark.parametrize("kind", ["P-256", "Ed25519"])
@pytest.mark.parametrize("domain", [Domain.QUERY, Domain.RECEIPT])
def test_signature_for_something_else_does_not_hold(kind, domain):
    with pytest.raises(BankFaultError, match="something else"):
        pin(key_of(kind)).verify_answer(PAYLOAD, key_of(kind).sign(domain, PAYLOAD))


def test_other_bytes_do_not_hold():
    signature = key_of().sign(Domain.ANSWER, PAYLOAD)
    with pytest.raises(BankFaultError, match="does not hold"):
        pin(key_of()).verify_answer(PAYLOAD + b"!", signature)


def test_key_of_the_same_name_does_not_hold():
    other = SigningKey.generate(kid=key_of().kid)
    with pytest.raises(BankFaultError, match="does not hold"):
        pin(key_of()).verify_answer(PAYLOAD, other.sign(Domain.ANSWER, PAYLOAD))


def test_key_that_is_not_pinned_does_not_hold():
    other = SigningKey.generate(kid="another")
    with pytest.raises(BankFaultError, match="not pin"):
        pin(key_of()).verify_answer(PAYLOAD, other.sign(Domain.ANSWER, PAYLOAD))


@pytest.mark.parametrize(
    "changes",
    [
        {"alg": "EdDSA"},
        {"alg": "none"},
        {"alg": "HS256"},
        {"b64": True},
        {"b64": None},
        {"b64": 0},
        {"crit": ["b64", "exp"]},
        {"crit": None},
        {"jwk": {"kty": "EC"}},
        {"kid": None},
        {"kid": ["x"]},
        {"typ": "JWT"},
    ],
)
def test_header_is_exactly_what_it_must_be(changes):
    signature = spoil(key_of().sign(Domain.ANSWER, PAYLOAD), **changes)
    with pytest.raises(BankFaultError):
        pin(key_of()).verify_answer(PAYLOAD, signature)


def test_header_that_says_a_name_twice_is_refused():
    _, _, raw = key_of().sign(Domain.ANSWER, PAYLOAD).partition("..")
    text = (
        '{"alg":"ES256","typ":"x","typ":"kalkan-answer+jws","b64":false,"crit":["b64"],'
        f'"kid":"{key_of().kid}"}}'
    )
    protected = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    with pytest.raises(BankFaultError, match="not a detached JWS"):
        pin(key_of()).verify_answer(PAYLOAD, f"{protected}..{raw}")


@pytest.mark.parametrize("tail", ["=", "==", ".", "A", "\n", " "])
def test_second_spelling_of_a_signature_is_refused(tail):
    signature = key_of().sign(Domain.ANSWER, PAYLOAD) + tail
    with pytest.raises(BankFaultError):
        pin(key_of()).verify_answer(PAYLOAD, signature)


def test_long_signature_is_not_read():
    with pytest.raises(BankFaultError, match="too long"):
        pin(key_of()).verify_answer(PAYLOAD, "A" * 2_000)


@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{0,80}\.\.[A-Za-z0-9_-]{0,90}"))
def test_any_text_is_a_fault_and_nothing_else(text):
    with pytest.raises(BankFaultError):
        pin(key_of()).verify_answer(PAYLOAD, text)


@given(st.data())
def test_what_holds_here_holds_in_the_gateway(data):
    """One changed character: both readers say the same, so that neither is laxer."""
    signature = key_of("Ed25519").sign(Domain.ANSWER, PAYLOAD)
    place = data.draw(st.integers(0, len(signature) - 1))
    changed = signature[:place] + data.draw(st.characters()) + signature[place + 1 :]
    assert holds_here(changed) == holds_there(changed)


def holds_here(signature):
    try:
        pin(key_of("Ed25519")).verify_answer(PAYLOAD, signature)
    except BankFaultError:
        return False
    return True


def holds_there(signature):
    try:
        verify_answer(PAYLOAD, signature, [key_of("Ed25519").public_key])
    except SignatureInvalidError:
        return False
    return True


def test_key_that_is_no_point_is_told():
    members = {**key_of().public_jwk(), "y": "A" * 43}
    with pytest.raises(BlockError, match="is not a public key") as caught:
        Keys([AnswerKey(**key_of().public_jwk()), AnswerKey(**members)])
    assert caught.value.place == ("answer_key", 1)
