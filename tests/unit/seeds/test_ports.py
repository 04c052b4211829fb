"""A row of free ports is found, and a taken one is seen."""

from __future__ import annotations

import random
import socket

import pytest

from seeds.federation import MEMBERS
from seeds.ports import COUNT, LAST, Ports, PortsTakenError, find_ports, list_taken


def test_hub_members_and_service_have_ports_of_their_own():
    ports = Ports(7700)
    used = [ports.hub, ports.service, *(ports.node(member.code) for member in MEMBERS)]
    assert len(set(used)) == len(MEMBERS) + 2
    assert set(used) <= set(ports.all)
    assert len(ports.all) == COUNT


def test_a_taken_port_is_seen_and_its_row_is_left_out():
    start = find_ports(random.SystemRandom().randrange(20_000, 31_000)).first
    with socket.socket() as other:
        other.bind(("127.0.0.1", start + 3))
        other.listen()
        assert list_taken(range(start, start + COUNT)) == [start + 3]
        assert find_ports(start).first >= start + COUNT
    assert list_taken([start + 3]) == []


def test_no_row_is_told():
    with pytest.raises(PortsTakenError):
        find_ports(LAST)
