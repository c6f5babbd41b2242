"""A YAML parser's complaint in words that a person who never heard of YAML can act on."""

from __future__ import annotations

import yaml

_INDENT = "This line does not fit the mapping around it; check its indentation, and quotes and brackets before it."
_COLON = "A colon stands where no key can be; put the text in quotes, or check the indentation."
_LIST = "This line does not fit the list around it; each entry begins with `- ` in the same column."
_QUOTES = "A quote is opened before this and never closed."
_AFTER = "Something follows here that does not belong to the contract above it; check the indentation."

_WORDS = (
    ("mapping values are not allowed", _COLON),
    ("could not find expected ':'", "A key without a colon; write `key: value`."),
    ("expected ',' or ']'", "A list is not closed before this: a comma or ] is missing."),
    ("expected ',' or '}'", "A mapping is not closed before this: a comma or } is missing."),
    ("'-' indicator", _LIST),
    ("but found '-'", "A list entry (`- `) cannot stand here; check the indentation."),
    ("sequence entries are not allowed", "A list entry (`- `) cannot stand here; begin it on a line of its own."),
    ("expected key", _INDENT),
    ("expected <block end>", _INDENT),
    ("unexpected end of stream", _QUOTES),
    ("unexpected document separator", _QUOTES),
    ("unexpected document indicator", _QUOTES),
    ("unknown escape character", "A backslash in double quotes begins an escape; use single quotes, or write two."),
    ("tag handle", "Tags (!) are not used in contracts; put the text in quotes if the ! is meant."),
    ("<document start>", _AFTER),
)  # fmt: skip


def plain_words(text: str, error: yaml.MarkedYAMLError) -> str:
    """One sentence for a syntax error in ``text``."""
    problem = error.problem or error.context or ""
    for theirs, ours in _WORDS:
        if theirs in problem:
            return ours
    if "cannot start any token" in problem:
        return _stray(text, error)
    return f"This cannot be read as YAML ({problem})." if problem else "This cannot be read as YAML."


def _stray(text: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    if mark is None:
        return "This cannot be read as YAML here; put the text in quotes."
    character = text[mark.index : mark.index + 1]
    if character == "\t":
        return "A tab is used for indentation; use spaces."
    return f"Text cannot begin with {character}; put it in quotes."
