"""Every `console` block of the README and the docs is typed and must print what the page says it prints.

`$ ` starts what is typed, `> ` goes on with it; the lines after it are what comes out; `…` stands for anything but a
traceback. A command ends with 0, unless the last line says otherwise: `[exit code 3]`.
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
SERVICE = ("HANDFAST_", "DATABASE_URL", "DJANGO_")
"""Settings of the service, and so of its tests: a reader has none of them set."""
EXIT_CODE = re.compile(r"^\[exit code (?P<code>\d+)\]\n\Z", re.MULTILINE)


@dataclass(frozen=True)
class Typed:
    command: str
    expected: str
    code: int = 0


def steps(text: str) -> list[Typed | tuple[str, str]]:
    found: list[Typed | tuple[str, str]] = []
    for match in FENCE.finditer(text):
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
        ended = EXIT_CODE.search(expected)
        code = int(ended["code"]) if ended else 0
        commands.append(Typed(command, EXIT_CODE.sub("", expected), code))
    return commands


def as_pattern(expected: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in expected.rstrip().split("…")]
    return re.compile(r"[\s\S]*?".join(parts) + r"\s*")


def with_blocks() -> list[Path]:
    return [page for page in PAGES if any(isinstance(step, Typed) for step in steps(page.read_text(encoding="utf-8")))]


def test_there_are_pages_to_walk() -> None:
    assert {page.name for page in with_blocks()} >= {"README.md", "tutorial.md"}


@pytest.mark.parametrize("page", with_blocks(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_the_page_says_is_what_happens(page: Path, tmp_path: Path) -> None:
    walk(page.read_text(encoding="utf-8"), tmp_path)


def walk(text: str, folder: Path) -> None:
    """Type everything of a page in one folder, and fail at the first thing that is not as the page says."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(SERVICE)},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }
    (folder / "examples").symlink_to(ROOT / "examples")
    for step in steps(text):
        if isinstance(step, tuple):
            (folder / step[0]).write_text(step[1], encoding="utf-8")
            continue
        done = subprocess.run(
            step.command, shell=True, cwd=folder, env=environment, text=True, timeout=120, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        shown = "\n".join(line.rstrip() for line in done.stdout.splitlines())
        assert as_pattern(step.expected).fullmatch(shown), (
            f"$ {step.command}\n{shown}\n--- the page says\n{step.expected}"
        )
        assert "Traceback" not in shown, f"$ {step.command}\n{shown}"
        assert done.returncode == step.code, f"$ {step.command}\n{shown}\nended with {done.returncode}"


@pytest.mark.parametrize(
    "block",
    [
        "$ handfast check nowhere.yaml\n…\n",  # refused, and the page does not say so
        "$ handfast --version\n…\n[exit code 3]\n",  # said to be refused, and is not
        "$ handfast check nowhere.yaml\n…\n[exit code 3]\n",  # refused with another code
        "$ grep -c word empty.txt\n…\n",  # nothing was found
        "$ python -c 'raise ValueError' || true\n…\n",  # a traceback that ends well
        "$ echo one\ntwo\n",
    ],
)
def test_a_page_that_is_wrong_is_found_out(block: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        walk(f"<!-- file: empty.txt -->\n```text\n```\n```console\n{block}```\n", tmp_path)


def test_a_page_that_is_right_is_let_pass(tmp_path: Path) -> None:
    walk("```console\n$ handfast check nowhere.yaml\n…No such file…\n[exit code 1]\n$ echo one\none\n```\n", tmp_path)
