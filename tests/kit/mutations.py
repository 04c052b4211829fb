"""Ways to change a log: one bit, all of it but what only its key can make, and that too.

Who has the key can make another log that is whole: a witness alone remembers what it signed.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger.frames import NO_FRAME, encode_frame, frame_digest
from gateway.ledger.tiles.edge import Edge
from gateway.ledger.tiles.integrator import Published
from gateway.ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from gateway.ledger.tlog.merkle import Tree
from gateway.ledger.tlog.paths import decode_bundle, encode_bundle
from gateway.ledger.tlog.signer import Signer
from gateway.ledger.witness.state import judge
from tests.kit.logs import ORIGIN, SIGNER, check, make_entries, write_log
from tests.kit.witnesses import LOGS, body

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
            for path in sorted(directory.rglob("*"))
            if path.is_file()
        }
        stale = {f"tile/0/003.p/{OLDER % 256}", f"tile/entries/003.p/{OLDER % 256}"}
        self.stale = stale & self.files.keys()
        self.done: Counter[tuple[str, str]] = Counter()
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
            self.cut_back,
            self.signed_anew,
        )

    def run(self, count: int) -> Iterator[str]:
        """Try so many; yield the name of each way that was not found, else an empty text."""
        for number in range(count):
            way = self.ways[number % len(self.ways)]
            changed = way()
            self.put(changed)
            by = self.found_by()
            self.done[way.__name__, by] += 1
            self.put_back(changed)
            yield "" if by else f"{way.__name__} {sorted(changed)}"

    def found_by(self) -> str:
        """Who sees that the log was changed: "verify", else "witness", else nobody."""
        if check(self.directory).findings:
            return "verify"
        return "witness" if self.ask_witness() else ""

    def ask_witness(self) -> bool:
        """Whether a witness that has signed the log before it was changed raises an alarm."""
        note = (self.directory / "checkpoint").read_bytes()
        checkpoint = open_checkpoint(note, SIGNER.vkey)
        tree = Tree(checkpoint.size, checkpoint.root)
        request = body(self.directory, Published(note, tree), min(SIZE, tree.size))
        return judge(request, LOGS, {ORIGIN: self.newest.tree}.get).fault is not None

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
        key = Ed25519PrivateKey.from_private_bytes(self.choice.randbytes(32))
        return self.whole(self.change_list(self.entries), Signer(ORIGIN, key))

    def cut_back(self) -> Files:
        """The whole log as it was at its older checkpoint, mark and all."""
        entries = self.entries[:OLDER]
        return {**self.whole(entries, SIGNER), "checkpoint": self.older.note}

    def signed_anew(self) -> Files:
        """Another log, longer, shorter or of the same size, signed by the log's own key."""
        entries = self.change_list(self.entries)
        entries += make_entries(self.choice.randrange(3), 2 * SIZE)
        return self.whole(entries[: self.choice.choice([None, -5])], SIGNER)

    def whole(self, entries: list[bytes], signer: Signer) -> Files:
        """All files of a log of these entries; it has no mark, which claims nothing."""
        note = signer.sign(str(Checkpoint(ORIGIN, *make_edge(entries).tree()))).encode()
        parts = {**self.segments(entries), **self.tiles(entries)}
        return {**parts, "checkpoint": note, "mark": None}

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
