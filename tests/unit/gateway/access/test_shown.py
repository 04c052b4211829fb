from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import FieldName
from gateway.access.shown import (
    FIELDS,
    MASKABLE,
    OPEN,
    OTHERS,
    TREATMENTS,
    WITHHELD,
    Shown,
    both,
    read_fields,
    strictest,
)

TREATED = st.dictionaries(
    st.sampled_from([*sorted(FIELDS), OTHERS]), st.sampled_from(TREATMENTS), max_size=5
)


def test_fields_are_those_of_the_contract_of_adapters():
    assert {name.value for name in FieldName} == FIELDS
    assert MASKABLE < FIELDS


def test_fields_are_read_as_owners_write_them():
    read = read_fields("address:withheld  birth_date:masked *:released")
    assert read == {"address": "withheld", "birth_date": "masked", "*": "released"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names no field"),
        ("adress:withheld", "before the colon"),
        ("address", "after the colon"),
        ("address:hidden", "after the colon"),
        ("address:masked", "cannot mask address"),
        ("name:masked name:withheld", "names name twice"),
    ],
)
def test_fields_that_say_nothing_are_refused(text, told):
    with pytest.raises(ValueError, match=told):
        read_fields(text)


def test_what_has_no_mask_is_withheld_rather_than_shown():
    shown = Shown(others="masked")
    assert shown.treat("address") == WITHHELD
    assert shown.treat("birth_date") == "masked"
    assert not shown.open


def test_open_record_shows_everything():
    assert {OPEN.treat(name) for name in FIELDS} == {"released"}
    assert OPEN.open


@given(st.lists(TREATED, min_size=1, max_size=4))
def test_of_several_permits_the_strictest_counts_for_each_field(permits):
    shown = strictest("x", permits, whole=True)
    for name in FIELDS:
        for permit in permits:
            one = Shown(fields=permit, others=permit.get(OTHERS, "released")).treat(name)
            assert TREATMENTS.index(shown.treat(name)) >= TREATMENTS.index(one)
    assert shown.treat("sex") in {
        Shown(fields=p, others=p.get(OTHERS, "released")).treat("sex") for p in permits
    }


SHOWN = st.builds(
    Shown,
    rule=st.sampled_from(["x", "y"]),
    withheld=st.booleans(),
    whole=st.booleans(),
    fields=TREATED,
    others=st.sampled_from(TREATMENTS),
)


@given(SHOWN, SHOWN)
def test_of_two_decisions_each_shows_no_more_than_the_other_allows(one, other):
    shown = both(one, other)
    assert shown.withheld == (one.withheld or other.withheld)
    if shown.withheld:
        assert shown == (one if one.withheld else other)
        return
    assert shown.whole == (one.whole and other.whole)
    for name in FIELDS:
        treated = {TREATMENTS.index(each.treat(name)) for each in (one, other)}
        assert TREATMENTS.index(shown.treat(name)) == max(treated)
