"""Ask one question from the command line: say who will be asked, ask, show, and end with a code."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from gateway.cli.clients import open_client
from gateway.cli.exits import CommandError, Exit
from gateway.cli.found import tell_count
from gateway.cli.lacking import find_lacking, list_filled
from gateway.cli.receipting import save_receipt
from gateway.cli.results import show_coverage, show_groups, show_trace
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Screen
from gateway.cli.watching import stream, watch
from gateway.client import Ask, Client
from kalkan.v1 import directory_service_pb2 as directory
from kalkan.v1 import model_pb2 as model

if TYPE_CHECKING:
    from gateway.cli.options import Asking


OFFENCES: Final = {"terrorism": "terrorism", "organised_crime": "organised crime"}
"""The offence where the purpose is one."""
CATEGORIES: Final = {"border_control": "traveller", "missing_person": "missing"}
"""Who the person is to the case where the purpose says it."""
AIMS: Final = {
    "terrorism": "learn_more",
    "organised_crime": "learn_more",
    "serious_crime": "learn_more",
    "border_control": "identify",
    "missing_person": "locate",
    "identification": "identify",
    "stolen_property": "locate",
    "arrest_warrant": "locate",
}
"""What each purpose wants to learn."""
_CHOICE: Final = "suspect, convicted, victim, witness, missing, remains or traveller"


def ask(options: Asking, probe: model.Probe) -> Exit:
    """Ask what the options say, and show what comes."""
    question = compose(options, probe)
    return asyncio.run(_ask(options, question))


def compose(options: Asking, probe: model.Probe) -> Ask:
    """Put options and probe into a question.

    What a purpose says by itself need not be written: terrorism is an offence, a traveller is who
    crosses a border. Nobody is made a suspect by default.

    Raises:
        CommandError: It is not said how the person relates to the case.
    """
    purpose = options.purpose.value
    category = options.category.value if options.category else CATEGORIES.get(purpose, "")
    if probe.WhichOneof("probe") == "person" and not category:
        raise CommandError(f"say how the person relates to the case: --category {_CHOICE}")
    return Ask(
        targets=tuple(options.ask),
        purpose=purpose,
        case=options.case,
        probe=probe,
        granularity=options.granularity.value,
        deadline_s=options.deadline,
        limit=options.limit,
        offence=options.offence or OFFENCES.get(purpose, ""),
        category=category,
        aim=options.aim.value if options.aim else AIMS[purpose],
    )


async def _ask(options: Asking, question: Ask) -> Exit:
    async with open_client(options) as client:
        access = await look_up(client, question)
        lacking = find_lacking(access, list_filled([question.probe]))
        if options.as_json:
            print(write_json(shape_access(access, lacking)), flush=True)
            found = await stream(client.search(question))
            await save_receipt(options, client, found)
            return found.exit_code
        screen = Screen()
        announce(screen, question, access, lacking)
        found = await watch(screen, client.search(question))
        show_groups(screen, found)
        show_coverage(screen, found)
        show_trace(screen, found.search_id)
        await save_receipt(options, client, found)
    return found.exit_code


async def look_up(client: Client, question: Ask) -> directory.ExplainAccessResponse:
    """Look up who a question would ask, before it is sent."""
    kind = question.probe.WhichOneof("probe") or ""
    return await client.explain(question.targets, question.purpose, kind, question.granularity)


def announce(
    screen: Screen,
    question: Ask,
    access: directory.ExplainAccessResponse,
    lacking: Mapping[str, str],
) -> None:
    """Say who will be asked, and who refuses: by a published rule, or as it is filled in."""
    kind = question.probe.WhichOneof("probe") or "probe"
    purpose = question.purpose.replace("_", " ")
    screen.say(show(f"For {purpose}, case {question.case}, looking for: {kind}"), "bold")
    why = (question.offence, question.category, question.aim)
    screen.say(show(f"  because: {', '.join(word.replace('_', ' ') for word in why if word)}"))
    asked = [a for a in access.banks if a.permitted and a.capable and a.bank not in lacking]
    members = list(dict.fromkeys(a.bank.partition("/")[0] for a in asked))
    targets = ", ".join(question.targets)
    counts = f"{tell_count(len(asked), 'bank')} of {tell_count(len(members), 'member')}"
    screen.say(show(f"Asking {targets}: {counts}"))
    if members:
        screen.say(show(f"  {' '.join(members)}"))
    for each in access.banks:
        if not each.permitted:
            screen.say(show(f"  not {each.bank}: {each.refusal.rule}: {each.refusal.text}"))
    for advice in dict.fromkeys(lacking.values()):
        banks = ", ".join(bank for bank, said in lacking.items() if said == advice)
        screen.say(show(f"  not {banks} as it is filled in: {advice}"), "yellow")
    for member in _singled_out(question.targets):
        screen.say(f"  This tells {member} that you are looking.", "dim")


def _singled_out(targets: Sequence[str]) -> list[str]:
    """Return members that are asked by name: a name alone can mark a person there."""
    return [show(target) for target in targets if target[:3].isupper()]


def shape_access(
    access: directory.ExplainAccessResponse, lacking: Mapping[str, str]
) -> dict[str, object]:
    """Return who will be asked, as an event."""
    permitted = [a.bank for a in access.banks if a.permitted and a.bank not in lacking]
    refused = [{"bank": a.bank, "rule": a.refusal.rule} for a in access.banks if not a.permitted]
    wanted = [{"bank": bank, "advice": advice} for bank, advice in lacking.items()]
    return {"event": "asking", "banks": permitted, "refused": refused, "lacking": wanted}
