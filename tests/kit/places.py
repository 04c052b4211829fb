"""Writes random TOML and notes where it put each key and each value.

The writer knows nothing of a parser: it counts lines and characters while it writes.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from adapters.mapping.spans import Location, Point

LETTERS = "aZ9-_ .\"'\\#=[]{},\tñшק𐍈😀\u2028\x85"
BARE = re.compile(r"[A-Za-z0-9_-]+")
SIMPLE = (
    *("0", "-17", "+1_000", "0x1F", "3.14", "-0.0", "1e6", "inf", "-nan", "true", "false"),
    *("1979-05-27T07:32:00Z", "1979-05-27 07:32:00.5", "1979-05-27", "07:32:00"),
)


@dataclass
class Writer:
    """A document as far as it is written.

    Attributes:
        keys: Each key, where it was written first.
        values: Each value; a table where its header is, else where its key was first.
        insides: For each string the place of each of its characters, and of its end.
    """

    choice: random.Random
    newline: str = "\n"
    text: str = ""
    keys: dict[Location, Point] = field(default_factory=dict)
    values: dict[Location, Point] = field(default_factory=dict)
    insides: dict[Location, list[Point]] = field(default_factory=dict)
    _line: int = 1
    _column: int = 1
    _names: int = 0
    _open: list[Location] = field(default_factory=lambda: [()])
    _implied: list[Location] = field(default_factory=list)

    @property
    def here(self) -> Point:
        return self._line, self._column

    def write(self, text: str) -> None:
        self.text += text
        for letter in text:
            self._line, self._column = (
                (self._line + 1, 1) if letter == "\n" else (self._line, self._column + 1)
            )

    def blank(self) -> None:
        self.write(self.choice.choice(("", "", " ", "\t", "  \t")))

    def end(self) -> None:
        """End a line, with a comment or not."""
        self.blank()
        self.write(self.choice.choice(("", "", '# x = "1" [a] 😀', "#")) + self.newline)

    def lines(self) -> None:
        """Write what may be between the items of an array."""
        for _ in range(self.choice.randrange(3)):
            self.choice.choice((self.blank, self.end))()

    def name(self) -> str:
        """Draw a name that is not in the document yet."""
        self._names += 1
        letters = self.choice.choices(LETTERS, k=self.choice.randrange(4))
        return "".join(letters) + f"k{self._names}" if self._names > 1 else ""

    def key(self, way: Location, name: str) -> Location:
        """Write one part of a key; what it is the key of is there until it is known."""
        way = (*way, name)
        self.keys.setdefault(way, self.here)
        self.values.setdefault(way, self.here)
        if BARE.fullmatch(name) and self.choice.random() < 0.8:
            self.write(name)
        elif "'" not in name and self.choice.random() < 0.5:
            self.write(f"'{name}'")
        else:
            self.write('"' + "".join(map(self.escape, name)) + '"')
        return way

    def escape(self, letter: str) -> str:
        if letter in '"\\':
            return "\\" + letter
        if self.choice.random() < 0.2:
            return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08X}"
        return "\\t" if letter == "\t" and self.choice.random() < 0.5 else letter

    def dotted(self, way: Location, parts: int) -> Location:
        for number in range(parts):
            if number:
                self.blank()
                self.write(".")
                self.blank()
            way = self.key(way, self.name())
        return way

    def pair(self, way: Location, depth: int = 0) -> None:
        way = self.dotted(way, self.choice.choice((1, 1, 1, 2, 3)))
        self.blank()
        self.write("=")
        self.blank()
        self.value(way, depth)

    def value(self, way: Location, depth: int) -> None:
        self.values[way] = self.here
        kinds = [self.simple, self.string, self.long, self.array, self.inline]
        self.choice.choice(kinds[: 3 if depth > 2 else 5])(way, depth)

    def simple(self, way: Location, depth: int) -> None:
        self.write(self.choice.choice(SIMPLE))

    def string(self, way: Location, depth: int) -> None:
        letters = self.choice.choices(LETTERS, k=self.choice.randrange(6))
        literal = "'" not in letters and self.choice.random() < 0.5
        quote = "'" if literal else '"'
        self.write(quote)
        self.letters(way, [x if literal else self.escape(x) for x in letters])
        self.write(quote)

    def long(self, way: Location, depth: int) -> None:
        literal = self.choice.random() < 0.5
        quote = "'''" if literal else '"""'
        self.write(quote + self.choice.choice(("", self.newline)))
        letters = self.choice.choices(LETTERS.replace("'", "") + "\n\n", k=self.choice.randrange(9))
        if letters and letters[0] == "\n":
            letters[0] = "x"  # else it would be the one that does not count
        pieces = [
            self.newline if x == "\n" else x if literal else self.choice.choice(self.folds(x))
            for x in letters
        ]
        self.letters(way, [*pieces, *([] if literal else self.choice.choice(([], ['"', '"'])))])
        self.write(quote)

    def folds(self, letter: str) -> tuple[str, ...]:
        """Write a letter with a line that is folded before it, or without."""
        plain = self.escape(letter)
        if letter in " \t":
            return (plain,)
        return plain, plain, f"\\ {self.newline}\t {self.newline}  {plain}"

    def letters(self, way: Location, pieces: list[str]) -> None:
        places = self.insides[way] = []
        for piece in pieces:
            fold = re.match(r"\\[ \t]*\r?\n[ \t\r\n]*", piece)
            self.write(fold[0] if fold else "")
            places.append(self.here)
            self.write(piece[fold.end() if fold else 0 :])
        places.append(self.here)

    def array(self, way: Location, depth: int) -> None:
        self.write("[")
        count = self.choice.randrange(4)
        for number in range(count):
            self.lines()
            self.value((*way, number), depth + 1)
            self.lines()
            self.write("," if number + 1 < count or self.choice.random() < 0.5 else "")
        self.lines()
        self.write("]")

    def inline(self, way: Location, depth: int) -> None:
        self.write("{")
        for number in range(self.choice.randrange(3)):
            self.write("," if number else "")
            self.blank()
            self.pair(way, depth + 1)
            self.blank()
        self.write("}")

    def header(self) -> None:
        """Write a header: of a new table, of one that was only passed, or of the next of many."""
        many = self.choice.random() < 0.4
        self.blank()
        start = self.here
        self.write("[[" if many else "[")
        self.blank()
        if self._implied and not many and self.choice.random() < 0.5:
            way = self.again(self._implied.pop())
        else:
            way = self.below(self.choice.choice(self._open), self.choice.choice((1, 1, 2, 3)))
        self.blank()
        self.write("]]" if many else "]")
        self.values[way] = start
        if many:
            way = (*way, 0)
            self.values[way] = start
        self.end()
        self._open.append(way)
        self.pairs(way)
        if many and self.choice.random() < 0.6:
            self.next(way)

    def again(self, way: Location) -> Location:
        """Write a way that was written before."""
        names = [part for part in way if isinstance(part, str)]
        for number, name in enumerate(names):
            self.write("." if number else "")
            self.key(self.up_to(way, number), name)
        return way

    def up_to(self, way: Location, names: int) -> Location:
        """Return the part of a way before one of its names."""
        places = [number for number, part in enumerate(way) if isinstance(part, str)]
        return way[: places[names]]

    def below(self, way: Location, parts: int) -> Location:
        self.again(way)
        self.write("." if way else "")
        found = self.dotted(way, parts)
        self._implied += [found[:n] for n in range(len(way) + 1, len(found))]
        return found

    def next(self, way: Location) -> None:
        """Write the next `[[table]]` of the same name, after which the one before is closed."""
        last = way[-1]
        assert isinstance(last, int)
        start = self.here
        self.write("[[")
        self.again(way[:-1])
        self.write("]]")
        self.end()
        closed = [each for each in self._open if each[: len(way)] == way]
        self._open = [each for each in self._open if each not in closed]
        self._implied = [each for each in self._implied if each[: len(way)] != way]
        way = (*way[:-1], last + 1)
        self.values[way] = start
        self._open.append(way)
        self.pairs(way)

    def pairs(self, way: Location) -> None:
        for _ in range(self.choice.randrange(4)):
            self.choice.choice((self.blank, self.end))()
            self.pair(way)
            self.end()


def write_document(choice: random.Random) -> Writer:
    """Write one random document."""
    writer = Writer(choice, choice.choice(("\n", "\r\n")))
    writer.pairs(())
    for _ in range(choice.randrange(5)):
        writer.header()
    return writer
