"""Numbers, shares, durations and dates as people read them. Rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from handfast.instant import DAY, HOUR, MINUTE, SECOND, Instant, Span, to_datetime

NBSP = "\u00a0"  # a number never parts from its unit at a line's end
DASH = "\u2013"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)  # strftime would speak the machine's language
_UNSEEN = frozenset(  # controls, marks of direction, halves of surrogate pairs
    chr(code)
    for first, last in (
        (0x00, 0x08),
        (0x0B, 0x0C),
        (0x0E, 0x1F),
        (0x7F, 0x9F),
        (0x200E, 0x200F),
        (0x202A, 0x202E),
        (0xD800, 0xDFFF),
    )
    for code in range(first, last + 1)
) | frozenset("\u061c\u2066\u2067\u2068\u2069\ufeff")
NONE = "\u2014"  # what stands where there is no number: a ratio of nothing is none, not 0


def clean(text: str) -> str:
    """Text from an export as it may be shown: no control character breaks a line, no mark turns digits around."""
    return "".join(" " if character in "\r\n\t" else character for character in text if character not in _UNSEEN)


def name(text: str, most: int = 40) -> str:
    """A name from an export within a sentence or a head: clean, and cut where it would push the rest aside."""
    shown = clean(text)
    return shown if len(shown) <= most else f"{shown[: most - 1].rstrip()}\u2026"


def count(number: int) -> str:
    """``1,140``."""
    return f"{number:,}"


def many(number: int, one: str, more: str = "") -> str:
    """``1 lead``, ``1,140 leads``; ``more`` is the plural when it is not ``one`` + s."""
    return f"{count(number)}{NBSP}{one if number == 1 else more or one + 's'}"


def share(value: float | None, *, places: int = 0) -> str:
    """``27 %``. Never rounds something to nothing, nor less than everything to all: ``<1 %``, ``>99 %``."""
    if value is None:
        return NONE
    percent = value * 100
    if percent in {0, 100}:
        return f"{percent:.0f}{NBSP}%"
    shown = f"{percent:.{places}f}"
    smallest = 10**-places
    if percent > 0 and float(shown) == 0:
        return f"<{smallest:.{places}f}{NBSP}%"
    if percent < 100 and float(shown) == 100:
        return f">{100 - smallest:.{places}f}{NBSP}%"
    return f"{shown}{NBSP}%"


def places(low: float | None, high: float | None) -> int:
    """Decimals a share deserves: one when its interval is narrower than two points, else none."""
    return int(low is not None and high is not None and high - low < 0.02)


def interval(low: float | None, high: float | None, *, places: int = 0) -> str:
    """``25–30 %``; empty when there is none."""
    if low is None or high is None:
        return ""
    ends = [share(end, places=places).removesuffix(f"{NBSP}%") for end in (low, high)]
    return f"{DASH.join(dict.fromkeys(ends))}{NBSP}%"


def duration(span: Span | float | None) -> str:
    """``42 s``, ``12 min``, ``9 h 20 min``, ``3 days 4 h``, ``15 days``: two units at most, the rest rounded."""
    if span is None:
        return NONE
    return f"\u2212{_length(-span)}" if span < 0 else _length(span)


def _length(span: float) -> str:
    if span < MINUTE - SECOND / 2:
        return f"{round(span / SECOND)}{NBSP}s"
    if span < HOUR - MINUTE / 2:
        return f"{round(span / MINUTE)}{NBSP}min"
    if span < DAY - MINUTE / 2:
        return _pair(round(span / MINUTE), 60, "h", "min")
    if span < 10 * DAY - HOUR / 2:
        return _pair(round(span / HOUR), 24, "day", "h")
    return _unit(round(span / DAY), "day")


def working(span: Span | float | None) -> str:
    """A length of working time: as ``duration``, but in hours however long, since a working day has no fixed length."""
    if span is None or abs(span) < DAY - MINUTE / 2:
        return duration(span)
    if abs(span) < 100 * HOUR:
        return ("\u2212" if span < 0 else "") + _pair(round(abs(span) / MINUTE), 60, "h", "min")
    return f"{count(round(span / HOUR))}{NBSP}h".replace("-", "\u2212")


def _pair(amount: int, per: int, big: str, small: str) -> str:
    """``amount`` small units as big ones and the rest."""
    whole, rest = divmod(amount, per)
    return _unit(whole, big) + (f"{NBSP}{_unit(rest, small)}" if rest else "")


def _unit(amount: int, unit: str) -> str:
    plural = "s" if unit == "day" and amount != 1 else ""
    return f"{amount:,}{NBSP}{unit}{plural}"


def between(limits: Sequence[str]) -> str:
    """``35–47 days`` of two lengths in one unit, ``50 min to 2 h`` of others; one alone, or the same twice, as one."""
    limits = tuple(dict.fromkeys(limits))
    if len(limits) == 2 and all(limit.count(NBSP) == 1 for limit in limits):
        (low, unit), (high, other) = (limit.split(NBSP) for limit in limits)
        if unit == other:
            return f"{low}{DASH}{high}{NBSP}{unit}"
    return " to ".join(limits)


def money(hundredths: float | None, currency: str = "") -> str:
    """``EUR 25,000``; cents are left out, as no audit is decided by them."""
    if hundredths is None:
        return NONE
    amount = f"{round(hundredths / 100):,}"
    return f"{currency}{NBSP}{amount}" if currency else amount


def date(instant: Instant, zone: str) -> str:
    """``3 March 2026`` in the contract's zone."""
    local = to_datetime(instant, zone)
    return f"{local.day}{NBSP}{_MONTHS[local.month - 1]} {local.year}"


def moment(instant: Instant, zone: str) -> str:
    """``3 March 2026, 14:05 CET``."""
    local = to_datetime(instant, zone)
    return f"{date(instant, zone)}, {local:%H:%M}{NBSP}{local:%Z}"


def month(label: str) -> str:
    """``Mar 2026`` of the period label ``2026-03``."""
    year, _, number = label.partition("-")
    return f"{_MONTHS[int(number) - 1][:3]}{NBSP}{year}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def times(ratio: float) -> str:
    """``3 times``, ``1.4 times``."""
    shown = f"{ratio:.1f}".removesuffix(".0") if ratio < 10 else f"{ratio:.0f}"
    return f"{shown}{NBSP}times"
