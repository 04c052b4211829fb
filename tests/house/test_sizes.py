"""Small things: what is small is read, what is read is right."""

from __future__ import annotations

import ast
import re
from statistics import median

MAX_FILE = 400
MAX_FUNCTION = 50
MAX_MEDIAN = 10
MAX_PARAMETERS = 5
BANNED = {"utils", "util", "helpers", "helper", "common", "manager", "base", "core", "misc"}


def test_files_are_short(written):
    long = {s.name: n for s in written if (n := len(s.text.splitlines())) > MAX_FILE}
    assert long == {}, f"split these files, {MAX_FILE} lines are the limit"


def test_functions_are_short(sources):
    long = {f.place: f.lines for s in sources for f in s.functions() if f.lines > MAX_FUNCTION}
    assert long == {}, f"split these functions, {MAX_FUNCTION} lines are the limit"


def test_functions_are_short_in_the_median(sources):
    for room in ("gateway", "adapters", "seeds"):
        lines = [f.lines for s in sources if s.name.startswith(room) for f in s.functions()]
        assert median(lines) <= MAX_MEDIAN, f"the functions of {room} grow"


def test_functions_take_few_parameters(sources):
    many = {
        f.place: len(f.parameters)
        for s in sources
        for f in s.functions()
        if len(f.parameters) > MAX_PARAMETERS and not _excused(s, f)
    }
    assert many == {}, (
        f"{MAX_PARAMETERS} parameters are the limit: give what belongs together a name"
    )


def _excused(source, function):
    """Whether ruff was told why this one needs more; test_documentation asks for the reason."""
    return "noqa: PLR0913" in source.text.splitlines()[function.node.lineno - 1]


def test_modules_are_named_by_one_plain_word(sources):
    wrong = [
        s.name
        for s in sources
        for part in s.name.removesuffix(".py").split("/")
        if part in BANNED or not re.fullmatch(r"[a-z][a-z0-9]*|__init__|__main__", part)
    ]
    assert wrong == [], "one plain word that says what the module is or decides"


def test_functions_that_verify_or_require_return_nothing(sources):
    wrong = [
        f.place
        for s in sources
        for f in s.functions()
        if f.node.name.startswith(("verify_", "require_"))
        and ast.unparse(f.node.returns or ast.Constant(None)) != "None"
    ]
    assert wrong == [], "a function that verifies raises and returns nothing, or has another name"
