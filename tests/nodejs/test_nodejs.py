"""A complete node in Node.js takes a member's place, and `kalkan node check` finds nothing wrong.

It shares no code with the project: it was written from the protos, SIGNING.md and the clauses.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.client import BankEnd, Ended
from gateway.conformance.asker import Asker
from gateway.conformance.score import list_clauses, run_clauses
from tests.kit.subject import subject_of
from tests.kit.world import ask, build_world

HERE = Path(__file__).parent
PARTS = ("*.mjs", "*.json", ".npmrc")
KNOWN = ("--name", "Рустам Каримов", "--document", "N10000001")


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """The node with its packages, in a folder of its own."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("NOT TESTED IN ANOTHER LANGUAGE: node and npm are needed")
    folder = tmp_path_factory.mktemp("nodejs")
    for pattern in PARTS:
        for path in HERE.glob(pattern):
            shutil.copy(path, folder)
    done = subprocess.run([npm, "ci"], cwd=folder, capture_output=True, timeout=100, check=False)
    if done.returncode:
        pytest.skip("NOT TESTED IN ANOTHER LANGUAGE: npm ci cannot install its packages")
    return node, folder / "node.mjs", folder / "people.json"


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    world.without_notices("KAZ")  # it implements Search and Describe, and no more
    yield world
    await world.stop()


@pytest.fixture
def subject(world, tmp_path):
    return subject_of(world, tmp_path / "token.key")


@asynccontextmanager
async def run_node(world, program, root):
    """Run the node in the place of KAZ's own."""
    node, script, people = program
    toml = world.home / "nodes" / "KAZ" / "node.toml"
    process = await asyncio.create_subprocess_exec(
        *(node, str(script), str(toml), str(root / "proto"), str(people)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        line = await process.stdout.readline()
        assert line == b"ready\n", (await process.stderr.read()).decode()
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def check(world, token_key, *words):
    """Run `kalkan node check --json`; return the exit code and what it wrote."""
    options = ("--member", "KAZ", "--home", str(world.home), "--json", *KNOWN, *words)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.cli.main", "node", "check", *options),
        *("--token-key", str(token_key)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={k: v for k, v in os.environ.items() if k != "CI"},
    )
    out, err = await process.communicate()
    assert out, err.decode()
    return process.returncode, [json.loads(line) for line in out.splitlines()]


async def test_node_in_another_language_keeps_every_clause(world, program, root, subject, tmp_path):
    async with run_node(world, program, root):
        code, told = await check(world, tmp_path / "token.key")
    assert [line for line in told[:-1] if line["state"] != "kept"] == []
    assert code == 0
    score = {"event": "score", "member": "KAZ", "kept": len(told) - 1, "broken": 0, "untried": 0}
    assert told[-1] == score


async def test_search_finds_in_both_languages(world, program, root):
    async with run_node(world, program, root):
        await world.start("TUR")
        client = await world.client()
        events = await client.search_once(ask())
    ends = {e.bank: e for e in events if isinstance(e, BankEnd)}
    assert {bank: end.state for bank, end in ends.items()} == {
        "KAZ/persons": "answered",
        "TUR/persons": "answered",
    }
    references = {hit.record.reference for hit in ends["KAZ/persons"].answer.hits}
    assert references == {"JS-1", "JS-3"}
    assert isinstance(events[-1], Ended)
    assert events[-1].complete
    assert all(coverage.attestation for coverage in events[-1].receipt.coverage)


async def test_nonce_is_remembered_after_a_restart(world, program, root, subject):
    async with run_node(world, program, root), Asker(subject) as asker:
        query = asker.compose(*subject.known[:1])
        request = asker.sign(query)
        assert (await asker.send(request)).answer
    async with run_node(world, program, root), Asker(subject) as asker:
        again = await asker.send(request)
        query.case_reference = "another case"
        await asker.require_refused(asker.sign(query), "NONCE_REUSED", "other bytes")
    assert asker.verify(query, request, again).hits
    ledger = world.home / "nodes" / "KAZ" / "ledger" / "entries.jsonl"
    assert "Каримов" not in ledger.read_text(encoding="utf-8")


OPEN = "requireHub(call.getAuthContext(), node.federation.id);"
"""What still stands behind a door without a certificate."""

FAULTS = {
    "N01": (
        ("node.mjs", "createSsl(ca, [pair], true)", "createSsl(ca, [pair], false)"),
        ("node.mjs", OPEN, ""),
    ),
    "N14": (("bank.mjs", "records.slice(0, limit)", "records"),),
    "N16": (("bank.mjs", "tlp: 3", "tlp: 0"),),
    "N30": (("access.mjs", "if (!form || !meant || !verifyBytes(key, input, raw))", "if (0)"),),
    "N37": (("access.mjs", "if (key.thumbprint !== claims.cnf.jkt)", "if (0)"),),
    "N39": (("access.mjs", "if (age > AGE_MS)", "if (0)"),),
    "N40": (("access.mjs", "if (known && known.digest !== digest)", "if (0)"),),
    "N42": (("node.mjs", "if (!isHere)", "if (0)"),),
}


@pytest.fixture
def faulty(program, tmp_path):
    """Copy the node and plant a fault."""

    def plant(number):
        node, script, people = program
        folder = tmp_path / "faulty"
        shutil.copytree(script.parent, folder, symlinks=True)
        for file, right, wrong in FAULTS[number]:
            text = (folder / file).read_text(encoding="utf-8")
            assert text.count(right) == 1
            (folder / file).write_text(text.replace(right, wrong), encoding="utf-8")
        return node, folder / script.name, people

    return plant


@pytest.mark.parametrize("number", FAULTS)
async def test_fault_in_another_language_breaks_its_clause(world, faulty, root, subject, number):
    chosen = [each for each in list_clauses() if each.number == number]
    async with run_node(world, faulty(number), root):
        [verdict] = [each async for each in run_clauses(subject, chosen)]
    assert verdict.state == "broken"


def test_lock_names_no_registry_and_allowed_licences():
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    assert [name for name, each in packages.items() if "resolved" in each] == []
    assert [name for name, each in packages.items() if "integrity" not in each] == []
    allowed = re.compile(r"MIT|ISC|Apache-2\.0|BSD-[23]-Clause")
    assert [n for n, each in packages.items() if not allowed.fullmatch(each["license"])] == []
