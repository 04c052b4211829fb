from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import (
    DateSpan,
    Document,
    DocumentKind,
    Field,
    FieldName,
    Handling,
    Identifier,
    IdentifierKind,
    NameKind,
    PartialDate,
    PersonName,
    Tlp,
)
from gateway.node.masking import HIDDEN, mask_field


def mask(name, value):
    return mask_field(Field(name, value)).value


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        (FieldName.BIRTH_DATE, PartialDate(1984, 5, 1), PartialDate(1984)),
        (
            FieldName.BIRTH_DATE,
            DateSpan(date(1984, 5, 1), date(1986, 7, 2)),
            DateSpan(date(1984, 1, 1), date(1986, 12, 31)),
        ),
        (
            FieldName.DOCUMENT,
            Document("N10000058", DocumentKind.PASSPORT, "KAZ"),
            Document("…58", DocumentKind.PASSPORT, "KAZ"),
        ),
        (
            FieldName.IDENTIFIER,
            Identifier(IdentifierKind.PHONE, "77010000001"),
            Identifier(IdentifierKind.PHONE, "…01"),
        ),
        (FieldName.PLATE, "123ABC", "…BC"),
        (FieldName.PLATE, "12ABC", "…"),
        (FieldName.PLATE, "12A", "…"),
        (FieldName.NAME, PersonName(full="Рустам Каримов"), PersonName(full="Р. К.")),
        (
            FieldName.NAME,
            PersonName(given="Али", family="Оз", kind=NameKind.ALIAS),
            PersonName(full="А. О.", kind=NameKind.ALIAS),
        ),
        (FieldName.NAME, PersonName(full="कुमार"), PersonName(full="कु.")),
    ],
)
def test_a_mask_shows_initials_a_year_or_the_end(name, value, shown):
    assert mask(name, value) == shown


def test_labels_stay_on_a_masked_field():
    strict = Handling(Tlp.RED, confirm_first=True)
    field = mask_field(Field(FieldName.PLATE, "123ABC", strict))
    assert field.handling == strict


@given(st.text(alphabet="0123456789AB", min_size=1, max_size=30))
def test_a_masked_number_has_one_length_and_at_most_two_characters(number):
    shown = mask(FieldName.DOCUMENT, Document(number)).number
    assert shown.startswith(HIDDEN)
    assert len(shown) in {1, 3}
    assert number.endswith(shown[1:])


@given(st.text(min_size=1, max_size=40))
def test_a_masked_name_has_no_word_of_it(name):
    shown = mask(FieldName.NAME, PersonName(full=name)).full
    assert len(shown.split()) == len(name.split())
    assert all(word.endswith(".") for word in shown.split())


def test_a_masked_date_can_be_masked_again():
    once = mask_field(Field(FieldName.BIRTH_DATE, PartialDate(1984, 5, 1)))
    assert mask_field(once) == once
