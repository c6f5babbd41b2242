"""Every `console` block of the README and the docs is typed and must print what the page says it prints.

`$ ` starts what is typed, `> ` goes on with it; the lines after it are what comes out; `…` stands for anything.
Blocks of a page run in order in one empty folder, so a page is walked as a reader would. A block that follows the
comment `<!-- file: NAME -->` is written to that file instead.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Typed:
    command: str
    expected: str


def steps(page: Path) -> list[Typed | tuple[str, str]]:
    found: list[Typed | tuple[str, str]] = []
    for match in FENCE.finditer(page.read_text(encoding="utf-8")):
        if match["file"]:
            found.append((match["file"], match["body"]))
        elif match["kind"] == "console":
            found.extend(typed(match["body"]))
    return found


def typed(body: str) -> list[Typed]:
    commands: list[Typed] = []
    for chunk in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, expected = chunk.partition("\n")
        while expected.startswith("> "):  # the shell asks for more
            more, _, expected = expected.removeprefix("> ").partition("\n")
            command = f"{command}\n{more}"
        commands.append(Typed(command, expected))
    return commands


def as_pattern(expected: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in expected.rstrip().split("…")]
    return re.compile(r"[\s\S]*?".join(parts) + r"\s*")


def with_blocks() -> list[Path]:
    return [page for page in PAGES if any(isinstance(step, Typed) for step in steps(page))]


def test_there_are_pages_to_walk() -> None:
    assert {page.name for page in with_blocks()} >= {"README.md", "tutorial.md"}


@pytest.mark.parametrize("page", with_blocks(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_the_page_says_is_what_happens(page: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for step in steps(page):
        if isinstance(step, tuple):
            (tmp_path / step[0]).write_text(step[1], encoding="utf-8")
            continue
        done = subprocess.run(
            step.command, shell=True, cwd=tmp_path, env=environment, text=True, timeout=120, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        shown = "\n".join(line.rstrip() for line in done.stdout.splitlines())
        assert as_pattern(step.expected).fullmatch(shown), (
            f"$ {step.command}\n{shown}\n--- the page says\n{step.expected}"
        )
