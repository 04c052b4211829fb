"""Spans join client, hub and nodes into one trace and hold nothing personal."""

from contextvars import copy_context

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway.trace.spans import outgoing, server_span, start_call, step
from tests.kit.world import ask, build_world


@pytest.fixture(scope="module")
def exporter():
    """One provider for the process: OpenTelemetry allows no second."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    await world.start()
    yield world
    await world.stop()


async def test_search_is_one_trace_over_hub_and_nodes(world, exporter):
    client = await world.client()
    exporter.clear()
    with trace.get_tracer("test").start_as_current_span("client"):
        events = await client.search_once(ask())
    spans = [s for s in exporter.get_finished_spans() if s.name != "kalkan.describe"]
    root = next(s for s in spans if s.name == "client")
    ours = [s for s in spans if s.context.trace_id == root.context.trace_id]
    names = sorted(s.name for s in ours)
    assert names.count("kalkan.bank") == 3
    assert names.count("kalkan.v1.NodeService/Search") == 3
    hub = next(s for s in ours if s.name == "kalkan.v1.SearchService/Search")
    assert hub.attributes["kalkan.search_id"] == events[0].search_id
    assert {s.attributes["kalkan.state"] for s in ours if s.name == "kalkan.bank"} == {"answered"}


async def test_no_name_number_or_date_is_in_any_span(world, exporter):
    client = await world.client()
    exporter.clear()
    await client.search_once(ask())
    text = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert "kalkan.search_id" in text
    for secret in ("Рустам", "Каримов", "KERİMOV", "1984-05", "N10000001", "77010000001", "T-1"):
        assert secret not in text
        assert secret.encode("unicode_escape").decode() not in text


def test_error_span_names_the_type_and_not_the_text(exporter):
    exporter.clear()
    with pytest.raises(ValueError, match="Karimov"), server_span("failing", ()):
        raise ValueError("Karimov")
    span = exporter.get_finished_spans()[-1]
    assert span.status.description == "ValueError"
    assert "Karimov" not in span.to_json()


def test_outgoing_headers_are_w3c(exporter):
    with trace.get_tracer("test").start_as_current_span("client") as span:
        headers = dict(outgoing())
    assert headers["traceparent"].split("-")[1] == f"{span.get_span_context().trace_id:032x}"


def test_steps_are_spans_below_the_call_that_they_are_part_of(exporter):
    @step("kalkan.sum")
    def add(one, other):
        return one + other

    exporter.clear()
    assert add(1, other=2) == 3
    assert not exporter.get_finished_spans()  # what a server does by itself is no part of a call
    with server_span("/kalkan.v1.X/Y", ()):
        assert add(1, other=2) == 3
    inner, outer = exporter.get_finished_spans()
    assert (inner.name, outer.name) == ("kalkan.sum", "kalkan.v1.X/Y")
    assert inner.parent.span_id == outer.context.span_id
    assert outer.attributes["rpc.system.name"] == "grpc"
    assert outer.attributes["rpc.method"] == "kalkan.v1.X/Y"


async def test_step_of_a_coroutine_lasts_until_it_ends_and_tells_the_type_of_its_error(exporter):
    @step("kalkan.fail")
    async def fail():
        raise KeyError("Karimov")

    exporter.clear()
    with pytest.raises(KeyError), server_span("/x", ()):
        await fail()
    inner, outer = exporter.get_finished_spans()
    assert inner.name == "kalkan.fail"
    assert inner.attributes["error.type"] == outer.attributes["error.type"] == "KeyError"
    assert "Karimov" not in inner.to_json() + outer.to_json()


def test_a_call_names_its_own_span_to_the_server(exporter):
    span = start_call("/kalkan.v1.SearchService/Search")
    headers = dict(outgoing(span))
    assert headers["traceparent"].split("-")[2] == f"{span.get_span_context().span_id:016x}"
    assert trace.get_current_span() is not span
    span.end()
    assert exporter.get_finished_spans()[-1].attributes["rpc.method"].endswith("Search")


async def test_every_step_of_a_search_is_in_its_trace(world, exporter):
    client = await world.client()
    exporter.clear()
    await client.search_once(ask())
    names = {span.name for span in exporter.get_finished_spans()}
    hub = {"identify", "verify", "plan", "record", "bank", "merge", "receipt"}
    node = {"permit", "bank.search", "score", "release"}
    assert {f"kalkan.{name}" for name in hub | node} <= names


def test_span_that_is_ended_from_another_context_makes_no_noise(exporter, caplog):
    exporter.clear()
    opened = server_span("/x", ())
    copy_context().run(opened.__enter__)
    opened.__exit__(None, None, None)
    assert [span.name for span in exporter.get_finished_spans()] == ["x"]
    assert caplog.text == ""
