"""What people are called who are kept by their address, as who closed a period or gave a file."""

from __future__ import annotations

from collections.abc import Iterable

from handfast_server.accounts.models import User


def names_of(people: Iterable[str]) -> dict[str, str]:
    """Each by their name where they have an account, else as they are kept."""
    asked = set(people)
    return {name: name for name in asked} | {user.email: str(user) for user in User.objects.filter(email__in=asked)}
