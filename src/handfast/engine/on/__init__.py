"""What each kind of fact does, a module a concern, and the table that says which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handfast import facts
from handfast.engine.on import activity, clock, consent, contest, deal, decision, elsewhere, merge, owner, team, touch
from handfast.engine.turn import Turn

Handler = Callable[[Turn, Any], None]

HANDLERS: Mapping[type[facts.Fact], Handler] = {
    facts.LeadCreated: activity.created,
    facts.AttributesChanged: activity.attributes_changed,
    facts.ActivityHappened: activity.happened,
    facts.TouchMade: touch.made,
    facts.ConsentChanged: consent.changed,
    facts.LeadErased: consent.erased,
    facts.LeadsMerged: merge.merged,
    facts.StageStamped: elsewhere.stamped,
    facts.TakenOver: elsewhere.taken_over,
    facts.Accepted: decision.accepted,
    facts.Returned: decision.returned,
    facts.Rejected: decision.rejected,
    facts.SalesQualified: decision.sales_qualified,
    facts.Disqualified: decision.disqualified,
    facts.Released: decision.released,
    facts.AdminWithdrew: decision.withdrew,
    facts.ContestUpheld: contest.upheld,
    facts.ContestOverturned: contest.overturned,
    facts.Reassigned: owner.reassigned,
    facts.Rerouted: owner.rerouted,
    facts.GivenBack: owner.given_back,
    facts.ClockPaused: clock.paused,
    facts.ClockResumed: clock.resumed,
    facts.BreachCauseSet: clock.cause_set,
    facts.BreachExcused: clock.excused,
    facts.DealOpened: deal.opened,
    facts.DealAmended: deal.amended,
    facts.DealWon: deal.won,
    facts.DealLost: deal.lost,
    facts.DealReopened: deal.reopened,
    facts.RepSet: team.told,
    facts.MemberSet: team.told,
    facts.MemberRemoved: team.told,
    facts.AbsenceSet: team.told,
    facts.AbsenceCancelled: team.told,
    facts.PoolManagerSet: team.told,
    facts.AccountOwnerSet: team.told,
    facts.ShadowSet: team.shadow_set,
    facts.ContractInForce: team.governed,
    facts.Tick: activity.ticked,
    facts.TeamTick: team.ticked,
}
"""Every kind of fact there is; a kind without a handler is a mistake that a test finds."""
