"""Problems as people see them."""

from __future__ import annotations

from handfast.problem import Mark, Problem, dotted


def test_a_path_is_written_as_clauses_are_cited() -> None:
    assert dotted(("routing", "rules", 2, "when")) == "routing.rules[2].when"
    assert dotted(()) == ""


def test_a_key_that_would_garble_the_line_is_shown_without_what_garbles() -> None:
    problem = Problem(
        code="unknown_key", path=("a\ttrib", "b\x1b[31m", "c\u202e"), message="No.", mark=Mark(97, 1), file="c.yaml"
    )
    assert str(problem) == "c.yaml:97:1: a trib.b\N{REPLACEMENT CHARACTER}[31m.c\N{REPLACEMENT CHARACTER}: No."
