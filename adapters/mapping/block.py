"""The root of all blocks of a mapping: frozen, strict about its keys, helpful about wrong ones."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from adapters import contract
from adapters.mapping.locate import Key, Location

__all__ = [
    "HERE",
    "UNKNOWN_KEY",
    "Block",
    "BlockError",
    "Column",
    "Country",
    "Handling",
    "Issuer",
    "Source",
    "SourceOrText",
    "Word",
]

UNKNOWN_KEY = "unknown_key"
"""The type of the error for a key that a block does not have; its context names the key."""

HERE = frozenset(("localhost", "127.0.0.1", "::1"))
"""Hosts that a password may be told in the clear."""

Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""A text of 1 to 200 characters."""

Column = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
"""A column as the mapping writes it: `table.column`; for http the dotted path to a value."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 3166-1 alpha-3."""

Issuer = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")]
"""ISO 3166-1 alpha-3, or one of the codes of 1 to 3 letters that ICAO Doc 9303 adds."""


class BlockError(ValueError):
    """What a block says does not fit; `place` is the way from the block to what is wrong."""

    def __init__(self, told: str, *place: str | int) -> None:
        super().__init__(told)
        self.place: Location = place


class Block(BaseModel):
    """One block of a mapping."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, value: Any) -> Any:  # noqa: ANN401 - whatever TOML held
        if isinstance(value, dict):
            known = [info.alias or name for name, info in cls.model_fields.items()]
            for key in value:
                if key not in known:
                    raise PydanticCustomError(
                        "unknown_key", "{hint}", {"key": key, "hint": _advise(str(key), known)}
                    )
        return value


def _advise(key: str, known: list[str]) -> str:
    near = get_close_matches(key, known, n=1)
    if near:
        return f"unknown key; did you mean {near[0]!r}?"
    return f"unknown key; write one of {', '.join(sorted(known))}"


class Handling(Block):
    """Handling codes; what a field leaves out is the bank's."""

    tlp: contract.Tlp = contract.Tlp.AMBER
    europol: tuple[contract.EuropolCode, ...] = ()
    confirm_first: bool = False

    def over(self, bank: contract.Handling) -> contract.Handling:
        """Lay what is written here over the bank's handling codes."""
        told = self.model_fields_set
        return contract.Handling(
            tlp=self.tlp if "tlp" in told else bank.tlp,
            europol=self.europol if "europol" in told else bank.europol,
            confirm_first=self.confirm_first if "confirm_first" in told else bank.confirm_first,
        )


class Source(Block):
    """Where one word comes from: a constant, or a column with an optional code table."""

    const: Word | None = None
    column: Column | None = None
    codes: Word | None = None

    @model_validator(mode="after")
    def _require_one(self) -> Self:
        if (self.const is None) == (self.column is None):
            raise ValueError("write either const or column")
        if self.codes is not None and self.column is None:
            raise BlockError("codes needs column; a constant is written in our words", Key("codes"))
        return self


def _read_source(value: Any) -> Any:  # noqa: ANN401 - whatever TOML held
    """Read a bare text as a constant: `kind = "alias"` is `kind = { const = "alias" }`."""
    return {"const": value} if isinstance(value, str) else value


SourceOrText = Annotated[Source, BeforeValidator(_read_source)]
"""A Source that may be written as a bare text."""
