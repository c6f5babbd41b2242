"""Sentences of the core in German: which there are is read from the core's own code, and each stands in a table."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest
from django.test import Client
from django.utils.translation import override
from tests.server.pages.test_inbox import Leads, form_of, given, state
from tests.support.page import parsed
from tests.support.service import Hands

from handfast.audit.roles import ROLES
from handfast.contract.schema import json_schema
from handfast.measure.scoreboard import entries
from handfast_server.accounts.models import User
from handfast_server.delivery.events import EVENTS
from handfast_server.invariants.rules import RULES
from handfast_server.pages.core_words import in_words, known

SRC = Path(__file__).resolve().parents[3] / "src"

SAID: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "Declined": (1, ("handfast/engine",)),
    "SignatureRefused": (0, ("handfast/contract",)),
    "Refused": (
        1,
        tuple(f"handfast_server/{room}" for room in ("handoffs", "contracts", "scoreboard", "accounts")),
    ),
}
"""Where refusals are made, and which argument is the sentence."""

ELSEWHERE = {
    "message": "the refusals of a pause, which `paused` names one by one",
    "words": "the refusals of an appointment, which `appoint` names one by one",
    "refusal.message": "the core's own",
    "str(refused)": "the core's own",
    "own_word_refused(asked.by)": "in the table as the core has it, and as the service has it",
    "_taken(found, number, signed.sealed.digest)": "three sentences, tried below",
}


def _texts(node: ast.expr) -> Iterator[str]:
    """What a sentence can be, with a word of its own for every value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        made = ""
        for part in node.values:
            made += str(part.value) if isinstance(part, ast.Constant) else re.sub(r"\W", "", ast.unparse(part))
        yield made
    elif isinstance(node, ast.BinOp):
        yield from (left + right for left in _texts(node.left) for right in _texts(node.right))
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    else:
        yield f"?{ast.unparse(node)}"


