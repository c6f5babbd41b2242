"""Every phrase is read back from its canonical spelling, and nothing that is no phrase is a surprise."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handfast.contract import hours, phrase
from handfast.contract.phrase import PhraseError
from handfast.contract.terms import Disposition, DispositionKind, Duration, DurationUnit, Fading, Held, Per, PerPeriod
from handfast.instant import DAY, HOUR, MINUTE

UNITS = {"minute": MINUTE, "hour": HOUR, "day": DAY}


@st.composite
def durations(draw: st.DrawFn) -> tuple[str, Duration]:
    unit = draw(st.sampled_from(sorted(UNITS)))
    business = draw(st.booleans())
    days = business and unit == "day"
    amount = draw(st.integers(1, 2_610 if days else phrase.LONGEST // UNITS[unit]))
    name = ("business " if business else "") + unit + ("" if amount == 1 else "s")
    kind = DurationUnit.WALL if not business else DurationUnit.BUSINESS_DAYS if days else DurationUnit.BUSINESS_TIME
    return f"{amount} {name}", Duration(kind, amount if days else amount * UNITS[unit], f"{amount} {name}")


@given(durations())
def test_a_duration_is_what_it_says(pair: tuple[str, Duration]) -> None:
    text, expected = pair
    assert phrase.duration(text) == expected
    assert str(phrase.duration(text)) == text
    for loose in (f" {text}", text.replace(" ", "  "), f"{text}\n"):
        with pytest.raises(PhraseError, match="spaces where none belong"):
            phrase.duration(loose)


@given(st.integers(1, 100), st.integers(1, 3_660 * 24 * 60))
def test_a_fading_comes_back_from_its_spelling(percent: int, minutes: int) -> None:
    fading = Fading(percent, minutes * MINUTE)
    assert phrase.fading(str(fading)) == fading


@given(st.decimals(0, 10**12, places=2), st.sampled_from(Per))
def test_an_amount_per_period_comes_back_from_its_spelling(amount: Decimal, per: Per) -> None:
    assert phrase.per_period(str(PerPeriod(amount, per))) == PerPeriod(amount, per)


@given(st.one_of(st.just(0), st.integers(1, 3_660)))
def test_a_disposition_comes_back_from_its_spelling(days: int) -> None:
    after = Duration(DurationUnit.WALL, days * DAY, f"{days} days" if days != 1 else "1 day")
    found = [Disposition(DispositionKind.CLOSE), Disposition(DispositionKind.RECYCLE_ON_DATE)]
    found += [Disposition(DispositionKind.RECYCLE_AFTER, after)] if days else []
    assert [phrase.disposition(str(disposition)) for disposition in found] == found


@given(st.integers(0, 6), st.integers(0, 1_439), st.booleans(), st.sets(st.integers(1, 12)))
def test_a_meeting_comes_back_from_its_spelling(day: int, minute: int, first: bool, months: set[int]) -> None:
    held = Held(day, minute, first, tuple(sorted(months)) if first else ())
    assert phrase.held(str(held)) == held


@given(st.integers(0, 1_439), st.integers(1, 1_440))
def test_a_span_of_hours_comes_back_from_its_spelling(opens: int, length: int) -> None:
    span = (opens, opens + length)
    if length == 1_440 and opens:
        return  # around the clock is only written from midnight
    assert hours.span("-".join(map(hours.clock_time, span))) == span


READERS: dict[str, Callable[[str], object]] = {
    "duration": phrase.duration,
    "wall_duration": phrase.wall_duration,
    "whole_days": phrase.whole_days,
    "as_clock": phrase.as_clock,
    "percent": phrase.percent,
    "whole_percent": phrase.whole_percent,
    "fading": phrase.fading,
    "per_period": phrase.per_period,
    "disposition": phrase.disposition,
    "held": phrase.held,
    "weekdays": hours.weekdays,
    "span": hours.span,
}

WORDS = st.sampled_from(
    "1 0 5 90 99999 1.5 business working minutes hour days weeks % 25% every recycle after on a date given close per "
    "month quarter first last mon tue friday of jan december 09:00 24:00 25:61 - as first_touch , : ٣ é".split()
)


@pytest.mark.parametrize("name", READERS)
@given(st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=7).map(" ".join), st.lists(WORDS).map("".join)))
def test_what_is_no_phrase_is_refused_in_words(name: str, text: str) -> None:
    try:
        READERS[name](text)
    except PhraseError as error:
        assert str(error).endswith(".")  # noqa: PT017 most texts are refused, some are phrases
        meant = error.meant
        if meant and name not in ("fading", "held", "weekdays"):
            READERS[name](meant)  # a suggestion must itself be right
