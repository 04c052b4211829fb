"""What is fed to an adapter: hostile texts, any text, and a probe of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.contract import (
    DocumentProbe,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PersonName,
    PersonProbe,
    Probe,
    VehicleProbe,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["ABSENT", "HOSTILE", "MARKER", "SAMPLES", "make_texts"]

ABSENT: Final = "0KALKAN0ABSENT0"
"""A harmless value that no bank holds."""

MARKER: Final = "KALKAN4711MARKER"
"""A value that must not turn up in an error or a log."""

HOSTILE: Final = (
    # SQL, in the quotes and comments of several engines
    "' OR '1'='1",
    "'; DROP TABLE tripwire; --",
    "\\'; DROP TABLE tripwire; -- ",
    '" OR ""="',
    "` OR 1=1 -- ",
    "]; SELECT 1 --",
    "1); DELETE FROM tripwire; --",
    "/* */ UNION SELECT * FROM tripwire",
    "x' AND pg_sleep(60) IS NULL --",
    "x' AND SLEEP(60) -- ",
    "$$; DROP TABLE tripwire; $$",
    # other languages of questions: LDAP, XPath, JSON, query strings, paths, headers, templates
    "*)(uid=*))(|(uid=*",
    "' or count(//*) or '",
    '{"$ne": null}',
    '"}, {"match_all": {}}',
    "x&all=true#",
    "../../../etc/passwd",
    "%2e%2e%2f",
    "x\r\nX-Injected: 1",
    "{{7*7}}",
    "${jndi:x}",
    # wildcards and placeholders
    "%",
    "_",
    "*",
    "?",
    ".*",
    "%s %(value)s %%",
    "$1",
    ":value",
    "{0} {value}",
    # quotes alone, and those that become quotes on the way
    "'",
    "''",
    '"',
    "\\",
    "\u02bc OR \u02bc1\u02bc=\u02bc1",
    "\uff07 OR 1=1",
    "\u00bf'\u00bf OR 1=1 --",
    # what breaks decoders and drivers
    "A\x00B",
    "\ud800",
    "\ufeff",
    "\u202eB\u202c",
    "e\u0301" * 40,
    "\U0001f6e1\ufe0f",
    "\u0669\u0660\u0669",
    " ",
    # what becomes a number, nothing, or too much
    "0x31",
    "1e309",
    "NaN",
    "NULL",
    "true",
    "-9223372036854775809",
    "A" * 5_000,
)
"""Texts that were made to be more than data."""

SAMPLES: Final[tuple[tuple[FieldName, Probe], ...]] = (
    (FieldName.NAME, PersonProbe((PersonName(full=MARKER),))),
    (FieldName.DOCUMENT, DocumentProbe(MARKER)),
    (FieldName.PLATE, VehicleProbe(plate=MARKER)),
    (FieldName.VIN, VehicleProbe(vin=MARKER)),
    (FieldName.ORGANISATION, OrganisationProbe(name=MARKER)),
    (FieldName.REGISTRATION_NUMBER, OrganisationProbe(number=MARKER)),
    (FieldName.IDENTIFIER, IdentifierProbe(Identifier(IdentifierKind.NATIONAL_NUMBER, MARKER))),
)
"""A probe for each field that can be looked for."""


_KINDS: Final = (
    *(
        "A",
        "a",
        "\u01c5",
        "\u02b0",
        "\u05d0",
        "\u0300",
        "\u0903",
        "\u20dd",
        "0",
        "\u2167",
        "\u00b2",
    ),
    *(
        "_",
        "-",
        "(",
        ")",
        "\u00ab",
        "\u00bb",
        "!",
        "$",
        "+",
        "^",
        "\u00a6",
        " ",
        "\u2028",
        "\u2029",
    ),
    *("\x01", "\u200b", "\ud800", "\ue000", "\u0378"),
)
"""A character of each kind that Unicode knows."""

BEGINNINGS: Final = tuple(f"{kind}zqxv" for kind in _KINDS)
"""Texts that begin with each kind of character, which chance alone does not always draw."""


def make_texts() -> SearchStrategy[str]:
    """Return a strategy for any text, half surrogate pairs too, often around hostile ones."""
    from hypothesis import strategies as st

    plain = st.text(st.characters(), min_size=1, max_size=60)
    return plain | st.builds(str.__add__, plain, st.sampled_from(HOSTILE))
