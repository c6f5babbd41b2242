"""The signed versions as the evaluator reads them, compiled once in a process and read again when one is added."""

from __future__ import annotations

import threading
from typing import Any

from handfast.contract.model import PartyName
from handfast.contract.seal import unseal, verify
from handfast.contract.sign import Signature, Signed, Succession
from handfast.engine.terms import Terms
from handfast.engine.terms import Version as VersionTerms
from handfast.instant import Instant
from handfast_server.contracts.models import Version
from handfast_server.decide.sql import fetch

_lock = threading.Lock()
_known: tuple[tuple[tuple[int, str, int], ...], Terms] = ((), Terms(()))


def current() -> Terms:
    """The terms of every signed version. Raises SealBroken when one is not what was signed."""
    global _known  # noqa: PLW0603 # one value a process, replaced whole
    stand = tuple(fetch("SELECT number, digest, in_force_from FROM contracts_version ORDER BY number"))
    if _known[0] != stand:
        with _lock:
            _known = stand, Terms.of_signed(signed_of(version) for version in Version.objects.order_by("number"))
    return _known[1]


def governing(at: Instant) -> VersionTerms | None:
    """The version in force, else the one that is signed and will be; None before anything is signed.

    For whoever reads what words mean, such as which attributes there are; decisions are made under a version in force.
    """
    terms = current()
    return terms.in_force(at) or next(iter(terms.versions), None)


def unsealed() -> tuple[int, ...]:
    """The numbers of versions whose bytes are not those that were signed: nothing is judged while there is one."""
    rows = Version.objects.order_by("number").values_list("number", "content", "digest")
    return tuple(number for number, content, digest in rows if not verify(bytes(content), digest))


def signed_of(version: Version) -> Signed:
    """The signed version of a row; its bytes are held against their digest."""
    return Signed(
        sealed=unseal(bytes(version.content), version.digest),
        proposed_at=version.proposed_at,
        signatures=tuple(_with_party(Signature, "role", each) for each in version.signatures),
        in_force_from=version.in_force_from,
        successions=tuple(_with_party(Succession, "party", each) for each in version.successions),
    )


def _with_party(kind: Any, name: str, raw: dict[str, Any]) -> Any:
    return kind(**{**raw, name: PartyName(raw[name])})
