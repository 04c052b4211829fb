"""Authors outside: the kit, the scaffold and the page work with the wheel and pytest alone."""

import re
import subprocess
import sys

import pytest

from tests.kit.clean import make_environment, run_pytest

CLAUSES = 39

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clean(root, tmp_path_factory):
    return make_environment(root, tmp_path_factory.mktemp("clean"))


def test_environment_has_nothing_but_the_kit(clean):
    asked = "import importlib.util as u; print([n for n in {} if u.find_spec(n)])"
    names = ["pydantic", "grpc", "sqlglot", "aiohttp", "typer", "pytest_asyncio", "pip"]
    done = subprocess.run(
        [str(clean), "-I", "-c", asked.format(names)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_scaffold_is_green_at_once(clean, tmp_path):
    made = subprocess.run(
        [sys.executable, "-m", "gateway.cli.main", "adapter", "new", "harbour-police"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    done = run_pytest(clean, tmp_path / "kalkan-harbour-police", "-W", "error")
    assert f"{CLAUSES} passed" in done.stdout, done.stdout + done.stderr


def test_page_for_authors_works(clean, root, tmp_path):
    page = (root / "docs/write-an-adapter.md").read_text(encoding="utf-8")
    written = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL)
    assert len(written) > 2
    for name, text in written:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    done = run_pytest(clean, tmp_path, "-W", "error")
    told = re.search(r"```\n(\d+ passed, \d+ xfailed)", page)
    assert told, "the page shows what is seen"
    assert told[1] in done.stdout, done.stdout + done.stderr
