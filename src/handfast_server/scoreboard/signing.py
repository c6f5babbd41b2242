"""Consent to a closed period: who leads a side of the contract today, or deputises, signs its statement once."""

from __future__ import annotations

from handfast.commitment import Statement, countersigned
from handfast.contract.model import PartyName
from handfast.contract.sign import Signature, stands_for
from handfast.errors import SignatureRefused
from handfast_server.accounts.models import User
from handfast_server.audit.record import record
from handfast_server.decide.transaction import in_transaction
from handfast_server.now import now
from handfast_server.refused import Refused
from handfast_server.scoreboard import boards
from handfast_server.scoreboard.closed import statement
from handfast_server.scoreboard.models import Statement as StatementRow
from handfast_server.scoreboard.models import StatementSignature


def may_sign(it: Statement, user: User) -> tuple[PartyName, ...]:
    """The sides whose consent is missing and that somebody speaks for now; nobody signs for both."""
    if any(given.email.casefold() == user.email.casefold() for given in it.signatures):
        return ()
    given = {each.role for each in it.signatures}
    return tuple(party for party in PartyName if party not in given and _speaks(user, party))


def _speaks(user: User, party: PartyName) -> bool:
    at = now()
    signed = boards.signed_history().governing(at)
    return signed is not None and stands_for(signed, party, user.email, at)


def do_countersign(period: str, user: User, party: PartyName, digest: str) -> Statement:
    """Somebody consents, for a side, to the statement with this digest. Raises Refused, NotAsked, SealBroken.

    Whoever calls has made sure that it is really them, a moment ago (``accounts.again``).
    """

    def work() -> Statement:
        StatementRow.objects.select_for_update().filter(pk=period).first()
        it = statement(period)
        _check(it, user, party, digest)
        signature = Signature(name=str(user), email=user.email, role=party, at=now(), digest=digest)
        try:
            made = countersigned(it, signature)
        except SignatureRefused as refused:
            raise Refused("signed_already", str(refused)) from refused
        StatementSignature.objects.create(
            period_id=period, party=party.value, name=str(user), email=user.email, at=signature.at, digest=digest
        )
        record("statement_signed", period, details={"party": party.value, "digest": digest})
        return made

    return in_transaction(work)


def _check(it: Statement, user: User, party: PartyName, digest: str) -> None:
    if it.digest != digest:
        raise Refused(
            "another_text", "This is not the digest of the statement: read it again, then sign.", path="digest"
        )
    if any(given.email.casefold() == user.email.casefold() for given in it.signatures):
        raise Refused(
            "signed_already", f"{user} has signed this statement already; one person signs once, for one side."
        )
    if not _speaks(user, party):
        raise Refused("may_not_sign", f"{user} ({user.email}) is neither signatory nor deputy of {party} today.")
