"""A number is understood where it is one of the spellings that a search asks for."""

import pytest

from adapters.contract import FieldName, IdentifierKind
from adapters.mapping.lookups import Lookup
from adapters.proving.shares import _is_found

PHONE = Lookup(0, FieldName.IDENTIFIER, "t.phone", kind=IdentifierKind.PHONE)
SHAPED = Lookup(
    0, FieldName.IDENTIFIER, "t.phone", shapes=("+## ### ######",), kind=IdentifierKind.PHONE
)
PASSPORT = Lookup(0, FieldName.DOCUMENT, "t.passport")
CASES = {
    "plus": ("+43000123400", PHONE, True),
    "plus in a shape": ("+43 000 123400", SHAPED, True),
    "plus in no shape": ("+43 000 123400", PHONE, False),
    "plus of a document": ("+43000123400", PASSPORT, False),
    "address": ("a.b@c.example", Lookup(0, FieldName.IDENTIFIER, "t.mail"), False),
    "handle": (
        "dana_k",
        Lookup(0, FieldName.IDENTIFIER, "t.handle", kind=IdentifierKind.HANDLE),
        True,
    ),
    "spaces": ("N 1234567", PASSPORT, True),
    "slash": ("N/1234567", PASSPORT, False),
    "part of a series": ("1234567", Lookup(0, FieldName.DOCUMENT, "t.no", "t.series"), True),
    "plate": ("123 ABC 02", Lookup(0, FieldName.PLATE, "t.plate"), True),
    "no number": ("--", PASSPORT, False),
}


@pytest.mark.parametrize("name", CASES)
def test_number_is_found_as_a_search_asks_for_it(name):
    text, lookup, found = CASES[name]
    assert _is_found(text, (), lookup) is found
