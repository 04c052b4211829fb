"""Objects become tables: paths are columns, lists are tables inside."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.drafting.objects import spread

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


def test_paths_and_lists_are_found_wherever_they_first_occur():
    found = spread(
        [{"id": 1, "name": {"first": "A"}}, {"id": 2, "phones": ["1", "2"], "papers": [{"no": 3}]}]
    )
    assert found.values == {"id": ["1", "2"], "name.first": ["A", ""]}
    assert found.lists["phones"].values == {"value": ["1", "2"]}
    assert found.lists["papers"].values == {"no": ["3"]}


def test_declared_values_stand_beside_seen_ones():
    columns = spread([{"sex": "M"}]).columns({"sex": ("M", "F"), "born": ()})
    assert {c.name: (c.texts, c.words) for c in columns} == {
        "sex": (("M",), ("M", "M", "F")),
        "born": ((), ()),
    }


@given(st.lists(st.dictionaries(st.text(max_size=5), JSON, max_size=4), max_size=5))
def test_each_column_has_a_value_for_each_object(items):
    found = spread(items)
    assert found.count == len(items)
    assert all(len(values) == len(items) for values in found.values.values())
