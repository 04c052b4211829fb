from __future__ import annotations

from gateway.cli.explaining import read_files, read_texts
from gateway.settings import NodeSettings, read_settings
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
