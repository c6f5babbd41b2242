"""Which words speak of which place of a contract that changed.

Keys are paths of the model, ``*`` for any key. A place that is not listed is told in general terms by
``handfast.contract.diff``, so that nothing is ever silent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from handfast.contract.english import changes, clauses, promises, values
from handfast.contract.english.difference import (
    Describer,
    InWords,
    Seen,
    condition,
    entry,
    less_time,
    members,
    now,
    row,
    switch,
)
from handfast.contract.model import Contract
from handfast.contract.terms import PerPeriod

_STAYS = "what is recorded already stays, but nothing asks for it any more"
_LEADS_WAIT = "leads waiting in it stay under the version that qualified them: keep its roster until they are decided"
_IN_USE = "open handoffs may still be declined with it under their own version, and reports go on showing it"
_KEPT_OUT = "leads it kept out are judged without it when something about them changes"
_PERIODS = "days, months and quarters begin at other instants from then on"
_RUNNING = "clocks that run already keep their due"


# Values in words.


def _plain(words: Callable[[Any], str]) -> InWords:
    return lambda _, value: words(value)


_text = _plain(str)
_quoted = _plain(lambda value: f'"{value}"')
_number = _plain(values.decimal)
_points = _plain(clauses.points)
_duration = _plain(values.duration)
_span = _plain(values.spell_span)
_share = _plain(values.share)
_date = _plain(values.day)


def _moment(contract: Contract, value: int) -> str:
    return values.moment(value, contract.zone)


def _money(contract: Contract, value: Decimal) -> str:
    return values.money(value, contract.currency)


def _pipeline(contract: Contract, value: PerPeriod) -> str:
    return values.per_period(value, contract.currency)


# Labels.


def _title(depth: int, after: str = "") -> Callable[[Seen], str]:
    """The title of the entry at the first parts of the path, and what follows it."""
    return lambda seen: f"{seen.entry(depth).title}{after}"


def _signal(after: str = "") -> Callable[[Seen], str]:
    return _title(4, after)


def _reason(after: str = "") -> Callable[[Seen], str]:
    """A reason by its title, in quotes."""
    return lambda seen: f'"{seen.entry(2).title}"{after}'


def _evidence(contract: Contract, name: str) -> str:
    known = contract.evidence.get(name)
    return f'"{known.title if known is not None else name}"'


def _activity(seen: Seen) -> str:
    """The activity of a behaviour signal or of the hand-raise around the place."""
    return str(seen.entry(len(seen.path) - 1).on)


_AGREEMENT: dict[str, Describer] = {
    "name": row("name of the contract:", _quoted),
    "version": row("version", _number),
    "effective_from": row("governs from", _moment),
    "zone": row("periods are cut in the zone", _text, care=_PERIODS),
    "fiscal_year_starts": row(
        "the fiscal year starts in", _plain(lambda month: values.MONTH_NAMES[month - 1]), care=_PERIODS
    ),
    "currency": row("currency", _text, care="amounts are not converted"),
    "parties.*.name": row("who signs for {key}:", _text),
    "parties.*.email": row("the address of who signs for {key}:", _text),
    "parties.*.deputies": members("the list of deputies for {key}"),
}

_RECORDS: dict[str, Describer] = {
    "attributes.*": entry("attribute", _plain(clauses.attribute), care=_STAYS),
    "attributes.*.type": row("{spoken} is recorded as", _plain(clauses.type_words)),
    "attributes.*.one_of": members("the list of choices of {spoken}"),
    "attributes.*.title": row("title of {spoken}:", _quoted),
    "activities.*": entry("activity", _plain(clauses.activity), care=_STAYS),
    "activities.*.properties.*.type": row(
        lambda seen: f"{clauses.thing(seen.key())}: {seen.path[-2]} is recorded as", _plain(clauses.type_words)
    ),
    "activities.*.properties.*": entry("property of an activity", _plain(clauses.attribute), care=_STAYS),
    "evidence.*": entry("evidence", _plain(clauses.evidence), care=_STAYS),
    "evidence.*.type": row("the evidence {spoken} is recorded as", _plain(clauses.type_words)),
    "evidence.*.title": row("title of the evidence {spoken}:", _quoted),
    "evidence.*.one_of": members("the list of choices of the evidence {spoken}"),
}

_CALENDARS: dict[str, Describer] = {
    "calendars.*": entry("", _plain(clauses.calendar), care=_RUNNING),
    "calendars.*.zone": row("the calendar {key} keeps the time of", _text, care=_RUNNING),
    "calendars.*.hours": changes.hours,
    "calendars.*.holidays": row(
        "the calendar {key} is closed on the holidays of", _plain(lambda region: region or "nowhere")
    ),
    "calendars.*.exceptions.*": changes.exception,
    "default_calendar": row("the calendar where no pool says otherwise:", _text, care=_RUNNING),
    "lists.*": changes.word_list,
}

_SCORE: dict[str, Describer] = {
    "score.fit.signals.*": entry("fit signal", clauses.fit_signal),
    "score.fit.signals.*.title": row("title of the signal:", _quoted),
    "score.fit.signals.*.when": condition(_signal(" counts")),
    "score.fit.signals.*.points": row(_signal(":"), _points),
    "score.behaviour.signals.*": entry("behaviour signal", clauses.behaviour_signal),
    "score.behaviour.signals.*.title": row("title of the signal:", _quoted),
    "score.behaviour.signals.*.on": row(_signal(" counts each"), _plain(clauses.thing)),
    "score.behaviour.signals.*.when": condition(_signal(" counts"), activity=_activity),
    "score.behaviour.signals.*.points": row(_signal(":"), _points),
    "score.behaviour.signals.*.most_recent": row(_signal(": how many of the most recent count"), _number, none="all"),
    "score.behaviour.signals.*.expires": row(_signal(" expires after"), _span, none="no time, it stays"),
    "score.behaviour.signals.*.fades": row(_signal(" fades by"), _plain(clauses.fading), none="nothing"),
    "score.warm": row("a lead is warm from", _points, none="no bar"),
} | {
    f"score.{group}.{limit}": row(f"{group} counts {words}", _points, none="any number of points")
    for group in ("fit", "behaviour")
    for limit, words in (("at_most", "at most"), ("at_least", "at least"))
}

_DEFINITIONS: dict[str, Describer] = {
    "definitions.icp": entry("definition of the ideal customer", clauses.icp),
    "definitions.icp.title": row("title of the ideal customer:", _quoted),
    "definitions.icp.when": condition("a lead is an ideal customer", "ideal customer bar"),
    "definitions.mql.title": row("title of the MQL:", _quoted),
    "definitions.mql.when": condition("a lead is an MQL", "MQL bar"),
    "definitions.mql.hand_raise": entry("hand-raise", clauses.hand_raise),
    "definitions.mql.hand_raise.on": row("what raises a hand:", _plain(clauses.thing)),
    "definitions.mql.hand_raise.when": condition("the hand-raise counts", activity=_activity),
    "definitions.mql.unless.*": entry("disqualifier", clauses.disqualifier, care=_KEPT_OUT),
    "definitions.mql.unless.*.title": row("title of the disqualifier:", _quoted),
    "definitions.mql.unless.*.when": condition(_title(4, ": no lead qualifies")),
    "definitions.mql.unless.*.except_hand_raise": switch(
        _title(4, ": a hand-raise that is not older now outranks it"), _title(4, ": a hand-raise no longer outranks it")
    ),
    "definitions.sal.title": row("title of the SAL:", _quoted),
    "definitions.sal.means": row("what accepting means:", _quoted),
    "definitions.sql.title": row("title of the SQL:", _quoted),
    "definitions.sql.needs": members("the evidence that makes an SQL", _evidence),
} | {
    f"definitions.{name}.{key}": row(f"the {title} was {words}", shown, none="never")
    for name, title in (("icp", "ideal customer"), ("mql", "MQL"))
    for key, words, shown in (("reference", "agreed in", _quoted), ("reviewed_on", "last reviewed on", _date))
}

_ROUTING: dict[str, Describer] = {
    "routing.owner_first": switch("the owner of a lead's account comes first", "account owners no longer come first"),
    "routing.rules": changes.rules,
    "pools.*": entry("", _plain(clauses.pool), care=_LEADS_WAIT),
    "pools.*.calendar": row("the pool {key} keeps the hours of", _text, care=_RUNNING),
    "pools.*.share": now("the pool {key}", _plain(clauses.shares)),
    "pools.*.nobody.hold": row("the pool {key} holds a lead that nobody can take for", _duration, none="no time"),
    "pools.*.nobody.then": row("a lead that nobody in {key} can take goes to", _plain(clauses.receiver)),
    "pools.*.count_all": switch(
        "the pool {key} counts account owners' and manual leads too",
        "the pool {key} no longer counts account owners' and manual leads",
    ),
}

_CLOCKS: dict[str, Describer] = {
    "clocks.*.within": row("{spoken}", _duration, effect=less_time),
    "clocks.*.within_hand_raise": changes.after_hand_raise,
    "clocks.*.escalate": changes.escalation,
}

_REASONS: dict[str, Describer] = {
    "reasons.*": entry("reason", promises.reason, care=_IN_USE),
    "reasons.*.title": row("title of the reason {spoken}:", _quoted),
    "reasons.*.verb": row(_reason(" lets sales"), _plain(promises.verb)),
    "reasons.*.kind": row(_reason(" is"), _text, none="of no kind"),
    "reasons.*.clause": row(_reason(" is checked against"), _plain(lambda clause: clause or "nothing")),
    "reasons.*.credit": switch(
        _reason(" now credits the owner's turn"), _reason(" no longer credits the owner's turn")
    ),
    "reasons.*.needs": row(_reason(" asks for"), _plain(values.attempts), none="no attempts"),
    "reasons.*.then": now(_reason(), _plain(values.disposition), none="is routed again"),
    "recycle.cool_off": row("cool-off", _duration),
    "recycle.fresh_evidence": switch(
        "a lead comes back on fresh evidence only", "a lead may come back on what it did before"
    ),
}

_COMMITMENTS: dict[str, Describer] = {
    "marketing.mql": row("MQLs promised:", _plain(values.per_period), effect=changes.in_a_year),
    "marketing.icp_required": switch("only MQLs that fit the ideal customer count", "every MQL counts, ideal or not"),
    "marketing.at_most": row("at most so many MQLs:", _plain(values.per_period), none="no limit"),
    "marketing.sourced_pipeline": row("pipeline that marketing sources:", _pipeline, effect=changes.in_a_year),
    "marketing.accepts_shortfall": switch(
        "both sides accept promising less than the plan needs", "promising less than the plan needs is not accepted"
    ),
    "sales.first_touch": row("leads touched in time:", _share),
    "sales.excused_left_out": switch("excused breaches are left out", "excused breaches count"),
    "sales.worked": row("leads worked:", _share),
    "sales.attempts": row("attempts on a lead not reached:", _plain(promises.at_least)),
}

_PLAN: dict[str, Describer] = {
    "targets.rates.*": row(
        lambda seen: promises.rate_of(seen.path[-1]), _share, none="no target", effect=changes.needs_mqls
    ),
    "targets.cycle_length": row("from MQL to won:", _duration, none="no target"),
    "revenue": entry("revenue target", lambda contract, value: promises.revenue(contract, value)["target"]),
    "revenue.target": row("revenue target", _money, effect=changes.needs_mqls),
    "revenue.period": row("the revenue target is for", _text, effect=changes.needs_mqls),
    "revenue.average_deal": row("average deal", _money, effect=changes.needs_mqls),
    "revenue.from_marketing": row("share of revenue through marketing:", _share, effect=changes.needs_mqls),
    "revenue.number": row("which deals count:", _plain(promises.counts)),
    "revenue.stakes.*": row(
        lambda seen: f"{promises.possessive(seen.path[-1])} variable pay that rides on the number:", _share
    ),
    "stages": row("stages of the plan:", _plain(promises.chain)),
}

_CREDIT: dict[str, Describer] = {
    "attribution.sourced": row("a deal is sourced by", _plain(promises.sourced)),
    "attribution.influence_window": row("marketing influences a deal for", _duration),
    "attribution.eligible": members("the list of eligible activities", _plain(clauses.thing)),
    "attribution.sales_sources": members("the list of sources that count as sales"),
    "attribution.partner_sources": members("the list of sources that count as partner"),
    "reviews.*": entry("review", _plain(promises.review)),
    "reviews.*.title": row("title of the {key} review:", _quoted),
    "reviews.*.held": now("the {key} review is", _plain(lambda held: f"held {values.held(held)}")),
    "examples": changes.examples,
}

TABLE: Mapping[str, Describer] = {
    **_AGREEMENT,
    **_RECORDS,
    **_CALENDARS,
    **_SCORE,
    **_DEFINITIONS,
    **_ROUTING,
    **_CLOCKS,
    **_REASONS,
    **_COMMITMENTS,
    **_PLAN,
    **_CREDIT,
}
