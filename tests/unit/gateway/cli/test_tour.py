"""The tour's own claims can fail, and its subject is the one of the seeds."""

from __future__ import annotations

import pytest

from adapters.matching.mrz import parse_mrz
from gateway.cli import demo
from gateway.cli.tour import ClaimError, _write_zone, read_star, require
from seeds import make


def test_a_claim_that_does_not_hold_is_told():
    require([1], "something")
    with pytest.raises(ClaimError, match="several owners"):
        require([], "several owners")


def test_the_zone_is_the_subjects_own(clock):
    star = read_star()
    zone = parse_mrz(_write_zone(star), today=clock.now().date())
    assert (zone.number, zone.issuer) == (star.passport, star.issuer)
    assert str(zone.birth.year) == star.birth[:4]


def test_the_demonstration_is_as_large_as_the_seeds_say():
    assert (demo.ROWS, demo.DOCUMENTS) == (make.ROWS, make.DOCUMENTS)
