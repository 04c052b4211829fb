"""What a node carries through the steps of one search."""

from __future__ import annotations

from gateway.node.parts import Asked


def test_what_one_search_found_is_not_found_by_another():
    one, other = (Asked(None, None, None, started=0.0, policy=None) for _ in range(2))
    one.found.append(())
    assert other.found == []
