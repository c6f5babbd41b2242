"""The guides of the roles, read as a reader does: each numbered step is done on a page of the service.

A step is sentences of a few fixed phrases. What stands in **bold** is the name of a link, a button or a field as a
screen reader says it; `code` is keys; “quotes” are what is written or seen. After a colon a sentence may say why, in
words that name nothing. A sentence that is none of the phrases fails. ``<!-- as: dana -->`` says whose steps follow.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Locator, Page, expect

PASSWORD = "a good word"  # noqa: S105 # of nobody

_MARK = re.compile(r"^<!-- as: (?P<who>\w+) -->$", re.MULTILINE)
_ITEM = re.compile(r"^\d+\. (?P<text>.+(?:\n   .+)*)", re.MULTILINE)
_SENTENCE = re.compile(r"(?:“[^”]*”|\*\*[^*]+\*\*|`[^`]+`|[^.“”*`])+\.")


class NotUnderstood(ValueError):
    """A sentence of a step is none of the phrases."""


class Step(NamedTuple):
    """Sentences that somebody does one after the other; ``text`` as the guide has it."""

    who: str
    text: str
    sentences: tuple[str, ...]


def steps_of(text: str, first: str) -> list[Step]:
    """The numbered items of a guide, in order; ``first`` is who begins."""
    marks = [(mark.start(), mark["who"]) for mark in _MARK.finditer(text)]
    found = []
    for item in _ITEM.finditer(text):
        said = " ".join(item["text"].split())
        who = next((name for at, name in reversed(marks) if at < item.start()), first)
        found.append(Step(who, said, tuple(_sentences(said))))
    return found


def _sentences(said: str) -> Iterator[str]:
    left = said
    while left:
        sentence = _SENTENCE.match(left)
        if sentence is None:
            raise NotUnderstood(left)
        yield sentence[0]
        left = left[sentence.end() :].strip()


def named(name: str) -> re.Pattern[str]:
    """A name as the page has it: a key may stand behind it, or what is said of a field in brackets."""
    return re.compile(rf"^\s*{re.escape(name)}(?::|\s+(?:[a-z]|\(.*\)))?\s*$", re.DOTALL)


@dataclass(slots=True)
class Walk:
    """Somebody before a page, who does as a guide says. ``timeout``: milliseconds that a step may take."""

    page: Page
    timeout: float = 15_000
    file: Path | None = field(default=None)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(self.timeout)

    def do(self, sentence: str) -> None:
        """Do what one sentence says. Raises NotUnderstood, AssertionError, playwright's errors."""
        phrase, found = understood(sentence)
        phrase(self, {name: value for name, value in found.groupdict().items() if value is not None})

    def within(self, said: dict[str, str]) -> Locator:
        """The page, or the innermost row, card or tile in which a text stands."""
        if "at" not in said:
            return self.page.locator("body")
        return self.page.locator("main").locator("tr, article, li").filter(has_text=said["at"]).last

    def shown(self, found: Locator) -> Locator:
        """The first of them that can be seen."""
        return found.filter(visible=True).first

    def field(self, said: dict[str, str], *roles: str) -> Locator:
        """The field of a name."""
        place, name = self.within(said), named(said["name"])
        found = [place.get_by_role(role, name=name) for role in roles]  # type: ignore[arg-type] # a role is a word
        whole = found[0]
        for each in found[1:]:
            whole = whole.or_(each)
        return self.shown(whole)

    def pressed(self, target: Locator) -> None:
        target.click()
        self.page.wait_for_load_state()


Said = dict[str, str]


def _open(walk: Walk, said: Said) -> None:
    walk.pressed(walk.shown(walk.within(said).get_by_role("link", name=named(said["name"]))))


def _press(walk: Walk, said: Said) -> None:
    place, name = walk.within(said), named(said["name"])
    walk.pressed(walk.shown(place.get_by_role("button", name=name).or_(place.locator("summary", has_text=name))))


