"""docs/reference/permissions.md: the permission table, and who sees which rows."""

from __future__ import annotations

from handfast_server.access.table import ACTIONS, PAGES, Scope
from handfast_server.accounts.models import Role

_HEAD = """# Who may do what

Every endpoint names one action of this table, and nothing else decides. A person may what one of their roles may. A
token has roles and scopes, and may what both allow. The page is written from `handfast_server.access.table`.

"""

_FOOT = """
## Who sees what

Administrators, marketing, both leaders and viewers see every lead. A manager sees the cycles of the pools that the
rosters name them for, and their own. A rep sees the cycles they own, and those that ended or are contested from their
hands; what went to somebody else they see no longer. A rep's or manager's account is tied to the rosters by the name
given there; without it they see nothing. Whoever sees a cycle sees its lead.

A manager changes the pools that the rosters name them for, and the reps who are in one of those; somebody who is in
the rosters for the first time is nobody's yet. Taking a rep into a further pool, capping them over all pools and
letting them go is for who manages every pool that they are in or manage, and for sales leaders and administrators:
other pools count on them. Everything else is refused with `not_your_pool`.

The core decides the rest: only the owner of a handoff, or their manager for them, accepts or rejects it; only
signatories and deputies sign; each refusal says who may.

## Under whose name something is told

What is told through the interface stands under a source, and the same key at one source is one item. People and tokens
each have a source of their own, and another only where an administrator granted it to the token; whoever names one
that is not theirs is refused with `source_not_granted`. An administrator who is signed in may name any.

"""

_PAGES = """## Pages

A page opens for whoever may do what it is for; the address stands in their navigation for nobody else. The status and
the interface for programs can be read by anybody; only who may sees figures on the status.

| page | action |
|---|---|
"""

_SCOPES = {
    Scope.READ: "read leads, cycles, the team, the contract and measures",
    Scope.INTAKE: "tell of leads and what they do",
    Scope.DECIDE: "tell of outreach, deals and decisions",
    Scope.TEAM: "change pools, members and absences",
    Scope.EXPORT: "take records and audiences out",
    Scope.ADMIN: "everything else; a signature is never given by a token",
}


def page() -> str:
    """The page."""
    roles = list(Role)
    head = ["| action | what | " + " | ".join(role.value.replace("_", " ") for role in roles) + " | scope |"]
    line = ["|---|---|" + ":-:|" * len(roles) + "---|"]
    rows = [
        f"| `{name}` | {action.what} | "
        + " | ".join("✓" if role in action.roles else "" for role in roles)
        + f" | {action.scope} |"
        for name, action in ACTIONS.items()
    ]
    scopes = [f"- `{scope}`: {_SCOPES[scope]}" for scope in Scope]
    pages = [f"| {name} | `{action}` |" for name, action in PAGES.items()]
    parts = (_HEAD, "\n".join((*head, *line, *rows)), "\n", _FOOT, _PAGES, "\n".join(pages), "\n")
    return "".join((*parts, "\n## Scopes of tokens\n\n", "\n".join(scopes), "\n"))
