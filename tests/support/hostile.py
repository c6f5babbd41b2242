"""Texts to try a reader with: good contracts changed at random, and texts made to cost time and memory.

Everything is made from a seed, so that whatever is found can be found again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.contracts import SMALL

ROOT = Path(__file__).resolve().parents[2]

GOOD = (
    SMALL.encode(),
    (ROOT / "tests" / "golden" / "acme-inbound.yaml").read_bytes(),
    *(path.read_bytes() for path in sorted((ROOT / "examples").glob("*.yaml"))),
)

_TOKEN = re.compile(rb"[^\s\[\]{},:#\"']+")

_NASTY: tuple[bytes, ...] = (
    b"", b"null", b"~", b"true", b"no", b"0", b"-1", b"1e999", b"1e-999", b"9" * 30, b"9" * 5_000, b"-.inf", b".nan",
    b"0x" + b"f" * 40, b"9999-12-31", b"9999-12-31T23:59:59-14:00", b"0000-00-00", b"2027-02-30", b"24:00", b"25:61",
    b"00:00-00:00", b"22:00-06:00",
    b"100000%", b"0%", b"-5%", b"0 days", b"99999999999 business days", b"1 business day",
    b"as first_touch", b"as working", b"*a", b"&a x", b"!!python/object:os.system x", b"<<", b"{}", b"[]", b"[[[]]]",
    b"{a: {b: {c: 1}}}", b"'", b'"', b"\t", b"\x00", b"\xff\xfe", b"\xe2\x80\xae", "\N{PILE OF POO}".encode(),
    b"a" * 3_000,
    b"---", b"...", b"- ", b": ", b"? ", b"# ", b"|", b">", b"@", b"%", b"[" * 60, b"{a: " * 60, b"{all: [" * 25,
    b"fit", b"total", b"band", b"manager", b"default", b"Europe/Berlin", b"Etc/GMT+12",
    b"DE-BE", b"inbound", b"first_touch",
)  # fmt: skip

Change = Callable[[random.Random, bytes], bytes]


def flip(chance: random.Random, text: bytes) -> bytes:
    """One byte becomes another."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + bytes([chance.randrange(256)]) + text[at + 1 :]


def drop(chance: random.Random, text: bytes) -> bytes:
    """A piece is gone."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.randrange(1, 60) :]


def cut(chance: random.Random, text: bytes) -> bytes:
    """The rest is gone."""
    return text[: chance.randrange(len(text) + 1)]


def insert(chance: random.Random, text: bytes) -> bytes:
    """Something stands where nothing stood."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_NASTY) + text[at:]


def replace(chance: random.Random, text: bytes) -> bytes:
    """Something else stands where a word stood."""
    found = chance.choice(list(_TOKEN.finditer(text)) or [None])
    return text if found is None else text[: found.start()] + chance.choice(_NASTY) + text[found.end() :]


def swap(chance: random.Random, text: bytes) -> bytes:
    """Two words change places."""
    words = list(_TOKEN.finditer(text))
    if len(words) < 2:
        return text
    one, two = sorted(chance.sample(words, 2), key=lambda word: word.start())
    return text[: one.start()] + two[0] + text[one.end() : two.start()] + one[0] + text[two.end() :]


def line_twice(chance: random.Random, text: bytes) -> bytes:
    """Some lines are there more than once."""
    lines = text.splitlines(keepends=True) or [b"\n"]
    at = chance.randrange(len(lines))
    many = lines[at : at + chance.randrange(1, 8)]
    return b"".join([*lines[:at], *many * chance.choice((2, 2, 2, 30)), *lines[at + 1 :]])


def line_gone(chance: random.Random, text: bytes) -> bytes:
    """Some lines are missing."""
    lines = text.splitlines(keepends=True) or [b"\n"]
    at = chance.randrange(len(lines))
    return b"".join([*lines[:at], *lines[at + chance.randrange(1, 5) :]])


def indent(chance: random.Random, text: bytes) -> bytes:
    """A line stands further in or out."""
    lines = text.splitlines(keepends=True) or [b"\n"]
    at = chance.randrange(len(lines))
    lines[at] = b" " * chance.randrange(6) + lines[at].lstrip(b" ")
    return b"".join(lines)


