"""The owner's budgets: how much may be asked by whom, and when asking looks like harvesting.

Limits are of the requester's history alone. Without a file there are none; a file that says
nothing of alarms has those below, which tell the owner and block nobody.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gateway.access.errors import BudgetFileError
from gateway.access.toml import line_of, line_of_fault

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.access.stops import Asking

MAX_FILE: Final = 1_048_576
"""Largest file of budgets in bytes."""
FACTORS: Final = {"officer": 1, "unit": 3, "member": 10}
"""How much more of the same a unit and a member may ask before it is an alarm."""

_Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
_Member = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
_Purpose = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Limit(_Part):
    """One limit.

    Attributes:
        name: Names the rule that refuses: "kaz.budget.border".
        each: Whose questions are counted together.
        per: The time that is looked back over.
        limit: Questions in that time, 1 or more; each document of a batch is one.
        members: The members it is for; all where there are none.
        purposes: The purposes it is for, counted together; all where there are none.
    """

    name: _Name
    each: Literal["officer", "unit", "member", "purpose"]
    per: Literal["hour", "day"]
    limit: Annotated[int, Field(ge=1, le=1_000_000_000)]
    members: tuple[_Member, ...] = Field(default=(), strict=False)
    purposes: tuple[_Purpose, ...] = Field(default=(), strict=False)

    def subject_of(self, asking: Asking) -> str:
        """Return whose account a question is on, "" where this limit is not for it."""
        if self.members and asking.member not in self.members:
            return ""
        if self.purposes and asking.purpose not in self.purposes:
            return ""
        return scopes_of(asking).get(self.each, "")


class Alarms(_Part):
    """What raises an alarm: so many of it by one officer within a day.

    A unit raises one at 3 times as many, a member at 10 times; of steps at as many. Where an
    officer raises it, unit and member do not.

    Attributes:
        block_minutes: Whoever raised it is refused for so long; 0 tells the owner alone.
        blocks: Who may be refused at all: one officer should not cost a whole member its answers.
        steps: Document numbers one after the other, each as far from the last.
        block: Different document numbers of one series that agree but for the last three digits.
        alphabet: Names without a birth date in the order of the alphabet.
        dates: Birth dates of one name.
    """

    block_minutes: Annotated[int, Field(ge=0, le=10_080)] = 0
    blocks: tuple[Literal["officer", "unit", "member"], ...] = Field(
        default=("officer", "unit"), strict=False
    )
    steps: Annotated[int, Field(ge=4, le=1_000)] = 12
    block: Annotated[int, Field(ge=4, le=1_000)] = 30
    alphabet: Annotated[int, Field(ge=8, le=1_000)] = 20
    dates: Annotated[int, Field(ge=4, le=1_000)] = 12


class Budgets(_Part):
    """The whole file.

    Attributes:
        repeat_hours: The same question of the same officer counts once in so many hours.
        limit: The limits, each of another name.
        alarms: What raises an alarm.
    """

    repeat_hours: Annotated[int, Field(ge=0, le=24)] = 24
    limit: tuple[Limit, ...] = Field(default=(), strict=False)
    alarms: Alarms = Alarms()

    @model_validator(mode="after")
    def _require_names(self) -> Budgets:
        names = [limit.name for limit in self.limit]
        if len(set(names)) != len(names):
            raise ValueError("two limits have the same name")
        return self


def scopes_of(asking: Asking) -> dict[str, str]:
    """Return the officer, unit, member and purpose of a question as accounts."""
    scopes = {
        "officer": f"{asking.member}/{asking.officer}",
        "member": asking.member,
        "purpose": asking.purpose,
    }
    return {**scopes, "unit": f"{asking.member}/{asking.unit}"} if asking.unit else scopes


def read_budgets(path: Path) -> Budgets | None:
    """Read the file of budgets, None where there is none.

    Raises:
        BudgetFileError: It cannot be read or does not hold; the text names file, line and key.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise BudgetFileError(path.name, f"cannot be read: {exc.strerror}") from None
    if len(data) > MAX_FILE:
        raise BudgetFileError(path.name, f"is larger than {MAX_FILE} bytes")
    return parse_budgets(data, path.name)


def parse_budgets(data: bytes, name: str) -> Budgets:
    """Read the content of a file of budgets.

    Raises:
        BudgetFileError: It is not TOML in UTF-8, or a key does not hold.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise BudgetFileError(name, "is not UTF-8") from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise BudgetFileError(name, "is not TOML", line=line_of_fault(exc, text)) from None
    try:
        return Budgets.model_validate(table)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        line = line_of(text, tuple(first["loc"]))
        raise BudgetFileError(name, first["msg"], line=line, key=key) from None
