"""The permission table: each action, the roles that may, and the scope that a token needs for it.

Which leads somebody sees is another question: ``access_leads`` and its kin answer it with rows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from handfast_server.access.principal import Principal
from handfast_server.accounts.models import Role


class Scope(StrEnum):
    """What a token is made for."""

    READ = "read"
    INTAKE = "intake"
    DECIDE = "decide"
    TEAM = "team"
    EXPORT = "export"
    ADMIN = "admin"


class Action(NamedTuple):
    """Who may do one thing."""

    roles: frozenset[Role]
    scope: Scope
    what: str


_ALL = frozenset(Role)
_ADMIN = frozenset((Role.ADMIN,))
_MARKETING = frozenset((Role.ADMIN, Role.MARKETING, Role.MARKETING_LEADER))
_SALES = frozenset((Role.REP, Role.MANAGER, Role.SALES_LEADER))
_MANAGERS = frozenset((Role.ADMIN, Role.MANAGER, Role.SALES_LEADER))
_LEADERS = frozenset((Role.MARKETING_LEADER, Role.SALES_LEADER))
_BOTH = _MARKETING | _SALES

ACTIONS: dict[str, Action] = {
    "self.read": Action(_ALL, Scope.READ, "See who one is here, and what one may do"),
    "self.write": Action(_ALL, Scope.ADMIN, "Say what one wants to be told, and when"),
    "leads.read": Action(_ALL, Scope.READ, "See leads, their cycles and what was decided about them"),
    "leads.write": Action(_MARKETING, Scope.INTAKE, "Tell of leads, activities, consent and accounts"),
    "leads.erase": Action(_ADMIN, Scope.ADMIN, "Erase a lead, or hand out everything known of one"),
    "leads.merge": Action(_MARKETING | _MANAGERS, Scope.INTAKE, "Say that two leads are one human"),
    "touches.write": Action(_SALES | _ADMIN, Scope.DECIDE, "Tell of outreach"),
    "deals.write": Action(_SALES | _ADMIN, Scope.DECIDE, "Tell of opportunities"),
    "cycles.decide": Action(_SALES | _ADMIN, Scope.DECIDE, "Accept, return, reject, qualify, disqualify"),
    "cycles.contest": Action(_MARKETING, Scope.DECIDE, "Uphold or overturn a contested rejection"),
    "cycles.release": Action(_MARKETING, Scope.DECIDE, "Release leads that would now qualify"),
    "cycles.reassign": Action(_MANAGERS, Scope.DECIDE, "Reassign, re-route, give back"),
    "cycles.withdraw": Action(_ADMIN, Scope.ADMIN, "End a cycle that is neither side's"),
    "clocks.pause": Action(_SALES | _ADMIN, Scope.DECIDE, "Pause and resume a clock on a prospect's request"),
    "breaches.judge": Action(_MANAGERS, Scope.DECIDE, "Set the cause of a breach, or excuse it"),
    "mode.read": Action(
        _MARKETING | _MANAGERS | _LEADERS, Scope.READ, "See whether the service judges only, and what shadow mode found"
    ),
    "mode.change": Action(_ADMIN, Scope.ADMIN, "Begin and end shadow mode, and take handoffs of another system over"),
    "history.import": Action(_ADMIN, Scope.ADMIN, "Import history from files"),
    "team.read": Action(_ALL, Scope.READ, "See pools, members and absences"),
    "team.write": Action(_MANAGERS, Scope.TEAM, "Change reps, pools, weights, caps and absences"),
    "team.appoint": Action(_ADMIN | {Role.SALES_LEADER}, Scope.TEAM, "Say who manages a pool"),
    "contracts.read": Action(_ALL, Scope.READ, "Read the contract and its history"),
    "contracts.draft": Action(_MARKETING | _MANAGERS, Scope.ADMIN, "Write drafts and ask for signatures"),
    "contracts.comment": Action(_BOTH | _MANAGERS, Scope.ADMIN, "Say something of a clause, and settle what was said"),
    "contracts.sign": Action(_ALL, Scope.ADMIN, "Sign, when the contract names one as signatory or deputy"),
    "contracts.appoint": Action(_ADMIN | _LEADERS, Scope.ADMIN, "Appoint a successor for a signatory who left"),
    "measures.read": Action(_ALL, Scope.READ, "See measures, commitments and the plan"),
    "quality.read": Action(
        _MARKETING | _MANAGERS | _LEADERS | {Role.VIEWER},
        Scope.READ,
        "See what was declined and why, and who is held back",
    ),
    "rates.write": Action(_ADMIN | _LEADERS, Scope.ADMIN, "State what other currencies are worth in the contract's"),
    "spend.write": Action(_MARKETING, Scope.INTAKE, "State what marketing spent"),
    "measures.export": Action(_BOTH | _MANAGERS, Scope.EXPORT, "Export records, audiences and history"),
    "statements.sign": Action(_LEADERS, Scope.ADMIN, "Close a period and sign its statement"),
    "statements.read": Action(_ALL - {Role.REP, Role.MANAGER}, Scope.READ, "See the statements of closed periods"),
    "endpoints.read": Action(_ADMIN, Scope.ADMIN, "See webhooks, channels and messages that could not be sent"),
    "endpoints.write": Action(_ADMIN, Scope.ADMIN, "Change webhooks, channels and sources; send again"),
    "users.read": Action(_ADMIN, Scope.ADMIN, "See users, tokens and invitations"),
    "users.write": Action(_ADMIN, Scope.ADMIN, "Invite people, give roles, make and revoke tokens"),
    "audit.read": Action(_ADMIN, Scope.ADMIN, "Read the audit log"),
    "status.read": Action(_ADMIN, Scope.READ, "See invariants, lag and backlog in detail"),
    "gallery.read": Action(_ADMIN, Scope.READ, "See the parts that pages are made of"),
}

PAGES: dict[str, str] = {
    "inbox": "cycles.decide",
    "inbox_cards": "cycles.decide",
    "inbox_accept": "cycles.decide",
    "inbox_decline": "cycles.decide",
    "inbox_touch": "touches.write",
    "mine": "cycles.decide",
    "mine_touch": "touches.write",
    "mine_qualify": "cycles.decide",
    "mine_disqualify": "cycles.decide",
    "team": "cycles.reassign",
    "team_rep": "cycles.reassign",
    "team_reroute": "cycles.reassign",
    "team_cause": "breaches.judge",
    "team_excuse": "breaches.judge",
    "rosters": "team.read",
    "rosters_add": "team.write",
    "rosters_pool": "team.read",
    "rosters_members": "team.write",
    "rosters_join": "team.write",
    "rosters_manager": "team.appoint",
    "rosters_rep": "team.read",
    "rosters_caps": "team.write",
    "rosters_leave": "team.write",
    "rosters_hand_on": "cycles.reassign",
    "rosters_back": "team.write",
    "rosters_csv": "team.read",
    "rosters_file": "team.write",
    "rosters_file_apply": "team.write",
    "absences": "team.read",
    "absences_add": "team.write",
    "absences_cancel": "team.write",
    "absences_file": "team.write",
    "absences_file_apply": "team.write",
    "lead": "leads.read",
    "lead_hand_out": "leads.erase",
    "lead_erase": "leads.erase",
    "scoreboard": "measures.read",
    "scoreboard_measure": "measures.read",
    "start": "users.write",
    "start_who": "users.write",
    "start_contract": "users.write",
    "start_hand_over": "contracts.sign",
    "start_demo": "users.write",
    "start_demo_begin": "users.write",
    "start_demo_progress": "users.write",
    "start_demo_leave": "users.write",
    "start_demo_end": "users.write",
    "mode": "mode.read",
    "mode_set": "mode.change",
    "mode_cut_over": "mode.change",
    "import": "history.import",
    "import_one": "history.import",
    "import_map": "history.import",
    "import_progress": "history.import",
    "import_begin": "history.import",
    "import_stop": "history.import",
    "import_discard": "history.import",
    "import_refused": "history.import",
    "periods": "statements.read",
    "period": "statements.read",
    "period_csv": "statements.read",
    "period_close": "statements.sign",
    "period_sign": "contracts.sign",
    "quality": "quality.read",
    "quality_csv": "measures.export",
    "quality_returns": "quality.read",
    "quality_returns_csv": "measures.export",
    "quality_contests": "quality.read",
    "quality_settle": "cycles.contest",
    "quality_sources": "quality.read",
    "quality_sources_csv": "measures.export",
    "quality_signals": "quality.read",
    "quality_draft": "contracts.draft",
    "quality_spend": "spend.write",
    "quality_spend_csv": "measures.export",
    "quality_held": "quality.read",
    "quality_held_by": "quality.read",
    "quality_held_csv": "measures.export",
    "contract": "contracts.read",
    "contract_version": "contracts.read",
    "contract_history": "contracts.read",
    "contract_drafts": "contracts.read",
    "contract_draft": "contracts.read",
    "contract_compare": "contracts.read",
    "contract_file": "contracts.read",
    "contract_words": "contracts.read",
    "contract_successors": "contracts.read",
    "contract_successor_ask": "contracts.appoint",
    "contract_successor_confirm": "contracts.appoint",
    "contract_remind": "contracts.draft",
    "contract_begin": "contracts.draft",
    "contract_new": "contracts.draft",
    "contract_check": "contracts.draft",
    "contract_save": "contracts.draft",
    "contract_recall": "contracts.draft",
    "contract_drop": "contracts.draft",
    "contract_comment": "contracts.comment",
    "contract_comment_settle": "contracts.comment",
    "contract_comment_take_back": "contracts.comment",
    "contract_sign": "contracts.sign",
    "contract_invite": "users.write",
    "people": "users.read",
    "people_invite": "users.write",
    "invitation_again": "users.write",
    "invitation_revoke": "users.write",
    "person": "users.write",
    "person_away": "users.write",
    "person_back": "users.write",
    "person_sessions": "users.write",
    "person_unlock": "users.write",
    "person_codes": "users.write",
    "tokens": "users.read",
    "token_new": "users.write",
    "token": "users.write",
    "token_revoke": "users.write",
    "connections": "endpoints.read",
    "source_new": "endpoints.write",
    "source": "endpoints.write",
    "source_key": "endpoints.write",
    "aside": "endpoints.read",
    "aside_one": "endpoints.read",
    "aside_again": "endpoints.write",
    "aside_drop": "endpoints.write",
    "webhook_new": "endpoints.write",
    "webhook": "endpoints.write",
    "webhook_secret": "endpoints.write",
    "webhook_test": "endpoints.write",
    "webhook_remove": "endpoints.write",
    "channel_new": "endpoints.write",
    "channel_test": "endpoints.write",
    "channel_remove": "endpoints.write",
    "deliveries": "endpoints.read",
    "delivery": "endpoints.read",
    "deliveries_again": "endpoints.write",
    "audit": "audit.read",
    "audit_csv": "audit.read",
    "audit_chain": "audit.read",
    "status": "status.read",
    "api_docs": "self.read",
    "gallery": "gallery.read",
}
"""Each page by the name of its address, and the action that opens it."""


def allowed(principal: Principal, action: str) -> bool:
    """Whether somebody may. Raises KeyError for an action that the table does not know."""
    entry = ACTIONS[action]
    if principal.scopes is not None and entry.scope not in principal.scopes:
        return False
    return not entry.roles.isdisjoint(principal.roles)
