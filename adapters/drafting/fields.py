"""The `[[field]]` blocks of a draft, from what the columns of one table mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from adapters.drafting.codes import CodeTables
from adapters.drafting.content import ORDER, find_dates
from adapters.drafting.guess import Guess, Understood
from adapters.drafting.lines import Block, quote
from adapters.drafting.shape import Table
from adapters.mapping.scalars import read_day
from adapters.mapping.spellings import spell
from adapters.matching.dates import FORMATS
from adapters.matching.documents import normalise_number

__all__ = ["draft_fields"]

_LARGE: Final = 10_000
_SHAPES: Final = 16
_GOOD: Final = 0.95
"""The share of numbers that have to be found; the check asks for no less."""

_SEARCH: Final = "search"
_PARTS: Final = {"full": "full", "given": "given", "family": "family", "patronymic": "patronymic"}
_TEXTS: Final = {
    "birth place": "birth_place",
    "plate": "plate",
    "vin": "vin",
    "vehicle": "vehicle",
    "organisation": "organisation",
    "registration number": "registration_number",
    "offence": "offence",
    "remark": "remark",
}
_EXACT: Final = frozenset(("plate", "vin", "registration number"))
_IDENTIFIERS: Final = {
    "national number": "national_number",
    "phone": "phone",
    "email": "email",
    "imei": "imei",
}
_ADDRESS: Final = ("address", "city", "region", "postal code", "country")


def draft_fields(understood: Understood, codes: CodeTables, *, many: bool) -> Iterator[Block]:
    """Draft the blocks of one table; of a `many` table only what a record may have often."""
    yield from _draft_names(understood)
    if not many:
        yield from _draft_births(understood)
        yield from _draft_coded(understood, codes)
    yield from _draft_documents(understood, codes)
    yield from _draft_identifiers(understood)
    yield from _draft_texts(understood)
    if not many:
        yield from _draft_address(understood)


def _full(understood: Understood, guess: Guess) -> str:
    return understood.table.full(guess.column.name)


def _draft_names(understood: Understood) -> Iterator[Block]:
    """One block for each kind of letters; a whole name stands beside its parts, not with them."""
    variants = dict.fromkeys(g.variant for g in understood.find(*_PARTS))
    for variant in variants:
        mine = [g for g in understood.find(*_PARTS) if g.variant == variant]
        parts = [g for g in mine if g.meaning in {"given", "family"}]
        whole = [g for g in mine if g.meaning == "full"]
        rest = [g for g in mine if g.meaning == "patronymic"]
        if parts:
            yield _name_block(understood, [*parts, *rest])
        for guess in whole:
            yield _name_block(understood, [guess] if parts else [guess, *rest])
    for guess in understood.find("alias"):
        block = Block("[[field]]").put("field", "name")
        yield block.put("full", _full(understood, guess), guess.why).put("kind", "alias")


def _name_block(understood: Understood, guesses: Sequence[Guess]) -> Block:
    block = Block("[[field]]").put("field", "name")
    taken: set[str] = set()
    for guess in guesses:
        if guess.meaning in taken:
            block.note(f"guess: {_full(understood, guess)} may be the {guess.meaning} name, too")
            continue
        taken.add(guess.meaning)
        block.put(_PARTS[guess.meaning], _full(understood, guess), guess.why)
    if understood.subject == "alias":
        block.put("kind", "alias", "the name of the table says so")
    return block


def _draft_births(understood: Understood) -> Iterator[Block]:
    for guess in understood.find("birth"):
        dated = find_dates(guess.column.texts, named=True)
        block = Block("[[field]]").put("field", "birth_date")
        block.put("column", _full(understood, guess), guess.why)
        if dated is not None:
            formats = _list_formats(guess.column.texts, dated.written)
            if formats != ["iso"]:
                block.put("format", formats, "most values read so; look at day and month")
            if dated.calendar != "gregorian":
                block.put("calendar", dated.calendar, "the years are of that calendar")
        yield block
    years = understood.find("birth year")
    if years:
        block = Block("[[field]]").put("field", "birth_date")
        for part in ("year", "month", "day"):
            for guess in understood.find(f"birth {part}")[:1]:
                block.put(part, _full(understood, guess), guess.why)
        yield block


def _list_formats(texts: Sequence[str], first: str) -> list[str]:
    """Add a second format where it reads what the first does not."""
    left = [text for text in texts if not _reads(text, first)]
    if not left:
        return [first]
    ordered = [*ORDER, *sorted(FORMATS.difference(ORDER))]
    counts = {fmt: sum(_reads(text, fmt) for text in left) for fmt in ordered}
    best = max(counts, key=lambda fmt: counts[fmt])
    return [first, best] if counts[best] else [first]


def _reads(text: str, written: str) -> bool:
    try:
        return read_day(text, (written,), "gregorian") is not None
    except ValueError:
        return False


def _draft_coded(understood: Understood, codes: CodeTables) -> Iterator[Block]:
    for meaning in ("sex", "nationality"):
        for guess in understood.find(meaning):
            block = Block("[[field]]").put("field", meaning)
            block.put("column", _full(understood, guess), guess.why)
            table = codes.add(meaning, guess.column.words)
            if table is None:
                yield _comment(block, "write a code table for its values")
                continue
            yield block.put("codes", table) if table else block


def _comment(block: Block, why: str) -> Block:
    """Turn a block that would not be right into a comment with what to do."""
    told = Block(f"# {why}:")
    for line in block.lines:
        told.note(line)
    return told


def _draft_documents(understood: Understood, codes: CodeTables) -> Iterator[Block]:
    for guess in understood.find("document"):
        block = Block("[[field]]").put("field", "document")
        block.put("number", _full(understood, guess), guess.why)
        for series in understood.find("series")[:1]:
            block.put("series", _full(understood, series), series.why)
        _put_kind(block, understood, guess, codes)
        states = ("issuer", "country") if understood.subject == "document" else ("issuer",)
        for issuer in understood.find(*states)[:1]:
            table = codes.add("nationality", issuer.column.words)
            if table is not None:
                block.raw("issuer", _source(_full(understood, issuer), table), issuer.why)
        if not understood.has("series"):
            _put_shapes(block, understood.table, guess)
        yield _put_search(block, understood.table, guess)


def _put_kind(block: Block, understood: Understood, guess: Guess, codes: CodeTables) -> None:
    kinds = understood.find("document kind")[:1]
    for kind in kinds:
        table = codes.add("document kind", kind.column.words)
        block.raw("document_kind", _source(_full(understood, kind), table or ""), kind.why)
    if not kinds and "passport" in guess.why + guess.column.name.lower():
        block.put("document_kind", "passport", guess.why)


def _source(column: str, codes: str) -> str:
    end = f', codes = "{codes}"' if codes else ""
    return f"{{ column = {quote(column)}{end} }}"


def _draft_identifiers(understood: Understood) -> Iterator[Block]:
    for meaning, kind in _IDENTIFIERS.items():
        for guess in understood.find(meaning):
            block = Block("[[field]]").put("field", "identifier").put("identifier_kind", kind)
            block.put("column", _full(understood, guess), guess.why)
            if meaning != "email":
                _put_shapes(block, understood.table, guess)
            yield _put_search(block, understood.table, guess)


def _draft_texts(understood: Understood) -> Iterator[Block]:
    for meaning, name in _TEXTS.items():
        for guess in understood.find(meaning):
            block = Block("[[field]]").put("field", name)
            block.put("column", _full(understood, guess), guess.why)
            if meaning in _EXACT:
                _put_shapes(block, understood.table, guess)
                _put_search(block, understood.table, guess)
            yield block


def _draft_address(understood: Understood) -> Iterator[Block]:
    found = understood.find(*_ADDRESS)
    if found:
        block = Block("[[field]]").put("field", "address")
        block.put("columns", [_full(understood, g) for g in found], "their names say so")
        yield block.put("separator", ", ")


def _put_shapes(block: Block, table: Table, guess: Guess) -> None:
    """Say how numbers are written that would not be found by their letters and digits."""
    found = _is_plain if table.asked is not None else _is_found
    lost = [text for text in guess.column.texts if not found(text)]
    shapes = Counter("".join("#" if c.isalnum() else c for c in text) for text in lost)
    told = [shape for shape, _ in shapes.most_common(_SHAPES) if "#" in shape]
    if told:
        block.put("shapes", told, "values are written so")
    left = sum(count for shape, count in shapes.items() if shape not in told)
    if left > (1 - _GOOD) * len(guess.column.texts):
        why = f"written in {len(shapes)} ways; compute a column without signs, or go without"
        block.raw(_SEARCH, "false", why)


def _is_found(text: str) -> bool:
    number = normalise_number(text)
    return bool(number) and text.removeprefix("+") in spell(number)


def _is_plain(text: str) -> bool:
    """A service is asked for the letters and digits alone, and in the shapes."""
    return text == normalise_number(text)


def _put_search(block: Block, table: Table, guess: Guess) -> Block:
    """A large table is not read whole for one search, and a service is asked what it takes."""
    if any(line.startswith(_SEARCH) for line in block.lines):
        return block
    if table.asked is not None and guess.meaning not in table.asked:
        return block.raw(_SEARCH, "false", "nothing says that the bank can be asked for it")
    indexed = guess.column.indexed or guess.column.name in (table.key, *table.joint[:1])
    if table.rows <= _LARGE or indexed:
        return block
    return block.raw(_SEARCH, "false", "no index; make one and take this line out")
