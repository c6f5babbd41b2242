"""Which words speak of which place of a contract that changed.

Keys are paths of the model, ``*`` for any key. A place that is not listed is told in general terms by
``handfast.contract.diff``, so that nothing is ever silent.
"""

from __future__ import annotations

from collections.abc import Mapping

from handfast.contract.english import changes, clauses, names, owed, promises, values
from handfast.contract.english.difference import (
    Describer,
    condition,
    entry,
    labelled,
    less_time,
    members,
    now,
    row,
    switch,
)
from handfast.contract.english.labels import (
    activity_of,
    as_date,
    as_duration,
    as_moment,
    as_money,
    as_number,
    as_pipeline,
    as_points,
    as_share,
    as_span,
    as_text,
    as_title,
    of_clock,
    of_reason,
    of_side,
    of_signal,
    plain,
    titled,
)
from handfast.wording import worded

_STAYS = worded("what is recorded already stays, but nothing asks for it any more")
_LEADS_WAIT = worded(
    "leads waiting in it stay under the version that qualified them: keep its roster until they are decided"
)
_IN_USE = worded("open handoffs may still be declined with it under their own version, and reports go on showing it")
_KEPT_OUT = worded("leads it kept out are judged without it when something about them changes")
_PERIODS = worded("days, months and quarters begin at other instants from then on")
_RUNNING = worded("clocks that run already keep their due")

_AGREEMENT: dict[str, Describer] = {
    "name": row("name of the contract:", as_title),
    "version": row("version", as_number),
    "effective_from": row("governs from", as_moment),
    "zone": row("periods are cut in the zone", as_text, care=_PERIODS),
    "fiscal_year_starts": row(
        "the fiscal year starts in", plain(lambda month: values.MONTH_NAMES[month - 1]), care=_PERIODS
    ),
    "currency": row("currency", as_text, care=worded("amounts are not converted")),
    "parties.*.name": row(of_side("who signs for {side}:"), as_text),
    "parties.*.email": row(of_side("the address of who signs for {side}:"), as_text),
    "parties.*.deputies": members(of_side("the list of deputies for {side}")),
}

_RECORDS: dict[str, Describer] = {
    "attributes.*": entry("new attribute: {said}", "attribute dropped: {said}", plain(clauses.attribute), care=_STAYS),
    "attributes.*.type": row("{spoken} is recorded as", plain(names.type_words)),
    "attributes.*.one_of": members("the list of choices of {spoken}"),
    "attributes.*.title": row("title of {spoken}:", as_title),
    "activities.*": entry("new activity: {said}", "activity dropped: {said}", plain(clauses.activity), care=_STAYS),
    "activities.*.properties.*.type": row(
        lambda seen: worded(
            "{activity}: {property} is recorded as", activity=names.thing(seen.key()), property=str(seen.path[-2])
        ),
        plain(names.type_words),
    ),
    "activities.*.properties.*": entry(
        "new property of an activity: {said}",
        "property of an activity dropped: {said}",
        plain(clauses.attribute),
        care=_STAYS,
    ),
    "evidence.*": entry("new evidence: {said}", "evidence dropped: {said}", plain(clauses.evidence), care=_STAYS),
    "evidence.*.type": row("the evidence {spoken} is recorded as", plain(names.type_words)),
    "evidence.*.title": row("title of the evidence {spoken}:", as_title),
    "evidence.*.one_of": members("the list of choices of the evidence {spoken}"),
}

_CALENDARS: dict[str, Describer] = {
    "calendars.*": entry("new: {said}", "dropped: {said}", plain(clauses.calendar), care=_RUNNING),
    "calendars.*.zone": row("the calendar {key} keeps the time of", as_text, care=_RUNNING),
    "calendars.*.hours": changes.hours,
    "calendars.*.holidays": row(
        "the calendar {key} is closed on the holidays of", plain(lambda region: region or worded("nowhere"))
    ),
    "calendars.*.exceptions.*": changes.exception,
    "default_calendar": row("the calendar where no pool says otherwise:", as_text, care=_RUNNING),
    "lists.*": changes.word_list,
}

