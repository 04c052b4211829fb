"""What an answer says whatever was found: what was asked for, within what the owner allows."""

from __future__ import annotations

import pytest

from kalkan.v1 import model_pb2 as model


@pytest.mark.parametrize(
    ("granularity", "hits", "tallies"),
    [
        (model.GRANULARITY_EXISTS, 0, 1),
        (model.GRANULARITY_COUNT, 0, 1),
        (model.GRANULARITY_REFERENCE, 1, 0),
        (model.GRANULARITY_RECORD, 1, 0),
        (model.GRANULARITY_UNSPECIFIED, 1, 0),
    ],
)
async def test_reply_holds_what_was_asked_for(country, granularity, hits, tallies):
    answer = await country.ask(country.desk.compose(granularity=granularity))
    assert (len(answer.hits), len(answer.tallies)) == (hits, tallies)
    assert answer.granularity == granularity or not granularity


@pytest.mark.parametrize("granularity", [model.GRANULARITY_RECORD, model.GRANULARITY_EXISTS])
async def test_owner_lowers_what_a_reply_holds_and_never_raises_it(country, granularity):
    query = country.desk.compose(purpose=model.PURPOSE_MISSING_PERSON, granularity=granularity)
    answer = await country.ask(query)
    assert answer.granularity == min(granularity, model.GRANULARITY_REFERENCE)
    assert not any(hit.record.fields for hit in answer.hits)
