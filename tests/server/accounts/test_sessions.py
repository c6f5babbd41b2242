"""One's own sessions: each is named, ended one by one or all but this; somebody else's are not there."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from tests.support import service

from handfast_server.accounts.actions import do_end_sessions
from handfast_server.accounts.invitations import do_invite
from handfast_server.accounts.models import Role, User
from handfast_server.accounts.sessions import browser_of
from handfast_server.audit.models import Entry

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile/15E148 Safari/604.1"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(user: User, agent: str = DESK) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    given = {"login": user.email, "password": "a good word"}
    assert client.post("/account/login/", given).status_code == 302
    return client


def test_each_is_named_and_ended_one_by_one_or_all_but_this(people: dict[str, User]) -> None:
    lena = people["rep"]
    desk, phone, third = signed_in(lena), signed_in(lena, PHONE), signed_in(lena)
    sams = signed_in(people["sam"])
    page = desk.get("/account/sessions/").content.decode()
    assert page.count("Firefox on Linux") >= 2
    assert "Safari on iPhone" in page
    assert page.count("this one") == 1
    theirs = UserSession.objects.get(user=people["sam"])
    desk.post("/account/sessions/end", {"session": theirs.pk})
    assert sams.get("/inbox").status_code == 200
    mine = UserSession.objects.get(session_key=desk.session.session_key)
    assert "Nothing to end" in desk.post("/account/sessions/end", {"session": mine.pk}, follow=True).content.decode()
    of_phone = UserSession.objects.get(user=lena, user_agent=PHONE)
    desk.post("/account/sessions/end", {"session": of_phone.pk})
    assert phone.get("/inbox").status_code == 302
    assert third.get("/inbox").status_code == 200
    desk.post("/account/sessions/end")
    assert third.get("/inbox").status_code == 302
    assert desk.get("/inbox").status_code == 200
    assert set(Entry.objects.filter(what="accounts.sessions_ended").values_list("who", flat=True)) == {
        f"user:{lena.pk}"
    }
    assert "others" not in desk.get("/account/sessions/").content.decode()


def test_whoever_joins_by_an_invitation_can_be_signed_out_as_well(db: None) -> None:
    _made, link = do_invite("nora@acme.example", [Role.REP], name="Nora", rep="nora", by="user:1")
    nora = Client()
    nora.post(f"/invited/{link.rsplit('/', 1)[1]}", {"name": "Nora", "password": "another good word"})
    assert nora.get("/inbox").status_code == 200
    do_end_sessions(User.objects.get(email="nora@acme.example").pk)
    assert nora.get("/inbox").status_code == 302


@pytest.mark.parametrize(
    ("told", "zone"), [("America/New_York", "America/New_York"), ("Nowhere/Atall", "Europe/Berlin")]
)
def test_whoever_joins_reads_in_the_language_and_zone_of_their_browser(db: None, told: str, zone: str) -> None:
    service.sign()
    _made, link = do_invite("nora@acme.example", [Role.REP], name="Nora", rep="nora", by="user:1")
    nora = Client(headers={"accept-language": "de-AT,de;q=0.9,en;q=0.5"})
    nora.post(f"/invited/{link.rsplit('/', 1)[1]}", {"name": "Nora", "password": "another good word", "zone": told})
    user = User.objects.get()
    assert (user.zone, user.language) == (zone, "de")
    assert '<html lang="de"' in nora.get("/inbox").content.decode()


def test_nobody_at_all_has_none(client: Client) -> None:
    assert client.get("/account/sessions/").status_code == 302
    assert client.post("/account/sessions/end").status_code == 302


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537 Chrome/140.0 Mobile Safari/537", "Chrome on Android"),
        ("curl/8", "curl/8"),
        ("", "An unknown browser"),
    ],
)
def test_a_browser_is_called_by_what_people_call_it(agent: str, name: str) -> None:
    assert browser_of(agent) == name
