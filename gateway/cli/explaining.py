"""Say from files alone why a question is answered or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.access.federation import Federation, read_federation
from gateway.access.likely import PROBES, likely_question
from gateway.access.policy import BASELINE, Decision, Policy, Texts
from gateway.access.request import PolicyRequest
from gateway.cli.exits import CommandError, Exit
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Cell, Screen, paint
from gateway.settings import NodeSettings, home_of, read_settings

if TYPE_CHECKING:
    from gateway.cli.policy import Explain

FEDERATION: Final = "federation.toml"
_UNKNOWN: Final = "its policy is not in this folder"
_OPEN: Final = '@id("open.all")\npermit (principal, action, resource);'


def explain_question(options: Explain) -> Exit:
    """Let each layer decide, and say what comes of it."""
    home = home_of(options.home)
    federation = read_federation(home / FEDERATION)
    request = _request(options, federation)
    _require_bank(home, federation, request)
    owner = read_texts(home, request.owner)
    member = read_texts(home, request.requester_member)
    policy = _policy(request, owner, member)
    layers = dict(policy.explain(request))
    decision = policy.decide(request)
    rows = [_tell_layer(BASELINE, layers.get(BASELINE))]
    rows.append(
        _tell_member(request, member, layers.get(f"{request.requester_member.lower()}.asking"))
    )
    rows.append(_tell_layer(request.owner, layers.get(policy.name) if owner else None))
    if options.as_json:
        print(
            write_json(
                {
                    "permitted": decision.permitted,
                    "rule": decision.rule,
                    "granularity": decision.granularity,
                    "owner_known": owner is not None,
                    "layers": [dict(zip(_HEADINGS, map(str, row), strict=True)) for row in rows],
                }
            )
        )
    else:
        _show(Screen(), rows, decision)
    return Exit.HIT if decision.permitted else Exit.REFUSED


_HEADINGS: Final = ("layer", "says", "rule", "text", "contact")


def _request(options: Explain, federation: Federation) -> PolicyRequest:
    member, bank = options.member.upper(), options.bank
    for code in (member, bank.partition("/")[0]):
        if federation.member(code) is None:
            raise CommandError(f"{code} is not a member of this federation")
    if options.probe not in PROBES:
        raise CommandError(f"--probe: choose one of {', '.join(PROBES)}")
    likely = likely_question(
        member,
        bank=bank,
        purpose=options.purpose.value,
        probe=options.probe,
        roles=frozenset(options.role),
        unit=options.unit,
    )
    return replace(
        likely,
        granularity=options.granularity.value,
        fields=frozenset(options.fields) or likely.fields,
        has_case=options.case,
        has_offence=options.offence,
        has_justification=options.offence,
        person_category=options.category.value if options.category else likely.person_category,
        aim=options.aim.value if options.aim else likely.aim,
    )


def _require_bank(home: Path, federation: Federation, request: PolicyRequest) -> None:
    """Check that there is such a bank; hidden ones are known where their node's folder is.

    Raises:
        CommandError: There is none: a slip would be explained as if it could be asked.
    """
    member = federation.member(request.owner)
    listed = member.banks if member is not None else ()
    path = home / "nodes" / request.owner / "node.toml"
    hides = path.is_file() and bool(read_settings(NodeSettings, path).hidden)
    if request.bank not in listed and not hides:
        known = ", ".join(listed) or "none"
        raise CommandError(f"{request.bank} is no bank of {request.owner}: {known}")


def read_texts(home: Path, member: str) -> Texts | None:
    """Read what a member has written, from its node's folder; None where that is not here.

    Raises:
        SettingsError: Its settings are wrong.
        OSError: A file that they name cannot be read.
    """
    path = home / "nodes" / member / "node.toml"
    return read_files(read_settings(NodeSettings, path)) if path.is_file() else None


def read_files(settings: NodeSettings) -> Texts:
    """Read the policies that a node's settings name.

    Raises:
        OSError: One cannot be read.
    """

    def read(path: Path | None) -> str | None:
        return None if path is None else settings.at(path).read_text(encoding="utf-8")

    return Texts(read(settings.policy) or "", read(settings.release), read(settings.asking))


def _policy(request: PolicyRequest, owner: Texts | None, member: Texts | None) -> Policy:
    """Put the layers together; an owner that is not known is taken to permit."""
    from gateway.access.policy import read_asking
    from gateway.access.rules import read_rules

    asking = None
    if member and member.asking is not None:
        asking = read_asking(member.asking, request.requester_member.lower())
    if owner is None:
        return Policy.of_files(read_rules(_OPEN, "open"), asking)
    return Policy.of_files(read_rules(owner.search, request.owner.lower()), asking)


def _tell_member(
    request: PolicyRequest, member: Texts | None, decision: Decision | None
) -> tuple[Cell, ...]:
    name = f"{request.requester_member}, asking"
    if member is not None and member.asking is None:
        return name, paint("yes"), "", "it lets its officers ask everybody", ""
    return _tell_layer(name, decision)


def _tell_layer(name: str, decision: Decision | None) -> tuple[Cell, ...]:
    if decision is None:
        return name, "unknown", "", _UNKNOWN, ""
    word = decision.granularity if decision.permitted else "refused"
    says: Cell = word if decision.permitted else paint("refused")
    return name, says, show(decision.rule), show(decision.text), show(decision.contact)


def _show(screen: Screen, rows: list[tuple[Cell, ...]], decision: Decision) -> None:
    screen.table(_HEADINGS, rows)
    screen.say()
    if decision.permitted:
        screen.say(f"Permitted. An answer holds at most: {decision.granularity}.", "bold")
        return
    screen.say(show(f"Refused by {decision.rule}: {decision.text}"), "bold")
    if decision.contact:
        screen.say(show(f"Ask: {decision.contact}"))
