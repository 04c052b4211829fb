"""The members of the demonstration: who they are, in which order, and whom to ask.

Static facts only. Keys, certificates and ports are made at the first start and are not here.

The regional centre has the code RCC and the bank of lost documents XPO. Neither is a country: ISO
3166-1 gives RCC to nobody, and XPO lies in the range that it leaves to its users (ICAO Doc 9303
uses it for INTERPOL).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from seeds.banks.registry import BANKS

FEDERATION_ID = "kalkan-demo"
OVERSIGHT = ("RCC",)  # its auditors see all entries of the hub


@dataclass(frozen=True, slots=True)
class Member:
    """Hold the facts of one member.

    Attributes:
        code: ISO 3166-1 alpha-3, or RCC or XPO.
        title: The name in English.
        languages: ISO 639-1 codes of what its banks are written in, the main one first.
        office: The office to ask.
        phone: Of that office; made up, as all numbers here.
        order: Its place among the members, from 1; ports and keys are made in this order.
    """

    code: str
    title: str
    languages: tuple[str, ...]
    office: str
    phone: str
    order: int

    @property
    def email(self) -> str:
        """Return the address of the office that is on duty."""
        return f"duty@{self.code.lower()}.kalkan.example"

    @property
    def banks(self) -> tuple[str, ...]:
        """Return the names of its banks, such as KAZ/persons."""
        return tuple(bank.name for bank in BANKS if bank.member == self.code)

    @property
    def engine(self) -> str:
        """Return postgres, mariadb or ldap where the member has such a server, else nothing."""
        engines = {bank.engine for bank in BANKS if bank.member == self.code}
        return next(iter(engines - {""}), "")


# code, title, languages, city of the contact point, country code of telephones
_COUNTRIES = (
    ("AFG", "Afghanistan", "fa", "Kabul", "93"),
    ("AZE", "Azerbaijan", "az", "Baku", "994"),
    ("BGD", "Bangladesh", "bn en", "Dhaka", "880"),
    ("GEO", "Georgia", "ka", "Tbilisi", "995"),
    ("IND", "India", "hi en", "New Delhi", "91"),
    ("IRN", "Iran", "fa", "Tehran", "98"),
    ("KAZ", "Kazakhstan", "kk", "Astana", "7"),
    ("KGZ", "Kyrgyzstan", "ky", "Bishkek", "996"),
    ("LKA", "Sri Lanka", "si ta", "Colombo", "94"),
    ("MDV", "Maldives", "dv", "Malé", "960"),
    ("NPL", "Nepal", "ne", "Kathmandu", "977"),
    ("PAK", "Pakistan", "ur en", "Islamabad", "92"),
    ("TJK", "Tajikistan", "tg", "Dushanbe", "992"),
    ("TUR", "Türkiye", "tr", "Ankara", "90"),
    ("UZB", "Uzbekistan", "uz", "Tashkent", "998"),
)

COUNTRIES = tuple(
    Member(
        code, title, tuple(languages.split()), f"National Contact Point {city}",
        f"+{phone} 000 000 0001", order,
    )
    for order, (code, title, languages, city, phone) in enumerate(_COUNTRIES, start=1)
)  # fmt: skip

ORGANISATIONS = (
    Member(
        "RCC", "Regional Counter-Terrorism Centre", ("ru", "en"),
        "Duty Desk of the Regional Centre", "+000 000 0001", len(COUNTRIES) + 1,
    ),
    Member(
        "XPO", "Lost and Stolen Travel Documents", ("en",),
        "Command Centre for Travel Documents", "+000 000 0002", len(COUNTRIES) + 2,
    ),
)  # fmt: skip

MEMBERS: tuple[Member, ...] = COUNTRIES + ORGANISATIONS
"""All members, in their order."""

PROJECTS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "kalkan": ("Project Kalkan", tuple(member.code for member in MEMBERS)),
        "caspian": ("Caspian Circle", ("AZE", "GEO", "IRN", "KAZ", "TUR")),
        "himalaya": ("Himalayan Circle", ("BGD", "IND", "LKA", "MDV", "NPL")),
    }
)
"""Names of the projects, each with a title and its members."""


def find_member(code: str) -> Member:
    """Return a member by its code.

    Raises:
        KeyError: there is no such member.
    """
    return _BY_CODE[code]


_BY_CODE = {member.code: member for member in MEMBERS}
