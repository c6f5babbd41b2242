"""Signing: who must consent to a version, what is refused, and from when a signed version governs.

A first version needs the consent of its own two parties. An amendment needs the parties of the version it replaces
and its own: usually the same two people, else up to four. A deputy may sign for a signatory; nobody signs for both
sides. All values; recording them, and asking for a password before, is the server's part.

1. ``propose``: a sealed draft and the version it replaces become a ``Draft``.
2. ``with_signature``, once a person, until ``open_seats`` is empty.
3. ``conclude``: the ``Signed`` version. Handing it to ``versions.append`` decides between two that were signed at once.

When a signatory has left, ``appoint`` puts a successor in the seat.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handfast.contract.english.values import join_and, moment
from handfast.contract.model import PartyName
from handfast.contract.seal import Sealed, unseal
from handfast.errors import SignatureRefused
from handfast.instant import SECOND, Instant, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A recorded consent: who, for which side, when, to which text."""

    name: str
    email: str
    role: PartyName
    at: Instant
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """Somebody put in the seat of a signatory who has left, by the other party's signatory and an admin."""

    version: int
    party: PartyName
    replaces: str  # e-mail of the signatory who left
    name: str
    email: str
    appointed_by: str  # e-mail of the other party's signatory
    admin: str  # e-mail
    at: Instant
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A version with every consent it needs; ``in_force_from`` stands beside the digest, not in it."""

    sealed: Sealed
    proposed_at: Instant
    signatures: tuple[Signature, ...]
    in_force_from: Instant
    successions: tuple[Succession, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sealed text on its way to being signed, and the version it would replace."""

    sealed: Sealed
    base: Signed | None
    proposed_at: Instant
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A consent that is needed: a party of a version, its signatory's name and e-mail."""

    version: int
    party: PartyName
    name: str
    email: str

    def __str__(self) -> str:
        """``Dana Reyes for marketing (version 7)``."""
        return f"{self.name} for {self.party} (version {self.version})"


def propose(sealed: Sealed, base: Signed | None, *, at: Instant) -> Draft:
    """A draft that may be signed from ``at`` on; ``base`` is the latest signed version, None before the first.

    Raises SealBroken for bytes that were changed, SignatureRefused for a draft that cannot follow its base.
    """
    unseal(sealed.content, sealed.digest)
    if base is not None:
        _check_follows(sealed, base, at)
    return Draft(sealed=sealed, base=base, proposed_at=at)


def _check_follows(sealed: Sealed, base: Signed, at: Instant) -> None:
    contract, before = sealed.contract, base.sealed.contract
    if contract.name != before.name:
        raise SignatureRefused(f"This is a draft of the contract {contract.name}; the version signed is {before.name}.")
    if contract.version != before.version + 1:
        raise SignatureRefused(
            f"Version {contract.version} cannot follow version {before.version}: the next is {before.version + 1}."
        )
    if contract.effective_from < base.in_force_from:
        raise SignatureRefused(
            f"Version {contract.version} would govern from {moment(contract.effective_from, contract.zone)}, "
            f"before version {before.version} does ({moment(base.in_force_from, contract.zone)})."
        )
    if at < base.signatures[-1].at:
        raise SignatureRefused(
            f"Version {contract.version} was proposed before version {before.version} was signed; propose it again."
        )


def with_signature(draft: Draft, signature: Signature) -> Draft:
    """The draft with one consent more.

    Raises SignatureRefused for a signature over another text, by somebody who has no seat on that side, by
    somebody who signed already, and for one dated before the draft or before the signature that came before it.
    """
    contract = draft.sealed.contract
    if signature.digest != draft.sealed.digest:
        raise SignatureRefused(
            f"{signature.name} signed another text: digest {signature.digest[:12]}…, "
            f"that of version {contract.version} is {draft.sealed.digest[:12]}…."
        )
    for earlier in draft.signatures:
        if _same_person(signature.email, earlier.email):
            raise SignatureRefused(
                f"{signature.name} has signed version {contract.version} for {earlier.role} already; "
                f"one person signs once, for one side."
            )
    if not any(_fills(draft, signature, seat) for seat in _seats(draft, signature.at)):
        raise SignatureRefused(
            f"{signature.name} ({signature.email}) is neither signatory nor deputy of {signature.role} "
            f"in {_versions(draft)}."
        )
    _check_time(draft, signature)
    return replace(draft, signatures=(*draft.signatures, signature))


def _check_time(draft: Draft, signature: Signature) -> None:
    zone, version = draft.sealed.contract.zone, draft.sealed.contract.version
    if signature.at < draft.proposed_at:
        raise SignatureRefused(
            f"{signature.name} signed on {moment(signature.at, zone)}, before version {version} "
            f"was proposed ({moment(draft.proposed_at, zone)})."
        )
    if draft.signatures and signature.at < draft.signatures[-1].at:
        raise SignatureRefused(
            f"{signature.name} signed on {moment(signature.at, zone)}, before a signature that is recorded already "
            f"({moment(draft.signatures[-1].at, zone)}): signatures are recorded in the order given."
        )


def open_seats(draft: Draft) -> tuple[Seat, ...]:
    """The consents still missing. One signature can fill a seat in the old version and one in the new."""
    known = [draft.proposed_at, *(signature.at for signature in draft.signatures)]
    latest = max(known if draft.base is None else [*known, _latest(draft.base)])
    return tuple(
        seat
        for seat in _seats(draft, latest)
        if not any(_fills(draft, signature, seat) for signature in draft.signatures)
    )


