"""Every fact of a simulated year as a file, in the order in which they were recorded.

The lines are those of ``handfast.history``, which reads them back; a Parquet file has the same lines in its column
``line``, beside lead, kind and instants to select by. Blocks of lines are made one at a time: nothing holds a whole
year as text, and no activity becomes an object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from handfast.facts import ActivityHappened, Fact
from handfast.history import write_line
from handfast.instant import DAY, SECOND
from handfast.simulate.acts import PATTERNS
from handfast.simulate.known import FIRST_RECORD
from handfast.simulate.simulated import Simulated
from handfast.simulate.stream import Whole

BLOCK = 1 << 16


class Row(NamedTuple):
    """One fact."""

    kind: str
    lead: str | None
    happened_at: int
    recorded_at: int
    line: str


def write_facts(simulated: Simulated, path: Path) -> None:
    """Write every fact; ``path`` ends in ``.parquet``, which needs pyarrow, or in ``.jsonl``."""
    (_write_parquet if path.suffix == ".parquet" else _write_lines)(_blocks(simulated), path)


def _blocks(simulated: Simulated) -> Iterator[list[Row]]:
    """The rows of ``Simulated.facts``, in the same order."""
    acts = simulated.acts
    objects: list[Fact] = [*simulated.told, *simulated.unheard()]
    stamps = np.array([fact.recorded_at for fact in objects], dtype=np.int64)
    order = np.argsort(np.concatenate([stamps, acts.recorded_at[simulated.untold]]), kind="stable")
    lines = _Lines(simulated)
    for begin in range(0, len(order), BLOCK):
        places = order[begin : begin + BLOCK]
        untold = iter(lines.of(simulated.untold[places[places >= len(objects)] - len(objects)]))
        yield [_row(objects[place]) if place < len(objects) else next(untold) for place in places.tolist()]


def _row(fact: Fact) -> Row:
    return Row(type(fact).__name__, getattr(fact, "lead", None), fact.happened_at, fact.recorded_at, write_line(fact))


class _Lines:
    """Activities as lines: the words of ``write_line`` for one of each pattern, with what differs put in."""

    def __init__(self, simulated: Simulated) -> None:
        self._simulated = simulated
        self._prompt = [_words(pattern, late=False) for pattern in range(len(PATTERNS))]
        self._late = [_words(pattern, late=True) for pattern in range(len(PATTERNS))]
        first = simulated.year.first // DAY - 1
        days = np.arange(first, first + simulated.year.days + 3)
        self._days = dict(zip(days.tolist(), np.datetime_as_string(days.astype("datetime64[D]")).tolist(), strict=True))
        self._times = [f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}" for at in range(DAY // SECOND)]

    def of(self, rows: Whole) -> list[Row]:
        """The rows of activities."""
        acts = self._simulated.acts
        happened, recorded = acts.happened_at[rows], acts.recorded_at[rows]
        leads = self._simulated.known.people.known_as[acts.record[rows]] + FIRST_RECORD
        columns = [each.tolist() for each in (rows, leads, happened, recorded, acts.pattern[rows])]
        return list(map(self._act, *columns, self._shown(happened), self._shown(recorded)))

    def _act(self, row: int, lead: int, at: int, learned: int, pattern: int, shown: str, then: str) -> Row:
        if at == learned:
            line = self._prompt[pattern] % (row, shown, lead)
        else:
            line = self._late[pattern] % (row, shown, then, lead)
        return Row("ActivityHappened", f"L{lead}", at, learned, line)

    def _shown(self, at: Whole) -> list[str]:
        days, times = self._days, self._times
        day, second = np.divmod(at // SECOND, DAY // SECOND)
        return [f"{days[d]}T{times[s]}Z" for d, s in zip(day.tolist(), second.tolist(), strict=True)]


def _words(pattern: int, *, late: bool) -> str:
    """The line of an activity of a pattern, with places for its number, its instants and its lead."""
    kind, properties, *_ = PATTERNS[pattern]
    said = ActivityHappened(id="act0", happened_at=0, recorded_at=0, lead="L0", kind=kind, properties=properties)
    said = replace(said, recorded_at=SECOND) if late else said
    line = write_line(said).replace("%", "%%")
    for words, place in _PLACES:
        line = line.replace(words, place)
    return line


_PLACES = (
    ('"id":"act0"', '"id":"act%d"'),
    ("1970-01-01T00:00:00Z", "%s"),
    ("1970-01-01T00:00:01Z", "%s"),
    ('"lead":"L0"', '"lead":"L%d"'),
)


def _write_lines(blocks: Iterator[list[Row]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for block in blocks:
            file.write("\n".join([row.line for row in block]) + "\n")


def _write_parquet(blocks: Iterator[list[Row]], path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 an extra that most simulations do without
    import pyarrow.parquet as pq  # noqa: PLC0415 the same

    words, stamp = pa.dictionary(pa.int32(), pa.string()), pa.timestamp("us", tz="UTC")
    types = {"kind": words, "lead": pa.string(), "happened_at": stamp, "recorded_at": stamp, "line": pa.string()}
    schema = pa.schema(list(types.items()))
    with pq.ParquetWriter(path, schema) as file:
        for block in blocks:
            columns: Sequence[Sequence[object]] = tuple(zip(*block, strict=True))
            arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
            file.write_batch(pa.record_batch(arrays, schema=schema))
