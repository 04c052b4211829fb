"""Find the names of a member by its code.

The one place that knows all fifteen member modules.
"""

import random
from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol, cast

from seeds.names import (
    afg,
    aze,
    bgd,
    geo,
    ind,
    irn,
    kaz,
    kgz,
    lka,
    mdv,
    npl,
    pak,
    tjk,
    tur,
    uzb,
)
from seeds.names.model import FullName, NameLists


class _MemberNames(Protocol):
    NAMES: NameLists

    def compose(self, rng: random.Random, sex: str) -> FullName: ...


_MODULES: Mapping[str, _MemberNames] = MappingProxyType(
    {
        module.NAMES.member: cast(_MemberNames, module)
        for module in (
            afg, aze, bgd, geo, ind, irn, kaz, kgz, lka, mdv, npl, pak, tjk, tur, uzb
        )
    }
)  # fmt: skip

MEMBERS: tuple[str, ...] = tuple(_MODULES)


def lists_for(member: str) -> NameLists:
    """Return the name lists of a member (ISO 3166 alpha-3).

    Raises:
        KeyError: there are no names of this member.
    """
    return _MODULES[member].NAMES


def compose_for(member: str, rng: random.Random, sex: str) -> FullName:
    """Draw a full name of a member (ISO 3166 alpha-3); ``sex`` is "M" or "F".

    Raises:
        KeyError: there are no names of this member.
    """
    return _MODULES[member].compose(rng, sex)
