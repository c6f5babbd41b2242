"""People and tokens: as through the interface, after showing who one is where it gives somebody rights."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.support.oneself import shown
from tests.support.page import Node, parsed
from tests.support.service import Hands

from handfast.instant import DAY
from handfast_server.accounts.invitations import open_invitation
from handfast_server.accounts.models import ApiToken, Invitation, User
from handfast_server.audit.models import Entry

pytestmark = pytest.mark.django_db

PASSWORD = "a good word"  # noqa: S105 # that of everybody in these tests


def main(text: str) -> Node:
    return parsed(text[text.index("<main") : text.index("</main>") + 7])


@pytest.fixture
def admin(people: dict[str, User]) -> Client:
    """Signed in, and showed a moment ago who they are."""
    client = Client()
    client.force_login(people["admin"], backend=settings.AUTHENTICATION_BACKENDS[0])
    shown(client)
    return client


def signed_in(user: User) -> Client:
    """As on the page for it, so that there is a session to end."""
    client = Client()
    assert client.post("/account/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    return client


def new(**more: object) -> dict[str, object]:
    return {"email": "New@acme.example", "name": "Nora", "roles": ["rep"], "rep": "nora", **more}


def test_everybody_is_listed_and_found_by_a_part_of_the_name(admin: Client, people: dict[str, User]) -> None:
    page = main(admin.get("/people").content.decode())
    assert len(list(page.one("tbody").all("tr"))) == len(people)
    found = main(admin.get("/people?q=LEN").content.decode())
    assert [row.one("a").text for row in found.one("tbody").all("tr")] == ["Lena"]
    assert "Nobody is called so" in admin.get("/people?q=zzz").content.decode()


def test_a_long_list_has_pages_and_every_person_stands_on_one(admin: Client, people: dict[str, User]) -> None:
    User.objects.bulk_create(User(email=f"p{n:03}@acme.example") for n in range(120))
    address, seen = "/people", list[str]()
    while address:
        page = main(admin.get(address).content.decode())
        seen += [row.one("a").text for row in page.one("tbody").all("tr")]
        further = [each for each in page.all("a") if each.attributes.get("rel") == "next"]
        address = f"/people{further[0].attributes['href']}" if further else ""
    assert len(seen) == len(set(seen)) == 120 + len(people)


def test_an_invitation_shows_its_link_once_and_a_new_one_ends_the_old(admin: Client) -> None:
    made = main(admin.post("/people/invite", new()).content.decode())
    link = made.by_id("once").attributes["value"]
    token = link.rsplit("/", 1)[1]
    found = open_invitation(token)
    assert found is not None
    assert (found.email, found.roles, found.rep) == ("new@acme.example", ["rep"], "nora")
    assert token not in admin.get("/people").content.decode()
    again = main(admin.post(f"/people/invitations/{found.pk}/again").content.decode())
    assert open_invitation(token) is None
    fresh = again.by_id("once").attributes["value"].rsplit("/", 1)[1]
    row = open_invitation(fresh)
    assert row is not None
    admin.post(f"/people/invitations/{row.pk}/revoke")
    assert open_invitation(fresh) is None
    admin.get("/people")
    assert "new@acme.example" not in admin.get("/people").content.decode()


def test_what_is_wrong_with_an_invitation_stands_at_its_field(admin: Client, people: dict[str, User]) -> None:
    for given, sentence in (
        (new(email="nothing"), "valid email"),
        (new(roles=[]), "Choose at least one."),
        (new(email=people["rep"].email), "Somebody with this address is here already."),
        (new(rep="lena"), "Somebody else has this name in the rosters already."),
    ):
        answer = admin.post("/people/invite", given)
        assert answer.status_code in {409, 422}
        wrong = [each.text for each in main(answer.content.decode()).all("p", "wrong")]
        assert any(sentence in each for each in wrong), (given, wrong)
    assert not Invitation.objects.exists()


def test_who_has_not_just_shown_who_they_are_gives_no_rights(admin: Client, people: dict[str, User]) -> None:
    shown(admin, ago=600)
    rep = people["rep"]
    change = {"name": "Lena", "roles": ["admin"], "rep": "lena"}
    for address, given in (
        ("/people/invite", new()),
        (f"/people/{rep.pk}", change),
        ("/tokens/new", {"name": "x", "roles": ["rep"], "scopes": ["read"]}),
    ):
        answer = admin.post(address, given)
        assert answer.status_code == 409, address
        page = answer.content.decode()
        assert "show who you are first" in page
        assert 'href="/account/reauthenticate/?next=' in page
        assert str(given["name"]) in page
    assert not Invitation.objects.exists()
    assert not ApiToken.objects.exists()
    assert User.objects.get(pk=rep.pk).roles == ["rep"]
    for name in ("person_codes", "person_back"):
        answer = admin.post(reverse(name, kwargs={"user": rep.pk}))
        assert answer.headers["Location"] == f"/account/reauthenticate/?next=%2Fpeople%2F{rep.pk}"


def test_roles_rep_and_name_are_changed_and_the_last_administrator_stays(
    admin: Client, people: dict[str, User]
) -> None:
    rep, me = people["rep"], people["admin"]
    admin.post(f"/people/{rep.pk}", {"name": "Lena B", "roles": ["rep", "manager"], "rep": "lena"})
    row = User.objects.get(pk=rep.pk)
    assert (row.name, row.roles, row.rep) == ("Lena B", ["manager", "rep"], "lena")
    refused = admin.post(f"/people/{me.pk}", {"name": "Priya", "roles": ["viewer"], "rep": ""})
    assert refused.status_code == 409
    assert "Somebody has to administer" in refused.content.decode()
    assert User.objects.get(pk=me.pk).roles == ["admin"]
    away = admin.post(f"/people/{me.pk}/away")
    assert away.status_code == 409
    assert "Somebody has to administer" in away.content.decode()


def test_who_is_sent_away_is_out_at_once_and_comes_back_with_their_roles(
    admin: Client, people: dict[str, User]
) -> None:
    lena = signed_in(people["rep"])
    assert lena.get("/inbox").status_code == 200
    admin.post(f"/people/{people['rep'].pk}/away")
    assert lena.get("/inbox").status_code == 302
    admin.post(f"/people/{people['rep'].pk}/back")
    assert User.objects.get(pk=people["rep"].pk).is_active


def test_sessions_are_ended_and_ones_own_goes_on(admin: Client, people: dict[str, User]) -> None:
    lena = signed_in(people["rep"])
    admin.post(f"/people/{people['rep'].pk}/sessions")
    assert lena.get("/inbox").status_code == 302
    assert not UserSession.objects.filter(user=people["rep"]).exists()
    admin.post(f"/people/{people['admin'].pk}/sessions")
    assert admin.get("/people").status_code == 200
    assert set(Entry.objects.filter(what="accounts.sessions_ended").values_list("who", flat=True)) == {
        f"user:{people['admin'].pk}"
    }


def test_who_guessed_too_often_is_let_try_again(admin: Client, people: dict[str, User]) -> None:
    lena = people["rep"]
    for _ in range(6):
        Client(REMOTE_ADDR="10.1.1.1").post("/account/login/", {"login": lena.email, "password": "x"})
    right = {"login": lena.email, "password": PASSWORD}
    assert Client(REMOTE_ADDR="10.1.1.2").post("/account/login/", right).status_code == 200
    admin.post(f"/people/{lena.pk}/unlock")
    assert Client(REMOTE_ADDR="10.1.1.2").post("/account/login/", right).status_code == 302


def test_who_is_asked_for_a_second_factor_sees_nothing_else_first(
    admin: Client, people: dict[str, User], clients: dict[str, Client]
) -> None:
    row = people["rep"]
    lena = clients["rep"]
    admin.post(f"/people/{row.pk}", {"name": "Lena", "roles": ["rep"], "rep": "lena", "needs_code": "on"})
    assert lena.get("/inbox").headers["Location"] == "/account/2fa/totp/activate/"
    assert lena.get("/inbox", headers={"authorization": "Bearer x"}).status_code == 302
    assert lena.get("/inbox/cards", headers={"hx-request": "true"}).headers["HX-Redirect"].startswith("/account/2fa/")
    answer = lena.get("/api/people/me")
    assert (answer.status_code, answer.json()["code"]) == (403, "code_needed")
    assert lena.get("/account/2fa/totp/activate/").status_code in {200, 302}
    assert lena.get("/account/").status_code == 200
    Authenticator.objects.create(user=row, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert lena.get("/inbox").status_code == 200
    assert "set up" in main(admin.get(f"/people/{row.pk}").content.decode()).text
    admin.post(f"/people/{row.pk}/codes")
    assert not Authenticator.objects.filter(user=row).exists()
    assert lena.get("/inbox").status_code == 302


def test_a_token_is_shown_once_works_until_its_day_and_is_revoked(clock: Hands, people: dict[str, User]) -> None:
    admin = Client()
    admin.post("/account/login/", {"login": people["admin"].email, "password": PASSWORD})
    given = {"name": "CRM", "roles": ["rep"], "scopes": ["read", "decide"], "sources": "crm\nhubspot\n", "days": "30"}
    page = main(admin.post("/tokens/new", given).content.decode())
    text = page.by_id("once").attributes["value"]
    headers = {"authorization": f"Bearer {text}"}
    row = ApiToken.objects.get()
    assert (row.scopes, row.sources, row.made_by_id) == (["read", "decide"], ["crm", "hubspot"], people["admin"].pk)
    assert text not in admin.get("/tokens").content.decode()
    me = Client().get("/api/people/me", headers=headers).json()
    assert set(me["sources"]) == {"crm", "hubspot", f"token-{row.pk}"}
    clock.move(31 * DAY)
    assert Client().get("/api/people/me", headers=headers).status_code == 401
    ApiToken.objects.update(expires_at=None)
    assert Client().get("/api/people/me", headers=headers).status_code == 200
    admin.force_login(people["admin"], backend=settings.AUTHENTICATION_BACKENDS[0])
    shown(admin)
    admin.post(f"/tokens/{row.pk}", {"sources": "erp"})
    assert Client().get("/api/people/me", headers=headers).json()["sources"] == ["erp", f"token-{row.pk}"]
    assert "the service itself" in admin.post(f"/tokens/{row.pk}", {"sources": "user"}).content.decode().lower()
    admin.post(f"/tokens/{row.pk}/revoke")
    assert Client().get("/api/people/me", headers=headers).status_code == 401
    assert re.search("No longer let in.*CRM", main(admin.get("/tokens").content.decode()).text)


def test_what_is_hostile_is_shown_as_text(admin: Client, people: dict[str, User]) -> None:
    people["sam"].name = '<script>alert("x")</script>'
    people["sam"].save()
    for address in ("/people", f"/people/{people['sam'].pk}"):
        page = admin.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_numbers_beyond_every_row_are_nobody(admin: Client) -> None:
    for address in ("/people/99999999999999999999", "/tokens/99999999999999999999"):
        assert admin.get(address).status_code == 404
