"""The verb: which ledger, which month, which form."""

from __future__ import annotations

import json

import pytest

from gateway.cli.audit import Report
from gateway.cli.exits import CommandError
from gateway.cli.reporting import make_report
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import BankOutcome, Kind, Side
from gateway.ledger.log import Ledger
from tests.kit.world import build_world


@pytest.fixture
async def home(tmp_path, clock):
    build_world(tmp_path, ("KAZ",))
    ledger = await Ledger.open(tmp_path / "hub" / "ledger", clock)
    states = (BankOutcome(bank="KAZ/persons", state="answered", hits=2, elapsed_ms=20),)
    await ledger.append(
        Entry(
            kind=Kind.OUTCOME,
            time=clock.now(),
            side=Side.HUB,
            member="HUB",
            search_id="a" * 32,
            purpose="terrorism",
            probe="person",
            requester_member="TUR",
            states=states,
        )
    )
    await ledger.close()
    return tmp_path


@pytest.fixture
def month(clock):
    return f"{clock.now():%Y-%m}"


async def test_numbers_for_a_program(home, month, capsys):
    make_report(Report(month=month, as_json=True, home=home))
    told = json.loads(capsys.readouterr().out)
    assert (told["searches"], told["members"]) == (1, {"TUR": 1})
    assert told["banks"]["KAZ/persons"]["median_ms"] == 20


async def test_table_for_a_person(home, month, capsys):
    make_report(Report(month=month, home=home))
    out = capsys.readouterr().out
    assert "1 searches, 1 with a hit, 0 with a gap" in out
    assert "KAZ/persons" in out


@pytest.mark.parametrize(("name", "begin"), [("r.html", b"<!doctype"), ("r.pdf", b"%PDF")])
async def test_page_and_paper_by_the_name(home, month, name, begin):
    make_report(Report(month=month, to=home / name, home=home))
    assert (home / name).read_bytes().startswith(begin)


@pytest.mark.parametrize(
    ("options", "text"),
    [({"month": "November"}, "2026-11"), ({"node": "QQQ"}, "no node of QQQ")],
)
async def test_wrong_option_says_what_to_write(home, options, text):
    with pytest.raises(CommandError, match=text):
        make_report(Report(home=home, **options))


async def test_unknown_form_says_which_there_are(home, month):
    with pytest.raises(CommandError, match=r"\.html or \.pdf"):
        make_report(Report(month=month, to=home / "r.doc", home=home))
