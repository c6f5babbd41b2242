"""Every library that the sources import is named in pyproject: none comes along with another by chance."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

_PART = re.compile(r"[-_.]+")


def imported(folder: Path) -> Iterator[tuple[str, str]]:
    """The libraries that the files of a folder import, and one of the files."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and not top.startswith(("handfast", "_typeshed")):
                    yield top, file.relative_to(folder.parent).as_posix()


def named(project: dict[str, Any], *extras: str) -> set[str]:
    """The distributions that a part of the package asks for."""
    asked = [*project["dependencies"], *(each for extra in extras for each in project["optional-dependencies"][extra])]
    return {_PART.sub("-", re.split(r"[\[<>=!~ ;]", each)[0]).lower() for each in asked}


@pytest.mark.parametrize(
    ("package", "extras"), [("handfast", ("fast", "parquet")), ("handfast_server", ("server", "parquet"))]
)
def test_every_library_that_is_imported_is_asked_for(root: Path, package: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked, of = named(project, *extras), packages_distributions()
    found = dict(imported(root / "src" / package))
    assert len(found) > 3
    known = {top: {_PART.sub("-", each).lower() for each in of.get(top, [top])} for top in found}
    assert {top: file for top, file in found.items() if asked.isdisjoint(known[top])} == {}
