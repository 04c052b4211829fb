"""Connections that TLS began are counted until they become a request."""

from gateway import serving
from gateway.serving import Connections


def test_connections_that_never_became_a_request_are_counted():
    connections = Connections()
    for _ in range(5):
        connections.began()
    for peer in ("a", "b", "a"):
        connections.passed(peer)
    assert connections.refused == 3


def test_connections_are_remembered_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(serving, "_REMEMBERED_PEERS", 2)
    connections = Connections()
    for peer in "abc":
        connections.began()
        connections.passed(peer)
    assert len(connections._seen) == 2
    assert connections.refused == 0
    connections.passed("a")  # forgotten, so counted again: never below nothing
    assert connections.refused == 0
