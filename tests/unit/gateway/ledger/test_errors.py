from gateway.ledger import errors
from kalkan.v1 import error_reason_pb2


def list_errors(root: type) -> list[type]:
    return [root, *(found for child in root.__subclasses__() for found in list_errors(child))]


def test_reason_is_own_and_in_the_contract_for_every_error():
    found = list_errors(errors.LedgerError)
    reasons = error_reason_pb2.ErrorReason.DESCRIPTOR.values_by_name
    assert len(found) == 14
    for error in found:
        assert "reason" in vars(error)
        assert f"ERROR_REASON_{error.reason}" in reasons
