"""A leader who left, reminders, any two versions beside each other, and a version as a file with its seal."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile

import pytest
from django.test import Client
from tests.support import service
from tests.support.page import Node, parsed
from tests.support.service import Hands

from handfast.contract.diff import diff
from handfast.contract.model import PartyName
from handfast.contract.schema import json_schema
from handfast.contract.seal import unseal
from handfast.instant import DAY
from handfast.simulate import demo_contracts, demo_texts
from handfast_server.access import of_user
from handfast_server.accounts.models import User
from handfast_server.contracts.actions import do_propose, do_write
from handfast_server.contracts.models import Appointment, Version
from handfast_server.decide import terms
from handfast_server.delivery.models import Message

pytestmark = pytest.mark.django_db

PASSWORD = "a good word"  # noqa: S105 # of nobody
GIVEN = {"party": "marketing", "name": "Ines", "email": "ines@acme.example", "why": "Dana left on Friday."}


def main(client: Client, address: str, status: int = 200) -> Node:
    answer = client.get(address)
    assert answer.status_code == status
    found = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)
    assert found is not None
    return parsed(found[0])


def entered(user: User) -> Client:
    client = Client()
    assert client.post("/account/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def leaders(people: dict[str, User], clock: Hands) -> dict[str, User]:
    """The leaders are those whom the first version names."""
    service.sign()
    for party, part in ((PartyName.MARKETING, "marketing_leader"), (PartyName.SALES, "sales_leader")):
        email = demo_contracts()[0].parties[party].email
        User.objects.filter(pk=people[part].pk).update(email=email)
    return {part: User.objects.get(pk=user.pk) for part, user in people.items()}


def test_one_proposes_and_another_confirms_who_signs(leaders: dict[str, User], clock: Hands) -> None:
    sales, admin = entered(leaders["sales_leader"]), entered(leaders["admin"])
    assert sales.post("/contract/successors/ask", GIVEN).headers["Location"] == "/contract/successors"
    row = Appointment.objects.get()
    page = main(admin, "/contract/successors")
    assert "Dana left on Friday." in page.text
    again = sales.post(f"/contract/successors/{row.pk}/confirm")
    assert again.status_code == 403
    assert "an administrator confirms" in again.content.decode()
    assert admin.post(f"/contract/successors/{row.pk}/confirm").status_code == 302
    assert Version.objects.get().successions[0]["email"] == "ines@acme.example"
    page = main(admin, "/contract/successors")
    assert "ines@acme.example" in page.one("dl", "rows").text
    assert "Ines" in main(admin, "/contract").text


def test_who_has_not_shown_who_they_are_does_so_first(
    clients: dict[str, Client], leaders: dict[str, User], clock: Hands
) -> None:
    page = main(clients["sales_leader"], "/contract/successors")
    assert not list(page.all("form"))
    answer = clients["sales_leader"].post("/contract/successors/ask", GIVEN)
    assert answer.headers["Location"].startswith("/account/reauthenticate/?next=%2Fcontract%2Fsuccessors")
    assert not Appointment.objects.exists()


def test_what_is_wrong_is_said_at_its_field_and_kept(leaders: dict[str, User], clock: Hands) -> None:
    sales = entered(leaders["sales_leader"])
    answer = sales.post("/contract/successors/ask", {**GIVEN, "email": "nobody", "why": ""})
    assert answer.status_code == 422
    assert "Ines" in answer.content.decode()
    answer = sales.post("/contract/successors/ask", {**GIVEN, "party": "sales"})
    assert answer.status_code == 403
    assert not Appointment.objects.exists()


def test_others_read_who_signs_and_can_do_nothing(clients: dict[str, Client], leaders: dict[str, User]) -> None:
    assert not list(main(clients["viewer"], "/contract/successors").all("form"))
    assert clients["viewer"].post("/contract/successors/ask", GIVEN).status_code == 403
    assert clients["admin"].post("/contract/successors/99999999999999999999/confirm").status_code == 404


def test_before_anything_is_signed_the_pages_say_what_to_do(clients: dict[str, Client]) -> None:
    assert "change it there" in main(clients["admin"], "/contract/successors").text
    assert "nothing to compare yet" in main(clients["admin"], "/contract/compare").text
    assert clients["admin"].get("/contract/versions/1/file").status_code == 404


def test_any_two_versions_are_set_against_each_other(clients: dict[str, Client], clock: Hands) -> None:
    service.sign()
    service.sign(2)
    told = main(clients["viewer"], "/contract/compare")
    old, new = (terms.current().of(number).contract for number in (1, 2))
    for change in diff(old, new):
        assert " ".join(change.sentence.split()) in told.text
    back = main(clients["viewer"], "/contract/compare?from=2&to=1")
    for change in diff(new, old):
        assert " ".join(change.sentence.split()) in back.text
    assert [len(list(back.all("li", look))) for look in ("came", "went")] == [
        len(list(told.all("li", look))) for look in ("went", "came")
    ]
    assert "two different versions" in main(clients["viewer"], "/contract/compare?from=1&to=1").text
    for strange in ("?from=9&to=-1", "?from=x&to=" + "9" * 50):
        assert clients["viewer"].get(f"/contract/compare{strange}").status_code == 200


def test_a_version_is_handed_out_with_its_seal(clients: dict[str, Client], clock: Hands) -> None:
    row = service.sign()
    answer = clients["viewer"].get("/contract/versions/1/file")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        inside = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert hashlib.sha256(inside["sealed.json"]).hexdigest() == row.digest
    assert inside["sealed.json.sha256"].decode().split() == [row.digest, "sealed.json"]
    assert unseal(inside["sealed.json"], row.digest).contract.version == 1
    assert inside["contract.yaml"].decode() == demo_texts()[0]
    told = json.loads(inside["signatures.json"])
    assert [each["email"] for each in told["signatures"]] == [each["email"] for each in row.signatures]
    assert clients["viewer"].get("/contract/versions/1/file").content == answer.content
    Version.objects.filter(pk=1).update(digest="0" * 64)
    assert clients["viewer"].get("/contract/versions/1/file").status_code == 503


def test_who_has_not_signed_is_asked_again_once_a_day(
    clients: dict[str, Client], people: dict[str, User], clock: Hands
) -> None:
    row = do_propose(of_user(people["admin"]), do_write(of_user(people["admin"]), demo_texts()[0]).pk)
    asked = Message.objects.filter(event="contract.signature_asked")
    first = asked.count()
    for _press in range(3):
        assert clients["marketing"].post(f"/contract/drafts/{row.pk}/remind").status_code == 302
    assert asked.count() == 2 * first
    clock.move(DAY)
    clients["marketing"].post(f"/contract/drafts/{row.pk}/remind")
    assert asked.count() == 3 * first
    assert "Remind them" not in main(clients["viewer"], f"/contract/drafts/{row.pk}").text
    clients["marketing"].post(f"/contract/drafts/{row.pk}/recall")
    assert clients["marketing"].post(f"/contract/drafts/{row.pk}/remind").status_code == 409


def test_the_editor_is_given_the_published_schema(clients: dict[str, Client]) -> None:
    assert clients["marketing"].get("/contract/words").json() == json_schema()


def test_the_list_of_drafts_says_what_waits_for_whom(
    clients: dict[str, Client], people: dict[str, User], clock: Hands
) -> None:
    do_propose(of_user(people["admin"]), do_write(of_user(people["admin"]), demo_texts()[0]).pk)
    email = demo_contracts()[0].parties[PartyName.SALES].email
    User.objects.filter(pk=people["sales_leader"].pk).update(email=email)
    assert "Waits for your signature" in main(clients["sales_leader"], "/contract/drafts").text
    assert "Waits for your signature" not in main(clients["admin"], "/contract/drafts").text
