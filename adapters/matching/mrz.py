"""Read the machine-readable zone of travel documents and check its digits.

Source: ICAO Doc 9303, parts 3 (check digits, names, dates), 4 (TD3), 5 (TD1) and 6 (TD2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from adapters.matching.dates import PartialDate

__all__ = ["Mrz", "MrzError", "build_td3", "check_digit", "parse_mrz"]

FILLER: Final = "<"
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)} | {FILLER: 0}
_WEIGHTS: Final = (7, 3, 1)
_NUMBER_LENGTH: Final = 9
_OLDEST_YEARS: Final = 100
_LONGEST_VALIDITY_YEARS: Final = 50


class MrzError(ValueError):
    """The zone cannot be read as it stands; read the document again.

    Args:
        line: Which line, from 1; 0 for the zone as a whole.
        field: Which field, in words.
        fault: What is wrong with it; never repeats what was read.
    """

    reason: ClassVar[str] = "INVALID_MRZ"

    def __init__(self, line: int, field: str, fault: str) -> None:
        super().__init__(f"line {line}, {field}: {fault}" if line else f"{field}: {fault}")
        self.line = line
        self.field = field


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a zone says; fields that are fillers in the document are empty or None."""

    document_type: str
    issuer: str
    number: str
    nationality: str
    birth: PartialDate | None
    sex: str | None
    expiry: date | None
    surname: str
    given_names: str
    optional: str = ""


