"""A stolen ledger confirms nothing: not with every planted name, number and date at hand.

The thief has the ledgers of the hub and of a node, knows Kalkan's code and the federation file, and
has a dictionary of everybody who might have been looked for. The thief has no custodian's key and
no token. Each guess is tried in every form that somebody could have left in a file: as it is,
folded, in Latin letters; in several encodings; hashed, and hashed with keys that lie about.
"""

import base64
import hashlib
import hmac
import itertools
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress

import pytest
from anyascii import anyascii

from gateway.access.keys import read_key
from gateway.ledger.custody import KeyFolder, read_base64, unwrap_key
from gateway.ledger.kinds import Kind
from gateway.ledger.seal import Place, key_id_of, sealed_part, unseal
from gateway.probe import document, person
from kalkan.v1 import model_pb2 as model
from seeds.truth import TRUTH
from tests.kit.world import ID, ask, build_world

SUBJECTS = json.loads(TRUTH.read_text(encoding="utf-8"))["subjects"]
ASKED = SUBJECTS[:6]
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1251", "unicode_escape", "idna")
HASHES = ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b")
CASE = "CASE-4711"
LEAST = 8
"""Bytes of a digest that are compared: one that was cut would be found too."""


def words_of(subject) -> set[str]:
    """What somebody could know of a subject."""
    names = [subject[n] for n in ("latin", "own", "cyrillic", "persian", "alias")]
    names += [record.get("name", "") for record in subject["records"]]
    parts = [part for name in names for part in name.split() if len(part) > 3]
    birth = subject["birth"]
    dates = [birth, ".".join(reversed(birth.split("-")))]
    numbers = [*subject["documents"], subject["phone"]]
    return {word for word in [*names, *parts, *dates, *numbers] if word}


def forms_of(words: set[str]) -> set[str]:
    """A guess as it is, folded, in Latin letters, in another order, without spaces."""
    forms = set(words)
    for word in words:
        latin = anyascii(word)
        forms |= {word.casefold(), word.upper(), latin, latin.casefold(), latin.upper()}
        forms |= {" ".join(sorted(word.casefold().split())), "".join(latin.casefold().split())}
    return forms


DICTIONARY = sorted(form for form in forms_of(set().union(*map(words_of, SUBJECTS))) if form)


def encoded(form: str) -> Iterator[bytes]:
    """The bytes of a form in each encoding that has it."""
    for encoding in ENCODINGS:
        with suppress(UnicodeError):
            yield form.encode(encoding)


def as_base64(data: bytes) -> Iterator[bytes]:
    """What is sure of some bytes within base64, at each of the three places."""
    for skip in range(3):
        yield base64.urlsafe_b64encode(bytes(skip) + data)[4 if skip else 0 :][:-4]


class Loot:
    """What a thief carries away, made ready for many guesses.

    Args:
        files: The bytes of each file.
        keys: What could have been a key.
    """

    def __init__(self, files: list[bytes], keys: set[bytes]) -> None:
        self.keys = sorted(keys)
        texts = [run for data in files for run in re.findall(rb"[A-Za-z0-9_+/-]{16,}", data)]
        found = [*files, *filter(None, itertools.chain.from_iterable(map(_decode, texts)))]
        self.all = b"\n".join(found)
        self._windows = {
            data[at : at + LEAST] for data in found for at in range(len(data) - LEAST + 1)
        }

    def confirms(self, form: str) -> bool:
        """Whether something in the loot tells that this was looked for."""
        for data in set(encoded(form)):
            if len(data) >= 6 and data in self.all:
                return True
            if len(data) >= 9 and any(text in self.all for text in as_base64(data)):
                return True
            if any(digest[:LEAST] in self._windows for digest in self._digests(data)):
                return True
        return False

    def _digests(self, data: bytes) -> Iterator[bytes]:
        for name in HASHES:
            yield hashlib.new(name, data, usedforsecurity=False).digest()
        for key in self.keys:
            yield hmac.digest(key, data, "sha256")
            yield hashlib.sha256(key + data).digest()


def _decode(text: bytes) -> Iterator[bytes]:
    """What a run of letters may be: hexadecimal or base64."""
    with suppress(ValueError):
        yield bytes.fromhex(text.decode())
    with suppress(ValueError):
        yield base64.urlsafe_b64decode(text.replace(b"+", b"-").replace(b"/", b"_") + b"==")


def ledger_of(world, side):
    return world.home / ("hub" if side == "HUB" else f"nodes/{side}") / "ledger"


def steal(world, *extra: bytes) -> Loot:
    """Take both ledgers; try as keys what is in them and what everybody knows."""
    paths = [p for s in ("HUB", "KAZ") for p in ledger_of(world, s).rglob("*") if p.is_file()]
    entries = [entry for side in ("HUB", "KAZ") for entry in world.entries(side)]
    keys = {b"", bytes(32), b"kalkan", b"secret", ID.encode(), b"KAZ", b"HUB", b"salt", b"2026-11"}
    for entry in entries:
        for value in (entry.search_id, entry.nonce, entry.query_sha256, entry.key_id, entry.who):
            keys |= {value.encode()}
            with suppress(ValueError):
                keys |= {bytes.fromhex(value)}
    return Loot([*(path.read_bytes() for path in paths), *extra], keys)


