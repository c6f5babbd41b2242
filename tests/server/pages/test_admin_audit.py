"""The audit log on its page: narrowed, in pages, as a file that is harmless, and held against its seals."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from tests.support.page import Node, parsed
from tests.support.service import Hands

from handfast.instant import DAY
from handfast_server.accounts.models import User
from handfast_server.audit.acting import acting
from handfast_server.audit.models import Entry
from handfast_server.audit.record import record
from handfast_server.audit.seals import try_seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(clients: dict[str, Client]) -> Client:
    return clients["admin"]


def main(client: Client, address: str) -> Node:
    text = client.get(address).content.decode()
    return parsed(text[text.index("<main") : text.index("</main>") + 7])


def actions(client: Client, query: str = "") -> list[str]:
    return [row.one("code").text for row in main(client, f"/audit?{query}").one("tbody").all("tr")]


def test_it_is_narrowed_by_who_what_about_and_period(clock: Hands, admin: Client, people: dict[str, User]) -> None:
    Entry.objects.all().delete()
    me = f"user:{people['admin'].pk}"
    with acting(me):
        record("contracts.written", "draft:1")
    clock.move(2 * DAY)
    record("contracts.signed", "draft:1")
    record("accounts.changed", me)
    assert actions(admin) == ["accounts.changed", "contracts.signed", "contracts.written"]
    for query, found in (
        (f"who={me}", ["contracts.written"]),
        ("what=contracts.", ["contracts.signed", "contracts.written"]),
        ("what=contracts.signed", ["contracts.signed"]),
        ("about=draft:1", ["contracts.signed", "contracts.written"]),
        ("from=2026-11-25", ["accounts.changed", "contracts.signed"]),
        ("to=2026-11-23", ["contracts.written"]),
        ("from=2026-11-23&to=2026-11-25&what=accounts.", ["accounts.changed"]),
    ):
        assert actions(admin, query) == found, query
        said = admin.get(f"/api/audit/entries?{query}") if "from" not in query and "to=" not in query else None
        assert said is None or [each["what"] for each in said.json()["items"]] == found
    row = main(admin, "/audit?what=accounts.").one("tbody").one("tr")
    assert "Priya" in row.text
    assert [each.attributes["href"] for each in row.all("a")][-1] == f"/people/{people['admin'].pk}"
    wrong = admin.get("/audit?from=yesterday")
    assert wrong.status_code == 422
    assert "This is no date" in wrong.content.decode()
    assert "No entry is like that" in admin.get("/audit?who=nobody").content.decode()


def test_a_long_log_has_pages(admin: Client) -> None:
    Entry.objects.all().delete()
    for n in range(230):
        record("x.y", f"thing:{n}")
    address, seen = "/audit?what=x.", 0
    while address:
        page = main(admin, address)
        seen += len(list(page.one("tbody").all("tr")))
        further = [each for each in page.all("a") if each.attributes.get("rel") == "next"]
        address = f"/audit{further[0].attributes['href']}" if further else ""
    assert seen == 230


def test_its_file_holds_what_was_asked_for_and_no_formula(admin: Client) -> None:
    record("x.y", "=cmd|'/c calc'!A0", details={"note": "<b>"})
    record("x.z", "other")
    answer = admin.get("/audit/file?what=x.y")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined] # it streams
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["what"] for row in rows] == ["x.y"]
    assert rows[0]["about"].startswith("'=cmd")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    page = admin.get("/audit?what=x.y").content.decode()
    assert "<b>" not in page


def test_it_says_whether_it_is_what_was_written(admin: Client) -> None:
    record("x.y", "z")
    while try_seal():
        pass
    assert "The log is what was written" in admin.get("/audit/check").content.decode()
    Entry.objects.filter(what="x.y").update(about="another")
    broken = admin.get("/audit/check").content.decode()
    assert "The log is not what was written" in broken
    assert "is not what was written." in broken


def test_what_was_forgotten_with_a_lead_says_so(admin: Client) -> None:
    record("leads.merged", "lead:l1", lead="l1", details={"note": "Ann"})
    Entry.objects.filter(lead="l1").update(details="", salt="", forgotten=True)
    page = main(admin, "/audit?about=lead:l1")
    assert "forgotten with the lead" in page.one("tbody").text
