"""Show what a search found in a few lines, for the tour."""

from __future__ import annotations

from rich.text import Text

from gateway.cli.found import Found, tell_count
from gateway.cli.results import tell_end
from gateway.cli.safe import show
from gateway.cli.screen import Cell, Screen
from gateway.cli.words import tell_contact, tell_field, tell_handling, tell_reason, word_of
from gateway.events import BankEnd
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire


def show_brief(screen: Screen, found: Found, most: int = 3) -> None:
    """Show the first groups, a line for each hit, and how the banks ended."""
    for group in found.groups[:most]:
        warnings = ", ".join(word_of("warning", w) for w in group.warnings).upper()
        if warnings:
            screen.say(f"  WARNING: {warnings}", "bold red")
        screen.say(f"  One subject, {tell_count(len(group.hits))}. {tell_handling(group.handling)}")
        screen.table(
            ("bank", "name or number", "born", "why"), [_row(hit) for hit in found.hits_of(group)]
        )
    left = len(found.groups) - most
    if left > 0:
        screen.say(f"  and {left} more groups")
    show_ends(screen, found)


def show_ends(screen: Screen, found: Found) -> None:
    """Show how many banks ended how, and each gap with what is to say of it."""
    states = [end.state for end in found.ends.values()]
    counts = (f"{states.count(s)} {s.replace('_', ' ')}" for s in sorted(set(states)))
    screen.say(f"  Banks: {', '.join(counts)}. Answers and receipt verified.")
    rows = [(end.state.replace("_", " "), _paint_gap(end)) for end in found.gaps]
    screen.pairs(rows)


def _paint_gap(end: BankEnd) -> Text:
    return Text(f"{show(end.bank)}  {tell_end(end)}".rstrip(), style="yellow")


def _row(hit: model.Hit) -> tuple[Cell, ...]:
    names = list(_values(hit, model.FIELD_NAME_NAME)) or list(
        _values(hit, model.FIELD_NAME_DOCUMENT)
    )
    births = list(_values(hit, model.FIELD_NAME_BIRTH_DATE))
    why = "; ".join(tell_reason(reason) for reason in hit.reasons)
    return show(hit.record.bank), "".join(names[:1]), "".join(births[:1]), show(why)


def _values(hit: model.Hit, name: model.FieldName.ValueType) -> list[str]:
    return [show(tell_field(field)) for field in hit.record.fields if field.field == name]


def show_contact(screen: Screen, found: Found, group: wire.Group) -> None:
    """Show whom to ask before acting on a group."""
    hit = next(found.hits_of(group))
    screen.say(f"  Ask first: {show(tell_contact(hit.record.contact))}")
