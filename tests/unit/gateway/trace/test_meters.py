"""Metrics: their names and attributes, as a reader gets them."""

from __future__ import annotations

import pytest
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from gateway.trace.meters import OBSERVED, count_bank, count_call, count_search, observe


@pytest.fixture(scope="module")
def reader():
    """One provider for the process: OpenTelemetry allows no second."""
    reader = InMemoryMetricReader()
    metrics.set_meter_provider(MeterProvider([reader]))
    return reader


def points(reader, name):
    """The points of one metric: attributes and value, or count of a histogram."""
    data = reader.get_metrics_data()
    found = [
        metric
        for resource in (data.resource_metrics if data else ())
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == name
    ]
    return [
        (dict(point.attributes), getattr(point, "value", getattr(point, "count", None)))
        for metric in found
        for point in metric.data.data_points
    ]


def test_searches_are_counted_by_purpose_and_probe(reader):
    count_search("terrorism", "person", complete=True)
    wanted = {
        "kalkan.purpose": "terrorism",
        "kalkan.probe": "person",
        "kalkan.complete": True,
    }
    assert (wanted, 1) in points(reader, "kalkan.searches")


def test_banks_are_counted_by_state_and_timed(reader):
    count_bank("KAZ/persons", "no_hit", 0.25)
    count_bank("KAZ/persons", "no_hit", 0.5)
    wanted = ({"kalkan.bank": "KAZ/persons", "kalkan.state": "no_hit"}, 2)
    assert wanted in points(reader, "kalkan.banks")
    assert wanted in points(reader, "kalkan.bank.duration")


def test_refusals_are_counted_by_reason_and_other_calls_are_none(reader):
    count_call("/kalkan.v1.SearchService/Search", 0.1)
    count_call("/kalkan.v1.SearchService/Search", 0.1, "POLICY_REFUSED")
    (refused,) = points(reader, "kalkan.refusals")
    method = {"rpc.method": "kalkan.v1.SearchService/Search"}
    assert refused == ({"kalkan.reason": "POLICY_REFUSED", **method}, 1)
    assert {
        attributes.get("error.type") for attributes, _ in points(reader, "rpc.server.call.duration")
    } == {None, "POLICY_REFUSED"}


@pytest.mark.parametrize("name", OBSERVED)
def test_number_is_read_when_it_is_asked_for_until_it_ends(reader, name):
    now = [7]
    end = observe(name, "node", "KAZ", lambda: now[0])
    other = observe(name, "node", "TUR", lambda: 1)
    ours = {"kalkan.side": "node", "kalkan.member": "KAZ"}
    assert (ours, 7) in points(reader, name)
    now[0] = 8
    assert (ours, 8) in points(reader, name)
    end()
    assert [attributes["kalkan.member"] for attributes, _ in points(reader, name)] == ["TUR"]
    other()
