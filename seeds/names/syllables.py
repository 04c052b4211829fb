"""Build syllables in scripts whose consonants carry their vowel.

In Devanagari, Bengali, Sinhala and Tamil a consonant letter has a vowel of its own; another
vowel is a sign on it, none is a virama. What differs is when the virama is written: Sinhala and
Tamil mark every bare consonant, Devanagari and Bengali leave it out where readers supply it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from seeds.names.sounds import (
    HARD_STOPS,
    LETTER_NAMES,
    VOWELS,
    harden_stops,
    read_sounds,
    settle_vowels,
)


@dataclass(frozen=True, slots=True)
class Bare:
    """Describe a consonant without a vowel: itself, the next one, its place in the word."""

    sound: str
    following: str | None
    first: bool
    last_pair: bool


@dataclass(frozen=True, slots=True)
class Script:
    """Hold what one script writes.

    ``vowels`` gives for each sound the letter and the sign; ``endings`` replaces vowels at the
    end of a word; ``adapt`` rewrites the sounds a script cannot take as they are; ``nasals`` gives
    n before another consonant; ``joins`` says whether a bare consonant gets the virama.
    """

    consonants: Mapping[str, str]
    vowels: Mapping[str, tuple[str, str]]
    virama: str
    endings: Mapping[str, str]
    adapt: Callable[[list[str]], list[str]]
    nasals: Mapping[str, str]
    joins: Callable[[Bare], bool]
    splits_stops: bool = False


def write_word(word: str, origin: str, script: Script) -> str:
    """Write one word of plain a-z in the script."""
    if word in LETTER_NAMES:
        settled = list(LETTER_NAMES[word])
    else:
        settled = settle_vowels(read_sounds(word, origin), origin)
        if script.splits_stops and origin in HARD_STOPS:
            settled = harden_stops(settled)
    settled[-1:] = [script.endings.get(settled[-1], settled[-1])]
    return spell_sounds(script.adapt(settled), script)


def spell_sounds(sounds: Sequence[str], script: Script) -> str:
    """Write settled sounds: letters, signs, viramas."""
    return "".join(_spell_sound(sounds, place, script) for place in range(len(sounds)))


def _spell_sound(sounds: Sequence[str], place: int, script: Script) -> str:
    sound = sounds[place]
    following = sounds[place + 1] if place + 1 < len(sounds) else None
    carried = place > 0 and sounds[place - 1] not in VOWELS
    if sound in VOWELS:
        return script.vowels[sound][1 if carried else 0]
    if following in VOWELS:
        return script.consonants[sound]
    nasal = script.nasals.get(following or "") if place and not carried else None
    if sound == "n" and nasal:
        return nasal
    bare = Bare(
        sound=sound,
        following=following,
        first=all(other not in VOWELS for other in sounds[:place]),
        last_pair=place + 2 == len(sounds),
    )
    return script.consonants[sound] + (script.virama if script.joins(bare) else "")


def write_nasals(letters: Mapping[str, str]) -> dict[str, str]:
    """Spread ``{"k g": "ं"}`` to one entry for each following sound."""
    return {sound: nasal for sounds, nasal in letters.items() for sound in sounds.split()}
