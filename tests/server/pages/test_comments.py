"""What is said of clauses: beside them on drafts and versions, kept with the version, settled, taken back, told."""

from __future__ import annotations

import re

import orjson
import pytest
from django.test import Client
from tests.support import service
from tests.support.page import Node, parsed

from handfast.simulate import demo_texts
from handfast_server.access import of_user
from handfast_server.accounts.models import User
from handfast_server.audit.models import Entry
from handfast_server.contracts.actions import do_drop, do_write
from handfast_server.contracts.models import Comment, Draft, Version
from handfast_server.delivery.models import Message
from handfast_server.now import now

pytestmark = pytest.mark.django_db

CLAUSE = "clocks.first_touch.within"


@pytest.fixture
def version() -> Version:
    return service.sign()


@pytest.fixture
def draft(people: dict[str, User]) -> Draft:
    return do_write(of_user(people["marketing"]), demo_texts()[0])


def main(client: Client, address: str) -> Node:
    page = client.get(address).content.decode()
    found = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert found is not None
    return parsed(found[0])


def say(client: Client, text: str, clause: str = CLAUSE, **of: int) -> str:
    answer = client.post("/contract/comments", {"clause": clause, "text": text, **of})
    assert answer.status_code == 302, answer.content[:300]
    return str(answer.headers["Location"])


def test_a_comment_stands_beside_its_sentence_at_its_line_and_below(
    clients: dict[str, Client], version: Version
) -> None:
    to = say(clients["manager"], "Too long for <b>a demo</b>.\r\nTwo hours?", version=1)
    row = Comment.objects.get()
    assert to == f"/contract/versions/1?clause={CLAUSE}#comment-{row.pk}"
    page = main(clients["viewer"], "/contract")
    links = [link for link in page.all("a") if "talked" in link.attributes.get("class", "")]
    assert len(links) == 2  # at the sentence, and at the line
    assert {link.attributes["href"] for link in links} == {f"/contract/versions/1?clause={CLAUSE}#asked"}
    assert "Too long for <b>a demo</b>." in page.by_id(f"comment-{row.pk}").text
    assert "1 not settled" in page.text
    opened = main(clients["manager"], to.partition("#")[0])
    assert f"comment-{row.pk}" in [each.attributes.get("id") for each in opened.by_id("asked").all("li")]
    assert sum(each.attributes.get("id") == f"comment-{row.pk}" for each in opened.all("li")) == 1


def test_comments_of_a_draft_are_kept_with_the_version_it_becomes(
    clients: dict[str, Client], people: dict[str, User], version: Version, draft: Draft
) -> None:
    say(clients["marketing"], "Better so", draft=draft.pk)
    assert "Better so" in main(clients["viewer"], f"/contract/drafts/{draft.pk}").text
    assert "Better so" not in main(clients["viewer"], "/contract/versions/1").text
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.SIGNED, digest=version.digest, number=1)
    page = main(clients["viewer"], "/contract/versions/1")
    assert "Better so" in page.text
    row = Comment.objects.get()
    back = clients["admin"].post(f"/contract/comments/{row.pk}/settle")
    assert back.headers["Location"].startswith("/contract/versions/1?")


def test_a_draft_that_is_written_shows_them_in_its_english_while_somebody_types(
    clients: dict[str, Client], draft: Draft
) -> None:
    say(clients["admin"], "Why so long?", draft=draft.pk)
    told = clients["marketing"].post("/contract/check", {"text": draft.text, "draft": draft.pk}).content.decode()
    assert "1 comment" in told
    assert f"/contract/drafts/{draft.pk}?clause={CLAUSE}" in told
    gone = draft.text.replace("4 business hours", "4 busyness hours")
    assert clients["marketing"].post("/contract/check", {"text": gone, "draft": "999"}).status_code == 200


def test_it_is_settled_opened_again_and_taken_back(
    clients: dict[str, Client], people: dict[str, User], version: Version
) -> None:
    say(clients["marketing"], "Why?", version=1)
    row = Comment.objects.get()
    for _twice in range(2):
        assert clients["sales_leader"].post(f"/contract/comments/{row.pk}/settle").status_code == 302
    row.refresh_from_db()
    assert row.settled_by == f"user:{people['sales_leader'].pk}"
    assert "settled by" in main(clients["viewer"], "/contract").text
    clients["marketing"].post(f"/contract/comments/{row.pk}/settle", {"again": "1"})
    row.refresh_from_db()
    assert row.settled_at is None
    clients["sales_leader"].post(f"/contract/comments/{row.pk}/take-back")
    assert Comment.objects.get().text == "Why?"  # of somebody else
    clients["marketing"].post(f"/contract/comments/{row.pk}/take-back")
    page = main(clients["viewer"], "/contract").text
    assert Comment.objects.get().text == ""
    assert "Why?" not in page
    assert "Taken back." in page
    acts = list(Entry.objects.filter(about=f"comment:{row.pk}").order_by("pk").values_list("what", flat=True))
    assert acts == [
        "contracts.commented",
        "contracts.comment_settled",
        "contracts.comment_reopened",
        "contracts.comment_taken_back",
    ]


