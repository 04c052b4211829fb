"""A real directory behind a mapping: found, bounded, read only."""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.banks.ldap.session import LDAPException, Query
from adapters.banks.registry import open_bank
from adapters.contract import (
    BankFaultError,
    BankUnavailableError,
    DocumentProbe,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
    MappingError,
    OrganisationProbe,
    PartialDate,
    QueryRejectedError,
    RecordKind,
)
from tests.kit.directory import PASSWORD, SUFFIX, make_directory, start_directory, write_bank
from tests.kit.tls import Authority

LIMITS = Limits(rows=10, timeout_s=60)
NUMBER = "3520212345671"

HOSTILE = (
    "*",
    "*)(objectClass=*",
    "x)(|(objectClass=*",
    "\\2a",
    "\\",
    "\\00",
    "\x00",
    "\ud800",
    "(cnic=*)",
    ")(",
    "&",
    "|",
    "!",
    "~=",
    ">=0",
    ":=",
    ":caseExactMatch:=x",
    "1234567890123",
    "uid=1,ou=people",
    "' OR 1=1 --",
    "${jndi:ldap://x}",
    " ",
    "  3520212345671",
    "९" * 70,
    "A" * 5000,
    "\u2028",
)


def national(text):
    return IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, text))


def references(result):
    return [record.reference for record in result.records]


@pytest.fixture(scope="module")
def server():
    with start_directory(make_directory()) as running:
        yield running


@pytest.fixture
async def adapter(server, tmp_path):
    opened = await open_bank(write_bank(tmp_path, server.url("")), tmp_path)
    yield opened
    await opened.close()


async def test_record_is_made_of_attributes(adapter):
    (record,) = (await adapter.fetch(["1"], LIMITS)).records
    assert record.kind is RecordKind.WANTED
    assert [name.text for name in record.values(FieldName.NAME)] == [
        "Ayesha Khan",
        "عائشہ خان",
        "Ayesha Malik",
        "A. Khan",
    ]
    assert record.values(FieldName.BIRTH_DATE) == (PartialDate(1982, 5, 3),)
    assert [i.value for i in record.values(FieldName.IDENTIFIER)] == [
        "35202-1234567-1",
        "+923001234567",
        "+923007654321",
    ]
    assert record.as_of.tzinfo is UTC
    assert record.as_of > datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("probe", "found"),
    [
        (national(NUMBER), ["1"]),
        (national("4210176543217"), ["2"]),
        (DocumentProbe("KAB1234567"), ["1"]),
        (DocumentProbe("KZ7654321"), ["2"]),
        (DocumentProbe("AB1234567"), []),
        (IdentifierProbe(Identifier(IdentifierKind.PHONE, "+923007654321")), ["1"]),
        (IdentifierProbe(Identifier(IdentifierKind.PHONE, "923007654321")), ["1"]),
        (national("0000000000000"), []),
    ],
)
async def test_record_is_found_by_its_values(adapter, probe, found):
    assert references(await adapter.search(probe, LIMITS)) == found


async def test_entry_that_the_filter_leaves_out_is_never_found(adapter):
    assert references(await adapter.search(national("1234567890123"), LIMITS)) == []
    assert references(await adapter.fetch(["tripwire", "reader", "2"], LIMITS)) == ["2"]


async def test_what_the_mapping_does_not_say_is_refused(adapter):
    with pytest.raises(QueryRejectedError):
        await adapter.search(OrganisationProbe(number="1"), LIMITS)


async def test_surplus_value_of_a_single_column_is_counted(adapter):
    await adapter.fetch(["2"], LIMITS)
    assert adapter.faults["passport"] == 1


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_finds_nothing_but_what_it_names(adapter, text):
    for probe in (national(text), DocumentProbe(text)):
        found = references(await adapter.search(probe, LIMITS))
        assert found == (["1"] if text.strip() == NUMBER and probe.kind != "document" else [])
    assert references(await adapter.fetch([text, "2"], LIMITS)) == ["2"]


@settings(max_examples=80)
@given(text=st.text(min_size=1, max_size=40))
def test_any_text_finds_nothing(server, text):
    async def run(folder):
        adapter = await open_bank(write_bank(folder, server.url("")), folder)
        try:
            return [
                references(await adapter.search(probe, LIMITS))
                for probe in (national(text), DocumentProbe(text))
            ] + [references(await adapter.fetch([text + "-"], LIMITS))]
        finally:
            await adapter.close()

    with tempfile.TemporaryDirectory() as folder:
        assert asyncio.run(run(Path(folder))) == [[], [], []]


async def test_names_are_read_page_by_page(server, tmp_path):
    people = "".join(
        f"dn: uid=P{n:04},ou=people,{SUFFIX}\nobjectClass: fard\nuid: P{n:04}\n"
        f"cn: Name {n}\nreason: wanted\n\n"
        for n in range(1203)
    )
    with start_directory(make_directory(people)) as large:
        path = write_bank(tmp_path, large.url(""), ("page = 2", "page = 100"))
        adapter = await open_bank(path, tmp_path)
        try:
            named = [named async for named in adapter.names()]
            few = await adapter.fetch([f"P{n:04}" for n in range(300)], Limits(250, 60))
            many = await adapter.fetch([f"P{n:04}" for n in range(300)], Limits(300, 60))
        finally:
            await adapter.close()
    assert sorted(n.reference for n in named) == [f"P{n:04}" for n in range(1203)]
    assert named[0].names[0].startswith("Name ")
    assert (len(few.records), few.truncated) == (250, True)
    assert (len(many.records), many.truncated) == (300, False)


