"""Spans of searches: ids, counts, states and times, never a name, a number or a date of birth.

Attributes are chosen here and nowhere else, so that a reader of this file knows all that a trace
can hold. Without an exporter the API does nothing and costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from gateway.settings import TraceSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_TRACER: Final = trace.get_tracer("kalkan")
_PROPAGATOR: Final = TraceContextTextMapPropagator()
Metadata = Sequence[tuple[str, str | bytes]]
"""Metadata of a call as gRPC has them."""


def start_tracing(settings: TraceSettings, service: str) -> TracerProvider | None:
    """Export spans of this process to the OTLP receiver that the settings name, if any.

    The caller shuts the provider down at the end, which sends what waits.
    """
    if not settings.otlp_endpoint:
        return None
    # The SDK and its exporter are large, and a client that exports nothing must start quickly.
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    exporter = OTLPSpanExporter(endpoint=settings.otlp_endpoint, insecure=True)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider


def stop_tracing(provider: TracerProvider | None) -> None:
    """Send what waits and stop."""
    if provider is not None:
        provider.shutdown()


@contextmanager
def server_span(name: str, metadata: Metadata) -> Iterator[Span]:
    """Open the span of a call that is served, below the caller's span where it names one."""
    with _TRACER.start_as_current_span(
        name,
        context=_context_of(metadata),
        kind=SpanKind.SERVER,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as exc:
            # The type alone: the text of an error may hold a value.
            span.set_status(Status(StatusCode.ERROR, type(exc).__name__))
            raise


def _context_of(metadata: Metadata) -> Context:
    """The caller's context, from the W3C headers of a call."""
    carrier = {k: v for k, v in metadata if isinstance(v, str) and k.startswith("trace")}
    return _PROPAGATOR.extract(carrier)


@contextmanager
def bank_span(bank: str) -> Iterator[Span]:
    """Open the span of one bank's call."""
    with _TRACER.start_as_current_span(
        "kalkan.bank", kind=SpanKind.CLIENT, record_exception=False, set_status_on_exception=False
    ) as span:
        span.set_attribute("kalkan.bank", bank)
        yield span


def outgoing() -> tuple[tuple[str, str], ...]:
    """The W3C headers of the present span, for the metadata of a call."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return tuple(carrier.items())


def describe_search(span: Span, facts: Mapping[str, object]) -> None:
    """Put the facts of a search on its span: those that hold no personal data."""
    for name in ("search_id", "purpose", "probe", "requester_member", "batch", "policy_epoch"):
        value = facts.get(name)
        if isinstance(value, str | int) and value != "":
            span.set_attribute(f"kalkan.{name}", value)


def describe_end(span: Span, state: str, hits: int) -> None:
    """Put how a bank or a search ended on its span."""
    span.set_attribute("kalkan.state", state)
    span.set_attribute("kalkan.hits", hits)
