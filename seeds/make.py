"""Build all synthetic banks of the demonstration from one number.

    python seeds/make.py --home DIR --seed 1 --rows 2000 --documents 200000

Equal numbers make equal banks. A second run with the same numbers finds the stamp of the first and
does nothing.
"""

import argparse
import json
import shutil
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from seeds.banks.bank import Bank
from seeds.banks.registry import BANKS
from seeds.people import Avoided, make_entries
from seeds.planted import Subject, gather_avoided, make_subjects, select_records
from seeds.things import make_losses, make_mixed, make_officers, make_vehicles
from seeds.truth import DEFAULT_SEED, TRUTH, describe_truth

ROWS = 2_000
DOCUMENTS = 200_000
MOST_ROWS = 3_000_000
MOST_DOCUMENTS = 30_000_000

_HERE = Path(__file__).parent
_STAMP = "stamp.json"


def build(home: Path, *, seed: int, rows: int, documents: int) -> None:
    """Build all banks below ``home``, unless they are there.

    Args:
        home: The banks go to ``nodes/MEMBER/banks/BANK`` in it.
        seed: What all chance comes from.
        rows: Ordinary entries of a national register, 0 to 3,000,000.
        documents: Lost documents, 0 to 30,000,000; they need no more memory when they are more.

    Raises:
        ValueError: rows or documents is out of range.
    """
    _require_range("rows", rows, MOST_ROWS)
    _require_range("documents", documents, MOST_DOCUMENTS)
    stamp = json.dumps([seed, rows, documents, _digest_sources()])
    path = home / _STAMP
    if path.is_file() and path.read_text(encoding="utf-8") == stamp and has_all(home):
        return
    path.unlink(missing_ok=True)
    subjects = make_subjects(seed)
    maker = Maker(seed, rows, documents, subjects)
    for bank in BANKS:
        folder = find_folder(home, bank)
        clear_folder(folder)
        bank.write(folder, maker.stream(bank))
        shutil.copyfile(find_mapping(bank), folder / "mapping.toml")
    path.write_text(stamp, encoding="utf-8")


class Maker:
    """Makes the content of any bank, ordinary and planted, as one stream."""

    def __init__(self, seed: int, rows: int, documents: int, subjects: tuple[Subject, ...]) -> None:
        self._seed = seed
        self._rows = rows
        self._documents = documents
        self._subjects = subjects
        self._avoided: Avoided = gather_avoided(subjects)

    def stream(self, bank: Bank) -> Iterator[Any]:
        """Return all that a bank holds; planted records are spread evenly among the others."""
        count = self._documents if bank.holds == "documents" else int(self._rows * bank.share)
        planted = select_records(self._subjects, bank)
        return interleave(self._make_ordinary(bank, count), planted, count)

    def _make_ordinary(self, bank: Bank, count: int) -> Iterator[Any]:
        rng = Random(f"{self._seed}/{bank.name}")
        if bank.holds == "vehicles":
            return make_vehicles(bank, count, rng)
        if bank.holds == "documents":
            return make_losses(bank, count, rng, self._avoided)
        if bank.holds == "officers":
            return make_officers(bank, rng)
        if bank.holds == "mixed":
            return make_mixed(bank, count, rng, self._avoided)
        return make_entries(bank, count, rng, self._avoided)


def interleave(ordinary: Iterable[Any], planted: list[Any], count: int) -> Iterator[Any]:
    """Put the planted records evenly among about ``count`` ordinary ones."""
    gap = count // (len(planted) + 1) + 1
    waiting = iter(planted)
    for place, item in enumerate(ordinary, start=1):
        yield item
        if place % gap == 0:
            yield from (extra for extra in [next(waiting, None)] if extra is not None)
    yield from waiting


def find_folder(home: Path, bank: Bank) -> Path:
    """Return the folder of a bank below the home of the demonstration."""
    return home / "nodes" / bank.member / "banks" / bank.id


def find_mapping(bank: Bank) -> Path:
    """Return the committed mapping of a bank."""
    return _HERE / "mappings" / f"{bank.member}-{bank.id}.toml"


def has_all(home: Path) -> bool:
    """Tell whether every bank has its mapping in place."""
    return all((find_folder(home, bank) / "mapping.toml").is_file() for bank in BANKS)


def clear_folder(folder: Path) -> None:
    """Make a folder, or empty it of the files of an earlier build."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.is_file():
            old.unlink()


def _require_range(name: str, value: int, most: int) -> None:
    if not 0 <= value <= most:
        raise ValueError(f"{name} must be 0 to {most}")


def _digest_sources() -> str:
    """Return a digest of all that decides what is built."""
    digest = sha256()
    for path in sorted(_HERE.rglob("*")):
        if path.suffix in {".py", ".toml"}:
            digest.update(str(path.relative_to(_HERE)).encode() + path.read_bytes())
    return digest.hexdigest()


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build the synthetic banks.")
    parser.add_argument("--home", type=Path, required=True, help="where the federation lives")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--rows", type=int, default=ROWS, help="entries of a national register")
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="lost documents")
    parser.add_argument("--truth", action="store_true", help="write truth.json of the seed, too")
    return parser.parse_args()


def main() -> None:
    """Build the banks as the command line says."""
    arguments = _read_arguments()
    build(
        arguments.home,
        seed=arguments.seed,
        rows=arguments.rows,
        documents=arguments.documents,
    )
    if arguments.truth:
        TRUTH.write_text(describe_truth(arguments.seed), encoding="utf-8")
    print(f"{len(BANKS)} banks in {arguments.home}")


if __name__ == "__main__":
    main()
