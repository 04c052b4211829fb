"""Controls come of the settings, and wrong settings are told at the start."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from gateway.access.errors import BudgetFileError
from gateway.access.stops import change_stops, read_stop
from gateway.errors import SettingsError
from gateway.node.bank import Bank, Titles
from gateway.node.equip import Equipment, follow_budgets, hide_banks
from gateway.settings import HiddenSettings, NodeSettings, NotifySettings
from tests.unit.gateway.node.conftest import Register

SECRET = b"\x05" * 32
PATHS = (
    *("federation", "certificate", "key", "answer_key", "index_key", "policy"),
    *("ledger", "ledger_key", "index"),
)


@pytest.fixture
async def make(country, tmp_path):
    """Make the equipment of the node by some settings."""
    async with AsyncExitStack() as stack:

        def make(**changes):
            paths = dict.fromkeys(PATHS, Path("unused"))
            settings = NodeSettings(
                member="KAZ", listen="127.0.0.1:0", folder=tmp_path, banks=(), **paths, **changes
            )
            return Equipment(settings, country.node._parts, stack)

        yield make


def hidden(name="KAZ/special", through="persons"):
    bank = Bank(name, Register(), Titles("", "", "", ""), ThreadPoolExecutor(1))
    return HiddenSettings(mapping=Path("m"), through=through), bank


async def test_without_files_nothing_is_limited(make, tmp_path):
    controls = make().equip({}, SECRET)
    assert controls.spending is None
    assert controls.notifier is None
    assert not controls.grid_s
    assert not (tmp_path / "budgets.sqlite").exists()


async def test_files_beside_the_settings_are_followed(make, tmp_path):
    stop = read_stop("member=TUR")
    change_stops(tmp_path / "stops.toml", lambda stops: stops.update({("member", "TUR"): stop}))
    (tmp_path / "budgets.toml").write_text("repeat_hours = 3\n")
    controls = make(notify=NotifySettings(file=Path("told.jsonl"))).equip({}, SECRET)
    assert controls.stops.rule == "kaz.stopped"
    assert ("member", "TUR") in controls.stops.stops.stops
    assert controls.spending.budgets.repeat_hours == 3
    controls.notifier.tell({"n": 1})
    await controls.notifier.flush()
    assert (tmp_path / "told.jsonl").read_text() == '{"n": 1}\n'
    assert (tmp_path / "budgets.sqlite").stat().st_mode & 0o077 == 0


async def test_changed_budgets_come_into_force_and_are_recorded(make, tmp_path, country):
    path = tmp_path / "budgets.toml"
    path.write_text("")
    spending = make().equip({}, SECRET).spending
    path.write_text("repeat_hours = 1\n")
    await follow_budgets(path, spending, country.node._parts.recorder)
    assert spending.budgets.repeat_hours == 1
    assert [entry.action for entry in country.entries()] == ["budgets"]
    path.write_text("repeat_hours = 99\n")
    with pytest.raises(BudgetFileError):
        await follow_budgets(path, spending, country.node._parts.recorder)
    path.unlink()
    await follow_budgets(path, spending, country.node._parts.recorder)
    assert spending.budgets.repeat_hours == 1


async def test_books_that_are_something_else_are_told(make, tmp_path):
    (tmp_path / "budgets.toml").write_text("")
    (tmp_path / "budgets.sqlite").write_text("no database at all, " * 100)
    with pytest.raises(SettingsError, match="budget_state"):
        make().equip({}, SECRET)


async def test_hidden_bank_puts_its_visible_one_on_a_grid(make, country):
    banks = hide_banks([hidden()], country.node._parts)
    assert [one.bank.name for one in banks["KAZ/persons"]] == ["KAZ/special"]
    assert make().equip(banks, SECRET).grid_s == {"KAZ/persons": 0.1}
    assert make(grid_ms={"persons": 50}).equip(banks, SECRET).grid_s == {"KAZ/persons": 0.05}


@pytest.mark.parametrize(
    ("name", "through", "said"),
    [("KAZ/persons", "persons", "is not hidden"), ("KAZ/special", "cars", "cars is not a bank")],
)
async def test_wrong_hidden_bank_is_told_without_its_name(country, name, through, said):
    with pytest.raises(SettingsError, match=said) as caught:
        hide_banks([hidden(name, through)], country.node._parts)
    assert "special" not in str(caught.value)


async def test_grid_and_certificates_that_are_not_there_are_told(make):
    with pytest.raises(SettingsError, match="grid_ms: cars"):
        make(grid_ms={"cars": 50}).equip({}, SECRET)
    notify = NotifySettings(url="https://localhost/", ca=Path("away.pem"))
    with pytest.raises(SettingsError, match=r"notify\.ca"):
        make(notify=notify).equip({}, SECRET)
