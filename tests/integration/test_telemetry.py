"""Spans and metrics of real processes, at a real OTLP receiver and in the local file."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kit.collector import Collector, run_collector
from tests.kit.world import build_world

MAIN = (sys.executable, "-m", "gateway.cli.main")
# Whole dates: four digits alone are in many a time and in the hexadecimal digits of ids.
SECRETS = (
    *("Рустам", "Каримов", "KERİMOV", "Karimov", "Rustam", "1984-05", "01.05.1984"),
    *("N10000001", "77010000001", "case-271828", "officer-secret"),
)


@dataclass
class Told:
    """What a federation of processes told while it answered and refused."""

    home: Path
    collector: Collector
    search_id: str
    logs: bytes


def serve(home, *words):
    process = subprocess.Popen(
        [*MAIN, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home
    )
    for line in process.stdout:
        if line.startswith(b"ready"):
            return process
    raise AssertionError(process.stderr.read().decode())


def stop(process):
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err.decode()
    return out + err


def search(home, *words):
    asking = ("--ask", "trio", "--purpose", "terrorism", "--category", "suspect")
    asking = (*asking, "--case", "case-271828", "--deadline", "30", "--json")
    done = subprocess.run(
        [*MAIN, "search", *words, *asking, "--home", str(home)], capture_output=True, check=False
    )
    return done.returncode, done.stdout.decode().splitlines()


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    home = tmp_path_factory.mktemp("telemetry") / "home"
    build_world(home)
    with run_collector() as collector:
        files = (home / "hub/hub.toml", home / "clients/officer/client.toml")
        for path in (*files, *home.glob("nodes/*/node.toml")):
            told_to = f'[trace]\nfile = "spans.jsonl"\notlp_endpoint = "{collector.address}"\n'
            path.write_text(path.read_text() + told_to)
        nodes = [word for p in home.glob("nodes/*/node.toml") for word in ("--settings", str(p))]
        servers = [serve(home, "node", "serve", *nodes)]
        servers.append(serve(home, "hub", "serve", "--settings", str(home / "hub/hub.toml")))
        code, lines = search(home, "person", "Рустам Каримов", "--birth", "1984-05-01")
        assert code == 0, lines
        events = [json.loads(line) for line in lines]
        assert search(home, "person", "Каримов")[0] == 4  # one name alone: refused
        assert search(home, "document", "N10000001")[0] in (0, 1)
        search(home, "person", "Рустам Каримов", "--ask", "nowhere")  # refused: no such target
        logs = b"".join(stop(server) for server in reversed(servers))
        search_id = next(event["search_id"] for event in events if "search_id" in event)
        yield Told(home, collector, search_id, logs)


def test_one_search_is_one_trace_from_the_client_to_every_node(told):
    spans = [(service, span) for service, span in told.collector.spans]
    (hub,) = [
        span
        for _, span in spans
        for a in span.attributes
        if a.key == "kalkan.search_id" and a.value.string_value == told.search_id
        if span.name == "kalkan.v1.SearchService/Search"
    ][:1]
    ours = [(service, span) for service, span in spans if span.trace_id == hub.trace_id]
    assert {service for service, _ in ours} == {"kalkan-client", "kalkan-hub", "kalkan-node"}
    names = [span.name for _, span in ours]
    assert names.count("kalkan.v1.NodeService/Search") == 3
    parents = {span.span_id for _, span in ours}
    assert [service for service, span in ours if span.parent_span_id not in parents] == [
        "kalkan-client"
    ]


def test_metrics_of_hub_and_nodes_arrive(told):
    names = {(service, metric.name) for service, metric in told.collector.metrics}
    hub = {"kalkan.searches", "kalkan.banks", "kalkan.bank.duration", "kalkan.refusals"}
    both = {"rpc.server.call.duration", "kalkan.ledger.entries", "kalkan.ledger.backlog"}
    assert {("kalkan-hub", name) for name in hub | both | {"kalkan.tls.refused"}} <= names
    assert {("kalkan-node", name) for name in both} <= names


def test_no_name_number_or_date_is_in_any_span_metric_or_log(told):
    files = [path.read_bytes() for path in told.home.glob("**/spans.jsonl")]
    assert len(files) == 3  # client, hub, and the one process of the nodes
    everything = b"\n".join((*told.collector.raw, *files, told.logs))
    assert told.search_id.encode() in everything
    for secret in SECRETS:
        for form in (secret.encode(), secret.encode("unicode_escape"), secret.encode("utf-16-le")):
            assert form not in everything, secret


def test_search_is_drawn_from_the_files_without_a_collector(told):
    command = [*MAIN, "audit", "trace", told.search_id[:10], "--home", str(told.home)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["step", "of", "ms", "state"]
    assert lines[1].startswith("SearchService/Search")  # the client's call
    assert sum(" bank " in line and "answered" in line for line in lines) == 3
    assert "█" in lines[1]
    as_json = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    spans = [json.loads(line) for line in as_json.stdout.splitlines()]
    assert len(spans) == len(lines) - 1
    assert spans[0]["depth"] == 0


def test_search_that_is_not_there_ends_with_1(told):
    command = [*MAIN, "audit", "trace", "00000000", "--home", str(told.home)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
