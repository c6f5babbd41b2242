"""What changed between two contracts, in business words; and what a package upgrade would change in a sealed one.

Every place that differs in canonical content is told by the describer for it, in general terms where there is none.
So nothing that changes the digest is silent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handfast.contract.canonical import canonical_bytes, to_plain
from handfast.contract.compare import differences, pattern
from handfast.contract.english.change_table import TABLE
from handfast.contract.english.difference import Place, Seen, Words, gains, loses
from handfast.contract.english.topics import Topic, topic_of
from handfast.contract.english.values import days, join_and, sentence
from handfast.contract.model import Contract
from handfast.contract.seal import PACKAGES, Almanac, Sealed, Transitions, seal
from handfast.instant import Instant, format_instant
from handfast.problem import dotted
from handfast.wording import worded


class ChangeKind(StrEnum):
    """What happened to a clause."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: the clause, a sentence, both sides in words, what follows from it, what needs care."""

    path: str  # of the clause in the text, such as clocks.first_touch.within
    sentence: str
    before: str
    after: str
    kind: ChangeKind
    topic: Topic
    effect: str = ""
    care: str = ""

    def __str__(self) -> str:
        """The sentence with its effect, and what needs care."""
        effect = f"; {self.effect}" if self.effect else ""
        care = f" Take care: {self.care}." if self.care else ""
        return f"{sentence(self.sentence.removesuffix('.') + effect)}{care}"


def diff(before: Contract, after: Contract) -> tuple[Change, ...]:
    """Every change from one contract to another, by topic; empty exactly when both have the same canonical content."""
    changes = [change for seen in differences(before, after) for change in _told(seen)]
    order = list(Topic)
    return tuple(sorted(changes, key=lambda change: order.index(change.topic)))


def diff_sealed(before: Sealed, after: Sealed) -> tuple[Change, ...]:
    """Every change between sealed contracts: of their terms, then of the dates sealed with them."""
    changes = (*diff(before.contract, after.contract), *_holiday_changes(before, after), *_zone_changes(before, after))
    old, new = _span(before), _span(after)
    if changes or old == new:
        return changes
    return (_of_data("", worded("the sealed span of time {before} → {after}", before=old, after=new), old, new),)


def drift(sealed: Sealed, contract: Contract, *, almanac: Almanac = PACKAGES) -> tuple[Change, ...]:
    """What sealing the same text again would change, because packages now know other dates or other defaults.

    ``contract`` is the text of the signed version, loaded by the packages installed now. Anything found is a
    proposed amendment; the sealed version goes on judging as it was signed.
    """
    return diff_sealed(sealed, seal(contract, almanac=almanac))


# Telling.


def _told(seen: Seen) -> Iterator[Change]:
    """The changes at one place: in the words made for it, else in general terms."""
    describer = TABLE.get(pattern(seen.path))
    found = list(describer(seen)) if describer is not None else []
    clause = clause_of(seen.path)
    kind = ChangeKind.ADDED if seen.old is None else ChangeKind.REMOVED if seen.new is None else ChangeKind.CHANGED
    for words in found or [_general(clause, seen)]:
        if words.sentence:
            yield Change(
                path=clause,
                sentence=sentence(words.sentence),
                before=words.before,
                after=words.after,
                kind=kind,
                topic=topic_of(clause),
                effect=words.effect,
                care=words.care,
            )


def _general(clause: str, seen: Seen) -> Words:
    """A change in the words of the data itself."""
    before, after = _data(seen.kind, seen.old), _data(seen.kind, seen.new)
    known = {"clause": clause, "before": before, "after": after}
    return Words(worded("the clause {clause}: {before} → {after}", **known), before, after)


def _data(kind: Any, value: object) -> str:
    """A value of the model as data; text as it stands."""
    if value is None:
        return worded("nothing")
    plain = to_plain(kind, value)
    return plain if isinstance(plain, str) else canonical_bytes(plain).decode()


