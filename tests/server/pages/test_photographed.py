"""What `make screenshots` photographs: every page that can be looked at, by somebody who may, with a place to go to."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from photo import examples, made
from photo.camera import LOOKS, smaller
from photo.examples import arguments, example
from photo.pages import pages
from photo.readme import LARGEST, PICTURES

from handfast_server.access import PAGES

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]


def test_every_page_that_takes_an_argument_has_an_example_of_it(clients: dict[str, Client]) -> None:
    """What is only posted to needs none: nobody can look at it."""
    missing = []
    for name in PAGES:
        lacking = [argument for argument in arguments(name) if example(name, argument) is None]
        needs = {key for _, keys in get_resolver().reverse_dict.getlist(name)[0][0] for key in keys}
        if lacking and clients["admin"].get(reverse(name, kwargs=dict.fromkeys(needs, "1"))).status_code != 405:
            missing.append((name, lacking))
    assert missing == [], "say in tools/photo/examples.py what stands for these"


def test_every_example_can_be_asked_of_nothing_at_all() -> None:
    assert {type(found()) for found in examples.EXAMPLES.values()} <= {type(None), str}


def test_an_empty_installation_has_every_page_that_takes_no_argument() -> None:
    made.empty()
    listed = list(pages(closed=False, demo=False))
    found = {page.name: page for page in listed}
    assert len(found) == len(listed), "two pages of one name are one picture"
    assert {"inbox", "start", "home", "scoreboard", "team", "contract", "gallery", "account"} <= found.keys()
    assert {"sign-in", "not-there"} <= found.keys()
    assert not [name for name in found if name.startswith("demonstration")]
    assert "inbox_cards" not in found, "a part of a page is no page"
    assert "inbox_accept" not in found
    assert {page.who for page in found.values()} == {"", "revops", "marketing", "sales", "rep"}


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for picture in PICTURES:
        file = ROOT / "docs" / "images" / f"{picture.name}.png"
        assert file.stat().st_size <= LARGEST
        assert f"docs/images/{picture.name}.png" in text
        assert struct.unpack(">II", file.read_bytes()[16:24]) == (picture.width, picture.height)


def test_a_picture_that_is_made_smaller_has_the_same_pixels() -> None:
    pixels = b"".join(b"\0" + bytes(range(90)) for _ in range(20))
    head = struct.pack(">IIBBBBB", 30, 20, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"tEXt", b"Software\0somebody"), (b"IDAT", zlib.compress(pixels, 0)), (b"IEND", b""))
    made_small = smaller(b"\x89PNG\r\n\x1a\n" + b"".join(map(_part, *zip(*parts, strict=True))))
    found = dict(_parts(made_small))
    assert zlib.decompress(found[b"IDAT"]) == pixels
    assert found[b"IHDR"] == head
    assert b"tEXt" not in found
    assert len(LOOKS) == 4


def _part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _parts(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12
