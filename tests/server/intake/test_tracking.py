"""The tracking interface, with Segment's own library as its client against a real server."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.support.intake_seed import WRITE_KEY, make_sources
from tests.support.program import get, running, until
from tests.support.service import GOOD, Crew, Hands

from handfast.facts import ActivityHappened
from handfast.history import read_line
from handfast.instant import HOUR, MINUTE, format_instant
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.models import Nameless, SetAside
from handfast_server.leads.models import Key, Lead

pytestmark = pytest.mark.django_db
BASIC = "Basic " + base64.b64encode(f"{WRITE_KEY}:".encode()).decode()


class Site:
    """A web site that sends messages."""

    def __init__(self) -> None:
        self.client = Client(headers={"Authorization": BASIC})
        self.number = 0

    def send(self, call: str, /, status: int = 200, **message: Any) -> Any:
        self.number += 1
        message = {"messageId": f"m{self.number}", **message}
        answer = self.client.post(f"/v1/{call}", message, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer

    def batch(self, *messages: Any, status: int = 200, **body: Any) -> None:
        answer = self.client.post("/v1/batch", {"batch": list(messages), **body}, content_type="application/json")
        assert answer.status_code == status, answer.content


@pytest.fixture
def site(team: Crew) -> Site:
    make_sources()
    return Site()


def did(lead: str) -> list[ActivityHappened]:
    lines = Fact.objects.filter(lead=lead, kind="ActivityHappened").order_by("recorded_at", "position")
    return [
        fact for line in lines.values_list("line", flat=True) if isinstance(fact := read_line(line), ActivityHappened)
    ]


def test_a_visitor_becomes_a_lead_with_what_they_did_before(site: Site) -> None:
    page = {"path": "/pricing", "url": "https://www.acme.example/pricing", "title": "Prices"}
    site.send("page", anonymousId="v1", context={"page": page, "ip": "203.0.113.9"})
    assert not Lead.objects.exists()
    traits = {"email": "Ann@Buyer.example", "firstName": "Ann", "company": {"name": "Buyer", "employee_count": 200}}
    campaign = {"name": "spring", "source": "google", "medium": "cpc"}
    site.send("identify", anonymousId="v1", userId="u1", traits=traits, context={"campaign": campaign})
    lead = Lead.objects.get()
    assert (lead.email, lead.name, lead.company) == ("Ann@Buyer.example", "Ann", "Buyer")
    [looked] = did(lead.id)
    assert (looked.kind, looked.properties["path"]) == ("page_viewed", "/pricing")
    lines = " ".join(Fact.objects.values_list("line", flat=True))
    assert '"source":"google"' in lines
    assert '"employees":200' in lines
    assert "203.0.113.9" not in lines
    site.send(
        "identify", userId="u1", context={"campaign": {"name": "autumn", "source": "bing"}}, traits={"title": "CTO"}
    )
    assert '"source":"bing"' not in " ".join(Fact.objects.values_list("line", flat=True))


def test_events_are_called_as_the_rows_say_and_unknown_ones_are_kept(site: Site) -> None:
    site.send("identify", userId="u1", traits={"email": "ann@buyer.example", **GOOD})
    site.send("track", userId="u1", event="Demo Requested", properties={"which": {"form": "demo"}, "tags": ["a"]})
    site.send("track", userId="u1", event="Rocket Launched", properties={"height": 2.5})
    lead = Lead.objects.get().id
    asked, launched = did(lead)
    assert (asked.kind, asked.properties["form"]) == ("form_submitted", "demo")
    assert (launched.kind, str(launched.properties["height"])) == ("rocket_launched", "2.5")
    assert Cycle.objects.get(lead=lead).state == "waiting"


def test_a_message_that_comes_again_is_one(site: Site) -> None:
    site.send("identify", userId="u1", traits={"email": "ann@buyer.example"})
    for _ in range(3):
        site.send("track", userId="u1", event="Trial Started", messageId="once")
    site.batch({"type": "track", "userId": "u1", "event": "Trial Started", "messageId": "once"})
    assert len(did(Lead.objects.get().id)) == 1


def test_an_alias_makes_two_ids_one_human(site: Site) -> None:
    site.send("page", anonymousId="v9", context={"page": {"path": "/pricing"}})
    site.send("identify", userId="u1", traits={"email": "ann@buyer.example"})
    site.send("identify", userId="old7", traits={"company": "Buyer"})
    assert Lead.objects.filter(merged_into="").count() == 2
    site.send("alias", previousId="old7", userId="u1")
    site.send("alias", previousId="v9", userId="u1")
    lead = Lead.objects.get(merged_into="")
    assert lead.company == "Buyer"
    assert len(did(lead.id)) == 1
    assert set(Key.objects.filter(value__in=["u1", "old7", "v9"]).values_list("lead", flat=True)) == {lead.id}


def test_a_group_says_what_company_a_user_is_of(site: Site) -> None:
    site.send("identify", userId="u1", traits={"email": "ann@buyer.example"})
    site.send(
        "group", userId="u1", groupId="g1", traits={"name": "Buyer GmbH", "industry": "Software", "employees": 120}
    )
    lead = Lead.objects.get()
    assert lead.company == "Buyer GmbH"
    assert lead.account is not None
    assert lead.fit > 0


def test_the_senders_clock_is_put_right(site: Site, clock: Hands) -> None:
    at = clock.move(0)
    behind = at - 24 * HOUR
    message = {
        "type": "track",
        "userId": "u1",
        "event": "Trial Started",
        "timestamp": format_instant(behind - 5 * MINUTE),
    }
    site.batch(message, sentAt=format_instant(behind))
    [fact] = did(Lead.objects.get().id)
    assert fact.happened_at == at - 5 * MINUTE


def test_what_is_no_message_is_set_aside_and_the_others_are_taken(site: Site) -> None:
    good = {"type": "identify", "userId": "u1", "traits": {"email": "ann@buyer.example"}, "messageId": "g"}
    site.batch(
        {"type": "dance", "userId": "u1"}, 7, good, {"type": "track", "event": "x"}, {"type": "track", "userId": "u"}
    )
    assert Lead.objects.count() == 1
    assert list(SetAside.objects.order_by("id").values_list("code", flat=True)) == [
        *("unknown_type", "malformed", "no_identity", "no_event"),
    ]


def test_who_has_no_key_sends_nothing(site: Site) -> None:
    site.client = Client(headers={"Authorization": "Basic bm9ib2R5Og=="})
    site.send("identify", userId="u1", status=401)
    site.client = Client()
    site.send("identify", userId="u1", status=401)
    site.send("identify", userId="u1", writeKey=WRITE_KEY)
    assert Lead.objects.count() == 1


def test_a_page_of_another_site_may_only_send_when_its_origin_is_named(site: Site) -> None:
    asked = site.client.options("/v1/track", headers={"Origin": "https://elsewhere.example"})
    assert asked.status_code == 403
    answer = site.client.post(
        "/v1/identify",
        {"userId": "u1"},
        content_type="application/json",
        headers={"Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403
    assert not Lead.objects.exists()


def test_packed_bodies_are_unpacked_and_bombs_are_not(site: Site) -> None:
    body = gzip.compress(json.dumps({"batch": [{"type": "identify", "userId": "u1"}]}).encode())
    headers = {"Content-Encoding": "gzip"}
    sent = site.client.post("/v1/batch", body, content_type="application/json", headers=headers)
    assert sent.status_code == 200
    assert Lead.objects.count() == 1
    bomb = gzip.compress(b" " * 50_000_000)
    assert site.client.post("/v1/batch", bomb, content_type="application/json", headers=headers).status_code == 413
    assert site.client.post("/v1/batch", b"junk", content_type="application/json", headers=headers).status_code == 400


def test_bots_are_kept_and_not_scored(site: Site) -> None:
    site.send("identify", userId="u1", traits={"email": "ann@buyer.example"})
    agents = ("Mozilla/5.0 (compatible; Googlebot/2.1)", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    for agent in agents:
        site.send("page", userId="u1", context={"userAgent": agent, "page": {"path": "/pricing"}})
    lead = Lead.objects.get()
    assert [fact.by_bot for fact in did(lead.id)] == [True, False]
    score = lead.behaviour
    page = {"type": "page", "userId": "u1", "context": {"page": {"path": "/pricing"}}}
    site.batch(*({**page, "messageId": f"p{number}"} for number in range(30)))
    assert sum(fact.by_bot for fact in did(lead.id)) == 1 + 30 - 19
    asked = {"type": "track", "event": "Demo Requested", "userId": "u1", "properties": {"which": {"form": "demo"}}}
    site.batch(asked)
    assert not did(lead.id)[-1].by_bot
    lead.refresh_from_db()
    assert lead.behaviour > score


_LIBRARY = """
import sys
from segment import analytics
analytics.write_key, analytics.host = sys.argv[1], sys.argv[2]
analytics.gzip, analytics.debug = True, True
failed = []
analytics.on_error = lambda error, items: failed.append(error)
for number in range(250):
    who = {"anonymous_id": f"v{number}"}
    analytics.page(name="Prices", context={"page": {"path": "/pricing"}}, **who)
    analytics.identify(f"u{number}", {"email": f"person{number}@buyer.example", "industry": "software"}, **who)
    analytics.track(f"u{number}", "Demo Requested", {"which": {"form": "demo"}})
