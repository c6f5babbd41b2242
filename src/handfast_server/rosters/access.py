"""Whose team somebody may change: the table says who changes teams at all, this with which pools and reps.

A pool is its manager's. A rep is the manager's of each pool they are in: any of these tells of absences, which come
from the rep; who takes the rep into a further pool, caps them over all pools or lets them go changes what every other
pool of theirs can count on, and manages all of these, or leads sales.
"""

from __future__ import annotations

from collections.abc import Iterable

from handfast import facts
from handfast.facts import TeamFact
from handfast.route.team import Member as CoreMember
from handfast_server.access import Principal, pools_managed
from handfast_server.accounts.models import Role
from handfast_server.bridge.plain import Codecs, read_any
from handfast_server.bridge.pool import manager_of
from handfast_server.intake.refused import ItemRefused
from handfast_server.rosters.models import Absence, AccountOwner, Member, Pool, Rep

_MEMBER = Codecs().of(CoreMember)
_OF_POOL = (facts.MemberSet, facts.MemberRemoved, facts.PoolManagerSet)


def check_team(principal: Principal, told: Iterable[TeamFact]) -> None:
    """Raises ItemRefused where a manager changes a pool that is not theirs, or a rep who is in none of theirs.

    Somebody new is nobody's yet, and oneself is one's own; a manager of no pool changes nothing.
    """
    if leads_teams(principal):
        return
    managed = pools_managed(principal)
    for fact in told:
        if not isinstance(fact, _OF_POOL):
            check_reps(principal, managed, _reps(fact))
        elif fact.pool not in managed:
            raise ItemRefused("not_your_pool", f"You do not manage {fact.pool}: who does changes it.", "pool")
        if isinstance(fact, facts.RepSet) or (isinstance(fact, facts.MemberSet) and not _here(fact.rep, fact.pool)):
            _check_alone(principal, managed, fact.rep)


def leads_teams(principal: Principal) -> bool:
    """Whether every team is theirs to change."""
    return principal.has_role(Role.ADMIN, Role.SALES_LEADER)


def _check_alone(principal: Principal, managed: frozenset[str], rep: str) -> None:
    """Raises ItemRefused for a rep whom a pool counts on that somebody else manages."""
    others = _pools_of(rep) - managed if rep != principal.rep else set()
    if others:
        named = ", ".join(sorted(others))
        raise ItemRefused(
            "not_your_pool", f"{rep} is in {named} too, which you do not manage: a sales leader decides this.", "rep"
        )


def check_reps(principal: Principal, managed: frozenset[str], reps: Iterable[str]) -> None:
    """Raises ItemRefused for a rep who is in no pool that is managed."""
    for rep in reps:
        if not managed or not (rep == principal.rep or _theirs(rep, managed)):
            raise ItemRefused(
                "not_your_pool", f"{rep} is in no pool that you manage: who manages one changes this.", "rep"
            )


def check_rep(principal: Principal, rep: str) -> None:
    """Raises ItemRefused where somebody may not change a rep's absences and caps."""
    if not leads_teams(principal):
        check_reps(principal, pools_managed(principal), [rep])


def _theirs(rep: str, managed: frozenset[str]) -> bool:
    if not Rep.objects.filter(pk=rep).exists():
        return True
    return any(_here(rep, pool) for pool in managed)


def _here(rep: str, pool: str) -> bool:
    """Whether somebody is a member now."""
    value = Member.objects.filter(pool=pool, rep=rep).values_list("value", flat=True).first()
    return value is not None and _MEMBER.read(read_any(value)).here


def _pools_of(rep: str) -> set[str]:
    """The pools that somebody is in, and those that they manage."""
    members = Member.objects.filter(rep=rep).values_list("pool", "value")
    within = {pool for pool, value in members if _MEMBER.read(read_any(value)).here}
    return within | {name for name, value in Pool.objects.values_list("name", "value") if manager_of(value) == rep}


def _reps(fact: TeamFact) -> set[str]:
    """Whom a fact changes: those that it names, and those whose it was."""
    named = {str(getattr(fact, name)) for name in ("rep", "owner") if getattr(fact, name, None)}
    if isinstance(fact, facts.AbsenceSet | facts.AbsenceCancelled):
        named |= set(Absence.objects.filter(pk=fact.absence, gone=False).values_list("rep", flat=True))
    if isinstance(fact, facts.AccountOwnerSet):
        named |= set(AccountOwner.objects.filter(pk=fact.account).values_list("owner", flat=True)) - {""}
    return named or {""}
