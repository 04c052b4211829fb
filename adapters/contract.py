"""All that the author of an adapter imports.

An adapter makes one bank searchable: it gets one probe at a time and returns the records that may
match. Who may ask, and how well a record matches, the node decides. Only the standard library.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Protocol

API_VERSION = 1
"""The version of this contract. It changes only when adapters have to change."""

ProbeKind = StrEnum("ProbeKind", "PERSON DOCUMENT VEHICLE ORGANISATION IDENTIFIER BIOMETRIC")
"""What can be looked for."""

FieldName = StrEnum(
    "FieldName",
    "NAME BIRTH_DATE BIRTH_PLACE SEX NATIONALITY DOCUMENT PLATE VIN VEHICLE ORGANISATION "
    "REGISTRATION_NUMBER IDENTIFIER ADDRESS OFFENCE COUNTRY LOSS_DATE REMARK",
)
"""Of a record: NAME a PersonName, BIRTH_DATE and LOSS_DATE a PartialDate or DateSpan, SEX a Sex,
DOCUMENT a Document, IDENTIFIER an Identifier, NATIONALITY and COUNTRY ISO alpha-3, others text."""

RecordKind = StrEnum(
    "RecordKind",
    "WANTED SUSPECTED_TERRORIST MISSING STOLEN_DOCUMENT LOST_DOCUMENT REVOKED_DOCUMENT "
    "STOLEN_VEHICLE ORGANISED_CRIME SANCTIONED DISCREET_CHECK REGISTERED CONTACT_OFFICER REMAINS",
)
"""Why a bank holds a record."""

Sex = StrEnum("Sex", "FEMALE MALE OTHER")
"""The sex as in travel documents."""

NameKind = StrEnum("NameKind", "PRIMARY ALIAS WEAK_ALIAS")
"""What kind of name it is."""

DocumentKind = StrEnum(
    "DocumentKind", "PASSPORT IDENTITY_CARD VISA RESIDENCE_PERMIT DRIVING_LICENCE OTHER"
)
"""What kind of document it is."""

IdentifierKind = StrEnum("IdentifierKind", "PHONE EMAIL IMEI HANDLE NATIONAL_NUMBER")
"""What kind of identifier it is."""

Warn = StrEnum("Warn", "ARMED VIOLENT ESCAPE_RISK EXPLOSIVES SUICIDE_RISK CONTAGIOUS")
"""What endangers the officer."""

Action = StrEnum(
    "Action", "ARREST DISCREET_CHECK SPECIFIC_CHECK SEIZE PROTECT INFORM_OWNER REFUSE_ENTRY"
)
"""What the owner asks to be done on a hit."""

Urgency = StrEnum("Urgency", "IMMEDIATE HOUR DAY ROUTINE")
"""How fast the owner confirms a hit."""

Tlp = StrEnum("Tlp", "CLEAR GREEN AMBER AMBER_STRICT RED")
"""Who may see a thing: Traffic Light Protocol 2.0, from open to closed."""

EuropolCode = StrEnum("EuropolCode", {"H0": "H0", "H1": "H1", "H2": "H2", "H3": "H3"})
"""What may be done with a thing: Europol handling codes."""


@dataclass(frozen=True, slots=True)
class Handling:
    """The handling codes of a record or a field."""

    tlp: Tlp = Tlp.AMBER
    europol: tuple[EuropolCode, ...] = ()
    confirm_first: bool = False


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A Gregorian date of the years 1 to 9999. Month and day, or the day alone, may be unknown.

    Raises:
        ValueError: A part is out of range; the message names part and range.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9999:  # noqa: PLR2004 - the years of datetime
            raise ValueError("year must be 1..9999")
        if self.month is not None and not 1 <= self.month <= 12:  # noqa: PLR2004 - a year's months
            raise ValueError("month must be 1..12")
        if self.day is not None:
            if self.month is None:
                raise ValueError("day is given without a month")
            if not 1 <= self.day <= (last := monthrange(self.year, self.month)[1]):
                raise ValueError(f"day must be 1..{last}")

    @property
    def span(self) -> DateSpan:
        """The first and the last day that this may be."""
        month = self.month or 12
        last = date(self.year, month, self.day or monthrange(self.year, month)[1])
        return DateSpan(date(self.year, self.month or 1, self.day or 1), last)

    @property
    def iso(self) -> str:
        """YYYY, YYYY-MM or YYYY-MM-DD."""
        known = (part for part in (self.month, self.day) if part is not None)
        return "-".join((f"{self.year:04d}", *(f"{part:02d}" for part in known)))


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days from first to last, both included. Raises ValueError where last is before first."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("last day of a span is before its first")

    @property
    def span(self) -> DateSpan:
        """Itself, so that a date and a span can be asked alike."""
        return self

    def overlaps(self, other: DateSpan) -> bool:
        """Whether any day is in both."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name: whole, or in parts, or both."""

    full: str = ""
    given: str = ""
    family: str = ""
    patronymic: str = ""
    kind: NameKind = NameKind.PRIMARY

    @property
    def text(self) -> str:
        """The whole name, put together from its parts where `full` is empty."""
        return self.full or " ".join(p for p in (self.given, self.patronymic, self.family) if p)


