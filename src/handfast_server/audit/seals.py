"""The chain over the entries: sealed in batches by the worker, so that no writer waits for another because of it.

Each seal is the hash of its number, its instant, the seal before it and the commitments of its entries in order. Who
changes, drops or inserts an entry that is sealed has to make every later seal anew, and the digest of each seal is in
the log, outside the database, when it is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial

from django.db import IntegrityError, transaction

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
