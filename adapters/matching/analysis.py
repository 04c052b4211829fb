"""Take a name apart into the tokens that are compared, once for each name.

Titles and particles go, "S/O" and its sisters too, compounds such as Abdul Rahman become one
token: registers split and join them as they like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from adapters.matching.scripts import (
    MAX_LENGTH,
    PLAIN,
    UNKNOWN_SCRIPT,
    clean,
    script_of,
    transcribe,
)
from adapters.matching.sounds import consonants, encode
from adapters.matching.words import (
    EQUIVALENTS,
    GLUED_AFTER,
    GLUED_BEFORE,
    LETTER_NAMES,
    MIDDLE_PARTICLES,
    PARTICLES,
    RELATIONS,
    TITLES,
)

__all__ = ["MAX_TOKENS", "Analysed", "Token", "analyse", "count_parts", "make_token"]

MAX_TOKENS: Final = 8
"""Tokens of a name that are compared."""

_ABJADS: Final = frozenset({"Arab", "Hebr"})
_ARTICLE: Final = re.compile("^(?:al|Vl|ال)(?=.{3})")
_ABBREVIATED: Final = re.compile(r"(?<!\w)(\w[^\s.,]{0,3})\.")
_PATRONYMIC: Final = re.compile(
    r"(?:[aeoy][vu][iy]ch|(?:[aeoy][vu]|[iy][vu])na|[iy]ch?na|[iyuk][iy]ch|.{3}(?:ogl[iuy]|q[iy]z[iy]))$"
)
_SILENT: Final = re.compile("^(?:wr|kn)")
_LONGEST_INITIAL: Final = 2


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a name.

    Args:
        text: As `transcribe` writes it.
        roman: As `romanise` writes it.
        sounds: One character for each sound.
        stem: Sounds without an article glued to it, or "".
        skeleton: Coarse consonants only.
        group: Name of its group of equivalent spellings, or "".
        script: ISO 15924 code of the name it is from.
        bare: Written without short vowels.
        initial: One letter standing for a name.
        patronymic: Ends as names of fathers do in Slavic and Central Asian registers.
    """

    text: str
    roman: str
    sounds: str
    stem: str
    skeleton: str
    group: str
    script: str
    bare: bool
    initial: bool
    patronymic: bool


@dataclass(frozen=True, slots=True)
class Analysed:
    """A name ready to be compared; two names of equal `key` are equal after normalisation."""

    script: str
    tokens: tuple[Token, ...]
    key: tuple[str, ...]


_NOTHING: Final = Analysed(UNKNOWN_SCRIPT, (), ())


@lru_cache(maxsize=131_072)
def make_token(text: str, script: str, *, initial: bool = False) -> Token:
    """Return a token for a transcribed word."""
    sounds, roman = encode(_respell(text, script)), text.translate(PLAIN)
    return Token(
        text=text,
        roman=roman,
        sounds=sounds,
        stem=encode(_ARTICLE.sub("", text)) if _ARTICLE.match(text) else "",
        skeleton=consonants(sounds),
        group=EQUIVALENTS.get(roman, ""),
        script=script,
        bare=script in _ABJADS,
        initial=initial or len(roman) == 1,
        patronymic=_PATRONYMIC.search(roman) is not None,
    )


def _respell(text: str, script: str) -> str:
    """Write silent letters of English as they sound."""
    if script != "Latn":
        return text
    return _SILENT.sub(lambda found: found[0][1:], text).replace("ight", "ait")


@lru_cache(maxsize=131_072)
def analyse(name: str) -> Analysed:
    """Return the tokens of a name; none where nothing can be transliterated."""
    text = RELATIONS.sub(" bin ", name[:MAX_LENGTH])
    words = transcribe(text).split()
    if not words:
        return _NOTHING
    script = script_of(clean(text))
    short = _find_initials(text)
    kept = _join(_leave_names(words))[:MAX_TOKENS]
    tokens = tuple(_make_part(word, script, short=short) for word in kept)
    return Analysed(script, tokens, tuple(sorted(token.roman for token in tokens)))


def count_parts(name: str) -> int:
    """Count the words of a name that are names or initials: no titles, no particles.

    Those of a compound count each: Abdul Rahman has two. 0 where nothing can be transliterated.
    """
    words = transcribe(RELATIONS.sub(" bin ", name[:MAX_LENGTH])).split()
    return len(_leave_names(words))


def _find_initials(text: str) -> frozenset[str]:
    """Return the words, as transcribed, that a full stop marks as shortened."""
    if "." not in text:
        return frozenset()
    return frozenset(transcribe(word) for word in _ABBREVIATED.findall(text))


def _make_part(word: str, script: str, *, short: frozenset[str]) -> Token:
    """Return the token of a word; the spelled name of a letter becomes that letter."""
    if word not in short or word.translate(PLAIN) in EQUIVALENTS:
        return make_token(word, script)
    roman = word.translate(PLAIN)
    letter = roman if script == "Latn" else LETTER_NAMES.get(roman, roman)
    if len(letter) > _LONGEST_INITIAL:
        return make_token(word, script)
    return make_token(letter, script, initial=True)


def _leave_names(words: list[str]) -> list[str]:
    """Drop titles and particles, unless nothing else is left."""
    named = [word for word in words if word.translate(PLAIN) not in TITLES] or words
    last = len(named) - 1
    kept = [
        word
        for place, word in enumerate(named)
        if (roman := word.translate(PLAIN)) not in PARTICLES
        and (place in {0, last} or roman not in MIDDLE_PARTICLES)
    ]
    return kept or named


def _join(words: list[str]) -> list[str]:
    """Join the parts of compounds."""
    joined: list[str] = []
    waiting = ""
    for word in words:
        roman = word.translate(PLAIN)
        if waiting:
            joined.append(waiting + word)
            waiting = ""
        elif roman in GLUED_BEFORE:
            waiting = word
        elif roman in GLUED_AFTER and joined:
            joined[-1] += word
        else:
            joined.append(word)
    return [*joined, waiting] if waiting else joined
