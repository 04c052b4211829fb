"""Plug-ins: allowed by name, and whatever is odd stops the start and names the distribution."""

import sys

import pytest

from adapters.banks.plugins import PluginError, load_plugins, read_plugin_mapping
from adapters.banks.registry import describe_bank, open_bank
from adapters.contract import BankUnavailableError, Limits, MappingError

GOOD = """
from adapters.banks.memory import open_adapter
MADE_FOR = 1
"""
MAPPING = """
version = 1
[bank]
id = "gate"
title = "Gate"
kind = "plugin:harbour"
[plugin]
list = "gate.jsonl"
"""
LIMITS = Limits(rows=5, timeout_s=60)


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that installs a distribution with one plug-in, on a path of its own."""

    def install(code, name="harbour", distribution="kalkan-harbour"):
        module = f"plugin_{distribution.replace('-', '_')}"
        site = tmp_path / distribution
        told = site / f"{distribution.replace('-', '_')}-0.3.dist-info"
        told.mkdir(parents=True)
        head = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 0.3\n"
        (told / "METADATA").write_text(head, encoding="utf-8")
        entry = f"[kalkan.adapters]\n{name} = {module}\n"
        (told / "entry_points.txt").write_text(entry, encoding="utf-8")
        (site / f"{module}.py").write_text(code, encoding="utf-8")
        monkeypatch.syspath_prepend(site)
        monkeypatch.delitem(sys.modules, module, raising=False)
        return module

    return install


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


async def test_bank_of_an_allowed_plugin_is_opened(install, mapping):
    install(GOOD)
    plugins = load_plugins(["harbour"])
    assert plugins["harbour"].distribution == "kalkan-harbour 0.3"
    adapter = await open_bank(mapping, mapping.parent, plugins=plugins)
    assert (await adapter.fetch(["P-1"], LIMITS)).records
    await adapter.close()


async def test_options_and_folder_reach_the_plugin(install, mapping):
    install(
        GOOD.replace("from adapters.banks.memory", "import adapters.banks.memory as m\n#") + OPEN
    )
    adapter = await open_bank(mapping, mapping.parent, plugins=load_plugins(["harbour"]))
    assert adapter.told == ({"list": "gate.jsonl"}, mapping.parent)
    await adapter.close()


OPEN = """
async def open_adapter(options, folder):
    adapter = m.MemoryAdapter(m.Memory(m.SAMPLE))
    adapter.told = (dict(options), folder)
    return adapter
"""


def test_plugin_that_is_not_allowed_is_not_imported(install):
    module = install("raise SystemExit('imported')")
    assert load_plugins([]) == {}
    assert module not in sys.modules


async def test_bank_of_a_plugin_that_is_not_allowed_is_refused(install, mapping):
    install(GOOD)
    with pytest.raises(
        MappingError, match=r"^mapping\.toml:6:8: bank\.kind: plug-in harbour is not allowed here"
    ):
        await open_bank(mapping, mapping.parent)


def test_plugin_that_is_not_installed_stops_the_start():
    with pytest.raises(PluginError, match="plug-in harbour: no installed distribution has it"):
        load_plugins(["harbour"])


def test_two_distributions_with_one_plugin_stop_the_start(install):
    install(GOOD)
    install(GOOD, distribution="other-harbour")
    with pytest.raises(PluginError, match=r"kalkan-harbour 0\.3 and other-harbour 0\.3 both have"):
        load_plugins(["harbour"])


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import nothing_of_this_name", r"cannot be imported \(ModuleNotFoundError\)"),
        ("raise SystemExit(3)", r"cannot be imported \(SystemExit\)"),
        ("def broken(", r"cannot be imported \(SyntaxError\)"),
        (GOOD.replace("1", "2"), "is made for version 2 of the contract, and this is version 1"),
        (GOOD.replace("MADE_FOR", "MADE"), "is made for version None"),
        ("MADE_FOR = 1", "has no coroutine open_adapter"),
        ("MADE_FOR = 1\ndef open_adapter(o, f): ...", "has no coroutine open_adapter"),
    ],
)
def test_broken_plugin_stops_the_start_and_is_named(install, code, told):
    install(code)
    with pytest.raises(PluginError, match=rf"plug-in harbour of kalkan-harbour 0\.3 {told}"):
        load_plugins(["harbour"])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise ValueError('/secret')", r"cannot open its bank \(ValueError\)"),
        ("return object()", "does not give an adapter"),
    ],
)
async def test_plugin_that_fails_to_open_is_named(install, mapping, body, told):
    install(f"MADE_FOR = 1\nasync def open_adapter(options, folder):\n    {body}\n")
    plugins = load_plugins(["harbour"])
    with pytest.raises(PluginError, match=rf"kalkan-harbour 0\.3 {told}$"):
        await open_bank(mapping, mapping.parent, plugins=plugins)


async def test_adapter_error_of_a_plugin_comes_through(install, mapping):
    install(
        "from adapters.contract import BankUnavailableError\nMADE_FOR = 1\n"
        "async def open_adapter(options, folder):\n    raise BankUnavailableError('away')\n"
    )
    plugins = load_plugins(["harbour"])
    with pytest.raises(BankUnavailableError):
        await open_bank(mapping, mapping.parent, plugins=plugins)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("title", "titel"), r"^mapping\.toml:5:1: bank\.titel: "),
        (("plugin:harbour", "plugin:Harbour!"), r'^mapping\.toml:6:8: bank\.kind: write "plugin:"'),
        (("version = 1", "version = 2"), r"^mapping\.toml:2:11: version: write 1$"),
    ],
)
def test_mistake_in_a_mapping_is_told_with_its_line(mapping, change, told):
    mapping.write_text(MAPPING.replace(*change), encoding="utf-8")
    with pytest.raises(MappingError, match=told):
        describe_bank(mapping)


@pytest.mark.parametrize(
    "text", ["", "[bank]", "kind = 3", "bank = 3", '[bank]\nkind = "sql"', "]"]
)
def test_other_mappings_are_left_alone(mapping, text):
    mapping.write_text(text, encoding="utf-8")
    assert read_plugin_mapping(mapping) is None


def test_missing_mapping_is_left_to_others(tmp_path):
    assert read_plugin_mapping(tmp_path / "none.toml") is None
