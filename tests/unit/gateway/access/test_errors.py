import inspect

import pytest

from gateway.access import errors
from gateway.wire import CODES
from kalkan.v1 import error_reason_pb2

CLASSES = [
    each
    for _, each in inspect.getmembers(errors, inspect.isclass)
    if issubclass(each, errors.AccessError)
]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_error_has_a_reason_of_the_contract(error):
    assert f"ERROR_REASON_{error.reason}" in list(error_reason_pb2.ErrorReason.keys())
    assert error.reason in CODES


def test_error_keeps_text_and_metadata():
    error = errors.TokenInvalidError("wrong", claim="aud")
    assert str(error) == error.text == "wrong"
    assert error.metadata == {"claim": "aud"}


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        (3, "id", "f.toml:3: id: wrong"),
        (0, "id", "f.toml: id: wrong"),
        (3, "", "f.toml:3: wrong"),
        (0, "", "f.toml: wrong"),
    ],
)
def test_file_error_says_where(line, key, said):
    assert str(errors.PolicyFileError("f.toml", "wrong", line=line, key=key)) == said
