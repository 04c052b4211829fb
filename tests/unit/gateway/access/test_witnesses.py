from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from gateway.access.witnesses import ForeignWitness, VkeyText, Witnessing
from tests.kit.witnesses import make_cosigner

VKEY = str(make_cosigner().vkey)


def test_the_default_is_two_of_three():
    assert (Witnessing().count, Witnessing().quorum, Witnessing().patience_s) == (3, 2, 600)


@pytest.mark.parametrize(
    "values",
    [
        {"quorum": 0},
        {"count": 0},
        {"patience_s": 1},
        {"witnesses": ("kaz",)},
        {"anything": 1},
        {"foreign": ({"url": "ftp://a", "vkey": VKEY},)},
        {"foreign": ({"url": "https://a/", "vkey": VKEY},)},
        {"foreign": ({"url": "https://a.example", "vkey": ""},)},
    ],
)
def test_what_is_against_the_limits_is_refused(values):
    with pytest.raises(ValidationError):
        Witnessing(**values)


def test_a_foreign_witness_has_address_and_key():
    foreign = ForeignWitness(url="https://witness.example/x", vkey=VKEY)
    assert Witnessing(foreign=(foreign,)).foreign == (foreign,)


def test_a_key_is_one_line():
    adapter = TypeAdapter(VkeyText)
    assert adapter.validate_python(VKEY) == VKEY
    for wrong in ("x", VKEY + " ", VKEY.replace("+", " "), "a\x00" + VKEY):
        with pytest.raises(ValidationError):
            adapter.validate_python(wrong)
