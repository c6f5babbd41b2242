"""Data that nobody would wish for: names that never end, run from right to left, would be markup; broken rows."""

from __future__ import annotations

import uuid

from handfast.condition import Value
from handfast.facts import ActivityHappened, Reassigned
from handfast_server.accounts.models import User
from handfast_server.contracts.models import Version
from handfast_server.decide.session import tell_all
from handfast_server.demo.cast import CAST
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.item import Item
from handfast_server.intake.take import take_in
from handfast_server.leads.models import Lead
from handfast_server.now import now

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
NAMES = (
    LONG * 2,
    "شركة التسويق المتكامل للحلول الرقمية المحدودة",
    "\u202eeman eht ni sdrawkcab",
    "<script>alert('x')</script> & \"Sons\" {{ 7|add:7 }} %(name)s",
    "株式会社ハンドファスト・ソリューションズ 🏳️‍🌈👩‍👩‍👧‍👦",
    " ",
)


def hostile() -> None:
    """Leads and people of such names wait for the rep; a row that cannot be read; no worker has run."""
    take_in([_item(name, number) for number, name in enumerate(NAMES)])
    rep = next(member for member in CAST if member.key == "rep")
    mine = Cycle.objects.filter(state="waiting", lead__email__startswith="hostile").exclude(owner=rep.rep)
    tell_all([_given(cycle.lead_id, rep.rep) for cycle in mine])
    User.objects.filter(email=CAST[0].email).update(name=LONG)
    User.objects.filter(email=CAST[2].email).update(name=NAMES[1])
    broken = Cycle.objects.filter(state="waiting", owner=rep.rep).order_by("qualified_at").first()
    if broken is not None:
        Lead.objects.filter(pk=broken.lead_id).update(state="{ this is no lead")


def closed() -> None:
    """A version in force whose content is not what was signed."""
    last = Version.objects.order_by("-number").first()
    if last is not None:
        Version.objects.filter(pk=last.pk).update(content=bytes(last.content).replace(b"60", b"61", 1))


def _item(name: str, number: int) -> Item:
    at, email = now(), f"hostile{number}@{'very-' * 10}long.example"
    known: dict[str, Value] = {
        "email": email,
        "company": name,
        "title": f"VP {name}",
        "country": "DE",
        "industry": "software",
        "employees": 200,
        "source": name,
    }
    asked = ActivityHappened(
        id=f"hostile:{uuid.uuid4().hex}",
        happened_at=at,
        recorded_at=at,
        lead="",
        kind="form_submitted",
        properties={"form": "demo", "message": name * 3},
    )
    return Item(
        name=f"hostile:{number}",
        source="hostile",
        happened_at=at,
        email=email,
        attributes=known,
        states=True,
        facts=(asked,),
    )


def _given(lead: str, rep: str) -> Reassigned:
    at = now()
    return Reassigned(
        id=f"hostile:{uuid.uuid4().hex}", happened_at=at, recorded_at=at, lead=lead, by="Omar Haddad", to=rep
    )
