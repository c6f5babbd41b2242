"""Who gets a lead and why: rules, pools, rosters with their ledgers, caps, tiers, holds.

team = told(team, MemberSet(...)).team           # facts about the team
team = until(team, now).team                     # absences that began or ended up to now, before anything else
choice = choose(team, contract, calendars, values=values, owner=owner, had=reps, now=now)
team, entries = assigned(team, choice, cycle=id) # when choice.rep is somebody
"""

from __future__ import annotations

from handfast.route.choice import Candidate, Choice, Lift, Tier, Way, WhyNot
from handfast.route.choose import choose, give
from handfast.route.ledger import Entry, EntryKind, assigned, credited, released
from handfast.route.opportunities import Opportunities, Opportunity
from handfast.route.place import Handoff, Held, Placed, Stays, place
from handfast.route.question import ByName, day_of
from handfast.route.rules import Routed, RuleTried, pool_of, routed
from handfast.route.team import Absence, Level, Member, Rep, Roster, Team
from handfast.route.told import Gone, Told, governed, told, until

__all__ = [
    "Absence",
    "ByName",
    "Candidate",
    "Choice",
    "Entry",
    "EntryKind",
    "Gone",
    "Handoff",
    "Held",
    "Level",
    "Lift",
    "Member",
    "Opportunities",
    "Opportunity",
    "Placed",
    "Rep",
    "Roster",
    "Routed",
    "RuleTried",
    "Stays",
    "Team",
    "Tier",
    "Told",
    "Way",
    "WhyNot",
    "assigned",
    "choose",
    "credited",
    "day_of",
    "give",
    "governed",
    "place",
    "pool_of",
    "released",
    "routed",
    "told",
    "until",
]
