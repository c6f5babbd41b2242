"""The agreement of the made-up company, moved so that its year ends today."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict
from zoneinfo import ZoneInfo

from handfast.contract.load import load
from handfast.contract.model import Contract, PartyName
from handfast.contract.seal import seal, unseal
from handfast.contract.sign import Signature, Signed, conclude, propose, with_signature
from handfast.errors import ContractRefused
from handfast.instant import SECOND, Instant
from handfast.simulate import demo_contracts
from handfast_server.contracts.models import Version
from handfast_server.demo import story

_FROM = re.compile(r"^effective_from: .*$", re.MULTILINE)
_YEAR = re.compile(r"^(revenue: .*period: )\d{4}", re.MULTILINE)
_ZONE = re.compile(r"^(zone: .*)$", re.MULTILINE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def moved_texts(at: Instant, leads: int) -> tuple[str, ...]:
    """The texts of all versions, the first in force from the midnight that begins the year which ends tonight.

    The fiscal year ends with this month, so that on any day its last quarter and its number have something to show.
    """
    zone = ZoneInfo(demo_contracts()[0].zone)
    today = dt.datetime.fromtimestamp(at // SECOND, zone).date()
    starts = _MONTHS[today.month % 12]
    return tuple(
        _YEAR.sub(
            rf"\g<1>{today.year}",
            _ZONE.sub(
                rf"\g<1>\nfiscal_year_starts: {starts}",
                _FROM.sub(f"effective_from: {_midnight(today - dt.timedelta(days=days), zone)}", text),
                count=1,
            ),
        )
        for text, days in zip(story.texts(leads), story.BEFORE, strict=True)
    )


def _midnight(day: dt.date, zone: ZoneInfo) -> str:
    return dt.datetime.combine(day, dt.time(), zone).isoformat()


def contract_of(text: str) -> Contract:
    """The contract of a text. Raises ContractRefused."""
    found = load(text)
    if found.contract is None:
        raise ContractRefused(found.problems)
    return found.contract


def sign_all(texts: tuple[str, ...]) -> tuple[Signed, ...]:
    """All versions, signed by everybody who has to on the day each takes effect."""
    signed: list[Signed] = []
    for text in texts:
        signed.append(_signed(contract_of(text), signed[-1] if signed else None))
    return tuple(signed)


def write_versions(signed: tuple[Signed, ...], texts: tuple[str, ...]) -> None:
    """Their rows."""
    for each, text in zip(signed, texts, strict=True):
        Version.objects.create(
            number=each.sealed.contract.version,
            digest=each.sealed.digest,
            content=each.sealed.content,
            text=text,
            proposed_at=each.proposed_at,
            in_force_from=each.in_force_from,
            signatures=[asdict(signature) for signature in each.signatures],
        )


def _signed(contract: Contract, before: Signed | None) -> Signed:
    made, at = seal(contract), contract.effective_from
    sealed = unseal(made.content, made.digest)  # as the service reads it
    draft = propose(sealed, before, at=at)
    for party in PartyName:
        who = contract.parties[party]
        signature = Signature(name=who.name, email=who.email, role=party, at=at, digest=sealed.digest)
        draft = with_signature(draft, signature)
    return conclude(draft)
