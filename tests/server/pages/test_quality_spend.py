"""What was spent is stated by a form, by a file, or by a program: one rule, and costs follow."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.page import Node, parsed
from tests.support.service import Hands

from handfast.instant import HOUR
from handfast_server.audit.models import Entry
from handfast_server.scoreboard import boards, update
from handfast_server.scoreboard.models import Spend

pytestmark = pytest.mark.django_db

HEAD = "day,source,campaign,amount\n"
LINE = {"day": "2026-11-23", "source": "organic", "campaign": "", "amount": "100"}


@pytest.fixture(autouse=True)
def _files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    boards.forget()


@pytest.fixture
def lived(clock: Hands, lead: Callable[..., str]) -> None:
    """Three leads that were handed over, one of another source, and one that was not."""
    for source in ("organic", "organic", "paid"):
        lead(source=source)
    lead(source="organic", asks=False)
    clock.move(HOUR)
    update.rebuild()


def main(answer: Any, status: int = 200) -> Node:
    assert answer.status_code == status, answer.status_code
    text = answer.content.decode()
    return parsed(text[text.index("<main") : text.index("</main>") + 7])


def stated(client: Client, **values: Any) -> Any:
    return client.post("/quality/spend", LINE | values)


def sent(client: Client, text: str) -> Any:
    return client.post("/quality/spend", {"upload": "1", "file": SimpleUploadedFile("spend.csv", text.encode())})


def test_a_line_makes_costs_that_programs_are_told_as_well(lived: None, clients: dict[str, Client]) -> None:
    assert "not told yet" in main(clients["marketing"].get("/quality/sources?period=all")).text
    assert stated(clients["marketing"]).status_code == 302
    update.update()
    rows = main(clients["marketing"].get("/quality/sources?period=all")).one("", "sources")
    organic = next(row for row in rows.one("tbody").all("tr") if row.one("th").text == "organic")
    spent, *each = [cell.text for cell in list(organic.all("td"))[3:]]
    assert spent == "100\xa0EUR"
    assert each[0].startswith("33.33\xa0EUR")
    assert each[1].startswith("50\xa0EUR")
    whole = clients["viewer"].get("/api/measures/cost_per_mql").json()["measure"]["figure"]
    assert whole["value"] == pytest.approx(10_000 / 3)
    assert clients["viewer"].get("/api/spend").json() == [
        {"day": "2026-11-23", "source": "organic", "campaign": "", "amount": "100"}
    ]
    assert "lines of spend" not in main(clients["rep"].get("/scoreboard/cost_per_mql?period=all")).text


def test_what_is_stated_again_counts_once_and_nothing_takes_it_back(lived: None, clients: dict[str, Client]) -> None:
    generation = [boards.snapshot()[0].generation]
    for amount, kept in (("100", 1), ("100", 1), ("250.50", 2), ("0", 3)):
        assert stated(clients["marketing"], amount=amount).status_code == 302
        assert Spend.objects.count() == kept
        update.update()
        generation.append(boards.snapshot()[0].generation)
    assert [after - before for before, after in pairwise(generation)] == [1, 0, 1, 1]
    assert "Nothing is stated yet" in main(clients["marketing"].get("/quality/spend")).text
    assert Entry.objects.filter(what="scoreboard.spend").count() == 3
    table = boards.snapshot()[2].spend
    assert table is not None
    assert len(table) == 0


def test_a_file_is_taken_in_whole_or_not_at_all(lived: None, clients: dict[str, Client]) -> None:
    wrong = sent(clients["marketing"], HEAD + "2026-11-23,organic,,1\n2026-13-01,paid,,2\n2026-11-23,paid,,x\n")
    told = main(wrong, 422).text
    assert "Line 3: '2026-13-01' is no day" in told
    assert "Line 4: 'x' is no amount" in told
    assert not Spend.objects.exists()
    assert sent(clients["marketing"], HEAD + "2026-11-23,=cmd,,1\n2026-11-23,paid,x,2.5\n").status_code == 302
    shown = main(clients["marketing"].get("/quality/spend"))
    assert "3.50\xa0EUR altogether" in shown.text
    lines = b"".join(clients["marketing"].get("/quality/spend.csv")).decode().splitlines()
    assert lines == ["day,source,campaign,amount", "2026-11-23,'=cmd,,1.00", "2026-11-23,paid,x,2.50"]


def test_what_is_wrong_stands_at_its_place_and_what_was_typed_stays(lived: None, clients: dict[str, Client]) -> None:
    told = main(stated(clients["marketing"], source="Fairs", amount="much"), 422)
    assert "'much' is no amount" in told.text
    assert 'value="Fairs"' in stated(clients["marketing"], source="Fairs", amount="much").content.decode()
    assert main(stated(clients["marketing"], day=""), 422).text.count("This field is required")
    assert clients["marketing"].post("/quality/spend", {"upload": "1"}).status_code == 422
    assert clients["viewer"].get("/quality/spend").status_code == 403
    assert clients["sales_leader"].post("/quality/spend", LINE).status_code == 403


def test_programs_state_it_by_the_same_rule(lived: None, clients: dict[str, Client]) -> None:
    def put(text: str, part: str = "marketing") -> Any:
        return clients[part].put("/api/spend", HEAD + text, content_type="text/csv")

    assert put("2026-11-23,organic,,5\n").json() == {"lines": 1, "new": 1}
    assert put("2026-11-23,organic,,5\n").json() == {"lines": 1, "new": 0}
    refused = put("2026-11-23,organic,,-5\n")
    assert (refused.status_code, refused.json()["code"], refused.json()["path"]) == (422, "spend_line", "line 2")
    assert put("2026-11-23,organic,,5\n", "sales_leader").status_code == 403


def test_before_a_contract_there_is_no_currency(clients: dict[str, Client]) -> None:
    assert "No contract is in force" in main(clients["marketing"].get("/quality/spend")).text
    assert "No contract is in force" in main(clients["marketing"].post("/quality/spend", LINE)).text
    assert clients["marketing"].put("/api/spend", HEAD, content_type="text/csv").status_code == 409
