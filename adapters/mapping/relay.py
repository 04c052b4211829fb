"""The block `[node]`: another node as a bank, which checks each officer itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from adapters.mapping.block import Block, BlockError, Word
from adapters.mapping.locate import Key

__all__ = ["AnswerKey", "Node", "complete_relay"]

Coordinate = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""32 bytes in base64url, without padding."""


class AnswerKey(Block):
    """A public key that the other node signs its answers with, as in the federation file.

    Attributes:
        kid: The name of the key; a signature names it.
        alg: `ES256` for P-256, `EdDSA` for Ed25519.
        y: For P-256 alone.
    """

    kid: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    alg: Literal["ES256", "EdDSA"]
    kty: Literal["EC", "OKP"]
    crv: Literal["P-256", "Ed25519"]
    x: Coordinate
    y: Coordinate | None = None

    @model_validator(mode="after")
    def _require_kind(self) -> Self:
        kind = (self.alg, self.kty, self.crv, self.y is not None)
        if kind not in {("ES256", "EC", "P-256", True), ("EdDSA", "OKP", "Ed25519", False)}:
            raise ValueError("write ES256 with EC, P-256, x, y; or EdDSA with OKP, Ed25519, x")
        return self


class Node(Block):
    """Another node of the same member.

    Attributes:
        address: `host:port`.
        name: The DNS name in its certificate.
        ca_file: Certificates that its own is checked against: the federation's.
        certificate: The certificate of the node that hosts this bank, in PEM.
        key: Its key, in PEM, for nobody else to read.
        answer_keys: `[[node.answer_key]]` in the file, each under another kid.
    """

    address: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.\[\]:-]+:\d{1,5}$")]
    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,253}$")]
    ca_file: Word
    certificate: Word
    key: Word
    answer_keys: tuple[AnswerKey, ...] = Field(alias="answer_key", min_length=1, max_length=16)

    @model_validator(mode="after")
    def _require_names(self) -> Self:
        if len({key.kid for key in self.answer_keys}) < len(self.answer_keys):
            raise BlockError(
                "two of the answer keys have one kid; name each by its own", "answer_key"
            )
        return self


_TOLD: dict[str, Any] = {
    "record": {"key": "reference"},
    "kind": {"const": "registered"},
    "field": [],
}
"""What the model wants of every bank and the other node tells by itself, record by record."""

_SURPLUS = ("join", "many", "warnings", "action", "urgency", "codes")


def complete_relay(value: Any) -> Any:  # noqa: ANN401 - whatever TOML held
    """Add to a mapping of kind node what the other node tells by itself.

    Raises:
        BlockError: The mapping says it, too.
    """
    bank = value.get("bank") if isinstance(value, dict) else None
    if not isinstance(bank, dict) or bank.get("kind") != "node":
        return value
    for key in (*_TOLD, *_SURPLUS):
        if key in value:
            raise BlockError("take it out: the other node tells it with each record", Key(key))
    return {**_TOLD, **value}
