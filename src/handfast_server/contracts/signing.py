"""Signing: consent after consent under one lock, until a draft is a version.

1. Whoever signs anything waits for the lock on all drafts that may be signed; ``now`` is taken after it.
2. A draft whose base is no longer the latest version was overtaken: of two signed at once, the first recorded stands.
3. With the last consent the version is proved against the whole history and written; it settles, then it governs.
"""

from __future__ import annotations

from dataclasses import asdict

from handfast.contract.model import PartyName
from handfast.contract.sign import Draft as DraftValue
from handfast.contract.sign import Signature, Signed, conclude, open_seats, with_signature
from handfast.contract.versions import append
from handfast.errors import SignatureRefused
from handfast.instant import SECOND, Instant
from handfast_server.accounts.models import User
from handfast_server.audit.record import record
from handfast_server.contracts.models import Draft, Version
from handfast_server.contracts.queries import latest, value_of, whole_history
from handfast_server.contracts.tell import tell_overtaken, tell_signed
from handfast_server.decide.transaction import in_transaction
from handfast_server.now import now
from handfast_server.refused import Refused

SETTLES = 10 * SECOND
"""How long after the last signature a version governs at the earliest.

No process may judge by a version that another does not know yet: the commit of the signature, and of whatever began
before it, has to be over by then, on machines whose clocks differ by a little (decision 0170).
"""


class TooSlow(Exception):
    """The margin was used up by waiting; nothing was written."""


def do_sign(draft_id: int, user: User, role: PartyName, digest: str) -> Draft:
    """Somebody consents, for a party, to the text with this digest. Raises Refused.

    Whoever calls has made sure that it is really them, a moment ago (``accounts.again``).
    """
    for attempt in range(3):
        try:
            return in_transaction(lambda: _sign(draft_id, user, role, digest))
        except TooSlow:
            if attempt == 2:
                raise Refused("busy", "The service is too busy to record a signature now; sign again.") from None
    raise AssertionError("unreachable")


def _sign(draft_id: int, user: User, role: PartyName, digest: str) -> Draft:
    waiting = {each.pk: each for each in _waiting()}
    draft = waiting.get(draft_id) or Draft.objects.get(pk=draft_id)
    base = latest()
    _check_open(draft, base)
    if draft.digest != digest:
        raise Refused("another_text", "This is not the digest of the draft: read it again, then sign.", path="digest")
    value, at = _consent(value_of(draft, base), user, role)
    draft.signatures = [asdict(each) for each in value.signatures]
    draft.changed_at = at
    record("contracts.consented", f"draft:{draft.pk}", details={"party": role.value, "digest": digest})
    if not open_seats(value):
        _conclude(draft, value, at)
        _overtake([each for each in waiting.values() if each.pk != draft.pk], at)
    draft.save()
    if now() - at > SETTLES // 2:
        raise TooSlow
    return draft


def _waiting() -> list[Draft]:
    """Every draft that may be signed, locked: whoever signs does so in turn."""
    return list(Draft.objects.select_for_update().filter(state=Draft.State.PROPOSED).order_by("pk"))


def _check_open(draft: Draft, base: Signed | None) -> None:
    if draft.state == Draft.State.OVERTAKEN or (draft.state == Draft.State.PROPOSED and draft.base != _digest(base)):
        number = "?" if base is None else base.sealed.contract.version
        raise Refused(
            "overtaken",
            f"Version {number} was signed meanwhile; this text has to follow it as a draft of its own.",
        )
    if draft.state != Draft.State.PROPOSED:
        raise Refused("not_proposed", f"This draft is {draft.state}; it can not be signed.")


def _digest(base: Signed | None) -> str:
    return "" if base is None else base.sealed.digest


def _consent(value: DraftValue, user: User, role: PartyName) -> tuple[DraftValue, Instant]:
    at = max([now(), *(each.at for each in value.signatures)])
    digest = value.sealed.digest
    try:
        return with_signature(value, Signature(name=str(user), email=user.email, role=role, at=at, digest=digest)), at
    except SignatureRefused as refused:
        raise Refused("may_not_sign", str(refused)) from refused


def _conclude(draft: Draft, value: DraftValue, at: Instant) -> None:
    signed = conclude(value, settled=at + SETTLES)
    try:
        append(whole_history(), signed)
    except SignatureRefused as refused:
        raise Refused("cannot_follow", str(refused)) from refused
    Version.objects.create(
        number=signed.sealed.contract.version,
        digest=signed.sealed.digest,
        content=signed.sealed.content,
        text=draft.text,
        proposed_at=signed.proposed_at,
        in_force_from=signed.in_force_from,
        signatures=[asdict(each) for each in signed.signatures],
    )
    draft.state = Draft.State.SIGNED
    told = {"in_force_from": signed.in_force_from, "digest": signed.sealed.digest}
    record("contracts.signed", f"version:{signed.sealed.contract.version}", details=told)
    tell_signed(signed, at)


def _overtake(others: list[Draft], at: Instant) -> None:
    for other in others:
        other.state, other.changed_at = Draft.State.OVERTAKEN, at
        other.save()
        record("contracts.overtaken", f"draft:{other.pk}")
        tell_overtaken(other, at)
