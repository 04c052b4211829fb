from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.banks.opensearch.answers import read_answer, read_newest, read_types
from adapters.contract import (
    AdapterError,
    BankFaultError,
    BankTimeoutError,
    BankUnavailableError,
)

HIT = {"_id": "a", "_source": {"x": 1}, "sort": ["1"]}
SHARDS = {"total": 2, "successful": 2, "failed": 0}


def answer(**changed):
    whole = {"timed_out": False, "_shards": SHARDS, "hits": {"hits": [HIT]}}
    return {**whole, **changed}


def test_answer_gives_documents_their_number_and_the_next_place():
    total = {"value": 7, "relation": "gte"}
    read = read_answer(answer(hits={"hits": [HIT], "total": total}))
    assert read.documents == ({"x": 1, "_id": "a"},)
    assert (read.total, read.after) == (7, ["1"])


def test_answer_without_a_total_has_as_many_as_it_holds():
    assert read_answer(answer()).total == 1
    assert read_answer(answer(hits={"hits": []})).after is None


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (None, BankFaultError),
        ({}, BankFaultError),
        ([], BankFaultError),
        (answer(timed_out=True), BankTimeoutError),
        (answer(_shards={**SHARDS, "failed": 1}), BankUnavailableError),
        (answer(_shards={}), BankFaultError),
        (answer(hits={}), BankFaultError),
        (answer(hits={"hits": [{"_id": "a"}]}), BankFaultError),
    ],
)
def test_part_of_an_answer_is_never_the_answer(sent, error):
    with pytest.raises(error):
        read_answer(sent)


@pytest.mark.parametrize(
    ("found", "newest"),
    [
        ({"value": 1.0, "value_as_string": "2026-01-01"}, "2026-01-01"),
        ({"value": 5.0}, 5.0),
        ({"value": None}, None),
    ],
)
def test_newest_is_as_the_index_writes_it(found, newest):
    assert read_newest(answer(aggregations={"newest": found})) == newest


def test_newest_without_an_aggregation_is_a_fault():
    with pytest.raises(BankFaultError):
        read_newest(answer())


def test_types_of_parts_that_differ_are_all_told():
    sent = {"fields": {"a": {"text": {}, "keyword": {}}, "b": {"nested": {}}}}
    assert read_types(sent) == {"a": {"text", "keyword"}, "b": {"nested"}}


@pytest.mark.parametrize("sent", [None, {}, {"fields": []}])
def test_types_of_no_index_are_a_fault(sent):
    with pytest.raises(BankFaultError):
        read_types(sent)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["hits", "_shards", "failed", "timed_out", "total", "value"]), inner
        )
    ),
)


@given(_JSON)
def test_any_answer_is_read_or_refused_with_an_error_of_the_contract(sent):
    for read in (read_answer, read_newest, read_types):
        with suppress(AdapterError):
            read(sent)
