"""Clauses N01 to N06: who may connect, and what the node says of itself."""

from __future__ import annotations

import re
from typing import Final

import grpc

from gateway.access.authority import Authority
from gateway.conformance.asker import Asker, Refused, require_reason
from gateway.conformance.clause import clause, require
from gateway.conformance.subject import Credentials
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

_BANK: Final = re.compile(r"[A-Z]{3}/[a-z0-9][a-z0-9-]{0,63}")
_SCRIPT: Final = re.compile(r"[A-Z][a-z]{3}")
_LONGEST: Final = 64
_LONGEST_TITLE: Final = 100


async def _knock(
    asker: Asker, credentials: Credentials | None, what: str, method: str = "Search"
) -> Refused:
    """Call over a connection of its own, with a right question; return how it was refused."""
    channel = asker.dial(credentials)
    request = asker.sign(asker.compose()) if method == "Search" else b""
    try:
        return await asker.send_wrong(request, what, channel=channel, method=method)
    finally:
        await channel.close()


def _require_unmet(refused: Refused, what: str) -> None:
    require(not refused.info.reason, f"{what} reached the service: TLS must refuse it")


@clause("N01", safety=True)
async def certificate_is_needed(asker: Asker) -> None:
    """Refuses a connection without a client certificate."""
    what = "a caller without a certificate"
    _require_unmet(await _knock(asker, None, what), what)


@clause("N02", safety=True)
async def foreign_certificate_is_refused(asker: Asker) -> None:
    """Refuses a certificate that another authority signed."""
    other = Authority.create(asker.subject.federation.id, asker.subject.clock).issue_hub()
    what = "a hub of another authority"
    _require_unmet(await _knock(asker, Credentials(other.certificate, other.key), what), what)


@clause("N03", safety=True)
async def hub_alone_is_served(asker: Asker) -> None:
    """Refuses a certificate of the federation that is not the hub's."""
    for method in ("Search", "Describe"):
        what = f"{method} with a client's certificate"
        refused = await _knock(asker, asker.subject.caller.desk, what, method)
        require_reason(refused, "PEER_FORBIDDEN", what)


@clause("N04")
async def description_is_well_formed(asker: Asker) -> None:
    """Describes its banks in the words and limits of the contract."""
    told, code = asker.description, asker.subject.member.code
    require(told.member == code, f"the description is not of {code}")
    require(told.banks, "no bank is described")
    require(max(len(told.policy_epoch), len(told.software)) <= _LONGEST, "a text is too long")
    names = [bank.bank for bank in told.banks]
    require(len(set(names)) == len(names), "a bank is described twice")
    require(asker.bank in names, "the bank under test is not described")
    for bank in told.banks:
        _require_bank(bank, code)


def _require_bank(bank: wire.BankDescription, code: str) -> None:
    """Check the description of one bank."""
    named = bool(_BANK.fullmatch(bank.bank)) and bank.bank.startswith(f"{code}/")
    require(named, f"a bank is not named as {code}/bank")
    require(bank.probes, "a bank searches for nothing")
    _require_words(list(bank.probes), list(wire.ProbeKind.values()), "kind of probe")
    _require_words(list(bank.kinds), list(model.RecordKind.values()), "kind of record")
    _require_words(list(bank.fields), list(model.FieldName.values()), "field")
    require(len(bank.title) <= _LONGEST_TITLE, "a title is too long")
    require(len(bank.engine) <= _LONGEST, "the name of an engine is too long")
    require(all(_SCRIPT.fullmatch(s) for s in bank.scripts), "a script is not of ISO 15924")


def _require_words(values: list[int], known: list[int], what: str) -> None:
    require(set(values) <= set(known) - {0}, f"a {what} is not in the contract")
    require(len(set(values)) == len(values), f"a {what} is named twice")


@clause("N05")
async def description_is_stable(asker: Asker) -> None:
    """Describes the same banks when it is asked again."""
    again = await asker.describe()
    names = {bank.bank for bank in again.banks}
    require(names == {bank.bank for bank in asker.description.banks}, "the banks differ")


@clause("N06")
async def unknown_method_is_refused(asker: Asker) -> None:
    """Refuses a method that is not in the contract."""
    refused = await asker.send_wrong(b"", "a method that does not exist", method="Erase")
    require(refused.code is grpc.StatusCode.UNIMPLEMENTED, f"it ended as {refused}")
