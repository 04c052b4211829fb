"""What a check of a log found, in words for people and as JSON for programs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one check.

    Attributes:
        origin: The log's name, by its checkpoint; empty if that could not be opened.
        size: How many entries the checkpoint covers.
        entries: How many entries the segments have; 0 where the folder has no segments.
        findings: What is wrong, each with its file; empty if all is well.
    """

    origin: str
    size: int
    entries: int
    findings: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def as_json(self) -> dict[str, object]:
        """Return the report for a JSON writer."""
        return {
            "sound": self.sound,
            "origin": self.origin,
            "size": self.size,
            "entries": self.entries,
            "findings": list(self.findings),
        }
