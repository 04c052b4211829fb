"""Records of two systems are paired by what they share, each once."""

import pytest

from adapters.contract import (
    Document,
    Field,
    FieldName,
    Identifier,
    IdentifierKind,
    PartialDate,
    PersonName,
    Record,
    RecordKind,
)
from gateway.node.difference import Difference, compare_matches
from gateway.node.scoring import Match

NAME = Field(FieldName.NAME, PersonName(full="Айгүл Серікова"))
BIRTH = Field(FieldName.BIRTH_DATE, PartialDate(1990, 2, 3))
PASSPORT = Field(FieldName.DOCUMENT, Document("N 1234567"))
SAME_PASSPORT = Field(FieldName.DOCUMENT, Document("n1234567"))
PHONE = Field(FieldName.IDENTIFIER, Identifier(IdentifierKind.PHONE, "7701"))


def match(reference, *fields):
    return Match(Record(reference, RecordKind.WANTED, fields), 1.0, ())


@pytest.mark.parametrize(
    ("live", "shadow", "same"),
    [
        (match("1"), match("1"), True),
        (match("1", PASSPORT), match("A", SAME_PASSPORT), True),
        (match("1", PHONE), match("A", PHONE), True),
        (match("1", NAME, BIRTH), match("A", NAME, BIRTH), True),
        (match("1", NAME), match("A", NAME), False),
        (match("1", BIRTH), match("A", BIRTH), False),
        (match("1", NAME, PASSPORT), match("A", NAME, PHONE), False),
        (match("1", Field(FieldName.VIN, "WVW1")), match("A", Field(FieldName.VIN, "wvw-1")), True),
    ],
)
def test_records_are_the_same_where_they_share_a_mark(live, shadow, same):
    expected = Difference(both=1) if same else Difference(only_live=1, only_shadow=1)
    assert compare_matches([live], [shadow]) == expected


def test_each_record_is_in_one_pair():
    live = [match("1", PASSPORT), match("2", PASSPORT)]
    assert compare_matches(live, [match("A", PASSPORT)]) == Difference(both=1, only_live=1)


def test_nothing_differs_from_nothing():
    assert compare_matches([], []) == Difference()


def test_differences_add_up():
    assert Difference(1, 2, 3) + Difference(10, 20, 30) == Difference(11, 22, 33)