def test_who_is_named_and_who_wrote_the_draft_are_told(
    clients: dict[str, Client], people: dict[str, User], draft: Draft
) -> None:
    address = people["sales_leader"].email
    to = say(clients["manager"], f"@{address}, @nobody-here: look. mail@{address} is no name", draft=draft.pk)
    told = {message.to: orjson.loads(message.payload) for message in Message.objects.all()}
    assert set(told) == {address, people["marketing"].email}
    comment = Comment.objects.get()
    assert told[address] == {"comment": comment.pk, "draft": draft.pk, "version": None, "clause": CLAUSE}
    answer = clients["manager"].get(to.partition("#")[0]).content.decode()
    assert "@nobody-here" in re.sub(r"(?s)<ol class=.talk.*?</ol>", "", answer)
    say(clients["marketing"], "I answer myself", draft=draft.pk)
    assert Message.objects.count() == 2


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4_001, "a\x00b"])
def test_nothing_and_too_much_are_refused(text: str, clients: dict[str, Client], version: Version) -> None:
    answer = clients["admin"].post("/contract/comments", {"clause": CLAUSE, "text": text, "version": 1})
    assert answer.status_code == 302
    assert not Comment.objects.exists()
    assert "has 1 to 4,000 letters" in clients["admin"].get("/contract").content.decode()


def test_of_a_draft_that_is_over_nothing_is_said_any_more(clients: dict[str, Client], draft: Draft) -> None:
    do_drop(draft.pk)
    say(clients["admin"], "Too late", draft=draft.pk)
    assert not Comment.objects.exists()
    page = main(clients["admin"], f"/contract/drafts/{draft.pk}")
    assert not any(form.attributes["action"] == "/contract/comments" for form in page.all("form"))


def test_who_only_reads_is_offered_nothing_and_can_nothing(clients: dict[str, Client], version: Version) -> None:
    page = main(clients["viewer"], f"/contract?clause={CLAUSE}")
    assert not any("comment" in form.attributes["action"] for form in page.all("form"))
    assert (
        clients["viewer"].post("/contract/comments", {"clause": CLAUSE, "text": "x", "version": 1}).status_code == 403
    )
    for unknown in ("comments", "comments/9/settle", "comments/99999999999999999999/take-back"):
        assert clients["admin"].post(f"/contract/{unknown}", {"text": "x", "version": "7"}).status_code == 404


def test_who_it_was_is_asked_when_it_is_read(
    clients: dict[str, Client], people: dict[str, User], version: Version
) -> None:
    Comment.objects.create(version=version, path="nothing.such", text="x", made_by="user:999999", made_at=now())
    say(clients["marketing"], "Why?", version=1)
    User.objects.filter(pk=people["marketing"].pk).update(name="Somebody else")
    page = main(clients["viewer"], "/contract").text
    assert "Somebody else" in page
    assert "user:999999" in page


def test_programs_say_and_read_the_same(
    clients: dict[str, Client], people: dict[str, User], version: Version, draft: Draft
) -> None:
    admin, given = clients["admin"], {"clause": CLAUSE, "text": "@nobody-here: why?"}
    for wrong in ({}, {"draft": draft.pk, "version": 1}):
        answer = admin.post("/api/contract/comments", {**given, **wrong}, content_type="application/json")
        assert (answer.status_code, answer.json()["path"]) == (422, "draft")
    made = admin.post("/api/contract/comments", {**given, "version": 1}, content_type="application/json")
    assert (made.status_code, made.json()["unknown"]) == (201, ["nobody-here"])
    assert "why?" in main(clients["viewer"], "/contract").text
    address = f"/api/contract/comments/{made.json()['id']}"
    settled = clients["manager"].post(f"{address}/settle", {}, content_type="application/json").json()
    assert settled["settled_by"] == f"user:{people['manager'].pk}"
    assert clients["manager"].post(f"{address}/take-back").json()["code"] == "not_yours"
    assert admin.post(f"{address}/take-back").json()["text"] == ""
    [kept] = clients["viewer"].get("/api/contract/comments?version=1").json()
    assert (kept["clause"], kept["text"]) == (CLAUSE, "")
    assert clients["viewer"].get(f"/api/contract/comments?draft={draft.pk}").json() == []
    assert clients["viewer"].get("/api/contract/comments?version=9").status_code == 404
