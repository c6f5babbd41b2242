from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.support import service
from tests.support.scoreboard import worked

from handfast.instant import DAY
from handfast_server.accounts.models import User
from handfast_server.handoffs.models import Cycle
from handfast_server.scoreboard import update
from handfast_server.sheet import line

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(clock: service.Hands, team: service.Crew, lead: Callable[..., str]) -> list[str]:
    """Some days of leads, worked by chance, and a snapshot of them."""
    return worked(11, 8, clock, lead)


def _get(client: Client, path: str, **asked: Any) -> Any:
    answer = client.get(f"/api/measures{path}", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_every_number_opens_to_as_many_records_as_it_counts(lived: list[str], clients: dict[str, Client]) -> None:
    client = clients["viewer"]
    whole = _get(client, "")
    assert whole["cycles"] == Cycle.objects.exclude(lead__merged_into__gt="").count()
    assert whole["snapshot"]["age_seconds"] == 0
    opened = 0
    for measure in whole["measures"]:
        for part in ("numerator", "denominator") if measure["figure"]["kind"] == "ratio" else ():
            found = _get(client, f"/{measure['name']}/records", part=part, limit=1000)
            assert found["count"] == measure["figure"][part]["count"] == len(found["items"])
            assert {item["lead"] for item in found["items"]} <= set(lived)
            assert found["formula"] == measure["formula"]
            opened += found["count"]
    assert opened > 50


def test_pages_go_through_all_records_and_csv_has_them_too(lived: list[str], clients: dict[str, Client]) -> None:
    client = clients["marketing"]
    whole = _get(client, "/delivered/records", limit=1000)["items"]
    begin, found = 0, []
    while begin is not None:
        page = _get(client, "/delivered/records", limit=7, begin=begin)
        found += page["items"]
        begin = page["next"]
    assert found == whole
    answer = client.get("/api/measures/delivered/records.csv")
    lines = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    assert [each["cycle"] for each in lines] == [item["cycle"] for item in whole]
    assert clients["viewer"].get("/api/measures/delivered/records.csv").status_code == 403


def test_parts_of_a_split_add_up_and_open(lived: list[str], clients: dict[str, Client]) -> None:
    client = clients["admin"]
    one = _get(client, "/delivered", split="owner")["measure"]
    parts = one["splits"]["owner"]
    assert sum(part["figure"]["count"] for part in parts) == one["figure"]["count"]
    for part in parts:
        found = _get(client, "/delivered/records", split="owner", word=part["word"] or "", limit=1000)
        assert found["count"] == part["figure"]["count"]
    assert _get(client, "/delivered", split="month")["measure"]["trend"]


def test_a_rep_sees_their_own_numbers_alone(lived: list[str], clients: dict[str, Client]) -> None:
    whole = {
        part["word"]: part["figure"]["count"]
        for part in _get(clients["admin"], "/delivered", split="owner")["measure"]["splits"]["owner"]
    }
    for who, rep in (("rep", "lena"), ("sam", "sam")):
        own = _get(clients[who], "/delivered", split="owner")["measure"]
        assert own["figure"]["count"] == whole[rep] > 0
        assert [part["word"] for part in own["splits"]["owner"]] == [rep]
        for path in ("/conservation", "/commitments/2026-Q4", "/plan", "/statements"):
            answer = clients[who].get(f"/api/measures{path}")
            assert (answer.status_code, answer.json()["code"]) == (403, "own_numbers_only"), path
    assert _get(clients["manager"], "/delivered")["measure"]["figure"]["count"] == sum(whole.values())
    assert clients["charlie"].get("/api/measures").status_code == 403


def test_the_same_generation_is_not_sent_again(
    lived: list[str], clients: dict[str, Client], clock: service.Hands, lead: Callable[..., str]
) -> None:
    client = clients["viewer"]
    etag = client.get("/api/measures")["ETag"]
    again = client.get("/api/measures", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/measures", {"stream": "live"}, headers={"If-None-Match": etag}).status_code == 200
    lead()
    clock.move(DAY)
    update.update()
    assert client.get("/api/measures", headers={"If-None-Match": etag}).status_code == 200


def test_conservation_is_counted_from_rows_and_is_that_of_the_measures(
    lived: list[str], clients: dict[str, Client]
) -> None:
    client = clients["sales_leader"]
    rows = _get(client, "/conservation")
    measure = next(one for one in _get(client, "")["measures"] if one["name"] == "conservation")["figure"]
    assert rows["unaccounted"] == measure["unaccounted"] == 0
    assert rows["delivered"] == measure["delivered"]["count"] > 0
    assert {name: group["count"] for name, group in measure["groups"].items()} == {
        name: rows[name] for name in measure["groups"]
    }


def test_a_closed_period_stays_and_corrections_stand_beside_it(
    lived: list[str], clients: dict[str, Client], people: dict[str, User], clock: service.Hands
) -> None:
    leader = clients["marketing_leader"]
    early = leader.post("/api/measures/statements/2026-11")
    assert (early.status_code, early.json()["code"]) == (409, "period_not_over")
    clock.move(10 * DAY)
    update.update()
    for who in ("marketing_leader", "viewer"):  # nobody stays signed in for so long
        clients[who].force_login(people[who], backend=settings.AUTHENTICATION_BACKENDS[0])
    made = leader.post("/api/measures/statements/2026-11")
    assert made.status_code == 201
    assert leader.post("/api/measures/statements/2026-11").status_code == 200
    found = _get(clients["viewer"], "/statements/2026-11")
    assert found["statement"]["digest"] == made.json()["digest"]
    assert found["adjustments"] == []
    assert clients["viewer"].post("/api/measures/statements/2026-11").status_code == 403
    assert _get(clients["viewer"], "/commitments/2026-11")["standings"]
    assert _get(clients["viewer"], "/plan")["plan"]["stages"]
    assert clients["viewer"].get("/api/measures/statements/2025").status_code == 404


_UNKNOWN = {
    "/nothing": (404, "measure"),
    "/delivered?split=moon": (404, "split"),
    "/delivered/records?part=half": (404, "part"),
    "/delivered/records?split=owner&word=charlie": (404, "word"),
    "?period=2026-13": (422, "period"),
    "?as_of=yesterday": (422, "query.as_of"),
    "?as_of=2099-01-01T00:00:00Z": (422, "query.as_of"),
}


def test_what_is_not_there_is_said(lived: list[str], clients: dict[str, Client]) -> None:
    for path, said in _UNKNOWN.items():
        answer = clients["viewer"].get(f"/api/measures{path}")
        assert (answer.status_code, answer.json()["path"]) == said, path


def test_before_the_first_snapshot_there_is_nothing(
    clock: service.Hands, team: service.Crew, clients: dict[str, Client]
) -> None:
    answer = clients["viewer"].get("/api/measures")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_snapshot")


def test_no_cell_is_a_formula() -> None:
    assert line(("=1+1", "+1", "-1", "@x", "\t=1", "lead1", "")) == "'=1+1,'+1,'-1,'@x,'\t=1,lead1,\r\n"
