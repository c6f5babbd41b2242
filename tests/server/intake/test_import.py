"""History from files: leads, stages, outreach and deals, and no clock that starts."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from django.db import OperationalError
from tests.support.program import handfast
from tests.support.service import Crew, Hands

from handfast.audit import read_export
from handfast.facts import (
    ActivityHappened,
    AttributesChanged,
    Fact,
    LeadCreated,
    LeadsMerged,
    Tick,
    TouchKind,
    TouchMade,
)
from handfast.history import write_line
from handfast.instant import DAY, HOUR, Instant, parse_instant
from handfast_server.delivery.models import Message
from handfast_server.facts.models import Fact as FactRow
from handfast_server.handoffs.models import Clock, Cycle
from handfast_server.intake import export, importing
from handfast_server.intake.history import Row, rows
from handfast_server.intake.take import take_in
from handfast_server.intake.wire import item_of, read_any
from handfast_server.leads.models import Key, Lead

pytestmark = pytest.mark.django_db
AT = parse_instant("2026-11-10T10:00:00+01:00")


class Kept:
    """Refused rows in memory."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, str, str]] = []

    def add(self, row: Row, code: str, message: str, path: str) -> None:
        self.rows.append((row.place, code, message, path))


def history(leads: int = 3) -> list[Fact]:
    facts: list[Fact] = []
    for number in range(leads):
        lead, at = f"L{number}", AT + number * HOUR

        def base(what: str, at: Instant = at, lead: str = lead) -> dict[str, object]:
            return {"id": f"{what}-{lead}", "happened_at": at, "recorded_at": at, "lead": lead}

        known = {"email": f"person{number}@buyer.example", "company": "Buyer", "industry": "software", "employees": 200}
        facts += [
            LeadCreated(**base("came"), attributes=known, account="A7"),  # type: ignore[arg-type] # as written above
            ActivityHappened(**base("did"), kind="form_submitted", properties={"form": "demo"}),  # type: ignore[arg-type] # the same
            TouchMade(**base("rang"), by="lena", kind=TouchKind.CONTACT),  # type: ignore[arg-type] # the same
            AttributesChanged(**base("more"), attributes={"title": "Head"}),  # type: ignore[arg-type] # the same
        ]
    return facts


def lines(facts: list[Fact]) -> bytes:
    return "".join(f"{write_line(fact)}\n" for fact in facts).encode()


def load(text: bytes, digest: str = "d1") -> tuple[dict[str, int], list[str]]:
    kept = Kept()
    return importing.load(rows(io.BytesIO(text), "old"), digest, kept, lambda _: None), [row[1] for row in kept.rows]


def test_history_starts_no_clock_and_sends_nothing(clock: Hands, team: Crew) -> None:
    counts, codes = load(lines(history()))
    assert (counts["accepted"], codes) == (12, [])
    lead = Lead.objects.get(id="L1")
    assert (lead.email, lead.company, lead.title, lead.account_id) == ("person1@buyer.example", "Buyer", "Head", "A7")
    assert lead.behaviour > 0
    assert set(Cycle.objects.values_list("state", flat=True)) == {"open"}
    assert not Clock.objects.exists()
    assert not Message.objects.exists()
    assert all('"loaded":true' in line for line in FactRow.objects.filter(lead="L1").values_list("line", flat=True))


def test_what_is_loaded_twice_is_there_once(team: Crew) -> None:
    load(lines(history()))
    assert load(lines(history()))[0]["skipped"] == 12
    assert load(lines(history()), "another file")[0]["repeat"] == 12
    assert Lead.objects.count() == 3


def test_what_is_interrupted_goes_on_where_it_was(team: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "RUN", 4)
    calls: list[int] = []

    def breaks(items: list[object]) -> object:
        calls.append(len(items))
        if len(calls) == 2:
            raise OperationalError
        return take_in(items)  # type: ignore[arg-type] # handed on

    monkeypatch.setattr(importing, "take_in", breaks)
    with pytest.raises(OperationalError):
        load(lines(history()))
    counts, _ = load(lines(history()))
    assert (counts["skipped"], counts["accepted"], counts["repeat"]) == (4, 8, 0)
    assert calls == [4, 4, 4, 4]
    assert Lead.objects.count() == 3


