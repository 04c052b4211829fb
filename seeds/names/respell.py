"""Apply spelling rules to a name, word by word.

The rules of one target script are a table of ``pattern→replacement`` entries, tried at every
letter in the order in which they are written; what no rule names is left out. Patterns are
regular expressions over one lower-case word, so ``^`` and ``$`` are the word's ends.
"""

import re
import unicodedata
from dataclasses import dataclass

VOWELS = "aeiouöüıə"
CONSONANTS = "bcdfghjklmnpqrstvwxzçşğ"

# Letters of the passports that are not written with ASCII and carry sound.
_KEPT = frozenset("çşğıöüə")
_APOSTROPHES = str.maketrans(dict.fromkeys("ʻ‘’`´ʼ′", "'"))
_WORD = re.compile(r"[^\s\-]+")
_DOTTED_ALPHABET = re.compile("[çşğıöüəİÇŞĞÖÜƏ]")


@dataclass(frozen=True, slots=True)
class Rules:
    """Hold a compiled table: one alternative, and so one group, for each replacement.

    ``dotted_i`` tells that the target writes İ as the capital of i.
    """

    pattern: re.Pattern[str]
    replacements: tuple[str, ...]
    dotted_i: bool = False


def compile_rules(*tables: str, dotted_i: bool = False) -> Rules:
    """Compile tables to rules; an earlier table goes before a later one.

    A table is entries ``pattern→replacement`` separated by blanks; ``V`` stands for the vowels
    and ``C`` for the consonants inside a character class.

    Raises:
        ValueError: an entry has no arrow, or a pattern has a group of its own, which would
            shift the replacements.
    """
    entries = [entry.partition("→") for table in tables for entry in table.split()]
    if not all(arrow for _, arrow, _ in entries):
        raise ValueError("spelling rules: an entry is not pattern→replacement")
    patterns = [
        f"({pattern.replace('V', VOWELS).replace('C', CONSONANTS)})" for pattern, _, _ in entries
    ]
    pattern = re.compile("|".join([*patterns, "(.)"]))
    if pattern.groups != len(entries) + 1:
        raise ValueError("spelling rules: a pattern has a group of its own")
    return Rules(pattern, (*(new for _, _, new in entries), ""), dotted_i)


def respell(text: str, rules: Rules) -> str:
    """Rewrite a Latin name by the rules; words, hyphens and capitals stay where they are."""
    rewritten = _WORD.sub(lambda match: respell_word(match.group(), rules), text)
    return " ".join(rewritten.split())


def respell_word(word: str, rules: Rules) -> str:
    """Rewrite one word by the rules, with the capitals of the word."""
    written = rules.pattern.sub(lambda match: _pick(match, rules), fold(word))
    return follow_case(word, written, dotted_i=rules.dotted_i)


def fold(word: str) -> str:
    """Lower a Latin word and strip the marks that no rule knows.

    A capital I is dotless only in a word that shows a letter of a dotted-i alphabet.
    """
    if _DOTTED_ALPHABET.search(word):
        word = word.replace("I", "ı")
    lowered = word.replace("İ", "i").lower().translate(_APOSTROPHES)
    return "".join(letter if letter in _KEPT else _strip(letter) for letter in lowered)


def follow_case(source: str, target: str, *, dotted_i: bool = False) -> str:
    """Give the target the capitals of the source: none, the first, or all."""
    letters = [letter for letter in source if letter.isalpha()]
    if not letters or not letters[0].isupper():
        return target
    capitals = len(target) if len(letters) > 1 and source.isupper() else 1
    head = target[:capitals].replace("i", "İ") if dotted_i else target[:capitals]
    return head.upper() + target[capitals:]


def _pick(match: re.Match[str], rules: Rules) -> str:
    return rules.replacements[match.lastindex - 1] if match.lastindex else ""


def _strip(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter)
    return "".join(piece for piece in decomposed if not unicodedata.combining(piece))
