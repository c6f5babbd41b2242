"""Values by name: a mapping that is replaced, not changed, and cheap to replace with many thousands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from zlib import crc32

V = TypeVar("V")

_BUCKETS = 1024


@dataclass(frozen=True, slots=True)
class Buckets(Generic[V]):
    """Name → value. A new value copies one bucket in a thousand, so that setting n of them costs n, not n²."""

    buckets: tuple[Mapping[str, V], ...] = ({},) * _BUCKETS

    def get(self, name: str) -> V | None:
        """The value of a name, if it has one."""
        return self.buckets[_bucket(name)].get(name)

    def put(self, name: str, value: V | None) -> Buckets[V]:
        """The values when a name has this one, or (None) none."""
        place = _bucket(name)
        left = {known: each for known, each in self.buckets[place].items() if known != name}
        bucket = left if value is None else {**left, name: value}
        return Buckets((*self.buckets[:place], bucket, *self.buckets[place + 1 :]))


def _bucket(name: str) -> int:
    """The same in every process, unlike ``hash``."""
    return crc32(name.encode()) % _BUCKETS
