"""A node whose bank is a plug-in's: it answers where it is allowed, and else does not start."""

import sys

import pytest

from adapters.banks.plugins import PluginError
from adapters.contract import MappingError
from gateway.client import BankEnd
from tests.kit.world import ask, build_world

MAPPING = """
version = 1
[bank]
id = "persons"
title = "Gate"
kind = "plugin:harbour"
contact = { office = "Harbour police" }
[plugin]
"""
CODE = """
import dataclasses
from adapters.banks.memory import SAMPLE, Memory, MemoryAdapter
from adapters.contract import Field, FieldName, PersonName
MADE_FOR = 1
NAME = Field(FieldName.NAME, PersonName(full="Рустам Каримов"))

async def open_adapter(options, folder):
    return MemoryAdapter(Memory([dataclasses.replace(SAMPLE[0], fields=(NAME,))]))
"""


@pytest.fixture
async def world(tmp_path, monkeypatch):
    """A world whose member KAZ has its bank in a plug-in that is not allowed yet."""
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    (world.home / "nodes/KAZ/banks/persons/mapping.toml").write_text(MAPPING, encoding="utf-8")
    told = tmp_path / "site" / "kalkan_harbour-0.3.dist-info"
    told.mkdir(parents=True)
    head = "Metadata-Version: 2.1\nName: kalkan-harbour\nVersion: 0.3\n"
    (told / "METADATA").write_text(head, encoding="utf-8")
    entry = "[kalkan.adapters]\nharbour = plugin_harbour\n"
    (told / "entry_points.txt").write_text(entry, encoding="utf-8")
    (tmp_path / "site/plugin_harbour.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.delitem(sys.modules, "plugin_harbour", raising=False)
    yield world
    await world.stop()


def allow(world):
    path = world.home / "nodes/KAZ/node.toml"
    path.write_text(path.read_text(encoding="utf-8") + 'plugins = ["harbour"]\n', encoding="utf-8")


async def test_bank_of_an_allowed_plugin_is_searched(world):
    allow(world)
    await world.start()
    client = await world.client()
    events = await client.search_once(ask())
    ends = {e.bank: e.state for e in events if isinstance(e, BankEnd)}
    assert ends["KAZ/persons"] == "answered"


async def test_node_does_not_start_with_a_plugin_that_is_not_allowed(world):
    with pytest.raises(MappingError, match="plug-in harbour is not allowed here"):
        await world.start_node("KAZ")
    del world.tasks["KAZ"]


async def test_node_does_not_start_with_a_plugin_of_another_version(world, tmp_path):
    allow(world)
    code = CODE.replace("MADE_FOR = 1", "MADE_FOR = 2")
    (tmp_path / "site/plugin_harbour.py").write_text(code, encoding="utf-8")
    with pytest.raises(PluginError, match=r"kalkan-harbour 0\.3 is made for version 2"):
        await world.start_node("KAZ")
    del world.tasks["KAZ"]