SETTLING: Span = 60 * SECOND
"""A last signature may count as given so much after it was: until every machine can know of it."""


def conclude(draft: Draft, *, settled: Instant | None = None) -> Signed:
    """The signed version, in force from the later of ``effective_from`` and the last signature.

    ``settled``: the last signature counts from then on, at most ``SETTLING`` after it was given. A service that
    records it needs that long until every process sees it; none may judge by a version that another does not know.
    Raises SignatureRefused while a consent is missing, ValueError for a signature that would settle later.
    """
    missing = open_seats(draft)
    if missing:
        raise SignatureRefused(
            f"Version {draft.sealed.contract.version} is not signed by "
            f"{join_and([str(seat) for seat in missing])}, nor by a deputy."
        )
    last = draft.signatures[-1].at
    settles = last if settled is None else settled
    if settles > last + SETTLING:
        raise ValueError(f"A signature settles within {SETTLING // SECOND} seconds.")
    return Signed(
        sealed=draft.sealed,
        proposed_at=draft.proposed_at,
        signatures=draft.signatures,
        in_force_from=max(draft.sealed.contract.effective_from, last, settles),
    )


def appoint(signed: Signed, succession: Succession) -> Signed:
    """The version with a successor in the seat of a signatory who has left, from ``succession.at`` on.

    Raises SignatureRefused unless the other party's signatory and an admin, who are two people and neither of
    them the successor, appoint somebody who does not stand on the other side, and say why.
    """
    other = next(party for party in PartyName if party is not succession.party)
    holder = _signatory(signed, succession.party, succession.at)
    judge = _signatory(signed, other, succession.at)
    refusals = {
        f"This appointment is for version {succession.version}, not {signed.sealed.contract.version}.": (
            succession.version != signed.sealed.contract.version
        ),
        f"{succession.replaces} is not the signatory of {succession.party}; {holder.email} is.": (
            not _same_person(succession.replaces, holder.email)
        ),
        f"A successor for {succession.party} is appointed by the signatory of {other}, {judge.email}.": (
            not _same_person(succession.appointed_by, judge.email)
        ),
        "An appointment needs an admin other than the signatory who appoints.": (
            _same_person(succession.admin, succession.appointed_by)
        ),
        "Nobody appoints themselves.": _same_person(succession.email, succession.admin),
        f"{succession.email} has left and cannot succeed themselves.": (
            _same_person(succession.email, succession.replaces)
        ),
        f"{succession.email} stands for {other} and cannot sign for {succession.party} too.": any(
            _same_person(succession.email, email) for email in _holders(signed, other, succession.at)
        ),
        "An appointment says why.": not succession.why.strip(),
        "An appointment follows the signing and every appointment before it.": succession.at < _latest(signed),
    }
    for words, refused in refusals.items():
        if refused:
            raise SignatureRefused(words)
    return replace(signed, successions=(*signed.successions, succession))


def stands_for(signed: Signed, party: PartyName, email: str, at: Instant) -> bool:
    """Whether somebody is signatory or deputy of a side of a signed version at an instant, successions heeded."""
    return any(_same_person(email, holder) for holder in _holders(signed, party, at))


def describe(succession: Succession, zone: str) -> str:
    """The appointment as it is logged, loudly."""
    return (
        f"SUCCESSION: {succession.name} ({succession.email}) signs for {succession.party} under version "
        f"{succession.version} from {moment(succession.at, zone)}, in place of {succession.replaces}, who has left. "
        f"Appointed by {succession.appointed_by} and the admin {succession.admin}. Reason: {succession.why}"
    )


def _latest(signed: Signed) -> Instant:
    return max([*(signature.at for signature in signed.signatures), *(after.at for after in signed.successions)])


def _versions(draft: Draft) -> str:
    """The versions whose parties may sign a draft, in words."""
    version = draft.sealed.contract.version
    return f"version {version}" if draft.base is None else f"versions {version - 1} and {version}"


def _seats(draft: Draft, at: Instant) -> Iterator[Seat]:
    """Every consent that a draft needs, with who holds the seat at an instant."""
    if draft.base is not None:
        yield from (_signatory(draft.base, party, at) for party in PartyName)
    yield from (_named(draft.sealed, party) for party in PartyName)


def _named(sealed: Sealed, party: PartyName) -> Seat:
    person = sealed.contract.parties[party]
    return Seat(version=sealed.contract.version, party=party, name=person.name, email=person.email)


def _signatory(signed: Signed, party: PartyName, at: Instant) -> Seat:
    """Who signs for a party at an instant: the one the contract names, or the last successor."""
    seat = _named(signed.sealed, party)
    for succession in signed.successions:
        if succession.party is party and succession.at <= at:
            seat = replace(seat, name=succession.name, email=succession.email)
    return seat


def _holders(signed: Signed, party: PartyName, at: Instant) -> tuple[str, ...]:
    return _signatory(signed, party, at).email, *signed.sealed.contract.parties[party].deputies


def _fills(draft: Draft, signature: Signature, seat: Seat) -> bool:
    """Whether a signature is the consent of a seat, by its holder or a deputy at the instant of signing."""
    if signature.role is not seat.party:
        return False
    if draft.base is not None and seat.version == draft.base.sealed.contract.version:
        emails = _holders(draft.base, seat.party, signature.at)
    else:
        person = draft.sealed.contract.parties[seat.party]
        emails = person.email, *person.deputies
    return any(_same_person(signature.email, email) for email in emails)


def _same_person(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
