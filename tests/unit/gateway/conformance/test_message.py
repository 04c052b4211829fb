"""A node that takes bad messages, or talks about them, breaks the clause of that."""

import pytest

from gateway.conformance.message import _length
from gateway.errors import FieldInvalidError
from gateway.node import identify as module
from gateway.question import read_question
from kalkan.v1 import model_pb2 as model

MESSAGES = [f"N{n}" for n in range(50, 55)]


def plant(monkeypatch, change):
    def read(data, *, batch=False):
        return change(lambda data=data: read_question(data, batch=batch), data)

    monkeypatch.setattr(module, "read_question", read)


async def test_node_that_takes_garbage_for_an_empty_question_breaks_its_clause(monkeypatch, broken):
    def lenient(read, data):
        return read(b"" if data.startswith(b"\xff") else data)

    plant(monkeypatch, lenient)
    assert await broken(*MESSAGES) == {"N50"}


async def test_node_that_takes_any_size_breaks_its_clause(monkeypatch, broken):
    from gateway import question

    monkeypatch.setattr(question, "MAX_QUERY", 10**9)
    monkeypatch.setattr(question, "decode", lambda kind, data, *_: _decode(kind, data))
    assert await broken(*MESSAGES) == {"N51"}


def _decode(kind, data):
    from gateway.wire import decode

    return decode(kind, data, 10**9)


@pytest.mark.parametrize(
    ("check", "numbers"), [("_require_head", {"N52"}), ("_deadline_of", {"N53"})]
)
async def test_node_without_a_limit_breaks_its_clause(monkeypatch, broken, check, numbers):
    from gateway import question

    monkeypatch.setattr(question, check, lambda _: 3.0)
    assert await broken(*MESSAGES) == numbers


async def test_node_that_tells_the_name_breaks_its_clause(monkeypatch, broken):
    def talkative(read, data):
        try:
            return read()
        except FieldInvalidError as exc:
            name = model.Query.FromString(data).probes[0].person.names[0].full
            raise FieldInvalidError(exc.text, field=exc.metadata["field"], value=name) from None

    def told(read, data):
        has_name = b"Qanarixw" in data
        return talkative(read, data) if has_name else read()

    plant(monkeypatch, told)
    assert await broken(*MESSAGES) == {"N54"}


@pytest.mark.parametrize("size", [0, 127, 128, 300, 131_072])
def test_length_is_written_as_protobuf_does(size):
    query = model.Query(token_sha256=bytes(size))
    data = query.SerializeToString()
    assert data.startswith(b"\x12" + _length(size) if size else b"")
