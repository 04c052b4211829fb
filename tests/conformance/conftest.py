"""Real servers for the conformance of databases, started once."""

import os
import tempfile
from pathlib import Path

import pytest

from seeds.servers import (
    ServerError,
    find_mariadb,
    find_postgres,
    install,
    run_mariadb,
    run_postgres,
)


def _start(run, program, package):
    """Start a server, install it where we may, and say loudly where there is none."""
    try:
        if program is None:
            install([package])
        with tempfile.TemporaryDirectory(prefix="kalkan-") as folder:
            Path(folder).chmod(0o711)
            with run(Path(folder) / "data") as server:
                yield server
    except ServerError as exc:
        if os.environ.get("CI"):
            pytest.fail(f"a real server is needed here: {exc}")
        pytest.skip(f"NOT TESTED AGAINST A REAL SERVER: {exc}")


@pytest.fixture(scope="session")
def postgres():
    yield from _start(run_postgres, find_postgres(), "postgresql")


@pytest.fixture(scope="session")
def mariadb():
    yield from _start(run_mariadb, find_mariadb(), "mariadb-server")