def _keys(walk: Walk, said: Said) -> None:
    for key in re.findall(r"`([^`]+)`", said["keys"]):
        walk.page.keyboard.press(key)
    walk.page.wait_for_load_state()


def _choose(walk: Walk, said: Said) -> None:
    walk.field(said, "combobox").select_option(label=said["option"])


def _tick(walk: Walk, said: Said) -> None:
    walk.field(said, "checkbox", "radio").check()


def _fill(walk: Walk, said: Said, text: str) -> None:
    walk.field(said, "textbox", "combobox", "spinbutton", "searchbox").fill(text)


def _write(walk: Walk, said: Said) -> None:
    _fill(walk, said, said["text"])


def _password(walk: Walk, said: Said) -> None:
    _fill(walk, said, PASSWORD)


def _tomorrow(walk: Walk, said: Said) -> None:
    _fill(walk, said, (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).date().isoformat())


def _replace(walk: Walk, said: Said) -> None:
    text = walk.field(said, "textbox").input_value()
    assert text.count(said["old"]) == 1, f"“{said['old']}” stands {text.count(said['old'])} times in {said['name']}"
    _fill(walk, said, text.replace(said["old"], said["new"]))


def _see(walk: Walk, said: Said) -> None:
    if "at" in said:
        expect(walk.within(said)).to_contain_text(said["text"], timeout=walk.timeout)
        return
    seen = walk.page.locator("main").get_by_text(said["text"])
    expect(walk.shown(seen)).to_be_visible(timeout=walk.timeout)


def _download(walk: Walk, said: Said) -> None:
    place, name = walk.within(said), named(said["name"])
    with walk.page.expect_download() as coming:
        walk.shown(place.get_by_role("link", name=name).or_(place.get_by_role("button", name=name))).click()
    walk.file = Path(coming.value.path())
    assert len(walk.file.read_text(encoding="utf-8").splitlines()) > 1, "the file has no line but its head"


def _file_says(walk: Walk, said: Said) -> None:
    assert walk.file is not None, "no file was downloaded"
    assert said["text"] in walk.file.read_text(encoding="utf-8")


_NAME, _AT = r"\*\*(?P<name>[^*]+)\*\*", r"(?: at “(?P<at>[^”]+)”)?"
_WHY = r"(?:: [^“”*`]+)?\."
_TEXT = r"“(?P<text>[^”]+)”"

Phrase = Callable[[Walk, Said], None]

PHRASES: tuple[tuple[re.Pattern[str], Phrase], ...] = tuple(
    (re.compile(pattern + _WHY), phrase)
    for pattern, phrase in (
        (rf"Open {_NAME}{_AT}", _open),
        (rf"Press {_NAME}{_AT}", _press),
        (r"Press (?P<keys>`[^`]+`(?: `[^`]+`)*)", _keys),
        (rf"Choose \*\*(?P<option>[^*]+)\*\* in {_NAME}{_AT}", _choose),
        (rf"Tick {_NAME}{_AT}", _tick),
        (rf"Write {_TEXT} into {_NAME}{_AT}", _write),
        (rf"Write your password into {_NAME}", _password),
        (rf"Write the date of tomorrow into {_NAME}", _tomorrow),
        (rf"Replace “(?P<old>[^”]+)” by “(?P<new>[^”]+)” in {_NAME}", _replace),
        (rf"You see {_TEXT}{_AT}", _see),
        (rf"Download (?:with )?{_NAME}{_AT}", _download),
        (rf"The file says {_TEXT}", _file_says),
    )
)


def understood(sentence: str) -> tuple[Phrase, re.Match[str]]:
    """The phrase that a sentence is. Raises NotUnderstood."""
    for pattern, phrase in PHRASES:
        found = pattern.fullmatch(sentence)
        if found is not None:
            return phrase, found
    raise NotUnderstood(sentence)
