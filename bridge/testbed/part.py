"""What every piece of a scenario has in common: strict, frozen, nothing unknown in it."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from bridge.testbed.fields import NAME_PATTERN

TEXT_PATTERN: Final = r"^[^\p{C}]*$"
"""No control, formatting or bidirectional characters: these texts reach terminals and reports."""

LONG_NAME_PATTERN: Final = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"

LongName: TypeAlias = Annotated[str, Field(pattern=LONG_NAME_PATTERN)]
Name: TypeAlias = Annotated[str, Field(pattern=NAME_PATTERN)]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=200, pattern=TEXT_PATTERN)]


class Part(BaseModel):
    """A piece of a scenario: nothing unknown in it, nothing converted, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
