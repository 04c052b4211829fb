"""The shape of what a synthetic bank knows, before the bank writes it in its own words.

A person is one; every bank that knows of the person has an entry of its own, with the name as its
clerks wrote it, the birth date as far as it is known there, and the documents seen there.
"""

from dataclasses import dataclass, replace
from datetime import date

from adapters.contract import Action, DocumentKind, RecordKind, Warn
from seeds.names.model import FullName


@dataclass(frozen=True, slots=True)
class Written:
    """Hold a name as a clerk wrote it, in parts; parts that are not known are empty.

    ``script`` is ISO 15924. ``father`` is the father's bare name where papers keep it.
    """

    given: str
    family: str
    patronymic: str
    father: str
    script: str

    @property
    def text(self) -> str:
        """Return given name, patronymic and family name with blanks between."""
        return " ".join(part for part in (self.given, self.patronymic, self.family) if part)

    @property
    def surname_first(self) -> str:
        """Return family name, given name and patronymic with blanks between."""
        return " ".join(part for part in (self.family, self.given, self.patronymic) if part)


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold one document. ``issuer`` is ISO 3166-1 alpha-3; ``series`` may be empty."""

    kind: DocumentKind
    issuer: str
    number: str
    series: str = ""

    @property
    def whole(self) -> str:
        """Return series and number as one text, as a passport's data page shows it."""
        return self.series + self.number

    @property
    def plain(self) -> "Paper":
        """Return the document with letters and digits only, as a clerk abroad types it."""
        return replace(self, number="".join(filter(str.isalnum, self.number)))


@dataclass(frozen=True, slots=True)
class Birth:
    """Hold a birth date as a bank believes it.

    ``known`` says how much of it the bank holds: "day", "month" or "year". The whole date is kept,
    because a year of another calendar can only be told from it.
    """

    date: date
    known: str = "day"

    @property
    def iso(self) -> str:
        """Return YYYY, YYYY-MM or YYYY-MM-DD, as much as is known."""
        return self.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.known]]


@dataclass(frozen=True, slots=True)
class Person:
    """Hold one synthetic person. ``nationality`` is ISO 3166-1 alpha-3."""

    name: FullName
    birth: date
    nationality: str
    papers: tuple[Paper, ...]
    number: str
    phone: str
    city: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold what one bank knows of a person.

    ``second`` is the name in the bank's second script, or None. ``number`` is the national number,
    ``entered`` the day on which the bank got the entry. Texts that are not known are empty.
    """

    reference: str
    kind: RecordKind
    name: Written
    second: Written | None
    aliases: tuple[Written, ...]
    sex: str
    birth: Birth
    nationality: str
    papers: tuple[Paper, ...]
    number: str
    phone: str
    place: str
    warnings: tuple[Warn, ...]
    action: Action
    entered: date
    plate: str = ""

    def paper(self, *kinds: DocumentKind) -> str:
        """Return the number of the first document of one of these kinds, or an empty text."""
        return next((paper.whole for paper in self.papers if paper.kind in kinds), "")


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Hold one vehicle that a bank looks for."""

    reference: str
    kind: RecordKind
    plate: str
    vin: str
    model: str
    colour: int
    country: str
    entered: date


@dataclass(frozen=True, slots=True)
class Organisation:
    """Hold one organisation that a bank looks at."""

    reference: str
    kind: RecordKind
    title: str
    number: str
    country: str
    entered: date


@dataclass(frozen=True, slots=True)
class Loss:
    """Hold one document that was stolen, lost or revoked. ``lost`` is the day of the loss."""

    reference: int
    kind: RecordKind
    paper: Paper
    lost: date


@dataclass(frozen=True, slots=True)
class Officer:
    """Hold one contact officer. ``member`` is the member that the officer serves."""

    reference: str
    member: str
    name: str
    office: str
    phone: str
    email: str