def test_refused_rows_spoil_no_others(team: Crew) -> None:
    tick = Tick(id="t", happened_at=AT, recorded_at=AT, lead="L0")
    stranger = TouchMade(id="x", happened_at=AT, recorded_at=AT, lead="nobody", by="lena", kind=TouchKind.ATTEMPT)
    text = b"\xef\xbb\xbf" + lines(history()[:1]) + b"no json\n" + lines([tick, stranger]) + lines(history()[1:])
    counts, codes = load(text)
    assert codes == ["not_json", "not_history", "unknown_lead"]
    assert counts["accepted"] == 12


def test_two_that_were_merged_there_are_one_here(team: Crew) -> None:
    at = AT + DAY
    both = LeadsMerged(id="m", happened_at=at, recorded_at=at, lead="L0", absorbed="L2")
    load(lines([*history(), both]))
    assert Lead.objects.filter(merged_into="").count() == 2
    assert Key.objects.get(value="L2").lead_id == "L0"


CONTACTS = (
    "Record ID,First Name,Last Name,Email,Company name,Country/Region,Create Date,"
    "Became a Marketing Qualified Lead Date,Lifecycle Stage,Contact owner\n"
    "151,Ann,Berg,Ann@buyer.example,Buyer,Germany,2026-11-05 10:00,2026-11-06 10:00,Marketing Qualified Lead,Lena\n"
    "152,Bob,Ray,bob@buyer.example,Buyer,Germany,2026-11-07 10:00,,Lead,\n"
)


def test_leads_of_a_crm_are_known_again_with_the_stages_they_had(clock: Hands, team: Crew, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text(CONTACTS)
    found = read_export([tmp_path / "contacts.csv"], zone="Europe/Berlin", asked=export.ASKED)
    kept = Kept()
    counts = importing.load(export.rows(found, "hubspot", AT), "d", kept, lambda _: None)
    assert (counts["accepted"], kept.rows) == (2, [])
    ann = Key.objects.get(kind="hubspot", value="151").lead
    assert (ann.email.lower(), ann.name, ann.company) == ("ann@buyer.example", "Ann Berg", "Buyer")
    assert ann.account is not None
    stamps = FactRow.objects.filter(lead=ann.id, kind="StageStamped").order_by("happened_at")
    assert ['"stage":"qualified"' in line for line in stamps.values_list("line", flat=True)] == [False, True]
    assert not Clock.objects.exists()
    assert not Message.objects.exists()
    again = item_of(read_any({"type": "lead", "email": "ann@buyer.example"}), "web")
    assert take_in([again])[0].lead == ann.id


def test_the_command_loads_a_crm_export(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text(CONTACTS)
    refused = tmp_path / "refused.csv"
    said = [
        handfast(
            home, "import", str(tmp_path / "contacts.csv"), "--source", "hubspot", "--refused", str(refused), "--json"
        )
        for _ in range(2)
    ]
    assert [each.returncode for each in said] == [0, 0], said[0].stderr
    counts = [json.loads(each.stdout)["counts"] for each in said]
    assert (counts[0]["accepted"], counts[0]["refused"], counts[1]["skipped"]) == (2, 0, 2)
    assert not refused.exists()


def test_the_command_writes_refused_rows_to_a_file(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "facts.jsonl").write_bytes(lines(history()) + b"no json\n=1+1\n")
    refused = tmp_path / "refused.csv"
    said = handfast(home, "import", str(tmp_path / "facts.jsonl"), "--refused", str(refused))
    assert said.returncode == 0, said.stderr
    assert "12 rows loaded" in said.stdout
    rows = list(csv.DictReader(refused.read_text(encoding="utf-8").splitlines()))
    found = [(row["line"], row["code"], row["row"]) for row in rows]
    assert found == [("13", "not_json", "no json"), ("14", "not_json", "'=1+1")]
