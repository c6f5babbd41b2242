"""The chain over the entries: sealed in batches by the worker, so that no writer waits for another because of it.

Each seal is the hash of its number, its instant, the seal before it and the commitments of its entries in order. Who
changes, drops or inserts an entry that is sealed has to make every later seal anew, and the digest of each seal is in
the log, outside the database, when it is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max

from handfast_server.audit.models import Entry, Seal
from handfast_server.audit.record import commitment_of
from handfast_server.decide.transaction import writing
from handfast_server.now import now
from handfast_server.observe.log import get_logger

log = get_logger("audit")

BATCH = 5_000


def try_seal(limit: int = BATCH) -> int:
    """Seal what is not sealed yet, at most ``limit`` entries; how many. Of two workers at once one seals."""
    if not Entry.objects.filter(seal__isnull=True).exists():
        return 0
    try:
        with writing():
            return _seal(limit)
    except IntegrityError:  # the other one was first, with the same number
        return 0


def _seal(limit: int) -> int:
    last = Seal.objects.select_for_update().order_by("-number").first()
    entries = list(Entry.objects.filter(seal__isnull=True).order_by("id")[:limit])
    if not entries:
        return 0
    number, at, before = (1 if last is None else last.number + 1), now(), ("" if last is None else last.digest)
    digest = _digest(number, at, before, (entry.commitment for entry in entries))
    seal = Seal.objects.create(number=number, at=at, count=len(entries), before=before, digest=digest)
    for place, entry in enumerate(entries):
        entry.seal, entry.place = seal, place
    Entry.objects.bulk_update(entries, ["seal", "place"], batch_size=400)
    transaction.on_commit(partial(log.info, "audit sealed", seal=number, entries=len(entries), digest=digest))
    return len(entries)


class Stretch(NamedTuple):
    """Some seals held against their entries: after which one, up to which, and the seals that are not what they were.

    ``last`` is 0 when the newest seal was among them: the next stretch begins with the first again.
    """

    after: int
    last: int
    broken: tuple[int, ...]


def stretch(after: int, limit: int = BATCH) -> Stretch:
    """Hold the seals after one against their entries: those over so many entries, or one seal at least."""
    known = Seal.objects.filter(number=after).values_list("digest", flat=True).first()
    before, number, broken = known or "", after, list[int]()
    seals = _some(after, limit)
    entries = _entries_of(seals)
    for seal in seals:
        if seal.number != number + 1 or any(_faults_of(seal, entries.get(seal.number, []), before)):
            broken.append(seal.number)
        before, number = seal.digest, seal.number
    newest = Seal.objects.aggregate(last=Max("number"))["last"] or 0
    return Stretch(after, 0 if number >= newest else number, tuple(broken))


def _some(after: int, limit: int) -> list[Seal]:
    found, count = list[Seal](), 0
    for seal in Seal.objects.filter(number__gt=after).order_by("number")[:limit]:
        if found and count + seal.count > limit:
            break
        found.append(seal)
        count += seal.count
    return found


def _entries_of(seals: list[Seal]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    if seals:
        rows = Entry.objects.filter(seal__gte=seals[0].number, seal__lte=seals[-1].number).order_by("seal", "place")
        for entry in rows:
            found.setdefault(entry.seal_id or 0, []).append(entry)
    return found


def faults() -> Iterator[str]:
    """What is wrong with the log, in sentences; nothing when every entry and every seal is what it was."""
    before, number = "", 0
    for seal in Seal.objects.order_by("number").iterator():
        number += 1
        if seal.number != number:
            yield f"Seal {number} of the audit log is missing; the next one there is {seal.number}."
            number = seal.number
        entries = list(Entry.objects.filter(seal=seal).order_by("place"))
        yield from _faults_of(seal, entries, before)
        before = seal.digest
    yield from unsealed_faults()


def unsealed_faults() -> Iterator[str]:
    """What is wrong with the entries that wait for a seal."""
    for entry in Entry.objects.filter(seal__isnull=True).iterator():
        yield from _fault_of(entry)


def _faults_of(seal: Seal, entries: list[Entry], before: str) -> Iterator[str]:
    if len(entries) != seal.count:
        yield f"Seal {seal.number} of the audit log is over {seal.count} entries; {len(entries)} are there."
    if seal.before != before:
        yield f"Seal {seal.number} of the audit log does not follow the seal before it."
    if seal.digest != _digest(seal.number, seal.at, seal.before, (entry.commitment for entry in entries)):
        yield f"Seal {seal.number} of the audit log does not fit its entries: one was changed after it was sealed."
    for entry in entries:
        yield from _fault_of(entry)


def _fault_of(entry: Entry) -> Iterator[str]:
    if not entry.forgotten and entry.commitment != commitment_of(entry):
        yield f"Entry {entry.pk} of the audit log is not what was written."


def _digest(number: int, at: int, before: str, commitments: Iterable[str]) -> str:
    made = hashlib.sha256(f"handfast audit seal 1\n{number}\n{at}\n{before}\n".encode())
    for commitment in commitments:
        made.update(f"{commitment}\n".encode())
    return made.hexdigest()
