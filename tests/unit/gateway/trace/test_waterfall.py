"""Spans become a tree in the order of their beginning, each at its place in time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.trace.file import Line
from gateway.trace.waterfall import find_trace, lay_out


def line(span, parent="", start=0, end=100, *, trace="t", **attributes):
    return Line(trace, span, parent, f"step {span}", "hub", start, end, attributes=attributes)


def test_steps_are_below_what_called_them_in_order():
    lines = [line("c", "a", 60, 90), line("b", "a", 10, 50), line("d", "b", 20, 30), line("a")]
    steps = lay_out(lines)
    assert [(s.line.span, s.depth) for s in steps] == [("a", 0), ("b", 1), ("d", 2), ("c", 1)]
    assert [(s.begin, s.end) for s in steps] == [(0, 1), (0.1, 0.5), (0.2, 0.3), (0.6, 0.9)]


def test_step_of_a_caller_without_a_file_stands_at_the_top():
    (step,) = lay_out([line("b", "elsewhere", 5_000_000, 8_000_000)])
    assert (step.depth, step.ms) == (0, 3.0)


def test_no_spans_are_no_steps():
    assert lay_out([]) == []


def test_whole_traces_of_the_search_are_found_by_its_beginning():
    lines = [
        line("a", trace="one", **{"kalkan.search_id": "997dcd"}),
        line("b", "a", trace="one"),
        line("c", trace="two", **{"kalkan.search_id": "aaaa"}),
        line("d", trace="three"),
    ]
    assert [each.span for each in find_trace(lines, "997")] == ["a", "b"]
    assert find_trace(lines, "998") == []
    assert find_trace(lines, "") == []


@given(st.data())
def test_each_span_is_drawn_once_whatever_their_times(data):
    count = data.draw(st.integers(1, 12))
    lines = []
    for number in range(count):
        parent = data.draw(st.sampled_from(["", "gone", *(str(n) for n in range(number))]))
        times = sorted(data.draw(st.tuples(st.integers(0, 9), st.integers(0, 9))))
        lines.append(line(str(number), parent, *times))
    steps = lay_out(data.draw(st.permutations(lines)))
    assert sorted(s.line.span for s in steps) == sorted(each.span for each in lines)
    assert all(0 <= s.begin <= s.end <= 1 for s in steps)


def test_spans_that_call_each_other_do_not_hang_the_drawing():
    # Only a file that was tampered with has such: nothing is above them, so nothing is drawn.
    assert lay_out([line("a", "b"), line("b", "a")]) == []