def _refusals(name: str, place: int, folder: str) -> Iterator[str]:
    for path in sorted((SRC / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(node, ast.Call) and isinstance(called, ast.Name) and called.id == name:
                yield from _texts(node.args[place])


def _named_one_by_one(path: str) -> Iterator[str]:
    """The sentences of a table of refusals: keys, or the last of each value."""
    for node in ast.walk(ast.parse((SRC / path).read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Dict)
            and ast.unparse(node.targets[0]) == "refusals"
        ):
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                yield from _texts(value.elts[-1] if isinstance(value, ast.Tuple) else key or value)


def test_every_refusal_that_people_read_stands_in_a_table() -> None:
    found = {text for name, (at, folders) in SAID.items() for each in folders for text in _refusals(name, at, each)}
    assert len(found) > 60
    found |= {*_named_one_by_one("handfast/engine/on/clock.py"), *_named_one_by_one("handfast/contract/sign.py")}
    of_elsewhere = {text[1:] for text in found if text.startswith("?")}
    assert of_elsewhere == set(ELSEWHERE)
    assert sorted(text for text in found if not text.startswith("?") and not known(text)) == []


OF_CONTRACTS = (
    *(
        f"handfast/contract/{part}"
        for part in ("check", "document", "resolve", "text", "hours.py", "load.py", "phrase.py")
    ),
    "handfast/condition",
    "handfast/example",
)
NO_PROBLEMS = {"handing.py", "judging.py", "owed.py", "whole.py"}
"""Under ``document`` these describe what keys are for."""

STILL_ENGLISH = {
    "shownstrreviewheld is not name.",
    "shownword is not what.",
    "whatvalue is not wanted.",
}
"""Put together from parts that have no form of their own: patterns of phrases."""


def _sentences(path: Path) -> Iterator[str]:
    """Every text of a module that is a whole sentence, and no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            passed |= {id(part) for part in ast.walk(node) if part is not node}
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "worded":  # it remembers how it was made
            passed |= {id(part) for part in node.args}
    for node in ast.walk(tree):
        added = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
        if id(node) not in passed and (added or isinstance(node, ast.Constant | ast.JoinedStr)):
            yield from (
                text for text in _texts(cast("ast.expr", node)) if re.match(r"\S[^?].{8,}\.$", text) and " " in text
            )


def test_problems_of_the_editor_that_have_no_german_are_named() -> None:
    found: set[str] = set()
    for place in OF_CONTRACTS:
        here = SRC / place
        for path in [here] if here.suffix else sorted(here.rglob("*.py")):
            if not (path.parent.name == "document" and path.name in NO_PROBLEMS):
                found |= set(_sentences(path))
    assert len(found) > 150
    assert sorted(text for text in found if not known(text)) == sorted(STILL_ENGLISH)


def _helps(schema: object) -> Iterator[str]:
    """What the editor says of keys."""
    if isinstance(schema, list):
        yield from (text for each in schema for text in _helps(each))
    elif isinstance(schema, dict):
        yield from (text for name, text in schema.items() if name == "description" and isinstance(text, str))
        yield from (text for each in schema.values() for text in _helps(each))


def test_what_measures_roles_and_events_say_of_themselves_stands_in_a_table() -> None:
    asked = [entry.definition for entry in entries()]
    said = {text for each in asked for text in (each.formula, each.records)}
    said |= {role.title for roles in ROLES.values() for role in roles.values()}
    said |= {kind.says for kind in EVENTS.values()} | {rule.says for rule in RULES} | set(_helps(json_schema()))
    assert len(said) > 400
    assert sorted(text for text in said if not known(text)) == []


TOLD = {
    "sam cannot decide this: L-1 belongs to lena. Ask them, or have it reassigned.": (
        "sam kann das nicht entscheiden: L-1 gehört lena. Fragen Sie dort, oder lassen Sie neu zuweisen."
    ),
    "The reason silent needs 6 attempts spanning 10 business days; there are 2. Try again, or give another reason.": (
        "Der Grund silent braucht 6 Versuche über 10 Arbeitstage; es gibt 2. Versuchen Sie es noch einmal, oder "
        "geben Sie einen anderen Grund an."
    ),
    "The cycle of L-1 is sql, and rejected is not possible then: it is while a cycle is waiting or contested.": (
        "Der Vorgang von L-1 steht auf „Vom Vertrieb qualifiziert“; „Abgelehnt“ geht nur, solange er auf „Wartet oder "
        "Strittig“ steht."
    ),
    "bob manages no pool, and this is a manager's to decide. Ask an admin.": (
        "bob leitet keinen Pool, und das entscheidet eine Leitung. Fragen Sie die Administration."
    ),
    "Version 2 is signed already.": "Version 2 ist schon unterschrieben.",
    "Held at the most allowed": "Auf das Höchste begrenzt, das gilt",
    "bad_timing is a reason to either, not to return. To return there are: misrouted.": (
        "bad_timing ist ein Grund für „ablehnen oder disqualifizieren“, nicht für „zurückgeben“. Für „zurückgeben“ "
        "gibt es: misrouted."
    ),
    "A list is needed here, not nothing.": "Hier ist eine Liste nötig, nicht nichts.",
    "A mapping cannot stand here.": "Eine Zuordnung kann hier nicht stehen.",
    "2 hours is more than ten years.": "2 hours ist mehr als zehn Jahre.",
    "declined for the reason ÷ delivered, for each source": "aus dem Grund abgelehnt ÷ übergeben, je Quelle",
    "reached won ÷ entered MQL, within the cycle, whatever was skipped between": (
        "Gewinn erreicht ÷ in MQL eingetreten, im selben Vorgang, was auch dazwischen übersprungen wurde"
    ),
    "Seal 3 of the audit log is over 5 entries; 4 are there.": "Siegel 3 des Protokolls umfasst 5 Einträge; 4 sind da.",
    "Broken: Whatever ended a handoff stopped its clocks. 2 rows: a b": (
        "Gebrochen: Was eine Übergabe beendete, hielt ihre Uhren an. 2 Zeilen: a b"
    ),
    "1,234 excused breaches are left out.": "1.234 entschuldigte Brüche bleiben außer Betracht.",
    "Something that nobody knows.": "Something that nobody knows.",
}


@pytest.mark.parametrize(("said", "german"), TOLD.items(), ids=range(len(TOLD)))
def test_a_sentence_is_said_with_its_values(said: str, german: str) -> None:
    assert in_words(said) == said
    with override("de"):
        assert in_words(said) == german


@pytest.mark.django_db
def test_a_rep_who_reads_german_is_refused_in_german(
    clock: Hands, lead: Leads, people: dict[str, User], clients: dict[str, Client]
) -> None:
    mine = given(lead())
    User.objects.filter(rep="lena").update(language="de")
    page = parsed(clients["rep"].get("/inbox").content.decode())
    form = form_of(next(page.all("article", "lead")), "decline") | {"reject": "bad_timing"}
    answer = clients["rep"].post(f"/inbox/{mine}/decline", form)
    wrong = [each.text for each in parsed(answer.content.decode()).all("p", "late")]
    assert any("braucht eine Wiedervorlage" in each for each in wrong), wrong
    assert state(mine) == "waiting"


@pytest.mark.django_db
def test_what_the_editor_says_while_one_types_is_german(clients: dict[str, Client], people: dict[str, User]) -> None:
    assert "Who signs." in set(_helps(clients["admin"].get("/contract/words").json()))
    User.objects.update(language="de")
    said = set(_helps(clients["admin"].get("/contract/words").json()))
    assert "Wer unterschreibt." in said
    assert said.isdisjoint(_helps(json_schema()))
