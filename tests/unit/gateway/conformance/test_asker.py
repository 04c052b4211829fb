"""Askers put one fault into a right question, and read how it was refused."""

import dataclasses

import grpc
import pytest
from google.rpc.error_details_pb2 import ErrorInfo

from gateway.conformance.asker import Asker, Refused, require_reason
from gateway.conformance.clause import BrokenError
from gateway.errors import UnreachableError
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire
from seeds.ports import reserve_port

UNKNOWN = ErrorInfo(reason="BANK_UNKNOWN", domain="kalkan")


def refused(code=grpc.StatusCode.NOT_FOUND, info=UNKNOWN):
    return Refused(code, info, "")


def test_right_reason_is_accepted():
    require_reason(refused(), "BANK_UNKNOWN", "it")


@pytest.mark.parametrize(
    "wrong",
    [
        refused(grpc.StatusCode.UNAVAILABLE),
        refused(info=ErrorInfo()),
        refused(info=ErrorInfo(reason="INTERNAL", domain="kalkan")),
        refused(info=ErrorInfo(reason="BANK_UNKNOWN", domain="other")),
    ],
)
def test_wrong_reason_breaks(wrong):
    with pytest.raises(BrokenError, match="it: "):
        require_reason(wrong, "BANK_UNKNOWN", "it")


def test_refusal_is_told_without_the_words_of_the_node():
    told = str(refused(info=ErrorInfo(reason="\x1b[2J", domain="kalkan")))
    assert told == "NOT_FOUND with no ErrorReason"


async def test_node_that_is_not_there_is_unreachable(subject):
    away = dataclasses.replace(subject, address=f"127.0.0.1:{reserve_port()}")
    with pytest.raises(UnreachableError, match="UNAVAILABLE"):
        async with Asker(away):
            pass


async def test_client_of_another_member_brings_its_members_notice(subject, world):
    await world.start_node("KAZ")
    await world.start_node("TUR")
    turkish = dataclasses.replace(
        subject, member=world.federation.member("TUR"), address=world.federation.member("TUR").node
    )
    async with Asker(turkish) as asker:
        answer = await asker.ask(asker.compose())
        assert answer.state == model.BANK_STATE_NO_HIT
        await world.stop_node("KAZ")
    with pytest.raises(UnreachableError, match="node of KAZ gives no notice"):
        async with Asker(turkish):
            pass


async def test_question_is_new_each_time(subject):
    asker = Asker(subject)
    assert asker.compose().nonce != asker.compose().nonce
    assert asker.bank == "KAZ/persons"


async def test_forms_are_those_in_which_the_bank_searches(subject, world):
    await world.start_node("KAZ")
    async with Asker(subject) as asker:
        forms = await asker.find_forms(wire.PROBE_KIND_IDENTIFIER)
        assert [form("1").identifier.kind for form in forms] == [model.IDENTIFIER_KIND_PHONE]
        assert await asker.find_forms(wire.PROBE_KIND_VEHICLE) == []
        assert (await asker.find_absent())("N1").document.number == "N1"


async def test_bank_that_searches_for_nothing_is_broken(subject):
    with pytest.raises(BrokenError, match="nothing that it describes"):
        await Asker(subject).find_absent()
