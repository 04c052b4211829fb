"""A bank of each kind that nobody has seen is drafted, edited twice at most, checked, and tried."""

import asyncio
import json
from dataclasses import replace

import pytest

from adapters.mapping.read import read_mapping
from tests.kit import staff
from tests.kit.directory import PASSWORD, SUFFIX, make_directory, start_directory
from tests.kit.files import write_people
from tests.kit.staff import TOKEN, WAYS, StaffService, describe, write_yaml

KIND = (
    'const = "registered"  # guess: nothing tells why; write one of our kinds of records',
    'const = "wanted"',
)
CONTACT = (
    '# contact = { office = "whom to ask about a hit", phone = "+", email = "@" }',
    'contact = { office = "Duty desk", phone = "+7 000", email = "duty@example.org" }',
)


def connect(kalkan, url, folder, *, edits=(CONTACT,), options=()):
    """Draft, edit, check; return the mapping and what was written."""
    path = folder / "mapping.toml"
    done = kalkan("bank", "draft", url, "--to", str(path), *options)
    assert done.returncode == 0, done.stderr
    assert "guesses to read" in done.stderr
    text = path.read_text("utf-8")
    assert len(edits) <= 2
    for old, new in edits:
        assert text.count(old) == 1, text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    checked = kalkan("bank", "check", str(path), "--json")
    assert checked.returncode == 0, checked.stdout + checked.stderr + text
    ended = json.loads(checked.stdout.splitlines()[-1])
    assert (ended["good"], ended["errors"]) == (True, 0)
    return path


def find(kalkan, path, *words):
    """Return the references that `try` finds, the best first."""
    done = kalkan("bank", "try", str(path), *words, "--timeout", "60", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line)["reference"] for line in done.stdout.splitlines()]


def write_employees(count=60):
    """Employees as most directories hold them, between groups and services."""
    parts = [f"dn: cn=all,{SUFFIX}\nobjectClass: groupOfNames\ncn: all\nmember: {SUFFIX}\n"]
    for number in range(count):
        given, family = staff.GIVEN[number % 8], f"{staff.FAMILY[number % 7]}{'aeiou'[number % 5]}"
        phones = "".join(f"mobile: +7701{number:05d}{n:02d}\n" for n in range(number % 3))
        parts.append(
            f"dn: uid=e{number},ou=people,{SUFFIX}\n"
            "objectClass: inetOrgPerson\nobjectClass: clerk\n"
            f"uid: e{number}\ncn: {given} {family}\ngivenName: {given}\nsn: {family}\n"
            f"passportNumber: N{number:08d}\ndateOfBirth: {1950 + number % 50}0314000000Z\n"
            f"citizenship: KAZ\nemployeeType: {('clerk', 'guard')[number % 2]}\n"
            f"userPassword: secret{number}\n{phones}"
        )
    return "\n".join(parts)


CLERK = """
attributetype ( 1.3.6.1.4.1.32473.3.1 NAME 'passportNumber' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.32473.3.2 NAME 'dateOfBirth' EQUALITY generalizedTimeMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.32473.3.3 NAME 'citizenship' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.32473.4.1 NAME 'clerk' SUP top AUXILIARY
  MAY ( passportNumber $ dateOfBirth $ citizenship ) )
"""


@pytest.fixture(scope="module")
def employees():
    """A directory of employees that runs."""
    directory = make_directory(write_employees())
    with start_directory(replace(directory, schema=directory.schema + CLERK)) as server:
        yield server


@pytest.mark.servers
def test_directory_becomes_a_searchable_bank(kalkan, employees, tmp_path):
    (tmp_path / "password").write_text(PASSWORD)
    options = ("--bind", f"uid=reader,{SUFFIX}", "--password-file", "password")
    url = f"{employees.url('')}/{SUFFIX}"
    path = connect(kalkan, url, tmp_path, edits=(KIND, CONTACT), options=options)
    mapping = read_mapping(path)
    assert (mapping.ldap.filter, mapping.key) == ("(objectClass=inetOrgPerson)", "uid")
    assert {many.table for many in mapping.children} == {"mobile"}
    text = path.read_text("utf-8")
    assert PASSWORD not in text
    assert "secret" not in text
    assert find(kalkan, path, "document", "--number", "N 00000007") == ["e7"]
    assert find(kalkan, path, "person", "--name", "Рустам Асланови", "--birth", "1953")[0]
    phone = ("identifier", "--identifier", "phone", "--value", "+77010000501")
    assert find(kalkan, path, *phone) == ["e5"]