analytics.alias("v0", "u0")
analytics.group("u1", "g1", {"name": "Buyer"})
analytics.flush()
analytics.shutdown()
print(len(failed))
"""


def test_segments_own_library_loses_nothing(home: dict[str, str], tmp_path: Path) -> None:
    seeded = [sys.executable, "-m", "tests.support.intake_seed"]
    subprocess.run(seeded, env={**home, "PYTHONPATH": ".:src"}, check=True, capture_output=True, timeout=120)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path / "web"
    folder.mkdir()
    with running(home, folder, "web", "--port", str(port)):
        until(lambda: get(f"http://127.0.0.1:{port}/healthz")[0] == 200, "the server answers")
        command = [sys.executable, "-c", _LIBRARY, WRITE_KEY, f"http://127.0.0.1:{port}"]
        sent = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        assert sent.stdout.strip() == "0", sent.stderr
    counted = subprocess.run(
        [sys.executable, "-c", _COUNT],
        env={**home, "PYTHONPATH": ".:src"},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert json.loads(counted.stdout) == {
        "leads": 250,
        "acts": 500,
        "held": 0,
        "aside": 0,
        "cycles": 250,
        "company": ["Buyer"],
    }


_COUNT = """
import json
from handfast_server.operate.up import up
up()
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.models import Nameless, SetAside
from handfast_server.leads.models import Lead
print(json.dumps({
    "leads": Lead.objects.count(), "acts": Fact.objects.filter(kind="ActivityHappened").count(),
    "held": Nameless.objects.count(), "aside": SetAside.objects.count(), "cycles": Cycle.objects.count(),
    "company": list(Lead.objects.exclude(company="").values_list("company", flat=True)),
}))
"""


def test_what_is_held_is_held_once(site: Site) -> None:
    for _ in range(2):
        site.send("page", anonymousId="v1", messageId="same", context={"page": {"path": "/pricing"}})
    assert Nameless.objects.count() == 1
