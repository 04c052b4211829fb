"""Open what is sealed in entries with a custodian's key; each key that is opened is an entry."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from gateway.access.federation import Federation
from gateway.access.keys import read_key
from gateway.cli.exits import CommandError
from gateway.cli.ledgers import Key, Opened
from gateway.ledger.custody import PeriodKey, unwrap_key, write_point
from gateway.ledger.entry import Entry
from gateway.ledger.errors import KeyUnavailableError
from gateway.ledger.seal import Place, key_id_of, unseal
from kalkan.v1 import model_pb2 as model

if TYPE_CHECKING:
    from gateway.cli.options import Opening

MAX_REASON: Final = 200


@dataclass(slots=True)
class Opener:
    """Opens parts of one ledger as one custodian.

    Attributes:
        ledger: The ledger.
        authority: The member whose custodian it is.
        name: The custodian's name.
        private: The custodian's key.
        reason: Why, for the entries.
        unopened: How many parts did not open: their key has been destroyed.
    """

    ledger: Opened
    authority: str
    name: str
    private: EllipticCurvePrivateKey
    reason: str
    unopened: int = 0
    _keys: dict[str, PeriodKey | None] = field(default_factory=dict)
    _named: dict[str, Key] | None = None

    async def open(self, index: int, entry: Entry) -> dict[str, str] | None:
        """Open the part of an entry; None where none is sealed to this authority, or any more."""
        if self.authority not in entry.sealed:
            return None
        try:
            sealed = await self.ledger.source.part(index, self.authority)
            key = await self._key(key_id_of(sealed))
            if key is not None:
                return unseal(sealed, key, Place.of(entry))
        except KeyUnavailableError:
            pass
        self.unopened += 1
        return None

    async def query(self, index: int, entry: Entry) -> model.Query | None:
        """Open the question of an entry; None where there is none that opens."""
        part = await self.open(index, entry)
        return read_query(part) if part is not None else None

    async def _key(self, number: str) -> PeriodKey | None:
        if number not in self._keys:
            self._keys[number] = await self._unwrap(number)
        return self._keys[number]

    async def _unwrap(self, number: str) -> PeriodKey | None:
        if self._named is None:
            self._named = {key[2]: key for key in await self.ledger.source.keys()}
        named = self._named.get(number)
        if named is None:
            return None
        wrapped = await self.ledger.source.wrapped(named, self.reason)
        return unwrap_key(wrapped, self.name, self.private)


def read_query(part: dict[str, str]) -> model.Query | None:
    """The question in an opened part; None where it holds something else."""
    return model.Query.FromString(b64decode(part["query"])) if "query" in part else None


def make_opener(options: Opening, ledger: Opened) -> Opener | None:
    """The custodian whose key is named; None where none is.

    Raises:
        CommandError: The reason is missing, or the key is no custodian's of the federation file.
        AccessError: The key cannot be read.
    """
    if options.key is None:
        return None
    if not 1 <= len(options.reason) <= MAX_REASON:
        raise CommandError("say why it is opened: --reason, 1 to 200 characters")
    private = read_key(options.key)
    if not isinstance(private, EllipticCurvePrivateKey):
        raise CommandError(f"{options.key}: a custodian's key is P-256")
    authority, name = _find(ledger.federation, private, options.as_custodian)
    return Opener(ledger, authority, name, private, options.reason)


def need_opener(options: Opening, ledger: Opened) -> Opener:
    """As `make_opener`, where it cannot be done without a key."""
    opener = make_opener(options, ledger)
    if opener is None:
        raise CommandError("this is sealed: name a custodian's key with --key")
    return opener


def _find(federation: Federation, private: EllipticCurvePrivateKey, name: str) -> tuple[str, str]:
    """Find whose key it is."""
    point = write_point(private.public_key())
    for member in federation.members:
        for custodian in member.custodians:
            if custodian.key == point and name in {"", custodian.name}:
                return member.code, custodian.name
    raise CommandError("the key is no custodian's of the federation file")
