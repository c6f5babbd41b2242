"""The columns against ``qualify`` itself, asked of every lead at every instant at which something happened to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from handfast.audit.export import Export
from handfast.audit.judge.bar import judged_by
from handfast.audit.judge.ground import ground_of
from handfast.audit.stage import Stage
from handfast.condition import Values, value_of
from handfast.contract.load import load
from handfast.contract.model import Contract
from handfast.instant import DAY, NEVER, parse_instant
from handfast.qualify import Asked, LeadThen, judged
from handfast.score import fit_of, score_at
from handfast.score.table import compile_table

START = parse_instant("2027-01-01T00:00:00+01:00")

HAND_RAISE = "{form: {in: [demo, contact-sales]}, fit: {at_least: 0}}"
MOVING_HAND_RAISE = "{form: {in: [demo, contact-sales]}, total: {at_least: 30}}"
COMPETITOR = "competitor:    {when: {email_domain: {in_list: competitors}}}"
TOO_EAGER = COMPETITOR + "\n      too_eager: {when: {behaviour: {above: 20}}, except: hand_raise}"
NO_FIT = COMPETITOR + "\n      no_fit: {when: {fit: {below: 21}}, except: hand_raise}"


Change = tuple[str, str]


def contract_of(text: str, *changes: Change) -> Contract:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    found = load(text)
    assert found.contract is not None, found.problems
    return found.contract


CHANGES: dict[str, tuple[Change, ...]] = {
    "as it stands": (),
    "a hand-raise that reads the total": ((HAND_RAISE, MOVING_HAND_RAISE),),
    "a disqualifier that reads behaviour": ((COMPETITOR, TOO_EAGER),),
    "a disqualifier that reads fit and gives way": ((COMPETITOR, NO_FIT),),
    "a lower bar": (("total: {at_least: 70}", "total: {at_least: 40}"),),
}


def random_export(make: Callable[..., Export], seed: int, count: int) -> Export:
    rng = np.random.default_rng(seed)

    def pick(*words: str | None) -> list[str | None]:
        return [words[code] for code in rng.integers(0, len(words), count)]

    kinds = [
        ("page_viewed", {"path": "/pricing/teams"}),
        ("page_viewed", {"path": "/careers"}),
        ("page_viewed", {}),
        ("webinar_attended", {"name": "Spring"}),
        ("form_submitted", {"form": "demo"}),
        ("form_submitted", {"form": "newsletter"}),
        ("unheard_of", {}),
    ]
    activities = []
    for _ in range(count * 5):
        lead, kind = int(rng.integers(-1, count)), kinds[int(rng.integers(0, len(kinds)))]
        at = NEVER if rng.random() < 0.05 else int(START + rng.integers(0, 40) * DAY // 4)
        activities.append((lead, at, *kind))
    return make(
        count,
        stages={"inquiry": [int(START + rng.integers(0, 30) * DAY) if rng.random() < 0.8 else None] * count},
        attributes={
            "industry": pick("software", "Fintech", "mining", None),
            "employees": pick("20", "200", "5000", "many", None),
            "title": pick("VP Sales", "clerk", None),
            "email_domain": pick("rival.example", "gmail.com", "good.example", None),
            "consent_contact": pick("granted", None, "granted", "denied"),
        },
        activities=activities,
    )


def by_rows(contract: Contract, export: Export, inquiry_at: np.ndarray) -> list[int | None]:
    """For each lead the first instant at which ``qualify.judged`` says yes."""
    return [first_of_lead(contract, export, lead, int(inquiry_at[lead])) for lead in range(len(export))]


def first_of_lead(contract: Contract, export: Export, lead: int, inquiry: int) -> int | None:
    table = compile_table(contract)
    attributes = {
        name: value_of(coded.words[coded.codes[lead]], contract.attributes[name].type)
        for name, coded in export.attributes.items()
        if coded.codes[lead] >= 0
    }
    did = acts(contract, export, lead)
    for now in sorted({at for at, _, _ in did} | ({inquiry} if inquiry != NEVER else set())):
        instants: list[list[int]] = [[] for _ in table.behaviour]
        for at, kind, properties in did:
            for signal in table.matching(kind, properties) if at <= now else ():
                instants[signal].append(at)
        asked = tuple(
            Asked(happened_at=at, properties=properties)
            for at, kind, properties in did
            if kind == "form_submitted" and at <= now
        )
        score = score_at(table, fit_of(table, attributes), instants, now)
        if judged(contract, LeadThen(attributes=attributes, score=score, asked=asked)).qualified:
            return now
    return None


def acts(contract: Contract, export: Export, lead: int) -> list[tuple[int, str, Values]]:
    found: list[tuple[int, str, Values]] = []
    activities = export.activities
    for row in np.flatnonzero((activities.lead == lead) & (activities.at != NEVER)).tolist():
        kind = activities.kind.words[activities.kind.codes[row]]
        types = contract.activities[kind].properties if kind in contract.activities else {}
        properties = {
            name: value_of(coded.words[coded.codes[row]], types[name].type)
            for name, coded in activities.properties.items()
            if name in types and coded.codes[row] >= 0
        }
        found.append((int(activities.at[row]), kind, properties))
    return found


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", range(4))
def test_columns_say_what_qualify_says(
    make_export: Callable[..., Export], acme_text: str, change: str, seed: int
) -> None:
    contract = contract_of(acme_text, *CHANGES[change])
    export = random_export(make_export, seed, 120)
    inquiry = export.stage_at[Stage.INQUIRY]
    ground = ground_of(export, contract, inquiry)
    found = judged_by(ground, has_activities=True)
    expected = by_rows(contract, export, inquiry)
    assert [None if at == NEVER else int(at) for at in found.at] == expected
    assert not found.undetermined.any()
    assert any(at is not None for at in expected), "the test must have something to find"


def test_a_lead_kept_out_names_what_keeps_it_out(make_export: Callable[..., Export], acme: Contract) -> None:
    did = [(lead, "2027-01-08 10:00", "form_submitted", {"form": "demo"}) for lead in range(3)]
    export = make_export(
        4,
        attributes={
            "email_domain": ["rival.example", "good.example", "rival.example", "rival.example"],
            "consent_contact": ["granted", "denied", "denied", "denied"],
            "industry": ["software"] * 4,
        },
        activities=did,
    )
    found = judged_by(ground_of(export, acme, export.stage_at[Stage.INQUIRY]), has_activities=True)
    words = [found.held_by.words[code] if code >= 0 else None for code in found.held_by.codes]
    assert words == ["competitor", "do_not_contact", "competitor", None], "the fourth never asked for anything"
    assert (found.at == NEVER).all()


def test_without_activities_only_what_is_sure_is_said(make_export: Callable[..., Export], acme: Contract) -> None:
    export = make_export(
        3,
        stages={"inquiry": ["2027-01-08 10:00"] * 3},
        attributes={
            "industry": ["software", "mining", "software"],
            "employees": ["200", "5", "200"],
            "email_domain": ["good.example", "good.example", "rival.example"],
        },
    )
    found = judged_by(ground_of(export, acme, export.stage_at[Stage.INQUIRY]), has_activities=False)
    assert found.undetermined.tolist() == [True, True, False], "a competitor is out whatever it does"
    assert (found.at == NEVER).all()


def test_a_bar_that_fit_alone_meets_is_met_at_the_inquiry(make_export: Callable[..., Export], acme_text: str) -> None:
    contract = contract_of(acme_text, ("total: {at_least: 70}", "total: {at_least: 45}"))
    export = make_export(
        2,
        stages={"inquiry": ["2027-01-08 10:00", "2027-01-09 10:00"]},
        attributes={"industry": ["software", "mining"], "employees": ["200", "200"]},
    )
    found = judged_by(ground_of(export, contract, export.stage_at[Stage.INQUIRY]), has_activities=False)
    assert found.at.tolist() == [parse_instant("2027-01-08T10:00:00+01:00"), NEVER]
    assert found.undetermined.tolist() == [False, True]
    assert date(2027, 1, 8).isoweekday() == 5


def test_where_only_a_hand_raise_outranks_what_keeps_out_the_bar_qualifies_nobody(
    make_export: Callable[..., Export], acme_text: str
) -> None:
    contract = contract_of(acme_text, *CHANGES["a disqualifier that reads fit and gives way"])
    eager = [(0, "2027-01-07 10:00", "page_viewed", {"path": "/pricing"})] * 3
    eager += [(0, "2027-01-07 11:00", "webinar_attended", {})] * 2
    asked = (0, "2027-01-08 10:00", "form_submitted", {"form": "demo"})
    for did, expected in (([*eager, asked], parse_instant("2027-01-08T10:00:00+01:00")), (eager, NEVER)):
        export = make_export(1, attributes={"employees": ["200"]}, activities=did)
        found = judged_by(ground_of(export, contract, export.stage_at[Stage.INQUIRY]), has_activities=True)
        assert found.at.tolist() == [expected]
        assert found.at.tolist() == [at or NEVER for at in by_rows(contract, export, export.stage_at[Stage.INQUIRY])]
