"""The mapping of the documentation, and ways to change it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.mapping.model import Mapping
from adapters.mapping.read import read_mapping
from tests.kit.service import make_mapping, start

__all__ = ["example", "make_mapping", "read", "small", "start"]

PAGE = Path(__file__).parents[4] / "docs" / "mapping.md"


@pytest.fixture(scope="session")
def example() -> str:
    """The whole mapping that the documentation shows."""
    return re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Mapping]:
    """Read a text as `bank.toml`."""

    def read_text(text: str) -> Mapping:
        path = tmp_path / "bank.toml"
        path.write_text(text, encoding="utf-8")
        return read_mapping(path)

    return read_text


@pytest.fixture
def small(read: Callable[[str], Mapping]) -> Callable[..., Mapping]:
    """Read a mapping that consists of the field blocks given and what must be there."""

    def build(
        fields: str, rest: str = "", kind: str = 'const = "wanted"', key: str = '"id"'
    ) -> Mapping:
        return read(
            'version = 1\n[bank]\nid = "b"\ntitle = "B"\nkind = "sql"\n'
            '[sql]\nengine = "sqlite"\nurl = "sqlite:///b.sqlite"\n'
            '[record]\ntable = "t"\n'
            f"key = {key}\n"
            f"{rest}\n{fields}\n[kind]\n{kind}\n"
        )

    return build
