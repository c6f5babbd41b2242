"""The contract on pages: read, drafted, signed by both, withdrawn, superseded; the same actions as the interface's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.support import service
from tests.support.page import Node, parsed
from tests.support.service import Hands

from handfast.contract.diff import diff
from handfast.contract.model import PartyName
from handfast.example import check
from handfast.simulate import demo_texts
from handfast_server.access import of_user
from handfast_server.accounts.models import Invitation, User
from handfast_server.contracts.actions import SETTLES, do_propose, do_write
from handfast_server.contracts.models import Draft, Version
from handfast_server.contracts.queries import latest
from handfast_server.decide import terms
from handfast_server.delivery.lease import Leased
from handfast_server.delivery.words import say
from handfast_server.now import now
from handfast_server.pages.contract.starting import STARTS, amended, begun, starting_text

pytestmark = pytest.mark.django_db

FIRST, SECOND = demo_texts()
NEXT = re.sub(r"(?m)^effective_from:.*$", "effective_from: 2027-01-01T00:00:00+01:00", SECOND)
PASSWORD = "a good word"  # noqa: S105 # of nobody
EXAMPLES = Path(__file__).parents[3] / "examples"
LEADERS = {PartyName.MARKETING: ("Dana", "dana@acme.example"), PartyName.SALES: ("Omar", "omar@acme.example")}


def shown(client: Client, address: str, status: int = 200) -> Node:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:500]
    return body(answer.content.decode())


def body(page: str) -> Node:
    found = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert found is not None
    return parsed(found[0])


def entered(user: User) -> Client:
    """A browser in which somebody has just given their password."""
    client = Client()
    assert client.post("/account/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    return client


def form_of(page: Node, ending: str) -> tuple[str, dict[str, str]]:
    form = next(each for each in page.all("form") if each.attributes["action"].endswith(ending))
    fields = (each.attributes for each in form.all("input"))
    given = {each["name"]: each.get("value", "") for each in fields if each["name"] != "csrfmiddlewaretoken"}
    given |= {
        area.attributes["name"]: "".join(map(str, area.inside)).removeprefix("\n") for area in form.all("textarea")
    }
    return form.attributes["action"], given


def draft_of(user: User, text: str) -> Draft:
    return do_write(of_user(user), text)


# what is in force


def test_before_anything_is_signed_it_says_what_to_do(clients: dict[str, Client]) -> None:
    told = shown(clients["admin"], "/contract")
    assert "Nothing is signed yet" in told.text
    assert any(link.attributes["href"] == "/contract/begin" for link in told.all("a"))
    reader = shown(clients["viewer"], "/contract")
    assert not any(link.attributes["href"] == "/contract/begin" for link in reader.all("a"))
    assert "Nothing is signed yet" in shown(clients["viewer"], "/contract/history").text


def test_each_sentence_leads_to_its_line_and_the_line_back(clients: dict[str, Client], clock: Hands) -> None:
    service.sign()
    page = shown(clients["viewer"], "/contract")
    assert "In force" in page.text
    links = list(page.one("div", "english").all("a", "clause"))
    assert len(links) > 20
    lines = FIRST.splitlines()
    for link in links:
        place = link.attributes["href"].removeprefix("#line-")
        line = page.by_id(f"line-{place}")
        assert line.one("code").text == " ".join(lines[int(place) - 1].split())
        back = line.one("a").attributes["href"].removeprefix("#")
        assert page.by_id(back).tag == "p"
    clause = page.by_id("clause-clocks.first_touch.within")
    assert "within:" in page.by_id(clause.one("a").attributes["href"].removeprefix("#")).text
    assert Version.objects.get().digest in page.text
    for party in PartyName:
        assert terms.current().versions[0].contract.parties[party].name in page.text


def test_a_text_that_is_not_what_was_sealed_is_said(clients: dict[str, Client], clock: Hands) -> None:
    row = service.sign()
    assert "Sealed today" not in shown(clients["viewer"], "/contract").text
    Version.objects.filter(pk=row.pk).update(text=FIRST.replace("4 business hours", "9 business hours", 1))
    assert "Sealed today" in shown(clients["viewer"], "/contract").text


def test_a_version_whose_bytes_were_changed_is_not_shown(clients: dict[str, Client], clock: Hands) -> None:
    row = service.sign()
    Version.objects.filter(pk=row.pk).update(digest="0" * 64)
    told = shown(clients["admin"], "/contract", 503)
    assert "not what was signed" in told.text
    assert "business" not in told.text


def test_the_history_tells_what_each_amendment_changed(clients: dict[str, Client], clock: Hands) -> None:
    service.sign()
    service.sign(2)
    page = shown(clients["viewer"], "/contract/history")
    newest, oldest = page.all("article")
    assert "The first version" in oldest.text
    changes = diff(*(terms.current().of(number).contract for number in (1, 2)))
    assert changes
    for change in changes:
        assert " ".join(change.sentence.split()) in newest.text
    assert shown(clients["viewer"], "/contract/versions/2").one("h1").text.endswith("version 2")
    assert clients["viewer"].get("/contract/versions/9").status_code == 404


# the first contract


@pytest.mark.parametrize("start", STARTS)
def test_each_start_is_the_example_and_sound_for_other_leaders(start: str) -> None:
    assert starting_text(start) == (EXAMPLES / f"{start}.yaml").read_text(encoding="utf-8")
    leaders = {PartyName.MARKETING: ('Da"na: {x}', "d@new.example"), PartyName.SALES: ("Omar # not", "o@new.example")}
    checked = check(begun(start, "our-handoff", leaders, service.signed_version(1).in_force_from))
    assert not checked.refused, checked.problems
    contract = checked.contract
    assert contract is not None
    assert (contract.name, contract.version) == ("our-handoff", 1)
    assert {name: (party.name, party.email) for name, party in contract.parties.items()} == leaders
    assert not any(party.deputies for party in contract.parties.values())


def test_from_nothing_to_in_force_by_forms_alone(
    clients: dict[str, Client], people: dict[str, User], clock: Hands
) -> None:
    desk = entered(people["admin"])
    given = {
        "start": "small-inbound",
        "name": "acme",
        "marketing_name": "Dana",
        "marketing_email": "dana@acme.example",
        "sales_name": "Olga",
        "sales_email": "olga@acme.example",
    }
    refused = desk.post("/contract/begin", {**given, "sales_email": "nobody"})
    assert refused.status_code == 200
    refused = desk.post("/contract/begin", {**given, "name": "9 lives: {"})
    assert "is not a name" in body(refused.content.decode()).by_id("id_name_wrong").text
    assert not Draft.objects.exists()
    assert desk.post("/contract/begin", given).status_code == 302
    row = Draft.objects.get()
    address, fields = form_of(shown(desk, f"/contract/drafts/{row.pk}"), "/invite")
    assert fields["email"] == "olga@acme.example"
    unshown = clients["admin"].post(address, fields)
    assert unshown.headers["Location"].startswith("/account/reauthenticate/?next=")
    assert desk.post(address, {**fields, "email": "mallory@evil.example"}).status_code == 404
    assert desk.post(address, {**fields, "party": "marketing"}).status_code == 404
    assert not Invitation.objects.exists()
    invited = body(desk.post(address, fields).content.decode())
    assert "/invited/" in invited.text
    assert Invitation.objects.get().roles == ["sales_leader"]
    User.objects.filter(pk=people["sales_leader"].pk).update(email="olga@acme.example", name="Olga")
    address, fields = form_of(shown(desk, f"/contract/drafts/{row.pk}"), "/save")
    assert fields["text"] == row.text
    assert desk.post(address, {**fields, "text": row.text.replace("\n", "\r\n"), "ask": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.revision) == (Draft.State.PROPOSED, 1)
    for part in ("marketing_leader", "sales_leader"):
        leader = entered(User.objects.get(pk=people[part].pk))
        address, fields = form_of(shown(leader, f"/contract/drafts/{row.pk}"), "/sign")
        assert leader.post(address, fields).status_code == 302
    assert Version.objects.get().text == row.text
    clock.move(SETTLES)
    assert terms.current().in_force(now()) is not None
    assert "In force" in shown(desk, "/contract").text
    assert desk.get("/contract/begin").status_code == 302


# drafts


def test_problems_stand_at_their_lines_and_such_a_text_is_not_asked_for(
    clients: dict[str, Client], people: dict[str, User]
) -> None:
    row = draft_of(people["admin"], FIRST)
    broken = FIRST.replace("zone: Europe/Berlin", "zone: Europe/Berln", 1)
    at = broken[: broken.index("Europe/Berln")].count("\n") + 1
    told = parsed(clients["admin"].post("/contract/check", {"text": broken.replace("\n", "\r\n")}).content.decode())
    problem = told.one("ol", "problems").one("li")
    assert problem.one("a").attributes["data-line"] == str(at)
    assert "Europe/Berlin" in problem.text
    assert problem.one("code").text == "zone: Europe/Berln"
    address, fields = form_of(shown(clients["admin"], f"/contract/drafts/{row.pk}"), "/save")
    answer = clients["admin"].post(address, {**fields, "text": broken, "ask": "1"})
    assert answer.status_code == 409
    assert "has problems" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.text) == (Draft.State.EDITING, broken)


def test_what_two_write_at_once_is_not_written_over_unseen(clients: dict[str, Client], people: dict[str, User]) -> None:
    row = draft_of(people["admin"], FIRST)
    address, fields = form_of(shown(clients["admin"], f"/contract/drafts/{row.pk}"), "/save")
    theirs, mine = (FIRST.replace("4 business hours", f"{hours} business hours", 1) for hours in (5, 6))
    assert clients["marketing"].post(address, {**fields, "text": theirs}).status_code == 302
    answer = clients["admin"].post(address, {**fields, "text": mine})
    assert answer.status_code == 409
    page = body(answer.content.decode())
    assert "6 business hours" in page.one("pre", "diff").text
    address, fields = form_of(page, "/save")
    assert fields["text"] == mine
    row.refresh_from_db()
    assert row.text == theirs
    assert clients["admin"].post(address, fields).status_code == 302
    row.refresh_from_db()
    assert row.text == mine


def test_what_nobody_can_keep_is_refused_in_place(clients: dict[str, Client], people: dict[str, User]) -> None:
    row = draft_of(people["admin"], FIRST)
    for text in ("a\x00b", "x" * 500_001):
        answer = clients["admin"].post(f"/contract/drafts/{row.pk}/save", {"text": text, "revision": "1"})
        assert (answer.status_code, "too long" in answer.content.decode()) == (409, True)
        assert "too long" in clients["admin"].post("/contract/check", {"text": text}).content.decode()
    row.refresh_from_db()
    assert row.text == FIRST


def test_what_somebody_wrote_is_shown_as_text(clients: dict[str, Client], people: dict[str, User]) -> None:
    row = do_write(of_user(people["admin"]), "</textarea><script>alert(1)</script>", "<b>note</b>")
    for part in ("admin", "viewer"):
        page = clients[part].get(f"/contract/drafts/{row.pk}").content.decode()
        assert "<script>alert" not in page
        assert "<b>note" not in page
        assert "<b>note" not in clients[part].get("/contract/drafts").content.decode()


def test_an_amendment_begins_as_the_signed_text_with_the_next_number(clients: dict[str, Client], clock: Hands) -> None:
    service.sign()
    answer = clients["marketing"].post("/contract/drafts/new")
    row = Draft.objects.get()
    assert answer.headers["Location"] == f"/contract/drafts/{row.pk}"
    contract = check(row.text).contract
    assert contract is not None
    assert contract.version == 2
    late = re.sub(r"(?m)^effective_from:.*$", "effective_from: 2020-01-01T00:00:00+01:00", FIRST)
    moved = check(amended(late, latest())).contract
    assert moved is not None
    assert moved.effective_from >= Version.objects.get().in_force_from


def test_a_draft_is_told_against_the_version_it_would_replace(
    clients: dict[str, Client], people: dict[str, User], clock: Hands
) -> None:
    service.sign()
    row = draft_of(people["admin"], NEXT)
    for part in ("admin", "viewer"):
        told = shown(clients[part], f"/contract/drafts/{row.pk}").text
        assert "Against version 1" in told
    do_propose(of_user(people["admin"]), row.pk)
    assert "Against version 1" in shown(clients["viewer"], f"/contract/drafts/{row.pk}").text


# signing


@pytest.fixture
def proposed(people: dict[str, User], clock: Hands) -> Draft:
    return do_propose(of_user(people["admin"]), draft_of(people["admin"], FIRST).pk)


def test_who_signs_shows_first_who_they_are(
    clients: dict[str, Client], people: dict[str, User], proposed: Draft
) -> None:
    leader = clients["marketing_leader"]  # signed in, but no password was given in this session
    page = shown(leader, f"/contract/drafts/{proposed.pk}")
    assert not any(form.attributes["action"].endswith("/sign") for form in page.all("form"))
    [link] = list(page.by_id("sign").all("a"))
    given = {"party": "marketing", "digest": proposed.digest}
    answer = leader.post(f"/contract/drafts/{proposed.pk}/sign", given)
    assert answer.headers["Location"] == link.attributes["href"]
    assert not Draft.objects.get().signatures
    answer = leader.post(link.attributes["href"].partition("?")[0], {"password": PASSWORD, "next": "/contract"})
    assert answer.status_code == 302
    address, fields = form_of(shown(leader, f"/contract/drafts/{proposed.pk}"), "/sign")
    assert fields == given
    assert leader.post(address, fields).status_code == 302
    assert len(Draft.objects.get().signatures) == 1
    again = shown(leader, f"/contract/drafts/{proposed.pk}")
    assert "Nothing is missing from you" in again.text
    assert "Dana" not in [each.one("strong").text for each in again.one("ul", "cards").all("li")]


@pytest.mark.parametrize("part", ["admin", "marketing", "manager", "rep", "viewer"])
def test_nobody_else_is_offered_to_sign_nor_can(part: str, people: dict[str, User], proposed: Draft) -> None:
    client = entered(people[part])
    page = shown(client, f"/contract/drafts/{proposed.pk}")
    assert "Nothing is missing from you" in page.text
    for party in PartyName:
        client.post(f"/contract/drafts/{proposed.pk}/sign", {"party": party.value, "digest": proposed.digest})
    client.post(f"/contract/drafts/{proposed.pk}/sign", {"party": "both", "digest": proposed.digest})
    assert not Draft.objects.get().signatures


def test_a_deputy_is_offered_the_seat_they_stand_in_for(people: dict[str, User], clock: Hands) -> None:
    deputy = people["marketing"]
    text = re.sub(r"(email: dana@\S+?)(,|\})", rf"\1, deputies: [{deputy.email}]\2", FIRST, count=1)
    assert text != FIRST
    row = do_propose(of_user(people["admin"]), draft_of(people["admin"], text).pk)
    client = entered(deputy)
    address, fields = form_of(shown(client, f"/contract/drafts/{row.pk}"), "/sign")
    assert fields["party"] == "marketing"
    assert client.post(address, fields).status_code == 302
    assert Draft.objects.get().signatures[0]["email"] == deputy.email


def test_another_text_is_not_signed(people: dict[str, User], proposed: Draft) -> None:
    client = entered(people["marketing_leader"])
    given = {"party": "marketing", "digest": "0" * 64}
    answer = client.post(f"/contract/drafts/{proposed.pk}/sign", given, follow=True)
    assert "not the digest" in answer.content.decode()
    assert not Draft.objects.get().signatures


def test_one_that_is_taken_back_withdrawn_or_superseded_says_so(
    clients: dict[str, Client], people: dict[str, User], proposed: Draft
) -> None:
    other = do_propose(of_user(people["admin"]), draft_of(people["admin"], FIRST).pk)
    at = f"/contract/drafts/{proposed.pk}"
    assert clients["admin"].post(f"{at}/recall").status_code == 302
    assert Draft.objects.get(pk=proposed.pk).state == Draft.State.EDITING
    assert clients["admin"].post(f"{at}/recall").status_code == 409
    assert clients["admin"].post(f"{at}/drop").status_code == 302
    assert "It was withdrawn" in shown(clients["viewer"], at).text
    third = do_propose(of_user(people["admin"]), draft_of(people["admin"], FIRST).pk)
    for party, part in ((PartyName.MARKETING, "marketing_leader"), (PartyName.SALES, "sales_leader")):
        given = {"party": party.value, "digest": third.digest}
        entered(people[part]).post(f"/contract/drafts/{third.pk}/sign", given)
    assert "it is version 1" in shown(clients["viewer"], f"/contract/drafts/{third.pk}").text
    page = shown(clients["admin"], f"/contract/drafts/{other.pk}")
    assert "Another draft was signed first" in page.text
    address, fields = form_of(page, "/new")
    assert clients["admin"].post(address, fields).status_code == 302
    assert "version: 2" in Draft.objects.latest("pk").text
    listed = shown(clients["viewer"], "/contract/drafts").text
    for word in ("Being written", "Withdrawn", "Superseded", "Signed"):
        assert word in listed


def test_a_reader_may_read_and_change_nothing(clients: dict[str, Client], proposed: Draft) -> None:
    for part in ("viewer", "rep"):
        page = shown(clients[part], f"/contract/drafts/{proposed.pk}")
        forms = {form.attributes["action"] for form in page.all("form")}
        assert forms == (set() if part == "viewer" else {"/contract/comments"})  # of the clauses they live by
        for verb in ("save", "recall", "drop", "invite"):
            assert clients[part].post(f"/contract/drafts/{proposed.pk}/{verb}").status_code == 403
    assert clients["rep"].get("/contract/drafts/99").status_code == 404


@pytest.mark.parametrize("event", ["contract.signature_asked", "contract.signed", "contract.overtaken"])
def test_messages_about_the_contract_lead_to_its_pages(
    event: str, clients: dict[str, Client], people: dict[str, User], clock: Hands
) -> None:
    service.sign()
    row = draft_of(people["admin"], NEXT)
    payload = f'{{"draft": {row.pk}, "version": 1, "in_force_from": {now()}}}'
    told = {"id": "m1", "event": event, "to": people["viewer"].email, "channel": "mail", "payload": payload}
    times = {"created_at": now(), "not_after": None, "number": 1, "until": now()}
    said = say(Leased(**told, **times, lead="", cycle=""), people["viewer"])  # type: ignore[arg-type] # of many kinds
    assert said is not None
    [button] = said.buttons
    assert button.address.startswith(settings.BASE_URL)
    assert clients["viewer"].get(button.address.removeprefix(settings.BASE_URL)).status_code == 200
