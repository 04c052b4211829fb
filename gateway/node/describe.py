"""What a node tells of its banks to the hub."""

from __future__ import annotations

from gateway import __version__
from gateway.access.policy import MAX_PUBLISHED
from gateway.access.rules import leave_out_banks
from gateway.node.bank import Bank
from gateway.node.convert import FIELDS, KINDS, PROBE_KINDS, timestamp
from gateway.node.parts import Parts
from kalkan.v1 import node_service_pb2 as wire


def describe_node(parts: Parts) -> wire.DescribeResponse:
    """Describe a node and its banks."""
    texts = parts.policy.texts
    hidden = [each.bank.name for behind in parts.controls.hidden.values() for each in behind]
    search = leave_out_banks(texts.search, parts.member, parts.banks, hidden)
    response = wire.DescribeResponse(
        member=parts.member,
        policy_epoch=parts.policy.epoch,
        software=f"kalkan {__version__}",
        policy=search if len(search) <= MAX_PUBLISHED else "",
        asking_policy=texts.asking or "",
        search_stream=True,
    )
    member = parts.federation.member(parts.member)
    if member is not None and member.notices == "required":
        response.notice, response.notice_signature = parts.revoking.notice()
    response.banks.extend(_describe(bank) for bank in parts.banks.values())
    response.ledger_alarms.extend(alarm.to_node() for alarm in parts.ledger_alarms())
    return response


def _describe(bank: Bank) -> wire.BankDescription:
    capability = bank.capability
    description = wire.BankDescription(
        bank=bank.name,
        title=bank.titles.title,
        probes=sorted(PROBE_KINDS[p] for p in capability.probes),
        kinds=sorted(KINDS[k] for k in capability.kinds),
        fields=sorted(FIELDS[f] for f in capability.fields),
        engine=capability.engine,
        scripts=capability.scripts,
        available=bank.available,
    )
    description.contact.office = bank.titles.office
    description.contact.phone = bank.titles.phone
    description.contact.email = bank.titles.email
    as_of = timestamp(bank.as_of)
    if as_of is not None:
        description.as_of_time.CopyFrom(as_of)
    return description
