"""Identifiers name leads: what repeats makes nothing, what names two makes them one, in any order."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.service import GOOD, Crew, Hands

from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.item import Item, Outcome
from handfast_server.intake.models import Nameless
from handfast_server.intake.take import take_in
from handfast_server.intake.wire import item_of, read_any
from handfast_server.leads.models import Account, Key, Lead

pytestmark = pytest.mark.django_db

_keys = itertools.count(1)


def told(**raw: object) -> Item:
    """An item as a program writes it."""
    return item_of(read_any({"type": "lead", "key": f"k{next(_keys)}", **raw}), "crm")


def take(*items: Item) -> list[Outcome]:
    return take_in(items)


def one(item: Item) -> Outcome:
    (outcome,) = take_in([item])
    assert outcome.status == "accepted", outcome
    return outcome


def leads() -> set[str]:
    return set(Lead.objects.filter(merged_into="").values_list("id", flat=True))


def test_an_address_in_another_spelling_is_the_same_lead(team: Crew) -> None:
    first = one(told(email="Ann.Berg+news@Gmail.com", attributes={"company": "Berg"}))
    again = one(told(email="annberg@googlemail.com", attributes={"title": "Head"}))
    assert first.lead == again.lead
    assert leads() == {first.lead}
    row = Lead.objects.get()
    assert (row.email, row.company, row.title) == ("annberg@googlemail.com", "Berg", "Head")


def test_the_same_key_twice_is_one_item(team: Crew) -> None:
    item = told(email="ann@buyer.example", attributes={**GOOD})
    outcomes = take(item, item) + take(item)
    assert [each.status for each in outcomes] == ["accepted", "repeat", "repeat"]
    assert {each.lead for each in outcomes} == {outcomes[0].lead}
    assert Fact.objects.filter(lead=outcomes[0].lead).count() == 1


def test_two_records_of_one_human_become_one_lead(team: Crew) -> None:
    by_id = one(told(ids={"hubspot": "151.0"}, attributes={"title": "Head"}))
    by_email = one(told(email="ann@buyer.example", attributes={"company": "Buyer"}))
    assert by_id.lead != by_email.lead
    both = one(told(ids={"hubspot": "151"}, email="ann@buyer.example"))
    assert leads() == {both.lead}
    assert set(Key.objects.values_list("lead", flat=True)) == {both.lead}
    row = Lead.objects.get(id=both.lead)
    assert (row.title, row.company) == ("Head", "Buyer")
    assert one(told(email="ann@buyer.example")).lead == both.lead
    assert Fact.objects.filter(kind="LeadsMerged").count() == 1


def test_a_visitor_is_no_lead_until_they_say_who_they_are(clock: Hands, team: Crew) -> None:
    looks = told(type="activity", anonymous_id="browser-1", kind="page_viewed", properties={"path": "/pricing"})
    assert take(looks, looks)[0].status == "held"
    assert not leads()
    clock.move(3_600_000_000)
    ann = one(told(email="ann@buyer.example", anonymous_id="browser-1"))
    assert not Nameless.objects.exists()
    assert set(Fact.objects.filter(lead=ann.lead).values_list("kind", flat=True)) == {"LeadCreated", "ActivityHappened"}
    assert Lead.objects.get().behaviour > 0
    assert take(looks)[0].status == "repeat"
    again = told(type="activity", anonymous_id="browser-1", kind="page_viewed", properties={"path": "/pricing"})
    assert one(again).lead == ann.lead


def test_a_shared_browser_makes_nobody_one(team: Crew) -> None:
    ann = one(told(email="ann@buyer.example", anonymous_id="kiosk"))
    bob = one(told(email="bob@buyer.example", anonymous_id="kiosk"))
    assert leads() == {ann.lead, bob.lead}
    look = told(type="activity", anonymous_id="kiosk", kind="page_viewed", properties={"path": "/pricing"})
    assert one(look).lead == bob.lead
    assert one(told(user_id="u7", anonymous_id="kiosk")).lead == bob.lead


def test_outreach_to_nobody_is_refused_and_can_be_told_again(team: Crew) -> None:
    touch = told(type="touch", email="ann@buyer.example", by="lena")
    assert take(touch)[0].code == "unknown_lead"
    one(told(email="ann@buyer.example"))
    assert take(touch)[0].status == "accepted"
    assert take(told(type="touch", lead="nobody", by="lena"))[0].code == "unknown_lead"


def test_values_are_judged_in_their_common_spelling_and_kept_as_written(team: Crew) -> None:
    written = {"country": "Deutschland", "industry": "SOFTWARE", "employees": "51-200", "score_of_ours": 1.5}
    made = one(told(email="ann@buyer.example", attributes=written))
    fact = Fact.objects.get(lead=made.lead).line
    assert '"country":"DE"' in fact
    assert '"country.raw":"Deutschland"' in fact
    assert '"employees.raw":"51-200"' in fact
    assert '"score_of_ours":1.5' in fact
    assert Lead.objects.get().fit > 0


def test_colleagues_have_one_account_and_strangers_have_another(team: Crew) -> None:
    people = [
        told(email="ann@buyer.example", attributes={"company": "Buyer GmbH"}),
        told(email="bob@buyer.example", attributes={"company": "buyer"}),
        told(email="eva@buyer.example", attributes={"company": "Buyr"}),  # a slip, and the same domain
        told(email="eva@other.example", attributes={"company": "Buyr"}),
        told(email="eva@gmail.com", attributes={"company": "n/a"}),
    ]
    take(*people[:2])
    take(*people[2:])
    accounts = dict(Lead.objects.values_list("email", "account"))
    same = {accounts[f"{name}@buyer.example"] for name in ("ann", "bob", "eva")}
    assert len(same) == 1
    assert accounts["eva@other.example"] not in same
    assert accounts["eva@gmail.com"] is None
    assert Account.objects.get(id=same.pop()).normal_name == "buyer"


_HUMANS = (
    ({"email": "ann@buyer.example"}, {"ids": {"hubspot": "1"}}, {"user_id": "u1"}, {"email": "A.nn+x@buyer.example"}),
    ({"email": "bob@buyer.example"}, {"ids": {"hubspot": "2"}}, {"ids": {"salesforce": "003"}}),
)


def _mix() -> st.SearchStrategy[list[tuple[int, frozenset[int]]]]:
    """Which human, and by which two of their keys."""
    either = st.one_of(
        st.tuples(st.just(0), st.frozensets(st.integers(0, 2), min_size=1, max_size=2)),
        st.tuples(st.just(1), st.frozensets(st.integers(0, 2), min_size=1, max_size=2)),
    )
    return st.lists(either, min_size=1, max_size=8)


def _said(human: int, which: Iterable[int]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key in which:
        for name, value in _HUMANS[human][key].items():
            found[name] = {**found.get(name, {}), **value} if name == "ids" else value  # type: ignore[dict-item] # ids are a mapping
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=_mix(), cuts=st.lists(st.integers(1, 3), min_size=8, max_size=8), twice=st.booleans())
def test_any_mix_of_repeats_and_orders_gives_one_lead_each(
    team: Crew, said: list[tuple[int, frozenset[int]]], cuts: list[int], twice: bool
) -> None:
    Key.objects.all().delete()
    Lead.objects.all().delete()
    for human in (0, 1):
        said = [*said, *((human, pair) for pair in (frozenset((0, 1)), frozenset((1, 2))))]
    items = [told(**_said(human, which)) for human, which in said]
    left = items + items if twice else list(items)
    for cut in itertools.cycle(cuts):
        if not left:
            break
        take(*left[:cut])
        left = left[cut:]
    assert len(leads()) == 2
    assert len(set(Key.objects.values_list("lead", flat=True))) == 2
    assert Cycle.objects.filter(lead__in=leads(), ended_at__isnull=True).count() == 2
