"""What a process sends, and that one which sends nothing loads nothing.

Sending itself is shown with real processes and a real receiver in tests/integration.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.settings import TraceSettings
from gateway.trace import providers
from gateway.trace.providers import Providers, start_tracing, stop_tracing
from tests.kit.collector import run_collector

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


@pytest.fixture
def own(monkeypatch):
    """Keep what is started out of the rest of this process; OpenTelemetry takes one of each."""
    monkeypatch.setattr(providers.trace, "set_tracer_provider", lambda _: None)
    monkeypatch.setattr(providers.metrics, "set_meter_provider", lambda _: None)


def test_what_waits_has_reached_the_receiver_after_the_end(tmp_path, own):
    with run_collector() as collector:
        settings = TraceSettings(otlp_endpoint=f"http://{collector.address}")
        started = start_tracing(settings, tmp_path, "kalkan-hub")
        with started.spans.get_tracer("test").start_as_current_span("one"):
            started.metrics.get_meter("test").create_counter("searches").add(1)
        stop_tracing(started)
    assert [(service, span.name) for service, span in collector.spans] == [("kalkan-hub", "one")]
    sent = [(service, metric.name) for service, metric in collector.metrics]
    assert ("kalkan-hub", "searches") in sent
    assert list(tmp_path.iterdir()) == []


def test_file_alone_sends_no_metrics_and_file_and_receiver_have_both(tmp_path, own):
    alone = start_tracing(TraceSettings(file=Path("alone.jsonl")), tmp_path, "kalkan-node")
    assert alone.metrics is None
    with alone.spans.get_tracer("test").start_as_current_span("one"):
        pass
    stop_tracing(alone)
    with run_collector() as collector:
        endpoint = f"http://{collector.address}"
        settings = TraceSettings(otlp_endpoint=endpoint, file=Path("both.jsonl"))
        both = start_tracing(settings, tmp_path, "kalkan-node")
        with both.spans.get_tracer("test").start_as_current_span("two"):
            pass
        stop_tracing(both)
    for name, span in (("alone", "one"), ("both", "two")):
        lines = (tmp_path / f"{name}.jsonl").read_text().splitlines()
        assert [json.loads(line)["name"] for line in lines] == [span]
    assert [span.name for _, span in collector.spans] == ["two"]
