"""Rosters and absences: who is in which pool, with what weight and caps; who is away; who leaves."""
