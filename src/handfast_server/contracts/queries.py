"""The signed versions as the core has them, and what can be said of a text."""

from __future__ import annotations

from dataclasses import dataclass

from handfast.contract.diff import Change, diff
from handfast.contract.explain import Explanation, explain
from handfast.contract.model import PartyName
from handfast.contract.seal import unseal
from handfast.contract.sign import Draft as DraftValue
from handfast.contract.sign import Seat, Signature, Signed, open_seats, with_signature
from handfast.contract.versions import History, history
from handfast.errors import SignatureRefused
from handfast.example import Checked, check
from handfast_server.accounts.models import User
from handfast_server.contracts.models import Draft, Version
from handfast_server.decide.terms import signed_of
from handfast_server.now import now


def whole_history() -> History:
    """Every signed version, proved from its bytes and signatures. Raises SealBroken, SignatureRefused."""
    return history(signed_of(version) for version in Version.objects.order_by("number"))


def latest() -> Signed | None:
    """The version signed last, which the next one replaces; its bytes are held against their digest."""
    row = Version.objects.order_by("-number").first()
    return None if row is None else signed_of(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A text checked, in English, and beside the version that it would replace."""

    checked: Checked
    english: Explanation | None
    against: int | None
    changes: tuple[Change, ...]


def looked_at(text: str, base: Signed | None) -> Looked:
    """Everything that can be said of a text."""
    checked = check(text, file="contract.yaml")
    contract = checked.contract
    if contract is None:
        return Looked(checked=checked, english=None, against=None, changes=())
    before = None if base is None else base.sealed.contract
    return Looked(
        checked=checked,
        english=explain(contract),
        against=None if before is None else before.version,
        changes=() if before is None else diff(before, contract),
    )


def value_of(row: Draft, base: Signed | None) -> DraftValue:
    """A proposed draft as the core has it. Raises SealBroken for one that was changed since."""
    return DraftValue(
        sealed=unseal(bytes(row.content or b""), row.digest),
        base=base,
        proposed_at=row.proposed_at or 0,
        signatures=tuple(Signature(**{**raw, "role": PartyName(raw["role"])}) for raw in row.signatures),
    )


def seats_open(row: Draft) -> tuple[Seat, ...]:
    """Whose consent a proposed draft still needs."""
    return open_seats(value_of(row, base_of(row)))


def may_sign(row: Draft, user: User) -> tuple[PartyName, ...]:
    """The sides that miss a consent which somebody can give, as signatory or deputy: the core is asked, by trying."""
    value = value_of(row, base_of(row))
    missing = {seat.party for seat in open_seats(value)}
    return tuple(party for party in PartyName if party in missing and _could(value, user, party))


def _could(value: DraftValue, user: User, party: PartyName) -> bool:
    at = max([now(), value.proposed_at, *(each.at for each in value.signatures)])
    trial = Signature(name=str(user), email=user.email, role=party, at=at, digest=value.sealed.digest)
    try:
        with_signature(value, trial)
    except SignatureRefused:
        return False
    return True


def base_of(row: Draft) -> Signed | None:
    """The version that a draft was proposed to replace."""
    version = Version.objects.filter(digest=row.base).first() if row.base else None
    return None if version is None else signed_of(version)


def signatory(signed: Signed, party: PartyName) -> str:
    """The address of who signs for a party under a version now: as the contract says, or the last successor."""
    found = [each for each in signed.successions if each.party is party]
    return found[-1].email if found else signed.sealed.contract.parties[party].email
