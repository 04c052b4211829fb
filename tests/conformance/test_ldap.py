"""Banks of kind ldap keep every clause, against a real directory."""

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar

import pytest

from adapters.banks.registry import open_bank
from adapters.conformance.suite import AdapterConformance, Known
from adapters.contract import (
    DocumentProbe,
    Field,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    PartialDate,
    PersonName,
    PersonProbe,
    RecordKind,
)
from tests.conformance.proxy import run_proxy, shut_all
from tests.conformance.register import PATIENCE_S
from tests.kit.directory import PEOPLE, make_directory, start_directory, write_bank

PHONE = IdentifierProbe(Identifier(IdentifierKind.PHONE, "923007654321"))
NUMBER = IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, "3520212345671"))


@pytest.fixture(scope="module")
def directory():
    with start_directory(make_directory(f"{PEOPLE.rstrip()}\nmobile: +923007654321\n\n")) as server:
        yield server


@pytest.mark.servers
class TestDirectory(AdapterConformance):
    """A directory, behind a door that can be shut or held."""

    made_for = 1
    patience_s = PATIENCE_S
    gaps: ClassVar[dict[str, str]] = {
        "C24": "the door holds the questions, the directory does not tell what it works on",
        "C31": "no column of this mapping tells that the directory has changed",
    }

    @pytest.fixture(autouse=True)
    def bank(self, tmp_path, directory):
        self.folder, self.directory, self.proxies = tmp_path, directory, []

    @asynccontextmanager
    async def open_adapter(self):
        async with run_proxy(self.directory.port) as proxy:
            url = replace(self.directory, port=proxy.port).url("")
            self.proxies.append(proxy)
            adapter = await open_bank(write_bank(self.folder, url), self.folder)
            try:
                yield adapter
            finally:
                await adapter.close()
                self.proxies.remove(proxy)

    def known(self):
        return (
            Known(
                "1",
                probes=(
                    *(NUMBER, PHONE, DocumentProbe("KAB1234567")),
                    PersonProbe((PersonName(full="عائشہ خان"),)),
                ),
                fields=(
                    Field(FieldName.NAME, PersonName(full="عائشہ خان")),
                    Field(FieldName.BIRTH_DATE, PartialDate(1982, 5, 3)),
                ),
                kind=RecordKind.WANTED,
            ),
            Known("2", probes=(DocumentProbe("KZ7654321"), PHONE)),
        )

    def crowd(self):
        return PHONE

    def slow(self):
        return self.proxies[0].hold()

    def outage(self):
        return shut_all(self.proxies)
