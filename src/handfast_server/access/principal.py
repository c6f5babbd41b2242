"""Who asks: somebody signed in, or a program with a token."""

from __future__ import annotations

from dataclasses import dataclass

from handfast_server.accounts.models import Role, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """``name`` is what facts call them (``by``): their name in rosters, else their address; a token's own name.

    ``scopes`` is None for people: they are limited by their roles alone, a token by both.
    """

    id: str
    name: str
    roles: frozenset[str]
    rep: str = ""
    scopes: frozenset[str] | None = None

    def has_role(self, *roles: Role) -> bool:
        """Whether they have one of these roles."""
        return any(role in self.roles for role in roles)


def of_user(user: User) -> Principal:
    """Somebody who signed in."""
    return Principal(id=f"user:{user.pk}", name=user.rep or user.email, roles=frozenset(user.roles), rep=user.rep)
