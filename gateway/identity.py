"""Facts of a question and its requester, as policies and ledgers of hub and node name them."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from gateway.access.likely import likely_question
from gateway.access.policy import ROLES, PolicyRequest
from gateway.access.tokens import Requester
from gateway.question import Question, granularity_name
from gateway.recorder import PERSONAL
from kalkan.v1 import model_pb2 as model


def policy_request(
    question: Question, requester: Requester, owner: str, bank: str
) -> PolicyRequest:
    """Put a question to one bank in the words of policies."""
    justification = question.query.justification
    return PolicyRequest(
        requester_member=requester.member,
        roles=requester.roles,
        unit=requester.unit,
        purpose=question.purpose,
        owner=owner,
        bank=bank,
        probe=question.kind,
        granularity=granularity_name(question.granularity),
        fields=question.fields,
        has_case=bool(question.query.case_reference),
        has_offence=bool(justification.offence),
        has_justification=bool(justification.offence or justification.text),
        person_category=_category_of(justification),
        aim=_aim_of(justification),
    )


def _category_of(why: model.Justification) -> str:
    return model.PersonCategory.Name(why.person_category).removeprefix("PERSON_CATEGORY_").lower()


def _aim_of(why: model.Justification) -> str:
    return model.Aim.Name(why.aim).removeprefix("AIM_").lower()


def _parts_of(question: Question) -> tuple[str, ...]:
    """The parts of a justification that are given."""
    why = question.query.justification
    given = {"case": question.query.case_reference, "offence": why.offence, "text": why.text}
    return tuple(name for name, value in given.items() if value)


def likely_request(requester: Requester, bank: str, purpose: str, probe: str) -> PolicyRequest:
    """A well-made search for a record, put in the words of policies before it is asked."""
    return likely_question(
        requester.member,
        bank=bank,
        purpose=purpose,
        probe=probe,
        roles=requester.roles,
        unit=requester.unit,
    )


def question_facts(question: Question) -> dict[str, Any]:
    """What a ledger entry says of a question: never a value of its probes."""
    why = question.query.justification
    return {
        "search_id": question.search_id,
        "query_sha256": question.digest.hex(),
        "nonce": question.query.nonce.hex(),
        "purpose": question.purpose,
        "person_category": _category_of(why),
        "aim": _aim_of(why),
        "has": _parts_of(question),
        "probe": question.kind,
        "probe_fields": tuple(sorted(question.fields)),
        "targets": question.targets,
        "batch": len(question.query.probes),
        "granularity": granularity_name(question.granularity),
    }


def personal_facts(question: Question, *authorities: str) -> dict[str, Any]:
    """What is personal in a question, for the ledger to seal to authorities: all of it, as it came.

    It holds the case, the justification and what was looked for; no entry has them in clear.
    """
    part = {"query": b64encode(question.data).decode("ascii")}
    return {PERSONAL: dict.fromkeys(authorities, part)}


def requester_facts(requester: Requester) -> dict[str, Any]:
    """What a ledger entry says of a requester: a pseudonym, a member, a token's number."""
    return {
        "who": requester.officer,
        "requester_member": requester.member,
        "roles": tuple(sorted(requester.roles & ROLES)),
        "unit": requester.unit,
        "token_id": requester.token_id,
    }
