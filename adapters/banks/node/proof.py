"""Check the other node's signature over its answer, by keys that the mapping pins.

A detached JWS with an unencoded payload, as proto/SIGNING.md says; strict, so that one signature
has one spelling and was made for an answer and nothing else.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from typing import Any, Final

import jwt
from jwt.exceptions import PyJWTError

from adapters.contract import BankFaultError
from adapters.mapping.block import BlockError
from adapters.mapping.relay import AnswerKey

__all__ = ["Keys"]

_TYPE: Final = "kalkan-answer+jws"
_LONGEST: Final = 1_024
_MEMBERS: Final = frozenset({"alg", "typ", "kid", "b64", "crit"})
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]+")
_ALGORITHMS: Final = ("ES256", "EdDSA")


class Keys:
    """The pinned keys of one node.

    Raises:
        BlockError: One is not a key that an answer can be signed with.
    """

    def __init__(self, keys: Iterable[AnswerKey]) -> None:
        self._jws = jwt.PyJWS(algorithms=list(_ALGORITHMS))
        self._keys = {key.kid: _read_key(key, number) for number, key in enumerate(keys)}

    def verify_answer(self, payload: bytes, signature: str) -> None:
        """Require that one of the keys signed these bytes as an answer.

        Raises:
            BankFaultError: None did.
        """
        header = _read_header(signature)
        key = self._keys.get(str(header["kid"]))
        if key is None:
            raise BankFaultError("the node signs with a key that the mapping does not pin")
        algorithm = key.algorithm_name
        if header["alg"] != algorithm or header["typ"] != _TYPE:
            raise BankFaultError("the signature was made for something else")
        try:
            self._jws.decode_complete(
                signature, key.key, algorithms=[algorithm], detached_payload=payload
            )
        except PyJWTError:
            raise BankFaultError("the signature does not hold over the answer") from None


def _read_key(key: AnswerKey, number: int) -> jwt.PyJWK:
    try:
        members = {k: v for k, v in key.model_dump().items() if v is not None}
        found = jwt.PyJWK(members, key.alg)
    except PyJWTError:
        raise BlockError("this is not a public key", "answer_key", number) from None
    return found


def _read_header(signature: str) -> dict[str, Any]:
    """Read the protected header of a detached JWS that has just the members that it must have."""
    if len(signature) > _LONGEST:
        raise BankFaultError("the signature is too long")
    protected, _, raw = signature.partition("..")
    try:
        _decode(raw)
        header = json.loads(_decode(protected), object_pairs_hook=_read_once)
    except (ValueError, RecursionError):
        raise BankFaultError("the signature is not a detached JWS") from None
    if not isinstance(header, dict) or header.keys() != _MEMBERS:
        raise BankFaultError("the signature's header is not alg, typ, kid, b64 and crit")
    if header["b64"] is not False or header["crit"] != ["b64"]:
        raise BankFaultError("the signature's payload must be unencoded")
    return header


def _decode(text: str) -> bytes:
    """Decode base64url without padding and without bits to spare."""
    if not _TEXT.fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii") != text:
        raise ValueError("not the canonical base64url")
    return data


def _read_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found
