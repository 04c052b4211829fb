"""Decide whether a search of one bank is permitted, and what of its records may leave.

Three must permit a search: the federation's baseline, the requester's own member, and the owner. A
forbid of any refuses, and is named. Whether a record leaves is the owner's alone to say, and nobody
is told where it does not. Whatever goes wrong in an evaluation is a refusal.

A decision depends on nothing but the request and the texts that the epoch stands for, so it is
remembered and can be replayed.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import metadata
from typing import TYPE_CHECKING, Final, TypeAlias

from gateway.access.errors import PolicyFileError
from gateway.access.evaluate import ROLES, EvaluationError, evaluate, read_entities
from gateway.access.request import PolicyRequest, RecordFacts
from gateway.access.rules import (
    ASK,
    GRANULARITIES,
    RELEASE,
    Rule,
    RuleFile,
    read_rules,
    read_text,
)
from gateway.access.shown import OPEN, RELEASED, Shown, strictest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cedarpy import Entities

__all__ = ["ROLES", "Decision", "Policy", "PolicyRequest", "RecordFacts", "Texts", "read_asking"]

BASELINE: Final = "baseline"
DEFAULT_TEXT: Final = "no policy permits this"
ERROR_TEXT: Final = "the policy could not be evaluated"
MAX_PUBLISHED: Final = 131_072
"""Characters of a policy that a node publishes; a longer one for searches is not published."""
REMEMBERED: Final = 16_384
"""How many decisions of one epoch are remembered."""

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policies say.

    Attributes:
        permitted: Whether the search may be made.
        rule: The rule that decided: of a refusal the one that refuses.
        text: Why it is refused, safe to disclose; "" where it is permitted.
        contact: Whom to ask about a refusal; "" where the rule does not say.
        granularity: The most that a reply may hold, "exists" to "record"; "" where refused.
    """

    permitted: bool
    rule: str
    text: str
    contact: str
    granularity: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The policies that one member has written.

    Attributes:
        search: Who may ask what of its banks.
        release: Which records leave, and how; None releases every record as it is.
        asking: What its own officers may tell whom; None lets them ask everybody.
    """

    search: str
    release: str | None = None
    asking: str | None = None


_Layer: TypeAlias = tuple[str, tuple[Rule, ...]]
_Key: TypeAlias = tuple[str, PolicyRequest, frozenset[str]]
_EVALUATED: Final[dict[_Key, tuple[Rule, ...]]] = {}
"""What the baseline says."""


class Policy:
    """An owner's policy on top of the baseline.

    Attributes:
        name: What the owner's rules begin with.
        epoch: 16 hexadecimal digits that change with any text and with the engine.
        sha256: The whole digest of them.
        texts: What the owner has written.
    """

    def __init__(
        self,
        owner: RuleFile,
        baseline: RuleFile | None,
        *,
        asking: RuleFile | None = None,
        releasing: RuleFile | None = None,
    ) -> None:
        """Put checked files together; see `load` and `build`."""
        self.name = owner.name
        self._owner = owner
        self._baseline = baseline
        self._asking = asking
        self._releasing = releasing
        files = (baseline, owner, asking, releasing)
        texts = ("" if file is None else file.text for file in files)
        self.sha256 = _digest(read_text("schema.cedarschema"), *texts)
        self.epoch = self.sha256[:16]
        self.texts = Texts(
            owner.text, releasing.text if releasing else None, asking.text if asking else None
        )
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._decide)
        self._evaluated: dict[_Key, tuple[Rule, ...]] = {}
        self._shown = lru_cache(maxsize=REMEMBERED)(self._release)

    @classmethod
    def load(cls, owner_text: str, name: str, *, baseline: bool = True) -> Policy:
        """Check an owner's policy and make it ready.

        Args:
            owner_text: The owner's Cedar text.
            name: What its rules begin with, lower case, as "kaz".
            baseline: Whether the federation's baseline holds too; only tests do without.

        Raises:
            PolicyFileError: The text does not hold; names the file and the line.
        """
        return cls(read_rules(owner_text, name), read_baseline() if baseline else None)

    @classmethod
    def build(cls, texts: Texts, name: str) -> Policy:
        """Check all that a member has written and make it ready.

        Raises:
            PolicyFileError: A text does not hold, or is empty where it may not be: an empty file
                would permit everything. The error names the file and the line.
        """
        asking = releasing = None
        if texts.asking is not None:
            asking = read_asking(texts.asking, name)
        if texts.release is not None:
            _require_filled(texts.release, f"{name}.release")
            releasing = read_rules(texts.release, f"{name}.release", RELEASE)
        owner = read_rules(texts.search, name)
        return cls(owner, read_baseline(), asking=asking, releasing=releasing)

    @classmethod
    def of_files(cls, owner: RuleFile, asking: RuleFile | None = None) -> Policy:
        """Put all three layers of a search together from files that were checked."""
        return cls(owner, read_baseline(), asking=asking)

    @classmethod
    def for_hub(cls, asking: RuleFile | None = None) -> Policy:
        """Make the hub's policy for the officers of one member.

        The baseline and what that member lets its officers ask; what owners can do without is left
        to them.
        """
        return cls(read_rules(read_text("hub.cedar"), "hub"), read_baseline(), asking=asking)

    def decide(self, request: PolicyRequest) -> Decision:
        """Decide on a search; any failure refuses."""
        try:
            return self._remembered(request)
        except EvaluationError as exc:
            name = str(exc)
        except Exception:  # noqa: BLE001 - whatever fails here must refuse, never permit
            name = self.name
        _LOG.error("policy %s of epoch %s could not be evaluated", name, self.epoch)
        return _refusal(f"{name}.error", ERROR_TEXT)

    def explain(self, request: PolicyRequest) -> tuple[tuple[str, Decision], ...]:
        """Return what each layer says for itself, by name: baseline, asking, owner."""
        try:
            found = self._ask_layers(request)
        except Exception:  # noqa: BLE001 - as in `decide`
            return ((self.name, self.decide(request)),)
        return tuple((name, _combine([(name, rules)], request)) for name, rules in found)

    def release(self, request: PolicyRequest, record: RecordFacts) -> Shown:
        """Decide what becomes of a record that was found; any failure withholds it."""
        if self._releasing is None:
            return OPEN
        try:
            return self._shown(request, record)
        except Exception:  # noqa: BLE001 - whatever fails here must withhold, never release
            _LOG.error("a release by %s of epoch %s failed", self._releasing.name, self.epoch)
        return Shown(rule=f"{self._releasing.name}.error", withheld=True)

    @property
    def releases_all(self) -> bool:
        """Whether the owner has written nothing about records."""
        return self._releasing is None

    def reduces(self, field: str) -> bool:
        """Whether some rule for records masks or withholds a field of a record."""
        permits = self._releasing.rules.values() if self._releasing else ()
        shown = (strictest(rule.id, [rule.fields], whole=True) for rule in permits)
        return any(each.treat(field) != RELEASED for each in shown)

    def _decide(self, request: PolicyRequest) -> Decision:
        return _combine(self._ask_layers(request), request)

    def _ask_layers(self, request: PolicyRequest) -> list[_Layer]:
        """Return the deciding rules of each layer, in the order in which they are named.

        Raises:
            EvaluationError, ValueError: The request cannot be evaluated.
        """
        entities = cache(lambda: read_entities(request))
        owner = self._ask_file(self._owner, request, entities)
        waived = frozenset[str]().union(*(rule.allows for rule in owner))
        found: list[_Layer] = []
        if self._baseline:
            found.append((BASELINE, self._ask_file(self._baseline, request, entities, waived)))
        asking = self._asking
        if asking and asking.name == asking_name(request.requester_member):
            found.append((asking.name, self._ask_file(asking, request, entities)))
        return [*found, (self.name, owner)]

    def _ask_file(
        self,
        file: RuleFile,
        request: PolicyRequest,
        entities: Callable[[], Entities],
        waived: frozenset[str] = frozenset(),
    ) -> tuple[Rule, ...]:
        """Evaluate one file, once for all requests that it cannot tell apart.

        The baseline is the same for all owners, so it is evaluated once for all of them.
        """
        evaluated = _EVALUATED if file is read_baseline() else self._evaluated
        key = file.name, _strip(file, request), waived
        found = evaluated.get(key)
        if found is None:
            found = tuple(evaluate(file, request, entities(), waived))
            if len(evaluated) >= REMEMBERED:
                evaluated.clear()
            evaluated[key] = found
        return found

    def _release(self, request: PolicyRequest, record: RecordFacts) -> Shown:
        assert self._releasing is not None  # noqa: S101 - `release` has looked
        rules = evaluate(self._releasing, request, read_entities(request, record))
        if not rules:
            return Shown(rule=f"{self._releasing.name}.default", withheld=True)
        if not rules[0].permits:
            return Shown(rule=rules[0].id, withheld=True)
        whole = all(rule.granularity != "reference" for rule in rules)
        return strictest(rules[0].id, (rule.fields for rule in rules), whole=whole)


def _strip(file: RuleFile, request: PolicyRequest) -> PolicyRequest:
    """Leave out of a request what a file does not look at."""
    if not file.looks_at_resource:
        request = replace(request, owner="", bank="")
    return request if file.looks_at_fields else replace(request, fields=frozenset())


@cache
def read_baseline() -> RuleFile:
    """Return the federation's baseline."""
    return read_rules(read_text("baseline.cedar"), BASELINE)


