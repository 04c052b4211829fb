"""`kalkan adapter new`; that what it writes is green is in tests/conformance/test_outside.py."""

import ast
import tomllib

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app


@pytest.fixture
def run(tmp_path):
    def run(*words):
        return CliRunner().invoke(app, ["adapter", "new", *words, "--to", str(tmp_path)])

    return run


def test_package_is_written(run, tmp_path):
    done = run("harbour-police")
    assert done.exit_code == 0, done.output
    folder = tmp_path / "kalkan-harbour-police"
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    entries = project["project"]["entry-points"]["kalkan.adapters"]
    assert entries == {"harbour-police": "kalkan_harbour_police.adapter"}
    code = (folder / "kalkan_harbour_police/adapter.py").read_text(encoding="utf-8")
    assert "class HarbourPoliceAdapter:" in code
    assert 'engine="harbour-police"' in code
    test = (folder / "tests/test_conformance.py").read_text(encoding="utf-8")
    assert "class TestHarbourPolice(AdapterConformance):" in test
    assert "from kalkan_harbour_police.adapter import" in test
    assert 'kind = "plugin:harbour-police"' in (folder / "README.md").read_text(encoding="utf-8")


def test_nothing_of_the_template_is_left(run, tmp_path):
    run("harbour")
    for path in (tmp_path / "kalkan-harbour").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(text))
        assert "MemoryAdapter" not in text
        assert "MemoryConformance" not in text
        assert "kalkan adapter new" not in text


@pytest.mark.parametrize("name", ["Harbour", "a_b", "../x", "", "-a"])
def test_name_that_is_none_is_refused(run, tmp_path, name):
    assert run(name).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_written_over(run, tmp_path):
    run("harbour")
    (tmp_path / "kalkan-harbour/README.md").write_text("mine", encoding="utf-8")
    assert run("harbour").exit_code == 2
    assert (tmp_path / "kalkan-harbour/README.md").read_text(encoding="utf-8") == "mine"
