"""The plug-in of pytest: marks, strict gaps, and no gap where safety can be tried."""

import subprocess
import sys
import textwrap

import pytest

HEAD = """
from adapters.conformance.clause import clause
from adapters.conformance.subject import Subject

class TestBank(Subject):
    gaps = {gaps}

    @clause("C90")
    async def test_c90_holds(self):
        pass

    @clause("C91")
    async def test_c91_fails(self):
        raise AssertionError("no")

    @clause("C92", safety=True)
    async def test_c92_is_safe(self):
        raise AssertionError("no")

    @clause("C93", safety=True, needs="slow")
    async def test_c93_is_safe_where_slow(self):
        pass
"""
SLOW = """
    def slow(self):
        pass
"""


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a suite with gaps and tells what pytest said."""

    def run(gaps, more="", *options):
        text = HEAD.replace("{gaps}", repr(gaps)) + more
        (tmp_path / "test_bank.py").write_text(textwrap.dedent(text), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            "/dev/null",
        ]
        done = subprocess.run(
            [*command, "--rootdir", str(tmp_path), *options, str(tmp_path)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return run


def test_gap_is_expected_to_fail(run):
    told = run({"C91": "upstream", "C93": "never slow"})
    assert "1 failed, 1 passed, 2 xfailed" in told  # C92 fails, C90 passes


def test_gap_that_holds_fails(run):
    told = run({"C90": "was so once"})
    assert "[XPASS(strict)] was so once" in told


def test_what_is_not_written_fails_and_says_what_to_write(run):
    assert "TestBank.slow() is not written: write it, or say in gaps['C93'] why" in run({})


@pytest.mark.parametrize(
    ("gaps", "more", "told"),
    [
        ({"C92": "no"}, "", "C92 is a clause of safety and accepts no gap"),
        ({"C93": "no"}, SLOW, "C93 is a clause of safety and accepts no gap"),
        ({"C99": "no"}, "", "there is no clause C99"),
        ({"C91": " "}, "", "say why C91 cannot hold"),
    ],
)
def test_gap_that_may_not_be_is_refused(run, gaps, more, told):
    assert told in run(gaps, more)


def test_clauses_are_marked(run):
    told = run({}, "", "-m", "clause", "--collect-only", "--strict-markers")
    assert "4 tests collected" in told


def test_plugin_imports_nothing_of_ours(root):
    asked = (
        "import sys, adapters.conformance.plugin as p;"
        "print([m for m in sys.modules if m.startswith(('adapters', 'gateway'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=root
    )
    found = ["adapters", "adapters.conformance", "adapters.conformance.plugin"]
    assert done.stdout.strip() == str(found)
