"""What an example expects, held against what came out, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from handfast.contract.model import ClockName, Contract, Example
from handfast.example.outcome import Outcome
from handfast.instant import Instant, format_instant
from handfast.score import Side, points
from handfast.wording import series, worded

DUES = {
    "first_touch_due": ClockName.FIRST_TOUCH,
    "response_due": ClockName.RESPONSE,
    "decision_due": ClockName.DECISION,
}

NOTHING = worded("nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An expectation that does not hold."""

    key: str
    expected: str
    found: str
    because: str  # may be empty

    @property
    def words(self) -> str:
        """``expected 62, found 61 (fit 45 = …)``."""
        said = worded("expected {expected}, found {found}", expected=self.expected, found=self.found)
        return worded("{said} ({because})", said=said, because=self.because) if self.because else said

    def __str__(self) -> str:
        """The same under its key: ``total: expected …``."""
        return f"{self.key}: {self.words}"


def differences(contract: Contract, example: Example, outcome: Outcome) -> Iterator[Difference]:
    """What was expected and did not come out, in the order written. A lead without a due is never as expected."""
    for key, expected in example.expect.items():
        found = FOUND[key](outcome)
        if not (expected in found if isinstance(found, tuple) else expected == found):
            yield Difference(
                key=key,
                expected=_shown(contract, key, expected, outcome),
                found=_shown(contract, key, found, outcome),
                because=_because(contract, key, outcome),
            )
    if outcome.undue and not DUES.keys() & example.expect.keys():
        yield Difference(key="first_touch_due", expected=worded("an instant"), found=NOTHING, because=outcome.undue)


def _due(name: ClockName) -> Callable[[Outcome], Instant | None]:
    return lambda outcome: outcome.clocks[name].due_at if name in outcome.clocks else None


FOUND: Mapping[str, Callable[[Outcome], object]] = {
    "state": lambda outcome: outcome.state,
    "pool": lambda outcome: None if outcome.routed is None else outcome.routed.pool,
    **{key: _due(name) for key, name in DUES.items()},
    "fit": lambda outcome: points(outcome.score.fit),
    "behaviour": lambda outcome: points(outcome.score.behaviour),
    "total": lambda outcome: points(outcome.score.total),
    "band": lambda outcome: outcome.judgement.band.value,
    "icp": lambda outcome: outcome.judgement.icp,
    "hand_raise": lambda outcome: outcome.judgement.hand_raised,
    "held_by": lambda outcome: outcome.judgement.held_by if outcome.state == "open" else (),
}
"""What may be expected, and where it is found."""


def _shown(contract: Contract, key: str, value: object, outcome: Outcome) -> str:
    if value in {None, ()}:
        return NOTHING
    if key in DUES and isinstance(value, int):
        return format_instant(value, _zone(contract, key, outcome))
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _zone(contract: Contract, key: str, outcome: Outcome) -> str:
    """Dues are told in the zone of the calendar they were counted in."""
    running = outcome.clocks.get(DUES[key])
    return contract.zone if running is None else contract.calendars[running.calendar].zone


def _because(contract: Contract, key: str, outcome: Outcome) -> str:
    if key in DUES:
        return _why_due(contract, key, outcome)
    if key in {"fit", "behaviour"}:
        return _sum(outcome, Side(key))
    if key in {"total", "band", "icp"}:
        return series([_named_sum(outcome, side) for side in (Side.FIT, Side.BEHAVIOUR)], "{first}; {last}")
    if key == "pool" and outcome.routed is not None:
        return worded("rule {number} is the first that matches", number=str(outcome.routed.rule + 1))
    return _why_state(outcome)


def _why_due(contract: Contract, key: str, outcome: Outcome) -> str:
    running = outcome.clocks.get(DUES[key])
    if running is None:
        return outcome.undue or _why_state(outcome)
    start = format_instant(running.started_at, _zone(contract, key, outcome))
    known = {"window": str(running.window), "start": start, "calendar": running.calendar}
    return worded("{window} from {start}, calendar {calendar}", **known)


def _named_sum(outcome: Outcome, side: Side) -> str:
    value = str(points(outcome.score.fit if side is Side.FIT else outcome.score.behaviour))
    said = worded("fit {points}", points=value) if side is Side.FIT else worded("behaviour {points}", points=value)
    parts = _sum(outcome, side)
    return worded("{said} = {parts}", said=said, parts=parts) if parts else said


def _sum(outcome: Outcome, side: Side) -> str:
    """``target_industry 25 - free_mail 20``; limits by their own key."""
    text = ""
    for line in outcome.explanation.lines:
        if line.side is side and line.value:
            name, joint = line.clause.rpartition(".")[2], " - " if line.value < 0 else " + "
            text += f"{joint}{name} {points(abs(line.value))}" if text else f"{name} {points(line.value)}"
    return text


def _why_state(outcome: Outcome) -> str:
    judgement = outcome.judgement
    if outcome.state == "waiting":
        return worded("it was qualified")
    if judgement.held_by:
        return worded("held by {names}", names=", ".join(judgement.held_by))
    if judgement.bar or judgement.hand_raised:
        return worded("the bar holds only because time passed, which qualifies nobody")
    total = str(points(outcome.score.total))
    return worded("total {points}: the bar does not hold, and no hand was raised", points=total)
