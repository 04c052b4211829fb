"""Each block reads its value from a row; what is broken is counted and is no value."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from pydantic import TypeAdapter

from adapters.contract import (
    DateSpan,
    Document,
    DocumentKind,
    Identifier,
    IdentifierKind,
    NameKind,
    PartialDate,
    PersonName,
    Sex,
)
from adapters.mapping.fields import FieldBlock
from adapters.mapping.readers import Words, compile_field, read_country, read_word

CODES = {
    "sexes": {"1": "male", "2": "female"},
    "countries": {"Казахстан": "KAZ"},
    "kinds": {"P": "passport"},
    "phones": {"T": "phone"},
    "offences": {"162": "robbery"},
}


def reader(**block):
    """The reader of a block, and what it counts."""
    words = Words(CODES, Counter())
    return compile_field(TypeAdapter(FieldBlock).validate_python(block), words), words.faults


def name(**parts):
    return reader(field="name", **parts)[0]


def test_name_is_read_whole_or_in_parts_and_is_none_without_any():
    read = name(full="n")
    assert read({"n": " Рустам Каримов "}) == PersonName(full="Рустам Каримов")
    for nothing in ("", "  ", None):
        assert read({"n": nothing}) is None
    assert read({}) is None
    read = name(given="g", family="f", patronymic="p")
    assert read({"f": "Каримов", "p": "Аскарович"}) == PersonName(
        family="Каримов", patronymic="Аскарович"
    )


def test_kind_of_a_name_is_a_constant_or_told_by_the_row():
    assert name(full="n", kind="alias")({"n": "a"}).kind is NameKind.ALIAS
    read = name(full="n", kind={"column": "k"})
    assert read({"n": "a", "k": "Alias"}).kind is NameKind.ALIAS
    assert read({"n": "a", "k": "nickname?"}).kind is NameKind.PRIMARY
    assert read({"n": "a"}).kind is NameKind.PRIMARY


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Mr. Rustam Karimov", "Rustam Karimov"),
        ("MR Rustam", "Rustam"),
        ("Mrs Aigerim", "Aigerim"),
        ("Mrrustam Drew", "Mrrustam Drew"),
        ("Rustam, mr.", "Rustam,"),
        ("Mr.", None),
    ],
)
def test_titles_are_dropped_as_whole_words_alone(text, read):
    found = name(full="n", strip=["Mr.", "Mrs", "Dr"])({"n": text})
    assert found == (PersonName(full=read) if read else None)


def test_date_is_read_in_its_formats_and_a_broken_one_is_counted():
    read, faults = reader(field="birth_date", column="b", format=["iso", "DD.MM.YYYY"])
    assert read({"b": "1984-05-01"}) == PartialDate(1984, 5, 1)
    assert read({"b": "01.05.1984"}) == PartialDate(1984, 5, 1)
    assert read({"b": None}) is None
    assert not faults
    assert read({"b": "May 1984?"}) is None
    assert faults == {"b": 1}


def test_date_in_parts_is_as_exact_as_its_parts():
    read, faults = reader(field="birth_date", year="y", month="m", day="d")
    assert read({"y": 1984, "m": 5, "d": 1}) == PartialDate(1984, 5, 1)
    assert read({"y": "1984", "m": "5"}) == PartialDate(1984, 5)
    assert read({"y": 1984}) == PartialDate(1984)
    assert read({}) is None
    assert read({"y": 1984, "m": 13}) is None
    assert faults == {"y": 1}


def test_span_goes_from_the_first_day_of_one_to_the_last_of_the_other():
    read, faults = reader(field="birth_date", first="a", last="b", format=["iso", "YYYY"])
    assert read({"a": "1980", "b": "1984"}) == DateSpan(date(1980, 1, 1), date(1984, 12, 31))
    assert read({"a": "1984-02", "b": "1984-02-29"}) == DateSpan(
        date(1984, 2, 1), date(1984, 2, 29)
    )
    assert read({"a": "1980", "b": "1980"}) == PartialDate(1980)
    assert read({"a": "1980"}) == read({"b": "1980"}) == PartialDate(1980)
    assert read({}) is None
    assert read({"a": "x", "b": "1984"}) is None
    assert faults == {"a": 1}


def test_sex_and_country_are_words_of_ours_or_by_a_table():
    read, faults = reader(field="sex", column="s", codes="sexes")
    assert (read({"s": "2"}), read({"s": ""})) == (Sex.FEMALE, None)
    assert read({"s": "male"}) is None  # not in the table: not guessed
    assert faults == {"s": 1}
    read, faults = reader(field="nationality", column="c")
    assert (read({"c": "kaz"}), read({"c": "D"})) == ("KAZ", "D")
    assert read({"c": "Kazakhstan"}) is None
    assert faults == {"c": 1}
    assert reader(field="country", const="KAZ")[0]({}) == "KAZ"
    assert reader(field="nationality", column="c", codes="countries")[0]({"c": "Казахстан"}) == (
        "KAZ"
    )


def test_constant_that_is_none_of_our_words_is_found_when_the_mapping_is_loaded():
    for block in ({"field": "sex", "const": "other?"}, {"field": "country", "const": "Nowhere"}):
        with pytest.raises(ValueError, match=r"\w"):
            reader(**block)


def test_document_is_its_number_with_series_kind_and_issuer_where_there_are_any():
    read, _ = reader(
        field="document",
        number="n",
        series="s",
        document_kind={"column": "k", "codes": "kinds"},
        issuer={"column": "i"},
    )
    assert read({"n": "100", "s": "N", "k": "P", "i": "KAZ"}) == Document(
        "N 100", DocumentKind.PASSPORT, "KAZ"
    )
    assert read({"n": "100"}) == Document("100", None, "")
    assert read({"s": "N"}) is None
    assert reader(field="document", number="n")[0]({"n": 100}) == Document("100", None, "")


def test_part_that_is_broken_is_counted_and_the_rest_is_read():
    broken = b"\xff\xfe"
    read, faults = reader(field="document", number="n", series="s")
    assert read({"n": "100", "s": broken}) == Document("100", None, "")
    assert read({"n": broken, "s": "N"}) is None
    assert faults == {"s": 1, "n": 1}
    read, faults = reader(field="name", given="g", family="f")
    assert read({"g": broken, "f": "Каримов"}) == PersonName(family="Каримов")
    assert faults == {"g": 1}


def test_identifier_needs_value_and_kind():
    block = {"field": "identifier", "column": "v"}
    read, faults = reader(**block, identifier_kind={"column": "k", "codes": "phones"})
    assert read({"v": "+7 701", "k": "T"}) == Identifier(IdentifierKind.PHONE, "+7 701")
    assert read({"k": "T"}) is None
    assert not faults
    assert read({"v": "+7 701", "k": "X"}) is None
    assert faults == {"k": 1}


def test_text_is_a_column_several_a_code_or_a_constant():
    read, _ = reader(field="address", columns=["a", "b", "c"], separator=", ")
    assert read({"a": "Street 1", "c": "Astana"}) == "Street 1, Astana"
    assert read({"a": " ", "b": None}) is None
    assert reader(field="remark", const="seen")[0]({}) == "seen"
    assert reader(field="plate", column="p")[0]({"p": " A 1 "}) == "A 1"
    read, faults = reader(field="offence", column="o", codes="offences")
    assert (read({"o": "162"}), read({"o": 162}), read({"o": "1"})) == ("robbery", "robbery", None)
    assert faults == {"o": 1}


def test_value_that_is_no_text_is_counted():
    read, faults = reader(field="remark", column="r")
    assert read({"r": b"\xff\xfe\xfd"}) is None
    assert faults == {"r": 1}


@pytest.mark.parametrize("text", ["", "KAZA", "K1", "ҚАЗ", "K Z"])
def test_country_is_one_to_three_letters(text):
    assert read_country("xxk") == "XXK"
    with pytest.raises(ValueError, match="not a country"):
        read_country(text)


def test_word_is_ours_in_any_case():
    assert read_word(Sex)("FEMALE") is Sex.FEMALE
    with pytest.raises(ValueError, match="weiblich"):
        read_word(Sex)("weiblich")