_SCORE: dict[str, Describer] = {
    "score.fit.signals.*": entry("new fit signal: {said}", "fit signal dropped: {said}", clauses.fit_signal),
    "score.fit.signals.*.title": row("title of the signal:", as_title),
    "score.fit.signals.*.when": condition(of_signal("{title} counts")),
    "score.fit.signals.*.points": row(of_signal("{title}:"), as_points),
    "score.behaviour.signals.*": entry(
        "new behaviour signal: {said}", "behaviour signal dropped: {said}", clauses.behaviour_signal
    ),
    "score.behaviour.signals.*.title": row("title of the signal:", as_title),
    "score.behaviour.signals.*.on": row(of_signal("{title} counts each"), plain(names.thing)),
    "score.behaviour.signals.*.when": condition(of_signal("{title} counts"), activity=activity_of),
    "score.behaviour.signals.*.points": row(of_signal("{title}:"), as_points),
    "score.behaviour.signals.*.most_recent": row(
        of_signal("{title}: how many of the most recent count"), as_number, none=worded("all")
    ),
    "score.behaviour.signals.*.expires": row(
        of_signal("{title} expires after"), as_span, none=worded("no time, it stays")
    ),
    "score.behaviour.signals.*.fades": row(
        of_signal("{title} fades by"), plain(clauses.fading), none=worded("nothing")
    ),
    "score.warm": row("a lead is warm from", as_points, none=worded("no bar")),
} | {
    f"score.{group}.{limit}": row(words, as_points, none=worded("any number of points"))
    for group, limit, words in (
        ("fit", "at_most", labelled("fit counts at most")),
        ("fit", "at_least", labelled("fit counts at least")),
        ("behaviour", "at_most", labelled("behaviour counts at most")),
        ("behaviour", "at_least", labelled("behaviour counts at least")),
    )
}

_DEFINITIONS: dict[str, Describer] = {
    "definitions.icp": entry(
        "new definition of the ideal customer: {said}", "definition of the ideal customer dropped: {said}", clauses.icp
    ),
    "definitions.icp.title": row("title of the ideal customer:", as_title),
    "definitions.icp.when": condition("a lead is an ideal customer", "ideal customer bar"),
    "definitions.mql.title": row("title of the MQL:", as_title),
    "definitions.mql.when": condition("a lead is an MQL", "MQL bar"),
    "definitions.mql.hand_raise": entry("new hand-raise: {said}", "hand-raise dropped: {said}", clauses.hand_raise),
    "definitions.mql.hand_raise.on": row("what raises a hand:", plain(names.thing)),
    "definitions.mql.hand_raise.when": condition("the hand-raise counts", activity=activity_of),
    "definitions.mql.unless.*": entry(
        "new disqualifier: {said}", "disqualifier dropped: {said}", clauses.disqualifier, care=_KEPT_OUT
    ),
    "definitions.mql.unless.*.title": row("title of the disqualifier:", as_title),
    "definitions.mql.unless.*.when": condition(titled(4, "{title}: no lead qualifies")),
    "definitions.mql.unless.*.except_hand_raise": switch(
        titled(4, "{title}: a hand-raise that is not older now outranks it"),
        titled(4, "{title}: a hand-raise no longer outranks it"),
    ),
    "definitions.sal.title": row("title of the SAL:", as_title),
    "definitions.sal.means": row("what accepting means:", as_title),
    "definitions.sql.title": row("title of the SQL:", as_title),
    "definitions.sql.needs": members("the evidence that makes an SQL", clauses.evidence_title),
} | {
    f"definitions.{name}.{key}": row(words, shown, none=worded("never"))
    for name, key, words, shown in (
        ("icp", "reference", labelled("the ideal customer was agreed in"), as_title),
        ("icp", "reviewed_on", labelled("the ideal customer was last reviewed on"), as_date),
        ("mql", "reference", labelled("the MQL was agreed in"), as_title),
        ("mql", "reviewed_on", labelled("the MQL was last reviewed on"), as_date),
    )
}

_ROUTING: dict[str, Describer] = {
    "routing.owner_first": switch("the owner of a lead's account comes first", "account owners no longer come first"),
    "routing.rules": changes.rules,
    "pools.*": entry("new: {said}", "dropped: {said}", plain(clauses.pool), care=_LEADS_WAIT),
    "pools.*.calendar": row("the pool {key} keeps the hours of", as_text, care=_RUNNING),
    "pools.*.share": now("the pool {key}", plain(clauses.shares)),
    "pools.*.nobody.hold": row(
        "the pool {key} holds a lead that nobody can take for", as_duration, none=worded("no time")
    ),
    "pools.*.nobody.then": row("a lead that nobody in {key} can take goes to", plain(clauses.receiver)),
    "pools.*.count_all": switch(
        "the pool {key} counts account owners' and manual leads too",
        "the pool {key} no longer counts account owners' and manual leads",
    ),
}

