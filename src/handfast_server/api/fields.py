"""Types of the fields of requests and answers: what is bounded here is bounded in the OpenAPI, and refused with 422."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from ninja import Header, Path
from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from handfast.instant import Instant, format_instant, parse_instant

_EARLIEST, _LATEST = parse_instant("1970-01-01T00:00:00Z"), parse_instant("2200-01-01T00:00:00Z")


def _moment(raw: Any) -> Instant:
    try:
        at = parse_instant(raw) if isinstance(raw, str) else None
    except (ValueError, OverflowError):
        at = None
    if at is None or not _EARLIEST <= at < _LATEST:
        raise ValueError("an instant has an offset, such as 2027-01-08T14:30:00+01:00, and lies between 1970 and 2200")
    return at


def written(at: Instant) -> str:
    """An instant as answers have it: RFC 3339 in UTC."""
    return format_instant(at).replace("+00:00", "Z")


_AS_DATE_TIME = WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2027-01-08T14:30:00+01:00"]})

MomentIn = Annotated[int, PlainValidator(_moment), _AS_DATE_TIME]
"""An instant that is told: a text with an offset."""

MomentOut = Annotated[int, PlainSerializer(written, return_type=str), _AS_DATE_TIME]
"""An instant that is answered."""

WHOLE_NUMBER = 2_147_483_647
"""The largest that a column of whole numbers holds."""

_NO_NUL = r"^[^\x00]*$"
"""PostgreSQL keeps no text with such a letter in it."""

Text = Annotated[str, Field(max_length=4_000, pattern=_NO_NUL)]
Name = Annotated[str, Field(max_length=200, pattern=_NO_NUL)]
GivenName = Annotated[str, Field(min_length=1, max_length=200, pattern=_NO_NUL)]
ReasonName = Annotated[str, Field(min_length=1, max_length=100, pattern=_NO_NUL, examples=["misrouted"])]
ShortText = Annotated[str, Field(max_length=100, pattern=_NO_NUL)]
CycleId = Annotated[str, Field(max_length=120, pattern=_NO_NUL, examples=["0190f0e1c2/1"])]
LeadId = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_.:-]+$")]
Date = Annotated[dt.date, Field(ge=dt.date(1970, 1, 1), lt=dt.date(2200, 1, 1))]
Email = Annotated[
    str, Field(max_length=254, pattern=r"^[^\s@\x00]+@[^\s@\x00]+\.[^\s@\x00]+$", examples=["lena@acme.example"])
]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4, examples=["24000"])]
Currency = Annotated[str, Field(pattern=r"^([A-Z]{3})?$", examples=["EUR"])]

AmountOut = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount.normalize():f}", return_type=str)]
"""An amount that is answered: exact, as a text, without zeros that say nothing."""

LeadPath = Annotated[str, Path(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_.:-]+$")]
DealPath = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00/]+$")]
PoolPath = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00/]+$")]

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=100,
        pattern=r"^[A-Za-z0-9_.:-]*$",
        description="Names this request: sent again with the same key it is done once. A UUID, for example.",
    ),
]
