"""`bank check` finds nothing wrong with any mapping of the demonstration, against its live bank."""

from contextlib import asynccontextmanager

import pytest

from adapters.proving.prove import prove
from adapters.proving.subject import Extent
from seeds.banks.registry import BANKS
from seeds.make import build, find_folder
from seeds.service import serve


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proofs")
    build(folder, seed=1, rows=200, documents=2000)
    return folder


@asynccontextmanager
async def service_of(folder):
    """Run the bank's own service where it has one, and point its mapping there."""
    lines = folder / "afrad.jsonl"
    if not lines.is_file():
        yield
        return
    service = await serve(lines, 0)
    path = folder / "mapping.toml"
    text = path.read_text("utf-8").replace(":8801", f":{service.addresses[0][1]}")
    patient = text.replace("timeout_s = 2.0", "timeout_s = 30.0")  # it is in this process
    path.write_text(patient, encoding="utf-8")
    try:
        yield
    finally:
        await service.cleanup()


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.name)
async def test_mapping_of_a_demonstration_bank_has_no_fault(home, bank):
    folder = find_folder(home, bank)
    async with service_of(folder):
        report = await prove(folder / "mapping.toml", Extent())
    assert [found.text for part in report.parts for found in part.findings] == []
    trips = next(part for part in report.parts if part.name == "round trip")
    assert trips.rows
    assert all(row["found"] == row["looked for"] for row in trips.rows if row["field"] != "name")
