import dataclasses
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger.entry import (
    MAX_ENTRY_BYTES,
    BankOutcome,
    Entry,
    Kind,
    Side,
    _require_version,
    draft_entry,
    parse_entry,
)
from gateway.ledger.errors import EntryRejectedError, EntryTooLargeError

GOLDEN = (
    '{"banks":["kaz.persons"],"batch":2,"count":0,"kind":"OUTCOME","member":"KAZ",'
    '"probe":"person","probe_fields":["name","birth_date"],"purpose":"тергеу",'
    '"search_id":"000102030405060708090a0b0c0d0e0f","side":"hub",'
    '"states":[{"bank":"kaz.persons","elapsed_ms":12,"hits":1,"state":"answered"}],'
    '"time":"2026-11-21T08:00:00.000000Z","version":1,"versions":{"kalkan":"0.1.0"}}'
).encode()

GOLDEN_ENTRY = Entry(
    kind=Kind.OUTCOME,
    time=datetime(2026, 11, 21, 8, tzinfo=UTC),
    side=Side.HUB,
    member="KAZ",
    search_id="000102030405060708090a0b0c0d0e0f",
    purpose="тергеу",
    probe="person",
    probe_fields=("name", "birth_date"),
    banks=("kaz.persons",),
    states=(BankOutcome(bank="kaz.persons", state="answered", hits=1, elapsed_ms=12),),
    versions={"kalkan": "0.1.0"},
    count=0,
    batch=2,
)

printable = st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" ")
texts = st.text(printable, max_size=12) | st.just("x" * 128)
filled = st.text(printable, min_size=1, max_size=12)
numbers = st.integers(0, 2**53 - 1)
digests = st.just("") | st.binary(min_size=32, max_size=32).map(bytes.hex)
lists = st.lists(filled, max_size=4).map(tuple)
sealed = st.from_regex(r"[A-Za-z0-9_-]{40,60}|blob:[0-9a-f]{64}", fullmatch=True)
outcomes = st.builds(
    BankOutcome,
    bank=filled,
    state=filled,
    hits=numbers,
    elapsed_ms=numbers,
    rule=texts,
    truncated=st.booleans(),
)
SPECIAL = {
    "kind": st.sampled_from(Kind),
    "time": st.datetimes(timezones=st.just(UTC)),
    "side": st.sampled_from(Side),
    "member": filled,
    "search_id": st.binary(min_size=16, max_size=16).map(bytes.hex),
    "nonce": st.just("") | st.binary(min_size=16, max_size=16).map(bytes.hex),
    **dict.fromkeys(("roles", "has", "probe_fields", "targets", "banks"), lists),
    "states": st.lists(outcomes, max_size=3).map(tuple),
    "versions": st.dictionaries(filled, filled, max_size=3),
    "sealed": st.dictionaries(st.from_regex(r"[A-Z]{3}", fullmatch=True), sealed, max_size=3),
    "key_sha256": st.just("") | st.binary(min_size=32, max_size=32).map(bytes.hex),
    "version": st.just(1),
}
NAMES = [field.name for field in dataclasses.fields(Entry)]


def values_of(field: dataclasses.Field) -> st.SearchStrategy:
    """Return the values of a field by its name or its kind: number, digest or text."""
    if field.name in SPECIAL:
        return SPECIAL[field.name]
    if field.default is None:
        return st.none() | numbers
    return digests if field.name.endswith("sha256") else st.just("") | texts


entries = st.builds(Entry, **{field.name: values_of(field) for field in dataclasses.fields(Entry)})


@settings(deadline=None)
@given(entries)
def test_entry_comes_back_the_same_from_its_stored_bytes(entry):
    stored = entry.encode()
    assert parse_entry(stored) == entry
    assert parse_entry(stored).encode() == stored


