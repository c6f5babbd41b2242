"""Scores, bands and judgements of one lead, brought up to date fact by fact."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from handfast.changed import changed
from handfast.cycle.life import CycleState
from handfast.cycle.values import Act, Lead, Standing
from handfast.engine.effects import BandChanged, HeldByDisqualifier, Rescored
from handfast.engine.seen import JudgementSeen, ScoreSeen
from handfast.engine.terms import Version
from handfast.engine.turn import Turn
from handfast.instant import Instant
from handfast.qualify import Asked, Band, Judgement, LeadThen, band_of, hand_raise, values_of_lead
from handfast.score import Scored, ScoreState, fit_of
from handfast.verdict import Verdict


def governed(turn: Turn) -> tuple[Standing, Version] | None:
    """What the governing version makes of the lead, and that version; None before any.

    Counted anew when another version governs.
    """
    version = turn.governing
    if version is None:
        return None
    standing = turn.lead.standing
    if standing is None or standing.version != version.number:
        standing = counted(turn.lead, version)
        turn.know(standing=standing)
    return standing, version


def standing_of(turn: Turn) -> Standing | None:
    """The same without the version."""
    found = governed(turn)
    return None if found is None else found[0]


def counted(lead: Lead, version: Version) -> Standing:
    """A lead's standing under a version, from everything that is known of it."""
    values = version.values_of(lead.known)
    fit = fit_of(version.table, values)
    score, fresh = ScoreState(version.table), _fresh_start(lead, version)
    standing = Standing(
        version=version.number,
        values=values,
        fit=fit,
        score=score,
        fresh=fresh,
        asked=(),
    )
    for act in lead.acts:
        standing = _with_act(standing, act, lead, version, shared=False)
    return standing


def _fresh_start(lead: Lead, version: Version) -> ScoreState | None:
    """With ``fresh_evidence`` only behaviour that happened after the end of the last cycle counts for the bar."""
    needed = lead.fresh_from is not None and version.contract.recycle.fresh_evidence
    return ScoreState(version.table) if needed else None


def _with_act(standing: Standing, act: Act, lead: Lead, version: Version, *, shared: bool) -> Standing:
    """The standing after one activity more; states that others may still see are copied before they change."""
    properties = version.properties_of(act.kind, act.properties)
    if properties is None:
        return standing
    stale = lead.fresh_from is not None and act.happened_at <= lead.fresh_from
    signals = version.table.matching(act.kind, properties)
    score, fresh = standing.score, standing.fresh
    if signals:
        score = _added(score, signals, act.happened_at, shared=shared)
        if fresh is not None and not stale:
            fresh = _added(fresh, signals, act.happened_at, shared=shared)
    asked = standing.asked
    if act.kind == version.asks_on and not stale:
        asked = _latest(asked, Asked(happened_at=act.happened_at, properties=properties, loaded=act.loaded))
    elif not signals:
        return standing
    return changed(standing, score=score, fresh=fresh, asked=asked)


def _added(state: ScoreState, signals: Iterable[int], at: Instant, *, shared: bool) -> ScoreState:
    state = state.copy() if shared else state
    state.add(signals, at)
    return state


def _latest(asked: tuple[Asked, ...], one: Asked) -> tuple[Asked, ...]:
    """Of activities with equal properties, such as a form posted three times, the latest is the one that matters."""
    alike = one.properties, one.loaded
    same = next((each for each in asked if (each.properties, each.loaded) == alike), None)
    if same is None:
        return (*asked, one)
    if same.happened_at >= one.happened_at:
        return asked
    return (*(each for each in asked if each is not same), one)


def then(lead: Lead, standing: Standing, now: Instant, *, loaded: bool = False) -> LeadThen:
    """The lead as the bar sees it; ``loaded`` as for ``_pending``."""
    counting = standing.score if standing.fresh is None else standing.fresh
    scored = counting.score(standing.fit, now)
    asked = _pending(standing, loaded=loaded)
    return LeadThen(attributes=standing.values, score=scored, asked=asked, known_since=lead.known_since)


def _pending(standing: Standing, *, loaded: bool) -> tuple[Asked, ...]:
    """What may be a hand-raise. One in history that was ``loaded`` is pending for marketing's release alone."""
    asked = standing.asked
    return asked if loaded or not asked else tuple([each for each in asked if not each.loaded])


