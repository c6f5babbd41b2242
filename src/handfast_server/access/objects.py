"""Which rows somebody sees. The table says what they may do, these functions with what.

A rep sees the cycles that are theirs: those they own, and those that ended while they did. A manager sees the cycles
of the pools they manage besides, everybody else who has a role sees all, and who has none sees nothing. Whoever sees
a cycle sees its lead.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from handfast.cycle.life import CycleState
from handfast.cycle.values import AssignmentEnd
from handfast_server.access.principal import Principal
from handfast_server.accounts.models import Role
from handfast_server.bridge.pool import manager_of
from handfast_server.handoffs.models import Assignment, Breach, Clock, Cycle, Deal, Transition
from handfast_server.leads.models import Activity, Lead
from handfast_server.rosters.models import Pool

_ALL = (Role.ADMIN, Role.MARKETING, Role.MARKETING_LEADER, Role.SALES_LEADER, Role.VIEWER)


def sees_all(principal: Principal) -> bool:
    """Whether nothing is kept from them."""
    return principal.has_role(*_ALL)


def pools_managed(principal: Principal) -> frozenset[str]:
    """The pools that somebody manages, as the roster says."""
    if not principal.rep or not principal.has_role(Role.MANAGER):
        return frozenset()
    rows = Pool.objects.values_list("name", "value")
    return frozenset(name for name, value in rows if manager_of(value) == principal.rep)


def access_cycles(principal: Principal) -> QuerySet[Cycle]:
    """The cycles that somebody sees."""
    return Cycle.objects.all() if sees_all(principal) else Cycle.objects.filter(_theirs(principal))


def access_owned(principal: Principal) -> QuerySet[Cycle]:
    """Those of the cycles somebody sees that are theirs now: cheap, as every open inbox asks each few seconds."""
    mine = Cycle.objects.filter(owner=principal.name)
    if sees_all(principal) or (principal.rep and principal.has_role(Role.REP, Role.MANAGER)):
        return mine
    return mine.none()


def access_leads(principal: Principal) -> QuerySet[Lead]:
    """The leads that somebody sees."""
    if sees_all(principal):
        return Lead.objects.all()
    cycles = access_cycles(principal).filter(lead=OuterRef("pk"))
    return Lead.objects.filter(Exists(cycles))


def access_assignments(principal: Principal) -> QuerySet[Assignment]:
    """The assignments of the cycles that somebody sees."""
    everything = Assignment.objects.all()
    return everything if sees_all(principal) else everything.filter(cycle__in=access_cycles(principal))


def access_transitions(principal: Principal) -> QuerySet[Transition]:
    """The transitions of the cycles that somebody sees."""
    everything = Transition.objects.all()
    return everything if sees_all(principal) else everything.filter(cycle__in=access_cycles(principal))


def access_clocks(principal: Principal) -> QuerySet[Clock]:
    """The clocks of the cycles that somebody sees."""
    everything = Clock.objects.all()
    return everything if sees_all(principal) else everything.filter(cycle__in=access_cycles(principal))


def access_breaches(principal: Principal) -> QuerySet[Breach]:
    """The breaches of the cycles that somebody sees, and their own, whoever has the cycle now."""
    if sees_all(principal):
        return Breach.objects.all()
    own = Q(rep=principal.rep) if principal.rep else Q(pk__in=())
    return Breach.objects.filter(own | Q(cycle__in=access_cycles(principal)))


def access_deals(principal: Principal) -> QuerySet[Deal]:
    """The deals of the leads that somebody sees."""
    everything = Deal.objects.all()
    return everything if sees_all(principal) else everything.filter(lead__in=access_leads(principal))


def access_activities(principal: Principal) -> QuerySet[Activity]:
    """What the leads did that somebody sees."""
    everything = Activity.objects.all()
    return everything if sees_all(principal) else everything.filter(lead__in=access_leads(principal))


def _theirs(principal: Principal) -> Q:
    rep = principal.rep
    if not rep or not principal.has_role(Role.REP, Role.MANAGER):
        return Q(pk__in=())
    ended = Assignment.objects.filter(cycle=OuterRef("pk"), rep=rep)
    theirs = Q(owner=rep) | Q(Exists(ended.filter(end=AssignmentEnd.CYCLE_ENDED)))
    theirs |= Q(state=CycleState.CONTESTED) & Q(Exists(ended.filter(end=AssignmentEnd.CONTESTED)))
    pools = pools_managed(principal)
    return theirs | Q(pool__in=pools) | Q(ruled__in=pools) | Q(hold_pool__in=pools) if pools else theirs
