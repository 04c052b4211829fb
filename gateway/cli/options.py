"""The options of a verb are a frozen dataclass; the verb is a function of one.

Typer reads a command's options from the parameters of a function. Verbs that ask share a dozen of
them, so they are written once, inherited, and turned into such a signature here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar, get_type_hints

import typer

from gateway.cli.exits import Exit, guard

_OptionsT = TypeVar("_OptionsT")

WHO = "Who is asked and why"
WHERE = "Where and as whom"
HOW = "How"
WHICH = "Which entries"
SEALED = "What is sealed"


class Purpose(StrEnum):
    """The lawful purposes of the contract."""

    TERRORISM = "terrorism"
    ORGANISED_CRIME = "organised_crime"
    SERIOUS_CRIME = "serious_crime"
    BORDER_CONTROL = "border_control"
    MISSING_PERSON = "missing_person"
    IDENTIFICATION = "identification"
    STOLEN_PROPERTY = "stolen_property"
    ARREST_WARRANT = "arrest_warrant"


PURPOSES: Final = ", ".join(Purpose)


class Category(StrEnum):
    """How the person relates to the case."""

    SUSPECT = "suspect"
    CONVICTED = "convicted"
    VICTIM = "victim"
    WITNESS = "witness"
    MISSING = "missing"
    REMAINS = "remains"
    TRAVELLER = "traveller"


class Aim(StrEnum):
    """What is to be learnt."""

    IDENTIFY = "identify"
    LEARN_MORE = "learn_more"
    LOCATE = "locate"


class Granularity(StrEnum):
    """How much an answer may hold."""

    EXISTS = "exists"
    COUNT = "count"
    REFERENCE = "reference"
    RECORD = "record"


class ProbeKind(StrEnum):
    """What is looked for."""

    PERSON = "person"
    DOCUMENT = "document"
    VEHICLE = "vehicle"
    ORGANISATION = "organisation"
    IDENTIFIER = "identifier"


Home = Annotated[
    Path | None,
    typer.Option(
        help="The federation's folder; else KALKAN_HOME, else .kalkan.",
        rich_help_panel=WHERE,
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON, one object a line.")]


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Where the federation is, and as whom it is asked."""

    home: Home = None
    as_name: Annotated[
        str,
        typer.Option("--as", help="The client, a folder in home/clients.", rich_help_panel=WHERE),
    ] = "officer"


@dataclass(frozen=True, kw_only=True)
class Where:
    """Which ledger: on this machine's disk, or asked of its server."""

    hub: Annotated[
        bool, typer.Option("--hub", help="The hub's ledger; the default.", rich_help_panel=WHERE)
    ] = False
    node: Annotated[
        str, typer.Option(help="The ledger of this member's node, as KAZ.", rich_help_panel=WHERE)
    ] = ""
    as_name: Annotated[
        str,
        typer.Option(
            "--as",
            help="Ask the server as this client; without it the disk is read.",
            rich_help_panel=WHERE,
        ),
    ] = ""
    at: Annotated[
        str, typer.Option(help="Which server is asked: hub, or KAZ.", rich_help_panel=WHERE)
    ] = ""
    as_json: Json = False
    home: Home = None


@dataclass(frozen=True, kw_only=True)
class OneSite:
    """Which server's files on this machine."""

    node: Annotated[
        str, typer.Option(help="This member's node, as KAZ; else the hub.", rich_help_panel=WHERE)
    ] = ""
    home: Home = None


@dataclass(frozen=True, kw_only=True)
class Wanted(Where):
    """Which entries."""

    search: Annotated[
        str, typer.Option(help="Of this search, or the beginning of it.", rich_help_panel=WHICH)
    ] = ""
    who: Annotated[
        str, typer.Option(help="Of this officer, by the pseudonym.", rich_help_panel=WHICH)
    ] = ""
    member: Annotated[
        str, typer.Option(help="Of requesters of this member.", rich_help_panel=WHICH)
    ] = ""
    bank: Annotated[str, typer.Option(help="Of this bank.", rich_help_panel=WHICH)] = ""
    purpose: Annotated[str, typer.Option(help=f"{PURPOSES}.", rich_help_panel=WHICH)] = ""
    rule: Annotated[
        str, typer.Option(help="In which this rule decided.", rich_help_panel=WHICH)
    ] = ""
    kind: Annotated[str, typer.Option(help="INTENT, OUTCOME, ...", rich_help_panel=WHICH)] = ""
    state: Annotated[
        str, typer.Option(help="In which a bank ended so: no_hit, ...", rich_help_panel=WHICH)
    ] = ""
    probe: Annotated[str, typer.Option(help=f"{', '.join(ProbeKind)}.", rich_help_panel=WHICH)] = ""
    since: Annotated[
        str, typer.Option(help="From 2026-11-01 or 2026-11-01T08:00 on.", rich_help_panel=WHICH)
    ] = ""
    until: Annotated[str, typer.Option(help="Before this time, UTC.", rich_help_panel=WHICH)] = ""