def with_act(turn: Turn, act: Act) -> None:
    """Take one activity into the log and the score."""
    found, acts = governed(turn), turn.lead.acts.appended(act)
    if found is None:
        turn.know(acts=acts)
        return
    standing, version = found
    turn.know(acts=acts, standing=_with_act(standing, act, turn.lead, version, shared=True))


def with_known(turn: Turn) -> None:
    """Type and weigh the attributes again after they changed."""
    found = governed(turn)
    if found is not None:
        standing, version = found
        values = version.values_of(turn.lead.known)
        turn.know(standing=changed(standing, values=values, fit=fit_of(version.table, values)))


def other_values(turn: Turn, before: Standing | None) -> bool:
    """Whether attributes that the governing version reads have other values than ``before``, which is of this step."""
    after = standing_of(turn)
    return before is not None and after is not None and after.values != before.values


def rejudged(turn: Turn, *, loaded: bool = False) -> Judgement | None:
    """Score and judge the lead as it is now, tell what changed, and hand the judgement on; None before any version.

    A judgement qualifies nobody by itself: see ``engine.deliver``. ``loaded``: as for ``_pending``.
    """
    found = governed(turn)
    if found is None:
        return None
    standing, version = found
    lead, now = turn.lead, turn.now
    fit = standing.fit
    counting = scored = Scored(fit, standing.score.behaviour(now))
    if standing.fresh is not None:
        counting = Scored(fit, standing.fresh.behaviour(now))
    seen = LeadThen(standing.values, counting, _pending(standing, loaded=loaded), lead.known_since)
    verdict = verdict_on(lead, version, seen)
    judgement = verdict.judgement
    band = judgement.band if counting is scored else band_of(version.contract, scored, bar=judgement.bar)
    _tell_score(turn, scored, band, verdict)
    number = version.number
    turn.trace += partial(ScoreSeen.of, standing, band, now), partial(JudgementSeen, number, seen, judgement)
    return judgement


def judgement_of(turn: Turn, version: Version, seen: LeadThen) -> Judgement:
    """The judgement of the lead as it is seen; its verdict is kept, so that nobody asks again while it stands."""
    verdict = verdict_on(turn.lead, version, seen)
    turn.know(verdict=verdict)
    return verdict.judgement


def verdict_on(lead: Lead, version: Version, seen: LeadThen) -> Verdict:
    """The verdict on a lead as it is seen: the last one while it stands, else a new one."""
    last = lead.verdict
    if last is not None and last.stands(seen.attributes, seen.known_since, seen.asked, seen.score.behaviour):
        return last
    return Verdict.on(version.contract, version.edges, seen)


def _tell_score(turn: Turn, scored: Scored, band: Band, verdict: Verdict) -> None:
    lead = turn.lead
    if scored == lead.scored and band is lead.band and verdict is lead.verdict:
        return
    if scored != lead.scored:
        turn.tell(Rescored, turn.named("score"), score=scored)
    if band is not lead.band:
        turn.tell(BandChanged, turn.named("band"), before=lead.band, after=band)
    turn.know(scored=scored, band=band, verdict=verdict)


def held(turn: Turn, held_by: tuple[str, ...]) -> None:
    """Count a lead that only a disqualifier keeps out, so that no good lead is lost silently."""
    cycle = turn.lead.cycle
    if cycle is None or cycle.state is not CycleState.OPEN or cycle.held_by == held_by:
        return
    turn.put(held_by=held_by)
    if held_by:
        turn.tell(HeldByDisqualifier, turn.named("held"), cycle=cycle.id, disqualifiers=held_by)


def raised_by(turn: Turn, act: Act) -> bool:
    """Whether one activity is a hand-raise under the governing version, as the lead is known now."""
    found = governed(turn)
    if found is None or act.kind != found[1].asks_on:
        return False
    standing, version = found
    asked = Asked(happened_at=act.happened_at, properties=version.properties_of(act.kind, act.properties) or {})
    seen = then(turn.lead, standing, turn.now)._replace(asked=(asked,))
    return hand_raise(version.contract, seen, values_of_lead(seen)) is not None
