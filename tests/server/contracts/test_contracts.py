"""Drafts become versions: written, checked, proposed, signed by both sides, in force a moment later."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.support import service
from tests.support.asking import program
from tests.support.service import Hands, signed_version

from handfast.contract.model import PartyName
from handfast.contract.versions import history
from handfast.engine.terms import Terms
from handfast.errors import SealBroken
from handfast.instant import MINUTE, SECOND
from handfast.simulate import demo_texts
from handfast_server.access import of_user
from handfast_server.accounts.models import Role, User
from handfast_server.accounts.tokens import make_token
from handfast_server.audit.models import Entry
from handfast_server.contracts import signing
from handfast_server.contracts.actions import SETTLES, do_propose, do_sign, do_write
from handfast_server.contracts.models import Appointment, Draft, Version
from handfast_server.contracts.queries import whole_history
from handfast_server.decide import terms
from handfast_server.delivery.lease import Leased
from handfast_server.delivery.models import Message
from handfast_server.delivery.words import say
from handfast_server.intake.models import SetAside
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.refused import Refused

FIRST = demo_texts()[0]
SECOND_TEXT = re.sub(r"(?m)^effective_from:.*$", "effective_from: 2027-01-01T00:00:00+01:00", demo_texts()[1])
PARTIES = signed_version(1).sealed.contract.parties
PASSWORD = "correct horse battery"  # noqa: S105 # of nobody


def person(email: str, *roles: Role, name: str = "") -> User:
    return User.objects.create_user(email, PASSWORD, name=name or email, roles=[role.value for role in roles])


@pytest.fixture
def leaders(db: None) -> dict[PartyName, User]:
    """The two people whom the demonstration's contract names."""
    return {
        PartyName.MARKETING: person(PARTIES[PartyName.MARKETING].email, Role.MARKETING_LEADER, name="Dana"),
        PartyName.SALES: person(PARTIES[PartyName.SALES].email, Role.SALES_LEADER, name="Omar"),
    }


@pytest.fixture
def admin(db: None) -> User:
    return person("root@acme.example", Role.ADMIN, name="Priya")


def entered(user: User) -> Client:
    """A browser in which somebody has just given their password."""
    client = Client()
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def ask(client: Client, address: str, body: Any = None, method: str = "post") -> tuple[int, Any]:
    said = {} if method == "get" else {"data": body, "content_type": "application/json"}
    answer = getattr(client, method)(f"/api/contract{address}", **said)
    return answer.status_code, answer.json()


def drafted(user: User, text: str) -> Draft:
    draft = do_write(of_user(user), text)
    return do_propose(of_user(user), draft.pk)


def signed_by_both(draft: Draft, leaders: dict[PartyName, User]) -> Draft:
    for party in PartyName:
        draft = do_sign(draft.pk, leaders[party], party, draft.digest)
    return draft


def test_the_first_version_from_a_text_to_being_in_force(
    admin: User, leaders: dict[PartyName, User], clock: Hands
) -> None:
    desk = entered(admin)
    status, draft = ask(desk, "/drafts", {"text": FIRST, "note": "Our first."})
    assert (status, draft["state"], draft["checked"]["sound"], draft["checked"]["against"]) == (
        201,
        "editing",
        True,
        None,
    )
    assert draft["checked"]["english"][0]["sentences"]
    status, draft = ask(desk, f"/drafts/{draft['id']}/propose")
    assert status == 200
    assert {(seat["email"], seat["registered"]) for seat in draft["seats"]} == {
        (each.email, True) for each in leaders.values()
    }
    asked = set(Message.objects.filter(event="contract.signature_asked").values_list("to", flat=True))
    assert asked >= {each.email for each in leaders.values()}
    for party, leader in leaders.items():
        at = now()
        status, draft = ask(
            entered(leader), f"/drafts/{draft['id']}/sign", {"party": party.value, "digest": draft["digest"]}
        )
        assert status == 200, draft
    assert draft["state"] == "signed"
    version = Version.objects.get()
    assert version.in_force_from == max(at, version.signatures[-1]["at"]) + SETTLES
    assert terms.current().in_force(now()) is None
    clock.move(SETTLES)
    governing = terms.current().in_force(now())
    assert governing is not None
    assert governing.number == 1
    status, shown = ask(desk, "/versions/1", method="get")
    assert (status, shown["text"], shown["in_force"]) == (200, FIRST, True)
    assert [each["email"] for each in shown["signatures"]] == [leaders[party].email for party in PartyName]
    assert {"contracts.written", "contracts.proposed", "contracts.consented", "contracts.signed"} <= set(
        Entry.objects.values_list("what", flat=True)
    )
    assert history(whole_history().versions).versions


