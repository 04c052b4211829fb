"""All banks of the demonstration, in a fixed order."""

from seeds.banks import (
    afg,
    aze,
    bgd,
    counter,
    geo,
    ind,
    irn,
    kaz,
    kgz,
    lka,
    mdv,
    npl,
    officers,
    organised,
    pak,
    special,
    suspects,
    tjk,
    tur,
    uzb,
    xpo,
)
from seeds.banks.bank import Bank

BANKS: tuple[Bank, ...] = tuple(
    bank
    for module in (
        afg, aze, bgd, geo, ind, irn, kaz, kgz, lka, mdv, npl, pak, tjk, tur, uzb,
        suspects, special, organised, counter, officers, xpo,
    )
    for bank in module.BANKS
)  # fmt: skip


_BY_NAME = {bank.name: bank for bank in BANKS}


def find_bank(name: str) -> Bank:
    """Return a bank by its name, such as KAZ/persons.

    Raises:
        KeyError: there is no such bank.
    """
    return _BY_NAME[name]
