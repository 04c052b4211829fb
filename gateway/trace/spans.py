"""Spans of searches: ids, counts, states and times, never a name, a number or a date of birth.

Attributes are chosen here and nowhere else, so that a reader of this file knows all that a trace
can hold. Without an exporter the API does nothing and costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Final, ParamSpec, TypeVar, cast

from opentelemetry import trace
from opentelemetry.context import Context, attach
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_P = ParamSpec("_P")
_ResultT = TypeVar("_ResultT")

_TRACER: Final = trace.get_tracer("kalkan")
_PROPAGATOR: Final = TraceContextTextMapPropagator()
Metadata = Sequence[tuple[str, str | bytes]]
"""Metadata of a call as gRPC has them."""


@contextmanager
def _open(
    name: str, kind: SpanKind = SpanKind.INTERNAL, context: Context | None = None
) -> Iterator[Span]:
    """Open a span; of an error it keeps the type alone, for the text may hold a value."""
    span = _TRACER.start_span(name, context=context, kind=kind)
    token = attach(trace.set_span_in_context(span, context))
    try:
        yield span
    except BaseException as exc:
        span.set_status(Status(StatusCode.ERROR, type(exc).__name__))
        span.set_attribute(ERROR_TYPE, type(exc).__name__)
        raise
    finally:
        # A stream whose caller has gone is closed from another context: there this one is over.
        with suppress(ValueError):
            token.var.reset(token)
        span.end()


@contextmanager
def server_span(path: str, metadata: Metadata) -> Iterator[Span]:
    """Open the span of a call that is served, below the caller's span where it names one.

    Args:
        path: The method as gRPC has it, "/kalkan.v1.SearchService/Search".
        metadata: The call's metadata, with the W3C headers of the caller.
    """
    with _open(path.removeprefix("/"), SpanKind.SERVER, _context_of(metadata)) as span:
        _describe_rpc(span, path)
        yield span


def start_call(path: str) -> Span:
    """Start the span of a call that is made; whoever makes it ends it.

    It is not made the present one: a stream that is read in pieces would leave it so in between.
    """
    span = _TRACER.start_span(path.removeprefix("/"), kind=SpanKind.CLIENT)
    _describe_rpc(span, path)
    return span


def _describe_rpc(span: Span, path: str) -> None:
    # Names of OpenTelemetry's semantic conventions for RPC.
    span.set_attribute("rpc.system.name", "grpc")
    span.set_attribute("rpc.method", path.removeprefix("/"))


def _is_traced() -> bool:
    """Whether this is part of a call that is traced; what a server does by itself is none."""
    return trace.get_current_span().is_recording()


def step(name: str) -> Callable[[Callable[_P, _ResultT]], Callable[_P, _ResultT]]:
    """Give each call of a function a span: a step on the way of a search, as "kalkan.permit"."""

    def trace_calls(function: Callable[_P, _ResultT]) -> Callable[_P, _ResultT]:
        if iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: _P.args, **kwargs: _P.kwargs) -> Any:  # noqa: ANN401 - what the function returns
                if not _is_traced():
                    return await function(*args, **kwargs)
                with _open(name):
                    return await function(*args, **kwargs)

            # It is awaited as the function was; the type checker cannot tell the two apart.
            return cast("Callable[_P, _ResultT]", awaited)

        @wraps(function)
        def called(*args: _P.args, **kwargs: _P.kwargs) -> _ResultT:
            if not _is_traced():
                return function(*args, **kwargs)
            with _open(name):
                return function(*args, **kwargs)

        return called

    return trace_calls


def _context_of(metadata: Metadata) -> Context:
    """The caller's context, from the W3C headers of a call."""
    carrier = {k: v for k, v in metadata if isinstance(v, str) and k.startswith("trace")}
    return _PROPAGATOR.extract(carrier)


@contextmanager
def bank_span(bank: str) -> Iterator[Span]:
    """Open the span of one bank's call."""
    with _open("kalkan.bank", SpanKind.CLIENT) as span:
        span.set_attribute("kalkan.bank", bank)
        yield span


def outgoing(span: Span | None = None) -> tuple[tuple[str, str], ...]:
    """The W3C headers of a span, or of the present one, for the metadata of a call."""
    carrier: dict[str, str] = {}
    context = None if span is None else trace.set_span_in_context(span)
    _PROPAGATOR.inject(carrier, context)
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
