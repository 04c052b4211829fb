"""The smallest adapter, which the scaffold copies, keeps every clause."""

from adapters.conformance.example import MemoryConformance


class TestMemory(MemoryConformance):
    """The bank in memory."""
