"""A contract in plain English: sections of sentences, one a clause, each with the path of its clause.

The structure is what programs and pages are given; ``as_text`` is how a terminal shows it. Sentences are built in
``handfast.contract.english``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from handfast.contract.english import clauses, owed, promises
from handfast.contract.english.topics import Topic
from handfast.contract.english.values import MONTH_NAMES, duration, moment, sentence, share
from handfast.contract.model import Contract, MqlDefinition, PartyName
from handfast.wording import worded

Said = Iterator[tuple[str, str]]
"""Pairs of a dotted path and a phrase; phrases that are empty are left out."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One clause in English; ``path`` as clauses are cited, such as ``clocks.first_touch.within``."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences that belong together."""

    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole contract in English."""

    title: str
    sections: tuple[Section, ...]

    def as_data(self) -> dict[str, object]:
        """As plain data, for JSON."""
        return asdict(self)

    def as_text(self, width: int = 100) -> str:
        """As text: sections, a sentence a paragraph, its path in brackets at the end."""
        lines = [self.title, "=" * len(self.title)]
        for section in self.sections:
            lines += ["", section.title, "-" * len(section.title)]
            for each in section.sentences:
                lines += textwrap.wrap(f"{each.text} [{each.path}]", width, **_WRAP)
        return "\n".join(lines) + "\n"


_WRAP: dict[str, Any] = {"subsequent_indent": "  ", "break_long_words": False, "break_on_hyphens": False}


def explain(contract: Contract) -> Explanation:
    """Every clause of a contract in English, built-in attributes and activities left out."""
    sections = [
        Section(topic.value, tuple(Sentence(path, sentence(text)) for path, text in said(contract) if text))
        for topic, said in SECTIONS.items()
    ]
    title = worded("{name}, version {version}", name=contract.name, version=str(contract.version))
    return Explanation(title, tuple(section for section in sections if section.sentences))


def _agreement(contract: Contract) -> Said:
    begins = moment(contract.effective_from, contract.zone)
    yield (
        "effective_from",
        worded("this contract governs from {begins}, or from the last signature if that is later", begins=begins),
    )
    for name in PartyName:
        yield f"parties.{name}", clauses.party(name, contract.parties[name])
    yield "zone", worded("days, months, quarters and years are cut in the zone {zone}", zone=contract.zone)
    starts = MONTH_NAMES[contract.fiscal_year_starts - 1]
    yield "fiscal_year_starts", worded("the fiscal year starts in {month}", month=starts)
    yield "currency", worded("amounts are in {currency}", currency=contract.currency)


def _definitions(contract: Contract) -> Said:
    terms = contract.definitions
    if terms.icp is not None:
        yield "definitions.icp.when", clauses.icp(contract, terms.icp)
        yield "definitions.icp.reference", clauses.reviewed(terms.icp)
    yield "definitions.mql.when", clauses.mql(contract, terms.mql)
    yield from _exceptions(contract, terms.mql)
    yield "definitions.mql.reference", clauses.reviewed(terms.mql)
    yield "definitions.sal", clauses.sal(terms.sal)
    yield "definitions.sql.needs", clauses.needs(contract, terms.sql)


def _exceptions(contract: Contract, terms: MqlDefinition) -> Said:
    if terms.hand_raise is not None:
        yield "definitions.mql.hand_raise", clauses.hand_raise(contract, terms.hand_raise)
    for name, unless in terms.unless.items():
        yield f"definitions.mql.unless.{name}", clauses.disqualifier(contract, unless)


def _fit(contract: Contract) -> Said:
    group = contract.score.fit
    for name, signal in group.signals.items():
        yield f"score.fit.signals.{name}", clauses.fit_signal(contract, signal)
    yield from _limits("fit", group.at_least, group.at_most)


def _behaviour(contract: Contract) -> Said:
    group = contract.score.behaviour
    for name, signal in group.signals.items():
        yield f"score.behaviour.signals.{name}", clauses.behaviour_signal(contract, signal)
    yield from _limits("behaviour", group.at_least, group.at_most)
    if contract.score.warm is not None:
        yield "score.bands.warm", clauses.warm(contract.score.warm)


