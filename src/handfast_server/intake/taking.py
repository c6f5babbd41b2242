"""What a worker does with uploads: one portion of the oldest that waits, then it looks again."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from handfast.audit import read_export
from handfast.audit.file.refused import HEADER, harmless
from handfast.errors import HandfastError
from handfast.instant import DAY, MINUTE
from handfast_server.audit.record import record
from handfast_server.decide import terms as versions
from handfast_server.decide.transaction import writing
from handfast_server.intake import export as exports
from handfast_server.intake.folder import sweep
from handfast_server.intake.history import Row
from handfast_server.intake.importing import Portion, add_up, digest_of, portions
from handfast_server.intake.models import Upload, UploadedFile
from handfast_server.intake.take import Ended, take_in
from handfast_server.intake.uploads import laid_out, mapping_of
from handfast_server.now import now
from handfast_server.refused import Refused

HOLDS = 2 * MINUTE
"""Another worker leaves an upload alone for so long after the last portion of it."""

KEPT = 7 * DAY
"""So long files are kept that nobody began to take in, or that were stopped."""


class Lines:
    """Refused rows as lines of the file that reading an export writes."""

    def __init__(self) -> None:
        """Nothing is refused yet."""
        self.text = ""

    def add(self, row: Row, code: str, message: str, path: str) -> None:
        """One row."""
        where = f" ({path})" if path else ""
        self.write(("", str(row.place), f"{code}: {message}{where}", row.text))

    def write(self, cells: tuple[str, ...]) -> None:
        """One line."""
        out = io.StringIO()
        csv.writer(out).writerow([harmless(cell) for cell in cells])
        self.text += out.getvalue()

    def taken(self) -> str:
        """What was added since this was asked last."""
        text, self.text = self.text, ""
        return text


@dataclass(slots=True, kw_only=True)
class _Reading:
    """An upload that this process takes in. ``held``: until when it said that it holds it."""

    id: int
    held: int
    portions: Iterator[Portion]
    lines: Lines


_reading: dict[str, _Reading] = {}


def take_some() -> bool:
    """One portion of an upload, at most; whether there may be more."""
    at, mine = now(), _reading.get("it")
    row = _claimed(at, mine)
    if mine is not None and (row is None or row.pk != mine.id):
        forget()
        mine = None
    if row is None:
        return False
    try:
        if mine is None:
            mine = _begun(row)
        mine.held = at + HOLDS
        portion = next(mine.portions, None)
    except Ended:  # stopped meanwhile, or somebody in it was forgotten: whoever did that said what becomes of it
        forget()
        return True
    except (Refused, HandfastError) as unread:
        forget()
        _over(row, Upload.State.FAILED, why=str(unread))
        return True
    except BaseException:
        forget()  # what raised gives nothing more: it is begun anew where it was, by whichever worker comes first
        with writing():
            Upload.objects.filter(pk=row.pk).update(held_until=0)
        raise
    _note(row, portion, mine.lines.taken())
    if portion is None:
        forget()
    return True


def forget() -> None:
    """Take nothing in: another worker may."""
    _reading.clear()


def _claimed(at: int, mine: _Reading | None) -> Upload | None:
    """The oldest that waits and that no other worker holds, held for a while."""
    free = Q(held_until__lt=at)
    if mine is not None:
        free |= Q(pk=mine.id, held_until=mine.held)  # another may have thought that this process is gone
    waits = Upload.objects.filter(free, state=Upload.State.WAITING).defer("refused")
    row = waits.order_by("made_at", "pk").first()
    if row is None:
        return None
    with writing():
        held = Upload.objects.filter(pk=row.pk, state=Upload.State.WAITING, held_until=row.held_until)
        return row if held.update(held_until=at + HOLDS) else None


def _begun(row: Upload) -> _Reading:
    """Read the files once more, by the mapping that was looked at. Raises Refused, ExportRefused."""
    lines, version = Lines(), versions.governing(now())
    with laid_out(row) as paths:
        refused = paths[0].parent / "refused.csv"
        export = read_export(
            paths,
            mapping=mapping_of(row),
            zone=row.zone,
            contract=None if version is None else version.contract,
            asked=exports.ASKED,
            refused_to=refused,
        )
        if not row.refused:
            lines.text = refused.read_text("utf-8-sig") if refused.exists() else ",".join(HEADER) + "\r\n"
        digest = hashlib.sha256(f"{digest_of(paths, row.source)}:{row.mapping}".encode()).hexdigest()
    rows = exports.rows(export, row.source, row.made_at)
    take = partial(take_in, first=partial(_still, row.pk))
    made = _Reading(id=row.pk, held=0, portions=portions(rows, digest, lines, take), lines=lines)
    _reading["it"] = made
    return made


def _still(upload: int) -> None:
    """That an upload waits, until the transaction ends that takes some of it in. Raises Ended.

    Whoever is forgotten in that moment is forgotten after it, with what it brought.
    """
    waits = Upload.objects.select_for_update().filter(pk=upload, state=Upload.State.WAITING)
    if not list(waits.values_list("pk", flat=True)):
        raise Ended("Nobody takes this import in any more.")


def _note(row: Upload, portion: Portion | None, refused: str) -> None:
    """How far it is; and that everything is in, once nothing more comes."""
    if portion is None:
        _over(row, Upload.State.DONE)
        return
    counts = dict(row.counts)
    add_up(counts, {name: count for name, count in portion.counts.items() if count and name != "skipped"})
    if not row.done and portion.counts.get("skipped"):
        counts["skipped"] = portion.counts["skipped"]
    with writing():
        Upload.objects.filter(pk=row.pk).update(done=portion.done, counts=counts, changed_at=now())
        if refused:
            _under_way(row).update(refused=Concat(F("refused"), Value(refused), output_field=TextField()))


def _under_way(row: Upload) -> QuerySet[Upload]:
    """The upload, unless its files went because somebody in them was forgotten: their rows went with them."""
    return Upload.objects.filter(pk=row.pk).exclude(state=Upload.State.FAILED)


def _over(row: Upload, state: Upload.State, why: str = "") -> None:
    with writing():
        if not _under_way(row).update(state=state, why=why, changed_at=now(), held_until=0):
            return
        if state is Upload.State.DONE:
            UploadedFile.objects.filter(upload=row.pk).delete()
        record(f"import.{state.value}", f"upload:{row.pk}")


def tidy(at: int) -> None:
    """Throw files away that nobody went on with, and what a process left behind that died while it read some."""
    sweep()
    old = Upload.objects.filter(changed_at__lt=at - KEPT).exclude(state=Upload.State.WAITING)
    UploadedFile.objects.filter(upload__in=old).delete()
    old.filter(done=0, state=Upload.State.LOOKED).delete()
