"""What all parts of a contract file have in common."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A mapping of the file.

    ``needed`` lists the keys that must be there. They have inert defaults, so that a missing key does not hide the
    mistakes beside it.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)
    needed: ClassVar[tuple[str, ...]] = ()
