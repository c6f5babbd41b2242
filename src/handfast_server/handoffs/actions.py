"""Every verb of the life of a cycle: one function each, which tells the engine and answers what came of it.

The core decides what it knows: states, owners, managers, reasons, needs, dates. Who may use a verb at all stands in the
permission table. Every function raises Refused: 409 with the code and the words of the core where it refuses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from handfast import facts
from handfast.condition import Value
from handfast.facts import BreachCause, TouchKind
from handfast.instant import Instant
from handfast_server.handoffs.asked import Asked
from handfast_server.handoffs.told import Decided, decided


def do_accept(asked: Asked) -> Decided:
    """The owner, or their manager for them, takes the lead on."""
    return decided(asked, facts.Accepted(**asked.basis))


def do_return(asked: Asked, reason: str, note: str) -> Decided:
    """Not mine: routed again."""
    return decided(asked, facts.Returned(**asked.basis, reason=reason, note=note))


def do_reject(asked: Asked, reason: str, note: str, revisit_on: dt.date | None) -> Decided:
    """Sales declines before contact; contested where the data contradict the clause of the reason."""
    fact = facts.Rejected(**asked.basis, reason=reason, note=note)
    return decided(asked, fact, revisit_on=revisit_on)


def do_qualify(asked: Asked, evidence: Mapping[str, Value]) -> Decided:
    """Sales records the evidence of an SQL."""
    return decided(asked, facts.SalesQualified(**asked.basis, evidence=dict(evidence)))


def do_disqualify(asked: Asked, reason: str, note: str, revisit_on: dt.date | None) -> Decided:
    """Sales ends it after acceptance."""
    fact = facts.Disqualified(**asked.basis, reason=reason, note=note)
    return decided(asked, fact, revisit_on=revisit_on)


def do_uphold(asked: Asked, note: str) -> Decided:
    """Marketing agrees with a contested rejection."""
    return decided(asked, facts.ContestUpheld(**asked.basis, note=note))


def do_overturn(asked: Asked, note: str) -> Decided:
    """Marketing does not: the handoff is routed again."""
    return decided(asked, facts.ContestOverturned(**asked.basis, note=note))


def do_reassign(asked: Asked, to: str | None, note: str) -> Decided:
    """A manager gives the handoff to somebody, or has it routed again."""
    return decided(asked, facts.Reassigned(**asked.basis, to=to, note=note))


def do_give_back(asked: Asked, to: str) -> Decided:
    """To the rep whose touch in time was recorded late."""
    return decided(asked, facts.GivenBack(**asked.basis, to=to))


def do_pause(asked: Asked, clock: str, until: Instant, note: str) -> Decided:
    """The prospect asked to be called on a date."""
    return decided(asked, facts.ClockPaused(**asked.basis, clock=clock, until=until, note=note))


def do_resume(asked: Asked, clock: str) -> Decided:
    """A pause ends before its date."""
    return decided(asked, facts.ClockResumed(**asked.basis, clock=clock))


def do_set_cause(asked: Asked, breach: str, cause: BreachCause) -> Decided:
    """A manager confirms or changes the cause of a breach."""
    return decided(asked, facts.BreachCauseSet(**asked.basis, breach=breach, cause=cause))


def do_excuse(asked: Asked, breach: str, why: str) -> Decided:
    """A manager excuses a breach."""
    return decided(asked, facts.BreachExcused(**asked.basis, breach=breach, why=why))


def do_withdraw(asked: Asked, note: str) -> Decided:
    """An administrator ends a cycle that is neither side's."""
    return decided(asked, facts.AdminWithdrew(**asked.basis, note=note))


def do_touch(asked: Asked, kind: TouchKind, *, human: bool) -> Decided:
    """Somebody of sales tells of outreach."""
    return decided(asked, facts.TouchMade(**asked.basis, kind=kind, human=human))


def do_open_deal(asked: Asked, deal: str, amount: Decimal | None, currency: str) -> Decided:
    """An opportunity was opened."""
    fact = facts.DealOpened(**asked.of_fact, lead=asked.lead, by=asked.by, deal=deal, amount=amount, currency=currency)
    return decided(asked, fact)


def do_amend_deal(asked: Asked, deal: str, amount: Decimal, currency: str) -> Decided:
    """Amount or currency of a deal changed."""
    fact = facts.DealAmended(**asked.of_fact, lead=asked.lead, deal=deal, amount=amount, currency=currency)
    return decided(asked, fact)


def do_win_deal(asked: Asked, deal: str, amount: Decimal | None, currency: str) -> Decided:
    """A deal was won."""
    fact = facts.DealWon(**asked.of_fact, lead=asked.lead, deal=deal, amount=amount, currency=currency)
    return decided(asked, fact)


def do_lose_deal(asked: Asked, deal: str, why: str) -> Decided:
    """A deal was lost."""
    return decided(asked, facts.DealLost(**asked.of_fact, lead=asked.lead, deal=deal, why=why))


def do_reopen_deal(asked: Asked, deal: str) -> Decided:
    """Un-won or un-lost: the deal's own affair."""
    return decided(asked, facts.DealReopened(**asked.of_fact, lead=asked.lead, deal=deal))
