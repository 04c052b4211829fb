"""The directory's word is the outcome of the question, over gRPC, in the demonstration federation.

Whoever asks, why, for what, filled in how and for how much: what the directory says is permitted is
answered as fully as it says, and what it does not say is refused. Points of that finite domain are
drawn; each is asked of all 24 banks at once.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from gateway.access.evaluate import ROLES
from gateway.access.likely import PROBES, PURPOSES
from gateway.access.profile import FILLED, Filled
from gateway.access.rules import GRANULARITIES
from gateway.client import Ask, BankEnd, Client
from gateway.clock import SystemClock
from gateway.probe import document, identifier, organisation, person, vehicle
from gateway.settings import ClientSettings, read_settings
from kalkan.v1 import model_pb2 as model
from seeds.clients import DESKS, Desk, renew_token

POINTS = 60
SETS = 3
"""Points of who, why and what; and ways to fill each in."""
MRZ = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)
VALUES = {
    "birth_date": ("birth", "1985"),
    "sex": ("sex", "male"),
    "nationality": ("nationality", "KAZ"),
    "place": ("place", "Almaty"),
    "number": ("number", "Q90000017"),
    "kind": ("kind", "passport"),
    "issuer": ("issuer", "TJK"),
    "plate": ("plate", "A123BCD"),
    "vin": ("vin", "JN1CV6AP3BM"),
    "country": ("country", "KAZ"),
}


def fill(kind: str, fields: frozenset[str]) -> model.Probe:
    """A probe that fills in exactly these."""
    given = dict(VALUES[name] for name in fields if name in VALUES)
    if kind == "person":
        return person("Nobody Atall" if "full_name" in fields else "Nobody", **given)
    if kind == "document":
        return document(mrz=MRZ) if "mrz" in fields else document(**given)
    if kind == "vehicle":
        return vehicle(**given)
    if kind == "organisation":
        return organisation(name="Nobody Ltd" if "name" in fields else "", **given)
    if kind == "identifier":
        return identifier("phone", "77019999999", given.get("country", ""))
    sample = model.BiometricProbe(kind=1, media_type="image/wsq", sample=b"x")
    return model.Probe(biometric=sample)


def settings_of(federation, folder: Path, name: str, role: str) -> ClientSettings:
    """A client with another role: its folder again, with a token of its own."""
    desk = next(desk for desk in DESKS if desk.name == name)
    path = folder / "clients" / f"{name}-{role}"
    shutil.copytree(federation.home / "clients" / name, path)
    text = (path / "client.toml").read_text(encoding="utf-8")
    (path / "client.toml").write_text(text.replace("../..", str(federation.home)), encoding="utf-8")
    other = Desk(path.name, desk.member, f"{desk.officer}-{role}", (role,), desk.unit)
    renew_token(folder, other, SystemClock())
    return read_settings(ClientSettings, path / "client.toml")


@pytest.fixture
async def clients(federation, tmp_path):
    """Clients of two members in every role."""
    shutil.copytree(federation.home / "issuers", tmp_path / "issuers")
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(Client(settings_of(federation, tmp_path, name, role)))
            for name in ("officer", "border")
            for role in sorted(ROLES)
        ]


async def search(client, purpose, kind, fields, granularity):
    """Ask everybody; return how each bank ended, and how much its answer may hold."""
    category, aim = PURPOSES[purpose]
    why = {"offence": "preparation", "category": category, "aim": aim, "case": "P-1"}
    probe = fill(kind, fields)
    asked = {"probe": probe, "granularity": granularity, "deadline_s": 30.0}
    question = Ask(("kalkan",), purpose, **asked, **why)
    events = await client.search_once(question)
    return {event.bank: event for event in events if isinstance(event, BankEnd)}


def require_as_told(access, end, fields, where):
    """Hold the end of a bank against what was told of it."""
    ways = [Filled(tuple(w.needed), tuple(w.optional), str(w.granularity)) for w in access.fields]
    told = {int(way.granularity) for way in ways if way.fits(fields)}
    assert len(told) <= 1, where
    if not told and not access.capable:
        # It was not asked, so its owner had no say.
        assert end.state in {"refused", "not_capable"}, where
    elif not told:
        assert end.state == "refused", where
        mostly = fields == PROBES[where[1]]  # the refusal is that of the question as it mostly is
        assert access.permitted or not mostly or end.rule == access.refusal.rule, where
    elif not access.capable:
        assert end.state == "not_capable", where
    else:
        assert end.state != "refused", (*where, end.rule)
        if end.answer is not None:
            assert end.answer.granularity == told.pop(), where


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_what_the_directory_says_is_what_a_question_finds(federation, clients):
    draw = random.Random(4)
    outcomes = set()
    for _ in range(POINTS):
        client, purpose = draw.choice(clients), draw.choice(list(PURPOSES))
        kind, granularity = draw.choice(list(FILLED)), draw.choice(GRANULARITIES)
        told = (await client.explain(("kalkan",), purpose, kind, granularity)).banks
        assert len(told) == 24
        sets = [fields for fields in FILLED[kind] if not {"mrz", "kind"} <= fields]
        sets = draw.sample(sets, min(SETS, len(sets)))
        ends = await asyncio.gather(
            *(search(client, purpose, kind, fields, granularity) for fields in sets)
        )
        for fields, by_bank in zip(sets, ends, strict=True):
            for access in told:
                where = (purpose, kind, sorted(fields), granularity, access.bank)
                require_as_told(access, by_bank[access.bank], fields, where)
                outcomes.add(by_bank[access.bank].state)
    assert {"refused", "no_hit", "not_capable"} <= outcomes
