"""Without settings no control does anything."""

from __future__ import annotations

from gateway.access.stops import Asking
from gateway.node.controls import Controls


def test_controls_are_off_unless_they_are_given():
    controls = Controls()
    asking = Asking(member="KAZ", officer="o", unit="u", purpose="terrorism")
    assert controls.stops.find(asking, "KAZ/persons") is None
    assert controls.spending is None
    assert controls.notifier is None
    assert not controls.hidden
    assert not controls.grid_s
