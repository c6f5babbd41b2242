"""Handing over: routing, pools, reasons and what becomes of a lead that is declined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handfast.contract import document as doc
from handfast.contract.builtin import BAND_NAME, SCORE_NAMES
from handfast.contract.model import (
    Attribute,
    CalendarTerms,
    Nobody,
    Pool,
    Reason,
    ReasonKind,
    Recycle,
    Routing,
    Rule,
    ShareBy,
    Verb,
)
from handfast.contract.phrase import shown
from handfast.contract.resolve.names import NO_TIME, Ground, Known, words_of
from handfast.contract.terms import Attempts, Disposition, DispositionKind
from handfast.problem import Path

MANAGER = "manager"
"""Who takes over last; no pool may be called so."""

_CLOSE = Disposition(DispositionKind.CLOSE)


def pools(
    document: doc.Document, calendars: Mapping[str, CalendarTerms], default_calendar: str, ground: Ground
) -> Mapping[str, Pool]:
    """The pools with their calendars."""
    of_calendar = ground.known("calendar", calendars, ("calendars",))
    known = ground.known("pool", (*document.pools, MANAGER), ("pools",))
    return {
        name: _pool(name, pool, of_calendar, default_calendar, known, ground) for name, pool in document.pools.items()
    }


def _pool(name: str, pool: doc.Pool, calendars: Known, default_calendar: str, known: Known, ground: Ground) -> Pool:
    path: Path = ("pools", name)
    if name == MANAGER:
        ground.problems.add("reserved_name", path, "manager means the pool's manager; choose another name.")
    if pool.calendar is not None:
        calendars.has(pool.calendar, (*path, "calendar"), ground.problems)
    known.has(pool.nobody.then, (*path, "nobody", "then"), ground.problems)
    return Pool(
        name=name,
        calendar=pool.calendar or default_calendar,
        share=pool.share or ShareBy.BY_WEIGHT,
        nobody=Nobody(hold=pool.nobody.hold, then=pool.nobody.then),
        count_all=pool.count_all,
    )


def routing(
    written: doc.Routing, attributes: Mapping[str, Attribute], known: Mapping[str, Pool], ground: Ground
) -> Routing:
    """The rules, or the one pool as a single rule."""
    of_pool = ground.known("pool", known, ("pools",))
    if written.rules is not None:
        if written.to is not None:
            message = "With rules, the last of them says where the rest goes; a pool beside them is never used."
            ground.problems.add("two_ways", ("routing", "to"), message)
        names = {**attributes, **SCORE_NAMES, **BAND_NAME}
        rules = tuple(_rules(written.rules, names, of_pool, ground))
        return Routing(owner_first=written.owner_first, rules=rules)
    if written.to is not None:
        of_pool.has(written.to, ("routing", "to"), ground.problems)
    elif not ground.cuts.within(("routing",)) and not ground.cuts.within(("pools",)):
        allowed = "to: POOL, or rules: [{when: …, to: POOL}, {to: POOL}]"
        ground.problems.add("missing", ("routing", "to"), "Leads go nowhere: no pool is named.", allowed=allowed)
    return Routing(owner_first=written.owner_first, rules=(Rule(when=None, to=written.to or ""),))


def _rules(written: list[doc.Rule], names: Mapping[str, Attribute], pools: Known, ground: Ground) -> Iterator[Rule]:
    last = len(written) - 1
    for index, rule in enumerate(written):
        path: Path = ("routing", "rules", index)
        bare = rule.when is None and not ground.cuts.within(path)
        if bare and index < last:
            message = "A rule without a condition takes every lead, so those below are never reached."
            ground.problems.add("early_catch_all", path, message, allowed="a condition under when, or this rule last")
        if index == last and rule.when is not None:
            message = "The last rule has a condition: a lead that meets none goes nowhere."
            ground.problems.add("no_catch_all", (*path, "when"), message, allowed="a last rule with only to: POOL")
        if rule.to:
            pools.has(rule.to, (*path, "to"), ground.problems)
        yield Rule(when=ground.condition(rule.when, (*path, "when"), names), to=rule.to)


def reasons(document: doc.Document, ground: Ground) -> Mapping[str, Reason]:
    """The taxonomy of declining."""
    clauses = ground.known("clause", _clauses(document), ("score", "fit"), ("definitions",))
    return {name: _reason(name, reason, clauses, ground) for name, reason in document.reasons.items()}


def _clauses(document: doc.Document) -> Iterator[str]:
    """What a definitional reason may say is not met: clauses with a condition that data can contradict."""
    yield from (f"score.fit.signals.{name}" for name in document.score.fit.signals)
    yield "definitions.mql"
    if document.definitions.icp is not None:
        yield "definitions.icp"


def _reason(name: str, reason: doc.Reason, clauses: Known, ground: Ground) -> Reason:
    path: Path = ("reasons", name)
    verb = reason.verb or Verb.EITHER
    if reason.verb is not None:
        _check_verb(reason, verb, path, ground)
        _check_kind(reason, verb, clauses, path, ground)
    needs = reason.needs
    return Reason(
        name=name,
        title=reason.title or words_of(name),
        verb=verb,
        kind=reason.kind,
        clause=reason.clause or "",
        credit=bool(reason.credit),
        needs=Attempts(needs.attempts, needs.spanning or NO_TIME) if needs else None,
        then=None if verb is Verb.RETURN else reason.then or _CLOSE,
    )


_ONLY: tuple[tuple[str, frozenset[Verb], str], ...] = (
    ("credit", frozenset((Verb.RETURN,)), "only a return can give the rep another lead"),
    ("needs", frozenset((Verb.DISQUALIFY,)), "only a disqualification can ask for attempts"),
    ("kind", frozenset((Verb.REJECT, Verb.DISQUALIFY, Verb.EITHER)), "a return says nothing about the lead"),
    ("then", frozenset((Verb.REJECT, Verb.DISQUALIFY, Verb.EITHER)), "after a return the lead lives on"),
)


def _check_verb(reason: doc.Reason, verb: Verb, path: Path, ground: Ground) -> None:
    """Keys that belong to other verbs."""
    for key, verbs, why in _ONLY:
        if getattr(reason, key) is not None and verb not in verbs:
            message = f"A reason with verb {verb} has no {key}: {why}."
            ground.problems.add("not_of_this_verb", (*path, key), message)


def _check_kind(reason: doc.Reason, verb: Verb, clauses: Known, path: Path, ground: Ground) -> None:
    """Kind and clause go together; a rejection says its kind, since that decides whether data can contradict it."""
    kind = reason.kind
    cut = ground.cuts.within
    if kind is None and verb in (Verb.REJECT, Verb.EITHER) and not cut((*path, "kind")):
        message = "'kind' is missing; a rejection says what is wrong."
        ground.problems.add("missing", (*path, "kind"), message, allowed=", ".join(ReasonKind))
    if kind is ReasonKind.DEFINITIONAL and reason.clause is None and not cut((*path, "clause")):
        message = "'clause' is missing; a definitional reason names the clause that is not met."
        ground.problems.add("missing", (*path, "clause"), message, allowed=", ".join(clauses.names[:40]))
    if reason.clause is None:
        return
    if kind is not ReasonKind.DEFINITIONAL and not cut((*path, "kind")):
        message = "Only a definitional reason names a clause; add kind: definitional, or leave the clause out."
        ground.problems.add("clause_without_kind", (*path, "clause"), message)
    _check_clause(reason.clause, clauses, (*path, "clause"), ground)


def _check_clause(clause: str, clauses: Known, path: Path, ground: Ground) -> None:
    if clause in ("definitions.sal", "definitions.sql"):
        message = f"{shown(clause)} has no condition on the lead's data, so nothing can be held against it."
        ground.problems.add("unknown_clause", path, message, allowed=", ".join(clauses.names[:40]))
        return
    clauses.has(clause, path, ground.problems)


def recycle(written: doc.Recycle) -> Recycle:
    """How a lead may come back."""
    return Recycle(cool_off=written.cool_off or NO_TIME, fresh_evidence=written.fresh_evidence)
