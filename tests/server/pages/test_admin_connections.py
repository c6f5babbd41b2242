"""Connections and deliveries: as through the interface, with what is wrong at its field, and nothing secret twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests.support.page import Node, parsed

from handfast_server.accounts.models import User
from handfast_server.audit.models import Entry
from handfast_server.delivery import actions
from handfast_server.delivery.models import Attempt, Channel, Endpoint, Message
from handfast_server.intake.models import EventRule, SetAside, Source
from handfast_server.intake.sources import source_of_key
from handfast_server.now import now
from handfast_server.secrets import decrypt

pytestmark = pytest.mark.django_db

HOOK = "https://203.0.113.7/hook"
"""An address of nobody: written as a number, so that no name is looked up."""


@pytest.fixture
def admin(clients: dict[str, Client], settings: Any) -> Client:
    settings.WEBHOOKS_TO_PRIVATE = True  # as the addresses of examples are nobody's
    return clients["admin"]


def main(client: Client, address: str) -> Node:
    return tree(client.get(address).content.decode())


def tree(text: str) -> Node:
    return parsed(text[text.index("<main") : text.index("</main>") + 7])


def wrongs(answer: Any) -> str:
    return " ".join(each.text for each in tree(answer.content.decode()).all() if _is_wrong(each))


def _is_wrong(node: Node) -> bool:
    return bool({"wrong", "errorlist"} & set(node.attributes.get("class", "").split()))


def shown_once(answer: Any) -> str:
    return tree(answer.content.decode()).by_id("once").attributes["value"]


# sources


def test_a_tracking_source_from_making_to_a_new_key(admin: Client) -> None:
    events = "Demo Requested = demo_requested; plan = properties.plan\nPage = page_viewed\n"
    given = {"name": "site", "active": "on", "origins": "https://www.acme.example\n", "events": events}
    given |= {"traits": "job = title", "per_minute": "600", "settings": ""}
    made = admin.post("/connections/sources/new?kind=tracking", given)
    key = shown_once(made)
    source = Source.objects.get()
    assert source_of_key(key) == source
    assert (source.origins, source.settings) == (["https://www.acme.example"], {"per_minute": 600})
    assert source.mapping == {"traits": {"job": "title"}}
    rules = {rule.event: (rule.kind, rule.properties) for rule in EventRule.objects.all()}
    assert rules == {"Demo Requested": ("demo_requested", {"plan": "properties.plan"}), "Page": ("page_viewed", {})}
    page = admin.get("/connections/sources/site").content.decode()
    assert key not in page
    assert "Demo Requested = demo_requested; plan = properties.plan" in page
    assert admin.post("/connections/sources/site", {**given, "active": ""}).status_code == 302
    assert not Source.objects.get().active
    fresh = shown_once(admin.post("/connections/sources/site/key"))
    Source.objects.update(active=True)
    assert source_of_key(key) is None
    assert source_of_key(fresh) is not None


def test_a_webhook_that_is_only_opened_and_saved_stays_what_it_is(admin: Client) -> None:
    mapping = {
        "items": "events",
        "email": "lead.mail",
        "ids": {"crm": "lead.id"},
        "attributes": {"company": "lead.firm"},
        "activity": {"kind_at": "type", "kinds": {"call": "call_booked"}, "properties": {"plan": "plan"}},
    }
    settings = {"per_minute": 50, "signature": {"header": "X-Sig", "encoding": "hex", "signed": "{body}"}}
    body = {"kind": "webhook", "mapping": mapping, "settings": settings, "secret": "s3cret"}
    admin.put("/api/sources/chat", body, content_type="application/json")
    page = main(admin, "/connections/sources/chat")
    given = fields_of(page)
    assert admin.post("/connections/sources/chat", given).status_code == 302
    source = Source.objects.get()
    assert (source.mapping, source.settings, decrypt(source.secret)) == (mapping, settings, "s3cret")


def fields_of(page: Node) -> dict[str, str]:
    """What a browser would send of the first form that has fields one can see."""
    form = next(each for each in page.all("form") if each.attributes.get("method") == "post")
    given = {area.attributes["name"]: "".join(map(str, area.inside)).lstrip("\n") for area in form.all("textarea")}
    for field in form.all("input"):
        told = field.attributes
        if told.get("type") != "checkbox" or "checked" in told:
            given[told["name"]] = told.get("value", "on" if "checked" in told else "")
    return given


def test_what_is_wrong_with_a_source_stands_at_its_field(admin: Client) -> None:
    ok = {"name": "x", "active": "on"}
    for kind, given, sentence in (
        ("tracking", {**ok, "events": "no pair"}, "“no pair” is no pair"),
        ("tracking", {**ok, "origins": "nothing"}, "not written as it has to be"),
        ("tracking", {**ok, "name": "user"}, "the service speaks itself"),
        ("form", {**ok, "thanks": "/here"}, "whole address of a page"),
        ("form", {**ok, "per_minute": "0"}, "whole number from 1"),
        ("form", {**ok, "settings": "[1]"}, "This is an object"),
        ("form", {**ok, "settings": "{"}, "This is not JSON"),
        ("webhook", {**ok, "properties": "plan = plan"}, "activity names its kind"),
        ("webhook", {**ok, "settings": '{"signature": {"encoding": "rot13"}}'}, "encoding is hex or base64"),
    ):
        answer = admin.post(f"/connections/sources/new?kind={kind}", given)
        assert answer.status_code == 422, (kind, given)
        assert sentence in wrongs(answer), (kind, given, wrongs(answer))
    assert not Source.objects.exists()
    admin.post("/connections/sources/new?kind=form", ok)
    again = admin.post("/connections/sources/new?kind=form", ok)
    assert "There is a source of this name already." in wrongs(again)


# what was set aside


def aside(count: int = 1, **values: Any) -> list[SetAside]:
    told = {"source": "crm", "code": "malformed", "message": "It is none.", "body": '"{}"', **values}
    SetAside.objects.bulk_create(SetAside(name=f"crm:{n}", at=now(), **told) for n in range(count))
    return list(SetAside.objects.order_by("id"))


def test_what_was_set_aside_is_seen_told_again_and_thrown_away(admin: Client) -> None:
    told = {"type": "lead", "key": "7", "email": "ann@buyer.example"}
    (row,) = aside(body=json.dumps(json.dumps(told)))
    assert "1 thing that came in was set aside" in main(admin, "/connections").text
    page = admin.get(f"/connections/aside/{row.pk}").content.decode()
    assert "ann@buyer.example" in page
    admin.post("/connections/aside/again", {"aside": row.pk})
    assert not SetAside.objects.exists()
    bad, other = aside(2, body='"nothing at all"')
    answer = admin.post("/connections/aside/again", {"aside": bad.pk}, follow=True)
    assert "cannot be read any more" in answer.content.decode()
    admin.post("/connections/aside/drop", {"aside": [bad.pk, other.pk, 99999, "x"]})
    assert not SetAside.objects.exists()
    assert Entry.objects.filter(what="sources.dropped").count() == 2
    assert "Tick some first." in admin.post("/connections/aside/drop", follow=True).content.decode()


def test_a_long_list_of_them_has_pages_and_what_is_hostile_is_text(admin: Client) -> None:
    aside(120, message="<script>alert(1)</script>")
    address, seen = "/connections/aside", 0
    while address:
        page = main(admin, address)
        assert "<script>" in page.one("tbody").text
        seen += len(list(page.one("tbody").all("tr")))
        further = [each for each in page.all("a") if each.attributes.get("rel") == "next"]
        address = f"/connections/aside{further[0].attributes['href']}" if further else ""
    assert seen == 120


# what goes out


def test_a_webhook_from_making_to_removing(admin: Client) -> None:
    secret = shown_once(admin.post("/connections/webhooks/new", {"url": HOOK, "about": "CRM", "events": "clock.\n"}))
    row = Endpoint.objects.get()
    assert (decrypt(row.secret), row.events, row.about) == (secret, ["clock."], "CRM")
    address = f"/connections/webhooks/{row.pk}"
    assert secret not in admin.get(address).content.decode()
    Endpoint.objects.update(failures=3, failing_since=now(), rest_until=now() * 2)
    same = {"url": HOOK, "about": "CRM", "events": "clock.", "active": "on"}
    admin.post(address, {**same, "about": "The CRM"})
    row.refresh_from_db()
    assert (row.about, row.failures) == ("The CRM", 3)  # it was on: nothing is forgotten by saving a name
    admin.post(address, {**same, "active": ""})
    assert not Endpoint.objects.get().active
    admin.post(address, same)
    row.refresh_from_db()
    assert (row.active, row.failures) == (True, 0)
    assert shown_once(admin.post(f"{address}/secret")) == decrypt(Endpoint.objects.get().secret) != secret
    tried = admin.post(f"{address}/test")
    message = Message.objects.get()
    assert tried.headers["Location"] == f"/deliveries/{message.pk}"
    assert (message.event, message.to, message.channel) == ("endpoint.test", row.pk, "webhook")
    admin.post(f"{address}/remove")
    assert not Endpoint.objects.exists()


def test_what_is_wrong_with_a_webhook_or_a_chat_stands_at_its_field(admin: Client) -> None:
    for address, given, sentence in (
        ("/connections/webhooks/new", {"url": "nowhere"}, ""),
        ("/connections/webhooks/new", {"url": HOOK, "events": "no.such"}, "no event of this name"),
        ("/connections/webhooks/new", {"url": HOOK, "events": "No Such"}, "not written as it has to be"),
        ("/connections/channels/new", {"name": "Sales", "address": "json://203.0.113.7"}, "names the events"),
        ("/connections/channels/new", {"name": "Sales", "address": "nothing", "events": "alert"}, "no address"),
    ):
        answer = admin.post(address, given)
        assert answer.status_code == 422, (given, answer.status_code)
        assert wrongs(answer), given
        assert sentence in wrongs(answer), (given, wrongs(answer))
    assert not Endpoint.objects.exists()
    assert not Channel.objects.exists()


def test_a_chat_is_made_tried_and_removed_and_its_address_is_never_shown(
    admin: Client, people: dict[str, User]
) -> None:
    address = "json://hook:pa55word@203.0.113.7/x"
    given = {"name": "Sales", "address": address, "events": "alert\n", "user": ""}
    assert admin.post("/connections/channels/new", given).status_code == 302
    row = Channel.objects.get()
    assert decrypt(row.address) == address
    assert "pa55word" not in admin.get("/connections").content.decode()
    admin.post(f"/connections/channels/{row.pk}/test")
    assert Message.objects.get().channel == "chat"
    admin.post("/connections/channels/new", {**given, "events": "", "user": people["rep"].pk})
    assert Channel.objects.filter(user=people["rep"]).exists()
    admin.post(f"/connections/channels/{row.pk}/remove")
    assert not Channel.objects.filter(pk=row.pk).exists()


# deliveries


def messages(count: int, **values: Any) -> list[Message]:
    told: dict[str, Any] = {"event": "lead.assigned", "to": "lena", "channel": "person", "payload": "{}", **values}
    at = now()
    rows = [Message(id=f"msg_{n}", created_at=at + n, due_at=at, **told) for n in range(count)]
    return Message.objects.bulk_create(rows)


def test_deliveries_are_narrowed_by_the_address_and_have_pages(admin: Client) -> None:
    messages(130)
    Message.objects.filter(pk__in=("msg_3", "msg_4")).update(state="dead", to="sam", lead="l1", ended_at=now())
    for query, count in (("state=dead", 2), ("to=sam", 2), ("lead=l1", 2), ("event=lead.assigned", 50), ("", 50)):
        assert len(list(main(admin, f"/deliveries?{query}").one("tbody").all("tr"))) == count, query
    address, seen = "/deliveries", list[str]()
    while address:
        page = main(admin, address)
        seen += [each.attributes["href"] for each in page.one("tbody").all("a")]
        further = [each for each in page.all("a") if each.attributes.get("rel") == "next"]
        address = f"/deliveries{further[0].attributes['href']}" if further else ""
    assert len(seen) == len(set(seen)) == 130
    for query in ("state=nothing", "cursor=x", "lead=%00"):
        assert admin.get(f"/deliveries?{query}").status_code == 422, query
    assert "No message is like that" in admin.get("/deliveries?to=nobody").content.decode()


def test_what_can_be_ticked_can_be_sent_again(admin: Client) -> None:
    messages(1)
    assert "ticked ones" not in main(admin, "/deliveries").text
    Message.objects.update(state="dead", ended_at=1)
    assert "ticked ones" in main(admin, "/deliveries").text


def test_one_many_and_all_that_was_given_up_are_sent_again(admin: Client) -> None:
    messages(5, state="dead", ended_at=1)
    Message.objects.filter(pk="msg_4").update(state="sent")
    admin.post("/deliveries/again", {"message": ["msg_0"]})
    assert Message.objects.get(pk="msg_0").state == "ready"
    admin.post("/deliveries/again", {"message": ["msg_1", "msg_2", "msg_4"]})
    assert set(Message.objects.filter(state="ready").values_list("pk", flat=True)) == {"msg_0", "msg_1", "msg_2"}
    assert "Tick some first." in admin.post("/deliveries/again", follow=True).content.decode()
    admin.post("/deliveries/again", {"all": "yes"})
    assert Message.objects.filter(state="ready").count() == 4
    assert Entry.objects.filter(what="delivery.sent_again").count() == 3


def test_a_message_shows_its_tries_and_what_it_was_made_from(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    payload = '{"rep":"lena","reason":"He said <b>no</b>"}'
    (row,) = messages(1, payload=payload, lead="l1", state="dead", error="500")
    Attempt.objects.create(message=row, number=1, started_at=now(), ended_at=now(), result="again", detail="500")
    page = admin.get(f"/deliveries/{row.pk}").content.decode()
    assert "<b>no</b>" not in page
    assert "lena" in tree(page).one("pre").text
    assert "He said" not in page  # the lead is not one that they see
    Message.objects.update(lead="")
    assert "He said &lt;b&gt;no" in admin.get(f"/deliveries/{row.pk}").content.decode()
    assert tree(page).one("tbody").text.endswith("again 500")
    assert admin.get("/deliveries/msg_none").status_code == 404


def test_nobody_is_shown_what_an_endpoint_is_called_after_it_is_gone(admin: Client) -> None:
    made, _secret = actions.do_make_endpoint(HOOK, "CRM", [])
    messages(1, to=made.pk, channel="webhook")
    assert "CRM" in main(admin, "/deliveries").one("tbody").text
    Endpoint.objects.all().delete()
    assert made.pk in main(admin, "/deliveries").one("tbody").text
