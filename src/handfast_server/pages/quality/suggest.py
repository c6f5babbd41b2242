"""Suggestions: what reasons and lifts bear, and no more; where one can be written, the amendment in the text.

Several things are looked at together, so each is held to a level that is stricter by their number (Bonferroni): one in
twenty pages would suggest something where there is nothing, and not one in twenty lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist

from django.urls import reverse
from django.utils.translation import gettext as _

from handfast.contract.model import Contract
from handfast.measure.figure import Ratio
from handfast.measure.lift import lift_between
from handfast.qualify import attributes_of
from handfast_server.pages.quality.amend import with_points, with_requirement
from handfast_server.pages.quality.asked import Seen
from handfast_server.pages.quality.common import Suggestion, common_of
from handfast_server.pages.quality.sizes import raised
from handfast_server.pages.quality.worth import ACCEPTED, Pair, Signal, interval_words, pair_of, signals_of, times
from handfast_server.pages.scoreboard_figures import number, percent
from handfast_server.pages.scoreboard_flow import ahead

COMMON = 0.1
"""A reason is common where it stands for this share of what was declined, at the lower end of its interval."""

MOST = 12
"""Suggestions of a page."""


def suggestions_of(seen: Seen, text: str) -> list[Suggestion]:
    """Everything that a page suggests, amendments first; ``text`` is that of the version signed last."""
    signals = list(signals_of(seen.shown.version.contract))
    z = _strict(len(signals))
    asked = [*_required(seen, text, signals, z), *raised(seen, text, common_of(seen, COMMON))]
    found = [*asked, *_halved(seen, text, signals, z), *_worst(seen)]
    return sorted(found, key=lambda each: each.amended is None)[:MOST]


def _strict(count: int) -> float:
    return NormalDist().inv_cdf(1 - 0.025 / max(count, 1))


# What sales names as missing becomes a condition.


def _required(seen: Seen, text: str, signals: list[Signal], z: float) -> Iterator[Suggestion]:
    known = {signal.clause: signal for signal in signals}
    for common in common_of(seen, COMMON):
        signal = known.get(common.reason.clause)
        if signal is None:
            continue
        pair = pair_of(seen, ACCEPTED, signal.name, z)
        if pair is None or not pair.lift.enough or pair.lift.low <= 1:
            continue
        words = {"signal": signal.title}
        yield Suggestion(
            id=f"require-{signal.name}",
            title=_("Hand over only leads with “%(signal)s”") % words,
            because=[common.words, _oftener(signal, pair)],
            then=_kept_back(pair),
            amended=with_requirement(text, signal.name.partition(".")[2]),
            clause=signal.clause,
            address=_records(seen, signal.name),
        )


def _oftener(signal: Signal, pair: Pair) -> str:
    words = {
        "signal": signal.title,
        "lift": "∞" if pair.lift.value is None else times(float(pair.lift.value)),
        "interval": interval_words(pair.lift),
        "with": percent(pair.counted.value),
        "without": percent(pair.other.value),
    }
    return (
        _(
            "Sales accepts %(with)s of the leads with “%(signal)s” and %(without)s of those without: %(lift)s as often "
            "(%(interval)s, held to the number of signals)."
        )
        % words
    )


def _kept_back(pair: Pair) -> str:
    words = {"whole": number(pair.other.denominator.count), "lost": number(pair.other.numerator.count)}
    return (
        _(
            "The draft keeps back those of whom it is known that they are not, unless they raise a hand: of this "
            "period at most %(whole)s, of which sales accepted %(lost)s."
        )
        % words
    )


# Points that the answers of sales do not bear.


def _halved(seen: Seen, text: str, signals: list[Signal], z: float) -> Iterator[Suggestion]:
    for signal in signals:
        pair = pair_of(seen, ACCEPTED, signal.name, z) if abs(signal.points) > 1 else None
        if pair is None or not pair.lift.enough:
            continue
        against = signal.points > 0 and pair.lift.high is not None and pair.lift.high < 1
        if not against and not (signal.points < 0 and pair.lift.low > 1):
            continue
        fewer = int(signal.points / 2)
        words = {"signal": signal.title, "points": number(signal.points), "fewer": number(fewer)}
        yield Suggestion(
            id=f"halve-{signal.name}",
            title=_("Count less for “%(signal)s”: %(fewer)s points instead of %(points)s") % words,
            because=[_oftener(signal, pair)],
            then=_(
                "Half, and not nothing: among leads that came past the bar, whoever had this needed less of the rest, "
                "which makes every signal look worse than it is."
            ),
            amended=with_points(text, signal.clause, fewer),
            clause=signal.clause,
            address=_records(seen, signal.name),
        )


def _records(seen: Seen, signal: str) -> str:
    return reverse("scoreboard_measure", kwargs={"name": ACCEPTED}) + seen.asking.query(split=signal)


# A source that is declined more than the others.


def _worst(seen: Seen) -> Iterator[Suggestion]:
    measure = seen.measure(ACCEPTED)
    if measure is None or not isinstance(measure.figure, Ratio) or "source" not in measure.splits:
        return
    parts = [part for part in measure.splits["source"] if part.word and isinstance(part.figure, Ratio)]
    whole, z = _rejected(measure.figure), _strict(len(parts))
    for part in parts:
        mine = _rejected(part.figure)
        rest = (whole[0] - mine[0], whole[1] - mine[1])
        lift = lift_between(mine, rest, z)
        if lift is None or lift.low <= 1 or lift.value is None or not (lift.enough or ahead(mine, rest) > 0):
            continue
        words = {
            "source": part.word,
            "share": percent(mine[0] / mine[1]),
            "rest": percent(rest[0] / rest[1]),
            "lift": times(float(lift.value)),
            "interval": interval_words(lift),
        }
        yield Suggestion(
            id=f"source-{part.word}",
            title=_("Look at what comes from %(source)s") % words,
            because=[
                _(
                    "Sales rejects %(share)s of what comes from %(source)s and %(rest)s of the rest: %(lift)s as "
                    "often (%(interval)s, held to the number of sources)."
                )
                % words
            ],
            then=what_then(seen.shown.version.contract, str(part.word)),
            amended=None,
            clause="",
            address=reverse("quality") + seen.asking.query(split="source"),
        )


def _rejected(figure: object) -> tuple[int, int]:
    """How many were rejected out of how many that sales decided on: what was ended later is no fault of the source."""
    if not isinstance(figure, Ratio):
        return 0, 0
    return figure.denominator.count - figure.numerator.count, figure.denominator.count


def what_then(contract: Contract, source: str) -> str:
    """What is left to do: a signal that turns on the source counts for it, or against it, already."""
    signals = contract.score.fit.signals.values()
    of_it, of_none = (attributes_of(contract, known) for known in ({"source": source}, {}))
    known = [each.title for each in signals if each.when.holds(of_it) != each.when.holds(of_none)]
    if not known:
        return _("No signal of the contract reads this source: what to spend there is decided elsewhere.")
    words = {"signal": known[0], "version": contract.version}
    return _("Version %(version)s reads the source: “%(signal)s”. Its effect shows with leads that came since.") % words
