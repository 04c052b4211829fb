"""Whether a node's attestation holds and fits the answer beside it.

A receipt is shown to people who may not see the answers. The attestation is what they get of a
node: its own signature over how its part ended, and over the digest of what it answered.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

from google.protobuf.message import DecodeError

from gateway.access.errors import SignatureInvalidError
from gateway.access.signatures import verify_attestation
from gateway.errors import UntrustedError
from kalkan.v1 import attestation_pb2 as wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.access.jwk import PublicKey
    from gateway.answers import Expected
    from kalkan.v1 import model_pb2 as model

MAX_ATTESTATION: Final = 4_096
"""Largest serialised attestation in bytes, as the contract says."""


class Signed(NamedTuple):
    """Bytes as they came, with the detached JWS over them."""

    data: bytes = b""
    signature: str = ""


NOTHING: Final = Signed()


def read_attestation(signed: Signed, keys: Sequence[PublicKey]) -> wire.Attestation:
    """Verify and decode an attestation.

    Raises:
        UntrustedError: It is too large, not signed by one of these keys, or no attestation.
    """
    if len(signed.data) > MAX_ATTESTATION:
        raise UntrustedError("the attestation is too large")
    try:
        verify_attestation(signed.data, signed.signature, keys)
        return wire.Attestation.FromString(signed.data)
    except SignatureInvalidError:
        raise UntrustedError("the attestation is not signed by its node") from None
    except DecodeError:
        raise UntrustedError("the attestation is not an Attestation") from None


def require_attestation(
    signed: Signed, answer: model.Answer, data: bytes, expected: Expected
) -> None:
    """Check that an attestation is the node's and says what its answer says; none is allowed.

    Raises:
        UntrustedError: It is another's, or says something else.
    """
    if signed == NOTHING:
        return
    found = read_attestation(signed, expected.keys.get(answer.member, ()))
    fits = wire.Attestation(
        federation_id=answer.federation_id,
        bank=answer.bank,
        query_sha256=answer.query_sha256,
        state=answer.state,
        answer_sha256=hashlib.sha256(data).digest(),
        truncated=answer.truncated,
        policy_epoch=answer.policy_epoch,
        # A time that is not there is not one of zero.
        time=answer.time if answer.HasField("time") else None,
        ledger_index=found.ledger_index,
    )
    if found != fits:
        raise UntrustedError("the attestation does not fit the answer")
