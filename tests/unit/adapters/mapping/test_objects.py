import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.contract import BankFaultError, Document, DocumentKind, FieldName
from adapters.mapping.objects import Shape, find_value, list_objects
from adapters.mapping.records import RecordBuilder

PERSON = {
    "shenase": 7,
    "nam": {"aval": "علی", "akhar": "رضایی"},
    "tarikh": "1365/04/12",
    "kod_melli": None,
    "madarek": [{"noe": "گذرنامه", "shomare": "A 1"}, {"shomare": 2.0}, {"noe": "?"}],
    "digar": {"laqab": ["Ali", "Reza"]},
}


def test_shape_reads_paths_lists_of_objects_and_lists_of_texts(make_mapping):
    base, children = Shape(make_mapping()).read(PERSON)
    assert base["nam.aval"] == "علی"
    assert base["kod_melli"] is None
    assert children["laqab"] == [{"laqab.value": "Ali"}, {"laqab.value": "Reza"}]
    assert children["madarek"][1] == {"madarek.shomare": 2.0, "madarek.noe": None}


def test_shape_feeds_the_builder_of_records(make_mapping):
    mapping = make_mapping()
    record = RecordBuilder(mapping).build(*Shape(mapping).read(PERSON))
    assert record.reference == "7"
    assert record.values(FieldName.DOCUMENT) == (
        Document("A 1", DocumentKind.PASSPORT),
        Document("2"),
    )
    assert [name.text for name in record.values(FieldName.NAME)] == ["علی رضایی", "Ali", "Reza"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*PERSON, "aval", "shomare", "laqab"]), inner, max_size=5)
    ),
    max_leaves=15,
)
OBJECT = st.dictionaries(st.sampled_from(list(PERSON)), JSON, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(any_object=OBJECT)
def test_shape_and_builder_never_fail_over_any_object(make_mapping, any_object):
    mapping = make_mapping()
    record = RecordBuilder(mapping).build(*Shape(mapping).read(any_object))
    assert record is None or record.reference


@given(JSON, st.lists(st.text(max_size=3), max_size=3))
def test_find_value_never_fails(value, steps):
    find_value(value, steps)


def test_list_objects_takes_the_answer_itself_when_there_is_no_path():
    assert list_objects([{"a": 1}], "") == [{"a": 1}]
    assert list_objects({"a": {"b": []}}, "a.b") == []


@pytest.mark.parametrize("answer", [{}, [], {"a": None}, {"a": {}}, {"a": [1]}, "a", None])
def test_list_objects_refuses_what_is_no_list_of_objects(answer):
    with pytest.raises(BankFaultError, match="rows"):
        list_objects(answer, "a")
