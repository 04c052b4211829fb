"""Spans join client, hub and nodes into one trace and hold nothing personal."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway.trace.spans import outgoing, server_span
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
    assert names.count("/kalkan.v1.NodeService/Search") == 3
    hub = next(s for s in ours if s.name == "/kalkan.v1.SearchService/Search")
    assert hub.attributes["kalkan.search_id"] == events[0].search_id
    assert {s.attributes["kalkan.state"] for s in ours if s.name == "kalkan.bank"} == {"answered"}


async def test_no_name_number_or_date_is_in_any_span(world, exporter):
    client = await world.client()
    exporter.clear()
    await client.search_once(ask())
    text = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert "kalkan.search_id" in text
    for secret in ("Рустам", "Каримов", "KERİMOV", "1984", "N10000001", "77010000001", "T-1"):
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
