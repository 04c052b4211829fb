"""Try policies: against an owner's examples, against everything, and against the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.access.cases import Difference, read_cases, try_cases
from gateway.access.domain import (
    Change,
    Comparison,
    Space,
    compare_asking,
    compare_releases,
    compare_searches,
)
from gateway.access.federation import read_federation
from gateway.access.policy import Policy, Texts
from gateway.cli.considered import open_facts
from gateway.cli.exits import CommandError, Exit
from gateway.cli.explaining import read_files
from gateway.cli.safe import show, write_json
from gateway.cli.screen import Cell, Screen
from gateway.ledger.read import read_entries
from gateway.node.replay import Flip, Past, read_past, replay
from gateway.settings import NodeSettings, home_of, read_settings

if TYPE_CHECKING:
    from gateway.cli.policy import New, Replay, Test, Whose

_MOST: Final = 8
"""Values that are written out before "and n more"."""


def run_cases(options: Test) -> Exit:
    """Run the examples, and show what came out otherwise."""
    settings = _settings(options)
    text = options.cases.read_text(encoding="utf-8")
    cases = read_cases(text, options.cases.name)
    differences = try_cases(_build(_new(options, settings), settings), cases)
    if options.as_json:
        for each in differences:
            told = {"case": each.case, "what": each.what}
            print(write_json({**told, "expected": each.expected, "found": each.found}))
    else:
        _show_differences(Screen(), differences, len(cases))
    return Exit.NO_HIT if differences else Exit.HIT


def _show_differences(screen: Screen, differences: Sequence[Difference], count: int) -> None:
    wrong = len({each.case for each in differences})
    if differences:
        rows = [(show(d.case), show(d.what), show(d.expected), show(d.found)) for d in differences]
        screen.table(("example", "what", "expected", "found"), rows)
    screen.say(f"{count - wrong} of {count} examples come out as written", "bold")


def check_policies(options: New) -> Exit:
    """Check, decide everything by both, and show what differs."""
    settings = _settings(options)
    old, new = _build(read_files(settings), settings), _build(_new(options, settings), settings)
    space = _space(settings)
    compared = {
        "search": compare_searches(old, new, space),
        "release": compare_releases(old, new, space),
        "asking": compare_asking(old, new, space),
    }
    if options.as_json:
        for action, comparison in compared.items():
            for change in comparison.changes:
                print(write_json({"action": action, **_shape(change)}))
        return Exit.HIT
    screen = Screen()
    screen.say(f"The policies hold. In force: epoch {old.epoch}; checked: {new.epoch}.", "bold")
    for action, comparison in compared.items():
        _show_changes(screen, action, comparison)
    return Exit.HIT


def _shape(change: Change) -> dict[str, object]:
    where = {axis: list(values) for axis, values in change.where.items()}
    return {"before": change.before, "after": change.after, "count": change.count, "where": where}


def _show_changes(screen: Screen, action: str, comparison: Comparison) -> None:
    differ = sum(change.count for change in comparison.changes)
    screen.heading(f"{action}: {differ:,} of {comparison.count:,} combinations change")
    if comparison.changes:
        headings = ("in force", "new", "count", "for")
        screen.table(headings, [_change_row(change) for change in comparison.changes])


def _change_row(change: Change) -> tuple[Cell, ...]:
    where = "; ".join(f"{axis} {_tell_values(values)}" for axis, values in change.where.items())
    return show(change.before), show(change.after), f"{change.count:,}", show(where or "everything")


def _tell_values(values: Sequence[str]) -> str:
    told = [value or "none" for value in values[:_MOST]]
    more = len(values) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def replay_past(options: Replay) -> Exit:
    """Decide the past again, and show what would have been otherwise."""
    settings = _settings(options)
    since = _read_since(options.since)
    entries = (entry for _, entry in read_entries(settings.at(settings.ledger)))
    known = open_facts(options, settings) if options.key is not None else None
    past = [one for one in read_past(entries, known) if since is None or one.time >= since]
    flips = replay(_build(_new(options, settings), settings), past)
    if options.as_json:
        for flip in flips:
            print(write_json(_shape_flip(flip)))
    else:
        _show_flips(Screen(), flips, past)
    return Exit.NO_HIT if flips else Exit.HIT


def _read_since(text: str) -> datetime | None:
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError("--since: write a day or a time, as 2026-11-01T08:00") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _shape_flip(flip: Flip) -> dict[str, object]:
    return {
        "search_id": flip.past.search_id,
        "time": flip.past.time.isoformat(),
        "bank": flip.past.request.bank,
        "purpose": flip.past.request.purpose,
        "member": flip.past.request.requester_member,
        "before": flip.before,
        "after": flip.after,
        "rule": flip.rule,
        "references": list(flip.references),
    }


def _show_flips(screen: Screen, flips: Sequence[Flip], past: Sequence[Past]) -> None:
    if flips:
        headings = ("search", "when", "who", "purpose", "bank", "was", "would be", "rule")
        screen.table(headings, [_flip_row(flip) for flip in flips])
    searches = len({flip.past.search_id for flip in flips})
    screen.say(f"{searches} of {len(past)} searches would come out otherwise", "bold")


def _flip_row(flip: Flip) -> tuple[Cell, ...]:
    request = flip.past.request
    after = f"{flip.after} {' '.join(flip.references)}".strip()
    return (
        flip.past.search_id[:12],
        flip.past.time.isoformat(timespec="seconds"),
        show(request.requester_member),
        request.purpose,
        show(request.bank),
        flip.before,
        show(after),
        show(flip.rule),
    )


def _settings(options: Whose) -> NodeSettings:
    """The settings of the node whose policies are meant.

    Raises:
        CommandError: None is named.
    """
    if options.settings is not None:
        return read_settings(NodeSettings, options.settings)
    if not options.node:
        raise CommandError("say whose policy it is: --node KAZ, or --settings node.toml")
    path = home_of(options.home) / "nodes" / options.node.upper() / "node.toml"
    return read_settings(NodeSettings, path)


def _new(options: New, settings: NodeSettings) -> Texts:
    """The texts in force, with the new ones in place of them."""
    texts = read_files(settings)

    def read(path: Path | None, other: str | None) -> str | None:
        return other if path is None else path.read_text(encoding="utf-8")

    return Texts(
        search=read(options.search, texts.search) or "",
        release=read(options.release, texts.release),
        asking=read(options.asking, texts.asking),
    )


def _build(texts: Texts, settings: NodeSettings) -> Policy:
    return Policy.build(texts, settings.member.lower())


def _space(settings: NodeSettings) -> Space:
    federation = read_federation(settings.at(settings.federation))
    members = tuple(member.code for member in federation.members)
    banks = tuple(bank for member in federation.members for bank in member.banks)
    return Space(settings.member, members, banks)
