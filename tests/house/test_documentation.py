"""What the code says about itself is there and is true."""

from __future__ import annotations

import ast
import io
import re
import tokenize

import pytest

SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:|nosec|mypy:|ruff:)(.*)", re.IGNORECASE)
CODES = re.compile(r"^(:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*|\[[a-z-]+(,\s*[a-z-]+)*\])")
PROTOCOL = {"search", "fetch", "names", "watermark", "as_of", "close"}
"""What the methods of an adapter raise is said once, in the contract."""


def test_public_functions_name_what_they_raise(sources):
    wrong = [
        f"{f.place} raises {name}"
        for s in sources
        for f, name in _raised(s)
        if not _names(_documentation(f), name)
    ]
    assert wrong == [], "say it under Raises in the docstring"


def _raised(source):
    """The errors that a public function raises itself; "" where the name is not in the code."""
    for function in source.functions():
        name = function.node.name
        private = name.startswith("_") and not name.startswith("__")
        if (
            _said_elsewhere(source, name)
            or private
            or (function.owner and function.owner.name.startswith("_"))
        ):
            continue
        for node in _own_nodes(function.node):
            if isinstance(node, ast.Raise) and node.exc is not None:
                name = _name_of(node.exc)
                if name != "NotImplementedError":  # a gap for an author to fill, not an error
                    yield function, name


def _said_elsewhere(source, name):
    """The contract speaks for adapters; the docstring of a command is its help."""
    adapter = source.name.startswith("adapters/banks/") and name in PROTOCOL
    return adapter or source.name.startswith("gateway/cli/")


def _own_nodes(function):
    """The nodes of a function without those of functions inside it."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def _name_of(raised):
    called = raised.func if isinstance(raised, ast.Call) else raised
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name if name[:1].isupper() else ""


def _documentation(function):
    """The docstring; a constructor's errors are documented with its class."""
    own = ast.get_docstring(function.node) or ""
    return f"{own}\n{ast.get_docstring(function.owner) or ''}" if function.owner else own


def _names(documentation, error):
    return bool(re.search(r"\bRaises\b", documentation)) and error in documentation


def test_every_silenced_rule_has_a_code_and_a_reason(written):
    wrong = [f"{s.name}:{line} {text}" for s in written for line, text in _silenced(s.text) if text]
    assert wrong == [], "write the rule's code and, in the same comment, why it does not hold here"


def _silenced(text):
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        found = SILENCED.search(token.string) if token.type == tokenize.COMMENT else None
        if found:
            codes = CODES.match(found[2])
            reason = found[2][codes.end() :] if codes else ""
            good = bool(re.search(r"[A-Za-z]{3,}", reason))
            yield token.start[0], "" if good else token.string


@pytest.mark.parametrize(
    ("comment", "good"),
    [
        ("x = 1  # noqa: S101 - chosen by the caller", True),
        ("x = 1  # type: ignore[operator]  # the stubs name no type", True),
        ("x = 1  # noqa: S101", False),
        ("x = 1  # noqa", False),
        ("x = 1  # type: ignore[operator]", False),
        ("x = 1  # type: ignore # because of things", False),
    ],
)
def test_a_silenced_rule_is_judged(comment, good):
    [(_, text)] = _silenced(comment)
    assert (text == "") is good


def test_every_setting_is_documented(root):
    source = ast.parse((root / "gateway/settings.py").read_text(encoding="utf-8"))
    fields = 0
    bare = []
    for kind in (node for node in ast.walk(source) if isinstance(node, ast.ClassDef)):
        for at, node in enumerate(kind.body):
            if isinstance(node, ast.AnnAssign):
                fields += 1
                after = kind.body[at + 1] if at + 1 < len(kind.body) else None
                text = getattr(getattr(after, "value", None), "value", None)
                if not isinstance(after, ast.Expr) or not isinstance(text, str):
                    bare.append(f"{kind.name}.{ast.unparse(node.target)}")
    assert fields
    assert bare == [], "a setting has a docstring below it: what, unit, range"


def test_the_changelog_has_a_place_for_what_comes_next(root):
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, "CHANGELOG.md has no Unreleased section"
    assert text.index("## [Unreleased]") == text.index("## "), "Unreleased comes first"
