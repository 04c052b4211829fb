"""What a process sends, and that one which sends nothing loads nothing.

Sending itself is shown with real processes and a real receiver in tests/integration.
"""

from __future__ import annotations

import subprocess
import sys

from gateway.settings import TraceSettings
from gateway.trace.providers import Providers, start_tracing, stop_tracing

FILE = """
from pathlib import Path
from opentelemetry import trace
from gateway.settings import TraceSettings
from gateway.trace.providers import start_tracing, stop_tracing
settings = TraceSettings(file=Path("spans.jsonl"))
started = start_tracing(settings, Path({folder!r}), "kalkan-hub")
assert started.metrics is None
with trace.get_tracer("test").start_as_current_span("one"):
    pass
stop_tracing(started)
"""


def test_without_settings_nothing_is_started(tmp_path):
    started = start_tracing(TraceSettings(), tmp_path, "kalkan-hub")
    assert started == Providers(None, None)
    stop_tracing(started)


def test_command_line_does_not_load_the_sdk():
    loaded = "print('opentelemetry.sdk' in sys.modules)"
    code = f"import gateway.client, gateway.trace.providers, sys; {loaded}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_waits_is_in_the_file_after_the_end(tmp_path):
    code = FILE.format(folder=str(tmp_path))
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert '"name": "one"' in (tmp_path / "spans.jsonl").read_text()
    assert '"service": "kalkan-hub"' in (tmp_path / "spans.jsonl").read_text()
