"""Shadow or live: a fact of the team, so that replay knows when the service only judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from handfast.facts import ShadowSet
from handfast.history import read_line
from handfast.instant import Instant
from handfast_server.decide.session import Session, decide
from handfast_server.delivery import targets
from handfast_server.facts.models import Fact
from handfast_server.rosters.models import Shadow


class Mode(StrEnum):
    """What the service does with a lead that meets the bar."""

    SHADOW = "shadow"  # it is judged: nothing is assigned, promised or sent
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Standing:
    """The mode, and since when; None where it was never changed."""

    mode: Mode
    since: Instant | None


def standing() -> Standing:
    """As it is now."""
    on = Shadow.objects.exclude(value="").exists()
    told = Fact.objects.filter(kind="ShadowSet", refused="").order_by("-recorded_at", "-position")
    since = told.values_list("recorded_at", flat=True).first()
    return Standing(Mode.SHADOW if on else Mode.LIVE, since)


def do_set_mode(mode: Mode, name: str) -> Standing:
    """Begin or end shadow mode; the mode that it is in already stays, and its beginning. ``name`` names the request."""

    def work(session: Session) -> None:
        session.lock(())
        session.lock_team()
        told_in(session, mode, name)

    decide(work)
    return standing()


def told_in(session: Session, mode: Mode, name: str) -> None:
    """Tell it in a transaction that holds the team's lock."""
    on = mode is Mode.SHADOW
    if (session.team.shadow is not None) is on:
        return
    at = session.at
    fact = ShadowSet(id=name, happened_at=at, recorded_at=at, on=on)
    session.tell(fact)
    transaction.on_commit(targets.forget)  # nothing is sent from the next decision on


def began() -> Instant | None:
    """When shadow mode last began, also where it has ended since; None where it never did."""
    told = Fact.objects.filter(kind="ShadowSet", refused="").order_by("-recorded_at", "-position")
    facts = (read_line(line) for line in told.values_list("line", flat=True))
    return next((fact.recorded_at for fact in facts if isinstance(fact, ShadowSet) and fact.on), None)