@dataclass(frozen=True, slots=True)
class _Field:
    """Where a field is: line from 0, start and end as in a slice."""

    name: str
    line: int
    start: int
    end: int

    def cut(self, lines: Sequence[str]) -> str:
        """Return the field's characters, fillers included."""
        return lines[self.line][self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Layout:
    """The fields of one size of document."""

    lines: int
    length: int
    number: _Field
    nationality: _Field
    birth: _Field
    sex: _Field
    expiry: _Field
    optional: _Field
    names: _Field
    composite: tuple[_Field, ...]
    optional_checked: bool = False


def _field(name: str, line: int, start: int, end: int) -> _Field:
    return _Field(name, line, start, end)


_TD1: Final = _Layout(
    lines=3,
    length=30,
    number=_field("document number", 0, 5, 14),
    nationality=_field("nationality", 1, 15, 18),
    birth=_field("date of birth", 1, 0, 6),
    sex=_field("sex", 1, 7, 8),
    expiry=_field("date of expiry", 1, 8, 14),
    optional=_field("optional data", 0, 15, 30),
    names=_field("names", 2, 0, 30),
    composite=(
        _field("", 0, 5, 30),
        _field("", 1, 0, 7),
        _field("", 1, 8, 15),
        _field("", 1, 18, 29),
    ),
)
_TD2: Final = _Layout(
    lines=2,
    length=36,
    number=_field("document number", 1, 0, 9),
    nationality=_field("nationality", 1, 10, 13),
    birth=_field("date of birth", 1, 13, 19),
    sex=_field("sex", 1, 20, 21),
    expiry=_field("date of expiry", 1, 21, 27),
    optional=_field("optional data", 1, 28, 35),
    names=_field("names", 0, 5, 36),
    composite=(_field("", 1, 0, 10), _field("", 1, 13, 20), _field("", 1, 21, 35)),
)
_TD3: Final = _Layout(
    lines=2,
    length=44,
    number=_field("document number", 1, 0, 9),
    nationality=_field("nationality", 1, 10, 13),
    birth=_field("date of birth", 1, 13, 19),
    sex=_field("sex", 1, 20, 21),
    expiry=_field("date of expiry", 1, 21, 27),
    optional=_field("optional data", 1, 28, 42),
    names=_field("names", 0, 5, 44),
    composite=(_field("", 1, 0, 10), _field("", 1, 13, 20), _field("", 1, 21, 43)),
    optional_checked=True,
)
_LAYOUTS: Final = {(layout.lines, layout.length): layout for layout in (_TD1, _TD2, _TD3)}


def check_digit(text: str) -> str:
    """Return the check digit of a field: weights 7, 3, 1, sum modulo 10.

    Raises:
        ValueError: A character is not one of 0-9, A-Z and "<".
    """
    try:
        values = [_VALUES[letter] for letter in text]
    except KeyError:
        raise ValueError("only 0-9, A-Z and < have a check digit") from None
    return str(sum(v * _WEIGHTS[place % 3] for place, v in enumerate(values)) % 10)


def parse_mrz(lines: Sequence[str], *, today: date) -> Mrz:
    """Read a zone of two or three lines and verify every check digit.

    Lower case and surrounding spaces are forgiven, nothing else.

    Args:
        lines: TD1 (three lines of 30), TD2 (two of 36) or TD3 (two of 44).
        today: Decides centuries: a birth is never after it.

    Raises:
        MrzError: Names the line and the field that cannot be right.
    """
    read = [line.strip().upper() for line in lines]
    layout = _choose_layout(read)
    number, optional = _read_number(layout, read)
    birth, expiry = layout.birth.cut(read), layout.expiry.cut(read)
    _verify_digits(layout, read)
    surname, _, given = layout.names.cut(read).partition("<<")
    return Mrz(
        document_type=_strip(read[0][:2]),
        issuer=_strip(read[0][2:5]),
        number=number,
        nationality=_strip(layout.nationality.cut(read)),
        birth=_read_birth(birth, layout.birth, today),
        sex=_read_sex(layout.sex, read),
        expiry=_read_expiry(expiry, layout.expiry, today),
        surname=_strip(surname),
        given_names=_strip(given),
        optional=optional,
    )


def _choose_layout(lines: Sequence[str]) -> _Layout:
    """Choose the layout by the shape and check the alphabet."""
    lengths = {len(line) for line in lines}
    layout = _LAYOUTS.get((len(lines), max(lengths, default=0)))
    if layout is None:
        raise MrzError(0, "zone", "must be 3 lines of 30, 2 of 36 or 2 of 44 characters")
    for place, line in enumerate(lines, start=1):
        if len(line) != layout.length:
            raise MrzError(place, "length", f"must be {layout.length} characters")
        if not set(line) <= _VALUES.keys():
            raise MrzError(place, "characters", "only 0-9, A-Z and < are allowed")
    return layout


def _read_number(layout: _Layout, lines: Sequence[str]) -> tuple[str, str]:
    """Return document number and optional data; a long number goes on in the optional data."""
    field = layout.number
    text, digit = field.cut(lines), lines[field.line][field.end]
    optional = layout.optional.cut(lines)
    if digit == FILLER and text.strip(FILLER) and layout is not _TD3:
        rest, _, optional = optional.partition(FILLER)
        text, digit = text + rest[:-1], rest[-1:]
    _verify_digit(text, digit, field)
    return _strip(text).replace(" ", ""), _strip(optional)


def _verify_digits(layout: _Layout, lines: Sequence[str]) -> None:
    """Check the digits of both dates, of TD3's optional data, and the composite one."""
    for field in (layout.birth, layout.expiry):
        _verify_digit(field.cut(lines), lines[field.line][field.end], field)
    optional = layout.optional
    if layout.optional_checked:
        _verify_digit(optional.cut(lines), lines[optional.line][optional.end], optional)
    text = "".join(field.cut(lines) for field in layout.composite)
    line, place = (1, 29) if layout is _TD1 else (1, layout.length - 1)
    _verify_digit(text, lines[line][place], _field("composite", line, place, place + 1))


def _verify_digit(text: str, digit: str, field: _Field) -> None:
    empty_allowed = digit == FILLER and not text.strip(FILLER)
    if not empty_allowed and digit != check_digit(text):
        raise MrzError(field.line + 1, field.name, "check digit is wrong")


def _read_birth(text: str, field: _Field, today: date) -> PartialDate | None:
    """Read YYMMDD; the latest century in which the birth is not after today."""
    parts = _split_date(text, field)
    if parts is None:
        return None
    short_year, month, day = parts
    for century in (today.year // 100 * 100, today.year // 100 * 100 - _OLDEST_YEARS):
        birth = _make_date(century + short_year, month, day, field=field)
        if birth.span.first <= today:
            return birth
    raise MrzError(field.line + 1, field.name, "is in the future")


def _read_expiry(text: str, field: _Field, today: date) -> date | None:
    """Read YYMMDD; the century that puts it nearest to the validity of documents."""
    parts = _split_date(text, field)
    if parts is None:
        return None
    short_year, month, day = parts
    year = today.year // 100 * 100 + short_year
    if year > today.year + _LONGEST_VALIDITY_YEARS:
        year -= 100
    return _make_date(year, month, day, field=field).span.last


def _split_date(text: str, field: _Field) -> tuple[int, int, int] | None:
    """Split YYMMDD; unknown parts are fillers and become 0, an unknown year makes it None."""
    pieces = [text[0:2], text[2:4], text[4:6]]
    if pieces[0] == FILLER * 2:
        return None
    numbers = [0 if piece == FILLER * 2 else piece for piece in pieces]
    if not all(isinstance(n, int) or n.isdigit() for n in numbers):
        raise MrzError(field.line + 1, field.name, "must be digits, YYMMDD")
    year, month, day = (int(n) for n in numbers)
    return year, month, day if month else 0


def _make_date(year: int, month: int, day: int, *, field: _Field) -> PartialDate:
    try:
        return PartialDate(year, month or None, day or None)
    except ValueError as error:
        raise MrzError(field.line + 1, field.name, str(error)) from None


def _read_sex(field: _Field, lines: Sequence[str]) -> str | None:
    """Return M, F or None where the document does not say."""
    sex = field.cut(lines)
    if sex not in {"M", "F", "X", FILLER}:
        raise MrzError(field.line + 1, field.name, "must be M, F, X or <")
    return sex if sex in {"M", "F"} else None


def _strip(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())


def build_td3(facts: Mrz) -> tuple[str, str]:
    """Write the two lines of a passport, as `parse_mrz` reads them.

    Raises:
        ValueError: The number is longer than nine characters or has others than 0-9 and A-Z.
    """
    number = facts.number.upper()
    if len(number) > _NUMBER_LENGTH:
        raise ValueError(f"document number must be 0..{_NUMBER_LENGTH} characters")
    first = _fill(facts.document_type, 2) + _fill(facts.issuer, 3)
    names = _fill(facts.surname, 0) + FILLER * 2 + _fill(facts.given_names, 0)
    holder = _fill(facts.nationality, 3)
    number = _with_digit(_fill(number, _NUMBER_LENGTH))
    birth = _with_digit(_write_date(facts.birth))
    expiry = _with_digit(f"{facts.expiry:%y%m%d}" if facts.expiry else FILLER * 6)
    optional = _with_digit(_fill(facts.optional, 14))
    digit = check_digit(number + birth + expiry + optional)
    second = number + holder + birth + (facts.sex or FILLER) + expiry + optional + digit
    return _fill(first + names, 44), second


def _with_digit(text: str) -> str:
    return text + check_digit(text)


def _fill(text: str, length: int) -> str:
    """Write spaces as fillers and bring to length; length 0 keeps what is there."""
    filled = text.upper().replace(" ", FILLER).replace("-", FILLER)
    return filled.ljust(length, FILLER)[:length] if length else filled


def _write_date(birth: PartialDate | None) -> str:
    if birth is None:
        return FILLER * 6
    month = FILLER * 2 if birth.month is None else f"{birth.month:02}"
    day = FILLER * 2 if birth.day is None else f"{birth.day:02}"
    return f"{birth.year % 100:02}{month}{day}"
