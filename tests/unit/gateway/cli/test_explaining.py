from __future__ import annotations

from typer.testing import CliRunner

from gateway.cli.explaining import read_files, read_texts
from gateway.cli.main import app
from gateway.settings import NodeSettings, read_settings
from tests.kit.hidden import hide_bank
from tests.kit.world import build_world


def test_policies_are_read_from_where_the_settings_say(tmp_path):
    home = tmp_path / "home"
    build_world(home, ("KAZ",))
    texts = read_texts(home, "KAZ")
    assert texts.search.startswith('\n@id("kaz.all")')
    assert (texts.release, texts.asking) == (None, None)
    path = home / "nodes" / "KAZ" / "node.toml"
    path.write_text(path.read_text("utf-8") + 'release = "r.cedar"\n', encoding="utf-8")
    (path.parent / "r.cedar").write_text("// nothing", encoding="utf-8")
    assert read_files(read_settings(NodeSettings, path)).release == "// nothing"


def test_policies_of_a_member_that_is_not_here_are_not_known(tmp_path):
    assert read_texts(tmp_path, "KAZ") is None


def test_bank_that_does_not_exist_is_not_explained(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ", "GEO"))

    def explain(bank):
        words = ("--member", "GEO", "--bank", bank, "--purpose", "terrorism")
        return CliRunner().invoke(app, ("policy", "explain", *words, "--home", str(world.home)))

    slip = explain("KAZ/person")
    assert slip.exit_code == 2
    assert "KAZ/person is no bank of KAZ: KAZ/persons" in slip.output
    assert explain("KAZ/persons").exit_code == 0
    hide_bank(world, "KAZ", withheld=True)
    assert explain("KAZ/special").exit_code == 4