def test_a_deputy_signs_for_a_signatory_and_not_for_the_other_side(
    admin: User, leaders: dict[PartyName, User], clock: Hands
) -> None:
    leader, deputy = leaders[PartyName.MARKETING], person("ines@acme.example", Role.MARKETING)
    text = re.sub(re.escape(f"email: {leader.email}") + r"\b", rf"\g<0>, deputies: [{deputy.email}]", FIRST, count=1)
    assert text != FIRST
    draft = drafted(admin, text)
    with pytest.raises(Refused):
        do_sign(draft.pk, deputy, PartyName.SALES, draft.digest)
    do_sign(draft.pk, deputy, PartyName.MARKETING, draft.digest)
    do_sign(draft.pk, leaders[PartyName.SALES], PartyName.SALES, draft.digest)
    assert Version.objects.get().signatures[0]["email"] == deputy.email


def test_problems_are_said_with_their_place_and_such_a_draft_is_not_proposed(admin: User) -> None:
    desk = entered(admin)
    broken = FIRST.replace("zone: Europe/Berlin", "zone: Europe/Berln", 1)
    assert broken != FIRST
    status, said = ask(desk, "/check", {"text": broken})
    problem = said["problems"][0]
    assert (status, said["sound"]) == (200, False)
    assert problem["line"] == 1 + FIRST[: FIRST.index("zone: Europe/Berlin")].count("\n")
    assert problem["nearest"] == "Europe/Berlin"
    _, draft = ask(desk, "/drafts", {"text": broken})
    status, refused = ask(desk, f"/drafts/{draft['id']}/propose")
    assert (status, refused["code"]) == (409, "not_sound")


def test_a_draft_is_not_written_over_unseen(admin: User) -> None:
    desk = entered(admin)
    _, draft = ask(desk, "/drafts", {"text": FIRST})
    address = f"/drafts/{draft['id']}"
    assert ask(desk, address, {"text": FIRST, "note": "one", "revision": 1}, "put")[0] == 200
    status, refused = ask(desk, address, {"text": FIRST, "note": "two", "revision": 1}, "put")
    assert (status, refused["code"]) == (409, "changed_meanwhile")


def test_a_proposed_text_stands_still_until_it_is_recalled_and_then_nobody_has_signed(
    admin: User, leaders: dict[PartyName, User]
) -> None:
    draft = drafted(admin, FIRST)
    do_sign(draft.pk, leaders[PartyName.SALES], PartyName.SALES, draft.digest)
    desk, address = entered(admin), f"/drafts/{draft.pk}"
    status, refused = ask(desk, address, {"text": FIRST, "revision": 1}, "put")
    assert (status, refused["code"]) == (409, "draft_stands_still")
    status, recalled = ask(desk, f"{address}/recall")
    assert (status, recalled["state"], recalled["signatures"], recalled["revision"]) == (200, "editing", [], 2)
    assert ask(desk, f"{address}/drop")[1]["state"] == "dropped"
    assert ask(desk, f"{address}/drop")[1]["code"] == "not_open"


def test_signing_takes_who_was_just_asked_for_a_password(
    admin: User, leaders: dict[PartyName, User], clock: Hands
) -> None:
    draft = drafted(admin, FIRST)
    consent = {"party": "sales", "digest": draft.digest}
    leader = entered(leaders[PartyName.SALES])
    clock.move(6 * MINUTE)
    status, refused = ask(leader, f"/drafts/{draft.pk}/sign", consent)
    assert (status, refused["code"]) == (403, "show_who_you_are")
    again = leader.post("/account/reauthenticate/", {"password": PASSWORD})
    assert again.status_code == 302
    assert ask(leader, f"/drafts/{draft.pk}/sign", consent)[0] == 200


def test_a_session_without_a_password_given_and_a_token_sign_nothing(
    admin: User, leaders: dict[PartyName, User]
) -> None:
    draft = drafted(admin, FIRST)
    consent = {"party": "sales", "digest": draft.digest}
    silent = Client()
    silent.force_login(leaders[PartyName.SALES])
    assert ask(silent, f"/drafts/{draft.pk}/sign", consent)[1]["code"] == "show_who_you_are"
    _, text = make_token("robot", list(Role), ["admin"], None)
    robot = Client(headers={"authorization": f"Bearer {text}"})
    assert ask(robot, f"/drafts/{draft.pk}/sign", consent)[1]["code"] == "only_people"


