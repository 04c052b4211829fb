"""Notices of the members of `tests.kit.signed`, for tests of those who sign and read them."""

from datetime import timedelta

from gateway.access.federation import Federation
from gateway.access.revocation import Revocations
from gateway.access.signatures import Domain
from gateway.clock import Clock
from gateway.notices import write_notice
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.signed import ID, key_of


def with_notices(federation: Federation) -> Federation:
    """The same federation, whose nodes state what their members have revoked."""
    members = tuple(m.model_copy(update={"notices": "required"}) for m in federation.members)
    return Federation.model_validate({**dict(federation), "members": members})


def sign_notice(
    clock: Clock, member: str = "KAZ", signer: str = "", **changes
) -> tuple[bytes, str]:
    """A notice of a member at this time, signed by its node or by another.

    Changes: `age` in seconds, `sequence`, `federation_id`, `named` for another member's code, and
    the fields of Revocations.
    """
    time = clock.now() - timedelta(seconds=changes.pop("age", 0))
    sequence = changes.pop("sequence", int(time.timestamp() * 1_000_000))
    federation_id, named = changes.pop("federation_id", ID), changes.pop("named", member)
    data = write_notice(federation_id, named, Revocations(**changes), time=time, sequence=sequence)
    return data, key_of(signer or member).sign(Domain.NOTICE, data)


def describe_with(member: str, notice: tuple[bytes, str]) -> wire.DescribeResponse:
    """What a node says of itself that has nothing but a notice to say."""
    return wire.DescribeResponse(member=member, notice=notice[0], notice_signature=notice[1])
