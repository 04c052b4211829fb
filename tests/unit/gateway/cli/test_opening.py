"""Which custodian a key is, and what it opens; the commands run in tests/integration."""

from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from gateway.access.federation import Custodian, Federation
from gateway.cli.exits import CommandError
from gateway.cli.opening import _find, need_opener, read_query
from gateway.cli.options import Opening
from gateway.ledger.custody import KeyFolder, write_point
from kalkan.v1 import model_pb2 as model
from tests.kit.signed import make_federation

PRIVATE = generate_private_key(SECP256R1())


def test_custodian_is_found_by_the_key():
    plain = make_federation()
    duty = Custodian(name="duty", key=write_point(PRIVATE.public_key()))
    members = tuple(m.model_copy(update={"custodians": (duty,)}) for m in plain.members[1:])
    federation = Federation(id=plain.id, ca=plain.ca, hub=plain.hub, members=members)
    assert _find(federation, PRIVATE, "") == (members[0].code, "duty")
    for wrong in ((federation, PRIVATE, "night"), (plain, PRIVATE, "")):
        with pytest.raises(CommandError, match="custodian"):
            _find(*wrong)


def test_opening_needs_a_key(tmp_path):
    with pytest.raises(CommandError, match="sealed"):
        need_opener(Opening(), None)
    with pytest.raises(CommandError, match="reason"):
        need_opener(Opening(key=tmp_path, reason="x" * 201), None)


def test_part_holds_a_question_or_something_else():
    data = model.Query(case_reference="17").SerializeToString()
    assert read_query({"query": b64encode(data).decode()}).case_reference == "17"
    assert read_query({"reason": "a complaint"}) is None


async def test_each_authority_opens_its_own_part_of_an_entry_and_no_other(desk):
    both = await desk.write(KAZ={"a": "asked"}, TUR={"b": "found"})
    alone = await desk.write(KAZ={"a": "asked too"})
    kaz, tur = desk.opener("KAZ"), desk.opener("TUR")
    assert await desk.open(both, kaz) == {"a": "asked"}
    assert await desk.open(both, tur) == {"b": "found"}
    assert await desk.open(alone, kaz) == {"a": "asked too"}
    assert await desk.open(alone, tur) is None
    assert (kaz.unopened, tur.unopened) == (0, 0)  # what is another's has not been destroyed
    assert desk.reasons == ["a complaint"] * 2  # one opening of each key, however many parts


@pytest.mark.parametrize("gone", ["key", "blob"])
async def test_part_that_was_destroyed_is_counted(desk, gone):
    index = await desk.write(KAZ={"a": "x" * 9_000})
    if gone == "key":
        KeyFolder(desk.folder).remove(*next(KeyFolder(desk.folder).present()))
    else:
        next((desk.folder / "blobs").iterdir()).unlink()
    opener = desk.opener("KAZ")
    for count in (1, 2):
        assert await desk.open(index, opener) is None
        assert opener.unopened == count
