"""Whose team somebody may change: the table says who changes teams at all, this with which pools and reps."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from handfast import facts
from handfast.facts import TeamFact
from handfast.route.team import Member as CoreMember
from handfast_server.access import Principal, pools_managed
from handfast_server.accounts.models import Role
from handfast_server.bridge.plain import Codecs
from handfast_server.intake.refused import ItemRefused
from handfast_server.rosters.models import Absence, AccountOwner, Member, Rep

_MEMBER = Codecs().of(CoreMember)
_OF_POOL = (facts.MemberSet, facts.MemberRemoved, facts.PoolManagerSet)


def check_team(principal: Principal, told: Iterable[TeamFact]) -> None:
    """Raises ItemRefused where a manager changes a pool that is not theirs, or a rep who is in none of theirs.

    Somebody new is nobody's yet, and oneself is one's own; a manager of no pool changes nothing.
    """
    if principal.has_role(Role.ADMIN, Role.SALES_LEADER):
        return
    managed = pools_managed(principal)
    for fact in told:
        if isinstance(fact, _OF_POOL):
            if fact.pool not in managed:
                raise ItemRefused("not_your_pool", f"You do not manage {fact.pool}: who does changes it.", "pool")
        else:
            check_reps(principal, managed, _reps(fact))


def check_reps(principal: Principal, managed: frozenset[str], reps: Iterable[str]) -> None:
    """Raises ItemRefused for a rep who is in no pool that is managed."""
    for rep in reps:
        if not managed or not (rep == principal.rep or _theirs(rep, managed)):
            raise ItemRefused(
                "not_your_pool", f"{rep} is in no pool that you manage: who manages one changes this.", "rep"
            )


def check_rep(principal: Principal, rep: str) -> None:
    """Raises ItemRefused where somebody may not change a rep's absences and caps."""
    if not principal.has_role(Role.ADMIN, Role.SALES_LEADER):
        check_reps(principal, pools_managed(principal), [rep])


def _theirs(rep: str, managed: frozenset[str]) -> bool:
    if not Rep.objects.filter(pk=rep).exists():
        return True
    values = Member.objects.filter(pool__in=managed, rep=rep).values_list("value", flat=True)
    return any(_MEMBER.read(orjson.loads(value)).here for value in values)


def _reps(fact: TeamFact) -> set[str]:
    """Whom a fact changes: those that it names, and those whose it was."""
    named = {str(getattr(fact, name)) for name in ("rep", "owner") if getattr(fact, name, None)}
    if isinstance(fact, facts.AbsenceSet | facts.AbsenceCancelled):
        named |= set(Absence.objects.filter(pk=fact.absence, gone=False).values_list("rep", flat=True))
    if isinstance(fact, facts.AccountOwnerSet):
        named |= set(AccountOwner.objects.filter(pk=fact.account).values_list("owner", flat=True)) - {""}
    return named or {""}
