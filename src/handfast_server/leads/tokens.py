"""Names by which other systems know a person's records, each replaced by one token wherever it stands."""

from __future__ import annotations

from uuid import uuid4

MARK = "erased:"


class Tokens:
    """One token a name, drawn at random and kept nowhere: what belonged together still does, and says nothing."""

    def __init__(self) -> None:
        """No name was met yet."""
        self._known: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The token of a name; a token is its own."""
        if not name or name.startswith(MARK):
            return name
        return self._known.setdefault(name, f"{MARK}{uuid4().hex}")

    def within(self, made: str) -> str:
        """An id that was made of a name and more, after a colon, with the token in the name's place."""
        name = made
        while name:
            if name in self._known:
                return self._known[name] + made[len(name) :]
            name = name.rpartition(":")[0]
        return made