def join(chance: random.Random, text: bytes) -> bytes:
    """Another contract follows, or a piece of one."""
    return text + cut(chance, chance.choice(GOOD))


CHANGES: tuple[Change, ...] = (
    flip, drop, cut, insert, insert, replace, replace, replace, swap, swap, line_twice, line_gone, indent, join,
)  # fmt: skip


def mutant(seed: int) -> bytes:
    """A good contract with one to five changes."""
    chance = random.Random(seed)
    text = chance.choice(GOOD)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        text = chance.choice(CHANGES)(chance, text)
    return text


_EXAMPLE = "{name: e@, at: 2027-01-08T14:30:00+00:07, expect: {state: open}}"
_MARKED = "a\u0301" * 1_000
_MANY = 970  # entries of one mapping, just within what is read


def _each(form: str, count: int) -> str:
    return ", ".join(form.replace("@", str(number)) for number in range(count))


def _titled(title: str) -> str:
    return f'{{name: e@, at: 2027-01-08T14:30:00Z, given: {{title: "{title}"}}, expect: {{state: open}}}}'


def _signals(form: str, count: int = _MANY) -> str:
    return f"score: {{fit: {{signals: {{{_each(form, count)}}}}}}}\n"


def _many_deputies() -> str:
    text = SMALL
    for party in ("dana", "omar"):
        address = f"{party}@acme.example"
        text = text.replace(
            address, f"{address}, deputies: [{_each(party + '@', 11_000).replace(',', '@a.example,')}@a.example]"
        )
    return text


