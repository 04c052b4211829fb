"""A field's block has just the keys that its field needs, in one way of keeping it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from adapters.contract import FieldName
from adapters.mapping.block import Source
from adapters.mapping.fields import FieldBlock

BLOCK = TypeAdapter(FieldBlock)
RIGHT = [
    {"field": "name", "full": "n"},
    {"field": "name", "given": "g", "family": "f", "patronymic": "p", "kind": "alias"},
    {"field": "birth_date", "column": "b"},
    {"field": "birth_date", "column": "b", "format": ["iso", "YYYY/MM/DD"]},
    {"field": "birth_date", "year": "y"},
    {"field": "birth_date", "year": "y", "month": "m", "day": "d", "calendar": "solar_hijri"},
    {"field": "loss_date", "first": "a", "last": "b"},
    {"field": "sex", "column": "s", "codes": "sexes"},
    {"field": "nationality", "const": "KAZ"},
    {"field": "country", "column": "c"},
    {"field": "document", "number": "n", "series": "s", "issuer": {"const": "KAZ"}},
    {"field": "document", "number": "n", "shapes": ["#####-#######-#"]},
    {"field": "identifier", "identifier_kind": "phone", "column": "c"},
    {"field": "address", "columns": ["a", "b"], "separator": ", "},
    {"field": "remark", "const": "seen"},
    {"field": "offence", "column": "o", "codes": "offences"},
]
WRONG = [
    ({"field": "name"}, "at least one of full, given, family, patronymic"),
    ({"field": "birth_date"}, "write one of column, year"),
    ({"field": "birth_date", "column": "b", "year": "y"}, "write one of column, year"),
    ({"field": "birth_date", "column": "b", "first": "a"}, "write one of column, year"),
    ({"field": "birth_date", "first": "a"}, "both first and last"),
    ({"field": "birth_date", "column": "b", "last": "a"}, "both first and last"),
    ({"field": "birth_date", "column": "b", "month": "m"}, "month and day need year"),
    ({"field": "birth_date", "first": "a", "last": "b", "day": "d"}, "month and day need year"),
    ({"field": "birth_date", "year": "y", "day": "d"}, "day needs month"),
    ({"field": "birth_date", "column": "b", "format": "YY.WW"}, "write one or more of"),
    ({"field": "birth_date", "column": "b", "format": []}, "write one or more of"),
    ({"field": "birth_date", "column": "b", "calendar": "julian"}, "calendar"),
    ({"field": "sex"}, "either const or column"),
    ({"field": "sex", "const": "m", "column": "s"}, "either const or column"),
    ({"field": "sex", "const": "m", "codes": "c"}, "codes needs column"),
    ({"field": "document", "series": "s"}, "number"),
    ({"field": "document", "number": "n", "shapes": ["12345"]}, "shapes"),
    ({"field": "identifier", "column": "c"}, "identifier_kind"),
    ({"field": "remark"}, "one of column, columns, const"),
    ({"field": "remark", "column": "a", "columns": ["b"]}, "one of column, columns, const"),
    ({"field": "remark", "columns": ["a", "b"], "codes": "c"}, "codes needs column"),
    ({"field": "remark", "column": "a", "full": "b"}, "unknown key"),
    ({"field": "fingerprint", "column": "a"}, "field"),
    ({"column": "a"}, "field"),
]


@pytest.mark.parametrize("block", RIGHT, ids=str)
def test_block_is_read_as_its_field(block):
    read = BLOCK.validate_python(block)
    assert read.name is FieldName(block["field"])
    assert read.search
    assert read.handling is None


@pytest.mark.parametrize(("block", "told"), WRONG, ids=str)
def test_what_is_missing_or_too_much_is_named(block, told):
    with pytest.raises(ValidationError, match=told):
        BLOCK.validate_python(block)


def test_what_is_left_out_has_its_usual_value():
    date = BLOCK.validate_python({"field": "birth_date", "column": "b"})
    assert (date.format, date.calendar) == (("iso",), "gregorian")
    one = BLOCK.validate_python({"field": "birth_date", "column": "b", "format": "DD.MM.YYYY"})
    assert one.format == ("DD.MM.YYYY",)
    assert BLOCK.validate_python({"field": "name", "full": "n"}).kind == Source(const="primary")
    assert BLOCK.validate_python({"field": "address", "columns": ["a", "b"]}).separator == " "


@pytest.mark.parametrize("name", list(FieldName))
def test_every_field_that_a_record_can_have_has_a_block(name):
    filled = [block for block in RIGHT if block["field"] == name]
    blocks = filled or [{"field": str(name.value), "column": "c"}]
    assert BLOCK.validate_python(blocks[0]).name is name
