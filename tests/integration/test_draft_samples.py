"""Sample databases of other people: drafted, checked and searched without one edit."""

import json

import pytest

from adapters.proving.prove import prove
from adapters.proving.subject import Extent
from tests.kit.samples import write_contacts, write_kunden, write_staff

PHONE = ("identifier", "--identifier", "phone", "--value")
SAMPLES = {
    "contacts": (write_contacts, ("organisation", "--name", "Moreno Handel 5"), "C0005"),
    "kunden": (write_kunden, ("document", "--number", "P0000007"), "7"),
    "staff": (write_staff, (*PHONE, "8 (701) 005-15-11"), "5"),
}


def draft(name, folder, kalkan):
    SAMPLES[name][0](folder / f"{name}.db")
    path = folder / "mapping.toml"
    done = kalkan("bank", "draft", f"sqlite:///{folder}/{name}.db", "--to", str(path))
    assert done.returncode == 0, done.stderr
    return path


@pytest.mark.parametrize("name", SAMPLES)
def test_unknown_database_is_searched_without_an_edit(name, tmp_path, kalkan):
    path = draft(name, tmp_path, kalkan)
    checked = kalkan("bank", "check", str(path))
    assert checked.returncode == 0, checked.stdout
    _, words, reference = SAMPLES[name]
    tried = kalkan("bank", "try", str(path), *words, "--json")
    assert reference in [json.loads(line)["reference"] for line in tried.stdout.splitlines()]


async def test_value_that_hundreds_share_is_neither_found_nor_lost(tmp_path, kalkan):
    report = await prove(draft("kunden", tmp_path, kalkan), Extent())
    trips = next(part for part in report.parts if part.name == "round trip")
    rows = {row["field"]: row for row in trips.rows}
    crowded = int(rows["identifier"]["too many alike"])
    assert crowded > 0
    assert int(rows["identifier"]["found"]) + crowded == int(rows["identifier"]["looked for"])
    assert [found.level for found in trips.findings] == ["warning"]
    assert f"{crowded} of 50 records share their identifier" in trips.findings[0].text
    assert report.good


async def test_number_that_the_bank_does_not_find_is_an_error_still(tmp_path, kalkan):
    path = draft("kunden", tmp_path, kalkan)
    text = path.read_text(encoding="utf-8").replace('["+## ### ######"]', '["## ### ######"]')
    path.write_text(text, encoding="utf-8")
    report = await prove(path, Extent())
    told = [f.text for part in report.parts for f in part.findings if f.level == "error"]
    assert any("100.0% of the numbers of kunde.telefon are written" in text for text in told)
    assert any("25 of 50 records are not found by their own identifier" in text for text in told)
