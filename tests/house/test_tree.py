"""The tree as a whole: nothing of one machine is in it, and tests mirror the source."""

from __future__ import annotations

import re

# Written so that this file does not hold what it looks for.
MACHINE = re.compile(rf"(?<![\w.-])/({'|'.join(('work', 'root', 'Users', 'opt/pypi', 'tmp/k'))})/")
UNTESTED = "tests/house/untested.txt"


def test_no_path_of_a_machine_is_in_the_tree(root, tree):
    found = []
    for path in tree:
        text = path.read_bytes().decode("utf-8", errors="replace")
        for match in MACHINE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{path.relative_to(root)}:{line} {match[0]}")
    assert found == []


def test_the_pattern_of_machine_paths_finds_one():
    found = ["see /" + "work/main", "=/" + "root/.cache"]
    assert all(MACHINE.search(text) for text in found)
    assert not any(
        MACHINE.search(text) for text in ("/frame" + "work/", "a/" + "root/b", "/" + "roots/")
    )


def test_each_source_has_its_test_or_a_reason(root, sources):
    missing = {s.name for s in sources if _needs_test(s) and not _test_of(root, s).is_file()}
    excused = _excused(root)
    assert missing - excused.keys() == set(), "write the test: the list only shrinks"
    assert excused.keys() - missing == set(), f"these have a test now: take them off {UNTESTED}"


def _needs_test(source):
    """Whether it is ours to test one by one: the packages, but for empty beginnings."""
    return source.name.startswith(("gateway/", "adapters/")) and "__" not in source.name


def _test_of(root, source):
    folder, _, name = source.name.rpartition("/")
    return root / "tests/unit" / folder / f"test_{name}"


def _excused(root):
    """The sources without a test of their own, each with the reason."""
    lines = (root / UNTESTED).read_text(encoding="utf-8").splitlines()
    pairs = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    assert all(len(pair) > 1 for pair in pairs), "each line has a reason"
    return dict(pairs)
