"""Signals with their lifts, and suggestions that become drafts: what the numbers bear, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.support import service
from tests.support.page import Node, parsed
from tests.support.service import Crew, Hands, named

from handfast.contract.load import load
from handfast.facts import Accepted, ContestUpheld, Fact, Reassigned, Rejected
from handfast.instant import HOUR
from handfast_server.contracts.models import Draft
from handfast_server.decide.session import tell_all
from handfast_server.demo import story
from handfast_server.pages.quality.amend import Amended, with_lower_end, with_points, with_requirement
from handfast_server.pages.quality.suggest import what_then
from handfast_server.scoreboard import boards, update

ROOT = Path(__file__).parents[3]
EXAMPLES = ("small-inbound", "acme-inbound", "enterprise-territories")
CLAUSE = "score.fit.signals.right_size"


@pytest.fixture(autouse=True)
def _files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    boards.forget()


def handed(count: int, accepted: int, reason: str, *, source: str, **attributes: Any) -> None:
    """So many leads for Lena, of whom she takes some; she declines the others for a reason."""
    names = [f"{source}-{place}" for place in range(count)]
    service.take_in([fact for name in names for fact in service.came(name, source=source, **attributes)])
    told: list[Fact] = [named(Reassigned, lead=name, by="mia", to="lena") for name in names]
    told += [named(Accepted, lead=name, by="lena") for name in names[:accepted]]
    told += [named(Rejected, lead=name, by="lena", reason=reason) for name in names[accepted:]]
    tell_all(told)


@pytest.fixture
def told_apart(clock: Hands, team: Crew) -> None:
    """Leads of the right size are accepted, those of twenty people are not: too small, says sales."""
    handed(30, 27, "no_budget", source="organic", employees=200)
    handed(20, 4, "too_small", source="webinar", employees=20)
    clock.move(HOUR)
    update.rebuild()


def main(client: Client, address: str = "/quality/signals?period=all", status: int = 200) -> Node:
    return body(client.get(address), status)


def body(answer: Any, status: int = 200) -> Node:
    assert answer.status_code == status, answer.status_code
    text = answer.content.decode()
    return parsed(text[text.index("<main") : text.index("</main>") + 7])


def posted(client: Client, suggestion: str) -> Any:
    return client.post("/quality/signals/draft?period=all", {"suggestion": suggestion})


@pytest.mark.django_db
def test_a_signal_is_set_against_the_leads_without_it(told_apart: None, clients: dict[str, Client]) -> None:
    rows = {row.one("th").text: row for row in main(clients["viewer"]).one("", "worth").one("tbody").all("tr")}
    cells = [cell.text for cell in rows["50 to 1,000 people"].all("td")]
    assert cells[1:3] == ["90.0\xa0%27 of 30", "20.0\xa0%4 of 20"]
    assert "4.50\xa0×" in cells[3]
    assert "More often" in cells[3]
    assert [cell.text for cell in rows["Free mail address"].all("td")][1] == "–"
    link = next(iter(rows["50 to 1,000 people"].all("a", ""))).attributes["href"]
    assert "clause=score.fit.signals.right_size" in link
    records = next(link for link in rows["50 to 1,000 people"].all("a") if link.text == "4 of 20").attributes["href"]
    page = clients["viewer"].get(records.replace("&amp;", "&")).content.decode()
    assert "1 to 20 of 20" in page


@pytest.mark.django_db
def test_what_sales_names_becomes_a_draft_with_the_change_in_its_text(
    told_apart: None, clients: dict[str, Client]
) -> None:
    shown = main(clients["marketing"]).one("", "suggestions").text
    for said in (
        "Hand over only leads with “50 to 1,000 people”",
        "“Too small” stands for 84.2\xa0% of what was declined (16 of 19;",
        "Most of them come from webinar: 16.",
        "4.50\xa0× as often",
        "at most 20, of which sales accepted 4",
    ):
        assert said in shown, said
    answer = posted(clients["marketing"], "require-fit.right_size")
    draft = Draft.objects.get()
    assert answer.headers["Location"] == f"/contract/drafts/{draft.pk}"
    contract = load(draft.text).contract
    assert contract is not None
    assert contract.version == 2
    held = contract.definitions.mql.unless["not_right_size"]
    assert held.except_hand_raise
    assert held.when.holds({"employees": 20})
    assert not held.when.holds({"employees": 200})
    assert not held.when.holds({"employees": None})
    assert "Too small" in draft.note
    assert posted(clients["marketing"], "require-fit.right_size").headers["Location"] == answer.headers["Location"]
    assert Draft.objects.count() == 1


@pytest.mark.django_db
def test_a_source_that_is_declined_more_is_named_without_an_amendment(
    told_apart: None, clients: dict[str, Client]
) -> None:
    shown = main(clients["marketing"]).one("", "suggestions").text
    assert "Look at what comes from webinar" in shown
    assert "Look at what comes from organic" not in shown
    assert "Sales rejects 80.0\xa0% of what comes from webinar and 10.0\xa0% of the rest" in shown
    title = body(clients["marketing"].get("/scoreboard?period=all")).by_id("heat").text
    assert title.endswith("“Too small” stands out for webinar, with 80.0\xa0% against 0.0\xa0% of all others")
    assert body(posted(clients["marketing"], "source-webinar"), 409).text.count("look again") == 1
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_who_may_not_draft_is_offered_none(told_apart: None, clients: dict[str, Client]) -> None:
    assert "Open a draft" not in main(clients["viewer"]).text
    assert posted(clients["viewer"], "require-fit.right_size").status_code == 403
    assert clients["rep"].get("/quality/signals").status_code == 403


@pytest.mark.django_db
def test_few_leads_bear_nothing(clock: Hands, team: Crew, clients: dict[str, Client]) -> None:
    handed(6, 6, "no_budget", source="organic", employees=200)
    handed(4, 0, "too_small", source="webinar", employees=20)
    clock.move(HOUR)
    update.rebuild()
    shown = main(clients["marketing"])
    assert "Too few to say" in shown.text
    assert "Nothing that the numbers of this period bear" in shown.text
    assert posted(clients["marketing"], "require-fit.right_size").status_code == 409
    assert "Nothing to compare yet" in main(clients["marketing"], "/quality/signals?period=2019").text


@pytest.mark.django_db
def test_a_size_that_sales_does_not_take_is_raised_in_the_text(
    clock: Hands, team: Crew, clients: dict[str, Client]
) -> None:
    handed(6, 6, "no_budget", source="organic", employees=400)
    handed(22, 3, "too_small", source="webinar", employees=80)
    tell_all([named(ContestUpheld, lead=f"webinar-{place}", by="dan", note="Looked up") for place in range(3, 22)])
    clock.move(HOUR)
    update.rebuild()
    shown = main(clients["marketing"]).one("", "suggestions").text
    assert "Let “50 to 1,000 people” begin at 250 people instead of 50" in shown
    assert "of the companies of 50 to 249 people (3 of 22;" in shown
    assert posted(clients["marketing"], "raise-fit.right_size").status_code == 302
    contract = load(Draft.objects.get().text).contract
    assert contract is not None
    when = contract.score.fit.signals["right_size"].when
    assert [when.holds({"employees": each}) for each in (249, 250, 1000, 1001)] == [False, True, True, False]


# The text.


def test_a_lower_end_is_found_where_a_number_stands() -> None:
    text = (ROOT / "examples" / "acme-inbound.yaml").read_text(encoding="utf-8")
    changed = some(with_lower_end(text, "right_size", "employees", 250))
    assert "{between: [250, 1000]}" in changed.text
    at_least = text.replace("{employees: {between: [50, 1000]}}", "{employees: {at_least: 50}}")
    assert "{employees: {at_least: 250}}" in some(with_lower_end(at_least, "right_size", "employees", 250)).text
    assert with_lower_end(text, "target_industry", "employees", 250) is None


@pytest.mark.parametrize("name", EXAMPLES)
def test_points_change_where_they_stand_and_nowhere_else(name: str) -> None:
    text = (ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8")
    contract = load(text).contract
    assert contract is not None
    signals = [f"fit.signals.{each}" for each in contract.score.fit.signals]
    signals += [f"behaviour.signals.{each}" for each in contract.score.behaviour.signals]
    for each in signals:
        changed = some(with_points(text, f"score.{each}", 3))
        before, after = text.split("\n"), changed.text.split("\n")
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
        assert {change.path for change in changed.changes} == {f"score.{each}.points"}
    assert with_points(text, "score.fit.signals.nobody", 3) is None
    assert with_points("contract: [", CLAUSE, 3) is None


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_requirement_goes_among_the_disqualifiers(name: str) -> None:
    text = (ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8")
    contract = load(text).contract
    assert contract is not None
    for signal in contract.score.fit.signals:
        changed = some(with_requirement(text, signal))
        assert len(changed.text) > len(text)
        again = load(changed.text).contract
        assert again is not None
        assert again.definitions.mql.unless.keys() - contract.definitions.mql.unless.keys() == {f"not_{signal}"}
        assert with_requirement(changed.text, signal) is None
    assert with_requirement(text, "nobody") is None


def test_braces_and_a_text_without_disqualifiers_are_understood() -> None:
    text = (ROOT / "examples" / "acme-inbound.yaml").read_text(encoding="utf-8")
    begin, end = text.index("    unless:"), text.index("    reference: RevOps")
    for unless in ("", "    unless: {competitor: {when: {email_domain: {in_list: competitors}}}}\n"):
        changed = some(with_requirement(text[:begin] + unless + text[end:], "right_size"))
        assert load(changed.text).contract is not None
    assert with_requirement(text[:begin] + "    unless: {}\n" + text[end:], "right_size") is None


def some(found: Amended | None) -> Amended:
    assert found is not None
    return found


def test_a_source_that_a_signal_reads_already_is_said_to_be() -> None:
    contract = load(story.texts(1000)[2]).contract
    assert contract is not None
    assert "Version 3 reads the source: “Bought from a syndicate”" in what_then(contract, "Content Syndication")
    assert what_then(contract, "Referrals").startswith("No signal of the contract reads this source")
