"""The course of a lead's score: what it did, counted again up to one instant after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handfast.cycle.values import Act, Lead
from handfast.engine.terms import Version
from handfast.instant import Instant
from handfast.score import Scored, ScoreState, fit_of


def course(lead: Lead, version: Version, instants: Iterable[Instant]) -> list[tuple[Instant, Scored]]:
    """The score as of each instant, ascending, under one version, by what is known today.

    Every activity counts from when it happened, also one that was told later; attributes count as they are now.
    """
    fit = fit_of(version.table, version.values_of(lead.known))
    acts = _matching(lead, version)
    state, told, found = ScoreState(version.table), 0, []
    for at in sorted(set(instants)):
        while told < len(acts) and acts[told][0] <= at:
            state.add(acts[told][1], acts[told][0])
            told += 1
        found.append((at, state.score(fit, at)))
    return found


def _matching(lead: Lead, version: Version) -> list[tuple[Instant, Sequence[int]]]:
    """When something that scores happened, and for which signals, in order."""
    found = [(act.happened_at, _signals(act, version)) for act in lead.acts]
    return sorted((each for each in found if each[1]), key=lambda each: each[0])


def _signals(act: Act, version: Version) -> Sequence[int]:
    properties = version.properties_of(act.kind, act.properties)
    return () if properties is None else version.table.matching(act.kind, properties)