def test_nobody_signs_who_has_no_seat_or_twice_or_another_text(admin: User, leaders: dict[PartyName, User]) -> None:
    draft = drafted(admin, FIRST)
    sales = leaders[PartyName.SALES]
    for user, party in ((admin, PartyName.SALES), (sales, PartyName.MARKETING)):
        with pytest.raises(Refused) as refused:
            do_sign(draft.pk, user, party, draft.digest)
        assert refused.value.code == "may_not_sign"
    with pytest.raises(Refused) as other:
        do_sign(draft.pk, sales, PartyName.SALES, "0" * 64)
    assert other.value.code == "another_text"
    do_sign(draft.pk, sales, PartyName.SALES, draft.digest)
    with pytest.raises(Refused, match="has signed version 1 for sales already"):
        do_sign(draft.pk, sales, PartyName.SALES, draft.digest)


def test_an_amendment_says_what_is_different_and_governs_after_it(
    admin: User, leaders: dict[PartyName, User], clock: Hands
) -> None:
    signed_by_both(drafted(admin, FIRST), leaders)
    clock.move(MINUTE)
    _, draft = ask(entered(admin), "/drafts", {"text": SECOND_TEXT})
    assert draft["checked"]["against"] == 1
    assert draft["checked"]["changes"]
    signed_by_both(do_propose(of_user(admin), draft["id"]), leaders)
    assert [each.number for each in terms.current().versions] == [1, 2]


def test_of_two_drafts_signed_at_once_the_first_recorded_stands_and_the_other_is_told(
    admin: User, leaders: dict[PartyName, User]
) -> None:
    one, other = drafted(admin, FIRST), drafted(admin, FIRST.replace("acme-demo", "acme-other", 1))
    assert one.digest != other.digest
    do_sign(other.pk, leaders[PartyName.MARKETING], PartyName.MARKETING, other.digest)
    signed_by_both(one, leaders)
    other.refresh_from_db()
    assert other.state == Draft.State.OVERTAKEN
    with pytest.raises(Refused) as refused:
        do_sign(other.pk, leaders[PartyName.SALES], PartyName.SALES, other.digest)
    assert refused.value.code == "overtaken"
    told = set(Message.objects.filter(event="contract.overtaken").values_list("to", flat=True))
    assert told == {admin.email, leaders[PartyName.MARKETING].email}


@pytest.mark.django_db(transaction=True)
def test_two_last_signatures_in_two_threads_make_one_version(admin: User, leaders: dict[PartyName, User]) -> None:
    drafts = [drafted(admin, FIRST), drafted(admin, FIRST.replace("acme-demo", "acme-other", 1))]
    for draft in drafts:
        do_sign(draft.pk, leaders[PartyName.MARKETING], PartyName.MARKETING, draft.digest)
    came: list[str] = []
    start = threading.Barrier(2)

    def sign(draft: Draft) -> None:
        start.wait()
        try:
            came.append(do_sign(draft.pk, leaders[PartyName.SALES], PartyName.SALES, draft.digest).state)
        except Refused as refused:
            came.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["overtaken", "signed"]
    assert Version.objects.count() == 1


