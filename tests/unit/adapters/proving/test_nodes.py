"""What a check tells of another node as a bank: what it saw, and what it could not see."""

import pytest

from adapters.banks.node import adapter
from adapters.contract import BankUnavailableError
from adapters.proving.prove import prove
from adapters.proving.subject import Extent
from tests.kit.relay import BEHIND, build_relay, write_front


@pytest.fixture
async def world(tmp_path, monkeypatch):
    monkeypatch.setattr(adapter, "_DESCRIBE_S", 60.0)  # a first connection may take seconds
    world = build_relay(tmp_path / "home", ("KAZ", "TUR"))
    yield world
    await world.stop()


async def test_check_tells_what_the_node_says_and_what_is_not_seen(world):
    await world.start_node(BEHIND)
    report = await prove(write_front(world, world.ports[BEHIND]), Extent())
    [part] = report.parts
    told = {row["what"]: row["told"] for row in part.rows}
    assert (told["member"], told["bank"]) == ("KAZ", "KAZ/persons")
    assert told["probes"] == "document, identifier, person"
    assert report.good
    assert ["not seen here" in finding.text for finding in part.findings] == [True]


async def test_check_of_a_node_that_does_not_take_us_names_the_certificate(world):
    await world.start_node(BEHIND)
    path = write_front(world, world.ports[BEHIND])
    text = path.read_text(encoding="utf-8").replace("../../cert", "../../../TUR/cert")
    path.write_text(text, encoding="utf-8")
    report = await prove(path, Extent())
    assert not report.good
    assert "does not take our certificate" in report.parts[0].findings[0].text


async def test_check_of_a_node_that_is_away_ends(world):
    with pytest.raises(BankUnavailableError):
        await prove(write_front(world, 9), Extent())
