"""A story as a value: data for programs, text for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handfast.history.english.said import Chapter, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The whole explanation. ``chapters`` are the sentences, ``trace`` is what was written while deciding."""

    title: str
    standing: str
    head: dict[str, object]
    chapters: tuple[Chapter, ...]
    trace: tuple[dict[str, object], ...]

    def as_data(self) -> dict[str, object]:
        """As plain data, for JSON: the same tree."""
        chapters = [
            {"topic": each.topic, "title": each.title, "sentences": [said.as_data() for said in each.said]}
            for each in self.chapters
        ]
        return {**self.head, "standing": self.standing, "chapters": chapters, "trace": list(self.trace)}

    def as_text(self, width: int = 100) -> str:
        """As text: a chapter a question, the clause of each sentence in brackets at its end."""
        lines = [self.title, "=" * len(self.title), *_wrapped(self.standing, width, "", "  ")]
        for chapter in self.chapters:
            lines += ["", chapter.title, "-" * len(chapter.title)]
            column = max((len(said.points) for said in chapter.said), default=0)
            for said in chapter.said:
                lines += _shown(said, width, column)
        return "\n".join(lines) + "\n"


def _shown(said: Said, width: int, column: int) -> Iterator[str]:
    points = f"{said.points:>{column}}  " if column else ""
    cited = f"{said.text} [{said.clause}]" if said.clause else said.text
    yield from _wrapped(cited, width, points, " " * len(points) + "  ")
    for part in said.parts:
        yield from _wrapped(part.text, width, "  - ", "    ")


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    whole: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.wrap(shown, width, initial_indent=first, subsequent_indent=rest, **whole)
