"""Who can be looked as in the demonstration: made-up people, one of each kind that the pages are for."""

from __future__ import annotations

from typing import NamedTuple

from handfast_server.accounts.models import Role

NAME = "acme-demo"
"""The contract of every demonstration, and of nothing else."""

PASSWORD = "demonstration"  # noqa: S105 # stands on the demonstration's pages
"""Everybody's, for what asks it again: signing."""


class Member(NamedTuple):
    """Somebody whose place a visitor can take with one press."""

    key: str
    name: str
    email: str
    roles: tuple[Role, ...]
    rep: str = ""
    lands: str = "scoreboard"


CAST = (
    Member("revops", "Priya Nair", "priya@acme.example", (Role.ADMIN,)),
    Member("marketing", "Dana Reyes", "dana@acme.example", (Role.MARKETING_LEADER,)),
    Member("sales", "Omar Haddad", "omar@acme.example", (Role.SALES_LEADER, Role.MANAGER), "Omar Haddad"),
    Member("rep", "Lena Vogt", "lena.vogt@acme.example", (Role.REP,), "Lena Vogt", "inbox"),
)
