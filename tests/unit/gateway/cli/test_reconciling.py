"""Lines of an export are read strictly; comparing runs in tests/integration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.cli.exits import CommandError
from gateway.cli.reconciling import _read_line

LINE = {"kind": "START", "time": "2026-11-21T08:00:00.000000Z", "side": "hub", "member": "HUB"}


def test_line_is_the_entry_without_what_an_export_adds():
    line = {**LINE, "version": 1}
    assert _read_line(Path("x"), 1, json.dumps({"index": 3, "opened": {}, **line})) == line


@pytest.mark.parametrize("line", ["", "7", "[]", "{}", json.dumps({**LINE, "more": 1})])
def test_line_that_is_no_entry_is_named(line):
    with pytest.raises(CommandError, match="line 9"):
        _read_line(Path("x"), 9, line)
