"""Show what a search found: warnings first, each hit with its owner, its reasons and its limits.

An officer must see three things before anything else: what is dangerous, what the owner asks to be
done, and whether it may be acted on before the owner has confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from rich.text import Text

from gateway.cli.found import Found, count_hits, tell_count
from gateway.cli.safe import show
from gateway.cli.screen import Cell, Screen, paint
from gateway.cli.words import (
    tell_action,
    tell_contact,
    tell_field,
    tell_handling,
    tell_reason,
    tell_urgency,
    word_of,
)
from gateway.events import BankEnd
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire


def show_groups(screen: Screen, found: Found, most: int = 50) -> None:
    """Show the groups, at most so many; the hub has put those with warnings first."""
    for number, group in enumerate(found.groups[:most], start=1):
        _show_head(screen, number, group)
        for place, hit in enumerate(found.hits_of(group), start=1):
            _show_hit(screen, place, hit, told=frozenset(group.warnings))
    left = len(found.groups) - most
    if left > 0:
        screen.say()
        screen.say(f"{left} more groups; the search was wide: add a birth date or a second name.")


def _show_head(screen: Screen, number: int, group: wire.Group) -> None:
    """Show what holds for a whole group."""
    banks = len({ref.bank for ref in group.hits})
    what = tell_count(len(group.hits)) + (f" of {banks} banks" if banks > 1 else "")
    screen.heading(f"Subject {number}: {what}, score {group.score:.2f}")
    rows: list[tuple[str, Cell]] = []
    if group.warnings:
        rows.append(("WARNING", Text(_tell_warnings(group.warnings), style="bold red")))
    rows.append(("handling", _paint_handling(group.handling)))
    if group.reasons:
        rows.append(("tied by", _tell_reasons(group.reasons)))
    screen.pairs(rows)


def _tell_warnings(warnings: Iterable[int]) -> str:
    return ", ".join(word_of("warning", warning) for warning in warnings).upper()


def _tell_reasons(reasons: Iterable[model.Reason]) -> str:
    return show("; ".join(tell_reason(reason) for reason in reasons))


def _paint_handling(handling: model.Handling) -> Text:
    return Text(tell_handling(handling), style="bold yellow" if handling.confirm_first else "")


def _show_hit(screen: Screen, place: int, hit: model.Hit, *, told: frozenset[int]) -> None:
    """Show one hit; `told` are the warnings above it."""
    record = hit.record
    kind = word_of("kind", record.kind)
    title = Text(f"  {place}. ", style="bold")
    title.append(f"{show(record.owner)}  {show(record.bank)}  {show(record.reference)}", "bold")
    title.append(f"  {kind}  {hit.score:.2f}")
    screen.say(title)
    screen.pairs(_hit_rows(hit, told), indent=5)


def _hit_rows(hit: model.Hit, told: frozenset[int]) -> list[tuple[str, Cell]]:
    """What there is to say of a hit; what the owner did not say is left out."""
    record = hit.record
    rows: list[tuple[str, Cell]] = []
    if record.warnings and told != set(record.warnings):
        rows.append(("WARNING", Text(_tell_warnings(record.warnings), style="bold red")))
    rows += _field_rows(record)
    if hit.reasons:
        rows.append(("why", _tell_reasons(hit.reasons)))
    elif hit.band:
        rows.append(("match", f"{word_of('band', hit.band)}; the owner releases no fields"))
    rows.append(("handling", _paint_handling(record.handling)))
    if record.action:
        rows.append(("do", Text(tell_action(record.action), style="bold")))
    if asked := "; ".join(
        filter(None, (tell_contact(record.contact), tell_urgency(record.urgency)))
    ):
        rows.append(("ask", show(asked)))
    return rows


def _field_rows(record: model.Record) -> list[tuple[str, Cell]]:
    """Return the released fields, one row for each name of a field."""
    fields = sorted(record.fields, key=lambda field: field.field)
    rows: list[tuple[str, Cell]] = []
    for name, same in groupby(fields, key=lambda field: field.field):
        label = word_of("field", name).removesuffix(" date")
        shown = [_show_field(field, record.handling) for field in same]
        rows.append((label, "; ".join(dict.fromkeys(shown))))
    return rows


def _show_field(field: model.Field, whole: model.Handling) -> str:
    """Return a value, with its own handling codes where they are not those of its record."""
    value = show(tell_field(field))
    return value if field.handling == whole else f"{value} [{tell_handling(field.handling)}]"


def show_coverage(screen: Screen, found: Found) -> None:
    """Show how each bank ended: gaps first, then hits, then silence."""
    screen.heading("Who was asked, and how each ended")
    gaps = found.gaps
    ordered = [*gaps, *found.with_state("answered", "no_hit"), *found.with_state("not_capable")]
    screen.table(("bank", "ended", "seconds", ""), [_coverage_row(end) for end in ordered])
    screen.say(_tell_coverage(found), "yellow" if gaps else "green")


def _coverage_row(end: BankEnd) -> tuple[Cell, ...]:
    state = end.state.replace("_", " ")
    return show(end.bank), paint(state), f"{end.elapsed_s:.3f}", tell_end(end)


def tell_end(end: BankEnd) -> str:
    """Return what is to say of how a bank ended."""
    if end.state == "refused":
        contact = f" Ask: {end.contact}." if end.contact else ""
        return show(f"{end.rule}: {end.text}{contact}")
    return count_hits(end)


def _tell_coverage(found: Found) -> str:
    """Return one sentence about what the silence is worth."""
    searched = len(found.with_state("answered", "no_hit"))
    incapable = len(found.with_state("not_capable"))
    rest = f", {incapable} cannot search for this" if incapable else ""
    if not found.gaps:
        return f"Complete: {tell_count(searched, 'bank')} searched{rest}. Receipt verified."
    told = f"{tell_count(searched, 'bank')} searched, {len(found.gaps)} did not"
    return f"Incomplete: {told}{rest}. Receipt verified."


def show_trace(screen: Screen, search_id: str) -> None:
    """Say how to find a search in the ledgers."""
    screen.say(f"Search {search_id}: kalkan audit tail --search {search_id[:8]}", "dim")