_RENAMED: Mapping[str, str] = {
    "name": "contract",
    "default_calendar": "calendars.default",
    "marketing": "commitments.marketing",
    "sales": "commitments.sales",
    "stages": "plan.stages",
    "score.warm": "score.bands.warm",
    "marketing.icp_required": "commitments.marketing.icp",
    "sales.excused_left_out": "commitments.sales.excused",
}
"""Places whose path in the text is not that of the model, apart from those that end in a renamed key."""

_LAST = {"within_hand_raise": "within.hand_raise", "except_hand_raise": "except"}


def clause_of(path: Place) -> str:
    """The path of a clause in the text, from its path in the model."""
    keys = ["_to_".join(part) if isinstance(part, tuple) else str(part) for part in path]
    if keys[:2] == ["targets", "rates"]:
        del keys[1]
    whole = dotted(tuple(keys))
    if whole in _RENAMED:
        return _RENAMED[whole]
    head, last = _RENAMED.get(keys[0], keys[0]), keys[1:]
    return dotted((head, *(_LAST.get(key, key) for key in last))) if last else head


# What is sealed beside the terms.


def _holiday_changes(before: Sealed, after: Sealed) -> Iterator[Change]:
    """Holidays that a region gained or lost, where both seals know the region and reach the day."""
    first, last = _common(before, after)
    for region in sorted(before.holidays.keys() & after.holidays.keys()):
        old, new = (
            {day for day in sealed.holidays[region] if first <= _noon(day) <= last} for sealed in (before, after)
        )
        yield from _moved("holidays", region, days(sorted(new - old)), days(sorted(old - new)))


def _zone_changes(before: Sealed, after: Sealed) -> Iterator[Change]:
    """Changes of the clocks that a zone gained or lost, where both seals know the zone and reach the instant."""
    first, last = _common(before, after)
    for zone in sorted(before.zones.keys() & after.zones.keys()):
        old, new = (_offsets(sealed.zones[zone], first, last) for sealed in (before, after))
        gained, lost = ([entry for entry in one if entry not in other] for one, other in ((new, old), (old, new)))
        yield from _moved("zones", zone, _clock_changes(gained), _clock_changes(lost))


def _common(before: Sealed, after: Sealed) -> tuple[Instant, Instant]:
    return max(before.first, after.first), min(before.last, after.last)


def _noon(day: dt.date) -> Instant:
    return ((day - dt.date(1970, 1, 1)).days * 24 + 12) * 3_600_000_000


def _offsets(transitions: Transitions, first: Instant, last: Instant) -> Transitions:
    """The offsets within a span; what is in force at its start is dated there."""
    held = [(max(at, first), seconds) for at, seconds in transitions if at <= last]
    return tuple(
        entry for place, entry in enumerate(held) if held[place + 1 : place + 2] == [] or held[place + 1][0] > first
    )


def _clock_changes(entries: Iterable[tuple[Instant, int]]) -> str:
    said = [
        worded("{offset} from {instant}", offset=_offset(seconds), instant=f"{format_instant(at)[:16]}Z")
        for at, seconds in entries
    ]
    return join_and(said)


def _offset(seconds: int) -> str:
    """``+01:00``; seconds only where there are any."""
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{rest:02}" if rest else text


def _moved(table: str, name: str, gained: str, lost: str) -> Iterator[Change]:
    said = [gains(gained)] if gained else []
    if lost:
        said.append(loses(lost))
    if said:
        words = worded("{label} {changes}", label=name, changes=join_and(said))
        yield _of_data(f"{table}.{name}", words, lost, gained)


def _of_data(path: str, words: str, before: str, after: str) -> Change:
    return Change(
        path=path,
        sentence=sentence(words),
        before=before,
        after=after,
        kind=ChangeKind.CHANGED,
        topic=Topic.CALENDARS,
    )


def _span(sealed: Sealed) -> str:
    return worded("{first} to {last}", first=format_instant(sealed.first), last=format_instant(sealed.last))
