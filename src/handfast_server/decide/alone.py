"""A step that asks nobody of the team and changes nothing of it: it needs no lock but its lead's."""

from __future__ import annotations

from typing import Any

from handfast.cycle.values import Lead
from handfast.engine import effects as told
from handfast.engine.state import State, Step
from handfast.engine.step import step
from handfast.engine.terms import Terms
from handfast.facts import ActivityHappened, AttributesChanged, ConsentChanged, LeadCreated, LeadFact
from handfast.route.team import Team

ALONE = (LeadCreated, AttributesChanged, ActivityHappened, ConsentChanged)
"""Facts that nobody of the team has a part in."""

_ALONE_TOO = (told.Rescored, told.BandChanged, told.HeldByDisqualifier)


class _Asked(Exception):
    """A step asked the team."""


class _Nobody(Team):
    """What a step is given that may not ask the team: it ends as soon as it does."""

    def __getattribute__(self, name: str) -> Any:
        if name in _TELLS_NOTHING:
            return object.__getattribute__(self, name)
        raise _Asked


_TELLS_NOTHING = frozenset(("__class__", "next_due", "shadow"))
"""There is no edge of an absence, and no shadow: whoever is ready is to be delivered, and the pools are asked."""

_NOBODY = _Nobody()


def stepped(lead: Lead | None, fact: LeadFact, terms: Terms) -> Step | None:
    """The step of one of the facts of ``ALONE``, without the team; None when it needs the team."""
    if lead is not None and lead.deals:  # those go with the lead, and the team knows them
        return None
    try:
        done = step(State(lead=lead, team=_NOBODY), fact, terms)
    except _Asked:
        return None
    if done.state.team is not _NOBODY or not all(_alone(effect) for effect in done.effects):
        return None
    return done


def _alone(effect: told.Effect) -> bool:
    """Whether an effect says nothing of the team."""
    return isinstance(effect, _ALONE_TOO) or (isinstance(effect, told.Moved) and effect.before is None)
