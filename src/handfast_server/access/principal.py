"""Who asks: somebody signed in, or a program with a token."""

from __future__ import annotations

from dataclasses import dataclass

from handfast_server.accounts.models import Role, User

OURS = frozenset(("erase", "held", "in-force", "link", "tick", "token", "user"))
"""Under these words the service names facts of its own: they are nobody's source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """``name`` is what facts call them (``by``): their name in rosters, else their address; a token's own name.

    ``scopes`` is None for people: they are limited by their roles alone, a token by both. ``sources`` are the systems
    besides itself whose words a token may pass on.
    """

    id: str
    name: str
    roles: frozenset[str]
    rep: str = ""
    scopes: frozenset[str] | None = None
    sources: frozenset[str] = frozenset()

    def has_role(self, *roles: Role) -> bool:
        """Whether they have one of these roles."""
        return any(role in self.roles for role in roles)

    @property
    def own_source(self) -> str:
        """The source of who names none: a name nobody else has."""
        return self.id.replace(":", "-")

    def may_speak_for(self, source: str) -> bool:
        """Whether what they tell may stand under this source: a fact there is theirs to repeat or to be first with."""
        if self.scopes is None and self.has_role(Role.ADMIN):
            return source not in OURS  # any other they could give themselves a token for it
        return source == self.own_source or source in self.sources


def of_user(user: User) -> Principal:
    """Somebody who signed in."""
    return Principal(id=f"user:{user.pk}", name=user.rep or user.email, roles=frozenset(user.roles), rep=user.rep)
