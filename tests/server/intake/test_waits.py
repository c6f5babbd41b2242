"""What waits for a name, or for somebody to look, is told, kept for a while, and forgotten with whom it is about."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from tests.support.intake_seed import make_sources
from tests.support.service import Crew, Hands

from handfast.instant import DAY
from handfast_server.intake import bots
from handfast_server.intake.aside import keep
from handfast_server.intake.bucket import may_pass
from handfast_server.intake.forget import personal
from handfast_server.intake.item import Item, Outcome
from handfast_server.intake.item import Key as LeadKey
from handfast_server.intake.loops import tell_named, tidy
from handfast_server.intake.models import Bucket, Nameless, SetAside
from handfast_server.intake.take import take_in
from handfast_server.intake.wire import item_of, read_any
from handfast_server.leads.actions import do_erase
from handfast_server.leads.models import Key, Lead


def told(key: str, **raw: Any) -> Item:
    return item_of(read_any({"type": "lead", "key": key, **raw}), "web")


def looked(key: str, visitor: str) -> Item:
    return told(key, type="activity", anonymous_id=visitor, kind="page_viewed", properties={"path": "/pricing"})


@pytest.mark.django_db
def test_what_came_in_at_the_moment_of_the_name_is_told_later(team: Crew) -> None:
    take_in([looked("k1", "v1")])
    ann = take_in([told("k2", email="ann@buyer.example")])[0].lead
    Key.objects.create(kind="anonymous", value="v1", lead_id=ann)
    assert not tell_named()
    assert not Nameless.objects.exists()
    assert Lead.objects.get(id=ann).behaviour > 0


@pytest.mark.django_db
def test_what_nobody_claims_is_thrown_away(team: Crew, clock: Hands) -> None:
    take_in([looked("k1", "v1")])
    keep("web:x", "web", "broken", "It could not be taken in.", "{}", [])
    assert may_pass("someone", 5)
    clock.move(91 * DAY)
    tidy()
    assert not Nameless.objects.exists()
    assert not Bucket.objects.exists()
    assert SetAside.objects.exists()
    clock.move(300 * DAY)
    tidy()
    assert not SetAside.objects.exists()


@pytest.mark.django_db
def test_who_is_forgotten_is_forgotten_here_too(team: Crew) -> None:
    make_sources()
    ann = take_in([told("k1", email="ann@buyer.example")])[0].lead
    bob = take_in([told("k2", email="bob@buyer.example")])[0].lead
    for name, body in (("a", '{"mail": "Ann@Buyer.example"}'), ("b", '{"mail": "bob@buyer.example"}'), ("c", "{}")):
        keep(f"web:{name}", "web", "broken", "It could not be taken in.", body, [])
    keep("web:d", "web", "broken", "It could not be taken in.", "", [LeadKey("email", "ann@buyer.example")])
    assert len(personal([ann])["set_aside"]) == 2
    do_erase(ann)
    assert set(SetAside.objects.values_list("name", flat=True)) == {"web:b", "web:c"}
    assert Key.objects.filter(lead=bob).exists()
    new = take_in([told("k9", email="ann@buyer.example")])[0]
    assert new.lead not in {ann, bob}


@pytest.mark.django_db(transaction=True)
def test_first_sights_at_one_moment_make_one_lead(team: Crew) -> None:
    """Eight threads see the same five people, by different keys, each in another order."""
    said = [
        {"email": f"person{number}@buyer.example", "ids": {"crm": f"id-{number}"}, "attributes": {"company": "Buyer"}}
        for number in range(5)
    ]
    outcomes: list[list[Outcome]] = []
    together = threading.Barrier(8)

    def see(thread: int) -> None:
        try:
            together.wait()
            order = said[thread % 5 :] + said[: thread % 5]
            items = [told(f"{thread}-{place}", **each) for place, each in enumerate(order)]
            outcomes.append(take_in(items[:2]) + take_in(items[2:]))
        finally:
            connection.close()

    threads = [threading.Thread(target=see, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.status for one in outcomes for each in one] == ["accepted"] * 40
    assert Lead.objects.count() == 5
    assert len({each.lead for one in outcomes for each in one}) == 5
    assert Key.objects.count() == 10
    assert Lead.objects.values("account").distinct().count() == 1


def test_bots_are_told_by_agents_and_by_seconds_after_the_mail() -> None:
    rules = bots.RULES
    assert rules.is_bot("email_clicked", 5_000_000, sent_at=0)
    assert not rules.is_bot("email_clicked", 8_000_000, sent_at=0)
    assert not rules.is_bot("page_viewed", 5_000_000, sent_at=0)
    assert not rules.is_bot("email_clicked", 0, sent_at=1)
    scanners = ("GoogleImageProxy", "python-requests/2.32", "curl/8.5.0", "Mozilla/5.0 HeadlessChrome/140", "Barracuda")
    people = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
        "",
    )
    assert [rules.is_bot("page_viewed", 0, agent=each) for each in scanners] == [True] * len(scanners)
    assert [rules.is_bot("page_viewed", 0, agent=each) for each in people] == [False] * len(people)
