"""What people and programs tell of the team: one way in, whichever door they take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from handfast.facts import TeamFact
from handfast.instant import Instant
from handfast.route.team import Absence
from handfast_server.access import Principal
from handfast_server.decide import terms as versions
from handfast_server.decide.session import Session, decide
from handfast_server.decide.taken import Taken
from handfast_server.intake import ical
from handfast_server.intake.item import Item
from handfast_server.intake.wire import item_of
from handfast_server.intake.wire.team import OfTeam
from handfast_server.now import now
from handfast_server.rosters.access import check_rep, check_team


def item_for(principal: Principal, wire: OfTeam, source: str, once: str = "") -> Item:
    """What somebody tells of the team, if it is their team. Raises ItemRefused."""
    item = item_of(wire, source, once)
    check_team(principal, item.team)
    return item


class FileRead(NamedTuple):
    """The absences of a calendar file, and what has to be told so that these are the rep's."""

    found: list[ical.Away]
    rep: str
    by: str

    def facts(self, known: Iterable[Absence], at: Instant) -> list[TeamFact]:
        """What differs from what is known."""
        return ical.facts_of(self.found, known, rep=self.rep, by=self.by, now=at)


def zone_now(at: Instant) -> str:
    """The zone of the contract, in which whole days are days."""
    version = versions.governing(at)
    return "UTC" if version is None else version.contract.zone


def read_file(principal: Principal, rep: str, text: bytes, zone: str = "") -> FileRead:
    """A rep's calendar file; whole days are days of ``zone``, or of the contract's. Raises ItemRefused."""
    at = now()
    check_rep(principal, rep)
    return FileRead(ical.absences(text, rep=rep, zone=zone or zone_now(at), now=at), rep, principal.name)


def do_put_file(file: FileRead) -> list[Taken]:
    """Let the absences of a file take the place of those of an earlier file."""

    def work(session: Session) -> list[Taken]:
        session.lock_team()
        return [session.tell(fact) for fact in file.facts(session.team.absences.values(), session.at)]

    return decide(work)
