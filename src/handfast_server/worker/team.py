"""What the team does by itself: absences begin and end, versions take force, handoffs of who is gone move on."""

from __future__ import annotations

from functools import partial

from handfast.cycle.life import CycleState
from handfast.facts import ContractInForce, RerouteCause, Rerouted, TeamTick
from handfast.instant import Instant
from handfast_server.decide.locked import recorded
from handfast_server.decide.session import Session, decide
from handfast_server.decide.terms import current
from handfast_server.decide.transaction import writing
from handfast_server.handoffs.models import Assignment
from handfast_server.now import now
from handfast_server.rosters.models import Leaving, Turn
from handfast_server.worker.loops import Loop
from handfast_server.worker.problems import failed, one_by_one, put_off, worked

BATCH = 200


def tick() -> bool:
    """An absence begins or ends."""
    at = now()
    if not Turn.objects.filter(next_due_at__lte=at).exists():
        return False
    decide(_ticked)
    return False


def _ticked(session: Session) -> None:
    session.lock(())
    session.lock_team()
    if session.team.next_due is not None and session.team.next_due <= session.at:
        session.tell(TeamTick(id=f"tick:team:{session.at}", happened_at=session.at, recorded_at=session.at))


def govern() -> bool:
    """A signed version takes force at its instant, one after the other: pools may share otherwise from then on."""
    at = now()
    facts = [
        ContractInForce(
            id=f"in-force:{version.number}",
            happened_at=version.since,
            recorded_at=at,
            digest=version.digest,
            version=version.number,
        )
        for version in current().versions
        if version.since <= at
    ]
    told = recorded(fact.id for fact in facts)
    for fact in facts:
        if fact.id not in told:
            decide(partial(_governs, fact))
    return False


def _governs(fact: ContractInForce, session: Session) -> None:
    session.lock([fact])
    session.tell(fact)


class _Unmoved(Exception):
    """Handoffs of who left could not be moved; each is a problem of its own."""


def leave() -> bool:
    """The waiting handoffs of a rep who left or went away are routed again; the others go to the manager's list.

    When one of them cannot be decided, the whole is tried again later: those that were moved are facts by then.
    """
    known = list(Leaving.objects.order_by("at"))
    aside = put_off("leaving") if known else []
    left = next((each for each in known if each.id not in aside), None)
    if left is None:
        return False
    if not _all_moved(left, _handoffs(left)):
        failed(f"leaving:{left.id}", "leaving", _Unmoved())
        return True
    worked(f"leaving:{left.id}")
    with writing():
        Leaving.objects.filter(pk=left.id).delete()
    return True


def _all_moved(left: Leaving, names: list[str]) -> bool:
    moved: list[str] = []
    for begin in range(0, len(names), BATCH):
        some = names[begin : begin + BATCH]
        try:
            decide(partial(_moved, left, some))
            moved += some
        except Exception:  # noqa: BLE001 # whichever of them it is, the others are moved
            moved += one_by_one(some, "leaving", partial(_moved_alone, left))
    for name in moved:
        worked(f"lead:{name}")
    return len(moved) == len(names)


def _moved_alone(left: Leaving, name: str) -> str:
    decide(partial(_moved, left, [name]))
    return name


_OWNED = (CycleState.WAITING, CycleState.ACCEPTED, CycleState.SQL, CycleState.OPPORTUNITY)


def _handoffs(left: Leaving) -> list[str]:
    """The leads that were theirs when it was noticed that they are gone, the longest theirs first."""
    theirs = Assignment.objects.filter(rep=left.rep, ended_at=None, at__lte=left.recorded_at, cycle__state__in=_OWNED)
    return list(theirs.order_by("at", "id").values_list("cycle__lead", flat=True))


def _moved(left: Leaving, names: list[str], session: Session) -> None:
    cause = RerouteCause.ABSENCE if left.absent else RerouteCause.REP_GONE
    at: Instant = left.recorded_at
    facts = [
        Rerouted(
            id=f"{left.id}:{name}",
            happened_at=left.at,
            recorded_at=at,
            lead=name,
            by="",
            cause=cause,
            rep=left.rep,
        )
        for name in names
    ]
    session.lock(facts)
    for fact in facts:
        session.tell(fact)


LOOPS = (Loop("team", tick), Loop("versions", govern, rest=1.0), Loop("leaving", leave))