async def test_names_that_a_limit_of_the_server_cuts_are_a_fault(tmp_path):
    directory = make_directory(largest=1)
    with start_directory(directory) as small:
        path = write_bank(tmp_path, small.url(""), ("page = 2", "page = 1"))
        adapter = await open_bank(path, tmp_path)
        try:
            with pytest.raises(BankFaultError, match="limit of entries"):
                assert [named async for named in adapter.names()]
        finally:
            await adapter.close()


async def test_watermark_is_an_attribute_of_the_base(server, tmp_path):
    change = ("page = 2", 'page = 2\nwatermark = "ou"')
    adapter = await open_bank(write_bank(tmp_path, server.url(""), change), tmp_path)
    try:
        assert await adapter.watermark() == "people"
        assert await adapter.as_of() == datetime(2026, 1, 1, tzinfo=UTC)
    finally:
        await adapter.close()


MISTAKES = {
    "attribute": ('column = "cnic"', 'column = "cnik"', "no attribute 'cnik'; did you mean cnic"),
    "many": ('path = "sn"', 'path = "snn"', "no attribute 'snn'; did you mean sn"),
    "base": ("ou=people", "ou=poeple", "no such entry; check base"),
    "bind": ("uid=reader", "uid=raeder", "refuses us"),
    "password": ('password_file = "password"', 'password_file = "bank.toml"', "in one line"),
    "no password": ('password_file = "password"', 'password_file = "none"', "cannot be read"),
    "filter": ("(objectClass=fard)", "(objectClass=fard)(uid=1)", r"bank.toml:14:10: ldap.filter"),
    "injected column": ('column = "cnic"', 'column = "cnic=*)(uid"', "the name of an attribute"),
    "child": ("alias.value", "alias.sn", "write alias.value"),
}


@pytest.mark.parametrize("name", MISTAKES)
async def test_mistake_in_the_mapping_stops_the_open(server, tmp_path, name):
    before, after, told = MISTAKES[name]
    with pytest.raises(MappingError, match=told) as caught:
        await open_bank(write_bank(tmp_path, server.url(""), (before, after)), tmp_path)
    assert PASSWORD not in str(caught.value)


@pytest.fixture(scope="module", params=["start_tls", "ldaps"])
def secret(request):
    """A directory with a certificate, its authority, and how it is reached."""
    with tempfile.TemporaryDirectory(prefix="kalkan-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        authority, other = Authority(folder), Authority(folder, "other")
        pair = authority.issue("server")
        for file in (pair.certificate, pair.key):
            file.chmod(0o644)
        directory = make_directory(tls=(pair.certificate, pair.key), ldaps=request.param == "ldaps")
        with start_directory(directory) as running:
            yield running, authority.file, other.file, request.param


def write_secret_bank(folder, secret, ca):
    server, way = secret[0], secret[3]
    (folder / "ca.pem").write_bytes(ca.read_bytes())
    url = server.url("") if way == "start_tls" else f"ldaps://127.0.0.1:{server.port}"
    begin = "start_tls = true\n" if way == "start_tls" else ""
    return write_bank(folder, url, ("page = 2", f'{begin}ca_file = "ca.pem"'))


async def test_directory_is_asked_over_tls(secret, tmp_path):
    adapter = await open_bank(write_secret_bank(tmp_path, secret, secret[1]), tmp_path)
    try:
        assert references(await adapter.search(national(NUMBER), LIMITS)) == ["1"]
        session = await a_session(adapter)
        assert session._connection.socket.version().startswith("TLS")
    finally:
        await adapter.close()


async def test_directory_with_another_authoritys_certificate_is_not_spoken_to(secret, tmp_path):
    adapter = await open_bank(write_secret_bank(tmp_path, secret, secret[2]), tmp_path)
    try:
        with pytest.raises(BankUnavailableError):
            await adapter.search(national(NUMBER), LIMITS)
    finally:
        await adapter.close()


async def test_nothing_can_be_written(adapter):
    session = await a_session(adapter)
    with pytest.raises(LDAPException, match="read-only"):
        session._connection.delete(f"uid=1,ou=people,{SUFFIX}")
    assert references(await adapter.fetch(["1"], LIMITS)) == ["1"]


async def a_session(adapter):
    await adapter.fetch(["1"], LIMITS)
    return adapter._directory._idle[-1]


async def test_closed_bank_is_unavailable(adapter):
    await adapter.fetch(["1"], LIMITS)
    await adapter.close()
    await adapter.close()
    with pytest.raises(BankUnavailableError):
        await adapter.fetch(["1"], LIMITS)


async def test_directorys_own_words_do_not_come_through(adapter):
    query = Query("no name at all", "SUBTREE", "(uid=1)", ("uid",))
    with pytest.raises(BankFaultError) as caught:
        await adapter._directory.page(query, 1, 10)
    assert "no name" not in str(caught.value)
    assert caught.value.__cause__ is None
