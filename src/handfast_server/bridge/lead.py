"""A lead of the engine as one text in its row, and back.

What the lead did is kept in rows of its own: it only grows, and is read again only when another version counts it.
Which facts were taken in is told by the unique name of each row of facts.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from handfast.changed import changed
from handfast.condition import Value
from handfast.cycle.log import Log, Seen
from handfast.cycle.values import Act, Lead
from handfast.engine.terms import Terms
from handfast.score import ScoreState
from handfast.verdict import Verdict
from handfast_server.bridge.plain import VALUE, Codec, Codecs, text

Load = Callable[[], list[Act]]


class KeptLog(Log[Act]):
    """The activities of a lead, most of them in rows that are read only when somebody asks for them.

    ``kept`` is how many stand in rows; ``new`` are those that were appended since.
    """

    __slots__ = ("_kept", "_load", "_new")

    def __init__(self, kept: int, load: Load, new: tuple[Act, ...] = ()) -> None:
        """So many in rows, and these after them."""
        super().__init__()
        self._kept, self._load, self._new = kept, load, new

    @property
    def kept(self) -> int:
        """How many stand in rows."""
        return self._kept

    @property
    def new(self) -> tuple[Act, ...]:
        """Those appended since."""
        return self._new

    def appended(self, item: Act) -> KeptLog:
        """The log with one more at its end."""
        return KeptLog(self._kept, self._load, (*self._new, item))

    def __len__(self) -> int:
        """How many."""
        return self._kept + len(self._new)

    def __iter__(self) -> Iterator[Act]:
        """In the order in which they came."""
        return iter(self.since(0))

    def since(self, position: int) -> list[Act]:
        """What was appended from a position on."""
        kept = self._load() if position < self._kept else []
        return kept[position:] + list(self._new[max(0, position - self._kept) :])


def _write_score(state: ScoreState) -> str:
    return binascii.b2a_base64(bytes(state), newline=False).decode()


def _not_here(_: Any) -> Any:
    raise TypeError("not kept in the text of a lead")


_CODECS = Codecs(
    {
        ScoreState: Codec(_write_score, lambda raw: raw),
        Log[Act]: Codec(_not_here, _not_here),
        Seen: Codec(_not_here, _not_here),
        Verdict: Codec(_not_here, _not_here),  # made again when it is needed
        str | int: VALUE,
    }
)
_LEAD = _CODECS.of(Lead)
_ACT = _CODECS.of(Act)
_PROPERTIES = _CODECS.of(Mapping[str, Value])
_NO_ACTS: Log[Act] = Log()
_NO_FACTS = Seen()


def write_lead(lead: Lead) -> str:
    """The text of a row."""
    return text(_LEAD.write(changed(lead, acts=_NO_ACTS, facts=_NO_FACTS, verdict=None)))


def read_lead(row: str, terms: Terms, acts: Log[Act]) -> Lead:
    """The lead of a row, with its score states under the tables of ``terms``.

    A standing that another build counted in another way is dropped: the engine counts it anew from the activities.
    """
    raw = orjson.loads(row)
    standing = raw.get("standing")
    if standing is not None:
        table = terms.of(standing["version"]).table
        try:
            for name in ("score", "fresh"):
                if standing.get(name) is not None:
                    standing[name] = ScoreState.from_bytes(table, binascii.a2b_base64(standing[name], strict_mode=True))
        except ValueError:
            raw["standing"] = None
    lead: Lead = _LEAD.read(raw)
    return replace(lead, acts=acts)


def read_plain_lead(row: str) -> Lead:
    """The lead of a row without its scores and without what it did: for whoever judges nothing."""
    raw = orjson.loads(row)
    raw.pop("standing", None)
    lead: Lead = _LEAD.read(raw)
    return lead


def write_properties(act: Act) -> str:
    """The properties of an activity as a text; empty when it has none."""
    return text(_PROPERTIES.write(act.properties)) if act.properties else ""


def read_acts(rows: Sequence[tuple[int, str, str, bool]]) -> list[Act]:
    """Activities from their rows: happened_at, kind, properties, loaded."""
    read = _ACT.read
    return [
        read([at, kind, orjson.loads(properties) if properties else {}, loaded])
        for at, kind, properties, loaded in rows
    ]
