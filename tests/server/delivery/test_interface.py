"""Endpoints, messages, wishes and audiences through the interface."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext, override
from tests.support.receivers import Receiver, status
from tests.support.service import Crew, Hands, named, take_in

from handfast.facts import ActivityHappened, ConsentChanged, Purpose, Rejected
from handfast.instant import HOUR, MINUTE
from handfast_server.accounts.models import Role, User
from handfast_server.accounts.tokens import make_token
from handfast_server.api.app import api
from handfast_server.config import SAYS
from handfast_server.decide.session import tell
from handfast_server.delivery import lease, net, reference, words
from handfast_server.delivery.events import known_filter
from handfast_server.delivery.models import Endpoint, Message, Wish
from handfast_server.handoffs.models import Cycle
from handfast_server.leads.models import Lead

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]
JSON: dict[str, Any] = {"content_type": "application/json"}


def test_an_endpoint_from_making_to_removing(
    clients: dict[str, Client], receiver: Receiver, send: Callable[[], None]
) -> None:
    admin = clients["admin"]
    made = admin.post("/api/delivery/endpoints", {"url": receiver.address, "events": ["clock."]}, **JSON)
    assert made.status_code == 201
    name, secret = made.json()["endpoint"]["id"], made.json()["secret"]
    assert secret.startswith("whsec_")
    listed = admin.get("/api/delivery/endpoints")
    assert [each["id"] for each in listed.json()] == [name]
    assert "whsec_" not in listed.content.decode()
    assert admin.post(f"/api/delivery/endpoints/{name}/secret").json()["secret"] != secret
    receiver.behave = status(500)
    message = admin.post(f"/api/delivery/endpoints/{name}/test").json()["message"]
    send()
    (attempt,) = admin.get(f"/api/delivery/messages/{message}/attempts").json()
    assert (attempt["result"], attempt["detail"]) == ("again", "500")
    Message.objects.update(state="dead")
    Endpoint.objects.update(rest_until=0)
    receiver.behave = None
    (dead,) = admin.get("/api/delivery/messages?state=dead").json()["items"]
    assert dead["id"] == message
    assert admin.post("/api/delivery/messages/send-again", {"messages": [message]}, **JSON).json() == {"count": 1}
    send()
    assert receiver.ids() == [message, message]
    changed = admin.patch(f"/api/delivery/endpoints/{name}", {"active": False, "about": "x"}, **JSON).json()
    assert (changed["active"], changed["about"], changed["events"]) == (False, "x", ["clock."])
    assert admin.delete(f"/api/delivery/endpoints/{name}").status_code == 204
    assert admin.delete(f"/api/delivery/endpoints/{name}").status_code == 404


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"url": "https://127.0.0.1/x"}, "url"),
        ({"url": "https://hooks.example/x", "events": ["lead.nothing"]}, "events.0"),
        ({"url": "https://hooks.example/x", "events": ["digest"]}, "events.0"),
    ],
)
def test_an_endpoint_that_cannot_be_is_refused(clients: dict[str, Client], body: dict[str, Any], path: str) -> None:
    answer = clients["admin"].post("/api/delivery/endpoints", body, **JSON)
    assert (answer.status_code, answer.json()["path"]) == (422, path)


def test_a_channel_is_made_for_somebody_or_for_named_events(
    clients: dict[str, Client], people: dict[str, User], settings: Any
) -> None:
    settings.WEBHOOKS_TO_PRIVATE = True
    admin, address = clients["admin"], "json://127.0.0.1:9/x"
    shared = {"name": "Sales", "address": address}
    assert admin.post("/api/delivery/channels", shared, **JSON).json()["code"] == "events_missing"
    assert admin.post("/api/delivery/channels", {**shared, "user": 10**6}, **JSON).json()["code"] == "unknown_user"
    made = admin.post("/api/delivery/channels", {**shared, "user": people["rep"].pk}, **JSON)
    assert (made.status_code, made.json()["user"]) == (201, people["rep"].pk)
    assert "127.0.0.1" not in admin.get("/api/delivery/channels").content.decode()
    assert admin.delete(f"/api/delivery/channels/{made.json()['id']}").status_code == 204
    settings.WEBHOOKS_TO_PRIVATE = False
    assert (
        admin.post("/api/delivery/channels", shared | {"events": ["alert"]}, **JSON).json()["code"] == "address_refused"
    )


def test_wishes_are_ones_own(clients: dict[str, Client], people: dict[str, User]) -> None:
    rep = clients["rep"]
    assert rep.get("/api/delivery/wishes").json()["digest_at"] == 480
    assert rep.patch("/api/delivery/wishes", {"quiet_from": 1320, "quiet_until": 420}, **JSON).status_code == 200
    assert rep.patch("/api/delivery/wishes", {"muted": ["alert"]}, **JSON).json()["quiet_from"] == 1320
    assert rep.patch("/api/delivery/wishes", {"quiet_from": None}, **JSON).json()["quiet_from"] is None
    assert rep.patch("/api/delivery/wishes", {"muted": ["nothing"]}, **JSON).status_code == 422
    assert [*Wish.objects.values_list("user", flat=True)] == [people["rep"].pk]
    token = make_token("t", [Role.ADMIN], ["read", "admin"], None)[1]
    answer = Client().get("/api/delivery/wishes", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["code"] == "not_a_person"


def audiences(client: Client) -> dict[str, int]:
    counted: dict[str, int] = client.get("/api/audiences").json()
    return {name: count for name, count in counted.items() if count}


def test_each_lead_is_in_one_audience_or_none(
    clock: Hands, lead: Callable[..., str], clients: dict[str, Client]
) -> None:
    dana = clients["marketing"]
    handed, nurture = lead(), lead(asks=False, title="Clerk", industry="mining", employees=1, country="FR")
    warm = lead(asks=False)
    stand = dict(Lead.objects.values_list("id", "audience"))
    assert (stand[handed], stand[nurture], stand[warm]) == ("in_handoff", "nurture", "warm")
    assert audiences(dana) == {"nurture": 1, "warm": 1, "in_handoff": 1}
    tell(named(ConsentChanged, lead=nurture, purpose=Purpose.MARKETING, granted=False))
    assert audiences(dana) == {"warm": 1, "in_handoff": 1}
    (member,) = dana.get("/api/audiences/warm").json()["items"]
    assert member["id"] == warm
    assert clients["viewer"].get("/api/audiences").status_code == 403
    assert dana.get("/api/audiences/cold").status_code == 422


def test_who_comes_back_on_a_day_is_recycled(clock: Hands, lead: Callable[..., str], team: Crew) -> None:
    name = lead()
    tell(named(Rejected, lead=name, by=Cycle.objects.get(lead=name).owner, reason="no_budget"))
    assert Lead.objects.get(pk=name).audience == "recycled"
    clock.move(HOUR)
    take_in([named(ActivityHappened, lead=name, kind="form_submitted", properties={"form": "demo"})])
    assert Lead.objects.get(pk=name).audience == "in_handoff"


def test_an_audience_as_csv_has_no_formulas_and_leads_to_its_next_page(
    clock: Hands, lead: Callable[..., str], clients: dict[str, Client]
) -> None:
    names = {lead() for _ in range(3)}
    Lead.objects.update(name='=HYPERLINK("http://evil.example")', company="+1", title="@x")
    address, rows = "/api/audiences/in_handoff/csv?limit=2", []
    pages = 0
    while address:
        answer = clients["marketing"].get(address)
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        rows += list(csv.DictReader(io.StringIO(answer.content.decode())))
        found = re.match(r"<http://testserver(.+)>; rel=\"next\"", answer.get("Link", ""))
        address = found[1] if found else ""
        pages += 1
    assert ({row["id"] for row in rows}, len(rows), pages) == (names, 3, 2)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert rows[0]["fit"] == "60"


def test_the_page_of_events_is_that_of_the_table() -> None:
    shown = (ROOT / "docs/reference/events.md").read_text(encoding="utf-8")
    assert shown == reference.page(), "run: make generated"


def test_every_sentence_to_people_has_its_german() -> None:
    po = ROOT / "src/handfast_server/delivery/locale/de/LC_MESSAGES/django.po"
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', po.read_text(encoding="utf-8"), re.MULTILINE)
    said = {*re.findall(r'(?:\b_|gettext_noop)\(\s*"([^"]+)"', "".join(_sources()))}
    assert said <= {english for english, _ in pairs}
    with override("de"):
        assert [english for english, german in pairs if not german or gettext(english) != german] == []


def _sources() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in (ROOT / "src/handfast_server/delivery").glob("*.py")]


@pytest.mark.parametrize(
    "what", ["The lead raised a hand again", "lena is away or gone: somebody else has to take over"]
)
def test_the_engines_own_sentences_are_known(what: str) -> None:
    with override("de"):
        assert words.alert_words(what) != what
    assert words.alert_words("Something new") == "Something new"


def test_what_the_guide_says_is_there() -> None:
    guide = (ROOT / "docs/how-to/notifications.md").read_text(encoding="utf-8")
    known = {re.sub(r"\{[^}]+\}", "X", path) for path in api.get_openapi_schema()["paths"]}
    named_ = {path.split("?")[0] for path in re.findall(r"(/api/[a-z/-]+)", guide)}
    assert len(named_) >= 5
    for path in named_:
        assert any(each.startswith(path.replace("nurture", "X")) for each in known), path
    for setting in re.findall(r"HANDFAST_[A-Z_]+", guide):
        assert setting in SAYS
    for events in re.findall(r'"(?:events|muted)": (\[[^\]]+\])', guide):
        assert all(known_filter(name) for name in json.loads(events))
    assert f"{lease.ATTEMPTS} times" in guide
    assert lease.LEASE == 2 * MINUTE
    assert f"{net.SECONDS:g} seconds" in guide
