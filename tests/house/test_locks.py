"""What is installed is pinned, hashed, from no particular place, and free to use."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from itertools import chain

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(
    r"^([A-Za-z0-9._-]+)==([^\s;]+)( ; .+)? \\\n((?: {4}--hash=sha256:[0-9a-f]{64}.*\n)+)",
    re.MULTILINE,
)
COMMENT = re.compile(r"^\s*#.*\n", re.MULTILINE)

ALLOWED = {
    *("MIT", "MIT-CMU", "MIT-0", "MIT License", "ISC", "ISC License", "ISC License (ISCL)"),
    *("Apache-2.0", "Apache 2.0", "Apache Software License"),
    *("BSD-2-Clause", "BSD-3-Clause", "3-Clause BSD License", "BSD License"),
    *("PSF-2.0", "Python Software Foundation License"),
    *("MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)"),
}
EXCEPTIONS = {
    "cedarpy": "Apache-2.0 by the file in its wheel; its metadata name none",
    "ldap3": "LGPL-3.0: installed beside Kalkan and not changed; only directories need it",
}


def _pins(root, name):
    text = (root / f"requirements/{name}.txt").read_text(encoding="utf-8")
    return {canonicalize_name(m[1]): (m[2], m[3] or "") for m in PIN.finditer(text)}


@pytest.mark.parametrize("name", ["run", "dev"])
def test_a_lock_holds_pins_with_hashes_and_nothing_else(root, name):
    text = (root / f"requirements/{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    rest = PIN.sub("", COMMENT.sub("", text))
    assert rest == "", "a lock names versions and hashes, no places and no options"
    assert len(_pins(root, name)) > 20


def test_both_locks_agree(root):
    run, dev = _pins(root, "run"), _pins(root, "dev")
    assert {name: pin for name, pin in run.items() if dev.get(name) != pin} == {}


def test_locks_hold_what_the_project_asks_for(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = {"run": project["dependencies"] + extras["demo"], "dev": [*chain(*extras.values())]}
    for name, requirements in asked.items():
        pins = _pins(root, name)
        for text in requirements:
            wanted = Requirement(text)
            if wanted.name != project["name"]:
                version = pins.get(canonicalize_name(wanted.name), ("0", ""))[0]
                assert wanted.specifier.contains(version), f"{text} is not in {name}: `make lock`"


def test_licences_of_what_is_installed_with_kalkan_are_allowed(root):
    here = {n for n, (_, marker) in _pins(root, "run").items() if _holds(marker)}
    stated = {name: _licence(name) for name in here}
    wrong = {name: text for name, text in stated.items() if not _allowed(text)}
    assert wrong.keys() == EXCEPTIONS.keys(), "a new licence: look at it, then name it here"


def _holds(marker):
    """Whether a pin is for this platform."""
    return not marker or Marker(marker.removeprefix(" ; ")).evaluate()


def _licence(name):
    """What a distribution says of its licence: the expression, else classifiers, else the text."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        pytest.fail(f"{name} is locked and not installed: `make test` installs it")
    classifiers = [c for c in found.get_all("Classifier") or [] if c.startswith("License :: ")]
    named = " AND ".join(c.rpartition(" :: ")[2] for c in classifiers)
    return found.get("License-Expression") or named or (found.get("License") or "").strip()


def _allowed(text):
    """Whether all that must be kept, and one of what may be chosen, is allowed."""
    return all(
        any(choice.strip("() ") in ALLOWED or choice in ALLOWED for choice in part.split(" OR "))
        for part in text.split(" AND ")
    )


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only", False),
        ("", False),
    ],
)
def test_a_licence_is_judged(text, allowed):
    assert _allowed(text) is allowed
