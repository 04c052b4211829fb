"""The tests of the http kind use the small service."""

from tests.kit.service import make_mapping, start

__all__ = ["make_mapping", "start"]
