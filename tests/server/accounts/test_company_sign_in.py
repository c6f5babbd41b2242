"""A company's own sign-in, over a real provider on loopback: whom we know, and who is invited, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from tests.support import oidc
from tests.support.oidc import APP, Provider

from handfast_server.accounts import sign_in
from handfast_server.accounts.invitations import do_invite
from handfast_server.accounts.models import Role, User
from handfast_server.config import ConfigRefused, read


@pytest.fixture
def company(db: None, settings: Any) -> Iterator[Provider]:
    """The provider, and our service told of it by its settings."""
    with oidc.provider() as made:
        said = {
            "HANDFAST_HOME": str(settings.HOME),
            "HANDFAST_OIDC_URL": made.address,
            "HANDFAST_OIDC_CLIENT": APP.client_id,
            "HANDFAST_OIDC_SECRET": APP.secret,
            "HANDFAST_OIDC_NAME": "Acme",
        }
        settings.SOCIALACCOUNT_PROVIDERS = sign_in.sign_in_settings(read(said))["SOCIALACCOUNT_PROVIDERS"]
        yield made


def through(company: Provider, client: Client, **person: Any) -> Any:
    """Somebody clicks on the button, is who they are there, and comes back."""
    company.person = {"sub": "17", "email": "lena@acme.example", "email_verified": True, "name": "Lena", **person}
    there = client.post("/account/oidc/company/login/")
    assert there.status_code == 302, there.content
    back = httpx.get(there.headers["Location"])
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["Location"])
    assert parts.path == "/account/oidc/company/login/callback/"
    return client.get(f"{parts.path}?{parts.query}")


def me(client: Client) -> Any:
    return client.get("/api/people/me").json()


def test_the_page_offers_it(company: Provider) -> None:
    assert "Acme" in Client().get("/account/login/").content.decode()


def test_who_is_known_by_a_verified_address_comes_in_and_is_the_same_person(company: Provider) -> None:
    lena = User.objects.create_user("lena@acme.example", None, name="Lena", roles=["rep"], rep="lena")
    for _ in range(2):
        client = Client()
        assert through(company, client).status_code == 302
        assert me(client)["id"] == f"user:{lena.pk}"
    assert SocialAccount.objects.get().uid == "17"
    assert {"/token", "/userinfo", "/authorize"} <= set(company.asked)


def test_an_address_that_is_not_verified_there_is_nobodys(company: Provider) -> None:
    User.objects.create_user("lena@acme.example", None, roles=["admin"])
    client = Client()
    through(company, client, email_verified=False)
    assert me(client)["code"] == "not_signed_in"


def test_a_stranger_stays_outside(company: Provider) -> None:
    client = Client()
    through(company, client)
    assert me(client)["code"] == "not_signed_in"
    assert not User.objects.exists()


def test_who_is_invited_joins_with_what_the_invitation_says(company: Provider) -> None:
    invitation, _ = do_invite("lena@acme.example", [Role.REP], name="Lena B.", rep="lena", by="user:1")
    client = Client()
    assert through(company, client).status_code == 302
    said = me(client)
    assert (said["name"], said["roles"]) == ("lena", ["rep"])
    invitation.refresh_from_db()
    assert invitation.used_by == User.objects.get()


def test_who_is_invited_under_a_name_that_is_taken_by_now_stays_outside(company: Provider) -> None:
    invitation, _ = do_invite("lena@acme.example", [Role.REP], name="Lena B.", rep="lena", by="user:1")
    User.objects.create_user("other@acme.example", None, roles=["rep"], rep="lena")
    client = Client()
    answer = through(company, client)
    assert "under this name in the rosters" in answer.content.decode()
    assert me(client)["code"] == "not_signed_in"
    invitation.refresh_from_db()
    assert invitation.used_at is None


def test_who_was_sent_away_stays_outside(company: Provider) -> None:
    User.objects.create_user("lena@acme.example", None, roles=["rep"], is_active=False)
    client = Client()
    through(company, client)
    assert me(client)["code"] == "not_signed_in"


def test_a_code_counts_once_and_for_the_browser_that_asked(company: Provider) -> None:
    User.objects.create_user("lena@acme.example", None, roles=["rep"])
    company.person = {"sub": "17", "email": "lena@acme.example", "email_verified": True}
    victim, thief = Client(), Client()
    back = httpx.get(victim.post("/account/oidc/company/login/").headers["Location"]).headers["Location"]
    parts = urlsplit(back)
    thief.get(f"{parts.path}?{parts.query}")
    assert me(thief)["code"] == "not_signed_in"


def test_half_of_the_settings_are_refused(settings: Any) -> None:
    with pytest.raises(ConfigRefused, match="HANDFAST_OIDC_CLIENT"):
        read({"HANDFAST_HOME": str(settings.HOME), "HANDFAST_OIDC_URL": "https://id.acme.example"})
