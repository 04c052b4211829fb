"""Fishing: questions that name nobody, or give no reason, reach no bank of a running federation.

Each is asked as an officer would, with a good token and signature. What the hub lets through the
node must refuse by itself; neither may let one reach a bank.
"""

from __future__ import annotations

import pytest

from gateway.client import BankEnd
from gateway.errors import RefusedError
from gateway.ledger.kinds import Kind
from gateway.probe import person
from kalkan.v1 import model_pb2 as model
from tests.kit.world import ask, build_world

SINGLE = "baseline.single_name"
INVALID = "FIELD_INVALID"


def names(*full, **birth):
    """A person by several whole names."""
    probe = person(full[0], **birth)
    for each in full[1:]:
        probe.person.names.add(full=each)
    return probe


PROBES = {
    "one name": person("Рустам"),
    "a full stop as a second part": person("Рустам ."),
    "a dash in brackets": person("Рустам (-)"),
    "a digit": person("Рустам 1"),
    "a title": person("Dr Рустам"),
    "a Kazakh patronymic word": person("Рустам ұлы"),
    "an Azerbaijani one": person("Rüstəm oğlu"),
    "an Uzbek one": person("Rustam qizi"),
    "an Arabic article": person("رستم ال"),
    "blanks behind a Georgian one": person("რუსტამ  "),
    "one name twice over": person("Рустам", given="Рустам", family="Каримов"),
    "a family name of a full stop": person(given="Рустам", family="."),
    "a modifier letter": person("Rustam ʻ"),
    "a single name behind a full one": names("Рустам Каримов", "Айгүл"),
    "eight single names": names(
        *("Али", "Рустам", "Айгүл", "Ахмад", "Фарид", "Ҷамшед", "Нур", "Азиз")
    ),
    "all years there are": person("Рустам", birth="0001..9999"),
    "a lifetime": person("Рустам", birth="1950..2010"),
}
INVALIDS = {
    "initials": person("Р К"),
    "initials and a year": person("R.K.", birth="1985"),
    "one initial and a day": person("R", birth="1984-05-01"),
    "initials behind a full name": names("Рустам Каримов", "А Б"),
    "a wildcard": person("% %"),
    "an asterisk": person("* *", birth="1984"),
    "a Hangul filler": person("Рустам \u3164"),
    "a zero-width space": person("Рустам \u200b"),
    "nothing but combining marks": person("\u0301 \u0301"),
}
REASONS = {
    "a blank case": {"case": " "},
    "a case of dashes": {"case": "--"},
    "a case that cannot be seen": {"case": "\u3164"},
    "a blank offence": {"offence": "\u00a0"},
    "an offence of a full stop": {"offence": "."},
}


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ",))
    await world.start()
    yield world
    await world.stop()


async def try_all(world, questions):
    """Ask each; return by which rule or reason it ended."""
    client = await world.client()
    found = {}
    for name, question in questions.items():
        try:
            events = await client.search_once(question)
        except RefusedError as refused:
            found[name] = refused.reason
        else:
            (end,) = (e for e in events if isinstance(e, BankEnd))
            found[name] = end.answer.refusal.rule or end.state
    return found


async def test_question_that_names_nobody_reaches_no_bank(world):
    questions = {name: ask(probe=probe) for name, probe in {**PROBES, **INVALIDS}.items()}
    expected = {**dict.fromkeys(PROBES, SINGLE), **dict.fromkeys(INVALIDS, INVALID)}
    assert await try_all(world, questions) == expected
    kinds = [entry.kind for entry in world.entries("KAZ")]
    assert Kind.OUTCOME not in kinds
    assert kinds.count(Kind.REFUSAL) == len(PROBES)


async def test_question_without_a_reason_reaches_no_bank(world):
    questions = {name: ask(**changes) for name, changes in REASONS.items()}
    assert set((await try_all(world, questions)).values()) == {INVALID}
    assert Kind.INTENT not in [entry.kind for entry in world.entries("KAZ")]


async def test_honest_questions_are_answered(world):
    questions = {
        name: ask(probe=probe)
        for name, probe in {
            "a full name": person("Рустам Каримов"),
            "an initial and a name": person("Р. Каримов"),
            "one name and a year": person("Рустам", birth="1984"),
            "one name and ten years": person("Рустам", birth="1980..1989"),
            "two spellings": names("Рустам Каримов", "Rustam Karimov"),
        }.items()
    }
    assert set((await try_all(world, questions)).values()) <= {"answered", "no_hit"}


def test_no_purpose_outside_the_list_can_be_put_into_words():
    """A purpose is a number of the contract: no spelling, no script and no homoglyph is one."""
    words = {name.removeprefix("PURPOSE_").lower() for name in model.Purpose.keys()}  # noqa: SIM118 - of protobuf
    assert not words & {"political", "politics", "military", "religious", "religion", "racial"}
    assert len(words) == 9
