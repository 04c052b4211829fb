"""Which ledger is meant; reading runs in tests/integration."""

from __future__ import annotations

import pytest

from gateway.cli.exits import CommandError
from gateway.cli.ledgers import find_site, open_source
from gateway.cli.options import Where


@pytest.mark.parametrize("member", ["", "KAZ"])
def test_home_without_a_server_is_named(tmp_path, member):
    with pytest.raises(CommandError) as caught:
        find_site(tmp_path, member)
    assert "--home" in caught.value.text


@pytest.mark.parametrize("where", [{"hub": True, "node": "KAZ"}, {"as_name": "nobody"}])
async def test_wrong_choice_is_told(tmp_path, where):
    with pytest.raises(CommandError):
        async with open_source(Where(home=tmp_path, **where)):
            pass
