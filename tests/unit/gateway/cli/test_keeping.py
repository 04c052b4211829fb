"""Which server's ledger is kept; tests/integration/test_cli_keeping.py runs the commands."""

from __future__ import annotations

import pytest

from gateway.cli.exits import CommandError
from gateway.cli.keeping import site_of
from gateway.cli.options import OneSite


@pytest.mark.parametrize(("node", "told"), [("", "no hub"), ("kaz", "no node of KAZ")])
def test_server_that_is_not_here_is_named(tmp_path, node, told):
    with pytest.raises(CommandError, match=told):
        site_of(OneSite(home=tmp_path, node=node))
