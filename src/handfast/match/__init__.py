"""The one matcher of intake, routing and reporting: is this lead known, which account is it of, whose is it?"""

from __future__ import annotations

from handfast.match.account import Accounts, best_account
from handfast.match.close import close
from handfast.match.described import Described, Normal, normal
from handfast.match.found import Account, AccountBy, AccountMatch, Agrees, Found, Tie
from handfast.match.lead import LeadBy, LeadMatch, match_lead
from handfast.match.opportunity import OpenOpportunity, joins

__all__ = [
    "Account",
    "AccountBy",
    "AccountMatch",
    "Accounts",
    "Agrees",
    "Described",
    "Found",
    "LeadBy",
    "LeadMatch",
    "Normal",
    "OpenOpportunity",
    "Tie",
    "best_account",
    "close",
    "joins",
    "match_lead",
    "normal",
]
