"""Something that somebody asked for and that cannot be done, with a code for programs and a sentence for people."""

from __future__ import annotations


class Refused(Exception):
    """``status`` is what the interface answers: 403, 404, 409, 415 or 422."""

    def __init__(self, code: str, message: str, *, status: int = 409, path: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.path = status, code, message, path
