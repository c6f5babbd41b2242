"""Cycles, assignments, clocks and what was decided about them, as rows."""