def plant(world) -> None:
    """Put the subjects into a bank, so that there are hits and what they leave behind."""
    path = world.home / "nodes/KAZ/banks/persons/people.sqlite"
    rows = [
        (s["id"], s["cyrillic"], s["birth"], s["sex"][0].upper(), s["documents"][0], s["phone"], "")
        for s in ASKED
    ]
    with sqlite3.connect(path) as connection:
        connection.executemany("INSERT INTO people VALUES (?,?,?,?,?,?,?)", rows)
    connection.close()


@pytest.fixture
async def robbed(tmp_path):
    """A federation in which planted subjects were looked for, and the client's events."""
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    plant(world)
    await world.start()
    client = await world.client()
    events = []
    for subject in ASKED:
        name, paper = subject["cyrillic"], subject["documents"][0]
        for probe in (person(name, birth=subject["birth"]), document(number=paper)):
            events += await client.search_once(ask("", "KAZ", probe=probe, case=CASE))
    await world.stop()  # files of a ledger come and go while it is written
    return world, events


def answers_of(events) -> list[model.Answer]:
    return [event.answer for event in events if getattr(event, "answer", None) is not None]


@pytest.mark.slow
async def test_a_dictionary_confirms_nothing(robbed):
    world, events = robbed
    assert sum(len(answer.hits) for answer in answers_of(events)) >= len(ASKED)
    loot = steal(world)
    assert len(DICTIONARY) > 1_000
    assert [form for form in [*DICTIONARY, CASE] if loot.confirms(form)] == []


@pytest.mark.parametrize(
    "leave",
    [
        lambda name: name.encode(),
        lambda name: json.dumps(name).encode(),
        lambda name: base64.b64encode(b"ab" + name.encode() + b"c"),
        lambda name: hashlib.sha256(name.casefold().encode()).hexdigest().encode(),
        lambda name: base64.b64encode(hmac.digest(b"KAZ", anyascii(name).encode(), "sha256")),
        lambda name: hashlib.sha256(name.encode("utf-16-le")).digest()[:8],
    ],
)
async def test_one_name_left_in_any_form_would_be_found(robbed, leave):
    world, _ = robbed
    name = ASKED[0]["cyrillic"]
    loot = steal(world, b"\n" + leave(name) + b"\n")
    assert any(loot.confirms(form) for form in forms_of({name}))


async def test_what_is_sealed_has_one_length_for_every_name(robbed):
    world, _ = robbed
    entries = [entry for side in ("HUB", "KAZ") for entry in world.entries(side)]
    intents = [entry for entry in entries if entry.kind is Kind.INTENT]
    assert len(intents) == 4 * len(ASKED)
    lengths = {len(read_base64(part)) for entry in intents for part in entry.sealed.values()}
    assert lengths == {1_024 + 8 + 12 + 16}
    assert {entry.size_bytes for entry in entries} == {None}


async def test_the_digest_of_an_answer_cannot_be_made_again(robbed):
    """Not by one who knows all of the answer but what it was filled up with."""
    world, events = robbed
    known = {entry.answer_sha256 for entry in world.entries("KAZ")}
    hits = [answer for answer in answers_of(events) if answer.hits]
    assert hits
    for answer in hits:
        assert hashlib.sha256(answer.SerializeToString()).hexdigest() in known
        length = len(answer.padding)
        for filling in (b"", bytes(length), b" " * length):
            answer.padding = filling
            assert hashlib.sha256(answer.SerializeToString()).hexdigest() not in known


async def test_the_digest_of_a_question_cannot_be_made_again_without_its_token(robbed):
    """The token's digest is in every question, and in no ledger: nobody can guess it."""
    world, _ = robbed
    intent = next(entry for entry in world.entries("KAZ") if entry.kind is Kind.INTENT)
    query = model.Query.FromString(base64.b64decode(_open(world, intent)["query"]))
    assert hashlib.sha256(query.SerializeToString()).hexdigest() == intent.query_sha256
    token = (world.home / "clients/officer/token").read_bytes()
    assert query.token_sha256 == hashlib.sha256(token).digest()
    assert query.token_sha256[:LEAST] not in steal(world)._windows
    guesses = (b"", bytes(32), hashlib.sha256(intent.token_id.encode()).digest())
    for guess in guesses:
        query.token_sha256 = guess
        assert hashlib.sha256(query.SerializeToString()).hexdigest() != intent.query_sha256


def _open(world, entry):
    """What the custodian reads: the thief does not."""
    ledger = ledger_of(world, "KAZ")
    part, folder = sealed_part(entry, "KAZ", ledger), KeyFolder(ledger)
    named = next(each for each in folder.present("KAZ") if each[2] == key_id_of(part))
    private = read_key(world.home / "custodians/KAZ/duty.key")
    return unseal(part, unwrap_key(folder.read(*named), "duty", private), Place.of(entry))
