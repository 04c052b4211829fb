"""A row of free ports is found, and a taken one is seen."""

from __future__ import annotations

import socket

import pytest

from seeds.federation import MEMBERS
from seeds.ports import (
    COUNT,
    LAST,
    Ports,
    PortsTakenError,
    find_ports,
    list_taken,
    release,
    reserve,
    reserve_port,
)
from tests.kit.ports import reserve_ports


def test_hub_members_and_service_have_ports_of_their_own():
    ports = Ports(7700)
    used = [ports.hub, ports.service, *(ports.node(member.code) for member in MEMBERS)]
    assert len(set(used)) == len(MEMBERS) + 2
    assert set(used) <= set(ports.all)
    assert len(ports.all) == COUNT


def test_a_taken_port_is_seen_and_its_row_is_left_out():
    ports = reserve_ports()
    start = ports.first
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", start + 3))
        other.listen()
        assert list_taken(range(start, start + COUNT)) == [start + 3]
        assert find_ports(start).first >= start + COUNT
    assert list_taken([start + 3]) == []
    release(ports.all)


def test_no_row_is_told():
    with pytest.raises(PortsTakenError):
        find_ports(LAST)


def test_a_reserved_port_is_given_to_nobody_else():
    port = reserve_port()
    assert reserve(port) is None
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))
    others = {reserve_port() for _ in range(50)}
    assert port not in others
    release([port, *others])
    assert reserve(port) == port
    release([port])


def test_a_server_listens_stops_and_listens_again_on_a_reserved_port():
    port = reserve_port()
    for _ in range(2):
        with socket.create_server(("127.0.0.1", port)):
            assert list_taken([port]) == [port]
            socket.create_connection(("127.0.0.1", port)).close()
        assert list_taken([port]) == []
    release([port])


def test_a_port_that_is_listened_on_is_not_reserved():
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert reserve(other.getsockname()[1]) is None


def test_rows_do_not_meet():
    rows = [reserve_ports().all for _ in range(5)]
    ports = {port for row in rows for port in row}
    assert len(ports) == 5 * COUNT
    release(ports)
