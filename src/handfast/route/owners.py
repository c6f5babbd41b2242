"""Who owns which account: a mapping that is replaced, not changed, and cheap to replace with many thousands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

_BUCKETS = 1024


@dataclass(frozen=True, slots=True)
class Owners:
    """Account → rep. A new owner copies one bucket in a thousand, so that setting n owners costs n, not n²."""

    buckets: tuple[Mapping[str, str], ...] = ({},) * _BUCKETS

    def get(self, account: str) -> str | None:
        """The owner of an account, if it has one."""
        return self.buckets[_bucket(account)].get(account)

    def put(self, account: str, owner: str | None) -> Owners:
        """The owners when an account has this one, or (None) nobody."""
        place = _bucket(account)
        left = {name: rep for name, rep in self.buckets[place].items() if name != account}
        bucket = left if owner is None else {**left, account: owner}
        return Owners((*self.buckets[:place], bucket, *self.buckets[place + 1 :]))


def _bucket(account: str) -> int:
    """The same in every process, unlike ``hash``."""
    return crc32(account.encode()) % _BUCKETS
