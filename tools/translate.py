"""Keeps the German catalogues: what the service says goes in, what it says no more goes out, and the rest is named.

    python -m tools.translate              says what has no German yet, as JSON to fill in
    python -m tools.translate words.json   takes such a file in first

A key is the English text; one with a context is "context|text". The German of a text that has a plural is a list of
two. The order is that of the alphabet, so that two people who add words seldom touch the same lines.
"""

from __future__ import annotations

import fcntl
import json
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from tests.support.said import Said, said_in, worded_in

ROOT = Path(__file__).resolve().parent.parent
SERVICE = ROOT / "src" / "handfast_server"
CATALOGUES = {
    SERVICE / "pages": (SERVICE / "pages", SERVICE / "accounts", SERVICE / "observe", SERVICE / "intake"),
    SERVICE / "delivery": (SERVICE / "delivery",),
}
"""Where a catalogue lies, and whose texts it holds."""

CORE = ROOT / "src" / "handfast"
"""Its English that remembers how it was put together is said by pages."""

Words = dict[str, str | list[str]]


class Plain(Catalog):
    """A catalogue whose head holds what programs read, and no dates: equal words are equal files."""

    mime_headers = [  # noqa: RUF012 # a property there
        ("Language", "de"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
    ]


def main(files: list[str]) -> int:
    """Bring each catalogue up to date; 1 when a text has no German."""
    new: Words = {}
    for file in files:
        new |= json.loads(Path(file).read_text(encoding="utf-8"))
    missing: Words = {}
    with (ROOT / "tools" / "translate.py").open() as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        for home, folders in CATALOGUES.items():
            said = {each for folder in folders for each in said_in(folder)}
            said |= worded_in(CORE) if home.name == "pages" else set()
            missing |= _renew(home / "locale" / "de" / "LC_MESSAGES" / "django.po", said, new)
    if missing:
        sys.stdout.write(json.dumps(missing, ensure_ascii=False, indent=1) + "\n")
    return 1 if missing else 0


def _renew(path: Path, said: set[Said], new: Words) -> Words:
    with path.open(encoding="utf-8") as file:
        old = read_po(file)
    made = Plain(locale="de", charset="utf-8", header_comment=old.header_comment, fuzzy=False)
    missing: Words = {}
    for each in sorted(said, key=lambda each: (each.text, each.context)):
        german = new.get(_key(each), _known(old, each))
        if not german or isinstance(german, list) != bool(each.plural):
            missing[_key(each)] = ["", ""] if each.plural else ""
            continue
        english = (each.text, each.plural) if each.plural else each.text
        made[english] = Message(english, german, context=each.context or None)
    with path.open("wb") as text:
        write_po(text, made, width=0, omit_header=False)
    with path.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, made)
    return missing


def _known(old: Catalog, each: Said) -> str | list[str]:
    found = old.get(each.text, each.context or None)
    german = found.string if found is not None else None
    return german or "" if isinstance(german, str | None) else list(german)


def _key(each: Said) -> str:
    return f"{each.context}|{each.text}" if each.context else each.text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
