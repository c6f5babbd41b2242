"""Is a lead qualified: the bar, the hand-raise, what keeps out and what gives way, each from the values alone."""

from __future__ import annotations

from functools import cache

import pytest

from handfast.condition import Value, fold
from handfast.contract import load
from handfast.contract.model import Contract
from handfast.instant import Instant, parse_instant
from handfast.qualify import Asked, Band, Judgement, LeadThen, judged, values_for_routing, weighed
from handfast.score import Scored

TEXT = """\
handfast: 1
contract: judged
version: 1
effective_from: 2027-01-01T00:00:00Z
parties:
  marketing: {name: Dana Reyes, email: dana@acme.example}
  sales: {name: Omar Haddad, email: omar@acme.example}
lists: {rivals: [rival.example]}
score:
  fit: {signals: {industry: {when: {industry: software}, points: 60}}}
  behaviour: {signals: {pricing: {on: page_viewed, points: 20, most_recent: 3, fades: 25% every 14 days}}}
  bands: {warm: 40}
definitions:
  icp: {when: {fit: {at_least: 50}}}
  mql:
    when: {total: {at_least: 70}, fit: {at_least: 20}}
    hand_raise: {on: form_submitted, when: {form: {in: [demo, call]}, fit: {at_least: 0}}}
    unless:
      rival: {when: {email_domain: {in_list: rivals}}}
      do_not_contact: {when: {consent_contact: denied}, except: hand_raise}
      low: {when: {behaviour: {below: -10}}, except: hand_raise}
routing: {to: inbound}
"""

MONDAY = parse_instant("2027-01-11T10:00:00Z")
HOUR = 3_600_000_000


@cache
def contract_of(text: str = TEXT) -> Contract:
    loaded = load(text)
    assert loaded.contract is not None, loaded.problems
    return loaded.contract


def without(*lines: str) -> Contract:
    """The contract less some of its lines."""
    text = TEXT
    for line in lines:
        assert TEXT.count(line) == 1, line
        text = "".join(each for each in text.splitlines(keepends=True) if line not in each)
    return contract_of(text)


def asked(form: str | None = "demo", at: Instant = MONDAY) -> Asked:
    return Asked(happened_at=at, properties={"form": form})


def lead(
    fit: int = 0,
    behaviour: int = 0,
    *raises: Asked,
    since: dict[str, Instant] | None = None,
    **attributes: Value,
) -> LeadThen:
    """A lead with scores in points; attributes known for a day, unless ``since`` says otherwise."""
    known = dict.fromkeys(attributes, MONDAY - 24 * HOUR) if since is None else since
    values = {name: fold(value) if isinstance(value, str) else value for name, value in attributes.items()}
    return LeadThen(attributes=values, score=Scored(fit * 100, behaviour * 100), asked=raises, known_since=known)


def test_the_bar_alone_qualifies() -> None:
    found = judged(contract_of(), lead(20, 50))
    assert found == Judgement(qualified=True, bar=True, raised=None, denied_by=(), icp=False, band=Band.ENGAGE)
    assert not found.hand_raised
    assert found.held_by == ()


@pytest.mark.parametrize(("fit", "behaviour"), [(19, 51), (20, 49)])
def test_one_point_short_of_either_part_of_the_bar_does_not(fit: int, behaviour: int) -> None:
    assert not judged(contract_of(), lead(fit, behaviour)).qualified


def test_a_hundredth_of_a_point_short_does_not_qualify() -> None:
    then = LeadThen(attributes={}, score=Scored(2000, 4999))
    assert not judged(contract_of(), then).qualified
    assert judged(contract_of(), LeadThen(attributes={}, score=Scored(2000, 5000))).qualified


def test_a_lead_that_was_never_scored_has_nothing_not_something_unknown() -> None:
    found = judged(contract_of(), LeadThen(attributes={}))
    assert found == Judgement(qualified=False, bar=False, raised=None, denied_by=(), icp=False, band=Band.NURTURE)


@pytest.mark.parametrize(("total", "band"), [(39, Band.NURTURE), (40, Band.WARM), (69, Band.WARM)])
def test_bands_below_the_bar(total: int, band: Band) -> None:
    assert judged(contract_of(), lead(0, total)).band is band