def costly() -> Iterator[tuple[str, bytes]]:
    """Texts up to the largest that is read, each made to be dear to one part of a reader."""
    full = 1_000_000
    sections = {
        "a list of a million letters": "lists: {x: [" + "a," * (full // 2) + "]}\n",
        "a list at the limit": f"lists: {{x: [{_each('word@', 23_000)}]}}\n",
        "an operand at the limit": _signals("s: {points: 1, when: {industry: {in: [" + _each("w@", 23_000) + "]}}}", 1),
        "an operand of unknown choices": f"attributes: {{t: {{one_of: [{_each('w@', 499)}]}}}}\n"
        + _signals("s: {points: 1, when: {t: {in: [" + _each("v@", 22_000) + "]}}}", 1),
        "unknown keys": "".join(f"pol{number}: 1\n" for number in range(980)),
        "more keys than are read": "".join(f"k{number}: 1\n" for number in range(60_000)),
        "unknown names": _signals("s@: {when: {industri@: a}, points: 1}"),
        "unknown names among many": f"attributes: {{{_each('attribute_name_@: text', _MANY)}}}\n"
        + _signals("s@: {when: {atribute_name_@x: a}, points: 1}"),
        "unknown lists among many": f"lists: {{{_each('list_name_@: [a]', _MANY)}}}\n"
        + _signals("s@: {when: {industry: {in_list: lst_name_@x}}, points: 1}"),
        "unknown clauses among many": "reasons: {"
        + _each("r@: {verb: reject, kind: definitional, clause: score.fit.signals.x@}", _MANY)
        + "}\n"
        + _signals("y@: {when: {industry: a}, points: 1}"),
        "unknown zones and regions": f"calendars: {{{_each('c@: {zone: Europe/Berlim@, holidays: DE-XX@}', _MANY)}}}\n",
        "unknown calendars": f"pools: {{{_each('p@: {calendar: emea@}', _MANY)}}}\n",
        "names that a mistake hides": "attributes: {a: nmber}\n" + _signals("s@: {when: {industri@: a}, points: 1}"),
        "many clocks' steps": f"clocks: {{decision: {{escalate: [{_each('{at: 5%, to: [owner]}', 3_000)}]}}}}\n",
        "many addressees": f"clocks: {{decision: {{escalate: [{{at: 1%, to: [{_each('ownr@', 22_000)}]}}]}}}}\n",
        "many hours": f'calendars: {{o: {{hours: {{mon: [{_each(chr(34) + "00:00-00:01" + chr(34), 20_000)}]}}}}}}\n',
        "many stages": f"plan: {{stages: [{_each('s@', 22_000)}]}}\n",
        "many examples": f"examples: [{_each(_EXAMPLE, 990)}]\n",
        "words sought in long titles": _signals("s@: {points: 1, when: {title: {has_word: a}}}", 100)
        + f"examples: [{_each(_titled('a' * 2_000), 40)}]\n",
        "words sought in titles with marks": _signals("s@: {points: 1, when: {title: {has_word: a}}}", 100)
        + f"examples: [{_each(_titled(_MARKED), 40)}]\n",
        "a word sought in a title of a million letters": _signals("s@: {points: 1, when: {title: {has_word: a}}}", 100)
        + f"examples: [{_each(_titled('a' * full), 1)}]\n",
        "many words sought in many titles": _signals("s@: {points: 1, when: {title: {has_word: a @}}}")
        + f"examples: [{_each(_titled('a' * 500), 970)}]\n",
        "words in one test": _signals("s: {points: 1, when: {title: {has_any_word: [" + _each("b@", 9_000) + "]}}}", 1)
        + f"examples: [{_each(_titled('a b ' * 20), 900)}]\n",
        "many signals and many examples": _signals("s@: {points: 1, when: {employees: @}}")
        + f"examples: [{_each(_EXAMPLE.replace('+00:07', 'Z'), 970)}]\n",
        "a long history": f"score: {{behaviour: {{signals: {{{_each('b@: {on: page_viewed, points: 1}', 20)}}}}}}}\n"
        "examples: [{name: e, at: 2027-02-08T14:30:00Z, expect: {state: open}, did: ["
        + ", ".join(f'{{on: page_viewed, at: "2027-01-08T14:{at // 60:02}:{at % 60:02}Z"}}' for at in range(3_000))
        + "]}]\n",
        "many sources of two": f"attribution: {{sales_sources: [{_each('s@', 11_000)}], "
        f"partner_sources: [{_each('p@', 11_000)}]}}\n",
        "a long word": f"zone: {'a' * full}\n",
        "a long escaped word": 'zone: "' + "\\x41" * (full // 4) + '"\n',
        "a long key": f"{'a' * full}: 1\n",
        "a long number": f"revenue: {{target: {'9' * full}, period: 2027}}\n",
        "a long duration": f"clocks: {{decision: {{within: {'9' * full} days}}}}\n",
        "a long address": f"clocks: {{decision: {{escalate: [{{at: 1%, to: [a@{'a-' * 400_000}.example]}}]}}}}\n",
        "a folded text": "zone: >\n" + "  b\n" * (full // 4),
        "a text of many lines": "zone: a\n" + "  b\n" * (full // 4),
        "deep lists": "x: " + "[" * full,
        "deep mappings": "x: " + "{a: " * (full // 4),
        "deep entries": "x:\n" + "- " * (full // 2),
        "deep keys": "? " * (full // 2),
        "deep conditions": _signals("s: {points: 1, when: " + "{all: [" * 15 + "{country: DE}" + "]}" * 15 + "}", 1),
        "anchors": "x: [" + "&a b, " * 20_000 + "]\n",
        "aliases": "".join(f"l{number}: &a{number} [*a{number - 1}, *a{number - 1}]\n" for number in range(1, 900)),
        "a comment": "#" + "x" * full,
        "blank lines": "\n" * full,
        "blanks": "a: " + " " * full + "b",
    }  # fmt: skip
    for name, section in sections.items():
        yield name, (SMALL + section).encode()
    yield "many deputies", _many_deputies().encode()
    alone = {"colons": ":", "commas": "[,", "tabs": "\t", "quotes": '"', "tags": "!a ", "anchors alone": "&a ",
             "returns": "\r", "next lines": "\x85", "faces": "\U0001f600", "zeros": "\0"}  # fmt: skip
    for name, piece in alone.items():
        yield name, (piece * (full // len(piece.encode()))).encode()
    yield "no text at all", b"\xff" * full
