"""Who witnesses a ledger, as the federation file says it, and what follows if they do not.

It is written once for all ledgers, and again for the hub's or a member's where that one differs.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _require_printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be printable, without controls and line breaks")
    return text


VkeyText = Annotated[
    str,
    StringConstraints(
        max_length=400, pattern=r"^([^\s+]{1,255}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44})?$"
    ),
    AfterValidator(_require_printable),
]
"""The public key of a log or a witness as C2SP writes it, "name+keyid+base64"; or empty."""


class ForeignWitness(BaseModel):
    """A witness outside the federation, reached over HTTP as C2SP tlog-witness says.

    Attributes:
        url: Its address; `/add-checkpoint` is added to it.
        vkey: Its public key.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    url: Annotated[str, StringConstraints(max_length=200, pattern=r"^https?://[!-~]+[^/]$")]
    vkey: Annotated[VkeyText, StringConstraints(min_length=1)]


class Witnessing(BaseModel):
    """Who witnesses a ledger.

    Attributes:
        witnesses: Members whose nodes do; without any, `count` are chosen by a rule that anybody
            can repeat.
        count: How many are chosen, 1 to 16.
        foreign: Witnesses outside the federation, beside those.
        quorum: How many of all of them must sign, 1 to 32.
        patience_s: Seconds that a ledger may be without them before its server stops answering.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    witnesses: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")], ...] = ()
    count: Annotated[int, Field(ge=1, le=16)] = 3
    foreign: Annotated[tuple[ForeignWitness, ...], Field(max_length=16)] = ()
    quorum: Annotated[int, Field(ge=1, le=32)] = 2
    patience_s: Annotated[int, Field(ge=5, le=86_400)] = 600
