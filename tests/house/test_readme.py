"""What the README promises can be done: its commands exist, and those marked `run` work.

Commands stand in blocks of kind `console`, one in a line, after `$ `. A comment `<!-- run -->` in
the line above a block has its commands run, in their order, against a demonstration that is up.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

MAX_LINES = 150
BLOCK = re.compile(r"(<!-- run -->\n+)?^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DEMO = ["demo", "--keep", "--no-tour", "--rows", "200", "--documents", "2000"]
TOOLS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


def _commands(text, *, run=None):
    """The commands of all blocks, or of those that are, or are not, to be run."""
    for marked, body in BLOCK.findall(text):
        if run is None or bool(marked) is run:
            for line in body.splitlines():
                if line.startswith("$ "):
                    yield line[2:].partition("  #")[0].strip()


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Variables for commands: our tools first, a home of their own."""
    path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
    home = tmp_path_factory.mktemp("readme") / "home"
    return {**os.environ, "PATH": path, "KALKAN_HOME": str(home), "COLUMNS": "120"}


@pytest.fixture(scope="module")
def demonstration(root, environment):
    """The variables, while the demonstration federation is up."""
    with subprocess.Popen(
        [TOOLS / "kalkan", *DEMO], cwd=root, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        seen = []
        for line in process.stdout:
            seen.append(line)
            if "ready" in line.lower():
                break
        else:
            pytest.fail(f"the demonstration did not start:\n{''.join(seen)}")
        yield environment
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=100)


def test_the_readme_is_short(readme):
    assert len(readme.splitlines()) <= MAX_LINES


def test_commands_of_the_readme_exist(root, readme, environment):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for command in _commands(readme):
        first, *rest = shlex.split(command)
        verbs = [word for word in rest[:2] if re.fullmatch(r"[a-z]+", word)]
        if first == "make":
            assert verbs[0] in targets, command
        elif first == "kalkan":
            _require_verb(verbs, environment, command)


def _require_verb(verbs, environment, command):
    """`kalkan VERB --help` works, where the second word may be a verb or a value."""
    for words in (verbs, verbs[:1]):
        asked = subprocess.run(
            ["kalkan", *words, "--help"],
            check=False,
            env=environment,
            capture_output=True,
            text=True,
        )
        if asked.returncode == 0:
            return
    pytest.fail(f"{command}: {asked.stderr}")


@pytest.mark.slow
@pytest.mark.timeout(300)  # a whole federation is built and started first
def test_commands_of_the_readme_work(root, readme, request):
    commands = list(_commands(readme, run=True))
    if not commands:
        return  # there is nothing to start a demonstration for
    environment = request.getfixturevalue("demonstration")
    for command in commands:
        done = subprocess.run(
            ["bash", "-euc", command],
            check=False,
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.mark.slow
@pytest.mark.timeout(300)  # as above, and it ends here
def test_python_example_of_the_readme_works(root, readme, demonstration):
    [example] = re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert len(example.splitlines()) <= 16
    done = subprocess.run(
        [sys.executable, "-c", example],
        check=False,
        cwd=root,
        env=demonstration,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Ended(" in done.stdout


def test_commands_are_found_in_blocks():
    run = "<!-- run -->\n```console\n$ kalkan search  # now\nout\n```\n"
    text = f"{run}\n```console\n$ make demo\n```\n"
    assert list(_commands(text)) == ["kalkan search", "make demo"]
    assert list(_commands(text, run=True)) == ["kalkan search"]
    assert list(_commands(text, run=False)) == ["make demo"]