def asking_name(member: str) -> str:
    """What the rules of a member's asking policy begin with, as "kaz.asking"."""
    return f"{member.lower()}.asking"


def read_asking(text: str, member: str) -> RuleFile:
    """Check what a member lets its own officers ask.

    Raises:
        PolicyFileError: It does not hold, is empty, or is too long to be published.
    """
    _require_filled(text, asking_name(member))
    if len(text) > MAX_PUBLISHED:
        raise PolicyFileError(asking_name(member), f"is larger than {MAX_PUBLISHED} characters")
    return read_rules(text, asking_name(member), ASK)


def _require_filled(text: str, name: str) -> None:
    if not text.strip():
        raise PolicyFileError(name, "is empty: write a rule, or take the setting away")


def _combine(found: Sequence[_Layer], request: PolicyRequest) -> Decision:
    """Every layer must permit; the first that does not is named."""
    for name, rules in found:
        if not rules:
            return _refusal(f"{name}.default", DEFAULT_TEXT)
        if not rules[0].permits:
            return _refusal(rules[0].id, rules[0].text, rules[0].contact)
    granularity = _lowest([request.granularity, *(_highest(rules) for _, rules in found)])
    owner = found[-1][1]
    return Decision(permitted=True, rule=owner[0].id, text="", contact="", granularity=granularity)


def _refusal(rule: str, text: str, contact: str = "") -> Decision:
    return Decision(permitted=False, rule=rule, text=text, contact=contact, granularity="")


def _highest(permits: Sequence[Rule]) -> str:
    """Return the most generous granularity of permits; one that lowers nothing gives all."""
    return max((rule.granularity or GRANULARITIES[-1] for rule in permits), key=GRANULARITIES.index)


def _lowest(granularities: list[str]) -> str:
    return min(granularities, key=GRANULARITIES.index)


def _digest(*texts: str) -> str:
    """Hash texts, each with its length so that none runs into the next, and the engine."""
    digest = hashlib.sha256()
    for text in (*texts, f"cedarpy {metadata.version('cedarpy')}"):
        data = text.encode("utf-8")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
