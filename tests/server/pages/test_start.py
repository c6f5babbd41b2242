"""Setting up and the mode: each step by its form, what is refused, and shadow mode until somebody goes live."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support import service
from tests.support.oneself import shown

from handfast.facts import Stage, StageStamped
from handfast.instant import DAY, SECOND
from handfast_server.accounts.models import Invitation, Role, User
from handfast_server.contracts.models import Draft, Version
from handfast_server.decide.session import tell
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.models import Upload
from handfast_server.now import now
from handfast_server.shadow.mode import Mode, do_set_mode, standing

pytestmark = pytest.mark.django_db

PASSWORD = "seven grey herons"  # noqa: S105 # of nobody
HEAD = "Record ID,Email,First Name,Company Name,Create Date,Became a Marketing Qualified Lead Date\n"
ROW = "1,=cmd@buyer.example,<b>Pia</b>,\u202eBuyer,2026-10-01 09:00,2026-10-01 10:00\n"


def words(text: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.fixture
def priya(db: None) -> Client:
    """The first administrator, and nobody else."""
    client = Client()
    user = User.objects.create_user("priya@acme.example", PASSWORD, name="Priya", roles=["admin"])
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    shown(client)
    return client


def leaders(client: Client, how: str = "here", sales: str = "omar@acme.example", **more: str) -> str:
    told: dict[str, str] = {}
    for party, email in (("marketing", "dana@acme.example"), ("sales", sales)):
        told |= {f"{party}-name": email.partition("@")[0].title(), f"{party}-email": email, f"{party}-how": how}
        told |= {f"{party}-password": PASSWORD if how == "here" else ""}
    return words(client.post("/start/who", told | more, follow=True).content.decode())


def test_both_are_here_then_a_contract_is_written_in_shadow_mode(priya: Client) -> None:
    assert "Name both leaders" in words(priya.get("/start").content.decode())
    assert priya.get("/start/contract").headers["Location"] == "/start"
    assert "Pick a contract" in leaders(priya)
    omar = User.objects.get(email="omar@acme.example")
    assert (omar.roles, omar.check_password(PASSWORD)) == ([Role.SALES_LEADER.value], True)
    answer = priya.post("/start/contract", {"start": "small-inbound", "name": "our-handoff", "shadow": "yes"})
    assert answer.headers["Location"] == "/start"
    assert Draft.objects.get().state == Draft.State.PROPOSED
    assert standing().mode is Mode.SHADOW
    told = words(priya.get("/start").content.decode())
    assert "Hand this machine to Dana" in told
    over = priya.post("/start/hand-over", {"next": f"/contract/drafts/{Draft.objects.get().pk}#sign", "name": "Dana"})
    assert over.headers["Location"].startswith("/account/login/?next=%2Fcontract%2Fdrafts%2F")
    assert priya.get("/start").status_code == 302


def test_an_open_browser_gives_nobody_the_role_of_a_leader(priya: Client) -> None:
    """Somebody else sits down at it; what was typed stays, and passwords do not."""
    shown(priya, ago=301)
    told = leaders(priya)
    assert "Nothing was changed yet: show who you are first." in told
    assert User.objects.count() == 1
    assert not Invitation.objects.exists()
    shown(priya)
    assert "Pick a contract" in leaders(priya)


def test_both_are_invited_by_links_that_are_shown_once(priya: Client) -> None:
    told = leaders(priya, "invited")
    assert told.count("/invited/") == 2
    assert Invitation.objects.count() == 2
    told = words(priya.get("/start").content.decode())
    assert told.count("Invited") == 2
    assert "/invited/" not in told
    priya.post("/start/contract", {"start": "small-inbound", "name": "our-handoff"})
    assert standing().mode is Mode.LIVE
    assert "signs by the link" in words(priya.get("/start").content.decode())


def test_one_of_them_may_be_the_administrator_and_nobody_is_both(priya: Client) -> None:
    assert "Pick a contract" in leaders(priya, sales="Priya@acme.example")
    assert User.objects.get(email="priya@acme.example").roles == ["admin", "sales_leader"]
    assert "One person cannot sign for both sides" in leaders(priya, sales="dana@acme.example")


def test_somebody_else_takes_the_place_of_who_was_named_before(priya: Client) -> None:
    leaders(priya, "invited")
    leaders(priya, sales="otto@acme.example")
    told = words(priya.get("/start").content.decode())
    assert "otto@acme.example" in told
    assert "omar@acme.example" not in told
    leaders(priya, sales="olga@acme.example")
    assert User.objects.get(email="otto@acme.example").roles == []
    assert "olga@acme.example" in words(priya.get("/start").content.decode())


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"sales-password": "short"}, "too short"),
        ({"sales-password": ""}, "short"),
        ({"sales-email": "nobody"}, "valid email"),
        ({"marketing-name": ""}, "required"),
        ({"sales-how": "by pigeon"}, "valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nobody_is_made(priya: Client, more: dict[str, str], says: str) -> None:
    assert says in leaders(priya, **more)
    assert User.objects.count() == 1


def test_leading_away_from_here_is_refused(priya: Client) -> None:
    answer = priya.post("/start/hand-over", {"next": "//evil.example", "name": "<b>"})
    assert answer.headers["Location"] == "/account/login/?next=%2F"


def test_who_hands_over_to_nowhere_stays_signed_in(priya: Client) -> None:
    assert priya.post("/start/hand-over").headers["Location"] == "/"
    assert priya.get("/start").status_code == 200


def test_an_administrator_of_nothing_yet_lands_where_it_is_set_up(priya: Client, signed: object) -> None:
    assert priya.get("/").status_code == 200
    Version.objects.all().delete()
    assert priya.get("/").headers["Location"] == "/start"


def test_files_are_given_looked_at_corrected_and_begun(priya: Client) -> None:
    file = SimpleUploadedFile("../con tacts<b>.csv", (HEAD + ROW).encode())
    answer = priya.post("/import", {"files": [file], "source": "hubspot"})
    row = Upload.objects.get()
    assert answer.headers["Location"] == f"/import/{row.pk}"
    page = priya.get(f"/import/{row.pk}").content.decode()
    assert "<b>Pia" not in page
    assert "contacts&lt;b&gt;" in page.replace(" ", "").replace("con", "con")
    assert "1 person would come in" in words(page)
    fields = dict(re.findall(r'<select name="(f0\.c\d+)" aria-labelledby="[^"]+" lang="en">', page) and [])
    told = {**fields, "f0.kind": "leads", "f0.c3": "campaign"}
    assert priya.post(f"/import/{row.pk}/map", told).status_code == 302
    row.refresh_from_db()
    assert "Company Name: campaign" in row.mapping
    answer = priya.post(f"/import/{row.pk}/map", {"f0.kind": "deals"})
    assert (answer.status_code, "would come in" in words(answer.content.decode())) == (422, True)
    assert priya.post(f"/import/{row.pk}/begin").status_code == 302
    part = words(priya.get(f"/import/{row.pk}/progress").content.decode())
    assert "0 of 1 rows" in part
    assert "Stop" in part
    priya.post(f"/import/{row.pk}/stop")
    assert "Go on" in words(priya.get(f"/import/{row.pk}").content.decode())
    priya.post(f"/import/{row.pk}/discard")
    assert not Upload.objects.exists()
    assert priya.get(f"/import/{row.pk}").status_code == 404


def test_what_cannot_be_read_is_said_and_not_kept(priya: Client) -> None:
    file = SimpleUploadedFile("a.csv", b"\x00\x01\x02")
    answer = priya.post("/import", {"files": [file], "source": "hubspot"})
    assert answer.status_code == 422
    assert "cannot be read" in words(answer.content.decode())
    assert priya.post("/import", {"source": "hubspot"}).status_code == 422
    file = SimpleUploadedFile("a.csv", (HEAD + ROW).encode())
    assert "1 to 40 letters" in words(priya.post("/import", {"files": [file], "source": "a b"}).content.decode())
    assert not Upload.objects.exists()


def test_shadow_mode_is_compared_and_ended_by_a_cut_over(
    team: service.Crew, lead: Callable[..., str], clients: dict[str, Client]
) -> None:
    admin, viewer = clients["admin"], clients["marketing"]
    assert "Shadow mode was never on" in words(admin.get("/mode").content.decode())
    admin.post("/mode/set", {"mode": "shadow", "key": "k"})
    assert standing().mode is Mode.SHADOW
    name = lead()
    told = service.named(StageStamped, lead=name, handoff="h1", stage=Stage.QUALIFIED, owner="lena")
    tell(told)
    page = words(viewer.get("/mode").content.decode())
    assert "1 would have been handed to sales here" in page
    assert "1 were handed to sales by the other system" in page
    assert "1 handoff of the other system is open" not in page  # who may not change it is not offered to
    assert "1 handoff of the other system is open" in words(admin.get("/mode").content.decode())
    for wrong in ("0", "many", "1/0", ""):
        assert admin.post("/mode/cut-over", {"per_day": wrong}).status_code == 422, wrong
    shown = words(admin.post("/mode/cut-over", {"per_day": "8"}).content.decode())
    assert "Go live so" in shown
    assert "lena" in shown
    assert standing().mode is Mode.SHADOW
    done = words(admin.post("/mode/cut-over", {"per_day": "8", "do": "yes"}, follow=True).content.decode())
    assert "1 handoff was taken over" in done
    assert standing().mode is Mode.LIVE
    assert Cycle.objects.filter(lead=name, state="waiting").exists()
    assert viewer.post("/mode/set", {"mode": "shadow"}).status_code == 403


def test_who_would_go_live_is_told_when_what_was_signed_takes_force(signed: object, clients: dict[str, Client]) -> None:
    do_set_mode(Mode.SHADOW, "x")
    told = {}
    for name, after in (("soon", 5 * SECOND), ("later", 3 * DAY)):
        Version.objects.update(in_force_from=now() + after)
        told[name] = words(clients["admin"].get("/mode").content.decode())
    assert "Version 1 is signed and takes force within a minute" in told["soon"]
    assert "Version 1 is signed and takes force on" in told["later"]
    Version.objects.all().delete()
    assert "A contract has to be in force first" in words(clients["admin"].get("/mode").content.decode())


def test_going_live_takes_nothing_over_when_told_so(team: service.Crew, clients: dict[str, Client]) -> None:
    do_set_mode(Mode.SHADOW, "x")
    clients["admin"].post("/mode/set", {"mode": "neither"})
    assert standing().mode is Mode.SHADOW
    clients["admin"].post("/mode/set", {"mode": "live"})
    assert standing().mode is Mode.LIVE
