"""Errors, reasons and enumerations say the same in code and in the contract on the wire."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from enum import StrEnum

import pytest

import adapters
import gateway
from adapters import contract
from gateway.access.errors import AccessError
from gateway.errors import GatewayError
from gateway.ledger.errors import LedgerError
from gateway.wire import CODES
from kalkan.v1 import error_reason_pb2, model_pb2

ROOTS = (GatewayError, AccessError, LedgerError)
ENUMS = {
    contract.FieldName: model_pb2.FieldName,
    contract.RecordKind: model_pb2.RecordKind,
    contract.Sex: model_pb2.Sex,
    contract.NameKind: model_pb2.NameKind,
    contract.DocumentKind: model_pb2.DocumentKind,
    contract.IdentifierKind: model_pb2.IdentifierKind,
    contract.Warn: model_pb2.Warning,
    contract.Action: model_pb2.Action,
    contract.Urgency: model_pb2.Urgency,
    contract.Tlp: model_pb2.Tlp,
    contract.EuropolCode: model_pb2.EuropolCode,
}


@pytest.fixture(scope="module")
def modules():
    """All modules of both packages, imported."""
    names = [
        found.name
        for package in (gateway, adapters)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not found.name.endswith("__main__")
    ]
    return [importlib.import_module(name) for name in names]


def _family(kind):
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)


def _names(enum):
    """The values of an enumeration of the contract without its name in front of each."""
    first, *rest = enum.keys()
    prefix = first.removesuffix("UNSPECIFIED")
    assert first == f"{prefix}UNSPECIFIED"
    assert enum.Value(first) == 0
    return [name.removeprefix(prefix) for name in rest]


def test_reasons_are_in_the_contract_and_have_a_code(modules):
    reasons = set(_names(error_reason_pb2.ErrorReason))
    assert reasons == set(CODES)
    used = {kind.__name__: kind.reason for root in ROOTS for kind in _family(root)}
    assert len(used) > len(ROOTS)
    assert {name: reason for name, reason in used.items() if reason not in reasons} == {}


def test_each_room_has_one_root_of_errors(modules):
    roots = {}
    for module in modules:
        for kind in vars(module).values():
            own = isinstance(kind, type) and kind.__module__ == module.__name__
            if not own or kind.__name__.startswith("_"):
                continue  # a private error never leaves its module
            if issubclass(kind, Exception) and kind.__base__.__module__ == "builtins":
                roots.setdefault(_room(module.__name__), []).append(kind.__name__)
    assert {room: names for room, names in roots.items() if len(names) > 1} == {}


def _room(name):
    """The room of a module: gateway.access, adapters.matching, and so on."""
    parts = name.split(".")
    return (
        ".".join(parts[:2]) if hasattr(sys.modules[".".join(parts[:2])], "__path__") else parts[0]
    )


def test_enumerations_of_adapters_are_those_of_the_wire():
    kinds = {k for k in vars(contract).values() if isinstance(k, type) and issubclass(k, StrEnum)}
    assert kinds - {StrEnum, contract.ProbeKind} == set(ENUMS), "name the new one here"
    for kind, enum in ENUMS.items():
        assert [member.name for member in kind] == _names(enum), kind.__name__


def test_probe_kinds_of_adapters_are_those_of_the_wire():
    forms = [f.name for f in model_pb2.Probe.DESCRIPTOR.oneofs_by_name["probe"].fields]
    assert [kind.value for kind in contract.ProbeKind] == forms


def test_enumerations_of_the_wire_begin_unspecified(root):
    enums = []
    for path in sorted((root / "proto/kalkan/v1").glob("*.proto")):
        module = importlib.import_module(f"kalkan.v1.{path.stem}_pb2")
        enums += module.DESCRIPTOR.enum_types_by_name.values()
        for message in module.DESCRIPTOR.message_types_by_name.values():
            enums += message.enum_types
    assert len(enums) > len(ENUMS)
    wrong = [
        enum.full_name
        for enum in enums
        if enum.values[0].number != 0 or not enum.values[0].name.endswith("_UNSPECIFIED")
    ]
    assert wrong == []


def test_the_contract_of_adapters_imports_the_standard_library_alone(root):
    tree = ast.parse((root / "adapters/contract.py").read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module)
    assert names
    assert {name for name in names if name.split(".")[0] not in sys.stdlib_module_names} == set()
