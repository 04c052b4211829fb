"""Examples that an owner writes beside its policies, and how they come out.

An example is a question and what should become of it; it may hold records and what should become of
those. What an example leaves out is as in a well-made question. The file is TOML:

    [[case]]
    name = "a neighbour at the border sees no telephone"
    member = "UZB"
    roles = ["border"]
    purpose = "border_control"
    bank = "KAZ/persons"
    probe = "document"
    expect = "record"             # or "refused", "exists", "count", "reference"
    rule = "kaz.border"           # where the rule matters
    [[case.record]]
    kind = "wanted"
    expect = "released"           # or "withheld", "reference"
    fields = { identifier = "masked" }
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.access.errors import PolicyFileError
from gateway.access.likely import likely_question
from gateway.access.policy import Policy
from gateway.access.request import PolicyRequest, RecordFacts
from gateway.access.shown import Shown
from gateway.access.toml import line_of

Words = Sequence[str]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Found(_Model):
    """A record that a question finds, and what should become of it."""

    kind: str = "wanted"
    tlp: str = "amber"
    europol: Words = ()
    confirm_first: bool = False
    has_warning: bool = False
    age_years: int | None = None
    expect: Literal["released", "reference", "withheld"]
    rule: str = ""
    fields: dict[str, Literal["released", "masked", "withheld"]] = Field(default_factory=dict)

    @property
    def facts(self) -> RecordFacts:
        """What a policy knows of it."""
        told = self.model_dump(exclude={"expect", "rule", "fields", "europol"})
        return RecordFacts(**told, europol=frozenset(self.europol))


class Case(_Model):
    """A question, and what should become of it."""

    name: Annotated[str, Field(min_length=1)]
    member: str
    roles: Words
    unit: str = ""
    purpose: str
    bank: str
    probe: str
    fields: Words | None = None
    granularity: str = "record"
    category: str | None = None
    aim: str | None = None
    case: bool = True
    offence: bool = True
    expect: Literal["refused", "exists", "count", "reference", "record"]
    rule: str = ""
    record: Sequence[Found] = ()

    @property
    def request(self) -> PolicyRequest:
        """The question in words of policies."""
        likely = likely_question(
            self.member,
            bank=self.bank,
            purpose=self.purpose,
            probe=self.probe,
            roles=frozenset(self.roles),
            unit=self.unit,
        )
        return replace(
            likely,
            granularity=self.granularity,
            fields=likely.fields if self.fields is None else frozenset(self.fields),
            has_case=self.case,
            has_offence=self.offence,
            has_justification=self.offence,
            person_category=self.category or likely.person_category,
            aim=self.aim or likely.aim,
        )


class _File(_Model):
    case: Sequence[Case] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where an example came out otherwise than it should.

    Attributes:
        case: The name of the example.
        what: What was looked at, as "rule" or "record 2: identifier".
        expected: As the example says.
        found: As the policy decides.
    """

    case: str
    what: str
    expected: str
    found: str


def read_cases(text: str, name: str) -> tuple[Case, ...]:
    """Read a file of examples.

    Raises:
        PolicyFileError: It is not TOML, or a key is missing, unknown or wrong; names the line.
    """
    try:
        return tuple(_File.model_validate(tomllib.loads(text)).case)
    except tomllib.TOMLDecodeError as exc:
        raise PolicyFileError(name, f"is not TOML: {exc}") from None
    except ValidationError as exc:
        fault = exc.errors(include_url=False, include_input=False)[0]
        place = fault["loc"]
        key = ".".join(str(part) for part in place)
        raise PolicyFileError(name, fault["msg"], line=line_of(text, place), key=key) from None


def try_cases(policy: Policy, cases: Sequence[Case]) -> list[Difference]:
    """Decide every example and return what came out otherwise."""
    return [difference for case in cases for difference in _try(policy, case)]


def _try(policy: Policy, case: Case) -> list[Difference]:
    request = case.request
    decision = policy.decide(request)
    told = decision.granularity if decision.permitted else "refused"
    differences = _compare(case, "answer", case.expect, f"{told} ({decision.rule})", told)
    if case.rule:
        differences += _compare(case, "rule", case.rule, decision.rule)
    for number, record in enumerate(case.record, 1):
        shown = policy.release(request, record.facts)
        differences += _try_record(case, record, shown, f"record {number}")
    return differences


def _try_record(case: Case, record: Found, shown: Shown, what: str) -> list[Difference]:
    told = tell_shown(shown)
    differences = _compare(case, what, record.expect, f"{told} ({shown.rule})", told)
    if record.rule:
        differences += _compare(case, f"{what}: rule", record.rule, shown.rule)
    for name, treatment in record.fields.items():
        differences += _compare(case, f"{what}: {name}", treatment, shown.treat(name))
    return differences


def tell_shown(shown: Shown) -> str:
    """What becomes of a record in a word: released, reference or withheld."""
    if shown.withheld:
        return "withheld"
    return "released" if shown.whole else "reference"


def _compare(
    case: Case, what: str, expected: str, found: str, told: str | None = None
) -> list[Difference]:
    if expected == (found if told is None else told):
        return []
    return [Difference(case.name, what, expected, found)]