@pytest.mark.servers
def test_directory_that_refuses_us_says_what_to_check(kalkan, employees, tmp_path):
    (tmp_path / "password").write_text("another")
    options = ("--bind", f"uid=reader,{SUFFIX}", "--password-file", "password")
    to = ("--to", str(tmp_path / "m.toml"))
    done = kalkan("bank", "draft", f"{employees.url('')}/{SUFFIX}", *to, *options)
    assert done.returncode != 0
    assert "check bind" in done.stderr
    assert not (tmp_path / "m.toml").exists()


@pytest.mark.parametrize("way", WAYS)
async def test_service_with_openapi_becomes_a_searchable_bank(way, kalkan, tmp_path):
    (tmp_path / "token").write_text(TOKEN)
    async with StaffService(way, describe(way, "3.0.3" if way == "page" else "3.1.0")) as service:
        url, options = f"{service.url}/openapi.json", ("--password-file", "token")
        path = await asyncio.to_thread(connect, kalkan, url, tmp_path, options=options)
        http = read_mapping(path).http
        assert getattr(http.next, way) == (way == "link" or WAYS[way][0][0])
        assert (http.rows, http.listing.path) == ("result.items", "/v1/staff")
        assert TOKEN not in path.read_text("utf-8")
        number = ("document", "--number", "n-00000101")
        assert await asyncio.to_thread(find, kalkan, path, *number) == ["S00101"]
        person = ("person", "--name", "Тимур Каримова", "--birth", "1951-02-02")
        assert "S00001" in await asyncio.to_thread(find, kalkan, path, *person)


async def test_document_in_yaml_makes_the_same_draft(kalkan, tmp_path):
    (tmp_path / "token").write_text(TOKEN)
    drafts = []
    async with StaffService("link") as service:
        told = describe("link", servers=[{"url": service.url}])
        (tmp_path / "api.yml").write_text(write_yaml(told))
        places = (*(f"{service.url}/openapi.{form}" for form in ("json", "yaml")), "api.yml")
        for number, place in enumerate(places):
            url = place if "://" in place else str(tmp_path / place)
            to = tmp_path / f"{number}.toml"
            words = ("bank", "draft", url, "--password-file", "token", "--to", str(to))
            done = await asyncio.to_thread(kalkan, *words)
            assert done.returncode == 0, done.stderr
            drafts.append(to.read_text("utf-8"))
    assert drafts[0] == drafts[1] == drafts[2]


def test_broken_yaml_says_line_and_column(kalkan, tmp_path):
    path = tmp_path / "api.yaml"
    path.write_text("openapi: 3.1.0\npaths:\n  /a: {get: 1}\n  /a: {get: 2}\n")
    done = kalkan("bank", "draft", str(path))
    assert done.returncode == 2
    assert "api.yaml:4:3: the key '/a' is there twice" in done.stderr
    assert "Traceback" not in done.stderr


async def test_document_in_a_file_is_enough_where_the_service_does_not_answer(kalkan, tmp_path):
    document = describe("page", servers=[{"url": "http://127.0.0.1:1"}])
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    to = tmp_path / "m.toml"
    done = kalkan("bank", "draft", str(tmp_path / "openapi.json"), "--to", str(to))
    assert done.returncode == 0, done.stderr
    mapping = read_mapping(to)
    assert {block.name.value for block in mapping.fields} >= {"name", "birth_date", "document"}
    assert set(mapping.codes["kinds"]) == {"active", "left", "wanted"}
    assert "all guesses are by the document alone" in to.read_text("utf-8")


async def test_token_goes_to_no_other_server_than_the_one_that_sent_the_document(kalkan, tmp_path):
    (tmp_path / "token").write_text(TOKEN)
    async with StaffService("page") as other:
        document = describe("page", servers=[{"url": other.url}])
        async with StaffService("page", document) as service:
            words = ("bank", "draft", f"{service.url}/openapi.json", "--password-file", "token")
            to = ("--to", str(tmp_path / "m.toml"))
            done = await asyncio.to_thread(kalkan, *words, *to)
            assert done.returncode == 0, done.stderr
            assert (service.asked, other.asked) == (["/openapi.json"], [])


@pytest.mark.parametrize("kind", ["xml", "jsonl", "fixed", "header", "layout", "persian", "csv"])
def test_file_becomes_a_searchable_bank(kind, kalkan, tmp_path):
    people = write_people(tmp_path, kind)
    path = connect(kalkan, str(people.path), tmp_path, edits=people.edits)
    assert people.codepage in {"", read_mapping(path).files.encoding}
    assert find(kalkan, path, "document", "--number", "N0000007") == [people.reference(7)]
    words = ("person", "--name", people.name(7), "--birth", people.birth(7))
    assert people.reference(7) in find(kalkan, path, *words)