def test_a_signature_that_waited_too_long_is_recorded_anew_or_not_at_all(
    admin: User, leaders: dict[PartyName, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(admin, FIRST)
    beats = iter(range(1_000_000))
    real = now
    monkeypatch.setattr(signing, "now", lambda: real() + next(beats) * 6 * SECOND)
    with pytest.raises(Refused) as refused:
        do_sign(draft.pk, leaders[PartyName.SALES], PartyName.SALES, draft.digest)
    assert refused.value.code == "busy"
    draft.refresh_from_db()
    assert draft.signatures == []


def test_a_byte_changed_in_the_database_is_found_whenever_the_version_is_used(
    admin: User, leaders: dict[PartyName, User]
) -> None:
    signed_by_both(drafted(admin, FIRST), leaders)
    row = Version.objects.get()
    Version.objects.update(content=bytes(row.content).replace(b"acme", b"acne", 1))
    with pytest.raises(SealBroken):
        whole_history()


def test_nothing_is_judged_by_a_version_that_is_not_the_signed_one(
    admin: User, leaders: dict[PartyName, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_by_both(drafted(admin, FIRST), leaders)
    draft = drafted(admin, SECOND_TEXT)
    for table in (Version, Draft):
        row = table.objects.latest("pk")
        table.objects.filter(pk=row.pk).update(content=bytes(row.content or b"").replace(b"acme", b"acne", 1))
    monkeypatch.setattr(terms, "_known", ((), Terms(())))  # as a process that starts now
    desk, crm = entered(admin), program(*Role)
    lead = {"type": "lead", "email": "ann@buyer.example"}
    for client, method, path, body in (
        (desk, "get", "/contract/versions", None),
        (desk, "get", "/contract/versions/1", None),
        (desk, "get", "/contract/versions/1/drift", None),
        (desk, "get", f"/contract/drafts/{draft.pk}", None),
        (desk, "post", "/contract/check", {"text": FIRST}),
        (crm, "post", "/intake/batch", {"items": [lead] * 3}),
        (crm, "post", "/intake/leads", {"email": "ann@buyer.example"}),
    ):
        said = {} if body is None else {"data": body, "content_type": "application/json"}
        answer = getattr(client, method)(f"/api{path}", **said)
        assert (answer.status_code, answer.json()["code"]) == (503, "seal_broken"), path
        assert "handfast doctor" in answer.json()["message"]
    assert not Lead.objects.exists()
    assert not SetAside.objects.exists()


def test_what_packages_or_a_hand_changed_since_is_said_beside_the_sealed_version(
    admin: User, leaders: dict[PartyName, User]
) -> None:
    signed_by_both(drafted(admin, FIRST), leaders)
    desk = entered(admin)
    assert ask(desk, "/versions/1/drift", method="get") == (200, {"version": 1, "problems": [], "changes": []})
    Version.objects.update(text=FIRST.replace("points: 25}", "points: 24}"))
    _, drifted = ask(desk, "/versions/1/drift", method="get")
    assert [(each["path"], each["before"], each["after"]) for each in drifted["changes"]] == [
        ("score.fit.signals.target_industry.points", "25 points", "24 points")
    ]
    Version.objects.update(text="handfast: 1\n")
    _, drifted = ask(desk, "/versions/1/drift", method="get")
    assert drifted["changes"] == []
    assert drifted["problems"][0]["line"] == 1
    assert ask(desk, "/versions/7/drift", method="get")[0] == 404


def test_a_successor_takes_two_and_then_signs(admin: User, leaders: dict[PartyName, User], clock: Hands) -> None:
    signed_by_both(drafted(admin, FIRST), leaders)
    clock.move(MINUTE)
    lena = person("lena@acme.example", Role.SALES_LEADER, name="Lena")
    body = {"party": "sales", "name": "Lena", "email": lena.email, "why": "Omar left."}
    status, made = ask(entered(admin), "/appointments", body)
    assert status == 201, made
    status, refused = ask(entered(admin), f"/appointments/{made['id']}/confirm")
    assert (status, refused["code"]) == (403, "needs_signatory")
    status, version = ask(entered(leaders[PartyName.MARKETING]), f"/appointments/{made['id']}/confirm")
    assert status == 200, version
    assert version["successions"][0]["email"] == lena.email
    assert ask(entered(admin), f"/appointments/{made['id']}/confirm")[1]["code"] == "not_open"
    clock.move(MINUTE)
    draft = drafted(admin, SECOND_TEXT)
    do_sign(draft.pk, lena, PartyName.SALES, draft.digest)
    assert Appointment.objects.get().confirmed_by == leaders[PartyName.MARKETING].email
    assert Entry.objects.filter(what="contracts.succession").exists()


def test_nobody_appoints_alone_or_for_their_own_side(admin: User, leaders: dict[PartyName, User]) -> None:
    signed_by_both(drafted(admin, FIRST), leaders)
    body = {"party": "sales", "name": "Lena", "email": "lena@acme.example", "why": "Omar left."}
    status, refused = ask(entered(leaders[PartyName.SALES]), "/appointments", body)
    assert (status, refused["code"]) == (403, "may_not_appoint")


def test_without_a_signed_version_there_is_no_seat_to_pass_on(admin: User) -> None:
    body = {"party": "sales", "name": "Lena", "email": "lena@acme.example", "why": "Omar left."}
    assert ask(entered(admin), "/appointments", body)[1]["code"] == "nothing_signed"


def test_a_version_out_of_its_order_cannot_be_proposed(admin: User) -> None:
    service.sign()
    with pytest.raises(Refused) as refused:
        drafted(admin, FIRST)
    assert refused.value.code == "cannot_follow"


@pytest.mark.parametrize("event", ["contract.signature_asked", "contract.signed", "contract.overtaken"])
def test_every_message_about_the_contract_has_words(event: str, admin: User) -> None:
    payload = f'{{"draft": 1, "version": 2, "digest": "", "in_force_from": {now()}}}'
    leased = Leased(
        id="m1",
        event=event,
        to=admin.email,
        channel="mail",
        lead="",
        cycle="",
        payload=payload,
        created_at=now(),
        not_after=None,
        number=1,
        until=now(),
    )
    said = say(leased, admin)
    assert said is not None
    assert "2" in said.title
    assert said.lines
