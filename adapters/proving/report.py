"""What a check of a mapping found, part by part, ready to be shown or written as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Finding", "Level", "Part", "Report"]

Level = Literal["error", "warning"]
"""An error makes the check fail; a warning is for an engineer to look at."""

Row = dict[str, str]
"""One line of a part: what it is about, to what is told of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and what to write instead."""

    level: Level
    text: str


@dataclass(slots=True)
class Part:
    """One part of the check.

    Attributes:
        name: What was looked at, in a word or two.
        rows: What was seen, all with the same keys; personal data are masked.
        findings: What is wrong.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def error(self, text: str) -> None:
        """Add an error."""
        self.findings.append(Finding("error", text))

    def warn(self, text: str) -> None:
        """Add a warning."""
        self.findings.append(Finding("warning", text))


@dataclass(frozen=True, slots=True)
class Report:
    """The whole check."""

    bank: str
    parts: tuple[Part, ...]

    def count(self, level: Level) -> int:
        """Count the findings of one level."""
        return sum(found.level == level for part in self.parts for found in part.findings)

    @property
    def good(self) -> bool:
        """Whether no error was found."""
        return self.count("error") == 0
