"""The shape of a synthetic name, shared by all members.

Decides what a name part is (own script and passport Latin, always side by side) and in which
order a member writes the parts of a full name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

GIVEN = "given"
PATRONYMIC = "patronymic"
FAMILY = "family"

_DEFAULT_ORDER = (GIVEN, PATRONYMIC, FAMILY)

# The order in which the identity papers of a member put the parts. A father's bare name is left
# out where the papers keep it in a field of its own (AFG father's name, PAK S/O and D/O).
_ORDERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AFG": (GIVEN,),
        "AZE": (FAMILY, GIVEN, PATRONYMIC),
        "KAZ": (FAMILY, GIVEN, PATRONYMIC),
        "KGZ": (FAMILY, GIVEN, PATRONYMIC),
        "TJK": (FAMILY, GIVEN, PATRONYMIC),
        "UZB": (FAMILY, GIVEN, PATRONYMIC),
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one name part as its own people write it and as the passport has it."""

    local: str
    latin: str


@dataclass(frozen=True, slots=True)
class NameLists:
    """Hold the common names of one member.

    ``member`` is ISO 3166 alpha-3, ``script`` is ISO 15924. ``family_female`` has the same order
    as ``family`` where families inflect and is empty elsewhere.
    """

    member: str
    script: str
    male: tuple[Part, ...]
    female: tuple[Part, ...]
    family: tuple[Part, ...]
    family_female: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class FullName:
    """Hold the full name of one synthetic person.

    ``father`` is the father's bare given name where the culture writes it; ``sex`` is "M" or "F";
    ``origin`` is the member whose pattern the name follows.
    """

    given: Part
    patronymic: Part | None
    family: Part | None
    father: Part | None
    script: str
    sex: str
    origin: str

    def parts(self) -> tuple[Part, ...]:
        """Return the written parts in the member's usual order."""
        named = {GIVEN: self.given, PATRONYMIC: self.patronymic, FAMILY: self.family}
        order = _ORDERS.get(self.origin, _DEFAULT_ORDER)
        return tuple(part for key in order if (part := named[key]) is not None)

    def local(self) -> str:
        """Write the name in the member's own script and usual order."""
        return " ".join(part.local for part in self.parts())

    def latin(self) -> str:
        """Write the name in passport Latin, in the member's usual order."""
        return " ".join(part.latin for part in self.parts())
