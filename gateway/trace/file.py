"""A local trace file: one span a line, as JSON, so that a search can be drawn without a collector.

A file that has reached its limit makes place for a new one; the one before is kept. It holds what
the spans hold: ids, counts, states and times, and is readable by its owner alone.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

MAX_BYTES: Final = 32 << 20
"""How large a file becomes before it makes place for the next."""
OLD: Final = ".1"
"""What the name of the file before ends with."""


@dataclass(frozen=True, slots=True)
class Line:
    """One span as the file has it.

    Attributes:
        trace: The trace's id, 32 hexadecimal digits.
        span: The span's id, 16 hexadecimal digits.
        parent: The id of the span above it, "" where it has none.
        name: What was done.
        service: By which process, as "kalkan-hub".
        start_ns: When it began, nanoseconds since 1970.
        end_ns: When it ended.
        ok: False where it ended with an error.
        attributes: Ids, counts and states.
    """

    trace: str
    span: str
    parent: str
    name: str
    service: str
    start_ns: int
    end_ns: int
    ok: bool = True
    attributes: dict[str, Any] = field(default_factory=dict)


class FileSpanExporter(SpanExporter):
    """Appends spans to a file; OpenTelemetry calls it in a thread of its own.

    Args:
        path: The file; its folder exists.
        max_bytes: How large it becomes.
    """

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._lock = threading.Lock()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Append spans; a disk that is full loses them and nothing else."""
        lines = "".join(json.dumps(asdict(_line_of(span))) + "\n" for span in spans)
        try:
            with self._lock:
                self._append(lines.encode())
        except OSError:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def _append(self, data: bytes) -> None:
        fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(fd, "ab") as file:
            file.write(data)
            full = file.tell() >= self._max_bytes
        if full:
            self._path.replace(self._path.with_name(self._path.name + OLD))


def _line_of(span: ReadableSpan) -> Line:
    context, parent = span.get_span_context(), span.parent
    assert context is not None  # noqa: S101 - a span that has ended has one
    return Line(
        trace=f"{context.trace_id:032x}",
        span=f"{context.span_id:016x}",
        parent=f"{parent.span_id:016x}" if parent is not None else "",
        name=span.name,
        service=str(span.resource.attributes.get("service.name", "")),
        start_ns=span.start_time or 0,
        end_ns=span.end_time or 0,
        ok=span.status.is_ok,
        attributes=dict(span.attributes or {}),
    )


def read_lines(path: Path) -> Iterator[Line]:
    """Read a trace file and the one before it, oldest first; what is not whole is left out."""
    for each in (path.with_name(path.name + OLD), path):
        if each.is_file():
            with each.open(encoding="utf-8") as file:
                yield from filter(None, map(_read_line, file))


def _read_line(text: str) -> Line | None:
    try:
        return Line(**json.loads(text))
    except (ValueError, TypeError):
        return None  # the writer may be in the middle of it
