"""People come in: invited, with a password, a code; who guesses is kept out; who is sent away is out."""

from __future__ import annotations

import datetime as dt
import re
import threading
from contextlib import suppress
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from tests.support.service import Hands

from handfast.instant import MINUTE
from handfast_server.accounts import first
from handfast_server.accounts.actions import make_user
from handfast_server.accounts.first import first_link
from handfast_server.accounts.invitations import do_invite
from handfast_server.accounts.models import ApiToken, Invitation, Role, User
from handfast_server.accounts.tokens import make_token, principal_of
from handfast_server.audit.models import Entry

PASSWORD = "correct horse battery"  # noqa: S105 # of nobody


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_user("priya@acme.example", PASSWORD, name="Priya", roles=["admin"])


def enter(user: User, password: str = PASSWORD, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post("/account/login/", {"login": user.email, "password": password})


def me(client: Client) -> int:
    return client.get("/api/people/me").status_code


def test_the_first_administrator_is_made_once(db: None) -> None:
    link = first_link().removeprefix(settings.BASE_URL)
    form = {"email": "Root@Acme.Example", "name": "Priya", "password": PASSWORD}
    one, second = Client(), Client()
    assert one.post(link, form).status_code == 302
    assert me(one) == 200
    assert one.get("/account/").status_code == 200
    assert second.post(link, {**form, "email": "other@acme.example"}).status_code == 404
    assert second.get(link).status_code == 404
    assert first_link() == ""
    assert User.objects.get().email == "root@acme.example"


def test_a_password_lets_in_whatever_the_case_of_the_address_and_out_again(admin: User) -> None:
    client = Client()
    assert client.post("/account/login/", {"login": "PRIYA@acme.example", "password": PASSWORD}).status_code == 302
    assert me(client) == 200
    assert client.post("/account/logout/").status_code == 302
    assert me(client) == 401


def test_whoever_is_unknown_hears_what_somebody_with_a_wrong_password_hears(admin: User) -> None:
    _, wrong = enter(admin, "guess")
    unknown = Client().post("/account/login/", {"login": "nobody@acme.example", "password": "guess"})
    said = [
        re.findall(r'class="errorlist[^>]*>(.*?)</ul>', each.content.decode(), re.DOTALL) for each in (wrong, unknown)
    ]
    assert wrong.status_code == unknown.status_code == 200
    assert said[0] == said[1] != []


def test_who_guesses_is_locked_out_even_with_the_right_word_until_time_has_passed(admin: User, clock: Hands) -> None:
    for _ in range(6):
        enter(admin, "guess")
    client, answer = enter(admin)
    assert (answer.status_code, me(client)) == (200, 401)
    clock.move(6 * MINUTE)
    client, answer = enter(admin)
    assert (answer.status_code, me(client)) == (302, 200)


def test_one_machine_does_not_guess_through_all_names(db: None, clock: Hands) -> None:
    answers = [
        Client().post("/account/login/", {"login": f"p{place}@acme.example", "password": "x"}).status_code
        for place in range(40)
    ]
    assert 429 in answers


def test_nobody_signs_up_by_themselves(db: None) -> None:
    form = {"email": "me@acme.example", "password1": PASSWORD}
    answer = Client().post("/account/signup/", form)
    assert "closed" in answer.content.decode().lower()
    assert not User.objects.exists()


def test_nobody_changes_the_address_by_which_they_sign(admin: User) -> None:
    client, _ = enter(admin)
    assert client.get("/account/email/").status_code == 403
    assert client.post("/account/email/", {"action_add": "", "email": "omar@acme.example"}).status_code == 405


def test_after_login_nobody_is_sent_elsewhere(admin: User) -> None:
    answer = Client().post(
        "/account/login/?next=https://evil.example/",
        {"login": admin.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert answer.headers["Location"] == "/"


def test_a_session_is_another_one_after_signing_in(admin: User) -> None:
    client = Client()
    client.get("/account/login/")
    client.session.save()
    before = client.session.session_key
    enter(admin, client=client)
    assert client.session.session_key != before


def test_who_is_invited_joins_once_with_what_the_invitation_says(admin: User) -> None:
    desk, _ = enter(admin)
    body = {"email": "Lena@acme.example", "name": "Lena", "rep": "lena", "roles": ["rep"]}
    made = desk.post("/api/people/invitations", body, content_type="application/json").json()
    address = made["link"].removeprefix(settings.BASE_URL)
    assert made["link"].rsplit("/", 1)[1] not in str(Invitation.objects.values())
    guest = Client()
    assert "lena@acme.example" in guest.get(address).content.decode()
    assert guest.post(address, {"name": "Lena", "password": "12345678"}).status_code == 200
    assert guest.post(address, {"name": "Lena", "password": PASSWORD}).status_code == 302
    assert guest.get("/api/people/me").json()["rep"] == "lena"
    assert Client().get(address).status_code == 404
    again = desk.post("/api/people/invitations", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "known_already")
    assert enter(User.objects.get(email="lena@acme.example"))[1].status_code == 302


def test_one_name_in_the_rosters_is_one_person(admin: User) -> None:
    links = [do_invite(f"k{n}@acme.example", [Role.REP], name="Kim", rep="kim", by="user:1")[1] for n in (1, 2)]
    form = {"name": "Kim", "password": PASSWORD}
    one, other = [Client().post(link.removeprefix(settings.BASE_URL), form) for link in links]
    assert (one.status_code, other.status_code) == (302, 404)
    assert "under this name in the rosters" in other.content.decode()
    assert User.objects.get(rep="kim").email == "k1@acme.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("k3@acme.example", None, rep="kim")


@pytest.mark.django_db(transaction=True)
def test_two_who_come_at_once_make_one_first_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[User | None] = []
    both, real = threading.Barrier(2), make_user

    def slowly(*given: Any, **said: Any) -> User:
        with suppress(threading.BrokenBarrierError):
            both.wait(0.3)  # the other one would be here as well if nothing kept them apart
        return real(*given, **said)

    def make(number: int) -> None:
        try:
            made.append(first._make({"email": f"a{number}@acme.example", "password": PASSWORD, "name": "A"}))
        finally:
            connection.close()

    monkeypatch.setattr(first, "make_user", slowly)
    threads = [threading.Thread(target=make, args=(number,)) for number in (1, 2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert sum(each is not None for each in made) == User.objects.count() == 1


def test_a_link_is_worth_nothing_once_it_is_revoked_replaced_or_old(admin: User) -> None:
    desk, _ = enter(admin)

    def invite() -> tuple[int, str]:
        body = {"email": "sam@acme.example", "roles": ["rep"]}
        made = desk.post("/api/people/invitations", body, content_type="application/json").json()
        return made["id"], made["link"].removeprefix(settings.BASE_URL)

    (_, first), (number, second) = invite(), invite()
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    assert desk.post(f"/api/people/invitations/{number}/revoke").status_code == 200
    assert Client().get(second).status_code == 404
    _, third = invite()
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert Client().get(third).status_code == 404
    assert len(desk.get("/api/people/invitations").json()) == 3


def test_who_is_sent_away_is_out_everywhere_and_the_last_administrator_stays(admin: User) -> None:
    desk, _ = enter(admin)
    omar = User.objects.create_user("omar@acme.example", PASSWORD, roles=["sales_leader"])
    client, _ = enter(omar)
    assert me(client) == 200

    def change(user: User, **body: Any) -> Any:
        return desk.patch(f"/api/people/{user.pk}", body, content_type="application/json")

    assert change(omar, active=False).json()["is_active"] is False
    assert me(client) == 401
    assert enter(omar)[1].status_code in {200, 302}
    assert me(enter(omar)[0]) == 401
    assert not Session.objects.filter(pk=client.session.session_key).exists()
    for last in ({"active": False}, {"roles": ["viewer"]}):
        assert change(admin, **last).json()["code"] == "last_admin"
    assert change(omar, active=True, roles=["admin"], rep="omar").status_code == 200
    assert change(admin, rep="omar").json()["code"] == "rep_taken"
    assert Entry.objects.filter(what="accounts.changed").count() == 2


def test_a_second_factor_is_asked_for_and_its_secret_is_encrypted(admin: User) -> None:
    client, _ = enter(admin)
    page = client.get("/account/2fa/totp/activate/")
    if page.status_code == 302:
        client.post(page.headers["Location"], {"password": PASSWORD})
        page = client.get("/account/2fa/totp/activate/")
    secret = re.findall(r'value="([A-Z2-7]{32})"', page.content.decode())[0]
    assert client.post("/account/2fa/totp/activate/", {"code": _code(secret)}).status_code == 302
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert get_adapter().decrypt(kept) == secret
    again, answer = enter(admin)
    assert (answer.headers["Location"], me(again)) == ("/account/2fa/authenticate/", 401)
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert again.post("/account/2fa/authenticate/", {"code": recovery[0]}).status_code == 302
    assert me(again) == 200
    once, _ = enter(admin)
    once.post("/account/2fa/authenticate/", {"code": recovery[0]})
    assert me(once) == 401


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_a_token_is_shown_once_kept_as_a_hash_noted_when_used_and_revoked(admin: User) -> None:
    desk, _ = enter(admin)
    body = {"name": "CRM", "roles": ["marketing"], "scopes": ["read"]}
    made = desk.post("/api/people/tokens", body, content_type="application/json").json()
    text = made["token"]
    assert text.startswith("hf_")
    assert text not in str(ApiToken.objects.values())
    robot = Client(headers={"authorization": f"Bearer {text}"})
    assert robot.get("/api/people/me").json()["name"] == "CRM"
    assert robot.get("/api/people").status_code == 403
    assert desk.get("/api/people/tokens").json()[0]["used_at"] is not None
    assert desk.post(f"/api/people/tokens/{made['id']}/revoke").status_code == 200
    assert me(robot) == 401
    assert {"accounts.token_made", "accounts.token_revoked"} <= set(Entry.objects.values_list("what", flat=True))


def test_an_unknown_token_is_nobody_and_use_is_noted_by_the_minute(db: None, clock: Hands) -> None:
    assert principal_of("hf_unknown") is None
    made, text = make_token("CRM", [Role.VIEWER], ["read"], None)
    seen = []
    for span in (0, MINUTE // 2, MINUTE):
        clock.move(span)
        assert principal_of(text) is not None
        made.refresh_from_db()
        seen.append(made.used_at)
    assert seen[0] == seen[1] != seen[2]
