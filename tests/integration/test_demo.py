"""`kalkan demo` from scratch, again, kept running, and stopped in the middle."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import psutil
import pytest

from seeds.ports import list_taken
from tests.kit.ports import reserve_ports

SIZE = ("--rows", "40", "--documents", "60")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def ports():
    return reserve_ports()


def list_children(home) -> list[int]:
    told = (p.info for p in psutil.process_iter(["pid", "cmdline"]))
    return [p["pid"] for p in told if any(str(home) in word for word in p["cmdline"] or ())]


@pytest.mark.timeout(900)
def test_every_step_of_the_tour_does_what_it_claims(kalkan, home, ports):
    words = ("demo", *SIZE, "--home", str(home), "--port", str(ports.first))
    done = kalkan(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 of 6 steps did what they claim." in done.stdout
    assert "\x1b" not in done.stdout
    assert "FAILED" not in done.stdout
    assert "refused      MDV/persons  mdv.organised-crime" in done.stdout
    assert "unavailable  GEO/persons" in done.stdout
    assert list_children(home) == []
    assert list_taken(ports.all) == []


def test_a_second_run_keeps_keys_and_banks_and_runs_until_it_is_told_to_end(home, ports):
    kept = ("ca.pem", "hub/receipt.key", "nodes/KAZ/answer.key", "stamp.json", "home.json")
    before = {name: (home / name).read_bytes() for name in kept}
    token = (home / "clients" / "officer" / "token").read_bytes()
    command = [sys.executable, "-m", "gateway.cli.main", "demo", *SIZE, "--home", str(home)]
    running = subprocess.Popen(
        [*command, "--keep", "--no-tour"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        lines = iter(running.stdout.readline, "")
        assert next(line for line in lines if "It runs until Ctrl-C" in line)
        assert next(line for line in lines if "kalkan search person" in line)
        assert len(list_children(home)) >= 4
        refused = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
        assert refused.returncode == 2
        assert re.search(r"port \d+.* taken.*--port FIRST", refused.stderr, re.DOTALL)
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=240)
    assert running.returncode == 0
    assert {name: (home / name).read_bytes() for name in kept} == before
    assert (home / "clients" / "officer" / "token").read_bytes() != token
    assert list_children(home) == []


def test_children_end_when_the_demonstration_is_stopped_while_it_starts(home, ports):
    command = [sys.executable, "-m", "gateway.cli.main", "demo", *SIZE, "--home", str(home)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert next(line for line in iter(running.stdout.readline, "") if "Starting" in line)
    running.send_signal(signal.SIGTERM)
    _, errors = running.communicate(timeout=240)
    assert running.returncode == 130
    assert "Traceback" not in errors
    assert list_children(home) == []


def test_children_end_when_the_demonstration_is_killed(home, ports):
    command = [sys.executable, "-m", "gateway.cli.main", "demo", *SIZE, "--home", str(home)]
    running = subprocess.Popen([*command, "--keep", "--no-tour"], stdout=subprocess.PIPE, text=True)
    assert next(line for line in iter(running.stdout.readline, "") if "until Ctrl-C" in line)
    assert len(list_children(home)) >= 4
    running.kill()
    running.communicate(timeout=240)
    # The kernel tells them, and they end in order; what has no name any more may have its port yet.
    while list_children(home) or list_taken(ports.all):
        pass


def test_a_list_that_is_none_is_told(kalkan, tmp_path):
    file = tmp_path / "list.xml"
    file.write_text("<HTML/>", encoding="utf-8")
    done = kalkan("demo", *SIZE, "--home", str(tmp_path / "home"), "--list", str(file))
    assert done.returncode == 2
    assert "neither the UN's XML nor OFAC's" in done.stderr


@pytest.mark.servers
@pytest.mark.timeout(900)
def test_tour_runs_the_same_on_real_servers(kalkan, tmp_path):
    home = tmp_path / "home"
    first = reserve_ports().first
    words = ("demo", "--servers", *SIZE, "--home", str(home), "--port", str(first))
    for _ in range(2):  # the servers are new the second time, the home is not
        done = kalkan(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "6 of 6 steps did what they claim." in done.stdout
    engines = {
        member: (home / "nodes" / member / "banks" / "persons" / "mapping.toml").read_text("utf-8")
        for member in ("AZE", "GEO", "KAZ", "TUR", "BGD", "NPL")
    }
    assert ['engine = "postgres"' in engines[m] for m in ("AZE", "GEO", "KAZ", "TUR")] == [True] * 4
    assert ['engine = "mariadb"' in engines[m] for m in ("BGD", "NPL")] == [True] * 2
    assert list_children(home) == []
