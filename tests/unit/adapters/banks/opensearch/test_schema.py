import pytest

from adapters.banks.opensearch.queries import Queries
from adapters.banks.opensearch.schema import list_fields, require_fields
from adapters.contract import MappingError
from tests.unit.adapters.banks.opensearch.conftest import MAPPING, TYPES

PLAIN = {field: frozenset((kind,)) for field, kind in TYPES.items()}


def check(mapping, **changed):
    about = mapping.opensearch
    known = {**PLAIN, **{name.replace("__", "."): kinds for name, kinds in changed.items()}}
    require_fields(mapping, about, Queries(mapping, about), known)


def line_of(text):
    return MAPPING[: MAPPING.index(text)].count("\n") + 1


def test_fields_that_decide_what_is_found_are_listed(make_mapping):
    mapping = make_mapping(more="fuzzy = true")
    fields = list_fields(mapping, mapping.opensearch, Queries(mapping, mapping.opensearch))
    assert {"jsn.keyword", "qujattar", "qujattar.seria", "laqab", "aty.ozi"} <= set(fields)
    assert "jsn" not in fields


def test_whole_mapping_holds(make_mapping):
    check(make_mapping(more="fuzzy = true"))
    check(make_mapping())


@pytest.mark.parametrize(
    ("changed", "place", "told"),
    [
        ({"bsn": {"text"}}, 'column = "bsn"', "'bsn' is of type text; write a keyword field"),
        ({"bsn": {"keyword", "long"}}, 'column = "bsn"', "of type keyword and long"),
        ({"bsn": frozenset()}, 'column = "bsn"', "the index has no field 'bsn'"),
        ({"jsn__keyword": {"long"}}, 'column = "jsn"', "'jsn.keyword' is of type long"),
        ({"uiym": {"keyword"}}, 'column = "uiym"', "fuzzy needs a text field"),
        ({"qujattar": {"object"}}, 'table = "qujat"', "take it out of [opensearch] nested"),
        ({"laqab": {"nested"}}, 'table = "laqab"', "write it in [opensearch] nested"),
    ],
)
def test_field_that_would_find_nothing_is_named_with_its_line(make_mapping, changed, place, told):
    mapping = make_mapping(change=("{more}", ""), more="fuzzy = true")
    with pytest.raises(MappingError) as failed:
        check(mapping, **changed)
    assert told in str(failed.value)
    where = f"{line_of(place)}:{place.index(chr(34)) + 1}"
    assert f"index.toml:{where}: " in str(failed.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ('["qujat"]', '["qujad"]'),
            r"14:11: opensearch\.nested\.1: no .* table is called 'qujad'; did you mean qujat",
        ),
        (
            ("{ jsn = ", "{ jsm = "),
            "13:11: opensearch.exact.jsm: no block reads the column 'jsm'; did you mean jsn",
        ),
    ],
)
def test_list_or_column_that_is_not_in_the_mapping_is_named_with_its_line(
    make_mapping, change, told
):
    with pytest.raises(MappingError, match=rf"^index\.toml:{told}"):
        make_mapping(change=change)