def test_without_a_warm_edge_there_is_no_warm_band() -> None:
    assert judged(without("bands:"), lead(0, 69)).band is Band.NURTURE


def test_a_hand_raise_qualifies_at_once_and_leaves_the_band_alone() -> None:
    found = judged(contract_of(), lead(0, 0, asked()))
    assert found.qualified
    assert found.hand_raised
    assert not found.bar
    assert found.band is Band.NURTURE


def test_a_hand_raise_waits_until_enrichment_lifts_the_fit() -> None:
    assert not judged(contract_of(), lead(-1, 0, asked())).qualified
    assert judged(contract_of(), lead(0, 0, asked())).qualified


def test_another_form_is_no_hand_raise() -> None:
    assert judged(contract_of(), lead(0, 0, asked("newsletter"))).raised is None


def test_of_several_the_latest_that_is_a_hand_raise_counts() -> None:
    first, second, other = asked(at=MONDAY - HOUR), asked("call", MONDAY), asked("newsletter", MONDAY + HOUR)
    assert judged(contract_of(), lead(0, 0, second, other, first)).raised is second


def test_a_contract_without_hand_raise_has_none() -> None:
    assert not judged(without("hand_raise: {on"), lead(0, 0, asked())).qualified


def test_a_hand_raise_without_a_condition_is_any_such_activity() -> None:
    contract = contract_of(TEXT.replace(", when: {form: {in: [demo, call]}, fit: {at_least: 0}}", ""))
    first, second = asked("newsletter", MONDAY - HOUR), asked(None, MONDAY)
    assert judged(contract, lead(-60, 0, first, second)).raised is second


def test_a_property_hides_the_attribute_of_its_name_even_when_it_is_not_given() -> None:
    contract = contract_of(
        TEXT.replace("on: form_submitted, when: {form: {in: [demo, call]}", "on: ad_clicked, when: {campaign: spring")
    )
    bare = Asked(happened_at=MONDAY, properties={})
    given = Asked(happened_at=MONDAY, properties={"campaign": "spring"})
    assert judged(contract, lead(0, 0, bare, campaign="Spring")).raised is None
    assert judged(contract, lead(0, 0, given, campaign="autumn")).raised is given


def test_a_disqualifier_holds_a_good_lead_and_says_so() -> None:
    found = judged(contract_of(), lead(60, 40, email_domain="rival.example"))
    assert not found.qualified
    assert found.held_by == ("rival",)
    assert found.band is Band.ENGAGE


def test_a_disqualifier_holds_a_hand_raise() -> None:
    found = judged(contract_of(), lead(0, 0, asked(), email_domain="rival.example"))
    assert found.held_by == ("rival",)


def test_a_lead_that_would_not_be_delivered_anyway_is_not_held() -> None:
    found = judged(contract_of(), lead(0, 0, email_domain="rival.example"))
    assert found.denied_by == ("rival",)
    assert found.held_by == ()


@pytest.mark.parametrize(("since", "qualified"), [(-HOUR, True), (0, True), (1, False)])
def test_a_hand_raise_outweighs_a_denial_that_it_is_not_older_than(since: int, *, qualified: bool) -> None:
    found = judged(
        contract_of(), lead(60, 40, asked(), since={"consent_contact": MONDAY + since}, consent_contact="denied")
    )
    assert found.qualified is qualified
    assert found.held_by == (() if qualified else ("do_not_contact",))


def test_a_denial_of_unknown_date_stands() -> None:
    found = judged(contract_of(), lead(60, 40, asked(), since={}, consent_contact="denied"))
    assert found.held_by == ("do_not_contact",)


def test_the_bar_does_not_outweigh_a_denial() -> None:
    assert judged(contract_of(), lead(60, 40, consent_contact="denied")).held_by == ("do_not_contact",)


def test_the_newest_hand_raise_is_held_against_the_denial() -> None:
    denied = {"consent_contact": MONDAY}
    found = judged(
        contract_of(), lead(0, 0, asked(at=MONDAY - HOUR), asked(at=MONDAY), since=denied, consent_contact="denied")
    )
    assert found.qualified


