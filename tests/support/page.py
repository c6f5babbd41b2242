"""A page as a tree, read by the standard parser; an element that is not closed properly is an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}


@dataclass(slots=True)
class Node:
    """An element with its attributes and what is in it."""

    tag: str
    attributes: dict[str, str]
    inside: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text and that of everything in it, with single spaces."""
        parts = (part if isinstance(part, str) else part.text for part in self.inside)
        return " ".join("".join(parts).replace("\u00a0", "\u0001").split()).replace("\u0001", "\u00a0")

    def all(self, tag: str = "", look: str = "") -> Iterator[Node]:
        """Every element in it, in order, of a tag and a class."""
        for part in self.inside:
            if isinstance(part, Node):
                if tag in {"", part.tag} and (not look or look in part.attributes.get("class", "").split()):
                    yield part
                yield from part.all(tag, look)

    def one(self, tag: str = "", look: str = "") -> Node:
        """The first of them. Raises StopIteration when there is none."""
        return next(self.all(tag, look))

    def by_id(self, name: str) -> Node:
        """The element of that id."""
        return next(node for node in self.all() if node.attributes.get("id") == name)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(page: str) -> Node:
    """The tree of a page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root], f"never closed: {[node.tag for node in reader.open[1:]]}"
    return reader.root
