"""How commands speak: text for people on the terminal, JSON for programs, refusals on standard error."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import click

from handfast.errors import ContractRefused, ExportRefused, FactsRefused, HandfastError, RatesRefused
from handfast.problem import Problem, Severity

F = TypeVar("F", bound=Callable[..., Any])

_JSON = "handfast.json"


def remember_caller(ctx: click.Context, arguments: Sequence[str]) -> None:
    """Keep whether the caller is a program, before anything of the arguments can be refused."""
    ctx.meta[_JSON] = "--json" in arguments[: arguments.index("--")] if "--" in arguments else "--json" in arguments


def wants_json(ctx: click.Context) -> bool:
    """Whether the command was called with ``--json``."""
    return bool(ctx.meta.get(_JSON))


json_option: Callable[[F], F] = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def read_file(path: Path) -> bytes:
    """The bytes of a file, or of standard input for ``-``; a sentence when it cannot be read."""
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.FileError(str(path), hint=error.strerror or str(error)) from error


def write_file(path: Path, parts: str | Iterable[str]) -> None:
    """Write text, whole or part by part; a sentence when the file cannot be written."""
    try:
        # "replace": a file name of an export may hold bytes that are no text.
        with path.open("w", encoding="utf-8", newline="\n", errors="replace") as file:
            file.writelines([parts] if isinstance(parts, str) else parts)
    except OSError as error:
        raise click.FileError(str(path), hint=error.strerror or str(error)) from error


def _writable(_ctx: click.Context, _param: click.Parameter, value: Path | Sequence[Path] | None) -> Any:
    """Refuse before any work a file whose folder is not there, or may not be written to."""
    for path in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(path, Path):
            if not path.parent.is_dir():
                raise click.BadParameter(f"there is no folder {str(path.parent)!r} to write {path.name!r} into.")
            if not os.access(path if path.exists() else path.parent, os.W_OK):
                raise click.BadParameter(f"{str(path)!r} may not be written.")
    return value


def output_option(*names: str, **settings: Any) -> Callable[[F], F]:
    """An option that names a file to write."""
    return click.option(*names, type=click.Path(dir_okay=False, path_type=Path), callback=_writable, **settings)


def many(number: int, one: str, more: str = "") -> str:
    """``1 lead``, ``1,140 leads``; ``more`` is the plural when it is not ``one`` + s."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"


def width() -> int:
    """Columns to fill: the terminal's, within what reads well."""
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 110))


def print_json(value: object) -> None:
    """Write one JSON document to standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def problem_data(problem: Problem) -> dict[str, object]:
    """One problem as JSON has it."""
    mark = problem.mark
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "path": problem.dotted,
        "file": problem.file,
        "line": mark.line if mark else None,
        "column": mark.column if mark else None,
        "message": problem.message,
        "nearest": problem.nearest or None,
        "allowed": problem.allowed or None,
    }


def refusal_data(refusal: HandfastError) -> dict[str, object]:
    """The one error shape of every command."""
    problems = refusal.problems if isinstance(refusal, ContractRefused | FactsRefused | RatesRefused) else ()
    return {
        "error": {
            "code": refusal.code,
            "message": many(len(problems), "problem") if problems else str(refusal),
            "problems": [problem_data(problem) for problem in problems],
        }
    }


def wrong_use_data(refusal: click.ClickException) -> dict[str, object]:
    """The same shape for what the command line itself refuses: an option, a file, a folder."""
    codes = {click.UsageError: "wrong_use", click.FileError: "file_refused"}
    code = next((code for kind, code in codes.items() if isinstance(refusal, kind)), HandfastError.code)
    return {"error": {"code": code, "message": refusal.format_message(), "problems": []}}


def say_refusal(refusal: HandfastError, *, as_json: bool) -> None:
    """Tell a person on standard error, or a program on standard output."""
    if as_json:
        print_json(refusal_data(refusal))
    elif isinstance(refusal, ContractRefused | FactsRefused | RatesRefused):
        say_problems(refusal.problems)
    elif isinstance(refusal, ExportRefused):
        click.secho("This export cannot be audited.", fg="red", err=True)
        click.echo(str(refusal), err=True)
    else:
        click.secho(str(refusal), fg="red", err=True)


COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def say_problems(problems: Iterable[Problem], text: bytes | None = None) -> None:
    """Every problem with its place; with the text, the line and a caret under the spot."""
    lines = text.decode("utf-8", "replace").splitlines() if text is not None else []
    for problem in problems:
        mark = problem.mark
        place = f"{problem.file}:{mark.line}:{mark.column}" if mark else problem.file
        head = f"{place}: " if place else ""
        kind = click.style(problem.severity.value, fg=COLOURS[problem.severity], bold=True)
        where = f"{problem.dotted}: " if problem.path else ""
        click.echo(f"{head}{kind}: {where}{problem.message}", err=True)
        if mark and mark.line <= len(lines):
            line = lines[mark.line - 1][:160]
            click.echo(f"    {line}\n    {' ' * min(mark.column - 1, 160)}^", err=True)
        if problem.nearest:
            click.echo(f"    Did you mean {problem.nearest}?", err=True)
        if problem.allowed:
            click.echo(f"    Allowed: {problem.allowed}", err=True)