@dataclass(frozen=True, slots=True)
class Document:
    """A travel or identity document. `issuer` is ISO 3166-1 alpha-3 or ICAO, or empty."""

    number: str
    kind: DocumentKind | None = None
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A telephone number, an address, a device or a national number."""

    kind: IdentifierKind
    value: str


Value = PersonName | PartialDate | DateSpan | Document | Identifier | Sex | str
"""The value of a field; FieldName tells which type belongs to which field."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record. `handling` is the record's own where it is None."""

    name: FieldName
    value: Value
    handling: Handling | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a bank, in our words.

    Attributes:
        reference: The bank's own reference, 1 to 100 characters, stable.
        kind: Why the bank holds it.
        fields: At most 64; a field that occurs often is repeated.
        handling: The handling codes; the bank's default where the record has none.
        warnings, action, urgency: What endangers the officer; what the owner asks; how fast.
        as_of: Of when the record is, aware; None where the bank does not tell.
        score: How well it matches, 0 to 1, by a node that scored it with more than it released.
    """

    reference: str
    kind: RecordKind
    fields: tuple[Field, ...]
    handling: Handling = field(default_factory=Handling)
    warnings: tuple[Warn, ...] = ()
    action: Action | None = None
    urgency: Urgency | None = None
    as_of: datetime | None = None
    score: float | None = None

    def values(self, name: FieldName) -> tuple[Value, ...]:
        """All values of one field."""
        return tuple(f.value for f in self.fields if f.name == name)


@dataclass(frozen=True, slots=True)
class PersonProbe:
    """Looks for a person by at least one name."""

    names: tuple[PersonName, ...]
    birth: PartialDate | DateSpan | None = None
    sex: Sex | None = None
    nationalities: tuple[str, ...] = ()
    place: str = ""
    kind: ClassVar[ProbeKind] = ProbeKind.PERSON


@dataclass(frozen=True, slots=True)
class DocumentProbe:
    """Looks for a document. `number` is normalised: upper case, letters and digits alone."""

    number: str
    document: DocumentKind | None = None
    issuer: str = ""
    kind: ClassVar[ProbeKind] = ProbeKind.DOCUMENT


@dataclass(frozen=True, slots=True)
class VehicleProbe:
    """Looks for a vehicle by plate or VIN; both normalised as a document number is."""

    plate: str = ""
    vin: str = ""
    country: str = ""
    kind: ClassVar[ProbeKind] = ProbeKind.VEHICLE


@dataclass(frozen=True, slots=True)
class OrganisationProbe:
    """Looks for an organisation by name or registration number."""

    name: str = ""
    number: str = ""
    country: str = ""
    kind: ClassVar[ProbeKind] = ProbeKind.ORGANISATION


@dataclass(frozen=True, slots=True)
class IdentifierProbe:
    """Looks for whoever or whatever uses an identifier, normalised."""

    identifier: Identifier
    country: str = ""
    kind: ClassVar[ProbeKind] = ProbeKind.IDENTIFIER


Probe = PersonProbe | DocumentProbe | VehicleProbe | OrganisationProbe | IdentifierProbe


@dataclass(frozen=True, slots=True, eq=False, repr=False, weakref_slot=True)
class SignedQuestion:
    """An officer's own question to `bank` (MEMBER/bank) as it came. No repr shows any of it."""

    query: bytes
    token: str
    signature: str
    public_key: bytes
    bank: str
    notice: tuple[bytes, str] = (b"", "")  # what the officer's member has revoked, signed
    via: tuple[str, ...] = ()  # the banks of kind node that handed it on


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may cost: `rows` returned, 1 to 1,000, and seconds until it is given up.

    For banks that check the officer: `question` as it came, `index` the probe of it that is meant.
    """

    rows: int
    timeout_s: float
    question: SignedQuestion | None = None
    index: int = 0
    birth: PartialDate | DateSpan | None = None  # of strict banks: `fetch` may leave out others


@dataclass(frozen=True, slots=True)
class Result:
    """Candidates in a stable order. `truncated` says that the bank has more."""

    records: tuple[Record, ...]
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """One record's names, for the in-country index."""

    reference: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Capability:
    """What an adapter can do. What is not declared is rejected, never dropped.

    Attributes:
        probes, kinds, fields: What `search` takes; what its records are; what they can have.
        fuzzy: The bank finds names across spellings; else the node's index does, and it fetches.
        scripts, engine: Of its names, ISO 15924; kind and engine for people, as "sql postgres".
        strict: BIRTH_DATE where the node shall drop who was born on none of the days asked for.
    """

    probes: frozenset[ProbeKind]
    kinds: frozenset[RecordKind]
    fields: frozenset[FieldName]
    fuzzy: bool = False
    scripts: tuple[str, ...] = ()
    engine: str = ""
    strict: frozenset[FieldName] = frozenset()


