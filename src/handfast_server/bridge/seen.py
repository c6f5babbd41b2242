"""What decisions saw, as the text of a row, and back: values and the number of the version, no words.

A list of pairs: which kind of thing was seen, and its values in their order.
"""

from __future__ import annotations

from collections.abc import Iterable

from handfast.engine.seen import ChoiceSeen, ClockSeen, ContradictionSeen, JudgementSeen, ScoreSeen, Seen
from handfast_server.bridge.plain import Codec, Codecs, read_any, text_of_any

_KINDS: dict[str, type] = {
    "score": ScoreSeen,
    "judgement": JudgementSeen,
    "choice": ChoiceSeen,
    "clock": ClockSeen,
    "contradiction": ContradictionSeen,
}
_CODECS = Codecs()
_WRITTEN: dict[type, tuple[str, Codec]] = {kind: (name, _CODECS.of(kind)) for name, kind in _KINDS.items()}
_READ = dict(_WRITTEN.values())


def write_seen(seen: Iterable[Seen]) -> str:
    """The text of a row."""
    told = []
    for each in seen:
        name, codec = _WRITTEN[type(each)]
        told.append((name, codec.write(each)))
    return text_of_any(told)


def read_seen(raw: str) -> list[Seen]:
    """What was seen. Raises KeyError, ValueError or TypeError for what was not written by ``write_seen``."""
    return [_READ[name].read(values) for name, values in read_any(raw)]