@settings(deadline=None)
@given(entries)
def test_stored_bytes_are_sorted_without_spaces_and_without_empty_fields(entry):
    stored = entry.encode()
    loaded = json.loads(stored)
    again = json.dumps(loaded, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert again.encode() == stored
    assert all(value not in ("", [], {}, None) for value in loaded.values())


def values_in(entry):
    """All values of an entry by name, those that are left out too."""
    return {name: getattr(entry, name) for name in NAMES}


@settings(deadline=None)
@given(entries)
def test_draft_of_an_entry_is_stored_as_the_entry(entry):
    draft = draft_entry(values_in(entry))
    assert draft.encode() == entry.encode()
    assert draft.kind is entry.kind
    given = {name: value for name, value in values_in(entry).items() if value or value == 0}
    assert draft_entry(given).encode() == entry.encode()


@pytest.mark.parametrize("name", ["kind", "time", "side", "member"])
def test_draft_needs_what_an_entry_needs(name):
    values = values_in(GOLDEN_ENTRY)
    del values[name]
    with pytest.raises(EntryRejectedError, match="a kind, a time, a side and a member"):
        draft_entry(values)


@pytest.mark.parametrize("name", NAMES)
def test_each_field_of_a_draft_has_a_check(name):
    with pytest.raises(EntryRejectedError, match=f"^{name}: "):
        draft_entry({**values_in(GOLDEN_ENTRY), name: object()})


def test_draft_has_no_unknown_field_and_is_of_some_search():
    with pytest.raises(EntryRejectedError, match="unknown"):
        draft_entry({**values_in(GOLDEN_ENTRY), "surname": "x"})
    with pytest.raises(EntryRejectedError, match="search_id: needed"):
        draft_entry({**values_in(GOLDEN_ENTRY), "search_id": ""})
    given = values_in(GOLDEN_ENTRY)
    del given["search_id"]
    with pytest.raises(EntryRejectedError, match="search_id: needed"):
        draft_entry(given)


def test_draft_above_the_limit_is_refused():
    with pytest.raises(EntryTooLargeError):
        draft_entry({**values_in(GOLDEN_ENTRY), "targets": ("x" * 100,) * 700})


def test_stored_bytes_of_version_1_never_change():
    assert GOLDEN_ENTRY.encode() == GOLDEN
    assert parse_entry(GOLDEN) == GOLDEN_ENTRY


@settings(deadline=None)
@given(st.integers(0, len(GOLDEN) - 1), st.integers(0, 255))
def test_parse_gives_other_bytes_never_the_same_entry(at, byte):
    changed = GOLDEN[:at] + bytes([byte]) + GOLDEN[at + 1 :]
    try:
        entry = parse_entry(changed)
    except EntryRejectedError:
        return
    assert (entry == GOLDEN_ENTRY) == (changed == GOLDEN)
    assert entry.encode() == changed


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8")))
def test_parse_rejects_noise(data):
    with pytest.raises(EntryRejectedError):
        parse_entry(data)


WRONG = {
    "duplicate key": GOLDEN.replace(b'"batch":2', b'"batch":2,"batch":2'),
    "duplicate key deep inside": GOLDEN.replace(b'"hits":1', b'"hits":1,"hits":1'),
    "unknown key": GOLDEN.replace(b'"batch":2', b'"batch":2,"bbb":1'),
    "unknown key in states": GOLDEN.replace(b'"hits":1', b'"hits":1,"hot":1'),
    "space": GOLDEN.replace(b'"batch":2', b'"batch": 2'),
    "line end": GOLDEN + b"\n",
    "byte order mark": b"\xef\xbb\xbf" + GOLDEN,
    "key out of order": GOLDEN.replace(b'"batch":2,"count":0', b'"count":0,"batch":2'),
    "escaped letter": GOLDEN.replace("т".encode(), b"\\u0442"),
    "number as a text": GOLDEN.replace(b'"batch":2', b'"batch":"2"'),
    "fraction": GOLDEN.replace(b'"batch":2', b'"batch":2.0'),
    "truth as a number": GOLDEN.replace(b'"batch":2', b'"batch":true'),
    "minus zero": GOLDEN.replace(b'"count":0', b'"count":-0'),
    "not a number": GOLDEN.replace(b'"count":0', b'"count":NaN'),
    "null": GOLDEN.replace(b'"count":0', b'"count":null'),
    "huge number": GOLDEN.replace(b'"count":0', b'"count":' + b"9" * 5000),
    "empty field": GOLDEN.replace(b'"batch":2', b'"action":"","batch":2'),
    "text as a list": GOLDEN.replace(b'["kaz.persons"]', b'"kaz.persons"'),
    "list in a list": GOLDEN.replace(b'["kaz.persons"]', b'[["kaz.persons"]]'),
    "states as texts": GOLDEN.replace(b'[{"bank"', b'["x",{"bank"'),
    "states as an object": GOLDEN.replace(b'"states":[', b'"states":{"a":[').replace(
        b'}],"time"', b'}]},"time"'
    ),
    "state without a bank": GOLDEN.replace(b'"bank":"kaz.persons",', b""),
    "other kind": GOLDEN.replace(b"OUTCOME", b"OUTCOMES"),
    "other side": GOLDEN.replace(b'"hub"', b'"edge"'),
    "kind as a number": GOLDEN.replace(b'"OUTCOME"', b"1"),
    "other version": GOLDEN.replace(b'"version":1', b'"version":2'),
    "no member": GOLDEN.replace(b'"member":"KAZ",', b""),
    "no search id": GOLDEN.replace(b'"search_id":"000102030405060708090a0b0c0d0e0f",', b""),
    "time without a zone": GOLDEN.replace(b"000000Z", b"000000"),
    "time in another zone": GOLDEN.replace(b"000000Z", b"000000+05:00"),
    "time with another sign of UTC": GOLDEN.replace(b"000000Z", b"000000+00:00"),
    "time in short": GOLDEN.replace(b".000000Z", b"Z"),
    "time that is none": GOLDEN.replace(b"11-21T", b"13-21T"),
    "time as a number": GOLDEN.replace(b'"2026-11-21T08:00:00.000000Z"', b"5"),
    "control character": GOLDEN.replace(b"KAZ", b"K\\nZ"),
    "half a surrogate pair": GOLDEN.replace(b"KAZ", b"\\ud800"),
    "not UTF-8": GOLDEN.replace(b"KAZ", b"K\xffZ"),
    "cut": GOLDEN[:-1],
    "list": b"[" + GOLDEN + b"]",
    "deep": b"[" * 60_000,
    "empty": b"",
}


@pytest.mark.parametrize("name", WRONG)
def test_parse_rejects_what_is_not_exactly_the_stored_form(name):
    assert WRONG[name] != GOLDEN
    with pytest.raises(EntryRejectedError):
        parse_entry(WRONG[name])


def test_entry_is_stored_up_to_the_limit_and_refused_above_it(make_entry):
    wide = make_entry(targets=("x" * 100,) * 634)
    gap = MAX_ENTRY_BYTES - len(wide.encode())
    largest = dataclasses.replace(wide, member="KAZ" + "x" * gap)
    assert len(largest.encode()) == MAX_ENTRY_BYTES
    assert parse_entry(largest.encode()) == largest
    with pytest.raises(EntryTooLargeError, match="65535"):
        dataclasses.replace(largest, member=largest.member + "x").encode()


def test_parse_rejects_bytes_above_the_limit():
    with pytest.raises(EntryTooLargeError, match="65535"):
        parse_entry(b" " * (MAX_ENTRY_BYTES + 1))


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_a_check(make_entry, name):
    with pytest.raises(EntryRejectedError, match=f"^{name}: "):
        make_entry(**{name: object()})


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("sha256")])
def test_every_digest_is_one(make_entry, name):
    make_entry(**{name: "0f" * 32})
    for wrong in ("0f" * 31, "0F" * 32, "0f" * 32 + "\n", "Рустам Каримов"):
        with pytest.raises(EntryRejectedError, match=f"^{name}: "):
            make_entry(**{name: wrong})


