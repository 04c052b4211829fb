"""The `[[field]]` blocks of a mapping: for each of our fields the columns that hold it.

One class for each shape of value, told apart by the key `field`, so that a block can only have the
keys that its field needs.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from adapters.contract import FieldName
from adapters.mapping.block import (
    Block,
    BlockError,
    Column,
    Handling,
    Source,
    SourceOrText,
    Word,
)
from adapters.mapping.locate import Key
from adapters.matching.dates import FORMATS

__all__ = [
    "Calendar",
    "CodedField",
    "DateField",
    "DocumentField",
    "FieldBlock",
    "IdentifierField",
    "NameField",
    "TextField",
]

Calendar = Literal["gregorian", "solar_hijri", "bikram_sambat"]
"""The calendars that a bank may keep its dates in."""


class _Common(Block):
    """What every field block may say.

    Attributes:
        handling: Handling codes of this field alone; keys left out are the bank's.
        search: False where the field is released but not searched.
    """

    handling: Handling | None = None
    search: bool = True


Shape = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern="#")]
"""How a bank writes a number: `#####-#######-#`; each # is one letter or digit."""


class NameField(_Common):
    """A person's name, whole or in parts."""

    field: Literal["name"]
    full: Column | None = None
    given: Column | None = None
    family: Column | None = None
    patronymic: Column | None = None
    kind: SourceOrText = Source(const="primary")
    strip: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _require_part(self) -> Self:
        if not (self.full or self.given or self.family or self.patronymic):
            raise ValueError("write at least one of full, given, family, patronymic")
        return self

    @property
    def name(self) -> FieldName:
        """Which of our fields this is."""
        return FieldName(self.field)


def _read_formats(value: object) -> object:
    return [value] if isinstance(value, str) else value


class DateField(_Common):
    """A date: one column with formats, three columns of parts, or two columns of a span."""

    field: Literal["birth_date", "loss_date"]
    column: Column | None = None
    format: Annotated[tuple[Word, ...], BeforeValidator(_read_formats)] = ("iso",)
    calendar: Calendar = "gregorian"
    year: Column | None = None
    month: Column | None = None
    day: Column | None = None
    first: Column | None = None
    last: Column | None = None

    @field_validator("format")
    @classmethod
    def _require_known(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        known = {"iso", *FORMATS}
        strange = [number for number, fmt in enumerate(formats) if fmt not in known]
        if not formats or strange:
            raise BlockError(f"write one or more of {', '.join(sorted(known))}", *strange[:1])
        return formats

    @model_validator(mode="after")
    def _require_shape(self) -> Self:
        ways = [self.column is not None, self.year is not None, self.first is not None]
        if sum(ways) != 1:
            raise ValueError("write one of column, year (with month and day), first and last")
        if (self.first is None) != (self.last is None):
            raise BlockError(
                "a span needs both first and last", Key("first" if self.first else "last")
            )
        if self.year is None and (self.month is not None or self.day is not None):
            raise BlockError("month and day need year", Key("month" if self.month else "day"))
        if self.day is not None and self.month is None:
            raise BlockError("day needs month", Key("day"))
        return self

    @property
    def name(self) -> FieldName:
        """Which of our fields this is."""
        return FieldName(self.field)


class CodedField(_Common):
    """A sex or a country: a constant, or a column with an optional code table."""

    field: Literal["sex", "nationality", "country"]
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

    @property
    def name(self) -> FieldName:
        """Which of our fields this is."""
        return FieldName(self.field)


class DocumentField(_Common):
    """A document: its number, in one column or as series and number, its kind and its issuer."""

    field: Literal["document"]
    number: Column
    series: Column | None = None
    document_kind: SourceOrText | None = None
    issuer: SourceOrText | None = None
    shapes: tuple[Shape, ...] = ()

    @property
    def name(self) -> FieldName:
        """Which of our fields this is."""
        return FieldName(self.field)


class IdentifierField(_Common):
    """A telephone number, an address, a device or a national number."""

    field: Literal["identifier"]
    identifier_kind: SourceOrText
    column: Column
    shapes: tuple[Shape, ...] = ()

    @property
    def name(self) -> FieldName:
        """Which of our fields this is."""
        return FieldName(self.field)


class TextField(_Common):
    """A text: one column, several that are joined by a separator, or a constant."""

    field: Literal[
        "birth_place",
        "plate",
        "vin",
        "vehicle",
        "organisation",
        "registration_number",
        "address",
        "offence",
        "remark",
    ]
    const: Word | None = None
    column: Column | None = None
    columns: tuple[Column, ...] = ()
    separator: str = " "
    codes: Word | None = None
    shapes: tuple[Shape, ...] = ()

    @model_validator(mode="after")
    def _require_one(self) -> Self:
        if sum((self.const is not None, self.column is not None, bool(self.columns))) != 1:
            raise ValueError("write one of column, columns, const")
        if self.codes is not None and self.column is None:
            raise BlockError("codes needs column", Key("codes"))
        return self

    @property
    def name(self) -> FieldName:
        """Which of our fields this is."""
        return FieldName(self.field)


FieldBlock = Annotated[
    NameField | DateField | CodedField | DocumentField | IdentifierField | TextField,
    Field(discriminator="field"),
]
"""One `[[field]]` block."""
