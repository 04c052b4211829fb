"""The smallest adapter, which the scaffold copies, keeps every clause."""

from tests.conformance.paced import PacedConformance


class TestMemory(PacedConformance):
    """The bank in memory."""
