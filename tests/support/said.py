"""Every text of the service that goes through gettext, read from its code and its templates."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

_PLAIN = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2}
"""How many texts each takes first."""
_IN_CONTEXT = {"pgettext"}

_OF_THE_CORE = {
    "worded",
    "series",
    "row",
    "now",
    "members",
    "condition",
    "entry",
    "switch",
    "labelled",
    "titled",
    "of_signal",
    "of_reason",
    "of_side",
    "of_clock",
    "_about",
}
"""What the core calls with templates: every text that stands there is one."""


class Said(NamedTuple):
    """One text. Context and plural are empty where there is none."""

    context: str
    text: str
    plural: str = ""


def said_in(folder: Path) -> set[Said]:
    """Of every module and template under a folder."""
    found: set[Said] = set()
    for path in folder.rglob("*.py"):
        if path.name != "said.py":
            found |= set(_of_code(path.read_text(encoding="utf-8")))
    for path in folder.rglob("templates/**/*"):
        if path.suffix in {".html", ".txt"}:
            found |= set(_of_template(path.read_text(encoding="utf-8")))
    return found


def worded_in(folder: Path) -> set[Said]:
    """The templates of the core's English, of every module under a folder; their context is ``contract``."""
    return {said for path in folder.rglob("*.py") for said in _of_core(path.read_text(encoding="utf-8"))}


def _of_core(source: str) -> Iterator[Said]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if node.func.id in _OF_THE_CORE:
                yield from (Said("contract", text) for text in texts)
            elif node.func.id == "counted" and len(texts) == 2:
                yield Said("contract", *texts)


def _of_code(source: str) -> Iterator[Said]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if node.func.id in _PLAIN and texts:
                yield Said("", *texts[: _PLAIN[node.func.id]])
            elif node.func.id in _IN_CONTEXT and len(texts) == 2:
                yield Said(*texts)


_CALL = re.compile(r"\b(_|gettext|ngettext|pgettext)\(")


def _of_template(source: str) -> Iterator[Said]:
    """Django writes a template as code that calls gettext, amid letters that mean nothing."""
    code = templatize(source)
    for call in _CALL.finditer(code):
        texts = _strings(code[call.end() :])
        if call[1] == "pgettext" and len(texts) > 1:
            yield Said(texts[0], texts[1])
        elif texts:
            yield Said("", *texts[: _PLAIN[call[1]]])


def _strings(code: str) -> list[str]:
    """The strings that begin a list of arguments."""
    found: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.STRING:
                found.append(str(ast.literal_eval(token.string)))
            elif token.string not in {",", ""} and not token.string.isspace():
                break
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    return found
