"""Start and stop what sends spans and metrics out of a process.

Two ways out, each of them optional: an OTLP receiver, for a member that runs a collector, and a
file beside the ledger, so that one search can be drawn without one. Without either the API does
nothing and costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from opentelemetry import metrics, trace

from gateway.settings import TraceSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

METRICS_MS: Final = 10_000
"""Milliseconds between two exports of the metrics."""


@dataclass(frozen=True, slots=True)
class Providers:
    """What was started; either is None where nothing is sent."""

    spans: TracerProvider | None = None
    metrics: MeterProvider | None = None


def start_tracing(settings: TraceSettings, folder: Path, service: str) -> Providers:
    """Send spans and metrics of this process where the settings say, if anywhere.

    Args:
        settings: Where to.
        folder: What the path of the file is relative to.
        service: The name of this process in traces, as "kalkan-hub".
    """
    if not settings.otlp_endpoint and settings.file is None:
        return Providers()
    # The SDK and its exporters are large, and a process that exports nothing must start quickly.
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource

    resource = Resource.create({SERVICE_NAME: service})
    spans = _start_spans(settings, folder, resource)
    return Providers(spans, _start_metrics(settings.otlp_endpoint, resource))


def _start_spans(settings: TraceSettings, folder: Path, resource: Resource) -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from gateway.trace.file import FileSpanExporter

    provider = TracerProvider(resource=resource)
    if settings.otlp_endpoint:
        exporter = OTLPSpanExporter(endpoint=settings.otlp_endpoint, insecure=True)
        provider.add_span_processor(BatchSpanProcessor(exporter))
    if settings.file is not None:
        file = FileSpanExporter(folder / settings.file)
        # Often, so that a search can be drawn as soon as it has ended.
        provider.add_span_processor(BatchSpanProcessor(file, schedule_delay_millis=500))
    trace.set_tracer_provider(provider)
    return provider


def _start_metrics(endpoint: str, resource: Resource) -> MeterProvider | None:
    if not endpoint:
        return None
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    reader = PeriodicExportingMetricReader(
        OTLPMetricExporter(endpoint=endpoint, insecure=True), export_interval_millis=METRICS_MS
    )
    provider = MeterProvider(metric_readers=[reader], resource=resource)
    metrics.set_meter_provider(provider)
    return provider


def stop_tracing(providers: Providers) -> None:
    """Send what waits and stop."""
    for provider in (providers.spans, providers.metrics):
        if provider is not None:
            provider.shutdown()