def _limits(group: str, at_least: int | None, at_most: int | None) -> Said:
    if at_most is not None:
        yield (
            f"score.{group}.at_most",
            worded("together these count for at most {points}", points=clauses.points(at_most)),
        )
    if at_least is not None:
        yield f"score.{group}.at_least", clauses.floor(at_least)


def _routing(contract: Contract) -> Said:
    if contract.routing.owner_first:
        yield "routing.owner_first", worded("a lead of an account that has an owner goes to that owner, if eligible")
    for place, rule in enumerate(contract.routing.rules):
        first = place == 0 and not contract.routing.owner_first
        yield f"routing.rules[{place}]", clauses.rule(contract, rule, first=first)
    for name, pool in contract.pools.items():
        yield f"pools.{name}", clauses.pool(pool)


def _clocks(contract: Contract) -> Said:
    for name, clock in contract.clocks.items():
        yield f"clocks.{name}.within", promises.clock(clock)
        yield f"clocks.{name}.escalate", promises.escalation(clock)


def _reasons(contract: Contract) -> Said:
    for name, reason in contract.reasons.items():
        yield f"reasons.{name}", promises.reason(contract, reason)
    yield "recycle", promises.recycle(contract.recycle)


def _commitments(contract: Contract) -> Said:
    for key, text in owed.marketing(contract, contract.marketing).items():
        yield f"commitments.marketing.{key}", text
    for key, text in owed.sales(contract.sales).items():
        yield f"commitments.sales.{key}", text


def _plan(contract: Contract) -> Said:
    if contract.revenue is not None:
        for key, text in owed.revenue(contract, contract.revenue).items():
            yield f"revenue.{key}", text
    yield "plan.stages", worded("the plan counts {stages}", stages=owed.chain(contract.stages))
    for stages, rate in contract.targets.rates.items():
        yield f"targets.{'_to_'.join(stages)}", worded("{share} {rate}", share=share(rate), rate=owed.rate(stages))
    if contract.targets.cycle_length is not None:
        yield (
            "targets.cycle_length",
            worded("from MQL to won takes {span}", span=duration(contract.targets.cycle_length)),
        )


def _attribution(contract: Contract) -> Said:
    for key, text in owed.attribution(contract.attribution).items():
        yield f"attribution.{key}", text


def _reviews(contract: Contract) -> Said:
    for name, review in contract.reviews.items():
        yield f"reviews.{name}", owed.review(review)


def _calendars(contract: Contract) -> Said:
    default = worded("where no pool says otherwise, the calendar {name} applies", name=contract.default_calendar)
    yield "calendars.default", default
    for name, terms in contract.calendars.items():
        yield f"calendars.{name}", clauses.calendar(terms)
        for date, hours in terms.exceptions.items():
            yield f"calendars.{name}.exceptions.{date}", clauses.on_date(name, date, hours)
    for name, words in contract.lists.items():
        yield f"lists.{name}", clauses.entries(name, words)


def _records(contract: Contract) -> Said:
    for name, attribute in contract.attributes.items():
        if not attribute.built_in:
            yield f"attributes.{name}", clauses.attribute(attribute)
    for name, activity in contract.activities.items():
        if not activity.built_in:
            yield f"activities.{name}", clauses.activity(activity)
    for name, evidence in contract.evidence.items():
        yield f"evidence.{name}", clauses.evidence(evidence)


def _examples(contract: Contract) -> Said:
    for place, example in enumerate(contract.examples):
        yield f"examples[{place}]", example.name


SECTIONS = {
    Topic.AGREEMENT: _agreement,
    Topic.DEFINITIONS: _definitions,
    Topic.FIT: _fit,
    Topic.BEHAVIOUR: _behaviour,
    Topic.ROUTING: _routing,
    Topic.CLOCKS: _clocks,
    Topic.REASONS: _reasons,
    Topic.COMMITMENTS: _commitments,
    Topic.PLAN: _plan,
    Topic.ATTRIBUTION: _attribution,
    Topic.REVIEWS: _reviews,
    Topic.CALENDARS: _calendars,
    Topic.RECORDS: _records,
    Topic.EXAMPLES: _examples,
}
"""What is said under each heading, in their order."""
