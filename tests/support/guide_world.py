"""The made-up service on which the guides are walked: an October with leads, and what waits today."""

from __future__ import annotations

from typing import Any

import time_machine
from tests.support import service
from tests.support.service import Crew, named

from handfast.contract.model import PartyName
from handfast.facts import Accepted, Fact, Reassigned, Rejected, TouchKind, TouchMade
from handfast_server.accounts.models import User
from handfast_server.decide import terms
from handfast_server.decide.session import tell_all
from handfast_server.leads.models import Lead
from handfast_server.pages.periods.read import asked
from handfast_server.scoreboard import closed, update
from handfast_server.scoreboard.signing import do_countersign
from handfast_server.worker import sweep
from handfast_server.worker.run import run

OCTOBER = "2026-10-12T10:00:00+02:00"

_PEOPLE = {
    "lena": ("Lena Vogt", "rep", "lena"),
    "mia": ("Mia Brandt", "manager", "mia"),
    "dan": ("Dan Weber", "marketing", ""),
    "dana": ("Dana Reyes", "marketing_leader", ""),
    "omar": ("Omar Haddad", "sales_leader", ""),
    "vera": ("Vera Lorenz", "viewer", ""),
    "priya": ("Priya Nair", "admin", ""),
}


def furnished(password: str, *, statement: bool = False) -> dict[str, User]:
    """Everybody by the first name; with ``statement`` October is closed and signed by both leaders."""
    with time_machine.travel(OCTOBER, tick=True):
        service.sign()
        Crew(terms.current().versions[0].contract).join()
        _october()
    run(once=True, which=sweep.LOOPS)  # what is overdue since then is found
    _today()
    people = {
        name: User.objects.create_user(f"{name}@acme.example", password, name=whole, rep=rep, roles=[role])
        for name, (whole, role, rep) in _PEOPLE.items()
    }
    assert update.rebuild()
    if statement:
        _closed(people)
    return people


def _october() -> None:
    """Two sources, of which sales takes nearly all and nearly nothing; and one lead that nobody answered."""
    _handed("organic", 24, 21, "no_budget", employees=200)
    _handed("webinar", 16, 2, "too_small", employees=20)
    Lead.objects.filter(pk__startswith="webinar-").update(name="Gwen Okoro")
    _waits("sam", {"emil": "Emil Nordin"})


def _handed(source: str, count: int, accepted: int, reason: str, **known: Any) -> None:
    """So many leads for Sam, of whom he takes some; he declines the others for a reason."""
    leads = [f"{source}-{place}" for place in range(count)]
    service.take_in([fact for lead in leads for fact in service.came(lead, source=source, **known)])
    told: list[Fact] = [named(Reassigned, lead=lead, by="mia", to="sam") for lead in leads]
    for lead in leads[:accepted]:
        told += [named(Accepted, lead=lead, by="sam"), named(TouchMade, lead=lead, by="sam", kind=TouchKind.CONTACT)]
    told += [named(Rejected, lead=lead, by="sam", reason=reason, note="Asked") for lead in leads[accepted:]]
    tell_all(told)


def _waits(rep: str, leads: dict[str, str], **known: Any) -> None:
    """Leads that wait for somebody, by id and name."""
    for lead, name in leads.items():
        service.take_in(service.came(lead, **known))
        Lead.objects.filter(pk=lead).update(name=name)
    tell_all([named(Reassigned, lead=lead, by="mia", to=rep) for lead in leads])


def _today() -> None:
    """Four for Lena, one that sales and the data see differently, and one that a disqualifier keeps."""
    _waits("lena", {"ada": "Ada Lovelace", "ben": "Ben Adler", "dora": "Dora Falk", "finn": "Finn Hansen"})
    _waits("sam", {"cleo": "Cleo Brandt"}, source="referral")
    tell_all([named(Rejected, lead="cleo", by="sam", reason="too_small", note="Eleven on their page")])
    service.new_lead(customer=True)


def _closed(people: dict[str, User]) -> None:
    shown, period = asked("2026-10")
    made, _fresh = closed.do_close(shown, period, f"user:{people['dana'].pk}")
    for name, party in (("dana", PartyName.MARKETING), ("omar", PartyName.SALES)):
        do_countersign("2026-10", people[name], party, made.digest)
