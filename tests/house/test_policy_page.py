"""The page for authors of policies: its policies hold, and its examples come out as it says."""

from __future__ import annotations

import re

import pytest
from typer.main import get_command

from gateway.access.cases import read_cases, try_cases
from gateway.access.policy import Policy, Texts
from gateway.cli.main import app

BLOCK = re.compile(r"^```(cedar|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"`kalkan policy (\w+) ([^`]*)`")
MAX_LINES = 150


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "policy.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def policy(page):
    search, release, asking = (text for kind, text in BLOCK.findall(page) if kind == "cedar")
    return Policy.build(Texts(search, release, asking), "kaz")


def test_page_is_one_that_people_read(page):
    assert len(page.splitlines()) <= MAX_LINES


def test_examples_of_the_page_come_out_as_it_says(page, policy):
    (text,) = (text for kind, text in BLOCK.findall(page) if kind == "toml")
    cases = read_cases(text, "policy.md")
    assert len(cases) == 2
    assert try_cases(policy, cases) == []


def test_commands_of_the_page_exist_with_their_options(page):
    verbs = get_command(app).commands["policy"].commands
    found = COMMAND.findall(page)
    assert {verb for verb, _ in found} == set(verbs)
    for verb, words in found:
        known = {opt for param in verbs[verb].params for opt in param.opts}
        assert set(re.findall(r"--[a-z-]+", words)) <= known
