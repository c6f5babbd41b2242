"""Work that raised: set aside for a while that grows, and shown to an administrator until it succeeds."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterable
from typing import TypeVar

from handfast.instant import HOUR, SECOND
from handfast_server.decide.transaction import writing
from handfast_server.now import now
from handfast_server.observe.log import get_logger
from handfast_server.worker.loops import Loop
from handfast_server.worker.models import Problem

log = get_logger("worker")

T = TypeVar("T")

_LONGEST = HOUR
_noted: set[str] = set()  # names of this process's problems: whatever succeeds asks no database whether it had one


def failed(name: str, loop: str, broken: BaseException) -> None:
    """Note that something raised; this raises nothing. Where the database is out of reach, only the log knows."""
    error, place, fingerprint = _told(broken)
    log.error("failed", work=name, loop=loop, error=error, place=place, fingerprint=fingerprint)
    _noted.add(name)
    try:
        with writing():
            _set_aside(name, {"loop": loop, "error": error, "place": place, "fingerprint": fingerprint})
    except Exception:  # noqa: BLE001 # a cut connection is an InterfaceError, a file out of reach an OSError
        log.error("problem_not_kept", work=name)  # noqa: TRY400 # its trace would hold values


def _set_aside(name: str, told: dict[str, str]) -> None:
    at = now()
    known = Problem.objects.filter(pk=name).values_list("count", flat=True).first()
    count = 1 if known is None else known + 1
    retry_at = at + min(_LONGEST, SECOND * 2 ** min(count, 20))
    fresh = {**told, "last_at": at, "retry_at": retry_at, "count": count}
    Problem.objects.update_or_create(pk=name, defaults=fresh, create_defaults={**fresh, "first_at": at})


def is_noted(name: str) -> bool:
    """Whether this process noted such a problem, and has not seen its work succeed since."""
    return name in _noted


def worked(name: str) -> bool:
    """Forget a problem of this name, once what it was about has succeeded; this raises nothing.

    False where that could not be written, as in a database that others may only read: it is to be told again.
    """
    if name not in _noted:
        return True
    try:
        with writing():
            Problem.objects.filter(pk=name).delete()
    except Exception:  # noqa: BLE001 # whatever keeps it from being forgotten, the work itself was done
        log.error("problem_not_forgotten", work=name)  # noqa: TRY400 # its trace would hold values
        return False
    _noted.discard(name)
    return True


def one_by_one(names: Iterable[str], loop: str, work: Callable[[str], T]) -> list[T]:
    """Do a batch that raised in parts, so that only what is broken is set aside; what the others gave."""
    given: list[T] = []
    for name in names:
        try:
            given.append(work(name))
        except Exception as broken:  # noqa: BLE001 # it is noted, and the others go on
            failed(f"lead:{name}", loop, broken)
    return given


def put_off(kind: str) -> list[str]:
    """The names of what of a kind could not be done, and is not to be tried again yet."""
    names = Problem.objects.filter(name__startswith=f"{kind}:", retry_at__gt=now()).values_list("name", flat=True)
    return [name.removeprefix(f"{kind}:") for name in names]


def over() -> bool:
    """Forget what was to be tried again an hour ago and has not failed since: another process did it."""
    stale = Problem.objects.filter(retry_at__lt=now() - HOUR)
    if stale.exists():
        with writing():
            stale.delete()
    return False


def _told(broken: BaseException) -> tuple[str, str, str]:
    """Kind of error, where it was raised, and a digest of the way there. Its message can hold what people typed."""
    frames = traceback.extract_tb(broken.__traceback__)
    way = "\n".join(f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in frames)
    kind = type(broken).__qualname__
    last = frames[-1] if frames else None
    place = "" if last is None else f"{last.filename.rsplit('/', 2)[-1]}:{last.lineno} {last.name}"
    return kind[:200], place[:300], hashlib.sha256(f"{kind}\n{way}".encode()).hexdigest()


LOOPS = (Loop("problems", over, rest=60.0),)
