import random
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.mapping.spans import end_of, find_spans
from tests.kit.places import write_document

SEEDS = st.integers(0, 2**64)


def walk(value, way=()):
    """Walk all ways of a document as tomllib reads it."""
    if way:
        yield way
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*way, key))


@settings(max_examples=300)
@given(SEEDS)
def test_each_key_and_each_value_is_where_it_was_written(seed):
    written = write_document(random.Random(seed))
    assert set(walk(tomllib.loads(written.text))) == set(written.values)  # the writer is honest
    spans = find_spans(written.text)
    assert {way: spans.point(span) for way, span in spans.values.items()} == written.values
    assert {way: spans.point(span) for way, span in spans.keys.items()} == written.keys


@settings(max_examples=300)
@given(SEEDS)
def test_each_character_of_a_string_is_where_it_was_written(seed):
    written = write_document(random.Random(seed))
    spans, read = find_spans(written.text), tomllib.loads(written.text)
    for way, points in written.insides.items():
        text = read
        for part in way:
            text = text[part]
        assert len(text) == len(points) - 1
        span = spans.values[way]
        assert [spans.point(span, number) for number in range(len(points))] == points
        assert spans.point(span, len(points) + 5) == points[-1]


@pytest.mark.parametrize(
    ("text", "way", "point"),
    [
        ("a.b = 1", ("a", "b"), (1, 7)),
        ('"😀😀".b = 1', ("😀😀", "b"), (1, 10)),
        ("\ta\t=\t'x'", ("a",), (1, 6)),
        ("[a]\r\nb = 1", ("a", "b"), (2, 5)),
        ("a = [\n  1, # 2\n  { b = 2 },\n]", ("a", 1, "b"), (3, 9)),
        ("[[a]]\n[a.b]\n[[a]]\nc = 1", ("a", 1), (3, 1)),
        ("[a.b]\n[a]\nx = 1", ("a",), (2, 1)),
        ('[a."b c"]', ("a", "b c"), (1, 1)),
        ("[a.b]", ("a",), (1, 2)),
    ],
)
def test_place_of_a_value(text, way, point):
    tomllib.loads(text)
    spans = find_spans(text)
    assert spans.point(spans.values[way]) == point


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_read(text):
    find_spans(text)


@pytest.mark.parametrize("text", ["[", "[]", "[[a]\nb", "a = ", "= 1", '"\\q" = 1', "a.=1", "{"])
def test_text_that_is_no_toml_is_read_as_far_as_it_goes(text):
    find_spans(text)


def test_deep_nesting_is_read():
    depth = 5_000
    find_spans("a = " + "[" * depth + "1" + "]" * depth)


@pytest.mark.parametrize(
    ("text", "point"), [("", (1, 1)), ("ab", (1, 3)), ("a\n", (2, 1)), ("a\r\n😀", (2, 2))]
)
def test_end_of_a_text(text, point):
    assert end_of(text) == point
