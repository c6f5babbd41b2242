"""What people of the team are told: by mail and chat, in their language, at their hours, while it is true."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.support.receivers import Mailbox, Receiver, free_port
from tests.support.service import Crew, Hands, named

from handfast.facts import Accepted, ActivityHappened, Reassigned, ShadowSet
from handfast.instant import DAY, HOUR, MINUTE, parse_instant
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell
from handfast_server.delivery import actions, chat
from handfast_server.delivery import people as persons
from handfast_server.delivery.models import Attempt, Channel, Message, Wish
from handfast_server.delivery.net import AddressRefused
from handfast_server.handoffs.models import Clock, Cycle
from handfast_server.leads.actions import do_erase
from handfast_server.leads.models import Lead
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db

Send = Callable[[], None]
NewLead = Callable[..., str]


@pytest.fixture
def mine(lead: NewLead, people: dict[str, User]) -> NewLead:
    """A lead that Lena has, with a name."""

    def made(**values: Any) -> str:
        while True:
            name = lead(**values)
            if Cycle.objects.get(lead=name).owner == "lena":
                Lead.objects.filter(pk=name).update(name="Ada <b>Buyer</b>", company="Buyer & Sons")
                return name
            Message.objects.filter(lead=name).delete()

    return made


def states(lead: str, channel: str = "person") -> list[tuple[str, str]]:
    return [
        *Message.objects.filter(lead=lead, channel=channel)
        .order_by("created_at", "position")
        .values_list("state", "error")
    ]


def test_an_owner_is_told_of_a_new_lead(clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send) -> None:
    name = mine()
    send()
    (mail,) = mailbox.mails
    assert mail["To"] == "lena@acme.example"
    assert mail["Subject"] == "New lead: Ada <b>Buyer</b> (Buyer & Sons)"
    message = Message.objects.get(lead=name, channel="mail")
    assert mail["Message-ID"].startswith(f"<{message.id}@")
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr] # there is one
    assert "First touch due" in text
    assert "/decide/" in text
    assert "Ada &lt;b&gt;Buyer&lt;/b&gt;" in html
    assert "Ada" not in message.payload
    assert Attempt.objects.get(message=message).result == "sent"


def test_mail_speaks_german_to_who_does(
    clock: Hands, mine: NewLead, people: dict[str, User], mailbox: Mailbox, send: Send
) -> None:
    User.objects.filter(rep="lena").update(language="de", zone="Europe/Berlin")
    mine()
    send()
    text = mailbox.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr] # there is one
    assert mailbox.mails[0]["Subject"].startswith("Neuer Lead: ")
    assert "Annehmen" in text
    assert "CET" in text


def test_a_server_that_is_away_costs_a_pause(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send, settings: Any
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    name = mine()
    send()
    assert states(name, "mail") == [("ready", "ConnectionRefusedError")]
    settings.EMAIL_PORT = port
    clock.move(MINUTE)
    send()
    assert states(name, "mail") == [("sent", "")]


def test_an_address_that_is_refused_for_good_is_given_up(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send
) -> None:
    mailbox.refuse = "550 no such user"
    name = mine()
    send()
    assert states(name, "mail") == [("dead", "recipient_refused_550")]
    mailbox.refuse = ""
    assert actions.do_send_again() == 1
    send()
    assert len(mailbox.mails) == 1


def test_an_address_that_is_busy_is_tried_again(clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send) -> None:
    mailbox.refuse = "450 busy"
    name = mine()
    send()
    assert states(name, "mail") == [("ready", "recipient_refused_450")]


def test_what_is_found_after_its_cutoff_is_recorded_and_not_sent(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send
) -> None:
    name = mine()
    due = Clock.objects.get(cycle__lead=name, name="first_touch").due_at or 0
    clock.to(due + 10 * MINUTE)
    run(once=True)
    mails = [mail["Subject"] for mail in mailbox.mails]
    assert any("first touch" in subject for subject in mails)
    tell(named(Accepted, lead=name, by=Cycle.objects.get(lead=name).owner or "lena"))
    late = mine()
    due = Clock.objects.get(cycle__lead=late, name="first_touch").due_at or 0
    clock.to(due + MINUTE)
    from handfast_server.worker.sweep import LOOPS as SWEEP

    run(once=True, which=SWEEP)
    clock.move(HOUR)  # mail was down
    count = len(mailbox.mails)
    run(once=True)
    steps = Message.objects.filter(lead=late, event="clock.step", channel="person", created_at__gt=due)
    assert {*steps.values_list("state", flat=True)} == {"late"}
    assert not any("first touch" in mail["Subject"] for mail in mailbox.mails[count:])


def test_who_does_not_have_it_any_more_is_not_told_that_it_came(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send
) -> None:
    name = mine()
    tell(named(Reassigned, lead=name, by="mia", to="sam"))
    send()
    assert [(mail["To"], mail["Subject"].split(":")[0]) for mail in mailbox.mails] == [
        ("lena@acme.example", "No longer yours"),
        ("sam@acme.example", "A lead comes to you"),
    ]
    assert ("skipped", "over") in states(name)


def test_quiet_hours_hold_all_but_what_is_over(
    clock: Hands, mine: NewLead, people: dict[str, User], mailbox: Mailbox, send: Send
) -> None:
    User.objects.filter(rep="lena").update(zone="Europe/Berlin")
    actions.do_wish(User.objects.get(rep="lena").pk, quiet_from=9 * 60, quiet_until=11 * 60)
    name = mine()
    send()
    assert states(name) == [("ready", "quiet_hours")]
    assert not mailbox.mails
    clock.to(parse_instant("2026-11-23T11:00:00+01:00"))
    send()
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        ("2026-11-23T21:59:00+01:00", None),
        ("2026-11-23T22:00:00+01:00", "2026-11-24T07:00:00+01:00"),
        ("2026-11-24T06:59:59+01:00", "2026-11-24T07:00:00+01:00"),
        ("2026-11-24T07:00:00+01:00", None),
        ("2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00+01:00"),
    ],
)
def test_quiet_hours_over_midnight_and_over_a_change_of_the_clocks(at: str, ends: str | None, people: Any) -> None:
    user = people["rep"]
    user.zone = "Europe/Berlin"
    actions.do_wish(user.pk, quiet_from=22 * 60, quiet_until=7 * 60)
    found = persons.quiet_until(persons.Person(user.email, user), parse_instant(at))
    assert found == (None if ends is None else parse_instant(ends))


def test_who_is_not_known_muted_or_unreachable_is_passed_over_with_the_reason(
    clock: Hands, lead: NewLead, people: dict[str, User], send: Send, mailbox: Mailbox, settings: Any
) -> None:
    for user in User.objects.filter(rep__in=("lena", "sam")):
        actions.do_wish(user.pk, muted=["lead.assigned"])
    muted = lead()
    settings.MAIL_URL = ""
    Wish.objects.all().delete()
    send()
    assert states(muted) == [("skipped", "no_way_to_them")]
    User.objects.all().update(rep="")
    nobody = lead()
    send()
    assert states(nobody) == [("skipped", "nobody_of_that_name")]


def test_a_person_and_a_shared_channel_are_told_by_chat(
    clock: Hands, mine: NewLead, people: dict[str, User], receiver: Receiver, send: Send, team: Crew
) -> None:
    address = receiver.address.replace("http://", "json://")
    actions.do_make_channel("Lena", f"{address}/lena", [], people["rep"].pk)
    actions.do_make_channel("Sales", f"{address}/sales", ["lead.qualified"], None)
    Message.objects.all().delete()
    name = mine()
    send()
    got = {each.path: orjson.loads(each.body) for each in receiver.got}
    assert got["/lena"]["title"] == "New lead: Ada <b>Buyer</b> (Buyer & Sons)"
    assert "/decide/" in got["/lena"]["message"]
    assert got["/sales"]["title"].startswith("lead.qualified: ")
    assert "/decide/" not in got["/sales"]["message"]
    assert {*Message.objects.filter(lead=name, channel="chat").values_list("state", flat=True)} == {"sent"}
    assert receiver.address not in "".join(Channel.objects.values_list("address", flat=True))


@pytest.mark.parametrize(
    "address", ["syslog://", "dbus://", "nonsense://x", "json://127.0.0.1/x", "x", "mqtt://example.com/t"]
)
def test_addresses_of_this_machine_are_no_chats(address: str) -> None:
    with pytest.raises(AddressRefused):
        chat.plugin_of(address)


def test_a_chat_whose_name_answers_otherwise_a_moment_later_reaches_nothing_inside(
    clock: Hands, mine: NewLead, receiver: Receiver, send: Send, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "check_host", str)  # it was outside when it was looked at
    settings.WEBHOOKS_TO_PRIVATE = False
    actions.do_make_channel("Sales", f"{receiver.address.replace('http://', 'json://')}/x", ["lead.qualified"], None)
    name = mine()
    send()
    assert not receiver.got
    assert [*Message.objects.filter(lead=name, channel="chat").values_list("error", flat=True)] == ["address_refused"]


def test_marketing_is_told_of_a_contest_at_the_contracts_address(team: Crew) -> None:
    found = persons.find("role:marketing")
    assert found is not None
    assert "@" in found.address


def test_whoever_decided_it_is_not_told(clock: Hands, mine: NewLead, people: Any) -> None:
    name = mine()
    Message.objects.all().delete()
    tell(named(Reassigned, lead=name, by="mia", to="mia"))
    told = Message.objects.filter(channel="person").values_list("event", "to")
    assert [*told] == [("lead.unassigned", "lena")]


def test_what_waits_of_an_erased_lead_is_never_sent(clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send) -> None:
    name = mine()
    do_erase(name)
    send()
    assert not mailbox.mails
    assert ("skipped", "erased") in states(name)


def test_a_digest_comes_once_a_day_at_the_persons_hour_and_only_with_something_in_it(
    clock: Hands, mine: NewLead, people: dict[str, User], mailbox: Mailbox, morning: Send, client: Client
) -> None:
    User.objects.filter(rep="lena").update(zone="Europe/Berlin")
    User.objects.exclude(rep="lena").update(is_active=False)
    mine()
    clock.to(parse_instant("2026-11-24T07:59:00+01:00"))
    morning()
    assert not any("Your day" in mail["Subject"] for mail in mailbox.mails)
    clock.move(MINUTE)
    morning()
    morning()
    digests = [mail for mail in mailbox.mails if "Your day" in mail["Subject"]]
    assert len(digests) == 1
    html = digests[0].get_body(("html",)).get_content()  # type: ignore[union-attr] # there is one
    assert "Waiting for a decision" in html
    assert digests[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = digests[0]["List-Unsubscribe"].strip(" <>").removeprefix("http://127.0.0.1:8000")
    assert client.get(link).status_code == 200
    assert not Wish.objects.filter(digest=False).exists()
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    clock.move(DAY)
    morning()
    assert len([mail for mail in mailbox.mails if "Your day" in mail["Subject"]]) == 1


def test_in_shadow_mode_there_is_no_digest(clock: Hands, mine: NewLead, people: dict[str, User], morning: Send) -> None:
    mine()
    tell(named(ShadowSet, on=True))
    clock.to(parse_instant("2026-11-24T09:00:00+01:00"))
    morning()
    assert not Message.objects.filter(event="digest").exists()
    tell(named(ShadowSet, on=False))
    morning()
    assert Message.objects.filter(event="digest").exists()


def test_an_empty_day_has_no_digest(
    clock: Hands, people: dict[str, User], mailbox: Mailbox, morning: Send, signed: Any
) -> None:
    clock.to(parse_instant("2026-11-24T09:00:00+00:00"))
    morning()
    assert Message.objects.filter(event="digest", state="sent", channel="person").exists()
    assert {*Message.objects.filter(channel="mail").values_list("error", flat=True)} == {"nothing_to_say"}
    assert not mailbox.mails


def links_of(mailbox: Mailbox) -> dict[str, str]:
    text = mailbox.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr] # there is one
    found = re.findall(r"^(Accept|Return|Reject): http://127\.0\.0\.1:8000(\S+)\r?$", text, re.MULTILINE)
    return dict(found)


def test_a_link_asks_first_and_decides_once(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send, client: Client
) -> None:
    name = mine()
    send()
    link = links_of(mailbox)["Accept"]
    for _ in range(3):  # scanners
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert Cycle.objects.get(lead=name).state == "waiting"
    assert client.get(link)["Referrer-Policy"] == "same-origin"  # without any, browsers post from nowhere: refused
    assert client.post(link).status_code == 200
    assert Cycle.objects.get(lead=name).state == "accepted"
    assert client.post(link).status_code == 410
    assert client.get(link).status_code == 410
    assert client.post(links_of(mailbox)["Reject"], {"reason": "x"}).status_code == 409


def test_a_link_rejects_with_a_reason_of_the_contract(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send, client: Client
) -> None:
    name = mine()
    send()
    link = links_of(mailbox)["Return"]
    page = client.get(link).content.decode()
    reasons = re.findall(r'<option value="([^"]+)"', page)
    assert reasons
    assert client.post(link, {"reason": "no such reason"}).status_code == 409
    assert client.post(link, {"reason": reasons[0], "note": "wrong country"}).status_code == 200
    assert Cycle.objects.get(lead=name).owner == "sam"


def test_a_link_rejects_with_a_date_where_the_reason_asks_for_one(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send, client: Client
) -> None:
    name = mine()
    send()
    link = links_of(mailbox)["Reject"]
    assert "no_budget" in client.get(link).content.decode()
    assert client.post(link, {"reason": "bad_timing", "revisit_on": "soon"}).status_code == 422
    assert client.post(link, {"reason": "bad_timing", "revisit_on": "2027-03-01"}).status_code == 200
    assert Cycle.objects.get(lead=name).state == "rejected"


def test_a_link_is_for_one_person_for_a_week_and_for_nobody_who_left(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send, clients: dict[str, Client], client: Client
) -> None:
    name = mine()
    send()
    link = links_of(mailbox)["Accept"]
    assert clients["sam"].post(link).status_code == 403
    assert client.get(link + "x").status_code == 404
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    clock.move(8 * DAY)
    assert client.post(link).status_code == 410
    clock.move(-8 * DAY)
    User.objects.filter(rep="lena").update(is_active=False)
    assert client.post(link).status_code == 404
    User.objects.filter(rep="lena").update(is_active=True, roles=["viewer"])
    assert client.post(link).status_code == 403
    assert Cycle.objects.get(lead=name).state == "waiting"


def test_a_link_does_nothing_once_the_handoff_has_moved_on(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send, client: Client
) -> None:
    name = mine()
    send()
    links = links_of(mailbox)
    tell(named(Reassigned, lead=name, by="mia", to="sam"))
    for link in links.values():
        page = client.get(link)
        assert page.status_code == 409
        assert "Ada" not in page.content.decode()
        assert "moved on" in page.content.decode()
        assert client.post(link, {"reason": "junk_contact"}).status_code == 409
    assert (Cycle.objects.get(lead=name).owner, Cycle.objects.get(lead=name).state) == ("sam", "waiting")


def test_what_was_typed_behind_a_link_stays_beside_what_was_wrong(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send, client: Client
) -> None:
    mine()
    send()
    answer = client.post(links_of(mailbox)["Reject"], {"reason": "bad_timing", "note": "After <b>the</b> fair"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert '<option value="bad_timing" selected>' in page
    assert "After &lt;b&gt;the&lt;/b&gt; fair</textarea>" in page


def test_a_message_says_what_the_card_says_in_every_shape(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send, client: Client
) -> None:
    mine()
    send()
    mail = mailbox.mails[-1]
    text, html = (str(mail.get_body((kind,)).get_content()) for kind in ("plain", "html"))  # type: ignore[union-attr] # there is one
    page = client.get(links_of(mailbox)["Accept"]).content.decode()
    for shown in (text, html, page):
        for part in ("Asked to be contacted", "Asked for a demo", "+30", "Buyer", "organic", "First touch due"):
            assert part in shown, part
    assert "Engage" in text
    assert "\n\n\n" not in text.replace("\r", "")


def test_hands_raised_again_are_told_in_the_readers_language(
    clock: Hands, mine: NewLead, mailbox: Mailbox, send: Send
) -> None:
    User.objects.filter(rep="lena").update(language="de")
    name = mine()
    send()
    clock.move(MINUTE)
    tell(named(Accepted, lead=name, by="lena"))
    tell(named(ActivityHappened, lead=name, kind="form_submitted", properties={"form": "demo"}))
    send()
    text = mailbox.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr] # there is one
    assert "noch einmal" in text
