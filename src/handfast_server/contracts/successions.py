"""A signatory has left: an administrator and the other party's signatory put a successor in the seat, loudly logged."""

from __future__ import annotations

from dataclasses import asdict

from handfast.contract.model import PartyName
from handfast.contract.sign import Signed, Succession, appoint
from handfast.errors import SignatureRefused
from handfast_server.accounts.models import Role, User
from handfast_server.audit.record import record
from handfast_server.contracts.models import Appointment, Version
from handfast_server.contracts.queries import signatory
from handfast_server.decide.terms import signed_of
from handfast_server.decide.transaction import in_transaction
from handfast_server.now import now
from handfast_server.observe.log import get_logger
from handfast_server.refused import Refused

log = get_logger("contracts")

ADMIN, SIGNATORY = "admin", "signatory"


def do_ask_appointment(user: User, party: PartyName, name: str, email: str, why: str) -> Appointment:
    """One of the two proposes a successor under the latest version. Raises Refused."""

    def work() -> Appointment:
        version = _latest()
        signed = signed_of(version)
        made = Appointment(
            version=version,
            party=party.value,
            replaces=signatory(signed, party),
            name=name,
            email=email,
            why=why,
            asked_by=user.email,
            asked_as=_part(user, signed, party),
            asked_at=now(),
        )
        made.save()
        record("contracts.succession_asked", f"version:{version.number}", details={"party": party.value})
        return made

    return in_transaction(work)


def do_confirm_appointment(user: User, appointment_id: int) -> Version:
    """The other of the two confirms; from now on the successor signs. Raises Refused."""

    def work() -> Version:
        version = _latest()
        made = Appointment.objects.select_for_update().get(pk=appointment_id)
        if made.confirmed_at is not None or made.version_id != version.number:
            raise Refused("not_open", "This appointment is over: confirmed, or another version was signed since.")
        signed, party = signed_of(version), PartyName(made.party)
        made.confirmed_by, made.confirmed_at = user.email, now()
        judge, admin = _both(made, user, signed, party)
        succession = Succession(
            version=version.number,
            party=party,
            replaces=made.replaces,
            name=made.name,
            email=made.email,
            appointed_by=judge,
            admin=admin,
            at=made.confirmed_at,
            why=made.why,
        )
        try:
            appoint(signed, succession)
        except SignatureRefused as refused:
            raise Refused("may_not_appoint", str(refused)) from refused
        version.successions = [*version.successions, asdict(succession)]
        version.save(update_fields=["successions"])
        made.save()
        record("contracts.succession", f"version:{version.number}", details={"party": party.value, "why": made.why})
        log.warning("succession", version=version.number, party=party.value, appointment=made.pk)
        return version

    return in_transaction(work)


def _latest() -> Version:
    version = Version.objects.select_for_update().order_by("-number").first()
    if version is None:
        raise Refused("nothing_signed", "No version is signed yet: name another signatory in the draft.")
    return version


def _part(user: User, signed: Signed, party: PartyName) -> str:
    """In which of the two parts somebody speaks: the signatory's, if they are that, else the administrator's."""
    if _same(user.email, signatory(signed, _other(party))):
        return SIGNATORY
    if user.has_role(Role.ADMIN):
        return ADMIN
    raise Refused(
        "may_not_appoint",
        f"A successor for {party} is appointed by the signatory of {_other(party)} and an administrator.",
        status=403,
    )


def _both(made: Appointment, user: User, signed: Signed, party: PartyName) -> tuple[str, str]:
    """The signatory's address and the administrator's."""
    if made.asked_as == SIGNATORY:
        if not user.has_role(Role.ADMIN):
            raise Refused("needs_admin", "The signatory proposed this; an administrator confirms.", status=403)
        return made.asked_by, user.email
    if _part(user, signed, party) != SIGNATORY:
        raise Refused(
            "needs_signatory",
            f"An administrator proposed this successor; the signatory of {_other(party)} confirms.",
            status=403,
        )
    return user.email, made.asked_by


def _other(party: PartyName) -> PartyName:
    return next(each for each in PartyName if each is not party)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
