"""Work that lasts longer than a second shows its step on a terminal; anything else is left alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from handfast.cli import progress
from handfast.cli.app import app
from handfast.cli.progress import steps


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SHOW_AFTER", 0.0)


def terminal() -> tuple[Console, Callable[[], str]]:
    stream = io.StringIO()
    return Console(file=stream, force_terminal=True, width=80, color_system=None), stream.getvalue


@pytest.mark.usefixtures("at_once")
def test_each_step_is_shown_in_its_turn_and_how_far_it_is() -> None:
    console, shown = terminal()
    with steps(enabled=True, console=console) as step:
        advance = step("Reading")
        assert advance is not None
        advance(1, 4)
        step("Judging")
        assert "Reading" in shown()
        assert "Measuring" not in shown()
        step("Measuring")
        assert shown().index("Reading") < shown().index("Judging") < shown().index("Measuring")


def test_what_is_over_within_a_second_shows_nothing() -> None:
    console, shown = terminal()
    with steps(enabled=True, console=console) as step:
        step("Reading")
    assert "Reading" not in shown()


@pytest.mark.usefixtures("at_once")
def test_off_a_terminal_or_when_not_wanted_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for enabled in (True, False):
        with steps(enabled=enabled) as step:
            assert step("Reading") is None
    assert capsys.readouterr() == ("", "")


def test_an_audit_names_every_step_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("leads.csv").write_text(
        "id,created,email,handed to sales\n1,2026-05-04 09:12,a@one.example,2026-05-04 09:30\n"
    )
    named: list[str] = []
    monkeypatch.setattr("handfast.cli.progress._Shown.step", lambda _self, label: named.append(label))
    console, _shown = terminal()
    monkeypatch.setattr("handfast.cli.command.audit.steps", lambda *, enabled: steps(enabled=enabled, console=console))
    arguments = ["audit", "leads.csv", "--report", "a.html", "--report", "b.md", "--records", "c.csv"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert named == ["Reading", "Judging", "Measuring", "Writing a.html", "Writing b.md", "Writing c.csv"]
