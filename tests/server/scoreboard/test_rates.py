"""Amounts in other currencies count at the rate of their day, as soon as somebody states it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from tests.support.asking import get, owner_of, post, program, say
from tests.support.service import Hands

from handfast.instant import DAY
from handfast_server.accounts.models import Role
from handfast_server.audit.models import Entry
from handfast_server.contracts.models import Rate
from handfast_server.decide.terms import governing
from handfast_server.now import now
from handfast_server.scoreboard import boards, store, update

pytestmark = pytest.mark.django_db

Clients = dict[str, Client]

HEAD = "day,currency,rate\n"


@pytest.fixture
def won(clock: Hands, lead: Callable[..., str]) -> str:
    """A deal of 1,000 dollars, won on the day on which it was opened, where euros are counted."""
    name, crm = lead(), program(Role.ADMIN)
    by = owner_of(name)
    say(crm, name, "deals", deal="D-1", by=by, amount="1000", currency="USD")
    say(crm, name, "deals/D-1/win", by=by)
    return name


def _state(client: Client, text: str) -> tuple[int, Any]:
    answer = client.put("/api/contract/rates", HEAD + text, content_type="text/csv")
    return answer.status_code, answer.json()


def _amounts() -> list[int]:
    """The hundredths that the deals of the snapshot count for."""
    update.update()
    boards.forget()
    current, version = store.read_current(), governing(now())
    assert current is not None
    assert version is not None
    shown = store.load(current).columns()
    again = update.made(version, now()).columns()
    assert shown.deal_changes is not None
    assert again.deal_changes is not None
    assert shown.opportunities is not None
    assert list(shown.deal_changes.amount) == list(again.deal_changes.amount)
    return [int(each) for each in shown.opportunities.amount]


def test_a_rate_brings_an_amount_in_and_another_changes_it(won: str, clients: Clients) -> None:
    assert _amounts() == [0]
    assert _state(clients["admin"], "2026-11-23,USD,0.92\n") == (200, {"rates": 1, "new": 1})
    assert _amounts() == [92_000]
    before = store.read_current()
    assert before is not None
    assert _state(clients["admin"], "2026-11-23,USD,0.92\n") == (200, {"rates": 1, "new": 0})
    assert _state(clients["sales_leader"], "2026-11-23,USD,0.9125\n") == (200, {"rates": 1, "new": 1})
    assert _amounts() == [91_250]
    after = store.read_current()
    assert after is not None
    assert after.base == before.base  # the leads of such deals alone were read again
    assert Entry.objects.filter(what="contracts.rates").count() == 2


def test_the_latest_of_the_week_before_stands_in_and_an_older_one_does_not(won: str, clients: Clients) -> None:
    assert _amounts() == [0]
    _state(clients["admin"], "2026-11-15,USD,0.5\n2026-11-23,GBP,1.2\n")
    assert _amounts() == [0]
    _state(clients["admin"], "2026-11-16,USD,0.25\n")
    assert _amounts() == [25_000]


def test_the_measures_say_the_same(won: str, clients: Clients, clock: Hands) -> None:
    _state(clients["admin"], "2026-11-23,USD,0.92\n")
    clock.move(DAY)
    update.update()
    boards.forget()
    said = str(get(clients["admin"], "/measures/sourced_revenue").body)
    assert "920" in said


def test_rates_are_read_back_the_newest_day_first(won: str, clients: Clients) -> None:
    _state(clients["admin"], "2026-11-20,USD,0.91\n2026-11-23,USD,0.92\n2026-11-23,GBP,1.19\n")
    rows = get(clients["rep"], "/contract/rates").body
    assert [(row["day"], row["currency"], row["rate"]) for row in rows] == [
        ("2026-11-23", "GBP", "1.19"),
        ("2026-11-23", "USD", "0.92"),
        ("2026-11-20", "USD", "0.91"),
    ]
    assert len(get(clients["rep"], "/contract/rates?currency=USD&since=2026-11-21").body) == 1


def _wrong() -> Iterator[tuple[str, str, str]]:
    yield "2026-11-23,USD,0.92\n2026-11-24,USD,none\n", "rates_line", "line 3"
    yield "2026-11-23,US,0.92\n", "rates_line", "line 2"
    yield "2026-11-23,USD,0." + "1" * 100 + "\n", "rate_too_long", ""


@pytest.mark.parametrize(("text", "code", "path"), list(_wrong()))
def test_one_mistake_refuses_the_whole_file(signed: object, clients: Clients, text: str, code: str, path: str) -> None:
    status, said = _state(clients["admin"], text)
    assert (status, said["code"], said["path"]) == (422, code, path)
    assert not Rate.objects.exists()


def test_before_a_contract_nobody_knows_whose_currency_counts(clients: Clients) -> None:
    status, said = _state(clients["admin"], "2026-11-23,USD,0.92\n")
    assert (status, said["code"]) == (409, "no_contract")


def test_a_rep_states_none(signed: object, clients: Clients) -> None:
    assert _state(clients["rep"], "2026-11-23,USD,0.92\n")[0] == 403
    assert post(clients["rep"], "/contract/rates", {}).status == 405
