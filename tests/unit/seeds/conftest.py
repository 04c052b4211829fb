"""One small federation for all tests of the banks: building it takes a second."""

from pathlib import Path

import pytest

from seeds.make import build
from seeds.planted import Subject, make_subjects
from seeds.truth import DEFAULT_SEED

ROWS, DOCUMENTS = 60, 500


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    build(folder, seed=DEFAULT_SEED, rows=ROWS, documents=DOCUMENTS)
    return folder


@pytest.fixture(scope="session")
def subjects() -> tuple[Subject, ...]:
    return make_subjects(DEFAULT_SEED)