class Adapter(Protocol):
    """Makes one bank searchable. All methods may be called from one event loop at the same time.

    None ever blocks the loop. A call that is cancelled, or out of time, stops the bank's work too.
    """

    @property
    def capability(self) -> Capability:
        """What the bank can do; the same from open to close."""

    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Find records by values that the bank compares itself. Raises one of the errors below."""

    async def fetch(self, references: Sequence[str], limits: Limits) -> Result:
        """Read records by reference, at most 1,000; unknown ones are left out. Raises as search."""

    def names(self) -> AsyncIterator[Named]:
        """Read the names of all records, for the in-country index. Raises as search."""

    async def watermark(self) -> str:
        """A text that changes when the bank's data change; empty where the bank cannot tell."""

    async def as_of(self) -> datetime | None:
        """Of when the bank's data are, aware; None where the bank cannot tell."""

    async def close(self) -> None:
        """Give back every resource. Safe to call twice."""


class AdapterError(Exception):
    """The root of all that an adapter raises. Its text never holds a value of a query or a bank."""

    reason: ClassVar[str] = "ADAPTER"


class QueryRejectedError(AdapterError):
    """The bank cannot search for this; do not ask again."""

    reason: ClassVar[str] = "QUERY_REJECTED"


class BankRefusedError(AdapterError):
    """The owner refuses. The officer is told `rule` (100 characters), `text` (300), `contact`."""

    reason: ClassVar[str] = "BANK_REFUSED"

    def __init__(self, rule: str, text: str = "", contact: str = "") -> None:
        super().__init__("the owner of the bank refuses this question")
        self.rule, self.text, self.contact = rule, text, contact


class BankUnavailableError(AdapterError):
    """The bank cannot be reached or failed now; ask again later."""

    reason: ClassVar[str] = "BANK_UNAVAILABLE"


class BankTimeoutError(AdapterError):
    """The time was over and the bank's work was stopped."""

    reason: ClassVar[str] = "BANK_TIMEOUT"


class BankFaultError(AdapterError):
    """The bank's answer does not fit its mapping; its engineer must look."""

    reason: ClassVar[str] = "BANK_FAULT"


class MappingError(AdapterError):
    """The mapping is wrong. The text names file, line and field, and says what to write."""

    reason: ClassVar[str] = "MAPPING"
