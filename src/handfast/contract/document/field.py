"""The types of a contract's keys: each with its reader and its JSON Schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from handfast.condition import ValueType
from handfast.contract import hours, phrase
from handfast.contract.builtin import CURRENCIES
from handfast.contract.document import pattern as p
from handfast.contract.document import reader as r
from handfast.contract.model import ReasonKind, RevenueNumber, ShareBy, SourcedBy, Verb
from handfast.contract.terms import MONTHS, Disposition, Duration, Fading, Held, PerPeriod

_NAME = "letters, digits, _ and -, beginning with a letter, at most 64"
_EMAIL = "such as dana@acme.example"


def _schema(kind: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


def _pattern(expression: str, *examples: str) -> WithJsonSchema:
    return _schema("string", pattern=expression, **({"examples": list(examples)} if examples else {}))


def _words(words: Iterable[str]) -> WithJsonSchema:
    return WithJsonSchema({"enum": [str(word) for word in words]})


def _whole(low: int, high: int) -> tuple[PlainValidator, WithJsonSchema]:
    return PlainValidator(r.whole(low, high)), _schema("integer", minimum=low, maximum=high)


_read_points, _points = _whole(-100_000, 100_000)
_read_version, _version = _whole(1, 1_000_000)
_read_recent, _recent = _whole(1, 100)
_read_count, _count = _whole(1, 1_000)
_read_leads, _leads = _whole(1, 100_000_000)

Points = Annotated[int, _read_points, _points]
Version = Annotated[int, _read_version, _version]
Recent = Annotated[int, _read_recent, _recent]
Count = Annotated[int, _read_count, _count]
Leads = Annotated[int, _read_leads, _leads]

Text = Annotated[str, PlainValidator(r.text), _schema("string", pattern=r"\S", maxLength=r.LONGEST_TEXT)]
Name = Annotated[str, PlainValidator(r.matching(p.NAME, "name", "a name", _NAME)), _pattern(p.NAME)]
Email = Annotated[str, PlainValidator(r.matching(p.EMAIL, "email", "an e-mail address", _EMAIL)), _pattern(p.EMAIL)]
Region = Annotated[str, PlainValidator(r.text), _pattern(p.REGION, "DE-BE", "US")]
Flag = Annotated[bool, PlainValidator(r.flag), _schema("boolean")]
Money = Annotated[Decimal, PlainValidator(r.money), _schema("number", exclusiveMinimum=0, maximum=r.LARGEST_AMOUNT)]
Currency = Annotated[str, PlainValidator(r.currency), _words(sorted(CURRENCIES))]

Share = Annotated[Decimal, PlainValidator(r.phrased(r.share)), _pattern(p.SHARE, "90%")]
StepAt = Annotated[int, PlainValidator(r.phrased(r.step_at)), _pattern(p.STEP, "50%")]
WallDuration = Annotated[Duration, PlainValidator(r.phrased(phrase.wall_duration)), _pattern(p.WALL, "90 days")]
CoolOff = Annotated[Duration, PlainValidator(r.phrased(r.cool_off)), _pattern(p.WALL_OR_NONE, "30 days", "0 days")]
AnyDuration = Annotated[
    Duration, PlainValidator(r.phrased(phrase.duration)), _pattern(p.DURATION, "30 business minutes")
]
Window = Annotated[
    Duration | str, PlainValidator(r.phrased(r.window)), _pattern(p.WINDOW, "4 business hours", "as first_touch")
]
Fades = Annotated[Fading, PlainValidator(r.phrased(phrase.fading)), _pattern(p.FADES, "25% every 14 days")]
AmountPer = Annotated[PerPeriod, PlainValidator(r.phrased(phrase.per_period)), _pattern(p.PER, "1400000 per quarter")]
Then = Annotated[
    Disposition, PlainValidator(r.phrased(phrase.disposition)), _pattern(p.THEN, "close", "recycle after 90 days")
]
HeldAt = Annotated[Held, PlainValidator(r.phrased(phrase.held)), _pattern(p.HELD, "mon 10:00", "first tue 14:00")]
At = Annotated[r.Moment, PlainValidator(r.moment), _pattern(p.MOMENT, "2027-01-01T00:00:00+01:00")]
Date = Annotated[dt.date, PlainValidator(r.date), _pattern(p.DATE, "2026-09-20")]
RevenuePeriod = Annotated[
    str,
    PlainValidator(r.period),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": r.FIRST_YEAR, "maximum": r.LAST_YEAR},
                {"type": "string", "pattern": p.PERIOD, "examples": ["2027-Q1", "2027-01"]},
            ]
        }
    ),
]
Days = Annotated[tuple[int, ...], PlainValidator(r.phrased(hours.weekdays)), _pattern(p.WEEKDAYS, "mon-thu", "fri")]
DayHours = Annotated[
    hours.Hours,
    PlainValidator(r.day_hours),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "string", "pattern": p.SPAN, "examples": ["09:00-12:30"]}},
                {"type": "string", "pattern": p.SPAN},
                {"const": "closed"},
            ]
        }
    ),
]

Month = Annotated[str, PlainValidator(r.word_of(MONTHS)), _words(MONTHS)]
Kind = Annotated[ValueType, PlainValidator(r.word_of(ValueType)), _words(ValueType)]
ShareWord = Annotated[ShareBy, PlainValidator(r.word_of(ShareBy)), _words(ShareBy)]
VerbWord = Annotated[Verb, PlainValidator(r.word_of(Verb)), _words(Verb)]
ReasonKindWord = Annotated[ReasonKind, PlainValidator(r.word_of(ReasonKind)), _words(ReasonKind)]
NumberWord = Annotated[RevenueNumber, PlainValidator(r.word_of(RevenueNumber)), _words(RevenueNumber)]
SourcedWord = Annotated[SourcedBy, PlainValidator(r.word_of(SourcedBy)), _words(SourcedBy)]
