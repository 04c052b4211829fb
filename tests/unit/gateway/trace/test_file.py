"""The local trace file: one line a span, whole lines alone, never larger than it may be."""

from __future__ import annotations

import json

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.trace import Status, StatusCode

from gateway.trace.file import FileSpanExporter, read_lines


@pytest.fixture
def path(tmp_path):
    return tmp_path / "spans.jsonl"


def make_tracer(path, **options):
    provider = TracerProvider(resource=Resource.create({"service.name": "kalkan-hub"}))
    provider.add_span_processor(SimpleSpanProcessor(FileSpanExporter(path, **options)))
    return provider.get_tracer("test")


def test_spans_are_read_as_they_were(path):
    tracer = make_tracer(path)
    with (
        tracer.start_as_current_span("outer") as outer,
        tracer.start_as_current_span("inner", attributes={"kalkan.bank": "KAZ/persons"}) as inner,
    ):
        inner.set_status(Status(StatusCode.ERROR, "TimeoutError"))
    first, second = read_lines(path)
    assert (first.name, first.service, first.ok) == ("inner", "kalkan-hub", False)
    assert first.attributes == {"kalkan.bank": "KAZ/persons"}
    assert first.parent == second.span == f"{outer.get_span_context().span_id:016x}"
    assert (second.name, second.parent, second.ok) == ("outer", "", True)
    assert first.trace == second.trace
    assert second.start_ns <= first.start_ns <= first.end_ns <= second.end_ns


def test_file_is_its_owners_alone(path):
    with make_tracer(path).start_as_current_span("one"):
        pass
    assert path.stat().st_mode & 0o777 == 0o600


def test_full_file_makes_place_and_the_one_before_is_read_too(path):
    tracer = make_tracer(path, max_bytes=600)
    for number in range(5):
        with tracer.start_as_current_span(f"span{number}"):
            pass
    sizes = [each.stat().st_size for each in path.parent.iterdir()]
    assert len(sizes) <= 2
    assert all(size < 1_200 for size in sizes)
    names = [line.name for line in read_lines(path)]
    assert names == sorted(names)
    assert names[-1] == "span4"


def test_what_is_not_whole_is_left_out(path):
    with make_tracer(path).start_as_current_span("one"):
        pass
    whole = path.read_text()
    path.write_text("[1]\n" + whole + json.dumps({"name": "x"}) + "\n" + whole[:30])
    assert [line.name for line in read_lines(path)] == ["one"]


def test_file_that_is_not_there_has_no_lines(path):
    assert list(read_lines(path)) == []


def test_disk_that_fails_loses_spans_and_nothing_else(path):
    exporter = FileSpanExporter(path / "no folder" / "spans")
    assert exporter.export([]) is SpanExportResult.FAILURE