@dataclass(frozen=True, kw_only=True)
class Opening(Wanted):
    """With which custodian's key what is sealed is opened."""

    key: Annotated[
        Path | None,
        typer.Option(help="A custodian's private key, in PEM.", rich_help_panel=SEALED),
    ] = None
    as_custodian: Annotated[
        str,
        typer.Option(
            help="The custodian's name; without it the one with this key.", rich_help_panel=SEALED
        ),
    ] = ""
    reason: Annotated[
        str,
        typer.Option(
            help="Why it is opened, 1 to 200 characters; this becomes an entry.",
            rich_help_panel=SEALED,
        ),
    ] = ""


@dataclass(frozen=True, kw_only=True)
class Asking(Caller):
    """What every search says."""

    ask: Annotated[
        list[str],
        typer.Option(
            help="A project (kalkan), member (KAZ) or bank (KAZ/persons); may be repeated.",
            rich_help_panel=WHO,
        ),
    ]
    purpose: Annotated[
        Purpose, typer.Option(help=f"Why: {PURPOSES}.", metavar="WORD", rich_help_panel=WHO)
    ]
    case: Annotated[str, typer.Option(help="The case at your authority.", rich_help_panel=WHO)]
    offence: Annotated[
        str,
        typer.Option(help="The offence; else what the purpose names.", rich_help_panel=WHO),
    ] = ""
    category: Annotated[
        Category | None,
        typer.Option(
            help=f"Who the person is to the case: {', '.join(Category)}.",
            metavar="WORD",
            rich_help_panel=WHO,
            show_default=False,
        ),
    ] = None
    aim: Annotated[
        Aim | None,
        typer.Option(
            help=f"To what end: {', '.join(Aim)}; else what the purpose means.",
            metavar="WORD",
            rich_help_panel=WHO,
            show_default=False,
        ),
    ] = None
    deadline: Annotated[
        float, typer.Option(help="Seconds, more than 0, at most 30.", rich_help_panel=HOW)
    ] = 3.0
    granularity: Annotated[
        Granularity,
        typer.Option(
            help=f"How much: {', '.join(Granularity)}.", metavar="WORD", rich_help_panel=HOW
        ),
    ] = Granularity.RECORD
    limit: Annotated[
        int, typer.Option(help="Hits of each bank, 1 to 100.", rich_help_panel=HOW)
    ] = 20
    save: Annotated[
        Path | None,
        typer.Option(
            help="Write the receipt to this file, for `kalkan receipt`.",
            rich_help_panel=HOW,
            show_default=False,
        ),
    ] = None
    as_json: Annotated[
        bool, typer.Option("--json", help="One event a line, as JSON.", rich_help_panel=HOW)
    ] = False


def takes(
    kind: type[_OptionsT],
) -> Callable[[Callable[[_OptionsT], Exit]], Callable[..., None]]:
    """Make a Typer command of a function of one options dataclass that returns an exit code."""

    def decorate(run: Callable[[_OptionsT], Exit]) -> Callable[..., None]:
        def command(**values: Any) -> None:  # noqa: ANN401 - whatever Typer read
            raise typer.Exit(guard(lambda: run(kind(**values))))

        command.__name__ = run.__name__
        command.__doc__ = run.__doc__
        command.__annotations__ = {}
        command.__signature__ = _signature_of(kind)  # type: ignore[attr-defined]  # inspect reads it (PEP 362)
        return command

    return decorate


def _signature_of(kind: type[Any]) -> inspect.Signature:
    hints = get_type_hints(kind, include_extras=True)
    return inspect.Signature(
        [
            inspect.Parameter(
                each.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=_default_of(each.default, each.default_factory),
                annotation=hints[each.name],
            )
            for each in fields(kind)
        ]
    )


def _default_of(default: Any, factory: Any) -> Any:  # noqa: ANN401 - of any field
    if default is not MISSING:
        return default
    return factory() if factory is not MISSING else inspect.Parameter.empty
