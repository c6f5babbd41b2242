"""A YAML parser's complaint in words that a person who never heard of YAML can act on."""

from __future__ import annotations

import yaml

_WORDS = (
    ("mapping values are not allowed", "a colon stands where no key can be; put the text in quotes, or check the "
     "indentation of this line"),
    ("could not find expected ':'", "a key without a colon; write it as `key: value`"),
    ("did not find expected key", "this line does not fit the mapping around it; check its indentation, and the quotes "
     "and brackets before it"),
    ("expected <block end>", "this line does not fit the mapping around it; check its indentation, and the quotes "
     "and brackets before it"),
    ("did not find expected '-' indicator", "this line does not fit the list around it; each entry begins with `- `"),
    ("expected ',' or ']'", "a list that is not closed: a comma or ] is missing"),
    ("expected ',' or '}'", "a mapping that is not closed: a comma or } is missing"),
    ("unexpected end of stream", "the text ends inside quotes; the closing quote is missing"),
    ("found unexpected document indicator", "the text ends inside quotes; the closing quote is missing"),
    ("block sequence entries are not allowed", "a list entry (`- `) cannot stand here; begin it on a line of its own"),
    ("unknown escape character", "a backslash in double quotes begins an escape; use single quotes, or write two"),
    ("undefined tag handle", "tags (!) are not used in contracts"),
    ("did not find the expected comment or line break", "something follows that does not belong on this line"),
    ("expected <document start>", "something follows that does not belong to the contract above it"),
    ("did not find expected <document start>", "something follows that does not belong to the contract above it"),
)  # fmt: skip


def plain_words(text: str, error: yaml.MarkedYAMLError) -> str:
    """One sentence for a syntax error in ``text``."""
    problem = error.problem or error.context or "it cannot be read"
    for theirs, ours in _WORDS:
        if theirs in problem:
            return ours
    if "cannot start any token" in problem:
        return _stray(text, error)
    return f"this is not YAML here: {problem}"


def _stray(text: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    lines = text.split("\n")
    if mark is None or mark.line >= len(lines) or mark.column >= len(lines[mark.line]):
        return "this is not YAML here"
    character = lines[mark.line][mark.column]
    if character == "\t":
        return "a tab is used for indentation; use spaces"
    return f"text cannot begin with {character}; put it in quotes"
