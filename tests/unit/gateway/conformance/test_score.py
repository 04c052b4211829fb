"""All clauses against the project's own node."""

from gateway.conformance.score import list_clauses


async def test_own_node_keeps_every_clause(verdicts):
    found = await verdicts()
    assert [(v.clause.number, v.reason) for v in found if v.state != "kept"] == []
    assert len(found) == len(list_clauses()) > 35
