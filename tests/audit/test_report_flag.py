from __future__ import annotations

from tests.support.audits import Group, audit_of, cycles

from handfast.audit.report import render_markdown


def test_why_a_flag_differs_from_a_clock_is_said_with_counts() -> None:
    """Thirty answered in time that the flag calls late, five the flag and the clock call late, seven the other way."""
    groups = [
        Group(count=30, accepted=True, stated=0),
        Group(count=7, waited=None, stated=1),
        Group(count=5, waited=None, stated=0),
    ]
    text = render_markdown(audit_of(cycles(groups))).replace("\N{NO-BREAK SPACE}", " ")
    assert "set by targets that the export does not hold" in text
    assert "Of 42 judged by both, 37 differ" in text
    assert "30 the flag calls late and the clock in time, 7 the other way round" in text
