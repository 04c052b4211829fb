"""The generated code is what protoc makes of the .proto files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PATTERNS = ("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py", "*_pb2_grpc.pyi")


@pytest.fixture(scope="module")
def generated(root, tmp_path_factory):
    target = tmp_path_factory.mktemp("generated")
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [sys.executable, root / "proto/generate.py", target],
        check=True,
        env={**os.environ, "PATH": tools},
    )
    return target


def _files(folder):
    found = (path for pattern in PATTERNS for path in folder.rglob(pattern))
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_generated_code_is_current(root, generated):
    expected, committed = _files(generated), _files(root / "proto")
    assert expected, "protoc made nothing"
    wrong = sorted(n for n in expected | committed if expected.get(n) != committed.get(n))
    assert wrong == [], "run `make proto` and commit what it writes"
