"""Finds a sentence in the tables, and says it again with its values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handfast.wording import Worded
from handfast_server.pages.core_words import (
    checking,
    deciding,
    explaining,
    giving,
    helping,
    importing,
    kept,
    measuring,
    reading,
    sealing,
    signing,
    standing,
    telling,
    values,
)
from handfast_server.pages.core_words.made import put_together

_NAME = re.compile(r"%\((\w+)\)s")
_SPOKEN = ("en", None)


class Form(NamedTuple):
    """A sentence with names for its values; ``parts`` recognises it, once it begins and ends as it should."""

    text: str
    begins: str
    ends: str
    parts: re.Pattern[str]


def in_words(said: str) -> str:
    """What the core said, in the reader's language; as it is where that is English, or where no table has it."""
    if get_language() in _SPOKEN:
        return str(said)
    if isinstance(said, Worded):
        return put_together(said)
    return next((_(form.text) % _translated(found.groupdict()) for form, found in _found(said)), said)


def known(said: str) -> bool:
    """Whether a table has a sentence."""
    return next(_found(said), None) is not None


def _found(said: str) -> Iterator[tuple[Form, re.Match[str]]]:
    for form in _forms():
        if said.startswith(form.begins) and said.endswith(form.ends):
            found = form.parts.fullmatch(said)
            if found is not None:
                yield form, found


def _translated(found: Mapping[str, str]) -> dict[str, str]:
    return {name: _WORDS[name](value) if name in _WORDS else value for name, value in found.items()}


_TABLES = (
    checking,
    deciding,
    explaining,
    giving,
    helping,
    importing,
    kept,
    measuring,
    reading,
    sealing,
    signing,
    standing,
    telling,
)


@cache
def _forms() -> tuple[Form, ...]:
    """Every sentence, once a process."""
    texts = [text for table in _TABLES for text in table.SENTENCES]
    return tuple(map(_form, sorted(texts, key=_vague)))


def _form(text: str) -> Form:
    plain = _NAME.sub("\0", text).replace("%%", "%").split("\0")
    return Form(text, plain[0], plain[-1], _parts(text))


def _vague(text: str) -> tuple[int, str]:
    """Sentences that say most themselves come first: a vague one would take their words for its values."""
    return -len(_NAME.sub("", text)), text


_NUMBERS = {"rows": r"\d+"}
"""Values that can only be a number, beside one that is a sentence."""


def _parts(text: str) -> re.Pattern[str]:
    """Each name stands for some text; one that comes twice is the same both times."""
    made, at, seen = "", 0, set[str]()
    for name in _NAME.finditer(text):
        made += re.escape(text[at : name.start()].replace("%%", "%"))
        made += f"(?P={name[1]})" if name[1] in seen else f"(?P<{name[1]}>{_NUMBERS.get(name[1], '.+?')})"
        seen.add(name[1])
        at = name.end()
    return re.compile(made + re.escape(text[at:].replace("%%", "%")), re.DOTALL)


_WORDS: Mapping[str, Callable[[str], str]] = {
    "state": values.states,
    "states": values.states,
    "step": values.step,
    "verb": values.verb,
    "other_verb": values.verb,
    "party": values.party,
    "other_party": values.party,
    "managers": values.managers,
    "span": values.span,
    "clock": values.clock,
    "clocks": values.clocks,
    "standing": values.standing,
    "open": values.open_cycle,
    "why": values.why_kept,
    "what": values.what,
    "size": values.found,
    "draft_state": values.draft_state,
    "source": values.found,
    "count": values.count,
    "all": values.count,
    "split": values.split,
    "stage": values.stage,
    "next_stage": values.stage,
    "outcome": values.stage,
    "weights": in_words,
    "promise": in_words,
    "meaning": in_words,
}
"""Values that are words themselves; whatever else stands in a sentence is a name."""
