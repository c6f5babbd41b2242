"""Score and definitions of a contract: what is judged, with every condition typed."""

from __future__ import annotations

from collections.abc import Mapping

from handfast.condition import All, Condition
from handfast.condition.value import Names
from handfast.contract import document as doc
from handfast.contract.builtin import SCORE_NAMES
from handfast.contract.model import (
    ActivityType,
    Attribute,
    BehaviourGroup,
    BehaviourSignal,
    Definitions,
    Disqualifier,
    Evidence,
    FitGroup,
    FitSignal,
    HandRaise,
    IcpDefinition,
    MqlDefinition,
    SalDefinition,
    Score,
    SqlDefinition,
)
from handfast.contract.resolve.names import Ground, words_of
from handfast.problem import Path

_ALWAYS = All(())  # stands for a condition that was refused

Attributes = Mapping[str, Attribute]
Activities = Mapping[str, ActivityType]


def score(written: doc.Score, attributes: Attributes, activities: Activities, ground: Ground) -> Score:
    """Both groups with their signals."""
    _check_limits(written.fit, ("score", "fit"), ground)
    _check_limits(written.behaviour, ("score", "behaviour"), ground)
    fit = {
        name: FitSignal(
            name=name,
            title=signal.title or words_of(name),
            when=_needed(signal.when, ("score", "fit", "signals", name, "when"), attributes, ground),
            points=signal.points,
        )
        for name, signal in written.fit.signals.items()
    }
    behaviour = {
        name: _behaviour_signal(name, signal, activities, ground) for name, signal in written.behaviour.signals.items()
    }
    return Score(
        fit=FitGroup(signals=fit, at_most=written.fit.at_most, at_least=written.fit.at_least),
        behaviour=BehaviourGroup(
            signals=behaviour, at_most=written.behaviour.at_most, at_least=written.behaviour.at_least
        ),
        warm=written.bands.warm,
    )


def _check_limits(group: doc.FitGroup | doc.BehaviourGroup, path: Path, ground: Ground) -> None:
    low, high = group.at_least, group.at_most
    if low is not None and high is not None and low > high:
        message = f"at_least ({low}) is above at_most ({high}); no score lies between them."
        ground.problems.add("range_reversed", (*path, "at_least"), message)


def _behaviour_signal(
    name: str, signal: doc.BehaviourSignal, activities: Activities, ground: Ground
) -> BehaviourSignal:
    path: Path = ("score", "behaviour", "signals", name)
    properties = _properties(signal.on, activities, (*path, "on"), ground)
    ages = [key for key in ("fades", "expires") if getattr(signal, key) is not None]
    if ages and signal.most_recent is None and not ground.cuts.within((*path, "most_recent")):
        message = f"A signal that {ages[0]} needs most_recent: how many of the latest activities count."
        ground.problems.add("missing", (*path, "most_recent"), message, allowed="1 to 100")
    when = None if properties is None else ground.condition(signal.when, (*path, "when"), properties)
    return BehaviourSignal(
        name=name,
        title=signal.title or words_of(name),
        on=signal.on,
        when=when,
        points=signal.points,
        most_recent=signal.most_recent,
        expires=signal.expires.amount if signal.expires else None,
        fades=signal.fades,
    )


def _properties(activity: str, activities: Activities, path: Path, ground: Ground) -> Attributes | None:
    """The properties of an activity; None when there is no such activity, which is said, or none was given."""
    if activity and ground.known("activity", activities, ("activities",)).has(activity, path, ground.problems):
        return activities[activity].properties
    return None


def _needed(raw: object, path: Path, names: Names, ground: Ground) -> Condition:
    return ground.condition(raw, path, names) or _ALWAYS


def definitions(
    written: doc.Definitions,
    attributes: Attributes,
    activities: Activities,
    evidence: Mapping[str, Evidence],
    ground: Ground,
) -> Definitions:
    """ICP, MQL, SAL and SQL."""
    names = {**attributes, **SCORE_NAMES}
    needs = ground.known("evidence", evidence, ("evidence",))
    ground.different(written.sql.needs, ("definitions", "sql", "needs"))
    for index, name in enumerate(written.sql.needs):
        needs.has(name, ("definitions", "sql", "needs", index), ground.problems)
    return Definitions(
        icp=_icp(written.icp, names, ground),
        mql=_mql(written.mql, names, activities, ground),
        sal=SalDefinition(title=written.sal.title, means=written.sal.means),
        sql=SqlDefinition(title=written.sql.title, needs=tuple(written.sql.needs)),
    )


def _icp(written: doc.Icp | None, names: Attributes, ground: Ground) -> IcpDefinition | None:
    if written is None:
        return None
    return IcpDefinition(
        title=written.title,
        when=_needed(written.when, ("definitions", "icp", "when"), names, ground),
        reference=written.reference,
        reviewed_on=written.reviewed_on,
    )


def _mql(written: doc.Mql, names: Attributes, activities: Activities, ground: Ground) -> MqlDefinition:
    path: Path = ("definitions", "mql")
    return MqlDefinition(
        title=written.title,
        when=_needed(written.when, (*path, "when"), names, ground),
        hand_raise=_hand_raise(written.hand_raise, (*path, "hand_raise"), names, activities, ground),
        unless={
            name: Disqualifier(
                name=name,
                title=entry.title or words_of(name),
                when=_needed(entry.when, (*path, "unless", name, "when"), names, ground),
                except_hand_raise=entry.except_ is not None,
            )
            for name, entry in written.unless.items()
        },
        reference=written.reference,
        reviewed_on=written.reviewed_on,
    )


def _hand_raise(
    written: doc.HandRaise | None, path: Path, names: Attributes, activities: Activities, ground: Ground
) -> HandRaise | None:
    """Conditions on a hand-raise read the activity's properties first: they hide attributes of the same name."""
    if written is None:
        return None
    properties = _properties(written.on, activities, (*path, "on"), ground)
    if properties is None:
        return HandRaise(on=written.on, when=None)
    when = ground.condition(written.when, (*path, "when"), {**names, **properties})
    return HandRaise(on=written.on, when=when)
