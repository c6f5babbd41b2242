from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import numpy as np
import pytest
from tests.support.audits import (
    NOW,
    Group,
    agreement_of,
    audit_of,
    calendars,
    coded,
    contract,
    cycles,
    export_of,
    lively,
    measured,
)
from tests.support.page import Node, parsed

from handfast.audit.audit import Audit
from handfast.audit.export import Guess
from handfast.audit.report import render_html, render_json, render_markdown
from handfast.audit.report.card import Place, card
from handfast.contract.terms import Duration, DurationUnit
from handfast.instant import DAY, HOUR, MINUTE, NEVER
from handfast.measure import board
from handfast.measure.period import period_named
from handfast.measure.value import Rows, Unit, rows


def page(audit: Audit) -> Node:
    return parsed(render_html(audit))


@pytest.fixture(scope="module")
def full() -> Audit:
    return audit_of(lively(count=4_100), agreement=agreement_of(690, 410, 120, 2_880))


def test_a_typical_report_is_small_enough_to_forward(full: Audit) -> None:
    assert len(render_html(full).encode()) < 300_000


def test_the_page_allows_only_its_own_style_and_script(full: Audit) -> None:
    text = render_html(full)
    (policy,) = [one.attributes for one in parsed(text).all("meta") if "http-equiv" in one.attributes]
    rules = dict(part.strip().split(" ", 1) for part in policy["content"].split(";"))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        (inline,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_the_page_names_no_address_and_carries_no_style_or_handler_in_an_attribute(full: Audit) -> None:
    text = render_html(full)
    assert re.findall(r"(?:https?:)?//[a-z]", re.sub(r"// .*", "", text)) == []
    for node in parsed(text).all():
        assert "style" not in node.attributes
        assert not any(name.startswith("on") for name in node.attributes)
        assert node.attributes.get("href", "#").startswith("#")
        assert "src" not in node.attributes


def test_every_link_of_the_contents_leads_somewhere(full: Audit) -> None:
    root = page(full)
    ids = [node.attributes["id"] for node in root.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    links = [node.attributes["href"].removeprefix("#") for node in root.all("a")]
    assert set(links) <= set(ids)
    assert len(links) == 1 + len(list(root.all("section")))  # the way past the head, and every section
    assert {"funnel", "plan", "measures"} <= set(links)


HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "{{7*7}} {% raw %} ${7*7}",
    "javascript:alert(1)//" + "A" * 300,
    '=HYPERLINK("evil")|a|b\n# heading',
)


@pytest.fixture(scope="module")
def hostile() -> Audit:
    """Whatever an export can name is hostile: leads, sources, owners, reasons, files, headers."""
    columns = lively(
        3, 1_500, sources=HOSTILE, owners=("<b>Lena</b>", "Robert'); --", "\u202e62 evil\u202c", "ü" * 120)
    )
    columns.key = [f"<i>{key}</i>`|`" for key in columns.key]
    columns.reason = replace(columns.reason, words=tuple(f"<u>{word}" for word in columns.reason.words))
    export = export_of(len(columns))
    file = export.files[0]
    file.name, file.recognised_as, file.encoding = "<script>1</script>.csv", "<em>", "<code>"
    file.columns = {"<a href=//evil.example>": "<role>"}
    file.unused = ["<svg/onload=alert(1)>", "\u202e62 unused\u202c"]
    export.refused_path = "/home/somebody/secret/<refused>.csv"
    terms = replace(contract(), name="<title>acme</title>", currency="<b>")
    return audit_of(
        columns,
        terms,
        export=export,
        assumed=("<form action=//evil.example>", "\u202e62 assumed\x00"),
        reasons_raw=("<q>",),
    )


def test_hostile_names_are_text(hostile: Audit) -> None:
    root = page(hostile)
    assert len(list(root.all("script"))) == 1
    assert not {"img", "b>", "i", "u", "em", "form", "q", "role"} & {
        node.tag for node in root.all() if not node.attributes and node.tag not in {"b", "i"}
    }
    text = root.text
    for name in (
        "<script>document.title='owned'</script>",
        "<b>Lena</b>",
        "<form action=//evil.example>",
        "<svg/onload",
    ):
        assert name in text


def test_hostile_names_cannot_turn_a_number_around(hostile: Audit) -> None:
    for text in (render_html(hostile), render_markdown(hostile)):
        assert not set(text) & set("\u202e\u202c\x00")


def test_hostile_names_stay_text_in_markdown(hostile: Audit) -> None:
    written = render_markdown(hostile)
    assert not re.findall(r"(?<!\\)<(?!/?$)[a-z]", written)
    assert "\n# heading" not in written
    for line in written.split("\n"):
        if line.startswith("|"):
            assert line.endswith("|")
    assert "[" not in re.sub(r"\\\[", "", written)


def test_the_folders_of_whoever_made_the_report_are_not_forwarded(hostile: Audit) -> None:
    assert "somebody" not in render_html(hostile)
    assert "somebody" not in render_markdown(hostile)


def test_the_data_carry_names_exactly(hostile: Audit) -> None:
    (delivered,) = [one for one in render_json(hostile)["measures"] if one["name"] == "delivered"]
    assert {part["word"] for part in delivered["splits"]["source"]} == set(HOSTILE)


def test_an_export_without_a_delivered_lead_says_so() -> None:
    root = page(audit_of(cycles([])))
    assert root.one("h1").text == "This export does not show the handoff of acme-demo"
    assert "Nothing can be said" in root.by_id("findings").text
    assert [node.attributes["id"] for node in root.all("section")] == ["findings", "measures", "judged", "basis"]
    assert "more measures there is not one case to count" in root.by_id("measures").text


def test_an_export_without_a_leak_says_so() -> None:
    terms = replace(contract(), marketing=replace(contract().marketing, mql=None))
    root = page(audit_of(cycles([Group(count=50, accepted=True)]), terms))
    assert root.one("h1").text == "The handoff of acme-demo, as far as this export shows it"
    assert "Nothing that this export shows clearly falls short" in root.by_id("findings").text


def test_an_export_with_one_says_where(full: Audit) -> None:
    root = page(full)
    assert root.one("h1").text == "Where the handoff of acme-demo leaks"
    assert root.one("p", "summary").text.startswith("1,1")
    assert "were touched" in root.one("p", "summary").text


def test_the_head_names_contract_digest_and_instant(full: Audit) -> None:
    assert page(full).one("p", "about").text == (
        "Contract acme-demo, version 1digest 9f2c9f2c9f2cas of 2\u00a0November 2026, 09:00\u00a0CET"
    )


def test_few_months_have_no_trend() -> None:
    root = page(audit_of(cycles([Group(count=8)])))
    assert "trend" not in {node.attributes["id"] for node in root.all("section")}


def test_a_share_that_moved_is_the_title_of_the_trend() -> None:
    early, late = Group(count=200, every=DAY, weeks=200), Group(count=90, every=DAY, weeks=90, waited=None)
    late = replace(late, first=early.first + 200 * DAY)
    title = page(audit_of(cycles([early, late]))).by_id("chart-trend").one("figcaption").text
    assert title.startswith("Touched in time fell from 100\u00a0% (Feb\u00a02026–Apr\u00a02026)")


def test_nothing_that_moved_is_said_too(full: Audit) -> None:
    assert "no share moved by more than chance" in page(full).by_id("chart-trend").one("figcaption").text


def test_a_share_without_enough_full_months_is_not_compared() -> None:
    root = page(audit_of(cycles([Group(count=130, every=DAY, weeks=130)])))
    assert "no share moved" in root.by_id("chart-trend").one("figcaption").text


def test_a_curve_of_days_has_an_axis_of_days() -> None:
    columns = cycles([Group(count=100, waited=3 * DAY)])
    columns.date_only = frozenset({"first_touch"})
    labels = [node.text for node in page(audit_of(columns)).by_id("chart-speed").all("text")]
    assert "90 d" in labels
    assert "5 min" not in labels


def test_the_bands_add_up_to_all_leads() -> None:
    waits = (2 * MINUTE, 30 * MINUTE, 2 * HOUR, 9 * HOUR, 3 * DAY)
    groups = [Group(count=10, waited=waited) for waited in waits]
    bands = page(audit_of(cycles([*groups, Group(count=50, waited=None)]))).by_id("chart-bands")
    assert bands.one("figcaption").text == (
        "20\u00a0% of delivered leads were touched within 1 h, 50\u00a0% not at all"
    )
    assert [item.text for item in bands.one("ul", "legend").all("li")] == [
        "within 5 min: 10\u00a0%",
        "5 min to 1 h: 10\u00a0%",
        "1 h to 4 h: 10\u00a0%",
        "4 h to 24 h: 10\u00a0%",
        "later than 24 h: 10\u00a0%",
        "not at all: 50\u00a0%",
    ]
    exactly = [float(cell.attributes["data-v"]) for cell in bands.all("td", "number")]
    assert sum(exactly) == pytest.approx(1)


def test_no_bands_where_nobody_was_watched_that_long() -> None:
    columns = cycles([Group(count=40, waited=None, first=NOW - HOUR, weeks=1)])
    ids = {node.attributes.get("id") for node in page(audit_of(columns)).all("figure")}
    assert "chart-bands" not in ids
    assert "chart-speed" in ids


def test_the_promised_window_is_drawn_on_the_curve(full: Audit) -> None:
    root = page(full).by_id("chart-speed")
    assert [node.text for node in root.all("text", "goal-name")] == ["promised: 4 business hours"]
    assert len(list(root.all("path"))) == 2


def test_a_window_in_business_days_is_not_drawn() -> None:
    within = Duration(DurationUnit.BUSINESS_DAYS, 1, "1 business day")
    clocks = {name: replace(one, within=within, within_hand_raise=within) for name, one in contract().clocks.items()}
    audit = audit_of(cycles([Group(count=50)]), replace(contract(), clocks=clocks))
    assert list(page(audit).by_id("chart-speed").all("text", "goal-name")) == []


def test_fewer_than_half_ever_touched_is_the_title_of_the_curve() -> None:
    audit = audit_of(cycles([Group(count=20), Group(count=80, waited=None)]))
    assert page(audit).by_id("chart-speed").one("figcaption").text.startswith("Fewer than half of the leads")


def test_reasons_show_counts_alone_where_a_source_is_small() -> None:
    groups = [
        Group(count=90, accepted=True),
        Group(count=30, rejected="too_small"),
        Group(count=10, rejected="no_budget", source="tiny"),
        Group(count=5, rejected="-"),
    ]
    table = page(audit_of(cycles(groups))).by_id("table-reasons")
    assert table.one("h3").text.startswith("Too small is the most frequent reason, given for 30 of 45")
    cells = {row.one("th").text: [cell.text for cell in row.all("td")] for row in table.one("tbody").all("tr")}
    assert cells["no_budget 10"] == ["0", "10"]
    assert cells["Too small 30"] == ["24\u00a0% 30", "0"]
    assert "no reason given 5" in cells


def test_reasons_are_said_to_be_missing_where_none_is_given() -> None:
    table = page(audit_of(cycles([Group(count=40, rejected="-")]))).by_id("table-reasons")
    assert table.one("h3").text == "None of 40\u00a0declined leads carries a reason"


def test_the_most_frequent_reason_is_not_placed_where_every_source_is_small() -> None:
    table = page(audit_of(cycles([Group(count=9, rejected="too_small")]))).by_id("table-reasons")
    assert "most of all" not in table.one("h3").text


def test_what_a_wide_heat_table_leaves_out_is_said() -> None:
    groups = [Group(count=40 - place, rejected="too_small", source=f"s{place}") for place in range(10)]
    table = page(audit_of(cycles(groups))).by_id("reasons")
    assert "Not shown: 3\u00a0smaller sources." in table.text  # two of ten, and those without a source


def test_the_narrowest_step_is_the_title_of_the_funnel(full: Audit) -> None:
    assert page(full).by_id("table-funnel").one("h3").text.startswith("The narrowest step is")


def test_a_funnel_of_one_step_or_without_a_loss_has_no_narrowest() -> None:
    chain = replace(contract(), stages=("mql", "won"))
    one = page(audit_of(cycles([Group(count=9, won=True)], {"inquiry": "No dates."}), chain)).by_id("table-funnel")
    assert one.one("h3").text == "9 of 9 went from MQL to won"


def test_a_funnel_steps_over_what_cannot_be_seen() -> None:
    audit = audit_of(cycles([Group(count=9, accepted=True)], {"accepted": "Nothing says who was accepted."}))
    stages = [row.one("th").text for row in page(audit).by_id("table-funnel").one("tbody").all("tr")]
    assert stages == ["Leads", "Delivered (MQL)", "Opportunity"]


def test_words_of_a_stage_of_the_businesss_own_are_kept() -> None:
    chain = replace(contract(), stages=("mql", "appointment"))
    root = page(audit_of(cycles([Group(count=9)]), chain))
    assert "Nothing says when a cycle reached the stage" in root.by_id("unseen").text


def test_hand_offs_are_told_by_the_flag_and_by_the_clock() -> None:
    groups = [Group(count=40, turns=1, stated=1), Group(count=40, turns=3, stated=0, waited=9 * HOUR)]
    columns = cycles(groups)
    columns.stated_reassignments = np.where(columns.turns > 1, 2, 0).astype(np.int32)
    section = page(audit_of(columns)).by_id("handoffs")
    titles = [node.text for node in section.all("h3")]
    assert titles[0].startswith("50\u00a0% of leads changed hands, 40 of 80.")
    assert titles[1].startswith("In time by the source's own flag, by hand-offs counted")
    assert "The source's flag against the first touch clock" in titles


def test_whose_word_a_stage_is_is_told_apart(full: Audit) -> None:
    section = page(full).by_id("judged")
    assert "the export states its MQL stage" in section.text
    agreement = section.by_id("table-agreement")
    rows_of = [[cell.text for cell in row.all("td")] for row in agreement.one("tbody").all("tr")]
    assert rows_of == [["690", "410"], ["120", "2,880"]]
    assert "Too small!" in section.text


def test_what_was_read_otherwise_is_counted() -> None:
    columns = cycles([Group(count=9)])
    some: Rows = rows(np.arange(9) < 4)
    audit = audit_of(
        columns,
        inferred={"accepted": some},
        undated={"rejected": some},
        accepted_by_contact=some,
        held=some,
        reasons={},
    )
    table = page(audit).by_id("table-readings")
    assert [row.one("th").text for row in table.one("tbody").all("tr")] == [
        "accepted",
        "rejected",
        "accepted",
        "held by a disqualifier",
    ]
    assert {cell.text for cell in table.all("td", "number")} == {"4"}


def test_files_mapping_assumptions_and_refused_rows_are_told() -> None:
    export = export_of(9)
    export.files[0].guesses = [Guess("Create Date", "inquiry_at", 0.9, "the header says so")]
    text = page(audit_of(cycles([Group(count=9)]), export=export)).by_id("basis").text
    for told in (
        "HubSpot contacts",
        "utf-8, comma-separated and ISO dates",
        "3\u00a0rows could not be used; each is in contacts.refused.csv with its line and the reason.",
        "Dates without a zone were read in Europe/Berlin",
        "Create Date",
        "the header says so",
        "Not used of contacts.csv: Twitter handle and Fax.",
    ):
        assert told in text


def test_many_unused_columns_are_counted() -> None:
    export = export_of(9)
    export.files[0].unused = [f"Field {place}" for place in range(20)]
    export.files[0].delimiter, export.files[0].date_order, export.refused_path = "", "", ""
    text = page(audit_of(cycles([Group(count=9)]), export=export)).by_id("basis").text
    assert "Field 11 and 8 more" in text
    assert "3\u00a0rows could not be used." in text


def test_an_export_of_nothing_known_has_an_empty_basis() -> None:
    export = export_of(0)
    export.files = []
    root = page(audit_of(cycles([]), export=export, assumed=(), reasons={}))
    assert "basis" not in {node.attributes["id"] for node in root.all("section")}


def test_many_owners_are_counted_not_listed() -> None:
    groups = [Group(count=40 - place, owner=f"rep {place}") for place in range(30)]
    section = page(audit_of(cycles(groups))).by_id("apart")
    assert "5\u00a0smaller rows not shown; the JSON output has them all." in section.text
    assert "Faint figures rest on fewer than 30 records." in section.text


def test_a_table_of_owners_has_the_median_wait() -> None:
    groups = [Group(count=40), Group(count=40, owner="sam", waited=3 * HOUR), Group(count=3, owner="")]
    table = page(audit_of(cycles(groups))).by_id("table-by_owner")
    rows_of = {row.one("th").text: [cell.text for cell in row.all("td")] for row in table.one("tbody").all("tr")}
    assert rows_of["sam"][:2] == ["40", "3\u00a0h"]
    assert rows_of["no owner"][0] == "3"


def test_a_measure_opens_with_formula_clause_and_records(full: Audit) -> None:
    opened = page(full).by_id("measure-follow_up_compliance").one("details")
    facts = {node.one("dt").text: node.one("dd").text for node in opened.one("dl").all("div")}
    assert opened.one("p", "formula").text.startswith("touched at or before due ÷ first touches due")
    assert facts["Clause"] == "clocks.first_touch"
    assert facts["Target"] == "commitments.sales.first_touch"
    assert facts["View"].startswith("cohort")
    assert "more" in facts["Numerator"]
    assert "L-0" in facts["Denominator"]


def test_a_flow_stands_beside_its_cohort(full: Audit) -> None:
    facts = page(full).by_id("measure-mql_to_opportunity").one("dl").text
    assert "without interval" in facts


def test_a_median_that_is_not_reached_is_said_so() -> None:
    text = page(audit_of(cycles([Group(count=20), Group(count=80, waited=None)]))).by_id("measure-speed_to_first_touch")
    assert text.one("data").text == "not reached"
    assert "80 of 100 not yet or never" in text.text


def test_a_target_by_custom_is_said_so() -> None:
    terms = replace(contract(), targets=replace(contract().targets, rates={}))
    audit = audit_of(cycles([Group(count=90, accepted=True), Group(count=30, rejected="too_small")]), terms)
    assert "at least 70\u00a0%, by custom" in page(audit).by_id("measure-acceptance_rate").text


def test_a_target_in_days_is_said_in_days() -> None:
    audit = audit_of(cycles([Group(count=40, accepted=True, opportunity=True, won=True, weeks=20)]))
    assert "at most 60\u00a0days" in page(audit).by_id("measure-cycle_length").text


def test_people_are_counted_beside_leads_where_they_differ() -> None:
    columns = cycles([Group(count=20)])
    columns.lead = np.minimum(columns.lead, 14).astype(np.int32)
    assert "15\u00a0people" in page(audit_of(columns)).by_id("measure-delivered").text


def test_money_has_a_card_only_where_there_is_a_deal() -> None:
    ids = {node.attributes["id"] for node in page(audit_of(cycles([Group(count=20)]))).all("article")}
    assert "measure-won_revenue" not in ids
    with_deals = audit_of(cycles([Group(count=20, accepted=True, opportunity=True, won=True, weeks=10)]))
    assert "EUR\u00a0480,000" in page(with_deals).by_id("measure-won_revenue").text


def test_tables_and_balances_are_no_cards() -> None:
    board = measured(cycles([Group(count=20, rejected="too_small")]))
    place = Place(board.columns, "EUR")
    assert card(board["conservation"], place) is None
    assert card(board["reasons_by_source"], place) is None


def test_the_data_name_the_judgement() -> None:
    columns = cycles([Group(count=9)])
    found = render_json(audit_of(columns, inferred={"accepted": rows(np.arange(9) < 4)}))["judged"]
    assert found["delivered_by"]["by_export"] == 9
    assert found["inferred"]["accepted"]["count"] == 4
    assert found["agreement"] is None


def test_leads_without_a_date_have_no_period() -> None:
    columns = cycles([Group(count=9)])
    columns.undated = {"qualified": np.ones(9, np.bool_)}
    columns.inquiry_at[:], columns.qualified_at[:] = NEVER, NEVER
    assert page(audit_of(columns)).one("p", "summary").text.startswith("9\u00a0leads reached sales in the period")


def test_an_audit_without_a_digest_names_none(full: Audit) -> None:
    assert "digest" not in page(replace(full, digest="")).one("p", "about").text


def test_a_period_is_the_one_asked_for(full: Audit) -> None:
    asked = period_named("2026-Q2", contract())
    quarter = board(full.board.columns, contract(), asked, NOW, calendars=calendars())
    summary = page(replace(full, board=quarter)).one("p", "summary").text
    assert "between 1\u00a0April 2026 and 30\u00a0June 2026" in summary


def test_an_undelivered_lead_has_no_instant() -> None:
    columns = cycles([Group(count=3, delivered=False)])
    assert (columns.qualified_at == NEVER).all()
    assert coded(["a", "", "a"]).codes.tolist() == [0, -1, 0]
    assert Unit.SHARE in Unit
