"""A block takes the keys that it has, says which was meant, and repeats no value."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from adapters import contract
from adapters.mapping.block import (
    UNKNOWN_KEY,
    Block,
    Column,
    Country,
    Handling,
    Issuer,
    Source,
    SourceOrText,
    Word,
)


class Example(Block):
    column: Column
    source: SourceOrText = Source(const="primary")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("colunm", "unknown key; did you mean 'column'?"),
        ("xyz", "unknown key; write one of column, source"),
    ],
)
def test_unknown_key_is_named_with_what_was_meant(key, told):
    with pytest.raises(ValidationError) as caught:
        Example.model_validate({"column": "a", key: "secret"})
    (error,) = caught.value.errors(include_input=False)
    assert (error["type"], error["msg"]) == (UNKNOWN_KEY, told)
    assert error["ctx"]["key"] == key
    assert "secret" not in str(caught.value)


def test_block_does_not_change_and_is_no_text():
    block = Example(column="a.b")
    with pytest.raises(ValidationError, match="frozen"):
        block.column = "c"
    with pytest.raises(ValidationError):
        Example.model_validate("column")


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (Word, ["a", "a" * 200, " "], ["", "a" * 201, 1]),
        (Column, ["a", "table.column", "a b"], ["", " a", "a ", "\n", "a" * 201]),
        (Country, ["KAZ"], ["", "kaz", "KZ", "KAZ\n", "ҚАЗ"]),
        (Issuer, ["D", "KAZ", "XX"], ["", "d", "KAZX", "K1"]),
    ],
)
def test_words_are_within_their_limits(kind, right, wrong):
    adapter = TypeAdapter(kind)
    for text in right:
        assert adapter.validate_python(text) == text
    for text in wrong:
        with pytest.raises(ValidationError):
            adapter.validate_python(text)


def test_bare_text_is_a_constant():
    assert Example(column="a", source="alias").source == Source(const="alias")
    assert Example.model_validate({"column": "a", "source": {"column": "b"}}).source.column == "b"
    assert Example(column="a").source == Source(const="primary")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({}, "write either const or column"),
        ({"const": "a", "column": "b"}, "write either const or column"),
        ({"const": "a", "codes": "c"}, "codes needs column"),
    ],
)
def test_source_is_a_constant_or_a_column(source, told):
    assert Source(column="b", codes="c").codes == "c"
    with pytest.raises(ValidationError, match=told):
        Source.model_validate(source)


def test_handling_of_a_field_lays_over_the_banks_what_it_says_and_no_more():
    bank = contract.Handling(
        tlp=contract.Tlp.RED, europol=(contract.EuropolCode.H2,), confirm_first=True
    )
    assert Handling().over(bank) == bank
    assert Handling(tlp=contract.Tlp.GREEN).over(bank) == contract.Handling(
        tlp=contract.Tlp.GREEN, europol=bank.europol, confirm_first=True
    )
    assert Handling(europol=()).over(bank).europol == ()
    # What is written counts, also where it is what it would be without being written.
    assert Handling(tlp=contract.Tlp.AMBER).over(bank).tlp is contract.Tlp.AMBER
    assert not Handling(confirm_first=False).over(bank).confirm_first
