"""Photographs every page in light and dark, on a desk and a telephone: with a year, with nothing, with broken data.

    make screenshots                           everything, into .make/screenshots, with index.html to look through
    make screenshots ARGS="full --only team"   one stage, the pages whose names hold a word
    make screenshots ARGS="--readme"           the pictures of README and docs alone, into docs/images

Ends with 1, naming each page that answered with an error, failed in the console or is wider than its window.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from photo.camera import LOOKS, Camera, Seen
from photo.readme import pictures
from photo.stages import STAGES
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
INTO = ROOT / ".make" / "screenshots"
_START = 120.0


def main() -> int:
    """Photograph; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stages", nargs="*", help=f"of {', '.join(STAGES)}; all when left out")
    parser.add_argument("--only", default="", help="pages whose names hold this")
    parser.add_argument("--readme", action="store_true", help="only the pictures of README and docs")
    asked = parser.parse_args()
    if unknown := set(asked.stages) - set(STAGES):
        parser.error(f"There is no stage {', '.join(sorted(unknown))}.")
    stages = ["full"] if asked.readme else asked.stages or list(STAGES)
    found: dict[str, list[Seen]] = {}
    with _browser() as browser:
        for stage in stages:
            with staged(stage) as (told, base):
                found[stage] = [] if asked.readme else _photographed(browser, stage, told, base, asked.only)
                if stage == "full" and not asked.only:
                    pictures(browser, base, told, ROOT / "docs" / "images")
    if not asked.readme:
        INTO.joinpath("index.html").write_text(_sheet(found), encoding="utf-8")
        print(f"Look through them: {INTO / 'index.html'}")
    return _said(found)


def _photographed(browser: Browser, stage: str, told: dict[str, Any], base: str, only: str) -> list[Seen]:
    camera, found = Camera(browser, base, told["people"]), []
    asked = [page for page in told["pages"] if only in page["name"]]
    for place, page in enumerate(asked, 1):
        _say(f"{stage}: {place} of {len(asked)}, {page['name']}")
        found.append(camera.look(page, partial(_file, stage, page["name"])))
    camera.close()
    _say(f"{stage}: {len(found)} pages\n")
    return found


def _file(stage: str, name: str, look: str) -> Path:
    return INTO / f"{stage}-{look}" / f"{name}.png"


def _say(line: str) -> None:
    """One line that changes, where somebody looks; else only the last of each stage."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\x1b[K{line}")
    elif line.endswith("\n"):
        sys.stdout.write(line)
    sys.stdout.flush()


def _said(found: dict[str, list[Seen]]) -> int:
    wrong = [(stage, seen) for stage, all_seen in found.items() for seen in all_seen if seen.wrong]
    for stage, seen in wrong:
        for what in dict.fromkeys(seen.wrong):
            print(f"{stage}: {seen.name} {what}")
    return 1 if wrong else 0


@contextmanager
def _browser() -> Iterator[Browser]:
    path = os.environ.get("HANDFAST_CHROMIUM") or shutil.which("chromium")
    if not path:
        raise SystemExit("No Chromium found: `make screenshots` finds or installs one.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@contextmanager
def staged(stage: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The service with the data of a stage: what there is, and where it is."""
    with tempfile.TemporaryDirectory(prefix="handfast-photo-") as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        base = f"http://127.0.0.1:{port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HANDFAST_", "DATABASE_URL"))}
        environment = {
            **kept,
            "PYTHONPATH": os.pathsep.join((str(ROOT / "tools"), *filter(None, (kept.get("PYTHONPATH"),)))),
            "HANDFAST_HOME": home,
            "HANDFAST_BASE_URL": base,
            "HANDFAST_LOG_LEVEL": "error",
            "HANDFAST_DEMONSTRATION": "yes",
        }
        _say(f"{stage}: making the data")
        making = [sys.executable, "-m", "photo.stages", stage, home]
        made = subprocess.run(making, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        serving = [sys.executable, "-m", "handfast", "web", "--port", str(port)]
        with subprocess.Popen(serving, env=environment, cwd=home) as server:
            try:
                _wait(f"{base}/healthz", server)
                yield json.loads(made.stdout.splitlines()[-1]), base
            finally:
                server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 # our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("The service did not start; the lines above say why.")


_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Screenshots</title><style>
body { font: 14px system-ui; margin: 1rem }
h2 { margin: 2rem 0 .5rem; border-top: 1px solid #ccc; padding-top: .5rem }
div { display: flex; gap: .5rem; overflow-x: auto; align-items: flex-start }
img { border: 1px solid #ccc; height: 360px; max-width: 480px; object-fit: cover; object-position: top left }
figure { margin: 0 }
figcaption { color: #555 }
.wrong { color: #b3261e }
</style><h1>Every page</h1>
"""


def _sheet(found: dict[str, list[Seen]]) -> str:
    """A page with all of them: a row a page, its stages and looks beside each other."""
    names = list(dict.fromkeys(seen.name for all_seen in found.values() for seen in all_seen))
    rows = [f"<h2 id={name}>{html.escape(name)}</h2><div>{_row(found, name)}</div>" for name in names]
    return _HEAD + "\n".join(rows) + "\n"


def _row(found: dict[str, list[Seen]], name: str) -> str:
    shown = []
    for stage, all_seen in found.items():
        for seen in (each for each in all_seen if each.name == name):
            shown += [f'<p class="wrong">{html.escape(f"{stage}: {what}")}</p>' for what in dict.fromkeys(seen.wrong)]
            for look in (look for look in LOOKS if look in seen.pictures):
                file = f"{stage}-{look}/{name}.png"
                shown.append(
                    f'<figure><a href="{file}"><img loading="lazy" src="{file}" alt=""></a>'
                    f"<figcaption>{stage}, {look}</figcaption></figure>"
                )
    return "".join(shown)


if __name__ == "__main__":
    sys.exit(main())