_CLOCKS: dict[str, Describer] = {
    "clocks.*.within": row(of_clock("{clock}"), as_duration, effect=less_time),
    "clocks.*.within_hand_raise": changes.after_hand_raise,
    "clocks.*.escalate": changes.escalation,
}

_REASONS: dict[str, Describer] = {
    "reasons.*": entry("new reason: {said}", "reason dropped: {said}", promises.reason, care=_IN_USE),
    "reasons.*.title": row("title of the reason {spoken}:", as_title),
    "reasons.*.verb": row(of_reason("{title} lets sales"), plain(promises.verb)),
    "reasons.*.kind": row(of_reason("{title} is"), plain(promises.kind_words), none=worded("of no kind")),
    "reasons.*.clause": row(of_reason("{title} is checked against"), plain(lambda clause: clause or worded("nothing"))),
    "reasons.*.credit": switch(
        of_reason("{title} now credits the owner's turn"), of_reason("{title} no longer credits the owner's turn")
    ),
    "reasons.*.needs": row(of_reason("{title} asks for"), plain(values.attempts), none=worded("no attempts")),
    "reasons.*.then": now(of_reason("{title}"), plain(values.disposition), none=worded("is routed again")),
    "recycle.cool_off": row("cool-off", as_duration),
    "recycle.fresh_evidence": switch(
        "a lead comes back on fresh evidence only", "a lead may come back on what it did before"
    ),
}

_COMMITMENTS: dict[str, Describer] = {
    "marketing.mql": row("MQLs promised:", plain(values.per_period), effect=changes.in_a_year),
    "marketing.icp_required": switch("only MQLs that fit the ideal customer count", "every MQL counts, ideal or not"),
    "marketing.at_most": row("at most so many MQLs:", plain(values.per_period), none=worded("no limit")),
    "marketing.sourced_pipeline": row("pipeline that marketing sources:", as_pipeline, effect=changes.in_a_year),
    "marketing.accepts_shortfall": switch(
        "both sides accept promising less than the plan needs", "promising less than the plan needs is not accepted"
    ),
    "sales.first_touch": row("leads touched in time:", as_share),
    "sales.excused_left_out": switch("excused breaches are left out", "excused breaches count"),
    "sales.worked": row("leads worked:", as_share),
    "sales.attempts": row("attempts on a lead not reached:", plain(owed.at_least)),
}

_PLAN: dict[str, Describer] = {
    "targets.rates.*": row(
        lambda seen: owed.rate_of(seen.path[-1]), as_share, none=worded("no target"), effect=changes.needs_mqls
    ),
    "targets.cycle_length": row("from MQL to won:", as_duration, none=worded("no target")),
    "revenue": entry(
        "new revenue target: {said}",
        "revenue target dropped: {said}",
        lambda contract, value: owed.revenue(contract, value)["target"],
    ),
    "revenue.target": row("revenue target", as_money, effect=changes.needs_mqls),
    "revenue.period": row("the revenue target is for", as_text, effect=changes.needs_mqls),
    "revenue.average_deal": row("average deal", as_money, effect=changes.needs_mqls),
    "revenue.from_marketing": row("share of revenue through marketing:", as_share, effect=changes.needs_mqls),
    "revenue.number": row("which deals count:", plain(owed.counts)),
    "revenue.stakes.*": row(
        lambda seen: worded("{whose} variable pay that rides on the number:", whose=owed.possessive(seen.path[-1])),
        as_share,
    ),
    "stages": row("stages of the plan:", plain(owed.chain)),
}

_CREDIT: dict[str, Describer] = {
    "attribution.sourced": row("a deal is sourced by", plain(owed.sourced)),
    "attribution.influence_window": row("marketing influences a deal for", as_duration),
    "attribution.eligible": members("the list of eligible activities", plain(names.thing)),
    "attribution.sales_sources": members("the list of sources that count as sales"),
    "attribution.partner_sources": members("the list of sources that count as partner"),
    "reviews.*": entry("new review: {said}", "review dropped: {said}", plain(owed.review)),
    "reviews.*.title": row("title of the {key} review:", as_title),
    "reviews.*.held": now("the {key} review is", plain(lambda held: worded("held {when}", when=values.held(held)))),
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