def test_an_exception_for_one_disqualifier_is_none_for_another() -> None:
    found = judged(contract_of(), lead(0, 0, asked(), consent_contact="denied", email_domain="rival.example"))
    assert found.held_by == ("rival",)


def test_a_disqualifier_on_the_score_alone_has_no_date_and_gives_way() -> None:
    assert judged(contract_of(), lead(60, -11, asked())).qualified
    assert judged(contract_of(), lead(90, -11)).held_by == ("low",)


def test_a_denial_is_as_young_as_the_youngest_attribute_it_reads() -> None:
    contract = contract_of(TEXT.replace("{consent_contact: denied}", "{consent_contact: denied, region: DE-BY}"))
    both = {"consent_contact": MONDAY - HOUR, "region": MONDAY + HOUR}
    then = lead(0, 0, asked(), since=both, consent_contact="denied", region="DE-BY")
    assert judged(contract, then).held_by == ("do_not_contact",)


def test_an_attribute_that_has_no_value_has_no_date() -> None:
    contract = contract_of(TEXT.replace("{consent_contact: denied}", "{source: {is_not: fair}}"))
    assert judged(contract, lead(0, 0, asked())).qualified
    assert judged(contract, lead(60, 40)).held_by == ("do_not_contact",)


def test_denied_contact_keeps_out_under_a_contract_that_does_not_speak_of_it() -> None:
    silent = without("do_not_contact")
    assert judged(silent, lead(60, 40, consent_contact="denied")).held_by == ("consent_contact",)
    assert judged(silent, lead(0, 0, asked(), consent_contact="denied")).qualified
    assert judged(silent, lead(0, 0, asked(), since={}, consent_contact="denied")).held_by == ("consent_contact",)
    assert judged(silent, lead(60, 40, consent_contact="granted")).qualified


def test_where_the_contract_keeps_a_denied_lead_out_itself_its_own_word_is_told() -> None:
    found = judged(without("do_not_contact"), lead(60, 40, consent_contact="denied", email_domain="rival.example"))
    assert found.held_by == ("rival",)


def test_a_contract_without_an_icp_does_not_say_who_is_one() -> None:
    assert judged(without("icp:"), lead(60, 40)).icp is None


def test_the_trace_names_every_clause_that_was_weighed() -> None:
    then = lead(60, -11, asked("newsletter"), asked(at=MONDAY + HOUR), consent_contact="denied", industry="software")
    told = [(each.clause, each.holds, each.excepted) for each in weighed(contract_of(), then)]
    assert told == [
        ("definitions.icp", True, False),
        ("definitions.mql", False, False),
        ("definitions.mql.hand_raise", True, False),
        ("definitions.mql.unless.rival", False, False),
        ("definitions.mql.unless.do_not_contact", True, True),
        ("definitions.mql.unless.low", True, True),
        ("consent_contact", True, True),
    ]


def test_the_trace_tells_why_a_form_was_no_hand_raise() -> None:
    told = {each.clause: each for each in weighed(contract_of(), lead(0, 0, asked("newsletter")))}
    why = told["definitions.mql.hand_raise"].why
    assert not why.holds
    assert why.parts[0].found == "newsletter"


def test_the_trace_of_a_contract_with_neither_icp_nor_hand_raise() -> None:
    contract = without("icp:", "hand_raise: {on")
    assert [each.clause for each in weighed(contract, lead(0, 0, asked()))][:1] == ["definitions.mql"]


def test_a_hand_raise_without_a_condition_has_nothing_to_weigh() -> None:
    contract = contract_of(TEXT.replace(", when: {form: {in: [demo, call]}, fit: {at_least: 0}}", ""))
    assert "definitions.mql.hand_raise" not in [each.clause for each in weighed(contract, lead(0, 0, asked()))]


def test_routing_reads_the_band_beside_everything_else() -> None:
    then = lead(60, 5, country="DE")
    values = values_for_routing(then, judged(contract_of(), then))
    assert values == {"country": "de", "fit": 60, "behaviour": 5, "total": 65, "band": "warm"}
