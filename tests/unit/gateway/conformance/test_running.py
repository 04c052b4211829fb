"""A node that is late, mixes questions up or falls over breaks the clause of that."""

import asyncio

from gateway.conformance import running
from gateway.node import node as module
from gateway.node.bank import Bank
from gateway.node.look import Looker


async def test_node_that_hangs_breaks_its_clause(monkeypatch, broken, subject):
    async def hang(self, asked, answer, call):
        await asyncio.Event().wait()

    monkeypatch.setattr(Looker, "look", hang)
    monkeypatch.setattr(running, "DEADLINE_S", 0)
    object.__setattr__(subject, "patience_s", 1.0)
    assert await broken("N20") == {"N20"}


async def test_node_whose_bank_hangs_keeps_the_deadline(monkeypatch, broken):
    async def hang(self, probe, limits):
        await asyncio.Event().wait()

    monkeypatch.setattr(Bank, "search", hang)
    assert await broken("N20") == set()


async def test_node_that_mixes_questions_up_breaks_its_clause(monkeypatch, broken):
    last = []
    begin = module.begin_answer

    def mixed(parts, asked, decision):
        answer = begin(parts, asked, decision)
        last.append(answer.query_sha256)
        answer.query_sha256 = last[0]
        return answer

    monkeypatch.setattr(module, "begin_answer", mixed)
    assert await broken("N21") == {"N21"}


async def test_node_that_ends_with_its_caller_breaks_its_clause(monkeypatch, broken):
    gone = []
    look = Looker.look

    async def fragile(self, asked, answer, call):
        if gone:
            raise RuntimeError
        gone.append(call)
        await look(self, asked, answer, call)

    monkeypatch.setattr(Looker, "look", fragile)
    assert await broken("N20", "N22") == {"N20", "N22"}
