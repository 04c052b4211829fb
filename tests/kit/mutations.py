"""Ways to change a log: one bit, or all of it but what only its key can make.

As a script it tries as many as are wanted: `python -m tests.kit.mutations 100000`.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger.frames import NO_FRAME, encode_frame, frame_digest
from gateway.ledger.tiles.edge import Edge
from gateway.ledger.tlog.checkpoint import Checkpoint
from gateway.ledger.tlog.paths import decode_bundle, encode_bundle
from gateway.ledger.tlog.signer import Signer
from tests.kit.logs import ORIGIN, check, make_entries, write_log

SIZE = 1_000
OLDER = 900
ADDED = (
    "tile/0/004",
    "tile/0/003",
    "tile/1/000",
    "tile/entries/003",
    "tile/2/000.p/1",
    "tile/0/003.p/7",
    "tile/entries/003.p/240",
    "tile/x",
    "tile/0/3",
    "tile/0/000.p/9",
)
Files = dict[str, bytes | None]


class Mutator:
    """A log that is changed, checked and put back, again and again."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.directory = directory
        self.choice = random.Random(seed)
        self.older, self.newest = write_log(directory, [OLDER, SIZE])
        self.entries = make_entries(SIZE)
        self.files: Files = {
            path.relative_to(directory).as_posix(): path.read_bytes()
            for path in directory.rglob("*")
            if path.is_file()
        }
        stale = {f"tile/0/003.p/{OLDER % 256}", f"tile/entries/003.p/{OLDER % 256}"}
        self.stale = stale & self.files.keys()
        self.done: Counter[str] = Counter()
        self.ways: tuple[Callable[[], Files], ...] = (
            self.turn_bit,
            self.turn_bit,
            self.turn_bit,
            self.cut_file,
            self.cut_file,
            self.drop_file,
            self.exchange_files,
            self.add_file,
            self.change_bundle,
            self.change_bundle,
            self.change_segments,
            self.change_all,
            self.cut_all,
            self.old_checkpoint,
            self.foreign_checkpoint,
        )

    def run(self, count: int) -> Iterator[str]:
        """Try so many; yield the name of each way that was not found, else an empty text."""
        for number in range(count):
            way = self.ways[number % len(self.ways)]
            changed = way()
            self.put(changed)
            found = check(self.directory).findings
            self.done[number % len(self.ways)] += 1
            self.put_back(changed)
            yield "" if found else f"{way.__name__} {sorted(changed)}"

    def put(self, changed: Files) -> None:
        for name, data in changed.items():
            path = self.directory / name
            if data is None:
                path.unlink(missing_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)

    def put_back(self, changed: Files) -> None:
        self.put({name: self.files.get(name) for name in changed})

    def pick(self, *, without: frozenset[str] = frozenset()) -> str:
        return self.choice.choice(sorted(self.files.keys() - without))

    def turn_bit(self) -> Files:
        name = self.pick()
        data = bytearray(self.files[name])
        data[self.choice.randrange(len(data))] ^= 1 << self.choice.randrange(8)
        return {name: bytes(data)}

    def cut_file(self) -> Files:
        # An empty mark claims nothing: it is lost, the log is not.
        name = self.pick(without=frozenset({"mark"}))
        return {name: self.files[name][: self.choice.randrange(len(self.files[name]))]}

    def drop_file(self) -> Files:
        # An old partial tile may go once a larger one is signed; the mark is no part of the log.
        return {self.pick(without=frozenset({"mark", *self.stale})): None}

    def exchange_files(self) -> Files:
        one = self.pick()
        other = self.choice.choice([n for n, d in self.files.items() if d != self.files[one]])
        return {one: self.files[other], other: self.files[one]}

    def add_file(self) -> Files:
        name = self.choice.choice(ADDED)
        return {name: self.choice.randbytes(self.choice.choice([32, 8_192, 7]))}

    def change_list(self, entries: list[bytes]) -> list[bytes]:
        """Delete, insert, double, exchange or alter entries."""
        changed = list(entries)
        at, to = self.choice.sample(range(len(changed)), 2)
        way = self.choice.randrange(5)
        if way == 0:
            del changed[at]
        elif way == 1:
            changed.insert(at, make_entries(1, SIZE + at)[0])
        elif way == 2:
            changed.insert(to, changed[at])
        elif way == 3:
            changed[at], changed[to] = changed[to], changed[at]
        else:
            changed[at] = changed[at].replace(b"KAZ", b"TUR")
        return changed

    def change_bundle(self) -> Files:
        name = self.choice.choice([n for n in self.files if n.startswith("tile/entries")])
        width = int(name.rpartition("/")[2]) if ".p/" in name else 256
        return {name: encode_bundle(self.change_list(list(decode_bundle(self.files[name], width))))}

    def change_segments(self) -> Files:
        return self.segments(self.change_list(self.entries))

    def change_all(self) -> Files:
        entries = self.change_list(self.entries)
        return {**self.segments(entries), **self.tiles(entries)}

    def cut_all(self) -> Files:
        entries = self.entries[: self.choice.randrange(1, SIZE)]
        return {**self.segments(entries), **self.tiles(entries)}

    def old_checkpoint(self) -> Files:
        return {"checkpoint": self.older.note}

    def foreign_checkpoint(self) -> Files:
        """A checkpoint that fits what was altered, signed by another key of the same name."""
        entries = self.change_list(self.entries)
        signer = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(self.choice.randbytes(32)))
        tree = make_edge(entries).tree()
        note = signer.sign(str(Checkpoint(ORIGIN, *tree))).encode()
        return {**self.segments(entries), **self.tiles(entries), "checkpoint": note}

    def cut_back(self) -> None:
        """Put the whole log back to its older checkpoint, mark and all."""
        entries = self.entries[:OLDER]
        self.put({**self.segments(entries), **self.tiles(entries), "mark": None})
        self.put({"checkpoint": self.older.note})

    def segments(self, entries: list[bytes]) -> Files:
        """Segments with a sound chain over other entries."""
        frames, previous = [], NO_FRAME
        for index, entry in enumerate(entries):
            frames.append(encode_frame(entry, index, position=0, previous=previous))
            previous = frame_digest(frames[-1])
        names = [name for name in self.files if name.endswith(".log")]
        return {**dict.fromkeys(names), "00000000.log": b"".join(frames)}

    def tiles(self, entries: list[bytes]) -> Files:
        """Bundles and tiles that fit each other over other entries."""
        edge = make_edge(entries)
        made = {part.path: data for part, data in edge.list_partial().items()}
        made |= {part.path: data for part, data in edge.take_full().items()}
        return {**dict.fromkeys(n for n in self.files if n.startswith("tile")), **made}


def make_edge(entries: list[bytes]) -> Edge:
    edge = Edge()
    for entry in entries:
        edge.add(entry)
    return edge


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        mutator = Mutator(Path(folder) / "log", seed=0)
        missed = [name for name in mutator.run(count) if name]
    print(f"{count} mutations, {len(missed)} not found", *missed, sep="\n")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
