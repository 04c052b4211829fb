"""Write the condition that leaves out whom a birth date rules out, in a bank's dialect.

Engines read dates as they like, and fail or guess where a text is none. So a text is taken apart
into digits that are compared byte by byte, and a row is left out only where they are a day that
every year of the calendar has. The days in doubt come, and are compared when they have been read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlglot import exp

from adapters.mapping.days import Born, Form, Layout, list_doubtful
from adapters.mapping.exact import write_exactly
from adapters.mapping.statements import Dialect, slot

__all__ = ["write_within"]

_DIGITS: Final = tuple("0123456789")
_MONTHS: Final = tuple(f"{month:02}" for month in range(1, 13))
_DAYS: Final = tuple(f"{day:02}" for day in range(1, 32))
_TEN: Final = 10


def write_within(columns: Sequence[exp.Expr], born: Born, form: Form, dialect: Dialect) -> exp.Expr:
    """Return a condition that rows meet unless they say a whole day outside of those asked for.

    Args:
        columns: The columns of the date, as the statement names them.
        born: What the mapping says of them.
        form: What they hold.
        dialect: One of those that `born` has a form for.
    """
    missing = [exp.Is(this=column.copy(), expression=exp.null()) for column in columns]
    if form in {"date", "instant"}:
        return exp.paren(exp.or_(*missing, _write_native(columns[0], form)))
    texts = [write_exactly(column.copy(), dialect) for column in columns]
    parts, whole = _take_apart(texts, form, born.lay(form))
    outside = exp.and_(*whole, *_check(parts, born.lay(form)), _miss(parts))
    return exp.paren(exp.or_(*missing, exp.not_(exp.paren(outside))))


def _write_native(column: exp.Expr, form: Form) -> exp.Expr:
    if form == "date":
        return exp.Between(this=column.copy(), low=slot("first"), high=slot("last"))
    first, last = (exp.cast(slot(name), exp.DataType.Type.DATE) for name in ("first", "last"))
    return exp.and_(
        exp.GTE(this=column.copy(), expression=first),
        exp.LT(this=column.copy(), expression=last),
    )


_Parts = tuple[exp.Expr, exp.Expr, exp.Expr]


def _take_apart(
    texts: Sequence[exp.Expr], form: Form, layout: Layout
) -> tuple[_Parts, list[exp.Expr]]:
    """Return year, month and day in 4, 2 and 2 characters, and what else must hold."""
    if not layout.written:
        year, month, day = texts
        four = exp.EQ(this=_cut(year, 1, 4), expression=year.copy())
        return (_cut(year, 1, 4), _fill(month), _fill(day)), [four]
    (text,) = texts
    if form == "day":
        text = _cut(text, 1, _TEN)
    places = {name: layout.written.index(name) + 1 for name in ("YYYY", "MM", "DD")}
    year, month, day = (_cut(text, place, len(name)) for name, place in places.items())
    parts = dict(zip(places, (year, month, day), strict=True))
    pieces = [parts[name].copy() if name in parts else mark for name, mark in _split(layout)]
    whole = exp.EQ(this=text.copy(), expression=exp.Concat(expressions=pieces))
    return (year, month, day), [whole]


def _split(layout: Layout) -> Iterator[tuple[str, exp.Expr]]:
    """Split a layout into its parts and the marks between them."""
    rest = layout.written
    while rest:
        name = next((part for part in ("YYYY", "MM", "DD") if rest.startswith(part)), rest[0])
        yield name, exp.Literal.string(name)
        rest = rest[len(name) :]


def _fill(text: exp.Expr) -> exp.Expr:
    """A month or a day of one digit gets a zero before it."""
    one = exp.EQ(this=_cut(text, 1, 1), expression=text.copy())
    filled = exp.Concat(expressions=[exp.Literal.string("0"), text.copy()])
    return exp.Case(ifs=[exp.If(this=one, true=filled)], default=text.copy())


def _check(parts: _Parts, layout: Layout) -> Iterator[exp.Expr]:
    """Say that the parts are digits, and a day that every year of the calendar has."""
    year, month, day = parts
    for place in range(1, 5):
        yield _any(_cut(year, place, 1), _DIGITS)
    yield _any(month, _MONTHS)
    yield _any(day, _DAYS)
    both = exp.Concat(expressions=[month.copy(), day.copy()])
    yield exp.not_(_any(both, list_doubtful(layout.calendar)))
    low, high = map(exp.Literal.string, layout.years)
    yield exp.Between(this=year.copy(), low=low, high=high)


def _miss(parts: _Parts) -> exp.Expr:
    """Say that the day is before the first or after the last that is asked for."""
    joined = exp.Concat(expressions=[part.copy() for part in parts])
    before = exp.LT(this=joined, expression=slot("first"))
    return exp.paren(exp.or_(before, exp.GT(this=joined.copy(), expression=slot("last"))))


def _any(text: exp.Expr, words: Sequence[str]) -> exp.Expr:
    return exp.In(this=text.copy(), expressions=[exp.Literal.string(word) for word in words])


def _cut(text: exp.Expr, start: int, length: int) -> exp.Expr:
    """Return some characters of a text, from 1; of a part of a text those of the text."""
    if isinstance(text, exp.Substring):
        text, start = text.this, int(text.args["start"].name) + start - 1
    first, many = exp.Literal.number(start), exp.Literal.number(length)
    return exp.Substring(this=text.copy(), start=first, length=many)
