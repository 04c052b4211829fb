"""What is masked cannot be read back."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import (
    DateSpan,
    Document,
    Field,
    FieldName,
    Identifier,
    IdentifierKind,
    NameKind,
    PartialDate,
    PersonName,
)
from adapters.proving.masks import mask_field, mask_number, mask_text


def test_name_keeps_its_build_and_one_letter_of_longer_words():
    name = PersonName(given="Айгүл", family="Ли", kind=NameKind.ALIAS)
    assert mask_field(Field(FieldName.NAME, name)) == "name given=А•••• family=•• (alias)"


def test_dates_keep_the_year_alone():
    assert mask_field(Field(FieldName.BIRTH_DATE, PartialDate(1985, 3, 14))).endswith("1985-••-••")
    assert mask_field(Field(FieldName.BIRTH_DATE, PartialDate(1985))).endswith(" 1985")
    span = DateSpan(date(1985, 3, 14), date(1986, 1, 1))
    assert mask_field(Field(FieldName.BIRTH_DATE, span)).endswith(" 1985..1986")


def test_numbers_keep_their_shape():
    document = Field(FieldName.DOCUMENT, Document("N 123-4567", issuer="KAZ"))
    assert mask_field(document) == "document A 999-9999 KAZ"
    phone = Field(FieldName.IDENTIFIER, Identifier(IdentifierKind.PHONE, "+7701"))
    assert mask_field(phone) == "identifier phone +9999"
    assert mask_field(Field(FieldName.PLATE, "123ABC02")) == "plate 999AAA99"


def test_addresses_of_mail_are_masked_whole():
    mail = Field(FieldName.IDENTIFIER, Identifier(IdentifierKind.EMAIL, "aylin.9@shop.example"))
    assert mask_field(mail) == "identifier email AAAAA.9@AAAA.AAAAAAA"


def test_signs_for_vowels_are_masked_with_their_letters():
    assert mask_text("राष्ट्रिय") == "र••••"
    assert mask_number("बा 9 प 1234") == "A 9 A 9999"


def test_countries_stay():
    assert mask_field(Field(FieldName.NATIONALITY, "KAZ")) == "nationality KAZ"


@given(st.text(max_size=80))
def test_masked_number_holds_no_letter_or_digit_of_its_own(text):
    assert all(sign in "A9" or not sign.isalnum() for sign in mask_number(text))


@given(st.text(max_size=80))
def test_masked_text_keeps_one_letter_of_a_word_at_most(text):
    kept = [sign for sign in mask_text(text) if sign.isalnum()]
    assert len(kept) <= len(text.split()) + sum(not sign.isalnum() for sign in text)