@pytest.mark.parametrize("kind", [Kind.INTENT, Kind.OUTCOME, Kind.RECOVERED])
def test_entry_of_a_search_needs_its_id(clock, kind):
    with pytest.raises(EntryRejectedError, match=r"^search_id: "):
        Entry(kind=kind, time=clock.now(), side=Side.NODE, member="KAZ")


def test_entry_does_not_change_when_the_given_mapping_does(make_entry):
    versions = {"kalkan": "0.1.0"}
    entry = make_entry(versions=versions)
    versions["kalkan"] = "x\ny"
    assert entry.versions == {"kalkan": "0.1.0"}
    with pytest.raises(TypeError):
        entry.versions["kalkan"] = "9"
    assert hash(entry) == hash(make_entry(versions={}))


@pytest.mark.parametrize(
    "sealed",
    [
        {"KAZ": "Рустам Каримов, born on the third of March 1984"},
        {"KAZ": "short"},
        {"KAZ": "A" * 32_769},
        {"KAZ": "\ud800" * 60},
        {"KAZ": "A" * 59 + "\n"},
        {"KAZ": "blob:../../somewhere" + "A" * 40},
        {"Kazakhstan": "A" * 60},
        {"KAZ": b"A" * 60},
        ["KAZ"],
    ],
)
def test_nothing_but_sealed_parts_is_taken_for_one(make_entry, sealed):
    with pytest.raises(EntryRejectedError, match="sealed"):
        make_entry(sealed=sealed)


@pytest.mark.parametrize("name", ["duplicate key", "duplicate key deep inside"])
def test_parse_says_that_a_key_is_there_twice(name):
    with pytest.raises(EntryRejectedError, match="no key twice"):
        parse_entry(WRONG[name])


@pytest.mark.parametrize("version", [0, 2, True, 1.0, "1", None])
def test_only_the_version_that_is_known_is_let_in(version):
    _require_version("version", int("1"))
    with pytest.raises(EntryRejectedError, match="version: only 1 is known"):
        _require_version("version", version)
