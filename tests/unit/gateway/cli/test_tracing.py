"""The drawing of a search: which files are read, and where its bars stand."""

from __future__ import annotations

import pytest

from gateway.cli.audit import Trace
from gateway.cli.exits import CommandError
from gateway.cli.tracing import draw_bar, find_files, show_trace
from gateway.trace.file import Line
from gateway.trace.waterfall import Step
from tests.kit.world import build_world

LINE = Line("t", "s", "", "kalkan.bank", "kalkan-hub", 0, 1)


@pytest.mark.parametrize(
    ("begin", "end", "drawn"),
    [(0, 1, "██████████"), (0.5, 0.7, "     ██"), (0.5, 0.5, "     █"), (1, 1, "         █")],
)
def test_bar_is_at_its_place_and_never_empty(begin, end, drawn):
    assert draw_bar(Step(LINE, 0, begin, end), 10) == drawn


def test_files_of_all_that_write_one_are_found(tmp_path):
    build_world(tmp_path, ("KAZ", "TUR"))
    hub = tmp_path / "hub/hub.toml"
    hub.write_text(hub.read_text() + '[trace]\nfile = "spans"\n')
    for path in tmp_path.glob("nodes/*/node.toml"):
        path.write_text(path.read_text() + '[trace]\nfile = "../spans"\n')
    found = list(find_files(tmp_path))
    assert found == [tmp_path / "hub/spans", tmp_path / "nodes/spans", tmp_path / "nodes/spans"]


def test_home_without_a_trace_file_says_what_to_write(tmp_path):
    build_world(tmp_path, ("KAZ",))
    with pytest.raises(CommandError, match=r"set \[trace\] file"):
        show_trace(Trace(search="aa", home=tmp_path))
